"""The day itself: who came, what was said, what was decided."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput, NotVisible
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from petitions.clocks import secretary_tell
from petitions.receivers import desk_of
from receptions.enums import DutyHolder, RegistrationStatus, SessionStatus, VisitOutcome
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.policies import can_record_visits
from receptions.services._change import Notes, keep, permit, session_for_change

TEXT_MAX = 10_000
PERSON_MAX = 120


@dataclass(frozen=True)
class Visit:
    """What came of one visit. A conclusion needs its text, a unit and a local date."""

    said: str
    outcome: str
    conclusion: str = ""
    responsible_unit: Unit | None = None
    responsible_person: str = ""
    due_on: dt.date | None = None


def session_record(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    visit: Visit | None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Record that a visitor was received and what came of it; ``visit`` None: did not come.

    A second record corrects the first, the history keeps both moments (Article 25 of Decree
    154/2026). The unit that got a task is told. Raises NotVisible, NotPermitted, InvalidInput,
    DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, session_id)
        permit(can_record_visits(access, session.unit_id))
        registration = _recordable(session, code)
        notes = Notes("receptions.visit.recorded", moment, access.user_id, quiet)
        if visit is None:
            notes.action = "receptions.visit.absent"
            _absent(registration)
        else:
            _check(visit, moment)
            _received(registration, visit, access, notes)
            _secretary_hears(session, registration)
            _tell_task(session, code, visit, notes)
        notes.data |= {"number": registration.queue_number}
        keep(session, notes)
    return registration


def _recordable(session: ReceptionSession, code: str) -> Registration:
    registration = session.registrations.filter(code=code).first()
    if registration is None:
        raise NotVisible
    if session.status not in (SessionStatus.PUBLISHED, SessionStatus.HELD):
        raise DomainError(
            _("This step is not possible in the present state of the session."), code="wrong_state"
        )
    if registration.status == RegistrationStatus.CANCELLED:
        raise DomainError(_("This registration was cancelled."), code="wrong_state")
    return registration


def _tell_task(session: ReceptionSession, code: str, visit: Visit, notes: Notes) -> None:
    """Another unit does not see the session: its notice leads to its own desk."""
    unit = visit.responsible_unit
    if unit is None:
        return
    desk = f"{reverse('receptions_staff:desk')}?unit={unit.code}#tasks"
    notes.tell(
        session,
        "reception_task",
        key=f"registration:{code}:task:{notes.at.isoformat()}",
        href="" if unit.pk == session.unit_id else desk,
        unit_id=unit.pk,
        position=desk_of(unit),
    )


def _absent(registration: Registration) -> None:
    if VisitRecord.objects.filter(registration=registration).exists():
        raise DomainError(_("A reception of this visitor is recorded."), code="wrong_state")
    if registration.status == RegistrationStatus.WAITING:
        raise DomainError(_("This visitor had no place yet."), code="wrong_state")
    registration.status = RegistrationStatus.ABSENT
    registration.save(update_fields=["status"])


def _received(registration: Registration, visit: Visit, access: Access, notes: Notes) -> None:
    values: dict[str, Any] = {
        "said": clean(visit.said),
        "outcome": visit.outcome,
        "conclusion": clean(visit.conclusion),
        "responsible_unit": visit.responsible_unit,
        "responsible_person": clean(visit.responsible_person),
        "due_on": visit.due_on,
        "recorded_by_id": access.user_id,
        "recorded_at": notes.at,
    }
    VisitRecord.objects.update_or_create(registration=registration, defaults=values)
    registration.status = RegistrationStatus.RECEIVED
    registration.save(update_fields=["status"])
    notes.data = {"outcome": visit.outcome}
    if visit.due_on is not None:
        notes.data["due"] = visit.due_on.isoformat()


def _secretary_hears(session: ReceptionSession, registration: Registration) -> None:
    """What was brought to the Party secretary's reception is his to follow: he is told when a
    limit of it passes."""
    case = registration.case
    is_his = session.duty_holder == DutyHolder.PARTY_SECRETARY
    if case is not None and is_his and case.unit_id == session.unit_id:
        secretary_tell(case)


def _check(visit: Visit, at: dt.datetime) -> None:
    errors: dict[str, list[str]] = {}
    if visit.outcome not in VisitOutcome.values:
        errors["outcome"] = [_("Choose one of the values of the list.")]
    if not 1 <= len(clean(visit.said)) <= TEXT_MAX:
        errors["said"] = [_("From 1 to %(most)s characters.") % {"most": TEXT_MAX}]
    if len(visit.conclusion) > TEXT_MAX:
        errors["conclusion"] = [_("From 1 to %(most)s characters.") % {"most": TEXT_MAX}]
    if len(visit.responsible_person) > PERSON_MAX:
        most = {"most": PERSON_MAX}
        errors["responsible_person"] = [_("From 1 to %(most)s characters.") % most]
    if visit.outcome == VisitOutcome.CONCLUSION:
        errors |= _task_missing(visit)
    if visit.due_on is not None and visit.due_on < local_date(at):
        errors["due_on"] = [_("The date has passed already.")]
    if errors:
        raise InvalidInput(fields=errors)


def _task_missing(visit: Visit) -> dict[str, list[str]]:
    """Article 25(2) of Decree 154/2026: directions, who, time limit."""
    needed: dict[str, Any] = {
        "conclusion": clean(visit.conclusion),
        "responsible_unit": visit.responsible_unit,
        "due_on": visit.due_on,
    }
    return {name: [_("A conclusion needs this.")] for name, value in needed.items() if not value}
