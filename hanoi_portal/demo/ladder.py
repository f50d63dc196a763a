"""The ladder's past steps for the cases of the demo, each at its own moment."""

import datetime as dt
import random

from django.utils import timezone

from accounts.enums import Role
from common.errors import Conflict
from common.time import local_date
from deadlines.models import Clock, ClockState
from escalation.enums import StepKind
from escalation.models import Escalation, EscalationState
from escalation.recipients import Positions
from escalation.services import Answer, escalation_acknowledge
from escalation.steps import batch_perform
from hanoi_portal.demo import officers
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.moments import days_later
from petitions.models import Case

ANSWERED_SHARE = 0.55


def clock_climb(clock: Clock, positions: Positions, *, until: dt.datetime) -> None:
    """Take every step of a running clock that was due up to a moment, each at its own time, without
    sending a mail about the past; nobody answers."""
    while clock.next_action_at and clock.next_action_at <= until:
        batch_perform([clock], clock.next_action_at, positions, quiet=True)
        clock.refresh_from_db()


class LadderWalk:
    """Takes due steps of one case after another, without sending a mail about the past."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.positions = Positions.read(local_date(timezone.now()))
        self._clocks: list[Clock] = []

    def look_again(self, case: Case) -> None:
        """Read the running clocks of a case, after filing and after every action."""
        self._clocks = list(
            Clock.objects.filter(case_clock__case=case, state=ClockState.RUNNING).order_by("id")
        )

    def climb(self, case: Case, *, until: dt.datetime, rng: random.Random, facts: Facts) -> None:
        """Take every step due up to a moment, earliest first, and answer some of them."""
        while True:
            due = [c for c in self._clocks if c.next_action_at and c.next_action_at <= until]
            if not due:
                return
            clock = min(due, key=lambda c: (c.next_action_at, c.pk))
            assert clock.next_action_at is not None
            moment = clock.next_action_at
            batch_perform([clock], moment, self.positions, quiet=True)
            clock.refresh_from_db()
            self._answer(clock, moment, until, rng, facts)

    def _answer(
        self,
        clock: Clock,
        since: dt.datetime,
        until: dt.datetime,
        rng: random.Random,
        facts: Facts,
    ) -> None:
        taken = Escalation.objects.filter(
            clock=clock, kind=StepKind.ESCALATION, state=EscalationState.OPEN, due_at=since
        ).first()
        if taken is None or taken.unit_id is None or rng.random() > ANSWERED_SHARE:
            return
        at = days_later(rng, since, 0, 2)
        next_steps = [c.next_action_at for c in self._clocks if c.next_action_at]
        if at >= min([until, *next_steps]):
            return
        try:
            post = self.cast.post(taken.unit_id, Role(taken.position))
            escalation_acknowledge(
                access=post.access,
                public_id=taken.public_id,
                answer=Answer(officers.escalation_answer(rng, facts.later(local_date(at)))),
                at=at,
            )
        except (Conflict, KeyError):
            return
