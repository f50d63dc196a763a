"""What units did about the directives: plans, reports, confirmations; some did little."""

import datetime as dt
import random

from accounts.access import Access
from accounts.enums import Role
from common.time import local_date
from communes.models import Unit
from deadlines.calendars import COVERED_FROM
from directives.enums import AssignmentState, Indicator
from directives.models import Assignment
from directives.receivers import ADDRESSEE_POSITION
from directives.selectors_behind import plan_is_missing
from directives.services import Plan, Report, plan_record, report_review, report_submit
from hanoi_portal.demo import officers
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.moments import days_later
from hanoi_portal.demo.places import Place

PLAN_SHARE = 0.82
CONFIRMED_SHARE, RETURNED_SHARE = 0.5, 0.08
FOLLOWER = "BTGDV"


class DirectiveWork:
    """Reports of one unit at a time; each unit depends on the seed and its code."""

    def __init__(self, cast: Cast, *, seed: int, now: dt.datetime) -> None:
        self.cast, self.seed, self.now = cast, seed, now
        self.reviewer = cast.post(cast.units[FOLLOWER].pk, Role.PROPAGANDA).access

    def make(self, unit: Unit, assignments: list[Assignment]) -> int:
        """Report on the unit's assignments; returns on how many. ``zeal`` differs by unit."""
        rng = random.Random(f"{self.seed}:directives:{unit.code}")
        zeal = rng.triangular(0.15, 1.0, 0.75)
        place = Place(unit.code, unit.full_name, unit.population or 0)
        done = 0
        for assignment in assignments:
            at = self._start(rng)
            facts = Facts(rng, on=local_date(at), place=place)
            if assignment.task.is_plan and rng.random() < PLAN_SHARE:
                assignment.version = self._plan(rng, assignment, at, facts)
            if rng.random() < zeal:
                self._report(rng, assignment, at, facts, zeal)
                done += 1
        return done

    def _start(self, rng: random.Random) -> dt.datetime:
        earliest = dt.datetime.combine(COVERED_FROM, dt.time(2), dt.UTC)
        at = self.now - dt.timedelta(days=rng.randint(25, 260), hours=rng.randint(0, 8))
        return max(at, earliest)

    def _access(self, assignment: Assignment) -> Access:
        position = ADDRESSEE_POSITION[assignment.addressee]  # type: ignore[index]
        return self.cast.post(assignment.unit_id, position).access

    def _plan(
        self, rng: random.Random, assignment: Assignment, at: dt.datetime, facts: Facts
    ) -> int:
        plan_record(
            access=self._access(assignment),
            public_id=assignment.public_id,
            version=assignment.version,
            plan=Plan(
                officers.plan_number(rng, facts),
                local_date(at) - dt.timedelta(days=rng.randint(1, 12)),
                officers.plan_title(rng, facts),
            ),
            at=at,
            quiet=True,
        )
        return assignment.version + 1

    def _report(
        self,
        rng: random.Random,
        assignment: Assignment,
        at: dt.datetime,
        facts: Facts,
        zeal: float,
    ) -> None:
        is_done = rng.random() < zeal * 0.8 and not plan_is_missing(assignment)
        state = AssignmentState.REPORTED_DONE if is_done else AssignmentState.IN_PROGRESS
        reported = report_submit(
            access=self._access(assignment),
            public_id=assignment.public_id,
            version=assignment.version,
            report=Report(
                text=officers.progress_report(rng, assignment.task.code, facts),
                state=state.value,
                value=_value(rng, assignment, is_done, local_date(at)),
            ),
            at=days_later(rng, at, 0, 12),
            quiet=True,
        )
        if is_done:
            self._review(rng, reported, facts)

    def _review(self, rng: random.Random, assignment: Assignment, facts: Facts) -> None:
        chance = rng.random()
        if chance > CONFIRMED_SHARE + RETURNED_SHARE or assignment.reported_at is None:
            return
        at = days_later(rng, assignment.reported_at, 2, 9)
        if at >= self.now:
            return
        accepted = chance < CONFIRMED_SHARE
        report_review(
            access=self.reviewer,
            public_id=assignment.public_id,
            version=assignment.version,
            is_accepted=accepted,
            text="" if accepted else officers.reason(rng, "return", facts),
            at=at,
            quiet=True,
        )


def _value(rng: random.Random, assignment: Assignment, is_done: bool, on: dt.date) -> str:
    indicator = assignment.task.indicator
    if assignment.task.is_counted:
        return ""
    if indicator == Indicator.COUNT:
        return str(rng.randint(1, 24))
    if indicator == Indicator.PERCENTAGE:
        return f"{rng.randint(88, 100) if is_done else rng.randint(35, 90)}"
    if indicator == Indicator.YES_NO:
        return "yes" if is_done else "no"
    return on.isoformat()
