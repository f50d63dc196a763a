"""The record of a land project and its stages."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import InvalidInput, NotVisible, allow
from common.history import NewEvent
from common.text import fold
from common.time import local_date, now
from communes.models import Unit
from directives.validators import past_checked, text_checked, text_optional
from early_warning.enums import STAGES
from early_warning.models import LandProject, LandProjectEvent, LandProjectUnit, ProjectStage
from early_warning.policies import may_change_project, may_enter_projects
from early_warning.services._step import Step, file_taken, project_locked, step_begin, version_check
from early_warning.stages import StageDates, stage_problems

NAME_MAX, AREA_MAX, INVESTOR_MAX, NUMBER_MAX, SKIP_MAX = 240, 400, 200, 60, 500
HECTARES_MAX = Decimal(10_000)
HOUSEHOLDS_MAX = 100_000
UNITS_MAX = 30
CREATED = "early_warning.project.created"
CHANGED = "early_warning.project.changed"
STAGE = "early_warning.project.stage_recorded"


@dataclass(frozen=True)
class ProjectRecord:
    """A project as it stands on its decision. ``units``: codes of wards and communes;
    ``decision_on``: a local date, not in the future; ``decision_file``: an upload that nobody has
    taken yet, without one the file that is there stays."""

    name: str
    area: str
    units: tuple[str, ...]
    hectares: Decimal | None = None
    investor: str = ""
    decision_number: str = ""
    decision_on: dt.date | None = None
    decision_file: str = ""
    households: int | None = None


@dataclass(frozen=True)
class StageRecord:
    """Local dates of a stage; one that is left out says why."""

    planned_on: dt.date | None = None
    done_on: dt.date | None = None
    skipped_reason: str = ""


@transaction.atomic
def project_create(
    *, access: Access, given: ProjectRecord, at: dt.datetime | None = None
) -> LandProject:
    """Enter a project with its six stages, none of them done; one of its units is the person's.

    Raises NotPermitted, InvalidInput on the names of ``ProjectRecord``.
    """
    allow(may_enter_projects(access))
    moment = at or now()
    units = _units(given.units, local_date(moment))
    _own_unit(access.standing(Permission.DIRECTIVE_REPORT), units)
    row = LandProject(created_at=moment, **_values(given))
    row.decision_file = file_taken(given.decision_file, field_name="decision_file", at=moment)
    row.save()
    LandProjectUnit.objects.bulk_create([LandProjectUnit(project=row, unit=u) for u in units])
    ProjectStage.objects.bulk_create(
        [ProjectStage(project=row, stage=stage, position=n) for n, stage in enumerate(STAGES, 1)]
    )
    data = {"units": [unit.code for unit in units], "version": 1}
    LandProjectEvent.append(NewEvent(row.pk, CREATED, data, access.user_id, moment))
    return row


@transaction.atomic
def project_change(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    given: ProjectRecord,
    at: dt.datetime | None = None,
) -> LandProject:
    """Correct the record. Raises NotVisible, NotPermitted, InvalidInput as ``project_create``,
    Stale."""
    row = project_opened(access, public_id, version)
    step = step_begin(row, access, CHANGED, at=at)
    units, values = _units(given.units, step.on, places_of(row)), _values(given)
    _own_unit(access.units(Permission.DIRECTIVE_REPORT), units)
    step.data["fields"] = {
        name: [_plain(getattr(row, name)), _plain(value)]
        for name, value in values.items()
        if getattr(row, name) != value and name != "search_text"
    }
    for name, value in values.items():
        setattr(row, name, value)
    file = file_taken(given.decision_file, field_name="decision_file", at=step.at)
    row.decision_file = file or row.decision_file
    _places_set(step, row, units)
    step.finish()
    return row


@transaction.atomic
def stage_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    stage: str,
    given: StageRecord,
    at: dt.datetime | None = None,
) -> LandProject:
    """Record the dates of a stage, or why it is left out; the order of stages is kept.

    Raises NotVisible (also for an unknown stage), NotPermitted, InvalidInput on the names of
    ``StageRecord``, Stale.
    """
    row = project_opened(access, public_id, version)
    stages = list(row.stages.select_for_update(no_key=True).order_by("position"))
    place = next((n for n, one in enumerate(stages) if one.stage == stage), None)
    if place is None:
        raise NotVisible
    step = step_begin(row, access, STAGE, at=at)
    reason = text_optional("skipped_reason", given.skipped_reason, SKIP_MAX)
    _stage_check(stages, place, given, reason, step.on)
    one = stages[place]
    one.planned_on, one.done_on, one.skipped_reason = given.planned_on, given.done_on, reason
    one.save(update_fields=["planned_on", "done_on", "skipped_reason"])
    step.data |= {"stage": stage, "done_on": _plain(given.done_on)}
    step.data |= {"planned_on": _plain(given.planned_on), "skipped": bool(reason)}
    step.finish()
    return row


def project_opened(access: Access, public_id: uuid.UUID | str, version: int) -> LandProject:
    """The locked project in the version that was looked at, for whoever keeps its record. Raises
    NotVisible, NotPermitted, Stale."""
    row = project_locked(access, public_id)
    allow(may_change_project(access, row, places_of(row)))
    version_check(row, version)
    return row


def places_of(row: LandProject) -> frozenset[int]:
    """Keys of the units where the project takes land."""
    return frozenset(row.places.values_list("unit_id", flat=True))


def _stage_check(
    stages: list[ProjectStage], place: int, given: StageRecord, reason: str, on: dt.date
) -> None:
    if given.done_on and reason:
        message = _("A stage that was done is not left out.")
        raise InvalidInput(fields={"skipped_reason": [message]})
    dates = [StageDates(one.planned_on, one.done_on, bool(one.skipped_reason)) for one in stages]
    wanted = StageDates(given.planned_on, given.done_on, bool(reason))
    if wanted == dates[place] == StageDates():
        raise InvalidInput(fields={"planned_on": [_("Enter a date, or why it is left out.")]})
    if problems := stage_problems(dates, place, wanted, on):
        raise InvalidInput(fields=problems)


def _values(given: ProjectRecord) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": text_checked("name", given.name, NAME_MAX),
        "area": text_checked("area", given.area, AREA_MAX),
        "investor": text_optional("investor", given.investor, INVESTOR_MAX),
        "decision_number": text_optional("decision_number", given.decision_number, NUMBER_MAX),
        "decision_on": given.decision_on,
        "hectares": _hectares(given.hectares),
        "households": _households(given.households),
    }
    if bool(values["decision_number"]) != (given.decision_on is not None):
        message = _("Number and date of the decision go together.")
        raise InvalidInput(fields={"decision_number": [message]})
    if given.decision_on is not None:
        past_checked("decision_on", given.decision_on)
    return values | {"search_text": fold(f"{values['name']} {values['area']}")}


def _hectares(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    try:
        rounded = value.quantize(Decimal("0.01"))
    except InvalidOperation:
        rounded = Decimal(-1)
    if not 0 < rounded <= HECTARES_MAX:
        message = _("A number above 0, at most %(most)s.") % {"most": HECTARES_MAX}
        raise InvalidInput(fields={"hectares": [message]})
    return rounded


def _households(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= HOUSEHOLDS_MAX:
        message = _("A number from %(low)s to %(high)s.") % {"low": 0, "high": HOUSEHOLDS_MAX}
        raise InvalidInput(fields={"households": [message]})
    return value


def _units(codes: Collection[str], on: dt.date, known: Collection[int] = ()) -> list[Unit]:
    """The units in force, and ``known`` ones that the project has."""
    wanted = set(codes)
    rows = Unit.objects.commune_level().filter(code__in=wanted)
    there = Unit.objects.in_force(on).values("pk")
    found = list(rows.filter(Q(pk__in=there) | Q(pk__in=known)).order_by("code"))
    if not wanted or len(found) != len(wanted) or len(found) > UNITS_MAX:
        raise InvalidInput(fields={"units": [_("Choose wards and communes of the list.")]})
    return found


def _own_unit(own: frozenset[int], units: Collection[Unit]) -> None:
    """Nobody enters a project, or changes it, into one that other units alone would keep."""
    if not own & {unit.pk for unit in units}:
        message = _("One of the units must be your own.")
        raise InvalidInput(fields={"units": [message]})


def _places_set(step: Step, row: LandProject, units: Collection[Unit]) -> None:
    wanted, known = {unit.pk for unit in units}, places_of(row)
    if wanted == known:
        return
    row.places.exclude(unit_id__in=wanted).delete()
    LandProjectUnit.objects.bulk_create(
        [LandProjectUnit(project=row, unit_id=pk) for pk in sorted(wanted - known)]
    )
    step.data["units"] = [unit.code for unit in units]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
