"""Denunciations of a person, found by a number: with a ground, a text and the password just typed."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from accounts.sensitive import sensitive_form
from common.errors import InvalidInput, NotVisible
from petitions.services.identity import SEARCH_REASON_MAX, Why, denunciations_find
from petitions.staff.access import case_access
from petitions.staff.forms import IdentityForm
from petitions.staff.present import case_lines


class FindForm(IdentityForm):
    """The number, and why the answer must be known."""

    number = forms.CharField(
        label=_("Telephone or identity number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = ("number", "ground", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label = _("Reason for the search")
        reason.widget.attrs["maxlength"] = SEARCH_REASON_MAX


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_form
def denouncer_search(request: HttpRequest) -> HttpResponse:
    """Whoever opens identities in a unit finds its denunciations; each find is recorded first."""
    access = case_access(request)
    if not access.units(Permission.IDENTITY_OPEN):
        raise NotVisible
    form = FindForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        why = Why(form.cleaned_data["ground"], form.cleaned_data["reason"])
        try:
            found = denunciations_find(access=access, number=form.cleaned_data["number"], why=why)
        except InvalidInput as error:
            form.show_errors(error)
    rows = case_lines(found) if found else []
    context = {"form": form, "is_asked": found is not None, "rows": rows}
    return render(request, "petitions/staff/denouncer_search.html", context)
