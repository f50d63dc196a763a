"""For whoever decides: who opened which protected identity in the unit, when and why, and what those
opened whom the reader watches over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import access_of
from common.api import PAGE_SIZE
from common.errors import InvalidInput
from common.forms import DateInput, PortalForm
from common.ui import page_href
from petitions.selectors_openings import OPENINGS_ORDER, openings_filtered, openings_for


class OpeningsForm(PortalForm):
    """Narrows the list by who opened, and by days in Hà Nội, both included."""

    by = forms.ChoiceField(label=gettext_lazy("Opened by"), required=False)
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput())
    last = forms.DateField(
        label=gettext_lazy("Until (day included)"), required=False, widget=DateInput()
    )

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("by", [("", _("All")), *people])


@require_safe
@never_cache
def openings(request: HttpRequest) -> HttpResponse:
    """Openings that the reader watches over, newest first; for who decides nowhere there is no such
    page."""
    rows = openings_for(access_of(request.user))
    people = rows.order_by("by__full_name").values_list("by__username", "by__full_name")
    form = OpeningsForm(list(people.distinct()), request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    try:
        found, after, before = OPENINGS_ORDER.page(
            openings_filtered(rows, asked), request.GET.get("cursor", ""), PAGE_SIZE
        )
    except InvalidInput:
        messages.error(request, _("This page link is not valid."))
        return redirect("cases:openings")
    context = {
        "form": form,
        "openings": found,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "petitions/staff/openings.html", context)
