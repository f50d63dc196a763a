"""The order of the stages of acquiring land. No database here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class StageDates:
    """A stage as it is recorded: local dates, and whether it was left out."""

    planned_on: dt.date | None = None
    done_on: dt.date | None = None
    is_skipped: bool = False

    @property
    def is_over(self) -> bool:
        return self.done_on is not None or self.is_skipped


def stage_problems(
    stages: Sequence[StageDates], place: int, wanted: StageDates, on: dt.date
) -> dict[str, list[str]]:
    """Why a stage cannot be recorded so, by field; empty when it can. ``stages``: all in their
    order, ``place``: which of them, ``on``: today, a local date."""
    before, after = stages[:place], stages[place + 1 :]
    if wanted.is_over and not all(stage.is_over for stage in before):
        return {"done_on": [_("The stages before it are not over yet: record them first.")]}
    if not wanted.is_over and any(stage.is_over for stage in after):
        return {"done_on": [_("A later stage is over already, so this one is, too.")]}
    found: dict[str, list[str]] = {}
    if problem := _done_problem(before, after, wanted, on):
        found["done_on"] = [problem]
    if problem := _planned_problem(before, after, wanted):
        found["planned_on"] = [problem]
    return found


def _done_problem(
    before: Sequence[StageDates], after: Sequence[StageDates], wanted: StageDates, on: dt.date
) -> str:
    day = wanted.done_on
    if day is None:
        return ""
    if day > on:
        return _("The date is in the future.")
    if any(stage.done_on and stage.done_on > day for stage in before):
        return _("An earlier stage was done later than that.")
    if any(stage.done_on and stage.done_on < day for stage in after):
        return _("A later stage was done before that.")
    return ""


def _planned_problem(
    before: Sequence[StageDates], after: Sequence[StageDates], wanted: StageDates
) -> str:
    day = wanted.planned_on
    if day is None:
        return ""
    if any(stage.planned_on and stage.planned_on > day for stage in before):
        return _("An earlier stage is planned later than that.")
    if any(stage.planned_on and stage.planned_on < day for stage in after):
        return _("A later stage is planned before that.")
    return ""
