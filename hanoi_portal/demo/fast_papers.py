"""Proposals and signed papers of one case of bulk data."""

import random

from accounts.models import User
from common.time import local_date
from hanoi_portal.demo import officers
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.fast_life import ENDINGS, Done, FastLife
from hanoi_portal.demo.fast_rows import Rows
from petitions.enums import Kind, OutcomeKind
from petitions.grounds import REFUSALS, ClosingGround
from petitions.models import Outcome, Proposal
from petitions.workflow import Action

RESULTS = {Kind.COMPLAINT: OutcomeKind.DECISION, Kind.DENUNCIATION: OutcomeKind.CONCLUSION}


class PaperRows:
    """What was written on the way: one proposal or paper for each step that makes one."""

    def __init__(self, rows: Rows, life: FastLife, case_id: int, people: dict[str, User]) -> None:
        self.rows, self.life, self.case_id, self.people = rows, life, case_id, people
        self.kind = life.planned.filing.kind
        self.rng = random.Random(f"{life.planned.salt.hex()}:papers")

    def add(self) -> None:
        """The proposal that waits and the papers that were signed."""
        facts = self.life.planned.letter.facts
        for step in self.life.done:
            if step.action is Action.PROPOSE:
                self._proposal(step, self._ending(), facts)
            if step.action is Action.PROPOSE_CLOSING:
                self._proposal(step, Action.CLOSE, facts)
            if step.action in (Action.DECLINE, Action.GUIDE):
                kind = (
                    OutcomeKind.REFUSAL if step.action is Action.DECLINE else OutcomeKind.GUIDANCE
                )
                self._outcome(step, kind, step, facts)
            if step.action is Action.DRAFT_OUTCOME:
                kind = RESULTS.get(Kind(self.kind), OutcomeKind.REPLY)
                self._outcome(step, kind, self._step(Action.DECIDE), facts)

    def _ending(self) -> Action:
        taken = [s.action for s in self.life.done if s.action in (Action.ACCEPT, *ENDINGS.values())]
        return taken[0] if taken else Action.ACCEPT

    def _step(self, action: Action) -> Done | None:
        return next((step for step in self.life.done if step.action is action), None)

    def _proposal(self, step: Done, action: Action, facts: Facts) -> None:
        closing = action is Action.CLOSE
        refused = action is Action.DECLINE
        text = (
            officers.after_result(self.rng, "evidence", facts)
            if closing
            else officers.proposal(self.rng, self.kind, facts)
        )
        ground = ClosingGround.DONE.value if closing else ""
        later = self._step(Action.PROPOSE_CLOSING) if not closing else None
        self.rows.add(
            Proposal,
            case_id=self.case_id,
            action=action.value,
            ground=REFUSALS[self.kind][0].value if refused else ground,
            text=text,
            by_id=self.people[step.who].pk,
            at=step.at,
            is_current=later is None,
            returned_reason="",
        )

    def _outcome(self, drafted: Done, kind: OutcomeKind, signed: Done | None, facts: Facts) -> None:
        sent = signed if drafted is signed else self._step(Action.NOTIFY)
        refused = drafted.action is Action.DECLINE
        self.rows.add(
            Outcome,
            case_id=self.case_id,
            kind=kind.value,
            number=f"{self.rng.randint(11, 980)}/UBND" if signed else "",
            text=officers.decision_summary(self.rng, self.kind, facts),
            ground=REFUSALS[self.kind][0].value if refused else "",
            drafted_by_id=self.people[drafted.who].pk,
            drafted_at=drafted.at,
            signed_by_id=self.people["head"].pk if signed else None,
            issued_on=local_date(signed.at) if signed else None,
            notified_on=local_date(sent.at) if sent else None,
        )
