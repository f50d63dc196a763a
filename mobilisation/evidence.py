"""What the registers show on a task of a directive, by the code of the task."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from directives.evidence import Evidence
from directives.models import Assignment
from mobilisation.selectors import opinion_figures, programme_figures, rule_figures

PROGRAMME_TASKS = ("1699-cv-tu-4-regulations",)
OPINION_TASKS = ("1699-cv-tu-4-opinion",)
RULE_TASKS = ("1699-cv-tu-5-democracy",)


def registers_evidence(access: Access, assignment: Assignment) -> list[Evidence]:
    """Lines on the unit's programmes, opinion reports or rules; [] for any other task."""
    code = assignment.task.code
    if code in PROGRAMME_TASKS:
        return [_programmes(access, assignment)]
    if code in OPINION_TASKS:
        return [_opinions(access, assignment)]
    if code in RULE_TASKS:
        return [_rules(access, assignment)]
    return []


def _programmes(access: Access, assignment: Assignment) -> Evidence:
    found = programme_figures(access, assignment.unit)
    label = ngettext(
        "%(n)d coordination programme in force", "%(n)d coordination programmes in force",
        found.in_force,
    ) % {"n": found.in_force}  # fmt: skip
    notes = {
        _("%(n)d run out within 30 days"): found.soon,
        _("%(n)d have expired"): found.expired,
    }
    note = "; ".join(words % {"n": n} for words, n in notes.items() if n)
    return Evidence(label, _list("programmes", assignment), note)


def _opinions(access: Access, assignment: Assignment) -> Evidence:
    found = opinion_figures(access, assignment.unit)
    label = ngettext(
        "%(n)d opinion report sent", "%(n)d opinion reports sent", found.sent
    ) % {"n": found.sent}  # fmt: skip
    note = _("%(n)d not read yet") % {"n": found.unread} if found.unread else ""
    return Evidence(label, _list("opinions", assignment), note)


def _rules(access: Access, assignment: Assignment) -> Evidence:
    found = rule_figures(access, assignment.unit)
    words = {"n": found.hold, "total": found.expected}
    label = _("%(n)d of %(total)d kinds of rules on grassroots democracy in force") % words
    return Evidence(label, reverse("mobilisation_staff:rules_unit", args=[assignment.unit.code]))


def _list(name: str, assignment: Assignment) -> str:
    query = urlencode({"unit": assignment.unit.code})
    return f"{reverse(f'mobilisation_staff:{name}')}?{query}"
