"""For those who keep the portal: letters that could not be sent, and every text with a preview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Access, access_of
from common.errors import InvalidInput, NotVisible
from common.small import age_step, tens
from common.time import now
from common.ui import Crumb, page_href
from notifications import selectors
from notifications.forms import PreviewForm
from notifications.presenters import undelivered_shown
from notifications.previews import SAMPLES, preview
from notifications.services import messages_resend
from notifications.texts import text_versions
from notifications.topics import TOPICS, topic_of

PAGE_SIZE = 50


def _keeper(request: HttpRequest) -> Access:
    access = access_of(request.user)
    if not selectors.may_keep_notices(access):
        raise NotVisible
    return access


@require_GET
@never_cache
def undelivered(request: HttpRequest) -> HttpResponse:
    """Dead letters, newest first, or those that had nowhere to go."""
    no_address = request.GET.get("show") == "no_address"
    access = _keeper(request)
    rows = selectors.undelivered(access, no_address=no_address)
    waiting, oldest = selectors.backlog(access)
    found, after, before = selectors.NEWEST.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    context = {
        "rows": [undelivered_shown(row) for row in found],
        "no_address": no_address,
        "waiting": tens(waiting),
        "waiting_age": age_step(now() - oldest if oldest else None),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "notifications/undelivered.html", context)


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send the chosen ones again; who asked for it is recorded."""
    try:
        count = messages_resend(access=_keeper(request), tokens=request.POST.getlist("message"))
    except InvalidInput as error:
        messages.error(request, str(error.fields["message"][0]))
    else:
        words = ngettext(
            "%(count)s message is sent again within a minute.",
            "%(count)s messages are sent again within a minute.",
            count,
        )
        messages.success(request, words % {"count": count})
    target = reverse("mailroom:undelivered")
    kept = request.POST.get("show") == "no_address"
    return redirect(f"{target}?show=no_address" if kept else target)


@require_GET
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    """Every text the portal sends, by topic, with its versions."""
    _keeper(request)
    known = text_versions()
    topics = [
        {
            "topic": topic,
            "texts": [
                {"name": name, "versions": versions}
                for name, versions in known.items()
                if topic_of(name) == topic
            ],
        }
        for topic in TOPICS
    ]
    return render(request, "notifications/texts.html", {"topics": topics})


@require_GET
@never_cache
def text(request: HttpRequest, template: str) -> HttpResponse:
    """One text with sample values, in a language and on a date, plain and as HTML."""
    _keeper(request)
    versions = text_versions().get(template)
    if versions is None or template not in SAMPLES:
        raise NotVisible
    form = PreviewForm.asked(request.GET)
    crumbs = [Crumb(_("Texts of notices"), reverse("mailroom:texts")), Crumb(template)]
    context = {
        "form": form,
        "template": template,
        "topic": topic_of(template),
        "versions": versions,
        "words": preview(template, **form.choice()),
        "crumbs": crumbs,
    }
    return render(request, "notifications/text.html", context)
