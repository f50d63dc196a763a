"""``/api/v1/petitions/``, ``cases/``, ``letters/``, ``fields/``."""

import secrets

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from accounts.roles import Permission
from common.api import Keyset, PublicView, StaffView, json_body, list_answer, plain_list, validated
from common.codes import secret_from_salt
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from communes.selectors import unit_by_code
from petitions import selectors
from petitions.api import shapes
from petitions.api.schemas import LetterInput, PetitionInput, SearchInput, filing_of
from petitions.enums import Flag, Kind
from petitions.filters import filters_clean, ordering_of
from petitions.policies import may_read_letters
from petitions.references import fields_all
from petitions.selectors_people import cases_of_person
from petitions.selectors_public import letter_track
from petitions.services.actions import case_act
from petitions.services.intake import petition_file
from petitions.services.redaction_reading import redaction_read
from petitions.services.sealed import sealed_read
from petitions.timeline import public_case
from petitions.workflow import Status

IDEMPOTENCY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)
SECRET = OpenApiParameter("X-Petition-Secret", str, OpenApiParameter.HEADER, required=True)
OBJECT = {200: OpenApiTypes.OBJECT}
PAGE = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("page_size", int, description="1 to 200, 50 without it."),
]
CASE_FILTERS = [
    OpenApiParameter("status", str, enum=[status.value for status in Status]),
    OpenApiParameter("kind", str, enum=Kind.values),
    OpenApiParameter("flag", str, enum=Flag.values),
    OpenApiParameter("unit", str, description="Code of the unit that has the case."),
    OpenApiParameter("field", str, description="Code of the subject field."),
    OpenApiParameter("assignee", str, description="User name of the handling officer."),
    OpenApiParameter("q", str, description="Code, register number or words of the subject."),
    OpenApiParameter("received_after", OpenApiTypes.DATETIME, description="Moment or date."),
    OpenApiParameter("received_before", OpenApiTypes.DATETIME, description="Moment or date."),
    OpenApiParameter("due_after", OpenApiTypes.DATE, description="From that date on."),
    OpenApiParameter("due_before", OpenApiTypes.DATE, description="Up to the day before."),
    OpenApiParameter("overdue", bool),
    OpenApiParameter("open", bool),
    OpenApiParameter("escalated", bool),
    OpenApiParameter("unassigned", bool),
    OpenApiParameter("approval", bool, description="A proposal or draft waits for the head."),
    OpenApiParameter("citizen_wrote", bool, description="A message waits to be answered."),
    OpenApiParameter("forwarded", bool, description="Waiting to be accepted by the own unit."),
    OpenApiParameter("escalation_level", int),
    OpenApiParameter(
        "ordering",
        str,
        enum=list(selectors.ORDERINGS),
        description="By `due_on`: only dated cases, the default with a filter on limits.",
    ),
    *PAGE,
]
CREATED = {201: OpenApiTypes.OBJECT}


class PetitionList(PublicView):
    @extend_schema(request=PetitionInput, responses=CREATED, parameters=[IDEMPOTENCY])
    def post(self, request: Request) -> Response:
        """File a petition. The secret is shown once; the same Idempotency-Key and body give the
        same answer and one petition."""
        limit("file", client_address(request))
        body = json_body(request)
        filing = filing_of(validated(PetitionInput, body))
        key = request.headers.get("Idempotency-Key")
        if key is None:
            filed = petition_file(filing=filing)
            return Response({**filed.answer, "secret": filed.secret}, status=201)
        answer, salt = once(
            "petition",
            key,
            body,
            lambda salt: petition_file(filing=filing, salt=salt).answer,
        )
        return Response({**answer, "secret": secret_from_salt(salt)}, status=201)


class PetitionDetail(PublicView):
    @extend_schema(responses=OBJECT, parameters=[SECRET])
    def get(self, request: Request, code: str) -> Response:
        """What the petitioner may see. Any wrong code or secret: one and the same 404."""
        limit("track", client_address(request))
        letter = letter_track(code, request.headers.get("X-Petition-Secret", ""))
        if letter is None:
            raise NotVisible
        return Response(public_case(letter))


class FieldList(PublicView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request) -> Response:
        """Subject taxonomy with the official report leaf of each field."""
        return plain_list(
            [
                {
                    "code": f.code,
                    "label_vi": f.label_vi,
                    "label_en": f.label_en,
                    "leaf_complaint": f.leaf_complaint,
                    "leaf_denunciation": f.leaf_denunciation,
                    "leaf_recommendation": f.leaf_recommendation,
                    "basis": f.basis,
                }
                for f in fields_all()
            ]
        )


class CaseList(StaffView):
    @extend_schema(responses=OBJECT, parameters=CASE_FILTERS)
    def get(self, request: Request) -> Response:
        """Cases that the caller may see, filtered."""
        query = request.query_params.dict()
        rows = selectors.case_list_for(access_of(request.user), filters_clean(query))
        ordering = ordering_of(query)
        if ordering.endswith("due_on"):
            rows = rows.filter(due_on__isnull=False)
        return list_answer(
            request,
            rows,
            selectors.ORDERINGS[ordering],
            lambda found: [shapes.case_row(case) for case in found],
        )


class CaseSearch(StaffView):
    @extend_schema(request=SearchInput, responses=OBJECT)
    def post(self, request: Request) -> Response:
        """Cases of a person by whole name or number, 50 at most; never denunciations.
        Personal data go in the body, never in an address."""
        data = validated(SearchInput, json_body(request))
        found = cases_of_person(
            access_of(request.user),
            name=data["name"],
            number=data["identity_number"] or data["phone"],
        )
        return plain_list([shapes.case_row(case) for case in found])


class CaseDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str) -> Response:
        """A case with its letters and clocks. The code of any of its letters opens it."""
        access = access_of(request.user)
        case = selectors.case_get_for(access, code)
        sealed_read(access=access, case=case)
        letters, clocks = selectors.case_letters(case), selectors.case_clocks(case)
        sealed = may_read_letters(access, case)
        copies = redaction_read(access=access, case=case, letters=letters)
        return Response(shapes.case_whole(case, letters, clocks, sealed, copies))


class CaseEvents(StaffView):
    @extend_schema(responses=OBJECT, parameters=PAGE)
    def get(self, request: Request, code: str) -> Response:
        """The history of a case, oldest first; who looked at what is sealed only for whoever
        decides in the unit and for the reader himself. `sequence` counts what is shown."""
        access = access_of(request.user)
        case = selectors.case_get_for(access, code)
        return list_answer(
            request,
            selectors.events_numbered(selectors.case_events(access, case)),
            Keyset("place"),
            lambda found: [shapes.event_json(event) for event in found],
        )


class CaseActions(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str) -> Response:
        """What can be done now, by whom not and why."""
        access = access_of(request.user)
        case = selectors.case_get_for(access, code)
        found = selectors.available_actions(access, case)
        return plain_list([shapes.action_json(item, case, gettext) for item in found])


class CaseAction(StaffView):
    @extend_schema(request=OpenApiTypes.OBJECT, responses=OBJECT)
    def post(self, request: Request, code: str, action: str) -> Response:
        """Do an action with its fields and the ``version`` it was decided on."""
        body = json_body(request)
        if not isinstance(body, dict):
            raise InvalidInput(fields={"body": [gettext("A JSON object is expected.")]})
        version = body.get("version")
        if isinstance(version, bool) or not isinstance(version, int):
            raise InvalidInput(fields={"version": [gettext("A whole number is expected here.")]})
        case = case_act(
            access=access_of(request.user),
            code=code,
            action=action,
            version=version,
            inputs={name: value for name, value in body.items() if name != "version"},
        )
        return Response(shapes.case_row(case))


class LetterList(StaffView):
    @extend_schema(request=LetterInput, responses=CREATED, parameters=[IDEMPOTENCY])
    def post(self, request: Request) -> Response:
        """Register a letter or a visit on somebody's behalf, addressed to the clerk's own unit."""
        access = access_of(request.user)
        body = json_body(request)
        checked = validated(LetterInput, body)
        filing = filing_of(checked)
        unit = unit_by_code(filing.unit)
        if unit is not None and not access.has(Permission.LETTER_REGISTER, unit.pk):
            raise NotPermitted
        options = {
            "channel": checked["channel"],
            "is_signed": checked["is_signed"],
            "by_id": access.user_id,
        }
        answer, salt = once(
            f"letter:{access.user_id}",
            request.headers.get("Idempotency-Key") or secrets.token_hex(16),
            body,
            lambda salt: petition_file(filing=filing, salt=salt, **options).answer,
        )
        return Response({**answer, "secret": secret_from_salt(salt)}, status=201)
