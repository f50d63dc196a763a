"""Reforms in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ui import SummaryRow, TimelineItem
from continuity.enums import ReformState, Side
from continuity.models import ReformEvent, UnitReform

TONES = {
    ReformState.DRAFT: "neutral",
    ReformState.SUBMITTED: "warning",
    ReformState.APPROVED: "info",
    ReformState.DONE: "success",
    ReformState.CANCELLED: "neutral",
}
EVENTS = {
    "drafted": gettext_lazy("Prepared"),
    "changed": gettext_lazy("Corrected"),
    "chosen": gettext_lazy("Open questions decided"),
    "submitted": gettext_lazy("Submitted for approval"),
    "returned": gettext_lazy("Given back"),
    "approved": gettext_lazy("Approved"),
    "blocked": gettext_lazy("Could not be carried out"),
    "carried_out": gettext_lazy("Carried out"),
    "cancelled": gettext_lazy("Cancelled"),
}
COUNTS = {
    "posts": gettext_lazy("Posts of people that went on"),
    "rights": gettext_lazy("Rights handed over to colleagues"),
    "cases": gettext_lazy("Open petitions"),
    "sessions": gettext_lazy("Coming reception days"),
    "patterns": gettext_lazy("Patterns of reception days"),
    "assignments": gettext_lazy("Tasks of directives"),
    "doubled": gettext_lazy("Tasks that go on once instead of twice"),
    "land_projects": gettext_lazy("Land projects"),
    "signals": gettext_lazy("Early-warning signals that are open or followed"),
    "renamed": gettext_lazy("Units renamed"),
}


def reform_line(reform: UnitReform) -> dict[str, Any]:
    """A reform in the list."""
    state = ReformState(reform.state)
    return {
        "reform": reform,
        "before": names_of(reform, Side.FROM),
        "afterwards": names_of(reform, Side.TO),
        "state": state.label,
        "tone": TONES[state],
    }


def names_of(reform: UnitReform, side: Side) -> list[str]:
    """Names and codes of one side, in the order of the paper."""
    rows = sorted(reform.units.all(), key=lambda row: row.position)
    return [f"{row.full_name} ({row.code})" for row in rows if row.side == side]


def facts_of(reform: UnitReform) -> list[SummaryRow]:
    """What the decision says."""
    rows = [
        (_("What is decided"), capfirst(str(reform.get_kind_display()))),
        (_("Date of the decision"), f"{reform.decided_on:%d/%m/%Y}"),
        (_("Issued by"), reform.issuer),
        (_("In force from"), f"{reform.effective_on:%d/%m/%Y}"),
        (_("Units before"), ", ".join(names_of(reform, Side.FROM))),
        (_("Units afterwards"), ", ".join(names_of(reform, Side.TO))),
        (_("Prepared by"), reform.made_by.full_name),
    ]
    if reform.approved_by is not None:
        rows.append((_("Approved by"), reform.approved_by.full_name))
    return [SummaryRow(label, value) for label, value in rows]


def counts_of(reform: UnitReform) -> list[tuple[str, int]]:
    """What was moved, without denunciations."""
    return [(str(COUNTS.get(name, name)), number) for name, number in reform.counts.items()]


def history_of(events: Sequence[ReformEvent]) -> list[TimelineItem]:
    """The history for a timeline."""
    return [
        TimelineItem(
            title=str(EVENTS.get(event.action.rpartition(".")[2], event.action)),
            at=event.at,
            text=str(event.data.get("reason", "")),
            actor=event.actor.full_name if event.actor else "",
        )
        for event in events
    ]
