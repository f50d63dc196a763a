"""What the registers show on a task of a directive, by the register that the task names."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from accounts.roles import Permission
from directives.enums import EvidenceSource
from directives.evidence import Evidence
from directives.models import Assignment
from mobilisation.presenters_indices import latest_words
from mobilisation.selectors import opinion_figures, programme_figures, rule_figures
from mobilisation.selectors_indices import city, index_series, index_units
from mobilisation.selectors_models import exemplar_counts


def registers_evidence(access: Access, assignment: Assignment) -> list[Evidence]:
    """A line on what the unit holds in the register that the task names; [] when it names none, and
    for a body that only carries the task: the unit's registers are not open to it."""
    teller = TELLERS.get(assignment.task.evidence_source)
    if teller is None or not access.has(Permission.DIRECTIVE_VIEW, assignment.unit_id):
        return []
    return [teller(access, assignment)]


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


def _exemplars(access: Access, assignment: Assignment) -> Evidence:
    found = exemplar_counts(access, assignment.unit)
    label = ngettext(
        "%(n)d model of “dân vận khéo” registered", "%(n)d models of “dân vận khéo” registered",
        found["registered"],
    ) % {"n": found["registered"]}  # fmt: skip
    notes = {
        _("%(n)d recognised"): found["recognised"],
        _("%(n)d taken over from other units"): found["copies"],
        _("%(n)d wait for a decision"): found["waiting"],
    }
    note = "; ".join(words % {"n": n} for words, n in notes.items() if n)
    return Evidence(label, _list("exemplars", assignment), note)


def _indices(access: Access, assignment: Assignment) -> Evidence:
    unit = assignment.unit
    own = latest_words(index_series(unit)) if unit in index_units(access) else ""
    label = own or _("No index of the unit has been entered yet")
    city_words = latest_words(index_series(city()))
    note = _("the City: %(words)s") % {"words": city_words} if city_words else ""
    return Evidence(label, _list("indices", assignment), note)


TELLERS: dict[str, Callable[[Access, Assignment], Evidence]] = {
    EvidenceSource.PROGRAMMES: _programmes,
    EvidenceSource.RULES: _rules,
    EvidenceSource.OPINIONS: _opinions,
    EvidenceSource.MODELS: _exemplars,
    EvidenceSource.INDICES: _indices,
}


def _list(name: str, assignment: Assignment) -> str:
    query = urlencode({"unit": assignment.unit.code})
    return f"{reverse(f'mobilisation_staff:{name}')}?{query}"
