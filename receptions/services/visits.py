"""The day itself: who came, what was said, what was decided."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from papers.services.proving import proved
from petitions.clocks import secretary_tell
from receptions.clocks import is_party
from receptions.enums import RegistrationStatus, VisitOutcome
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.policies import can_read_words, can_record_visits
from receptions.sealing import reads_words
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.conclusions import BOOKS
from receptions.services.day import day_require, visitor_of, visitor_set, wrong_state
from receptions.services.numbering import book_held
from receptions.services.visit_after import visit_follow
from receptions.services.visit_entry import (
    Entry,
    entry_errors,
    entry_values,
    number_values,
    version_keep,
    visit_fresh,
)
from receptions.services.visit_notices import citizen_tell
from receptions.services.visit_sealing import papers_cover
from receptions.services.visit_words import Words, concluded, recording_check, words_split
from receptions.services.wishes import address_errors, address_put

TEXT_MAX = 10_000
PERSON_MAX = 120


@dataclass(frozen=True)
class Visit:
    """What came of one visit. A conclusion needs its text, a unit and a local date.

    ``entry``: fields of the register. ``version``: of the record that the form showed, 0 for none.
    """

    said: str
    outcome: str
    conclusion: str = ""
    responsible_unit: Unit | None = None
    responsible_person: str = ""
    due_on: dt.date | None = None
    entry: Entry = field(default_factory=Entry)
    version: int | None = None
    # Of a denunciation in an online reception, what became of its recording.
    recording: str = ""
    # Whether who may issue a conclusion does so at once; else it is left as a draft.
    issue: bool = True
    # Of the visitor, for column 3 of the register; None leaves the sealed one as it is.
    address: str | None = None


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

    On the session's day or later. What needs longer says until when and whom the citizen may ask
    (Article 25(3) of Decree 154/2026). The first record takes the next number of the unit's register
    (form 03/TCD); a second one corrects it, and what it replaces is kept (Article 25 of Decree
    154/2026). A conclusion becomes a notice with one row, issued at once by whoever receives in
    the unit, drafted by anybody else. Raises NotVisible, NotPermitted, InvalidInput, Stale,
    DomainError ``wrong_state`` or ``too_early``.
    """
    with proved():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        moment = _moment(session, visit, at)
        registration = _recordable(session, code, moment)
        notes = Notes("receptions.visit.recorded", moment, access.user_id, quiet)
        if visit is None:
            notes.action = "receptions.visit.absent"
            _absent(registration)
        else:
            found = VisitRecord.objects.filter(registration=registration).first()
            reads = _reads(access, session, found)
            _check(visit, found, moment, reads=reads)
            recording_check(visit.recording, visit.entry, found, registration, reads=reads)
            record, changed = _received(registration, visit, found, notes, reads=reads)
            _secretary_hears(session, registration)
            citizen_tell(session, record, notes, "recorded")
        notes.data |= {"number": registration.queue_number}
        keep(session, notes)
        if visit is not None:
            visit_follow(access, session, record, notes, changed=changed, issue=visit.issue)
    return registration


def _moment(session: ReceptionSession, visit: Visit | None, at: dt.datetime | None) -> dt.datetime:
    """Now, unless given; of a conclusion that is issued at once when its book is held."""
    if visit is not None and visit.issue and visit.outcome == VisitOutcome.CONCLUSION:
        return book_held(session.unit_id, BOOKS[is_party(session)], at)
    return at or now()


def _reads(access: Access, session: ReceptionSession, found: VisitRecord | None) -> bool:
    if found is None:
        return can_read_words(access, session.unit_id)
    return reads_words(access, found, session)


def _recordable(session: ReceptionSession, code: str, at: dt.datetime) -> Registration:
    registration = visitor_of(session, code)
    day_require(session, at)
    if registration.status == RegistrationStatus.CANCELLED:
        raise DomainError(_("This registration was cancelled."), code="wrong_state")
    if registration.status == RegistrationStatus.UNCONFIRMED:
        raise wrong_state()
    if registration.status == RegistrationStatus.REFUSED:
        raise DomainError(_("This visitor was refused; take that back first."), code="wrong_state")
    return registration


def _absent(registration: Registration) -> None:
    if VisitRecord.objects.filter(registration=registration).exists():
        raise DomainError(_("A reception of this visitor is recorded."), code="wrong_state")
    if registration.status == RegistrationStatus.WAITING:
        raise DomainError(_("This visitor had no place yet."), code="wrong_state")
    visitor_set(registration, RegistrationStatus.ABSENT)


def _received(
    registration: Registration,
    visit: Visit,
    found: VisitRecord | None,
    notes: Notes,
    *,
    reads: bool,
) -> tuple[VisitRecord, bool]:
    """The record, and whether its conclusion is another one than before."""
    session = registration.session
    visit_fresh(found, visit.version)
    before, was_sealed = concluded(found), found is not None and found.sealed_at is not None
    values: dict[str, Any] = {
        "said": clean(visit.said),
        "outcome": visit.outcome,
        "conclusion": clean(visit.conclusion),
        "responsible_unit": visit.responsible_unit,
        "responsible_person": clean(visit.responsible_person),
        "due_on": visit.due_on,
        "recorded_by_id": notes.by_id,
        "recorded_at": notes.at,
        **entry_values(visit.entry, registration, is_new=found is None),
    }
    words = Words(values, visit.recording, reads)
    values = words_split(words, found, registration, at=notes.at)
    notes.data = {"outcome": visit.outcome}
    if found is None:
        found = VisitRecord.objects.create(
            registration=registration, **values, **number_values(session)
        )
    else:
        notes.data["version"] = _corrected(found, values, session, notes.at)
    if visit.address is not None and address_put(registration, visit.address):
        notes.data["fields"] = ["address"]
    visitor_set(registration, RegistrationStatus.RECEIVED, "topic", "key_version", "box")
    if found.sealed_at is not None and not was_sealed:
        papers_cover(found, session, notes)
    if visit.due_on is not None:
        notes.data["due"] = visit.due_on.isoformat()
    return found, before != concluded(found)


def _corrected(
    found: VisitRecord, values: dict[str, Any], session: ReceptionSession, at: dt.datetime
) -> int:
    """The version of a record after its correction; its number in the register stays."""
    version_keep(found, at)
    if found.register_number is None:
        values |= number_values(session)
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    return found.version


def _secretary_hears(session: ReceptionSession, registration: Registration) -> None:
    """What was brought to the Party secretary's reception is his to follow: he is told when a
    limit of it passes."""
    case = registration.case
    is_his = is_party(session)
    if case is not None and is_his and case.unit_id == session.unit_id:
        secretary_tell(case)


def _check(visit: Visit, found: VisitRecord | None, at: dt.datetime, *, reads: bool) -> None:
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
    errors |= _told_missing(visit)
    is_over = visit.due_on is not None and visit.due_on < local_date(at)
    if is_over and _promises_anew(visit, found, reads=reads):
        errors["due_on"] = [_("The date has passed already.")]
    errors |= entry_errors(visit.entry, at) | address_errors(clean(visit.address or ""))
    if errors:
        raise InvalidInput(fields=errors)


def _promises_anew(visit: Visit, found: VisitRecord | None, *, reads: bool) -> bool:
    """Whether the date is another one than recorded, or goes into a new notice with other words;
    anything else of a record is corrected long after its date as well."""
    if found is None or visit.due_on != found.due_on:
        return True
    unit = visit.responsible_unit
    words = (clean(visit.conclusion), unit and unit.pk, clean(visit.responsible_person))
    is_same = (visit.outcome, *words) == concluded(found, reads=reads)[:-1]
    return visit.outcome == VisitOutcome.CONCLUSION and not is_same


def _told_missing(visit: Visit) -> dict[str, list[str]]:
    """Article 25 of Decree 154/2026: a conclusion says what, who and until when (clause 2); of what
    needs longer the citizen is told until when and whom to ask (clause 3)."""
    if visit.outcome == VisitOutcome.TAKEN_IN:
        needed: dict[str, Any] = {
            "responsible_person": clean(visit.responsible_person),
            "due_on": visit.due_on,
        }
        words = {
            "responsible_person": _("Say whom the citizen may ask about it."),
            "due_on": _("Say until when the citizen gets an answer."),
        }
        return {name: [words[name]] for name, value in needed.items() if not value}
    if visit.outcome == VisitOutcome.FORWARDED and visit.entry.get("sent_to") is None:
        return {"sent_to": [_("Say to which body it was forwarded.")]}
    if visit.outcome != VisitOutcome.CONCLUSION:
        return {}
    needed = {
        "conclusion": clean(visit.conclusion),
        "responsible_unit": visit.responsible_unit,
        "due_on": visit.due_on,
    }
    return {name: [_("A conclusion needs this.")] for name, value in needed.items() if not value}
