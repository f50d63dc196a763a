"""Field history of what decides over others: who may act, which days count, when is escalated.

Triggers (django-pghistory) keep every version of a row, whichever way it is written. Cases,
clocks and messages have none: their histories are events, and their writes stay cheap. The
models tracked belong to apps below; a proxy of each carries its triggers here, so that one
migration holds them all.
"""

from typing import Any

import pghistory
import pghistory.models
from django.db import models

from accounts.models import Membership
from common.history import AppendOnly
from communes.models import Unit
from deadlines.models import CalendarDay
from directives.models import Task
from escalation.models import Ladder, LadderSwitch
from receptions.models import ReceptionSession, SessionPattern


class FieldChange(pghistory.models.Event, AppendOnly):
    """A version of a row. ``pgh_context`` holds the person's key and the kind of process, and
    nothing else (``hanoi_portal.middleware.FieldHistory``)."""

    pgh_obj_id: int
    pgh_context: Any

    class Meta:
        abstract = True


class TrackedMembership(Membership):
    class Meta:
        proxy = True


class TrackedUnit(Unit):
    class Meta:
        proxy = True


class TrackedCalendarDay(CalendarDay):
    class Meta:
        proxy = True


class TrackedLadder(Ladder):
    class Meta:
        proxy = True


class TrackedLadderSwitch(LadderSwitch):
    class Meta:
        proxy = True


class TrackedSession(ReceptionSession):
    class Meta:
        proxy = True


class TrackedPattern(SessionPattern):
    class Meta:
        proxy = True


class TrackedTask(Task):
    class Meta:
        proxy = True


def _tracked(
    model: type[models.Model],
    name: str,
    fields: list[str] | None = None,
    exclude: list[str] | None = None,
) -> type[FieldChange]:
    """The model of the versions of ``model``; its triggers come with it."""
    versions = pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=fields,
        exclude=exclude,
        model_name=name,
        app_label="hanoi_portal",
        abstract=False,
        base_model=FieldChange,
        append_only=True,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
    )
    assert issubclass(versions, FieldChange)
    return versions


MembershipChange = _tracked(TrackedMembership, "MembershipChange")
# What it took over and how it was called stand in the reform that decided it.
UnitChange = _tracked(TrackedUnit, "UnitChange", exclude=["former_names", "keeps"])
CalendarDayChange = _tracked(TrackedCalendarDay, "CalendarDayChange")
# What a dry run found is no part of the rule.
LadderChange = _tracked(TrackedLadder, "LadderChange", exclude=["tried", "tried_at"])
LadderSwitchChange = _tracked(TrackedLadderSwitch, "LadderSwitchChange")
# Counters change with every registration; time and place are what a citizen goes by.
SessionChange = _tracked(
    TrackedSession,
    "SessionChange",
    fields=["unit", "leader", "duty_holder", "starts_at", "ends_at", "place", "capacity", "status"],
)
TaskChange = _tracked(TrackedTask, "TaskChange", exclude=["version"])
PatternChange = _tracked(TrackedPattern, "PatternChange", exclude=["version"])
