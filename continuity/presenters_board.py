"""Rows of the board in words."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from accounts.enums import Role
from accounts.roles import Permission
from communes.models import Unit
from continuity.enums import DUTIES, HANDOVERS, INBOXES, GapKind
from continuity.models import Gap
from continuity.selectors_board import SIGNALS, Found
from deadlines.calendars import COVERED_FROM, calendar_current
from deadlines.clock import working_days_between
from early_warning.enums import SignalState

TONES = {
    GapKind.VACANT: "danger", GapKind.ABSENT: "danger", GapKind.ENDED: "danger",
    GapKind.REFORM: "danger",
}  # fmt: skip
GROUPS: tuple[tuple[str, Collection[GapKind]], ...] = (
    ("duties", DUTIES),
    ("inboxes", INBOXES),
    ("handovers", HANDOVERS),
)


def token_of(row: Found) -> str:
    """A row as cursors name it, without anybody's name."""
    text = f"{row.unit.code}|{row.kind}|{row.key}"
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def page_of(rows: Sequence[Found], cursor: str, size: int) -> tuple[list[Found], str, str]:
    """The page behind the row that a cursor names, and the cursors of the next page and of the one
    before; "first" is the beginning."""
    places = {token_of(row): number + 1 for number, row in enumerate(rows)}
    start = places.get(cursor, 0)
    end = start + size
    after = token_of(rows[end - 1]) if end < len(rows) else ""
    before = token_of(rows[start - size - 1]) if start > size else ""
    return list(rows[start:end]), after, before or ("first" if start else "")


def counts_by_group(rows: Sequence[Found]) -> dict[str, int]:
    """How many rows of the board each group has."""
    return {name: sum(row.kind in kinds for row in rows) for name, kinds in GROUPS}


def board_line(
    row: Found,
    access: Access,
    units: Mapping[int, Unit],
    gaps: Mapping[tuple[int, str, str], Gap],
    on: dt.date,
) -> dict[str, Any]:
    """A row with what is missing, since when, who must act, and when it was urged."""
    gap = gaps.get((row.unit.pk, row.kind.value, row.key))
    unit_id, position = row.acts
    acts = units.get(unit_id)
    return {
        "row": row,
        "words": words_of(row, on),
        "label": row.kind.label,
        "tone": TONES.get(row.kind, "warning"),
        "since": row.since,
        "acts": f"{capfirst(str(Role(position).label))}, {acts.full_name}" if acts else "",
        "href": href_of(row, access),
        "urged_on": gap.urged_on if gap else None,
        "is_urged_today": gap is not None and gap.urged_on == on,
    }


def words_of(row: Found, on: dt.date) -> str:
    """What is missing, in one sentence; of petitions no figure."""
    facts = dict(row.facts)
    if row.kind in (GapKind.VACANT, GapKind.ENDING, GapKind.ABSENT):
        return _POSTS[row.kind]() % {"post": Role(facts["role"]).label}
    if row.kind in INBOXES and row.since is not None:
        return _INBOXES[row.kind]() % {"days": _days(row.since, on)}
    if row.kind == GapKind.LEADER:
        facts["day"] = f"{facts['day']:%d/%m/%Y}"
    if row.kind == GapKind.ENDED:
        facts["what"] = _WHAT[facts["what"]]()
    if row.kind in (GapKind.OFFICER, GapKind.OWNER):
        facts["why"] = (
            _("is absent and nobody stands in")
            if facts["is_away"]
            else _("is no longer in the unit")
        )
    if facts.get("what") == SIGNALS:
        return _("%(name)s %(why)s and still follows early-warning signals: %(count)s.") % facts
    return _OTHERS[row.kind]() % facts


def _days(since: dt.date, on: dt.date) -> str:
    """Working days, calendar days where the calendar does not reach back."""
    if since < COVERED_FROM:
        days = (on - since).days
        return ngettext("%(n)d calendar day", "%(n)d calendar days", days) % {"n": days}
    days = working_days_between(since, on, calendar_current())
    return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}


_POSTS = {
    GapKind.VACANT: lambda: _("Nobody holds the post “%(post)s”."),
    GapKind.ENDING: lambda: _("The post “%(post)s” ends within 10 days and has no successor."),
    GapKind.ABSENT: lambda: _("Whoever holds the post “%(post)s” is absent and nobody stands in."),
}
_INBOXES = {
    GapKind.PETITIONS: lambda: _("Nobody of the unit did anything on petitions for %(days)s."),
    GapKind.OFFERED: lambda: _("Petitions sent to the unit wait for an answer for %(days)s."),
    GapKind.TASKS: lambda: _("Tasks of directives were not received for %(days)s."),
}
_WHAT = {
    "cases": lambda: _("open petitions"),
    "tasks": lambda: _("tasks of directives"),
    "sessions": lambda: _("coming reception days"),
}
_OTHERS = {
    GapKind.OFFICER: lambda: _("%(name)s %(why)s; open petitions are still assigned: %(count)s."),
    GapKind.OWNER: lambda: _("%(name)s %(why)s and still sees to tasks: %(count)s."),
    GapKind.LEADER: lambda: _("%(name)s no longer holds the post in which to receive on %(day)s."),
    GapKind.ENDED: lambda: _("The unit is no more and still has %(what)s: %(count)s."),
    GapKind.REFORM: lambda: _("The reform %(number)s was not carried out or waits for approval."),
}


def href_of(row: Found, access: Access) -> str:
    """Where to act, for whoever may go there."""
    unit = row.unit
    if row.kind in DUTIES and access.has(Permission.CASE_DECIDE, unit.pk):
        return reverse("powers:unit_people")
    if row.kind in (GapKind.PETITIONS, GapKind.OFFERED, GapKind.OFFICER):
        return reverse("cases:inbox") if access.has(Permission.CASE_VIEW, unit.pk) else ""
    if row.facts.get("what") == SIGNALS:
        query = urlencode({"unit": unit.code, "state": SignalState.WATCHED})
        may = access.has(Permission.OVERVIEW_VIEW, unit.pk)
        return f"{reverse('early_warning_staff:list')}?{query}" if may else ""
    if row.kind in (GapKind.TASKS, GapKind.OWNER):
        may = access.has(Permission.DIRECTIVE_REPORT, unit.pk)
        return f"{reverse('directives_staff:desk')}?unit={unit.code}" if may else ""
    if row.kind == GapKind.LEADER and access.has(Permission.RECEPTION_VIEW, unit.pk):
        return reverse("receptions_staff:session", args=[row.facts["session"]])
    if row.kind == GapKind.REFORM:
        return reverse("continuity_staff:reform", args=[row.facts["reform"]])
    return ""
