"""Three invented documents whose tasks have dates and rhythms: one in force, with everything that
can become of a task in some wards; one that it replaced; one that was withdrawn."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access import Access
from accounts.enums import Role
from common.time import local_date, local_moment
from communes.models import Unit
from deadlines.calendars import COVERED_FROM
from deadlines.models import OPEN_STATES, Clock
from directives import services
from directives.enums import Addressee
from directives.models import Assignment, AssignmentPeriod, Directive, Task
from directives.receivers import ADDRESSEE_POSITION
from directives.services import Record, Report, TaskPlan
from escalation.recipients import Positions
from hanoi_portal.demo import story_texts as texts
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.ladder import clock_climb
from hanoi_portal.demo.moments import office_moment

LEAD = "BTGDV"
UNITS = 7
BEGAN = 118  # days before the moment that everything leads up to
Act = Callable[[], object]


def directive_story_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make the documents and what units did, once; how many assignments are new. All of it leads
    up to ``now`` (UTC moment): nothing is mailed, no step of a ladder is left to be taken."""
    if Directive.objects.filter(number=texts.PLAN["number"]).exists():
        return 0
    with transaction.atomic():
        return _Story(cast, seed, now).make()


@dataclass
class _Story:
    cast: Cast
    seed: int
    now: dt.datetime
    acts: list[tuple[dt.datetime, int, Act]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed}:story")
        self.giver: Access = self.cast.post(self.cast.units[LEAD].pk, Role.PROPAGANDA).access
        self.positions = Positions.read(local_date(self.now))
        communes = (unit for _code, unit in sorted(self.cast.units.items()))
        self.units = [unit for unit in communes if unit.is_commune_level][:UNITS]

    def make(self) -> int:
        old = self._old()
        self._withdrawn()
        plan = self._document(texts.PLAN, BEGAN)
        self._step(services.directive_relate, plan, BEGAN, kind="carries_out", target="1699-cv-tu")
        self._step(services.directive_relate, plan, BEGAN, kind="replaces", target=old.slug)
        tasks = self._tasks(plan, texts.GROUPS, BEGAN)
        self._step(services.directive_publish, plan, BEGAN - 1)
        rows = self._give(tasks, self.units, BEGAN - 2)
        for row in rows:
            self._lives(row)
        for at in self._months(BEGAN - 2):
            self._later(at, partial(self._month_begins, rows, at))
        self._play()
        self._climb(rows, self.now)
        return Assignment.objects.filter(task__group__directive__number__in=texts.NUMBERS).count()

    # Moments

    def _day(self, ago: int) -> dt.date:
        return max(local_date(self.now) - dt.timedelta(days=ago), COVERED_FROM)

    def _at(self, ago: int) -> dt.datetime:
        """Office hours of a day so many calendar days ago."""
        day = self._day(ago)
        return office_moment(self.rng, day, local_moment(day, 7))

    def _months(self, ago: int) -> Iterator[dt.datetime]:
        """When the job opens periods: the first of every month since a day."""
        day = self._day(ago).replace(day=1)
        while (day := (day + dt.timedelta(days=32)).replace(day=1)) <= local_date(self.now):
            yield local_moment(day, 0, 25)

    def _month_begins(self, rows: Sequence[Assignment], at: dt.datetime) -> None:
        self._climb(rows, at)
        services.periods_open(at=at)

    # Documents

    def _document(self, words: dict[str, Any], ago: int) -> Directive:
        record = Record(
            **words,
            kind="plan",
            issued_on=self._day(ago),
            issuer="Ban Tuyên giáo và Dân vận Thành ủy Hà Nội",
        )
        return services.directive_create(access=self.giver, record=record, at=self._at(ago))

    def _step(self, service: Any, directive: Directive, ago: int, **values: Any) -> Any:
        current = Directive.objects.get(pk=directive.pk)
        values |= {"slug": current.slug, "version": current.version, "at": self._at(ago)}
        return service(access=self.giver, **values)

    def _tasks(self, directive: Directive, groups: Any, ago: int) -> list[Task]:
        found = []
        for title, text, plans in groups:
            group = self._step(services.group_create, directive, ago, title=title, text=text)
            for words in plans:
                plan = TaskPlan(**words, lead_unit=LEAD, **self._when(words))
                values = {"group": group.code, "plan": plan}
                found.append(self._step(services.task_create, directive, ago, **values))
        return found

    def _when(self, words: dict[str, Any]) -> dict[str, Any]:
        if words.get("rhythm"):
            return {"starts_on": self._day(BEGAN - 2).replace(day=1)}
        return {"due_on": self._day(texts.DUE_AGO[words["title"]])}

    def _give(self, tasks: list[Task], units: list[Unit], ago: int) -> list[Assignment]:
        return services.assignments_create(
            access=self.giver, tasks=tasks, units=units, at=self._at(ago), quiet=True
        )

    def _old(self) -> Directive:
        """A document that is to be replaced; the units had done its task."""
        directive = self._document(texts.OLD, 240)
        tasks = self._tasks(directive, texts.OLD_GROUPS, 240)
        self._step(services.directive_publish, directive, 239)
        for row in self._give(tasks, self.units[:3], 238):
            self._do(row, 230, services.assignment_receive)
            self._report(row, 222, texts.DONE)
            self._review(row, 215)
        self._play()
        return directive

    def _withdrawn(self) -> None:
        """A document that was withdrawn with what units still owed on it."""
        directive = self._document(texts.WITHDRAWN, 90)
        tasks = self._tasks(directive, texts.WITHDRAWN_GROUPS, 90)
        self._step(services.directive_publish, directive, 90)
        for row in self._give(tasks, self.units[:2], 89):
            self._do(row, 86, services.assignment_receive)
        self._play()
        reason = {"reason": texts.WITHDRAWN_REASON, "quiet": True}
        self._step(services.directive_withdraw, directive, 80, **reason)

    # What becomes of a task

    def _lives(self, row: Assignment) -> None:
        number = next(n for n, unit in enumerate(self.units) if unit.pk == row.unit_id)
        lives = {0: self._past, 1: self._coming, 2: self._monthly, 3: self._quarterly}
        lives[row.task.position - 1 + 2 * (row.task.group.number - 1)](row, number)

    def _past(self, row: Assignment, number: int) -> None:
        """Its date has passed: in time, late, with more time, returned, or nothing at all."""
        fate = number % 7
        self._do(row, 110 - number, services.assignment_receive)
        if fate in (0, 5):
            if fate == 5:
                self._extension(row, 40, is_granted=False)
            return
        self._owner(row, 105 - number)
        self._report(row, 80, texts.GOING)
        if fate == 3:
            self._extension(row, 34, is_granted=True)
            return
        self._report(row, 16 if fate == 4 else 36, texts.DONE)
        if fate in (1, 4):
            self._review(row, 10)
            return
        self._review(row, 30, returned=True)
        self._report(row, 26, texts.CORRECTED)
        if fate == 6:
            self._review(row, 20)

    def _coming(self, row: Assignment, number: int) -> None:
        """Its date comes: not looked at, begun, waiting for an answer, asking for more time."""
        fate = number % 4
        if fate == 0:
            return
        self._do(row, 100 - number, services.assignment_receive)
        self._owner(row, 98 - number)
        held = {"held_on": self._day(85), "people": 30 + 4 * number, "material": texts.MATERIAL}
        self._do(row, 84, services.study_record, **held)
        if fate == 2:
            self._report(row, 5 + number, texts.DONE)
        if fate == 3:
            asked = {"wanted_on": self._day(-40), "reason": texts.MORE_TIME}
            self._do(row, 6, services.extension_ask, **asked)

    def _monthly(self, row: Assignment, number: int) -> None:
        self._do(row, 112, services.assignment_receive)
        months = list(self._months(BEGAN - 2))
        starts = [self._day(BEGAN - 2).replace(day=1), *map(local_date, months)]
        for place, (start, end) in enumerate(zip(starts, months, strict=False)):
            is_last = place == len(months) - 1
            if is_last and number % 4 == 2:
                return
            ago = (self.now - end).days - 3
            self._report(row, ago, texts.PERIOD, period=start, value=str(number % 3))
            if not is_last:
                self._review(row, ago - 6, period=start)
            elif number % 4 == 1:
                self._review(row, ago - 1, period=start, returned=True)

    def _quarterly(self, row: Assignment, number: int) -> None:
        if number % 3 == 2:
            return
        self._do(row, 111, services.assignment_receive)
        start = self._day(BEGAN - 2)
        first = start.replace(month=3 * ((start.month - 1) // 3) + 1, day=1)
        end = (first + dt.timedelta(days=95)).replace(day=1)
        ago = (local_date(self.now) - end).days - 3
        self._report(row, ago, texts.QUARTER, period=first, value="2")
        if number % 3 == 1:
            self._review(row, ago - 5, period=first)

    # Steps, played in the order of their moments

    def _later(self, at: dt.datetime, act: Act) -> None:
        if at < self.now:
            self.acts.append((at, len(self.acts), act))

    def _do(self, row: Assignment, ago: int, service: Any, **values: Any) -> None:
        """A step of the unit, by the position that was asked."""
        position = ADDRESSEE_POSITION[Addressee(row.addressee)]
        self._change(self.cast.post(row.unit_id, position).access, row, ago, service, **values)

    def _change(
        self, access: Access, row: Assignment, ago: int, service: Any, **values: Any
    ) -> None:
        if ago < 0:  # still to come
            return
        at = self._at(ago)

        def act() -> None:
            self._climb([row], at)
            current = Assignment.objects.get(pk=row.pk)
            if isinstance(values.get("period"), dt.date):
                period = AssignmentPeriod.objects.filter(assignment=row, starts_on=values["period"])
                values["period"] = period.get().public_id
            key = {"public_id": row.public_id, "version": current.version}
            service(access=access, at=at, quiet=True, **key, **values)

        self._later(at, act)

    def _owner(self, row: Assignment, ago: int) -> None:
        clerk = self.cast.post(row.unit_id, Role.HANDLER).user.username
        self._do(row, ago, services.owner_appoint, owner=clerk)

    def _report(
        self, row: Assignment, ago: int, words: str, *, period: Any = None, value: str = ""
    ) -> None:
        is_done = period is None and words != texts.GOING
        said = Report(words, "reported_done" if is_done else "in_progress", value)
        self._do(row, ago, services.report_submit, report=said, period=period)

    def _review(
        self, row: Assignment, ago: int, *, period: Any = None, returned: bool = False
    ) -> None:
        answer = {
            "is_accepted": not returned,
            "text": texts.RETURNED if returned else "",
            "until": self._day(ago - 14) if returned else None,
        }
        self._change(self.giver, row, ago, services.report_review, period=period, **answer)

    def _extension(self, row: Assignment, ago: int, *, is_granted: bool) -> None:
        asked = {"wanted_on": self._day(-8), "reason": texts.MORE_TIME}
        self._do(row, ago, services.extension_ask, **asked)
        answer = {"is_granted": is_granted, "answer": "" if is_granted else texts.NO_MORE_TIME}
        self._change(self.giver, row, ago - 4, services.extension_answer, **answer)

    def _play(self) -> None:
        for _at, _number, act in sorted(self.acts, key=lambda item: item[:2]):
            act()
        self.acts.clear()

    def _climb(self, rows: Sequence[Assignment], until: dt.datetime) -> None:
        """Take the steps of the ladder that were due up to a moment, the earliest first."""
        own = Q(assignment_clock__assignment__in=rows)
        periods = Q(period_clock__period__assignment__in=rows)
        waiting = Clock.objects.filter(own | periods, state__in=OPEN_STATES)
        due = waiting.filter(next_action_at__lte=until).order_by("next_action_at", "pk")
        while (clock := due.first()) is not None:
            assert clock.next_action_at is not None
            clock_climb(clock, self.positions, until=clock.next_action_at)
