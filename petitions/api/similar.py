"""``/api/v1/cases/{code}/similar/``."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from common.api import StaffView, plain_list
from petitions.selectors import case_get_for
from petitions.selectors_similar import Similar, similar_letters


class CaseSimilar(StaffView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, code: str) -> Response:
        """Cases with similar letters that the caller may see and read, with the reasons."""
        access = access_of(request.user)
        found = similar_letters(access, case_get_for(access, code))
        return plain_list([similar_json(one) for one in found])


def similar_json(one: Similar) -> dict[str, Any]:
    return {
        "code": one.case.code,
        "score": one.score,
        "reasons": one.reasons,
        "status": one.case.status,
        "subject": one.case.subject,
    }
