"""The ladder of a case: every step with what became of it, and putting it before somebody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from common.errors import DomainError, NotPermitted, NotVisible
from common.forms import PortalForm, TextField
from common.ui import Crumb
from escalation.explain import clocks_explained
from escalation.raising import REASON_MAX
from escalation.words import PLACES
from petitions import selectors
from petitions.escalation_answers import case_raise, raise_places
from petitions.models import Case
from petitions.staff import present
from petitions.staff.access import case_access


class RaiseForm(PortalForm):
    """To whom, and why."""

    place = forms.ChoiceField(label=gettext_lazy("Put it before"), widget=forms.RadioSelect)
    reason = TextField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("What cannot be settled here. It stands in the history."),
        rows=3,
        max_length=REASON_MAX,
    )

    def __init__(self, places: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(place, capfirst(str(PLACES[place]))) for place in places]
        self.choose("place", choices)
        if len(places) == 1:
            self.initial["place"] = places[0]


@require_http_methods(["GET", "POST"])
@never_cache
def ladder(request: HttpRequest, code: str) -> HttpResponse:
    """Why it was or was not escalated; a form for whoever may put it before others."""
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    places = [place.value for place in raise_places(access, case)] if case.is_open else []
    form = RaiseForm(places, request.POST or None) if places else None
    if request.method == "POST":
        if form is None:
            raise NotPermitted(_("Only who handles or oversees the case puts it before others."))
        if form.is_valid() and _raised(request, access, case, form):
            return redirect("cases:ladder", case.code)
    context = present.case_head(case)
    crumbs = [*context["crumbs"], Crumb(_("Ladder"))]
    explained = clocks_explained([link.clock for link in selectors.case_clocks(case)])
    return render(
        request,
        "petitions/staff/ladder.html",
        context | {"crumbs": crumbs, "explained": explained, "form": form},
    )


def _raised(request: HttpRequest, access: Access, case: Case, form: RaiseForm) -> bool:
    try:
        row = case_raise(access=access, code=case.code, **form.cleaned_data)
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        form.show_errors(error)
        return False
    unit = row.unit.full_name if row.unit else ""
    messages.success(request, _("It was put before %(unit)s.") % {"unit": unit})
    return True
