"""Papers to one visitor by API: form 01/TCD and the written notice, issued, handed over, void."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from common.api import StaffView, StrictSerializer, json_body, validated
from common.codes import public_id_read
from receptions import selectors
from receptions import selectors_conclusions as found
from receptions.api_day import VISITOR, visitor_step
from receptions.api_staff import reception_access
from receptions.paper_subjects import is_void, visit_notice_issued, visit_notices_voided
from receptions.selectors_papers import papers_voided
from receptions.serializers_day import VersionInput
from receptions.services.numbering import NUMBER_MAX, REASON_MAX
from receptions.services.refusals import refusal_issue, refusal_send, refusal_void
from receptions.services.visit_notices import (
    visit_notice_issue,
    visit_notice_send,
    visit_notice_void,
)


class _Number(StrictSerializer):
    number = serializers.CharField(
        max_length=NUMBER_MAX,
        default="",
        allow_blank=True,
        help_text="Of a paper made elsewhere, where none is issued here.",
    )
    sent_on = serializers.DateField(help_text="Handed over or sent; from the issue to today.")


class RefusalSentInput(VersionInput, _Number):
    """Version of the visitor, date, and the number of a paper made elsewhere."""


class NoticeSentInput(_Number):
    """Date, and the number of a paper made elsewhere."""


class _Reason(StrictSerializer):
    reason = serializers.CharField(
        max_length=REASON_MAX, help_text="Stands in the register: no person, no matter."
    )


class NoticeVoidInput(_Reason):
    number = serializers.CharField(
        max_length=NUMBER_MAX,
        default="",
        allow_blank=True,
        help_text="Of the paper that was looked at; another one in force is a conflict.",
    )


class RefusalVoidInput(VersionInput, _Reason):
    """Version of the visitor, and why the paper is void."""


class VoidPaperOutput(serializers.Serializer[Any]):
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    reason = serializers.CharField()
    sent_on = serializers.DateField(allow_null=True, help_text="Handed over before it was void.")


class WrittenNoticeOutput(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="Of the one in force; empty: none.")
    issued_at = serializers.DateTimeField(
        allow_null=True, help_text="None also of one made elsewhere."
    )
    issued_by = serializers.CharField()
    sent_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField(help_text="Of the record whose words it bears.")
    void = VoidPaperOutput(many=True)


NOTICE = {200: WrittenNoticeOutput}


class RefusalIssuing(StaffView):
    @extend_schema(request=VersionInput, responses=VISITOR)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Give form 01/TCD its number. Only who receives or decides in the unit. 422: `issued`,
        `sent`; 409: `stale`; 400: particulars are missing."""
        return visitor_step(request, session_id, code, VersionInput, refusal_issue)


class RefusalSending(StaffView):
    @extend_schema(request=RefusalSentInput, responses=VISITOR)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Record that form 01/TCD was handed over or sent: the issued one, or one made elsewhere."""
        return visitor_step(request, session_id, code, RefusalSentInput, refusal_send)


class RefusalVoiding(StaffView):
    @extend_schema(request=RefusalVoidInput, responses=VISITOR)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Declare the issued form 01/TCD void, with the reason; another may be issued then. 409:
        none is in force."""
        return visitor_step(request, session_id, code, RefusalVoidInput, refusal_void)


class WrittenNoticeIssuing(StaffView):
    @extend_schema(request=VersionInput, responses=NOTICE)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Give the owed written notice its number. Only who receives or decides in the unit;
        `version` is that of the record. 409: `stale`, or none is owed; 422: `issued`."""
        return _notice(request, session_id, code, VersionInput, visit_notice_issue)


class WrittenNoticeSending(StaffView):
    @extend_schema(request=NoticeSentInput, responses=NOTICE)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Record that the written notice went out: its limit is met. 409: none is owed."""
        return _notice(request, session_id, code, NoticeSentInput, visit_notice_send)


class WrittenNoticeVoiding(StaffView):
    @extend_schema(request=NoticeVoidInput, responses=NOTICE)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Declare the issued written notice void, with the reason; where it was sent and is still
        owed, its limit runs anew from the same day. 409: `stale`, or none is in force."""
        return _notice(request, session_id, code, NoticeVoidInput, visit_notice_void)


def _notice(
    request: Request, session_id: str, code: str, body: type[StrictSerializer], service: Any
) -> Response:
    access = reception_access(request)
    key = public_id_read(session_id)
    service(access=access, session_id=key, code=code, **validated(body, json_body(request)))
    return Response(_json(access, session_id, code))


def _json(access: Access, session_id: str, code: str) -> dict[str, Any]:
    session = selectors.session_get_for(access, public_id_read(session_id))
    visit = found.visit_get(session, code)
    issued, link = visit_notice_issued(visit), found.visit_clock_of(visit)
    sent = issued[0] if issued else link
    if sent is not None and not issued and is_void(sent):
        sent = None
    return {
        "number": sent.paper_number if sent else "",
        "issued_at": issued[1].issued_at.isoformat() if issued else None,
        "issued_by": issued[1].issued_by.full_name if issued and issued[1].issued_by else "",
        "sent_on": sent.sent_on.isoformat() if sent and sent.sent_on else None,
        "version": visit.version,
        "void": [
            {
                "number": row.file.shown_number,
                "issued_at": row.file.issued_at.isoformat(),
                "reason": row.file.void_reason,
                "sent_on": row.sent_on.isoformat() if row.sent_on else None,
            }
            for row in papers_voided(session, visit_notices_voided(visit))
        ],
    }
