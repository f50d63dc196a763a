"""Performing the due steps of a batch of locked clocks: set-based, a fixed number of queries."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from common.db import rows_insert
from common.time import now
from deadlines.models import Clock
from escalation.enums import Place, StepKind
from escalation.ladder import Step, climbs_of, skip_reason
from escalation.ladders import ladder_of
from escalation.models import Escalation, EscalationState
from escalation.recipients import Holder, Positions, Recipient
from escalation.registry import Claim, Owner, Subject, Taken, owners
from notifications.services import NewMessage, outbox_write

_COLUMNS = {
    "public_id": "uuid",
    "clock_id": "bigint",
    "round": "int",
    "step": "int",
    "step_code": "text",
    "kind": "text",
    "level": "int",
    "due_at": "timestamptz",
    "created_at": "timestamptz",
    "unit_id": "bigint",
    "position": "text",
    "nobody_found": "boolean",
    "state": "text",
    "answer": "text",
    "answer_step": "text",
    "reason": "text",
}
_ONCE = "ON CONFLICT (clock_id, round, step) DO NOTHING RETURNING clock_id, step"
_ADVANCE = f"""
    UPDATE {Clock._meta.db_table} AS clock
    SET next_step = v.next_step, next_action_at = v.next_at, held_until = NULL,
        escalation_level = greatest(clock.escalation_level, v.level)
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::int[])
        AS v (id, next_step, next_at, level)
    WHERE clock.id = v.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step whose moment has come, with the position that gets it."""

    clock: Clock
    index: int
    step: Step
    moment: dt.datetime
    holder: Holder
    recipient: Recipient
    # Who raised it by hand.
    by_id: int | None = None


@dataclass
class Plan:
    """What a batch of clocks has to do at a moment."""

    due: list[DueStep] = field(default_factory=list)
    # (clock id, next step, its moment, level reached)
    advance: list[tuple[int, int, dt.datetime | None, int]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    # Clock ids by reason, for the page of the run.
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    # Of ``skipped``, what concerns clocks from which units are barred.
    hidden: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str, clock: Clock) -> None:
        self.skipped[reason] += 1
        self.passed_over.append((reason, str(clock.public_id)))
        self.hidden[reason] += is_hidden(clock)


@dataclass
class Outcome:
    """What became of a batch; counts only what is committed."""

    examined: int = 0
    reminders: int = 0
    escalations: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)
    # The same counts of clocks from which units are barred, by name or reason.
    hidden: Counter[str] = field(default_factory=Counter)

    def count(self, steps: Sequence[DueStep], taken: set[tuple[int, int]]) -> None:
        """Count the steps that were taken; the others had been before."""
        for item in steps:
            if (item.clock.pk, item.index) not in taken:
                self._add("already_taken", item.clock)
                self.skipped["already_taken"] += 1
                self.passed_over.append(("already_taken", str(item.clock.public_id)))
            elif item.step.kind is StepKind.REMINDER:
                self._add("reminders", item.clock)
                self.reminders += 1
            else:
                self._add("escalations", item.clock)
                self.escalations += 1

    def _add(self, name: str, clock: Clock) -> None:
        self.hidden[name] += is_hidden(clock)


def is_hidden(clock: Clock) -> bool:
    """Whether units are barred from the matter of a clock: no figure may tell of it."""
    return bool(clock.barred_units)


def batch_plan(clocks: Sequence[Clock], at: dt.datetime, positions: Positions) -> Plan:
    """The due steps of clocks, in order, several of one clock when it was not looked at for long.

    Pure: no query. Raises LookupError for a clock whose ladder or moments make no sense.
    """
    plan = Plan()
    for clock in clocks:
        _plan_clock(plan, clock, at, positions)
    return plan


def _plan_clock(plan: Plan, clock: Clock, at: dt.datetime, positions: Positions) -> None:
    ladder = ladder_of(clock)
    moments = clock.step_moments
    holder = holder_of(clock)
    index, level = clock.next_step, 0
    if index >= len(moments):
        plan.skip("nothing_left", clock)
    while index < len(moments) and moments[index] <= at:
        step = ladder[index]
        if reason := skip_reason(step, moments[index], clock):
            plan.skip(reason, clock)
        else:
            found = positions.find(step.to, holder)
            plan.due.append(DueStep(clock, index, step, moments[index], holder, found))
            level = max(level, step.level)
        index += 1
    next_at = moments[index] if index < len(moments) else None
    plan.advance.append((clock.pk, index, next_at, level))


def holder_of(clock: Clock) -> Holder:
    """Who holds a clock and whom its ladder may tell."""
    return Holder(
        clock.holder_unit_id,
        clock.holder_position,
        frozenset(clock.barred_units),
        clock.forwarder_unit_id,
        clock.tells_secretary,
        climbs_of(ladder_of(clock)),
    )


def batch_perform(
    clocks: Sequence[Clock], at: dt.datetime, positions: Positions, *, quiet: bool = False
) -> Outcome:
    """Take every due step of locked clocks, in the caller's transaction.

    The number of queries depends on the number of owners, not of clocks. ``quiet`` stores the
    notices as never to be sent (demo data of the past).
    """
    outcome = Outcome()
    claims = [(owner, owner.claim([clock.pk for clock in clocks])) for owner in owners()]
    outcome.busy = {pk for _owner, claim in claims for pk in claim.busy}
    free = [clock for clock in clocks if clock.pk not in outcome.busy]
    plan = batch_plan(free, at, positions)
    outcome.examined = len(free)
    outcome.skipped, outcome.passed_over = plan.skipped, plan.passed_over
    outcome.hidden = plan.hidden + Counter({"examined": sum(map(is_hidden, free))})
    new = _insert(plan.due, at)
    outcome.count(plan.due, new)
    taken = [item for item in plan.due if (item.clock.pk, item.index) in new]
    steps_tell(taken, claims, positions, at, quiet=quiet)
    _advance(plan)
    return outcome


def _insert(due: Sequence[DueStep], at: dt.datetime) -> set[tuple[int, int]]:
    """The (clock, step) that were not there yet: whoever inserts a step is the one to tell it."""
    rows = [
        (
            uuid.uuid4(),
            item.clock.pk,
            item.clock.step_round,
            item.index,
            item.step.code,
            item.step.kind.value,
            item.step.level,
            item.moment,
            at,
            item.recipient.unit.pk if item.recipient.unit else None,
            item.recipient.position,
            item.recipient.nobody_found,
            EscalationState.OPEN.value,
            "",
            "",
            "",
        )
        for item in due
    ]
    taken = rows_insert(Escalation._meta.db_table, _COLUMNS, rows, tail=_ONCE)
    return {(clock, step) for clock, step in taken}


def _advance(plan: Plan) -> None:
    if plan.advance:
        with connection.cursor() as cursor:
            cursor.execute(_ADVANCE, [list(column) for column in zip(*plan.advance, strict=True)])


def steps_tell(
    steps: Sequence[DueStep],
    claims: Sequence[tuple[Owner, Claim]],
    positions: Positions,
    at: dt.datetime,
    *,
    quiet: bool = False,
) -> None:
    """Notices into the outbox, history and level to the owners."""
    subjects = {pk: subject for _owner, claim in claims for pk, subject in claim.subjects.items()}
    moment = at if quiet else now()
    outbox_write(
        [
            message
            for item in steps
            for message in _messages(item, subjects.get(item.clock.pk), positions)
        ],
        at=moment,
        suppress=quiet,
    )
    for owner, claim in claims:
        batch = [
            _taken(item, claim.subjects[item.clock.pk], at, quiet=quiet)
            for item in steps
            if item.clock.pk in claim.subjects
        ]
        if batch:
            owner.on_steps(batch)


def _taken(item: DueStep, subject: Subject, at: dt.datetime, *, quiet: bool) -> Taken:
    unit = item.recipient.unit
    return Taken(
        clock_id=item.clock.pk,
        subject=subject,
        rule_code=item.clock.rule_code,
        due_on=item.clock.due_on,
        step=item.index,
        step_code=item.step.code,
        kind=item.step.kind,
        level=item.step.level,
        basis=item.step.basis,
        at=at,
        unit_code=unit.code if unit else "",
        position=item.recipient.position,
        nobody_found=item.recipient.nobody_found,
        tells_citizen=item.step.tells_citizen,
        round=item.clock.step_round,
        by_id=item.by_id,
        is_quiet=quiet,
    )


def _messages(item: DueStep, subject: Subject | None, positions: Positions) -> Iterator[NewMessage]:
    """One notice to the position that must act, one to each that is told; nobody gets two."""
    seen: set[tuple[int, str]] = set()
    told = (positions.held_at(place, item.holder) for place in item.step.told)
    for recipient in (item.recipient, *told):
        if recipient is None or recipient.unit is None or recipient.key in seen:
            continue
        seen.add((recipient.unit.pk, recipient.position))
        yield _message(item, recipient, subject, positions)


def _shown(item: DueStep, recipient: Recipient, subject: Subject | None) -> tuple[str, str]:
    """Code and page: the sender has a case of its own on the matter."""
    if subject is None:
        return "", ""
    if item.step.to is Place.FORWARDER and recipient.key == item.recipient.key:
        return subject.sender_code or subject.code, subject.sender_href or subject.href
    return subject.code, subject.href


def _message(
    item: DueStep, recipient: Recipient, subject: Subject | None, positions: Positions
) -> NewMessage:
    assert recipient.unit is not None
    clock, step = item.clock, item.step
    code, href = _shown(item, recipient, subject)
    # A mail goes through other hands: what kind of matter it is stands on the page alone.
    is_secret = subject is not None and subject.is_secret
    params = {
        "code": code,
        "href": href,
        "unit": positions.units[clock.holder_unit_id].full_name,
        "due_on": clock.due_on.isoformat(),
        "limit": "" if is_secret else clock.basis,
        "step": step.code,
        "level": step.level,
        "basis": "" if is_secret else step.basis,
        "nobody_found": item.recipient.nobody_found,
        "drafts": step.drafts,
        "of": subject.of if subject is not None else "case",
    }
    turn = f"{step.code}.{item.index}" if item.by_id else step.code
    turn = f"{turn}.r{clock.step_round}" if clock.step_round else turn
    # The same fact whoever is told: a person with two positions gets one mail.
    key = f"clock:{clock.public_id}:{turn}"
    desk = positions.at(Place.HANDLER, item.holder)
    if subject is not None and subject.handler_id is not None and recipient.key == desk.key:
        # Who stands in for the assigned officer does not see the denunciation.
        acting = subject.handler_id if is_secret else positions.acting(subject.handler_id)
        if acting is not None:
            return NewMessage(key, step.kind.value, params, recipient_id=acting)
    to: dict[str, Any] = {"unit_id": recipient.unit.pk, "position": recipient.position}
    return NewMessage(key, step.kind.value, params, is_secret=is_secret, **to)
