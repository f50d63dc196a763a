"""Carrying a reform out: everything of it in one transaction, or nothing."""

import datetime as dt
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.db import constraint_errors
from common.errors import Conflict, DomainError
from common.text import fold
from common.time import local_date, now
from communes.models import Unit, UnitSuccession
from communes.moves import UnitMove
from communes.selectors import unit_by_code, unit_cache_clear
from continuity.enums import ReformKind, ReformState, Side
from continuity.models import ReformUnit, UnitReform
from continuity.selectors_board import OFFICE
from continuity.services._step import keep, tell
from continuity.services.preview import MOVERS, Preview, move_build, preview
from continuity.validators import short_name
from directives.enums import OVER
from directives.models import Assignment
from directives.services.unit_moves import assignments_move
from petitions.models import Case
from petitions.receivers import desk_of, head_of
from petitions.services.unit_moves import cases_move
from receptions.services._plan import CLASHES

log = structlog.get_logger(__name__)
DAY, LATE = dt.timedelta(days=1), dt.timedelta(days=7)
BASIS_MAX = 200


def carry_out(
    reform: UnitReform, at: dt.datetime, by_id: int | None, seen: Preview | None = None
) -> None:
    """Do what a locked, approved reform says, in the caller's transaction. Twice does it once.
    ``seen``: its preview of this moment, where the caller has looked already.

    Raises DomainError ``wrong_state``, ``too_early``, ``blocked``; Conflict when a unit is no more
    or a session clashes.
    """
    on = local_date(at)
    if reform.state != ReformState.APPROVED:
        raise DomainError(_("This reform is not approved."), code="wrong_state")
    if on < reform.effective_on:
        raise DomainError(_("Its day has not come yet."), code="too_early")
    units = _units_lock(reform, on)
    try:
        with constraint_errors(CLASHES), transaction.atomic():
            counts = (
                _rename(reform)
                if reform.kind == ReformKind.RENAME
                else _move(reform, units, at, by_id, seen or preview(reform, at))
            )
    finally:
        unit_cache_clear()
        transaction.on_commit(unit_cache_clear)
    reform.state, reform.counts, reform.blocked = ReformState.DONE, counts, ""
    reform.done_at, reform.done_on = at, on
    reform.units.update(is_held=False)
    keep(reform, "carried_out", at, by_id, {"counts": counts})
    _tell(reform, at)


def reforms_due(at: dt.datetime | None = None) -> int:
    """Carry out every approved reform whose day has come, each in its own transaction; returns how
    many. One that cannot be is told once and tried again by the next run."""
    moment = at or now()
    waiting = UnitReform.objects.filter(
        state=ReformState.APPROVED, effective_on__lte=local_date(moment)
    )
    found = list(waiting.order_by("effective_on", "pk").values_list("pk", flat=True))
    done = sum(_try(pk, moment) for pk in found)
    _late_settle(moment)
    return done


def _late_settle(at: dt.datetime) -> None:
    """What reached a unit in the moment of its end (a form that was open, a cache of half a minute)
    follows it: petitions, offers, tasks of directives. One reform that cannot be settled keeps no
    other waiting."""
    since = local_date(at) - LATE
    rows = UnitReform.objects.filter(state=ReformState.DONE, done_on__gte=since)
    for reform in rows.exclude(kind=ReformKind.RENAME).order_by("pk"):
        try:
            with transaction.atomic():
                _settle(reform, at)
        except (DomainError, DatabaseError):
            log.exception("continuity.reform.unsettled", number=reform.number)


def _settle(reform: UnitReform, at: dt.datetime) -> None:
    move, _lines = move_build(reform, at, by_id=reform.approved_by_id)
    if move.main.valid_to is not None:
        return
    there = Q(unit_id__in=move.source_ids, closed_at=None) | Q(forwarded_to_id__in=move.source_ids)
    if Case.objects.filter(there).exists():
        cases_move(move)
    owed = Assignment.objects.filter(unit_id__in=move.source_ids).exclude(state__in=OVER)
    if owed.exists():
        assignments_move(move)


def _try(pk: int, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            rows = UnitReform.objects.select_for_update(of=("self",), no_key=True)
            reform = rows.filter(pk=pk, state=ReformState.APPROVED).first()
            if reform is None:
                return False
            carry_out(reform, at, reform.approved_by_id)
    except DomainError as error:
        _blocked(pk, str(error.message)[:500], at)
        return False
    except DatabaseError:
        # The database refused what no rule foresaw: the other reforms of the day go on.
        log.exception("continuity.reform.fault")
        _blocked(pk, _("A technical fault stopped this reform. It is tried again every hour."), at)
        return False
    return True


@transaction.atomic
def _blocked(pk: int, words: str, at: dt.datetime) -> None:
    reform = UnitReform.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    log.warning("continuity.reform.blocked", number=reform.number)
    if reform.blocked == words:
        return
    reform.blocked = words
    keep(reform, "blocked", at, None, {})
    people = {reform.made_by_id, reform.approved_by_id}
    tell(
        reform, "reform_blocked", at, *({"recipient_id": pk} for pk in sorted(filter(None, people)))
    )


def _units_lock(reform: UnitReform, on: dt.date) -> dict[str, Unit]:
    """The units that exist, locked in the order of their keys. Raises Conflict when one is no
    more, or a new code is taken meanwhile."""
    rows = list(reform.units.all())
    ids = [row.unit_id for row in rows if row.unit_id is not None]
    units = list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    for unit in units:
        if unit.valid_to is not None and unit.valid_to < on:
            words = _("%(unit)s does not exist any more.")
            raise Conflict(words % {"unit": unit.full_name})
    new = [row.code for row in rows if row.unit_id is None]
    if Unit.objects.filter(code__in=new).exists():
        raise Conflict(_("A unit with the code of a new one exists already."))
    return {unit.code: unit for unit in units}


def _rename(reform: UnitReform) -> dict[str, int]:
    """The unit keeps code, address and everything it holds; the former name holds until the day
    before."""
    row = reform.units.select_related("unit").get(side=Side.TO)
    unit = row.unit
    assert unit is not None
    last = reform.effective_on - DAY
    past = unit.former_names
    first = dt.date.fromisoformat(past[-1]["to"]) + DAY if past else unit.valid_from
    if last < first:
        raise Conflict(_("The unit did not bear its present name before that day."))
    entry = {"name": unit.name, "full_name": unit.full_name, "from": first.isoformat(),
             "to": last.isoformat(), "basis": _basis(reform)}  # fmt: skip
    unit.former_names = [*past, entry]
    unit.search_text = fold(f"{unit.search_text} {row.full_name}")
    unit.kind, unit.full_name = row.kind, row.full_name
    unit.name = short_name(row.full_name)[:120]
    unit.save()
    return {"renamed": 1}


def _move(
    reform: UnitReform, units: dict[str, Unit], at: dt.datetime, by_id: int | None, seen: Preview
) -> dict[str, int]:
    if seen.is_blocked:
        first = next(problem for problem in seen.problems if problem.is_blocking)
        raise DomainError(str(first.text), code="blocked")
    _found_new(reform, units, local_date(at))
    unit_cache_clear()
    move, _lines = move_build(reform, at, by_id=by_id)
    if any(unit.valid_from >= move.on for unit in move.sources):
        raise Conflict(_("A unit cannot end on the day on which it began."))
    _succeed(reform, move)
    counts: dict[str, int] = {}
    for mover in MOVERS:
        counts |= mover.move(move)
    _end(move)
    return counts


def _found_new(reform: UnitReform, units: dict[str, Unit], on: dt.date) -> None:
    """Save the units that are new, with what they have from those before."""
    before = [units[row.code] for row in reform.units.filter(side=Side.FROM)]
    rows: list[ReformUnit] = list(reform.units.filter(side=Side.TO, unit=None))
    for row in rows:
        row.unit = Unit.objects.create(**_values(row, before, on, _basis(reform), len(rows)))
        row.save(update_fields=["unit"])


def _values(
    row: ReformUnit, before: list[Unit], on: dt.date, basis: str, among: int
) -> dict[str, Any]:
    like = before[0]
    formed = ", ".join(unit.full_name for unit in before)
    codes = {unit.code for unit in before}
    near = sorted({code for unit in before for code in unit.neighbours} - codes)
    slug = slugify(fold(row.full_name))[:70] or row.code.lower()
    taken = Unit.objects.filter(slug=slug).exists()
    known = [unit.search_text for unit in before]
    return {
        "code": row.code,
        "kind": row.kind,
        "name": short_name(row.full_name)[:120],
        "full_name": row.full_name,
        "slug": f"{slug}-{row.code.lower()}"[:80] if taken else slug,
        "line": like.line,
        "parent_id": like.parent_id,
        "former_district": like.former_district,
        "formed_from": formed,
        "latitude": like.latitude,
        "longitude": like.longitude,
        "area_km2": _sum(unit.area_km2 for unit in before) if among == 1 else None,
        "population": _sum(unit.population for unit in before) if among == 1 else None,
        "neighbours": near,
        # One cell of the map: the first unit has it.
        "grid_col": like.grid_col if row.position == 0 else None,
        "grid_row": like.grid_row if row.position == 0 else None,
        "is_remote": any(unit.is_remote for unit in before),
        "working_hours": like.working_hours,
        "address": like.address,
        "search_text": fold(" ".join([row.full_name, row.code, *known])),
        "basis": basis,
        "valid_from": on,
    }


def _sum(values: Any) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _succeed(reform: UnitReform, move: UnitMove) -> None:
    """Who took over from whom; the first keeps the files, also those kept from before."""
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            unit=unit, successor=target, on=move.on, basis=_basis(reform),
            keeps_files=target.pk == move.main.pk,
        )
        for unit in move.sources
        for target in move.targets
    )  # fmt: skip
    kept = {pk for unit in move.sources for pk in (unit.pk, *unit.keeps)}
    move.main.keeps = sorted({*move.main.keeps, *kept})
    if not all(unit.code in move.main.search_text for unit in move.sources):
        names = " ".join(unit.search_text for unit in move.sources)
        move.main.search_text = fold(f"{move.main.search_text} {names}")
    move.main.save(update_fields=["keeps", "search_text"])


def _end(move: UnitMove) -> None:
    """The last day of the sources; neighbours and bodies below them are those of the new unit."""
    Unit.objects.filter(pk__in=move.source_ids).update(valid_to=move.on - DAY)
    Unit.objects.filter(parent_id__in=move.source_ids).update(parent=move.main)
    codes = {unit.code for unit in move.sources}
    new = {unit.code for unit in move.targets}
    rows = list(Unit.objects.filter(neighbours__overlap=sorted(codes)))
    for row in rows:
        row.neighbours = sorted((set(row.neighbours) - codes) | (new - {row.code}))
    near = {row.code for row in rows} - codes
    known = {row.pk: row for row in rows}
    targets = [known.get(unit.pk) or unit for unit in move.targets]
    for row in targets:
        row.neighbours = sorted({*row.neighbours, *near} - codes - {row.code})
    changed = list({row.pk: row for row in [*rows, *targets]}.values())
    Unit.objects.bulk_update(changed, ["neighbours"], batch_size=500)


def _basis(reform: UnitReform) -> str:
    return f"{reform.number}, {reform.issuer}"[:BASIS_MAX]


def _tell(reform: UnitReform, at: dt.datetime) -> None:
    """Desk and head of every new unit, the Office of the City Party Committee, who prepared it."""
    units = [row.unit for row in reform.units.filter(side=Side.TO).select_related("unit")]
    for unit in filter(None, units):
        positions = dict.fromkeys((desk_of(unit), head_of(unit)))
        if unit.is_commune_level:
            positions |= {"secretary": None}
        addresses = [{"unit_id": unit.pk, "position": name} for name in positions]
        tell(reform, "reform_done", at, *addresses, unit=unit.full_name)
    office = unit_by_code(OFFICE)
    if office is not None:
        address = {"unit_id": office.pk, "position": desk_of(office)}
        tell(reform, "reform_done", at, address, unit=str(units[0]))
