"""Land projects and signals of units that are reformed go on in the new unit.

A signal about a case or a stage follows its matter. One about a field in a unit stays with the unit
of its time: the sum of the new unit is another matter, which the next run looks at.
"""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from common.history import NewEvent
from communes.moves import Amount, Problem, UnitMove
from early_warning.models import LandProject, LandProjectEvent, LandProjectUnit, Signal, SignalEvent

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
    return Signal.objects.live().filter(unit_id__in=move.source_ids, field=None)


def _projects_move(move: UnitMove) -> int:
    """One place for what were two; the words of the area say which part of the new unit it is."""
    rows = list(_projects(move).select_for_update(of=("self",), no_key=True).order_by("pk"))
    targets = {row.pk: move.target_of(f"{row.name} {row.area}") for row in rows}
    LandProjectUnit.objects.filter(unit_id__in=move.source_ids).delete()
    LandProjectUnit.objects.bulk_create(
        (LandProjectUnit(project=row, unit=targets[row.pk]) for row in rows), ignore_conflicts=True
    )
    LandProject.objects.filter(pk__in=targets).update(version=F("version") + 1)
    LandProjectEvent.append_many(
        [
            NewEvent(
                row.pk, PROJECT_MOVED,
                {"version": row.version + 1, "to": targets[row.pk].code, "basis": move.number},
                move.by_id, move.at,
            )
            for row in rows
        ]
    )  # fmt: skip
    return len(rows)


def _signals_move(move: UnitMove) -> int:
    """After a split a signal about a case goes where the case went."""
    locked = _signals(move).select_for_update(of=("self",), no_key=True)
    rows = list(locked.select_related("case").order_by("pk"))
    targets = {unit.pk for unit in move.targets}
    for row in rows:
        went_to = row.case.unit_id if row.case is not None else None
        row.unit_id = went_to if went_to in targets else move.main.pk
        row.version += 1
    Signal.objects.bulk_update(rows, ["unit", "version"], batch_size=500)
    codes = {unit.pk: unit.code for unit in move.targets}
    SignalEvent.append_many(
        [
            NewEvent(
                row.pk, SIGNAL_MOVED,
                {"version": row.version, "to": codes[row.unit_id], "basis": move.number},
                move.by_id, move.at,
            )
            for row in rows
        ]
    )  # fmt: skip
    return len(rows)
