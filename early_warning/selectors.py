"""Signals for one reader: lists, one of them, figures, and how often the rules were right."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from accounts.access import Access
from accounts.models import Membership, User
from accounts.roles import Permission
from accounts.selectors import holders_of, roles_with
from common.api import Keyset
from common.errors import NotVisible, key_read
from common.text import fold
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_id, units_in_force
from early_warning.enums import JUDGED, LIVE, NoteKind, SignalState
from early_warning.models import Signal, SignalEvent, SignalNote, WarningRule, WarningRuleEvent
from early_warning.rules import Score
from petitions.enums import Kind
from petitions.models import Case

LIST_ORDER = Keyset("-found_at", "-id")
LIVE_STATES = "live"
QUARTERS = 4


@dataclass(frozen=True)
class SignalFilter:
    """``state``: one of the states, ``live`` (new or followed) or "" for all; ``kind``, ``unit``
    and ``rule`` by code; ``age``: found at least so many calendar days ago; ``mine``: of one's own
    following; ``late``: whose next look has passed."""

    state: str = LIVE_STATES
    kind: str = ""
    unit: str = ""
    rule: str = ""
    age: int = 0
    mine: bool = False
    late: bool = False


def signals_filtered(
    access: Access, chosen: SignalFilter, on: dt.date, at: dt.datetime
) -> QuerySet[Signal]:
    """What fits; ``on``: today, a local date, ``at``: the UTC moment that age is counted from."""
    rows = Signal.objects.visible_to(access).with_list_data()
    if chosen.state == LIVE_STATES:
        rows = rows.live()
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    wanted = {"rule__kind": chosen.kind, "unit__code": chosen.unit, "rule__code": chosen.rule}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if chosen.age:
        rows = rows.filter(found_at__lte=at - dt.timedelta(days=chosen.age))
    if chosen.mine:
        rows = rows.filter(owner_id=access.user_id)
    if chosen.late:
        rows = rows.filter(next_look_on__lt=on)
    return rows


def signal_counts(access: Access, on: dt.date) -> dict[str, int]:
    """New, followed, with a look that has passed, and the reader's own; one query."""
    return Signal.objects.visible_to(access).aggregate(
        open=Count("pk", filter=Q(state=SignalState.OPEN)),
        watched=Count("pk", filter=Q(state=SignalState.WATCHED)),
        late=Count("pk", filter=Q(next_look_on__lt=on)),
        mine=Count("pk", filter=Q(owner_id=access.user_id, state__in=LIVE)),
    )


def signal_get_for(access: Access, public_id: uuid.UUID | str) -> Signal:
    """The signal with what its page shows. Raises NotVisible."""
    found = (
        Signal.objects.visible_to(access)
        .with_list_data()
        .filter(public_id=key_read(public_id))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def signal_units(access: Access) -> list[Unit]:
    """Units whose signals the reader may see and that have any, by name."""
    rows = Signal.objects.visible_to(access).order_by().values_list("unit_id", flat=True).distinct()
    found = [unit_by_id(pk) for pk in rows]
    return sorted((unit for unit in found if unit), key=lambda unit: fold(unit.full_name))


def cases_of(access: Access, signal: Signal, most: int) -> tuple[list[Case], bool]:
    """Cases behind a signal that the reader may see, newest first, at most ``most``, and whether
    there are more. No denunciation is behind any signal."""
    rows = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
    if signal.case_id is not None:
        rows = rows.filter(Q(pk=signal.case_id) | Q(merged_into=signal.case_id))
    elif signal.project_id is not None:
        linked = Q(land_links__project=signal.project_id, land_links__removed_at=None)
        rows = rows.filter(linked)
    else:
        about = Q(unit=signal.unit_id) | Q(respondent_unit=signal.unit_id)
        since = signal.found_at - dt.timedelta(days=signal.rule.window_days)
        rows = rows.filter(about, field=signal.field_id, submitted_at__gte=since)
    found = list(rows.select_related("unit", "field").order_by("-submitted_at", "-id")[: most + 1])
    return found[:most], len(found) > most


def owners_possible(signal: Signal) -> list[User]:
    """Who of the unit may follow a signal: whoever sees its cases or its figures, by name."""
    found = {person.pk: person for person in holders_of(Permission.OVERVIEW_VIEW, signal.unit_id)}
    found |= {person.pk: person for person in holders_of(Permission.CASE_VIEW, signal.unit_id)}
    return sorted(found.values(), key=lambda person: (fold(person.full_name), person.pk))


def posts_following(people: Collection[int]) -> set[tuple[int, int]]:
    """(person, unit) by key, for every unit in which one of these people may follow a signal today;
    one query."""
    roles = {*roles_with(Permission.OVERVIEW_VIEW), *roles_with(Permission.CASE_VIEW)}
    rows = Membership.objects.current(today()).filter(
        user_id__in=people, user__is_active=True, role__in=roles
    )
    return set(rows.values_list("user_id", "unit_id"))


def notes_of(signal: Signal) -> list[SignalNote]:
    """What was done about it, newest first."""
    return list(signal.notes.select_related("by"))


def events_of(signal: Signal) -> list[SignalEvent]:
    """Its history, newest first."""
    return list(signal.events.select_related("actor").order_by("-sequence"))


class UnitSignals(NamedTuple):
    """Live signals of a unit, all and new ones."""

    unit: Unit
    live: int
    new: int


def live_by_unit(access: Access) -> list[UnitSignals]:
    """Every ward and commune in force that the reader sees, with its live signals; one query."""
    rows: Iterable[Any] = (
        Signal.objects.visible_to(access)
        .live()
        .order_by()
        .values("unit_id")
        .annotate(live=Count("pk"), new=Count("pk", filter=Q(state=SignalState.OPEN)))
    )
    counted = {row["unit_id"]: (row["live"], row["new"]) for row in rows}
    return [
        UnitSignals(unit, *counted.get(unit.pk, (0, 0)))
        for unit in units_in_force()
        if unit.is_commune_level and unit.grid_col is not None
    ]


def rules_all() -> list[WarningRule]:
    return list(WarningRule.objects.all())


def rule_events(rule: WarningRule) -> list[WarningRuleEvent]:
    """The versions of a rule, newest first."""
    return list(rule.events.select_related("actor").order_by("-sequence"))


class Quarter(NamedTuple):
    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def before(self) -> "Quarter":
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def words(self) -> str:
        return f"{'I' * self.number if self.number < 4 else 'IV'}/{self.year}"


def quarters_until(on: dt.date) -> list[Quarter]:
    """The last quarters up to the one of a local date, oldest first."""
    found = [Quarter.of(on)]
    while len(found) < QUARTERS:
        found.append(found[-1].before)
    return found[::-1]


def scores(on: dt.date) -> dict[tuple[int, Quarter], Score]:
    """How signals were judged, by rule and quarter of the judgement (local dates), in the whole
    City; one query. A signal that opened again is judged again."""
    first = quarters_until(on)[0].first
    rows = SignalNote.objects.filter(kind__in=JUDGED, looked_on__gte=first)
    counted: Iterable[Any] = (
        rows.order_by().values("signal__rule_id", "kind", "looked_on").annotate(n=Count("pk"))
    )
    found: dict[tuple[int, Quarter], Score] = {}
    for row in counted:
        key = (row["signal__rule_id"], Quarter.of(row["looked_on"]))
        known = found.get(key, Score(0, 0))
        is_true = row["kind"] == NoteKind.SETTLED
        more = row["n"]
        found[key] = Score(known.true + more * is_true, known.false + more * (not is_true))
    return found
