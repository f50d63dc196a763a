"""Officers write to the petitioner or among themselves, and mark messages as read."""

import datetime as dt
import secrets
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Access, access_of
from attachments.views import attachment_response
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.idempotency import once
from common.time import moment_read
from petitions import selectors
from petitions.forms_talk import NoteForm, OfficerMessageForm
from petitions.models import MessageAttachment
from petitions.policies import may_have_original, may_read_letters
from petitions.services.messages import message_send, messages_seen
from petitions.services.sealed import sealed_read
from petitions.staff.views import render_case


@require_POST
@never_cache
def write(request: HttpRequest, code: str) -> HttpResponse:
    """``to``: citizen, note, or seen (read, needs no answer). A text that is refused is shown
    again with the reason; a double click writes once."""
    access, to = access_of(request.user), request.POST.get("to", "")
    if to not in _DONE:
        raise NotVisible
    try:
        _write(access, code, to, request.POST)
    except InvalidInput as error:
        reasons = [str(text) for texts in error.fields.values() for text in texts]
        return _again(request, code, to, reasons)
    messages.success(request, _DONE[to]())
    return redirect("cases:case", code)


def _write(access: Access, code: str, to: str, data: QueryDict) -> None:
    seen = _moment(data.get("seen", ""))
    if to == "seen":
        messages_seen(access=access, code=code, seen_until=seen)
        return
    text, letter = data.get("text", ""), data.get("letter", "")[:20]

    def send(_salt: bytes) -> dict[str, Any]:
        is_internal = to == "note"
        message_send(
            access=access,
            code=code,
            text=text,
            is_internal=is_internal,
            letter="" if is_internal else letter,
            seen_until=seen,
        )
        return {}

    key = data.get("key", "")[:64] or secrets.token_hex(16)
    once(f"talk:{access.user_id}", key, {"to": to, "text": text, "letter": letter}, send)


def _moment(text: str) -> dt.datetime | None:
    """When the page was opened, as it says itself; None for what is no moment with an offset."""
    try:
        return moment_read(text[:40]) if text else None
    except ValueError:
        return None


def _again(request: HttpRequest, code: str, to: str, reasons: list[str]) -> HttpResponse:
    access = access_of(request.user)
    case = selectors.case_get_for(access, code)
    name, kind = _FORMS[to]
    form = kind(request.POST)
    for reason in reasons:
        form.add_error("text", reason)
    return render_case(request, access, case, status=422, forms={name: form})


_FORMS: dict[str, tuple[str, type[NoteForm | OfficerMessageForm]]] = {
    "citizen": ("message_form", OfficerMessageForm),
    "note": ("note_form", NoteForm),
}
_DONE = {
    "citizen": lambda: _("The petitioner can read your message now."),
    "note": lambda: _("The note is kept; only officers read it."),
    "seen": lambda: _("Marked as read."),
}


@require_GET
@never_cache
def message_file(request: HttpRequest, code: str, public_id: str) -> FileResponse:
    """A file that the petitioner sent with a message, for whoever may read the letters."""
    access = access_of(request.user)
    case = selectors.case_get_for(access, code)
    link = (
        MessageAttachment.objects.select_related("attachment")
        .filter(message__case=case, attachment__public_id=public_id)
        .first()
    )
    if link is None:
        raise NotVisible
    refusal = may_read_letters(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    sealed_read(access=access, case=case)
    return attachment_response(link.attachment, is_stripped=not may_have_original(access, case))
