"""``POST /api/v1/uploads/``: one file, sent before the petition that will take it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attachments.models import Attachment
from attachments.services import SIZE_MAX, TooLarge, attachment_store
from common.errors import InvalidInput
from common.net import client_address
from common.ratelimit import limit

# Boundaries and headers of the multipart form around the file, in bytes.
FORM_OVERHEAD = 16 * 1024
FORM = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
        "additionalProperties": False,
    }
}


@method_decorator(login_not_required, name="dispatch")
class UploadList(APIView):
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    parser_classes = [MultiPartParser]

    @extend_schema(request=FORM, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Upload one file of at most 20 MB; its ``id`` goes into ``attachments`` of a petition.

        An upload that no petition takes is removed after eight days.
        """
        limit("upload", client_address(request))
        _size_announced(request)
        file = _only_file(request)
        return Response(upload_json(attachment_store(stream=file, name=file.name or "")), 201)


def upload_json(file: Attachment) -> dict[str, Any]:
    return {
        "id": str(file.public_id),
        "name": file.name,
        "size": file.size,
        "type": file.content_type,
        "state": file.state,
    }


def _size_announced(request: Request) -> None:
    """Refuse a body that is too large before reading it."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced) > SIZE_MAX + FORM_OVERHEAD:
        raise TooLarge


def _only_file(request: Request) -> UploadedFile[Any]:
    try:
        unknown = sorted({*request.data} - {"file"})
    except UnsupportedMediaType:
        raise InvalidInput(fields={"file": [_("Send the file as multipart/form-data.")]}) from None
    if unknown:
        raise InvalidInput(fields={name[:80]: [_("This field is not known.")] for name in unknown})
    files = request.FILES.getlist("file")
    if len(files) != 1:
        raise InvalidInput(fields={"file": [_("Send exactly one file.")]})
    file: UploadedFile[Any] = files[0]
    return file
