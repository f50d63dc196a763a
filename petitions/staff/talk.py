"""Officers write to the petitioner or among themselves, and mark messages as read."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import access_of
from attachments.views import attachment_response
from common.errors import InvalidInput, NotPermitted, NotVisible
from petitions import selectors
from petitions.models import MessageAttachment
from petitions.policies import may_read_letters
from petitions.services.messages import message_send, messages_seen


@require_POST
@never_cache
def write(request: HttpRequest, code: str) -> HttpResponse:
    """``to``: citizen, note, or seen (read, needs no answer). A text that is refused comes back
    in the message, nothing is lost."""
    access, to = access_of(request.user), request.POST.get("to", "")
    if to not in ("citizen", "note", "seen"):
        raise NotVisible
    try:
        if to == "seen":
            messages_seen(access=access, code=code)
        else:
            text = request.POST.get("text", "")
            message_send(access=access, code=code, text=text, is_internal=to == "note")
    except InvalidInput as error:
        for reason in error.fields.get("text", []):
            messages.error(request, str(reason))
    else:
        messages.success(request, _DONE[to]())
    return redirect("cases:case", code)


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
    return attachment_response(link.attachment)
