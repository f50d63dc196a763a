"""Absences and deputies: the page of the signed-in person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access, access_of
from accounts.forms import AbsenceForm
from accounts.selectors_absences import office_of
from accounts.services_absences import absence_end, absence_record
from common.errors import Conflict, InvalidInput, NotVisible
from common.time import today


def _access(request: HttpRequest) -> Access:
    """People without any position are never absent from one."""
    access = access_of(request.user)
    if not access.unit_ids:
        raise NotVisible
    return access


@require_http_methods(["GET", "POST"])
@never_cache
def absences(request: HttpRequest) -> HttpResponse:
    """Current and coming absences, whom the reader stands in for, and a form for one more."""
    access = _access(request)
    office = office_of(access, today())
    typed = request.POST if request.method == "POST" else None
    form = AbsenceForm(typed, request.user.get_username(), office.colleagues)
    if form.is_valid() and _recorded(access, form):
        messages.success(request, _("The absence is recorded."))
        return redirect("absences:list")
    context = {"form": form, "office": office}
    return render(request, "accounts/absences.html", context, status=422 if form.errors else 200)


def _recorded(access: Access, form: AbsenceForm) -> bool:
    """Whether the service did it; what it said otherwise stands in the form."""
    try:
        absence_record(access=access, plan=form.plan(), person=form.cleaned_data.get("person", ""))
    except (InvalidInput, Conflict) as error:
        form.show_errors(error)
    else:
        return True
    return False


@require_POST
@never_cache
def absence_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Back early, or not away at all."""
    try:
        absence = absence_end(access=_access(request), public_id=public_id)
    except Conflict as error:
        messages.warning(request, str(error.message))
    else:
        was_coming = absence.ended_on == absence.from_on
        done = _("The absence is called off.") if was_coming else _("The absence is ended.")
        messages.success(request, done)
    return redirect("absences:list")
