"""The life of a case after filing: the officers' steps at their moments, through the services."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from accounts.enums import Role
from common.time import local_date
from deadlines.calendars import add_working_days
from hanoi_portal.demo import officers
from hanoi_portal.demo.accounts import Cast, Post
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.filings import BOARD, Planned
from hanoi_portal.demo.ladder import LadderWalk
from hanoi_portal.demo.moments import between, days_later, office_moment, soon
from petitions.enums import Flag, Kind
from petitions.grounds import (
    REFUSALS,
    ClosingGround,
    PublicationForm,
    SuspensionGround,
    TerminationGround,
    WithdrawalForm,
    WithdrawalScope,
)
from petitions.guards import in_force_on, own_result
from petitions.models import Case
from petitions.services.actions import case_act
from petitions.workflow import BY_ACTION, Action, ClockEffect

TRIAGE, HANDLE, DECIDE = "triage", "handle", "decide"
COMMUNE_ROLES = {TRIAGE: Role.CLERK, HANDLE: Role.HANDLER, DECIDE: Role.HEAD}
BOARD_ROLES = {TRIAGE: Role.BOARD_OFFICER, HANDLE: Role.BOARD_OFFICER, DECIDE: Role.BOARD_HEAD}
SIGNED_AT_RECEIPT = 0.72
SUPPLIED_SHARE = 0.6
# The others go to the head as the citizen classified them.
CLASSIFIED_SHARE = 0.5
RETURNED_PROPOSAL, RETURNED_DRAFT = 0.06, 0.08
DIALOGUE_SHARE, SUSPENDED_SHARE = 0.55, 0.06
STUCK_SHARE, STUCK_DAYS = 0.6, 60
LATE_DAYS_MEAN = 9.0
COURT_KINDS = (Kind.COMPLAINT, Kind.DENUNCIATION)


class Unfinished(Exception):
    """The next step lies in the future: the case stays as it is now."""


class Step(NamedTuple):
    """One action: when, by whom, with what."""

    at: dt.datetime
    who: str
    action: Action
    inputs: dict[str, Any]


class Life:
    """Walks one filed case through its states until it is closed or reaches ``now``."""

    def __init__(
        self, planned: Planned, case: Case, cast: Cast, ladder: LadderWalk, now: dt.datetime
    ) -> None:
        self.draw, self.case, self.cast, self.ladder, self.now = (
            planned.draw,
            case,
            cast,
            ladder,
            now,
        )
        self.rng = random.Random(f"{planned.salt.hex()}:life")
        self.facts = planned.letter.facts
        self.at = planned.draw.sent_at
        self.is_signed = planned.is_signed
        self.late_stage = self.rng.choice(("first", "result")) if self.draw.pace == "late" else ""

    def live(self) -> None:
        """Do every step that lies before ``now``; at the end take the ladder's steps till now."""
        try:
            for step in self._steps():
                self._do(step)
        except Unfinished:
            pass
        self.ladder.climb(self.case, until=self.now, rng=self.rng, facts=self.facts)

    def _do(self, step: Step) -> None:
        if step.at >= self.now:
            raise Unfinished
        self.ladder.climb(self.case, until=step.at, rng=self.rng, facts=self.facts)
        self.case = case_act(
            access=self._post(step.who).access,
            code=self.case.code,
            action=step.action.value,
            version=self.case.version,
            inputs=step.inputs,
            at=step.at,
            quiet=True,
        )
        self.at = step.at
        if BY_ACTION[step.action].effect is not ClockEffect.NONE:
            self.ladder.look_again(self.case)

    def _post(self, who: str) -> Post:
        roles = BOARD_ROLES if self.case.unit.code == BOARD else COMMUNE_ROLES
        return self.cast.post(self.case.unit_id, roles[who])

    def _steps(self) -> Iterator[Step]:
        yield from self._intake()
        ending = self._ending()
        yield from self._proposal(ending)
        if ending == Action.ACCEPT:
            yield from self._resolution()

    def _intake(self) -> Iterator[Step]:
        low, high = {"prompt": (0, 1), "slow": (1, 2), "late": (1, 4)}[self.draw.pace]
        signs = self.is_signed or self.rng.random() < SIGNED_AT_RECEIPT
        when = days_later(self.rng, self.at, low, high)
        yield Step(when, TRIAGE, Action.RECEIVE, {"is_signed": signs})
        self.is_signed = signs
        handler = self._post(HANDLE).user.username
        yield Step(soon(self.rng, self.at), TRIAGE, Action.ASSIGN, {"assignee": handler})
        if not signs and self.draw.kind in COURT_KINDS:
            yield from self._supplement()
        if self.rng.random() < CLASSIFIED_SHARE:
            when = soon(self.rng, self.at, low=20, high=200)
            yield Step(when, TRIAGE, Action.CLASSIFY, {"field": self.draw.field})

    def _supplement(self) -> Iterator[Step]:
        if self.draw.kind == Kind.DENUNCIATION and self.rng.random() > SUPPLIED_SHARE:
            return
        asked = {"reason": officers.reason(self.rng, "supplement", self._facts())}
        yield Step(soon(self.rng, self.at), TRIAGE, Action.REQUEST_SUPPLEMENT, asked)
        when = days_later(self.rng, self.at, 1, 4)
        self.is_signed = True
        yield Step(when, TRIAGE, Action.SUPPLY, {"is_signed": True})

    def _ending(self) -> Action:
        kind, ending = self.draw.kind, self.draw.ending
        if kind in COURT_KINDS and not self.is_signed:
            return Action.FILE_AWAY
        if ending == "guided" and kind != Kind.DENUNCIATION:
            return Action.GUIDE
        endings = {"declined": Action.DECLINE, "filed_away": Action.FILE_AWAY}
        return endings.get(ending, Action.ACCEPT)

    def _proposal(self, ending: Action) -> Iterator[Step]:
        ground = self._ground() if ending == Action.DECLINE else ""
        facts = self._facts()
        proposed = {
            "proposal": ending.value,
            "ground": ground,
            "text": officers.proposal(self.rng, self.draw.kind, facts)
            if ending == Action.ACCEPT
            else officers.reason(self.rng, "file_away", facts),
        }
        yield Step(self._until_due("first", 0.05, 0.35), HANDLE, Action.PROPOSE, proposed)
        if self.rng.random() < RETURNED_PROPOSAL:
            reason = {"reason": officers.reason(self.rng, "return", facts)}
            yield Step(days_later(self.rng, self.at, 0, 1), DECIDE, Action.RETURN_PROPOSAL, reason)
            yield Step(soon(self.rng, self.at, low=60, high=300), HANDLE, Action.PROPOSE, proposed)
        when = days_later(self.rng, self.at, 0, 1)
        yield Step(when, DECIDE, ending, self._head_inputs(ending, ground))

    def _head_inputs(self, ending: Action, ground: str) -> dict[str, Any]:
        facts = self._facts()
        if ending == Action.ACCEPT:
            number = {"number": self._number("TB-UBND")}
            is_mass = Flag.COLLECTIVE in self.case.flags
            return {**number, "representatives": True} if is_mass else number
        if ending == Action.FILE_AWAY:
            return {"reason": officers.reason(self.rng, "file_away", facts)}
        if ending == Action.GUIDE:
            text = officers.guidance(self.rng, facts)
            return {"number": self._number("HD-UBND"), "text": text}
        text = officers.refusal(self.rng, self.draw.kind, facts)
        return {"ground": ground, "number": self._number("TB-UBND"), "text": text}

    def _resolution(self) -> Iterator[Step]:
        note = {"note": officers.verification_note(self.rng, self._facts())}
        when = days_later(self.rng, self.at, 1, 3)
        yield Step(when, HANDLE, Action.START_VERIFICATION, note)
        if self.draw.ending == "withdrawn" and self.draw.kind in COURT_KINDS:
            yield from self._withdrawal()
            return
        yield from self._pause()
        if self.draw.kind == Kind.COMPLAINT and self.rng.random() < DIALOGUE_SHARE:
            yield self._dialogue()
        yield from self._result()

    def _withdrawal(self) -> Iterator[Step]:
        reason = officers.reason(self.rng, "terminate", self._facts())
        when = days_later(self.rng, self.at, 2, 10)
        told = {
            "scope": WithdrawalScope.WHOLE.value,
            "form": self.rng.choice(list(WithdrawalForm)).value,
            "received_on": local_date(when).isoformat(),
            "reason": reason,
        }
        yield Step(when, TRIAGE, Action.WITHDRAW, told)
        inputs = {
            "ground": TerminationGround.WITHDRAWN.value,
            "no_coercion": True,
            "number": self._number("QĐ-UBND"),
            "reason": reason,
        }
        yield Step(days_later(self.rng, self.at, 0, 2), DECIDE, Action.TERMINATE, inputs)

    def _pause(self) -> Iterator[Step]:
        if self.draw.kind not in COURT_KINDS or self.rng.random() > SUSPENDED_SHARE:
            return
        reason = officers.reason(self.rng, "suspend", self._facts())
        ground = SuspensionGround.OTHER_RESULT.value
        inputs = {"ground": ground, "number": self._number("QĐ-UBND"), "reason": reason}
        yield Step(days_later(self.rng, self.at, 2, 6), DECIDE, Action.SUSPEND, inputs)
        number = {"number": self._number("QĐ-UBND")}
        yield Step(days_later(self.rng, self.at, 8, 40), DECIDE, Action.RESUME, number)

    def _dialogue(self) -> Step:
        when = self._until_due("result", 0.25, 0.45, late=False)
        text = officers.dialogue_note(self.rng, self._facts())
        held_on = local_date(when).isoformat()
        return Step(when, HANDLE, Action.HOLD_DIALOGUE, {"held_on": held_on, "text": text})

    def _result(self) -> Iterator[Step]:
        facts = self._facts()
        draft = {"text": officers.decision_summary(self.rng, self.draw.kind, facts)}
        yield Step(self._until_due("result", 0.4, 0.75), HANDLE, Action.DRAFT_OUTCOME, draft)
        if self.rng.random() < RETURNED_DRAFT:
            reason = {"reason": officers.reason(self.rng, "return", facts)}
            yield Step(days_later(self.rng, self.at, 0, 1), DECIDE, Action.RETURN_DRAFT, reason)
            yield Step(days_later(self.rng, self.at, 0, 2), HANDLE, Action.DRAFT_OUTCOME, draft)
        mark = {Kind.COMPLAINT: "QĐ-UBND", Kind.DENUNCIATION: "KL-UBND"}
        number = {"number": self._number(mark.get(Kind(self.draw.kind), "UBND-VP"))}
        yield Step(days_later(self.rng, self.at, 0, 2), DECIDE, Action.DECIDE, number)
        yield Step(days_later(self.rng, self.at, 0, 2), TRIAGE, Action.NOTIFY, {})
        if self.draw.kind == Kind.COMPLAINT:
            yield self._in_force()
        if self.draw.kind == Kind.DENUNCIATION:
            yield from self._conclusion()
        yield from self._end()

    def _in_force(self) -> Step:
        """Some working day after the time to complain again, which may end behind days off."""
        result = own_result(self.case)
        assert result is not None
        day = add_working_days(in_force_on(self.case, result), self.rng.randint(1, 3))
        return Step(office_moment(self.rng, day, self.at), TRIAGE, Action.MARK_IN_FORCE, {})

    def _conclusion(self) -> Iterator[Step]:
        """Published and acted on, as a rule within the seven working days of each."""
        when = days_later(self.rng, self.at, 1, 2)
        published = {
            "form": PublicationForm.POSTING.value,
            "published_on": local_date(when).isoformat(),
            "text": officers.after_result(self.rng, "publication", self._facts()),
        }
        yield Step(when, TRIAGE, Action.PUBLISH, published)
        measures = {
            "number": self._number("QĐ-UBND"),
            "text": officers.after_result(self.rng, "measures", self._facts()),
        }
        yield Step(days_later(self.rng, self.at, 1, 3), DECIDE, Action.ACT_ON_CONCLUSION, measures)

    def _end(self) -> Iterator[Step]:
        proposed = {
            "ground": ClosingGround.DONE.value,
            "evidence": officers.after_result(self.rng, "evidence", self._facts()),
        }
        when = days_later(self.rng, self.at, 3, 12)
        yield Step(when, TRIAGE, Action.PROPOSE_CLOSING, proposed)
        yield Step(days_later(self.rng, self.at, 0, 2), DECIDE, Action.CLOSE, {})

    def _until_due(self, stage: str, low: float, high: float, *, late: bool = True) -> dt.datetime:
        """When the next step is taken, measured against the running limit.

        A late case passes its limit in one stage; some of those that did so lately still wait.
        """
        due_on = self.case.due_on
        if due_on is None or due_on <= local_date(self.at):
            return days_later(self.rng, self.at, 0, 2)
        if late and self.late_stage == stage:
            return self._after_due(due_on)
        if self.draw.pace == "slow":
            low, high = 0.75, 0.95
        return between(self.rng, self.at, due_on, low, high)

    def _after_due(self, due_on: dt.date) -> dt.datetime:
        days = 1 + round(self.rng.expovariate(1 / LATE_DAYS_MEAN))
        is_recent = (local_date(self.now) - due_on).days < STUCK_DAYS
        if is_recent and self.rng.random() < STUCK_SHARE:
            raise Unfinished
        return office_moment(self.rng, add_working_days(due_on, days), self.at)

    def _facts(self) -> Facts:
        return self.facts.later(local_date(self.at))

    def _number(self, mark: str) -> str:
        return f"{self.rng.randint(11, 980)}/{mark}"

    def _ground(self) -> str:
        return self.rng.choice(REFUSALS[self.draw.kind]).value
