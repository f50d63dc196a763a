"""From a visit to a case: what was said becomes a petition, or joins one.

A denunciation made of a visit leaves neutral words where the visit stands: who may not see the
case reads nothing else there than of any visit (Articles 47 to 49 of the Law on Denunciations).
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.codes import code_clean
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, allow
from common.text import clean
from common.time import local_date, now
from papers.services.proving import proved
from petitions.clocks import secretary_tell
from petitions.enums import Channel, Kind
from petitions.models import Case
from petitions.selectors_public import CODE_PREFIX
from petitions.services.intake import Filed, Filing, petition_file
from petitions.services.visits import case_visited, visit_recorded
from receptions.clocks import is_party, is_sealed
from receptions.enums import Recording, RegistrationStatus
from receptions.models import (
    GONE,
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitRecord,
)
from receptions.policies import can_record_visits
from receptions.sealing import RECORDING
from receptions.selectors import person_open
from receptions.selectors_day import papers_of, papers_shown
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.visit_notices import CASE_MADE, visit_clock_hand_over
from receptions.services.visit_sealing import visit_seal
from receptions.services.wishes import address_put

MADE, JOINED = CASE_MADE, "receptions.visit.case_joined"
RECORDED = "receptions.visit.recorded"
_READ = ("case", "visit__case", "visit__responsible_unit")
R = RegistrationStatus


@dataclass(frozen=True)
class VisitFiling:
    """What the receiver adds to what is known: the petition itself. ``person``: what the sealed
    registration lacks (address, e-mail); ``others``: further petitioners, checked."""

    kind: str
    field: str
    subject: str
    content: str
    request: str = ""
    person: tuple[tuple[str, str], ...] = ()
    others: tuple[dict[str, str], ...] = ()
    representatives: int = 1
    respondent: dict[str, str] | None = None
    is_signed: bool = False


@dataclass(frozen=True)
class _Step:
    """A change of one visit under the lock of its session."""

    session: ReceptionSession
    row: Registration
    access: Access
    at: dt.datetime
    quiet: bool

    @property
    def visit(self) -> VisitRecord | None:
        return getattr(self.row, "visit", None)

    @property
    def is_sealed(self) -> bool:
        """Whether the visit became a denunciation."""
        return self.visit is not None and is_sealed(self.visit)


def visit_case_make(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    filing: VisitFiling,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Filed:
    """File what a recorded visit brought up, in the name of the sealed visitor, with code and
    secret for the slip. The competent unit gets it as of every letter: a denunciation of the
    unit's own people goes to a neutral body. It came in on the day of the reception, and its limits
    run from there, however late it is entered; the limit of the visit's written notice ends where
    the case owes the same.

    Raises NotVisible, NotPermitted, InvalidInput, DomainError ``wrong_state`` before the visit is
    recorded, Conflict ``has_case`` when a case that the person sees was made or joined already.
    """
    with proved():
        step = _begin(access, session_id, code, at or now(), quiet)
        if step.visit is None:
            raise DomainError(_("Record the visit first."), code="wrong_state")
        _refuse_second(step)
        filed = petition_file(
            filing=_filing(step, filing),
            salt=salt,
            at=step.at,
            received_at=step.session.starts_at,
            channel=Channel.RECEPTION,
            is_signed=filing.is_signed,
            by_id=access.actor_id,
            quiet=quiet,
        )
        case = Case.objects.select_for_update(of=("self",), no_key=True).get(code=filed.code)
        visit_recorded(case, visit_at=step.session.starts_at, by_id=access.actor_id, at=step.at)
        _address_keep(step, case, filing)
        _tie(step, case, MADE)
        visit_clock_hand_over(step.session, step.visit, case, local_date(step.at))
    return filed


def visit_case_join(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    case_code: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Case:
    """Tie a registration or its recorded visit to a case that the person sees.

    A denunciation is joined only by who may open identities where it lies, once the visit is
    recorded. Raises as ``visit_case_make``; InvalidInput on ``case_code`` for an unknown case.
    """
    with proved():
        step = _begin(access, session_id, code, at or now(), quiet)
        known = code_clean(case_code, CODE_PREFIX)
        try:
            case = case_visited(
                access=access,
                code=known or "",
                visit_at=step.session.starts_at,
                at=step.at,
            )
        except NotVisible:
            words = _("There is no case with this code that you can see.")
            raise InvalidInput(fields={"case_code": [words]}) from None
        if case.is_denunciation:
            _may_tie_denunciation(step, case)
        _refuse_second(step)
        _tie(step, case, JOINED)
    return case


def _begin(access: Access, session_id: uuid.UUID, code: str, at: dt.datetime, quiet: bool) -> _Step:
    session = session_for_change(access, session_id)
    allow(can_record_visits(access, session.unit_id))
    row = session.registrations.select_related(*_READ).filter(code=code).first()
    if row is None:
        raise NotVisible
    if row.status in GONE:
        raise DomainError(_("This registration was cancelled."), code="wrong_state")
    return _Step(session, row, access, at, quiet)


def _refuse_second(step: _Step) -> None:
    """One case a visit. A case that the person does not see is as good as none: refusing would
    tell of it."""
    seen = Case.objects.visible_to(step.access)
    if seen.filter(pk__in=_tied_already(step)).exists():
        raise Conflict(_("This visit has its case already."), code="has_case")


def _tied_already(step: _Step) -> list[int]:
    row, visit = step.row, step.visit
    if visit is None:
        # A denunciation that the visitor named stands on no list: it is as good as none.
        named = row.case is not None and not row.case.is_denunciation
        return [row.case_id] if row.case_id and named else []
    found = [visit.case_id, row.case_id if step.is_sealed and _tied_after(step) else None]
    return [pk for pk in found if pk]


def _tied_after(step: _Step) -> bool:
    """Whether a case was made or joined once the visit was recorded; before, the visitor or the
    desk named it, and the visit may still get its own."""
    events = SessionEvent.objects.filter(
        session=step.session, data__number=step.row.queue_number
    ).order_by("sequence")
    recorded = events.filter(action=RECORDED).values_list("sequence", flat=True).first() or 0
    return events.filter(action__in=(MADE, JOINED), sequence__gt=recorded).exists()


def _may_tie_denunciation(step: _Step, case: Case) -> None:
    """Beside the visitor's name it would say who wrote it."""
    if case.unit_id not in step.access.units(Permission.IDENTITY_OPEN):
        raise NotPermitted(_("Only who may open identities there joins a denunciation."))
    if step.visit is None:
        raise DomainError(_("Record the visit first."), code="wrong_state")


def _filing(step: _Step, told: VisitFiling) -> Filing:
    row, visit = step.row, step.visit
    person = person_open(row) | {name: value for name, value in told.person if value}
    people = [person, *told.others]
    return Filing(
        kind=told.kind,
        subject=told.subject,
        content=_with_papers(step, told) + _recording_words(told.kind, visit),
        request=told.request,
        field=told.field,
        unit=step.session.unit.code,
        petitioners=[
            one | {"representative": number < told.representatives}
            for number, one in enumerate(people)
        ],
        respondent=told.respondent,
        people=max(row.people, visit.people if visit else 1),
    )


def _recording_words(kind: str, visit: VisitRecord | None) -> str:
    """What became of the recording of an online reception goes into the letter of a denunciation:
    nothing of it stays with the visit."""
    said = visit.sealed_words.get(RECORDING, "") if visit else ""
    if kind != Kind.DENUNCIATION or not said:
        return ""
    return f"\n\n{_('Recording of the online reception')}: {Recording(said).label}"


def _with_papers(step: _Step, told: VisitFiling) -> str:
    """The papers that were taken (form 02/TCD) are named at the end of the petition; in an open one
    as whoever makes it reads them."""
    is_open = told.kind != Kind.DENUNCIATION
    lines = papers_shown(step.access, step.row) if is_open else papers_of(step.row)
    papers = [
        f"{paper.position}. {paper.name} ({_('pages')}: {paper.pages},"
        f" {paper.get_condition_display()})"
        for paper in lines
    ]
    if not papers:
        return clean(told.content)
    return "\n".join([clean(told.content), "", _("Papers taken at the reception:"), *papers])


def _address_keep(step: _Step, case: Case, told: VisitFiling) -> None:
    """The address that was asked for goes into the register too; of a denunciation nothing but
    the letter takes it in."""
    address = dict(told.person).get("address", "")
    if address and not case.is_denunciation and address_put(step.row, address):
        step.row.version += 1
        step.row.save(update_fields=["key_version", "box", "version"])


def _tie(step: _Step, case: Case, action: str) -> None:
    """Set the links, and the event of the session."""
    notes = Notes(action, step.at, step.access.user_id, step.quiet)
    notes.data = {"number": step.row.queue_number}
    if case.is_denunciation:
        _tie_sealed(step, case, notes)
    else:
        _tie_open(step, case)
    keep(step.session, notes)


def _tie_open(step: _Step, case: Case) -> None:
    """A denunciation that the visit became stays tied: the open case stands beside it, where one
    stands that the visitor named."""
    row, visit = step.row, step.visit
    if visit is not None and not step.is_sealed:
        visit.case = case
        visit.version += 1
        visit.save(update_fields=["case", "version"])
    named_secret = row.case is not None and row.case.is_denunciation
    if row.case is None or visit is None or (step.is_sealed and not named_secret):
        row.case = case
        row.version += 1
        row.save(update_fields=["case", "version"])
    is_his = is_party(step.session)
    if is_his and case.unit_id == step.session.unit_id:
        secretary_tell(case)


def _tie_sealed(step: _Step, case: Case, notes: Notes) -> None:
    """The visit alone is tied, its words go; in the session's history the record is corrected. A
    second denunciation stands where the visitor's own link would, if there is room."""
    visit, row = step.visit, step.row
    assert visit is not None
    visit.registration = row
    if not step.is_sealed:
        visit.case = case
        visit.save(update_fields=["case"])
    elif row.case is None:
        row.case = case
        row.save(update_fields=["case"])
    visit_seal(visit, case, step.session, notes)
    notes.action = RECORDED
    notes.data |= {"outcome": visit.outcome, "version": visit.version}
