"""A person's notices in the portal: the list, the bell's count, how e-mails are wanted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import access_of
from common.errors import InvalidInput
from common.ui import Crumb, page_href
from notifications import selectors
from notifications.forms import SettingsForm
from notifications.presenters import notice_shown
from notifications.services import notice_settings_save, notices_read

PAGE_SIZE = 30


@require_GET
@never_cache
def notice_list(request: HttpRequest) -> HttpResponse:
    """Notices to the person and the positions held, newest first; looking marks nothing."""
    access = access_of(request.user)
    only_unread = request.GET.get("show") == "unread"
    rows = (selectors.unread_for if only_unread else selectors.notices_for)(access)
    found, after, before = selectors.NEWEST.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    context = {
        "notices": [notice_shown(row) for row in found],
        "only_unread": only_unread,
        "days": selectors.SHOWN_DAYS,
        "may_keep": selectors.may_keep_notices(access),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "notifications/list.html", context)


@require_GET
@never_cache
def unread(request: HttpRequest) -> JsonResponse:
    """What the bell shows: the count as text ("" for none) and in words."""
    count = selectors.unread_count(access_of(request.user))
    most = selectors.COUNT_MAX
    words = ngettext("%(count)s unread notice", "%(count)s unread notices", count)
    shown = f"{most}+" if count > most else str(count)
    return JsonResponse(
        {"count": shown if count else "", "words": words % {"count": shown} if count else ""}
    )


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the notices named as read, or all of them."""
    tokens = None if "all" in request.POST else request.POST.getlist("notice")
    notices_read(access=access_of(request.user), tokens=tokens)
    target = reverse("notices:list")
    return redirect(f"{target}?show=unread" if request.POST.get("show") == "unread" else target)


@require_http_methods(["GET", "POST"])
@never_cache
def settings_page(request: HttpRequest) -> HttpResponse:
    """Which e-mails at once, once a day or not at all, and the quiet hours."""
    access = access_of(request.user)
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            try:
                notice_settings_save(access=access, wishes=form.wishes())
            except InvalidInput as error:
                form.show_errors(error)
            else:
                messages.success(request, _("Your choices are kept."))
                return redirect("notices:settings")
    else:
        form = SettingsForm.filled(selectors.wishes_get(access))
    crumbs = [Crumb(_("Notices"), reverse("notices:list")), Crumb(_("E-mails and quiet hours"))]
    context = {"form": form, "crumbs": crumbs}
    return render(request, "notifications/settings.html", context)
