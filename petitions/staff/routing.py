"""The page where a head keeps the rules by which new cases find their officer."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access, access_of
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.forms import PortalForm, TextField
from petitions.enums import Kind
from petitions.models import RoutingRule
from petitions.references import fields_all
from petitions.services.routing import (
    Conditions,
    Trial,
    routing_unit,
    rule_add,
    rule_raise,
    rule_remove,
    rule_try,
)


class RuleForm(PortalForm):
    """A rule: conditions, and who gets what fits them."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("Subject field"), required=False)
    words = TextField(
        label=gettext_lazy("Words of the subject"),
        help_text=gettext_lazy("A street, a residential group, a project; accents do not matter."),
        required=False,
        max_length=120,
    )
    assignee = forms.ChoiceField(label=gettext_lazy("Officer"))

    def __init__(self, unit_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        officers = holders_of(Permission.CASE_HANDLE, unit_id)
        self.choose("kind", [every, *((value, str(label)) for value, label in Kind.choices)])
        self.choose("field", [every, *((item.code, item.label_vi) for item in fields_all())])
        self.choose("assignee", [(one.username, one.full_name) for one in officers])


def _unit(access: Access) -> int:
    """Heads only; for everybody else this page does not exist."""
    try:
        return routing_unit(access)
    except NotPermitted:
        raise NotVisible from None


@require_http_methods(["GET", "POST"])
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in their order; a new one is tried on past cases before it is kept."""
    access = access_of(request.user)
    unit_id = _unit(access)
    form = RuleForm(unit_id, request.POST or None)
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        conditions = Conditions(**form.cleaned_data)
        try:
            if "keep" in request.POST:
                rule_add(access=access, conditions=conditions)
                messages.success(request, _("The rule is kept."))
                return redirect("cases:routing")
            trial = rule_try(access=access, conditions=conditions)
        except InvalidInput as error:
            form.show_errors(error)
    context = {
        "form": form,
        "trial": asdict(trial) if trial else None,
        "rules": RoutingRule.objects.filter(unit_id=unit_id).select_related("field", "assignee"),
    }
    return render(request, "petitions/staff/routing.html", context)


@require_POST
@never_cache
def rule_change(request: HttpRequest, pk: int) -> HttpResponse:
    """``do``: up or remove."""
    access = access_of(request.user)
    _unit(access)
    if request.POST.get("do") == "up":
        rule_raise(access=access, pk=pk)
    else:
        rule_remove(access=access, pk=pk)
        messages.success(request, _("The rule is removed."))
    return redirect("cases:routing")
