"""Land projects and signals of units that are reformed go on in the new unit.

A signal about a case or a stage follows its matter, one about a field in a unit goes to the unit
that keeps the files: there the next run counts what both had. Where that unit has such a signal
already, the other one goes along under its old name, holds no longer and is closed by people.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from common.history import NewEvent
from common.time import local_date
from communes.models import Unit
from communes.moves import Amount, Problem, UnitMove
from early_warning.enums import SignalState
from early_warning.models import (
    LandProject,
    LandProjectEvent,
    LandProjectUnit,
    ProjectCase,
    Signal,
    SignalEvent,
)
from early_warning.rules import PlaceMatter, matter_key

SIGNAL_MOVED = "early_warning.signal.unit_moved"
PROJECT_MOVED = "early_warning.project.unit_moved"


def warnings_amounts(move: UnitMove) -> list[Amount]:
    """What moves; two queries. There is no signal about a denunciation."""
    return [
        Amount(_("Land projects"), _projects(move).count()),
        Amount(_("Early-warning signals that are open or followed"), _signals(move).count()),
    ]


def warnings_problems(_move: UnitMove) -> list[Problem]:
    """Nothing to decide."""
    return []


def warnings_move(move: UnitMove) -> dict[str, int]:
    """Move what is live, with history; the cases have moved before. Returns how many of each."""
    return {"land_projects": _projects_move(move), "signals": _signals_move(move)}


def _projects(move: UnitMove) -> QuerySet[LandProject]:
    places = LandProjectUnit.objects.filter(unit_id__in=move.source_ids)
    return LandProject.objects.filter(pk__in=places.values("project"))


def _signals(move: UnitMove) -> QuerySet[Signal]:
    return Signal.objects.live().filter(unit_id__in=move.source_ids)


def _projects_move(move: UnitMove) -> int:
    """One place for what were two; after a split every unit that its words name or that holds
    petitions about it."""
    rows = list(_projects(move).select_for_update(of=("self",), no_key=True).order_by("pk"))
    held, left = _held(move, rows), _left(move, rows)
    targets = {row.pk: _targets(move, row, held[row.pk]) for row in rows}
    LandProjectUnit.objects.filter(unit_id__in=move.source_ids).delete()
    LandProjectUnit.objects.bulk_create(
        (LandProjectUnit(project=row, unit=unit) for row in rows for unit in targets[row.pk]),
        ignore_conflicts=True,
    )
    LandProject.objects.filter(pk__in=targets).update(version=F("version") + 1)
    LandProjectEvent.append_many(
        [
            NewEvent(
                row.pk, PROJECT_MOVED,
                {"version": row.version + 1, "from": _codes(left[row.pk]),
                 "to": _codes(targets[row.pk]), "basis": move.number},
                move.by_id, move.at,
            )
            for row in rows
        ]
    )  # fmt: skip
    return len(rows)


def _held(move: UnitMove, rows: Sequence[LandProject]) -> Mapping[int, set[int]]:
    """Units to which petitions about each project went."""
    links = ProjectCase.objects.counted().filter(
        project__in=rows, case__unit__in=[unit.pk for unit in move.targets]
    )
    found: dict[int, set[int]] = defaultdict(set)
    for project, unit in links.values_list("project_id", "case__unit_id"):
        found[project].add(unit)
    return found


def _left(move: UnitMove, rows: Sequence[LandProject]) -> Mapping[int, list[Unit]]:
    """The places that each project had in the units before."""
    places = LandProjectUnit.objects.filter(project__in=rows, unit_id__in=move.source_ids)
    found: dict[int, list[Unit]] = defaultdict(list)
    for place in places.select_related("unit"):
        found[place.project_id].append(place.unit)
    return found


def _targets(move: UnitMove, row: LandProject, held: Collection[int]) -> list[Unit]:
    words = f"{row.name} {row.area}"
    named = move.targets_named(words)
    found = [unit for unit in move.targets if unit in named or unit.pk in held]
    return found or [move.target_of(words)]


def _codes(units: Collection[Unit]) -> str:
    return ", ".join(sorted(unit.code for unit in units))


def _signals_move(move: UnitMove) -> int:
    """After a split a signal about a case goes where the case went. The followed ones come first:
    where two become one matter, it is theirs."""
    locked = _signals(move).select_for_update(of=("self",), no_key=True)
    found = list(locked.select_related("case", "field", "rule", "unit").order_by("pk"))
    rows = sorted(found, key=lambda row: row.state != SignalState.WATCHED)
    before = {row.pk: row.unit.code for row in rows}
    taken = _taken(move, rows)
    for row in rows:
        row.unit = _target(move, row)
        row.version += 1
        _name(row, taken, move)
    Signal.objects.bulk_update(rows, ["unit", "version", "key", "lapsed_on"], batch_size=500)
    SignalEvent.append_many(
        [
            NewEvent(
                row.pk, SIGNAL_MOVED,
                {"version": row.version, "from": before[row.pk], "to": row.unit.code,
                 "basis": move.number},
                move.by_id, move.at,
            )
            for row in rows
        ]
    )  # fmt: skip
    return len(rows)


def _target(move: UnitMove, row: Signal) -> Unit:
    went_to = row.case.unit_id if row.case is not None else None
    return next((unit for unit in move.targets if unit.pk == went_to), move.main)


def _key(move: UnitMove, row: Signal) -> str:
    """The key of a signal about a field in the unit that keeps the files."""
    assert row.field is not None
    return f"{row.rule.code}:{matter_key(PlaceMatter(move.main.pk, row.field.code))}"


def _taken(move: UnitMove, rows: Sequence[Signal]) -> set[str]:
    """Names that signals of the unit bear already."""
    names = {_key(move, row) for row in rows if row.field is not None}
    return set(Signal.objects.filter(key__in=names).values_list("key", flat=True))


def _name(row: Signal, taken: set[str], move: UnitMove) -> None:
    """A signal about a field bears the name of the new matter, or, where another does, lapses."""
    if row.field is None:
        return
    key = _key(move, row)
    if key in taken:
        row.lapsed_on = row.lapsed_on or local_date(move.at)
        return
    taken.add(key)
    row.key = key
