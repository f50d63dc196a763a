"""Minutes of a visit: drafted from its record, put right, signed off by both sides, then fixed."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.errors import Conflict, DomainError, InvalidInput, NotVisible, Stale, allow
from common.text import clean
from common.time import now
from papers.marks import UNMARKED, Mark
from papers.selectors_proofs import file_of
from papers.services.proving import file_cover, file_issue, proved
from papers.subjects import SubjectKind, subject_of
from receptions.clocks import is_party
from receptions.conclusion_papers import minutes_pdf
from receptions.enums import SignedHow, VisitOutcome
from receptions.models import Minutes, MinutesAddendum, ReceptionSession, VisitRecord
from receptions.policies import can_record_visits, can_sign_minutes
from receptions.sealing import is_covered
from receptions.selectors import person_open, topic_shown
from receptions.selectors_conclusions import visit_open_get
from receptions.services._change import Notes, keep, session_for_change

TEXT_MAX = 20_000
NOTE_MAX = 300


def minutes_draft_text(visit: VisitRecord) -> str:
    """The first draft, in Vietnamese whatever the officer's screen speaks: people, matter, what was
    said and what was agreed."""
    with translation.override("vi"):
        return "\n\n".join(part for part in _parts(visit) if part)


def minutes_shown(
    visit: VisitRecord, *, whole: bool = False
) -> tuple[Minutes | None, list[MinutesAddendum]]:
    """Minutes and corrections as every page shows them, not to be saved: what was signed before
    the visit went under seal cannot change and is read in the words of the record. ``whole``: as
    they were signed, for the file that goes under seal."""
    minutes = Minutes.objects.select_related("receiver").filter(visit=visit).first()
    if minutes is None:
        return None, []
    addenda = list(minutes.addenda.select_related("written_by"))
    if whole:
        return minutes, addenda
    # A paper in Vietnamese: a foreign line would mark the visit.
    with translation.override("vi"):
        if is_covered(visit, minutes):
            minutes.text = minutes_draft_text(visit)
            minutes.visitor_note = minutes.visitor_note and _("As the visitor said.")
        for row in addenda:
            if visit.sealed_at is not None and row.written_at <= visit.sealed_at:
                row.text = _("Corrected as the visitor asked.")
    return minutes, addenda


def minutes_save(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    text: str,
    at: dt.datetime | None = None,
) -> Minutes:
    """Write the minutes of a recorded visit; ``version`` 0 begins them. A word that one side gave
    to an earlier text no longer holds.

    Raises NotVisible, NotPermitted (also of a visit that became a denunciation), InvalidInput on
    ``text``, Stale, Conflict when both signed.
    """
    with transaction.atomic():
        session, visit, minutes = _for_change(access, session_id, code, version)
        body = _text(text, TEXT_MAX, "text")
        if minutes is None:
            minutes = Minutes.objects.create(visit=visit, text=body)
        else:
            minutes.text = body
            minutes.receiver, minutes.receiver_signed_at = None, None
            minutes.visitor_signed, minutes.visitor_note = "", ""
            minutes.visitor_signed_at = None
            _save(minutes)
        _keep(session, visit, "receptions.minutes.written", access, at or now())
    return minutes


def minutes_sign(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    at: dt.datetime | None = None,
) -> Minutes:
    """The receiver's word, of whoever recorded the visit or receives in the unit. With both words
    the file is made. Raises as ``minutes_save``, NotVisible without minutes, SigningFailed."""
    moment = at or now()
    with proved():
        session, visit, minutes = _begun(access, session_id, code, version)
        allow(can_sign_minutes(access, session.unit_id, visit.recorded_by_id))
        minutes.receiver_id, minutes.receiver_signed_at = access.user_id, moment
        _save(minutes)
        _keep(session, visit, "receptions.minutes.receiver_signed", access, moment)
        _file(visit, access, moment)
    return minutes


def minutes_visitor_sign(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    how: str,
    note: str = "",
    at: dt.datetime | None = None,
) -> Minutes:
    """The visitor's word as the officer present records it: signed on paper, agreed on the screen,
    or would not sign, with a note. Raises as ``minutes_sign``, InvalidInput on ``how``, ``note``.
    """
    moment = at or now()
    with proved():
        session, visit, minutes = _begun(access, session_id, code, version)
        if how not in SignedHow.values:
            raise InvalidInput(fields={"how": [_("Choose one of the values of the list.")]})
        is_refused = how == SignedHow.REFUSED
        minutes.visitor_note = (
            _text(note, NOTE_MAX, "note") if is_refused else clean(note)[:NOTE_MAX]
        )
        minutes.visitor_signed, minutes.visitor_signed_at = how, moment
        _save(minutes)
        _keep(session, visit, "receptions.minutes.visitor_signed", access, moment, how=how)
        _file(visit, access, moment)
    return minutes


def minutes_addendum_add(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    text: str,
    at: dt.datetime | None = None,
) -> MinutesAddendum:
    """A correction of signed minutes, beside them; the file is made anew with it. Raises NotVisible,
    NotPermitted, InvalidInput on ``text``, DomainError ``wrong_state`` while they can still be
    changed themselves, SigningFailed."""
    moment = at or now()
    with proved():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        visit = visit_open_get(access, session, code)
        minutes = Minutes.objects.filter(visit=visit).first()
        if minutes is None:
            raise NotVisible
        if not minutes.is_signed:
            message = _("The minutes are not signed by both sides yet: change them themselves.")
            raise DomainError(message, code="wrong_state")
        row = MinutesAddendum.objects.create(
            minutes=minutes,
            text=_text(text, TEXT_MAX, "text"),
            written_by_id=access.actor_id,
            written_at=moment,
        )
        _keep(session, visit, "receptions.minutes.addendum", access, moment)
        _file(visit, access, moment)
    return row


def minutes_file_cover(visit: VisitRecord) -> None:
    """The visit went under seal, in the caller's transaction (``proved``): beside that of signed
    minutes there is a file in the words of the record."""
    old = file_of(_subject(visit))
    if old is not None:
        file_cover(old, render=lambda mark: minutes_printed(visit, mark))


def _file(visit: VisitRecord, access: Access, at: dt.datetime) -> None:
    """The file of minutes with both words; of those from before the visit went under seal a covered
    one too."""
    minutes = Minutes.objects.filter(visit=visit).first()
    if minutes is None or not minutes.is_signed:
        return
    file = file_issue(
        subject=_subject(visit),
        unit=visit.registration.session.unit,
        number="",
        by=User.objects.get(pk=access.actor_id),
        at=at,
        render=lambda mark: minutes_printed(visit, mark, whole=True),
        is_party=is_party(visit.registration.session),
    )
    if is_covered(visit, minutes):
        file_cover(file, render=lambda mark: minutes_printed(visit, mark))


def minutes_printed(visit: VisitRecord, mark: Mark = UNMARKED, *, whole: bool = False) -> bytes:
    """Minutes as every page shows them, or as they were signed (``whole``), as PDF; a draft from the
    record where nothing is written. Callers have checked the right."""
    minutes, addenda = minutes_shown(visit, whole=whole)
    row = visit.registration
    draft = minutes or Minutes(visit=visit, text=minutes_draft_text(visit))
    people = max(visit.people, row.people)
    return minutes_pdf(row.session, draft, person_open(row), people, addenda, mark=mark)


def _subject(visit: VisitRecord) -> str:
    return subject_of(SubjectKind.MINUTES, visit.pk)


def _parts(visit: VisitRecord) -> list[str]:
    people = _("Number of people: %(n)s.") % {"n": max(visit.people, visit.registration.people)}
    content = visit.content or topic_shown(visit.registration)
    return [
        people,
        _("Matter: %(text)s") % {"text": content},
        _("What was said: %(text)s") % {"text": visit.said},
        _("Earlier handling: %(text)s") % {"text": visit.handled_before}
        if visit.handled_before
        else "",
        _agreed(visit),
    ]


def _agreed(visit: VisitRecord) -> str:
    label = str(VisitOutcome(visit.outcome).label)
    lines = [_("Outcome: %(text)s.") % {"text": label}]
    if visit.conclusion:
        lines.append(visit.conclusion)
    if visit.responsible_unit is not None:
        person = f", {visit.responsible_person}" if visit.responsible_person else ""
        lines.append(_("Done by: %(who)s.") % {"who": f"{visit.responsible_unit}{person}"})
    elif visit.responsible_person:
        lines.append(_("Contact: %(who)s.") % {"who": visit.responsible_person})
    if visit.due_on is not None:
        lines.append(_("Until: %(date)s.") % {"date": f"{visit.due_on:%d/%m/%Y}"})
    return "\n".join(lines)


def _for_change(
    access: Access, session_id: uuid.UUID, code: str, version: int
) -> tuple[ReceptionSession, VisitRecord, Minutes | None]:
    session = session_for_change(access, session_id)
    allow(can_record_visits(access, session.unit_id))
    visit = visit_open_get(access, session, code)
    minutes = Minutes.objects.filter(visit=visit).select_for_update(no_key=True).first()
    if minutes is not None and minutes.is_signed:
        raise Conflict(_("Both sides have signed. A correction is written beside the minutes."))
    if (minutes.version if minutes else 0) != version:
        raise Stale(
            _("Somebody else has changed the minutes since you opened them. Nothing was lost."),
            extra={"version": minutes.version if minutes else 0},
        )
    return session, visit, minutes


def _begun(
    access: Access, session_id: uuid.UUID, code: str, version: int
) -> tuple[ReceptionSession, VisitRecord, Minutes]:
    session, visit, minutes = _for_change(access, session_id, code, version)
    if minutes is None:
        raise NotVisible
    return session, visit, minutes


def _save(minutes: Minutes) -> None:
    minutes.version += 1
    minutes.save()


def _keep(
    session: ReceptionSession,
    visit: VisitRecord,
    action: str,
    access: Access,
    at: dt.datetime,
    **data: str,
) -> None:
    data_of = {"number": visit.registration.queue_number, **data}
    keep(session, Notes(action, at, access.user_id, data=data_of))


def _text(typed: str, most: int, name: str) -> str:
    text = clean(typed)
    if not 1 <= len(text) <= most:
        raise InvalidInput(fields={name: [_("From 1 to %(most)s characters.") % {"most": most}]})
    return text
