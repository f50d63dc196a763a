"""Open cases of units that are reformed go on in the new units, with clocks and what waits.

Nothing here tells of a denunciation whoever prepares a reform: amounts and problems leave them
out, and what may not go to the new unit finds a neutral body by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from common.history import NewEvent
from communes.models import Unit
from communes.moves import Amount, Problem, UnitMove
from deadlines.models import OPEN_STATES, Clock
from escalation.models import Escalation, EscalationState
from notifications.services import NewMessage, outbox_write
from petitions.enums import Kind
from petitions.models import Case, CaseEvent, Forwarding, Letter, RoutingRule, SavedFilter
from petitions.models.events import OFFER_MOVED, UNIT_MOVED
from petitions.receivers import desk_of, neutral_body

Barred = TypeVar("Barred", Case, Clock)
_ORDINARY = ~Q(kind=Kind.DENUNCIATION)


def cases_amounts(move: UnitMove) -> list[Amount]:
    """What moves, without denunciations; five queries."""
    cases = _open(move).filter(_ORDINARY)
    clocks = Clock.objects.filter(state__in=OPEN_STATES, case_clock__case__in=cases)
    offered = Case.objects.filter(_ORDINARY, forwarded_to_id__in=move.source_ids)
    rules = RoutingRule.objects.filter(unit_id__in=move.source_ids)
    filters = SavedFilter.objects.filter(unit_id__in=move.source_ids)
    return [
        Amount(_("Open petitions"), cases.count()),
        Amount(_("Limits of petitions that run"), clocks.count()),
        Amount(_("Petitions that wait to be accepted"), offered.count()),
        Amount(_("Rules that give out new petitions"), rules.count()),
        Amount(_("Kept filters of the unit"), filters.count()),
    ]


def cases_problems(move: UnitMove) -> list[Problem]:
    """A petition that one of the units sent to another of them: to whom would it go? One query."""
    inside = _inside(move)
    rows = Case.objects.filter(_ORDINARY, unit_id__in=inside, forwarded_to_id__in=inside)
    count = rows.count()
    if not count or len(move.targets) > 1:
        return []
    words = _(
        "%(count)s petitions were sent from one of the units to another and wait for an answer:"
        " they must be accepted or returned first."
    )
    return [Problem(words % {"count": count})]


def cases_move(move: UnitMove) -> dict[str, int]:
    """Move what is open, with history, clocks and notices; returns how many, without
    denunciations. The number of queries does not depend on the cases, but for those that bar a
    source or wait to be accepted."""
    _bars_widen(move)
    _offers_move(move)
    going = _open(move) | _held_barred(move)
    rows = list(
        going.select_related("unit").select_for_update(of=("self",), no_key=True).order_by("pk")
    )
    places = {row.pk: _place(row, move) for row in rows}
    by_place: dict[Unit, list[Case]] = defaultdict(list)
    for row in rows:
        by_place[places[row.pk]].append(row)
    for unit, group in by_place.items():
        _group_move(move, group, unit)
    _history(move, rows, places)
    _escalations_move(move)
    _kept_move(move)
    _tell(move, rows, places)
    return {"cases": sum(not row.is_denunciation for row in rows)}


def _inside(move: UnitMove) -> list[int]:
    """Sources, and targets that exist already."""
    return [*move.source_ids, *(unit.pk for unit in move.targets if unit.pk)]


def _open(move: UnitMove) -> QuerySet[Case]:
    return Case.objects.filter(unit_id__in=move.source_ids, closed_at=None)


def _held_barred(move: UnitMove) -> QuerySet[Case]:
    """What a target that exists already held, and is barred from since it takes in the unit of the
    accused; closed or not, since a closed case may be opened again."""
    targets = [unit.pk for unit in move.targets]
    return Case.objects.filter(unit_id__in=targets, barred_units__contains=[F("unit_id")])


def _bars_widen(move: UnitMove) -> None:
    """Who was barred stays barred under the new name: cases, open or not, and open clocks. What a
    unit of the sources must do itself, or gave to be done, is not hidden from it: a hole among its
    own tasks would tell of the denunciation that they follow from."""
    targets = {unit.pk for unit in move.targets}
    cases = _barred(Case.objects.all(), move)
    for case in cases:
        case.barred_units = sorted({*case.barred_units, *targets})
    Case.objects.bulk_update(cases, ["barred_units"], batch_size=500)
    own = Q(holder_unit_id__in=move.source_ids) | Q(forwarder_unit_id__in=move.source_ids)
    clocks = Clock.objects.filter(state__in=OPEN_STATES).exclude(own, case_clock=None)
    running = _barred(clocks, move)
    for clock in running:
        clock.barred_units = sorted({*clock.barred_units, *targets})
    Clock.objects.bulk_update(running, ["barred_units"], batch_size=500)


def _barred(rows: QuerySet[Barred], move: UnitMove) -> list[Barred]:
    """Rows that bar one of the sources, locked."""
    found = rows.filter(barred_units__overlap=move.source_ids)
    return list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _place(case: Case, move: UnitMove) -> Unit:
    """The new unit or, when that is barred, the first neutral body (Articles 12 and 49 of the Law
    on Denunciations) that the case does not wait for already."""
    wanted = move.target_of(case.search_text, case.assignee_id)
    if wanted.pk not in case.barred_units:
        return wanted
    return neutral_body([*case.barred_units, case.forwarded_to_id])


def _group_move(move: UnitMove, group: Sequence[Case], unit: Unit) -> None:
    """Cases that go to one unit. Their officer goes along, but not to a neutral body, nor to one of
    several units when he works in another from now on."""
    keys = [row.pk for row in group]
    cases: dict[str, Any] = {"unit": unit, "version": F("version") + 1}
    steps: dict[str, Any] = {"unit": unit}
    if unit not in move.targets:
        cases["assignee"], steps["position"] = None, desk_of(unit)
    Case.objects.filter(pk__in=keys).update(**cases)
    elsewhere = [
        row.pk for row in group if move.target_of_person(row.assignee_id) not in (None, unit)
    ]
    Case.objects.filter(pk__in=elsewhere).update(assignee=None)
    open_clocks = Clock.objects.filter(state__in=OPEN_STATES, case_clock__case__in=keys)
    open_clocks.update(holder_unit=unit)
    open_steps = Escalation.objects.filter(
        state=EscalationState.OPEN, clock__case_clock__case__in=keys, unit_id__in=_inside(move)
    )
    open_steps.update(**steps)


def _offers_move(move: UnitMove) -> None:
    """What waits to be accepted by a source waits for the new unit; where that holds it itself or
    is barred, also from what it was offered before, for a neutral body."""
    targets = [unit.pk for unit in move.targets]
    barred = Q(forwarded_to_id__in=targets, barred_units__contains=[F("forwarded_to_id")])
    rows = Case.objects.filter(Q(forwarded_to_id__in=move.source_ids) | barred)
    locked = rows.select_related("unit", "forwarded_to").select_for_update(
        of=("self",), no_key=True
    )
    events = []
    for case in locked.order_by("pk"):
        leaves = case.unit_id in (*move.source_ids, *case.barred_units)
        holder = _place(case, move) if leaves else case.unit
        wanted = move.target_of(case.search_text)
        if wanted.pk in (holder.pk, *case.barred_units):
            wanted = neutral_body([holder.pk, *case.barred_units])
        assert case.forwarded_to is not None
        events.append(_event(move, OFFER_MOVED, case, case.forwarded_to, wanted))
        Case.objects.filter(pk=case.pk).update(forwarded_to=wanted, version=F("version") + 1)
        Forwarding.objects.filter(case=case, answered_at=None).update(to_unit=wanted)
    CaseEvent.append_many(events)


def _history(move: UnitMove, rows: Sequence[Case], places: dict[int, Unit]) -> None:
    CaseEvent.append_many([_event(move, UNIT_MOVED, row, row.unit, places[row.pk]) for row in rows])


def _event(move: UnitMove, action: str, row: Case, old: Unit, new: Unit) -> NewEvent:
    """The next version of a case, from one unit to another, by the decision on the reform."""
    data = {"version": row.version + 1, "from": old.code, "to": new.code, "basis": move.number}
    return NewEvent(row.pk, action, data, move.by_id, move.at)


def _escalations_move(move: UnitMove) -> None:
    """Steps that wait for somebody of a source, and the sender's part in clocks elsewhere; where
    the new unit is barred, also those of a target that exists already."""
    waiting = Escalation.objects.filter(state=EscalationState.OPEN)
    barred = Q(clock__barred_units__contains=[move.main.pk])
    waiting.filter(~barred, unit_id__in=move.source_ids).update(unit=move.main)
    for step in waiting.filter(barred, unit_id__in=_inside(move)).select_related("clock"):
        body = neutral_body([*step.clock.barred_units, step.clock.holder_unit_id])
        step.unit, step.position = body, desk_of(body)
        step.save(update_fields=["unit", "position"])
    senders = Clock.objects.filter(state__in=OPEN_STATES, forwarder_unit_id__in=_inside(move))
    senders.filter(barred_units__contains=[move.main.pk]).update(forwarder_unit=None)
    senders.filter(forwarder_unit_id__in=move.source_ids).update(forwarder_unit=move.main)


def _kept_move(move: UnitMove) -> None:
    """Rules behind those of the new unit, each with the officer it names; filters under a name of
    their own."""
    rules = list(RoutingRule.objects.filter(unit_id__in=move.source_ids).order_by("unit_id", "pk"))
    last: dict[int, int] = defaultdict(int)
    for unit_id, position in RoutingRule.objects.filter(
        unit_id__in=[unit.pk for unit in move.targets]
    ).values_list("unit_id", "position"):
        last[unit_id] = max(last[unit_id], position)
    for rule in rules:
        unit = move.target_of_person(rule.assignee_id) or move.main
        last[unit.pk] += 1
        rule.unit, rule.position = unit, last[unit.pk]
    RoutingRule.objects.bulk_update(rules, ["unit", "position"], batch_size=500)
    _filters_move(move)


def _filters_move(move: UnitMove) -> None:
    codes = {unit.pk: unit.code for unit in move.sources}
    taken = set(SavedFilter.objects.filter(unit=move.main).values_list("name", flat=True))
    rows = list(SavedFilter.objects.filter(unit_id__in=move.source_ids).order_by("pk"))
    for row in rows:
        if row.name in taken:
            row.name = f"{row.name[:44]} ({codes[row.unit_id or 0]})"
        taken.add(row.name)
        row.unit = move.main
    SavedFilter.objects.bulk_update(rows, ["name", "unit"], batch_size=500)


def _tell(move: UnitMove, rows: Sequence[Case], places: dict[int, Unit]) -> None:
    """Everybody whose letter is open, under the own code; and the desk of a neutral body."""
    rows = [row for row in rows if row.closed_at is None]
    by_key = {row.pk: row for row in rows}
    messages = [
        NewMessage(
            key=f"case:{row.code}:{row.version + 1}:petition_arrived",
            template="petition_arrived",
            params={"code": row.code, "unit": places[row.pk].full_name},
            unit_id=places[row.pk].pk,
            position=desk_of(places[row.pk]),
            is_secret=True,
        )
        for row in rows
        if places[row.pk] not in move.targets
    ]
    letters = Letter.objects.filter(Q(case__in=by_key) | Q(case__merged_into__in=by_key))
    for letter in letters.select_related("origin", "case").order_by("pk"):
        own = letter.origin or letter
        case = by_key.get(letter.case_id) or by_key[letter.case.merged_into_id or 0]
        if own.contact is not None:
            messages.append(
                NewMessage(
                    key=f"case:{case.code}:{case.version + 1}:petition_moved:{own.code}",
                    template="petition_moved",
                    params={"code": own.code, "unit": places[case.pk].full_name},
                    address=own.contact,
                    language=own.language,
                )
            )
    outbox_write(messages, at=move.at)
