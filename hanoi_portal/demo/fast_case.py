"""The rows of one case of bulk data: what the services would have written for its life."""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Model

from accounts.enums import Role
from accounts.models import User
from common.codes import code_new, secret_clean, secret_from_salt, token_hmac
from common.history import GENESIS, NewEvent
from common.text import clean
from common.time import local_date
from communes.models import Unit
from deadlines.models import Clock, ClockState
from escalation.enums import StepKind
from escalation.models import Escalation, EscalationState
from escalation.recipients import Holder, Positions
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.fast_clocks import ClockRow, clock_row
from hanoi_portal.demo.fast_life import FastLife, flags_of
from hanoi_portal.demo.fast_papers import PaperRows
from hanoi_portal.demo.fast_rows import Ids, Numbers, Rows
from notifications.services import address_seal
from petitions.contacts import contact_index
from petitions.enums import Kind, OutcomeKind, PartyRole, Stage
from petitions.escalations import ACTIONS as ESCALATED
from petitions.flags import COLLECTIVE_FROM
from petitions.models import (
    Case,
    CaseClock,
    CaseEvent,
    Letter,
    Outcome,
    Party,
    Proposal,
    SealedIdentity,
)
from petitions.models.letter import register_words
from petitions.receivers import receiver_of, units_barred
from petitions.references import field_by_code
from petitions.selectors_public import CODE_PREFIX, SECRET_PURPOSE
from petitions.services.people import identity_sealed
from petitions.services.registers import book_of
from petitions.subjects import search_text_of, subject_shown
from petitions.workflow import BY_ACTION, CLOSED_STATUSES, Action, Status

RESULTS = {Kind.COMPLAINT: OutcomeKind.DECISION, Kind.DENUNCIATION: OutcomeKind.CONCLUSION}
MODELS: tuple[type[Model], ...] = (
    Case, Letter, Party, SealedIdentity, Clock, CaseClock, CaseEvent, Escalation, Proposal, Outcome,
)  # fmt: skip


# Whoever does a step in a body: the services' own roles.
COMMUNE = {"clerk": Role.CLERK, "handler": Role.HANDLER, "head": Role.HEAD}
ROLES = {
    "BTCD": {"clerk": Role.BOARD_OFFICER, "handler": Role.BOARD_OFFICER, "head": Role.BOARD_HEAD},
    "TTTP": dict.fromkeys(COMMUNE, Role.INSPECTOR),
    "UBND": dict.fromkeys(COMMUNE, Role.CITY_CHAIR),
}


class Desk(NamedTuple):
    """What the cases of one chunk share."""

    rows: Rows
    ids: Ids
    numbers: Numbers
    cast: Cast
    positions: Positions


def keys_wanted(lives: Sequence[FastLife]) -> dict[type[Model], int]:
    """How many primary keys the cases will take."""
    people = sum(len(life.planned.filing.petitioners) + 1 for life in lives)
    limits = sum(len(life.limits) for life in lives)
    return {Case: len(lives), Letter: len(lives), Party: people, Clock: limits}


def status_after(action: Action, status: str) -> str:
    """The status that a step leads to."""
    target = BY_ACTION[action].target
    return target.value if target else status


class CaseRows:
    """The rows of one case."""

    def __init__(self, desk: Desk, life: FastLife) -> None:
        filing = life.planned.filing
        self.desk, self.life, self.filing = desk, life, filing
        self.draw, self.at = life.planned.draw, life.planned.draw.sent_at
        self.addressed = desk.cast.units[filing.unit]
        about = (filing.respondent or {}).get("unit")
        self.about = desk.cast.units[about] if about else None
        self.unit: Unit = receiver_of(filing.kind, self.addressed, self.about)
        self.barred = [u.pk for u in units_barred(filing.kind, self.addressed, self.about)]
        self.case_id, self.letter_id = desk.ids.take(Case), desk.ids.take(Letter)
        self.code = code_new(CODE_PREFIX)
        self.people = {who: self._person(who) for who in ("clerk", "handler", "head")}
        self.clocks = [(limit, clock_row(filing.kind, limit, life.now)) for limit in life.limits]

    def _person(self, who: str) -> User:
        roles = ROLES.get(self.unit.code, COMMUNE)
        return self.desk.cast.post(self.unit.pk, roles[who]).user

    def add(self) -> None:
        """Everything of the case."""
        life = self.life
        register = self._register()
        self._case()
        self._letter(register)
        self._parties()
        running = self._clock_rows()
        PaperRows(self.desk.rows, life, self.case_id, self.people).add()
        self._events(register, running)

    def _register(self) -> tuple[int, int] | None:
        taken_in = next((s for s in self.life.done if s.action is Action.RECEIVE), None)
        if taken_in is None:
            return None
        year = local_date(taken_in.at).year
        return self.desk.numbers.take(self.unit.pk, year, book_of(self.filing.kind)), year

    def _case(self) -> None:
        life, field = self.life, field_by_code(self.filing.field)
        assert field is not None
        subject = subject_shown(self.filing.kind, field.label_vi, self.filing.subject)
        is_closed = life.status.value in CLOSED_STATUSES
        running = [row for _limit, row in self.clocks if row.state == ClockState.RUNNING]
        levels = [step.level for row in running for _index, step, _moment in row.passed]
        is_assigned = any(step.action is Action.ASSIGN for step in life.done)
        self.desk.rows.add(
            Case,
            id=self.case_id,
            code=self.code,
            kind=self.filing.kind,
            instance=1,
            status=life.status.value,
            version=1 + len(life.done),
            unit_id=self.unit.pk,
            field_id=field.pk,
            subject=subject,
            search_text=search_text_of(self.code, subject),
            assignee_id=self.people["handler"].pk if is_assigned else None,
            respondent_unit_id=self.about.pk if self.about else None,
            barred_units=self.barred,
            flags=flags_of(
                life,
                is_rerouted=self.unit != self.addressed,
                is_collective=len(self.filing.petitioners) >= COLLECTIVE_FROM,
            ),
            submitted_at=self.at,
            closed_at=life.done[-1].at if is_closed else None,
            due_on=min((row.due_on for row in running), default=None),
            escalation_level=max(levels, default=0),
        )

    def _letter(self, register: tuple[int, int] | None) -> None:
        secret = secret_from_salt(self.life.planned.salt)
        email = next((p["email"] for p in self.filing.petitioners if p.get("email")), "")
        for_vault = self.filing.kind == Kind.DENUNCIATION
        version, box = address_seal(email, for_vault=for_vault) if email else (None, None)
        number, year = register or (None, None)
        self.desk.rows.add(
            Letter,
            id=self.letter_id,
            code=self.code,
            secret_hmac=token_hmac(SECRET_PURPOSE, secret_clean(secret)),
            case_id=self.case_id,
            kind=self.filing.kind,
            channel=self.life.planned.channel,
            addressed_unit_id=self.addressed.pk,
            subject=clean(self.filing.subject),
            content=clean(self.filing.content),
            request=clean(self.filing.request),
            people=len(self.filing.petitioners),
            submitted_at=self.at,
            contact_key_version=version,
            contact_box=box,
            contact_index=contact_index(email, self.filing.kind) if email else None,
            language="",
            register_unit_id=self.unit.pk if register else None,
            register_year=year,
            register_number=number,
        )

    def _parties(self) -> None:
        people: list[tuple[str, Any]] = [(PartyRole.PETITIONER, p) for p in self.filing.petitioners]
        if self.filing.respondent:
            people.append((PartyRole.RESPONDENT, self.filing.respondent))
        for number, (role, person) in enumerate(people, start=1):
            is_writer = role == PartyRole.PETITIONER
            pk = self.desk.ids.take(Party)
            self.desk.rows.add(
                Party,
                id=pk,
                letter_id=self.letter_id,
                role=str(role),
                number=number,
                is_representative=bool(person.get("representative")),
                unit_id=None if is_writer or self.about is None else self.about.pk,
                position="" if is_writer else person.get("position") or "",
            )
            is_denouncer = is_writer and self.filing.kind == Kind.DENUNCIATION
            sealed = identity_sealed(Party(pk=pk), person, is_denouncer=is_denouncer)
            self.desk.rows.add(
                SealedIdentity,
                party_id=pk,
                is_protected=sealed.is_protected,
                key_version=sealed.key_version,
                box=sealed.box,
                made_for_id=None,
                tells=sealed.tells,
            )

    def _clock_rows(self) -> list[tuple[int, ClockRow]]:
        """Clocks and what the ladder did; returns the running ones with their keys."""
        running = []
        for limit, row in self.clocks:
            pk = self.desk.ids.take(Clock)
            self._clock(pk, row)
            self.desk.rows.add(
                CaseClock, case_id=self.case_id, clock_id=pk, stage=limit.stage.value
            )
            if row.state == ClockState.RUNNING:
                running.append((pk, row))
                self._escalations(pk, row, limit.stage)
        return running

    def _clock(self, pk: int, row: ClockRow) -> None:
        clock = row.clock
        levels = [step.level for _index, step, _moment in row.passed]
        self.desk.rows.add(
            Clock,
            id=pk,
            public_id=uuid.uuid4(),
            rule_code=clock.rule_code,
            rule_version=clock.rule_version,
            state=str(row.state),
            started_on=clock.started_on,
            legal_due_on=row.legal_due_on,
            due_on=row.due_on,
            closed_on=row.closed_on,
            amount=clock.amount,
            basis=clock.basis,
            is_internal=clock.is_internal,
            derivation=row.derivation,
            pauses=row.pauses,
            extensions="[]",
            ladder=clock.ladder,
            step_moments=row.moments,
            next_step=row.next_step,
            step_round=0,
            tells_secretary=clock.tells_secretary,
            next_action_at=row.next_action_at,
            escalation_level=max(levels, default=0),
            holder_unit_id=self.unit.pk,
            holder_position=clock.holder_position,
            barred_units=self.barred,
            parked_reason="",
        )

    def _escalations(self, pk: int, row: ClockRow, stage: Stage) -> None:
        holder = Holder(self.unit.pk, row.clock.holder_position, self.barred)
        for index, step, moment in row.passed:
            found = self.desk.positions.find(step.to, holder)
            self.desk.rows.add(
                Escalation,
                public_id=uuid.uuid4(),
                clock_id=pk,
                round=0,
                step=index,
                step_code=step.code,
                kind=step.kind.value,
                level=step.level,
                due_at=moment,
                created_at=moment,
                unit_id=found.unit.pk if found.unit else None,
                position=found.position,
                nobody_found=found.nobody_found,
                state=EscalationState.OPEN.value,
                answer="",
                answer_step="",
                reason="",
            )

    def _events(
        self, register: tuple[int, int] | None, running: list[tuple[int, ClockRow]]
    ) -> None:
        told = [*self._filed(), *self._steps(register), *self._climbs(running)]
        previous = GENESIS
        told.sort(key=lambda item: item.at or self.at)
        for sequence, event in enumerate(told, start=1):
            row = CaseEvent.build(event, sequence, previous)
            previous = bytes(row.hash)
            self.desk.rows.add(
                CaseEvent,
                case_id=self.case_id,
                sequence=sequence,
                action=row.action,
                at=row.at,
                actor_id=row.actor_id,
                data=json.dumps(row.data, ensure_ascii=False),
                hash=previous,
            )

    def _filed(self) -> Iterable[NewEvent]:
        first = self.clocks[0][1]
        data = {
            "unit": self.unit.code,
            "channel": self.life.planned.channel,
            "rule": first.clock.rule_code,
            "due_on": first.due_on.isoformat(),
        }
        yield NewEvent(self.case_id, "petitions.letter.filed", data, None, self.at)

    def _steps(self, register: tuple[int, int] | None) -> Iterable[NewEvent]:
        status: str = Status.SUBMITTED.value
        for version, step in enumerate(self.life.done, start=2):
            target = status_after(step.action, status)
            data: dict[str, Any] = {"from": status, "to": target, "version": version}
            if step.action is Action.RECEIVE and register:
                data["register"] = register_words(self.filing.kind, *register)
            status = target
            actor = self.people[step.who].pk
            yield NewEvent(
                self.case_id, f"petitions.case.{step.action.value}", data, actor, step.at
            )

    def _climbs(self, running: list[tuple[int, ClockRow]]) -> Iterable[NewEvent]:
        for _pk, row in running:
            holder = Holder(self.unit.pk, row.clock.holder_position, self.barred)
            for _index, step, moment in row.passed:
                found = self.desk.positions.find(step.to, holder)
                data = {
                    "step": step.code,
                    "level": step.level,
                    "rule": row.clock.rule_code,
                    "due_on": row.due_on.isoformat(),
                    "unit": found.unit.code if found.unit else "",
                    "position": found.position,
                    "nobody_found": found.nobody_found,
                    "basis": step.basis,
                }
                yield NewEvent(self.case_id, ESCALATED[StepKind(step.kind)], data, None, moment)
