"""What the visitor sees of what came of a visit: outcome, contact, limits, public rows, or why
nobody received.

Nothing of it names another person. Of a visit about a denunciation only outcome and dates are
shown: whoever looks over the shoulder learns nothing of what was decided.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db.models import Q

from common.crypto import unseal
from common.errors import NotVisible
from common.time import today
from common.ui import due_bar
from petitions.enums import Kind, PartyRole
from petitions.models import Letter, SealedIdentity
from petitions.models.identity import identity_context
from petitions.services.signatures import identity_plain
from receptions.clocks import is_secret
from receptions.enums import RegistrationStatus, VisitOutcome
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Refusal,
    Registration,
    VisitRecord,
)
from receptions.refusal_grounds import grounds
from receptions.selectors import person_open
from receptions.selectors_conclusions import notices_shown_to, visit_clocks_of


@dataclass(frozen=True)
class Progress:
    """Of one visit, for the visitor."""

    registration: Registration
    visit: VisitRecord
    is_secret: bool
    limit: dict[str, Any] | None = None
    notices: list[tuple[ConclusionNotice, list[ConclusionTask]]] = field(default_factory=list)

    @property
    def contact(self) -> str:
        return "" if self.is_secret else self.visit.responsible_person

    @property
    def is_petition(self) -> bool:
        """Whether the matter is handled as a petition, whose own limits hold."""
        return not self.is_secret and self.visit.case_id is not None

    @property
    def has_rows(self) -> bool:
        """Whether a notice says when what is done."""
        return any(tasks for _notice, tasks in self.notices)

    @property
    def answer(self) -> str:
        """What was said on the spot; a conclusion's words stand in its notice alone, once that is
        issued."""
        if self.is_secret or self.visit.outcome == VisitOutcome.CONCLUSION:
            return ""
        return self.visit.conclusion


def progress_of(registration: Registration) -> Progress | None:
    """What came of a visit, or None before it is recorded. Four queries at most."""
    found = _progress_of([registration.pk])
    return found[0] if found else None


def _progress_of(registration_ids: list[int]) -> list[Progress]:
    """What came of visits, in the order of registration; four queries whatever their number."""
    rows = VisitRecord.objects.select_related(
        "registration__session__unit", "registration__case", "case", "sent_to"
    )
    rows = rows.filter(registration__in=registration_ids)
    visits = list(rows.order_by("registration__registered_at", "registration"))
    links = visit_clocks_of(visits)
    notices = notices_shown_to([visit for visit in visits if not is_secret(visit)])
    return [
        Progress(
            registration=visit.registration,
            visit=visit,
            is_secret=is_secret(visit),
            limit=_limit(links[visit.pk].clock, links[visit.pk]) if visit.pk in links else None,
            notices=list(_shown(visit, notices)),
        )
        for visit in visits
    ]


@dataclass(frozen=True)
class Refused:
    """Why somebody was not received, for that visitor. ``ground``: the words of the law, "" where
    they were not held against its text; the article always."""

    refusal: Refusal
    ground: str
    article: str
    explanation: str


def refused_of(registration: Registration) -> Refused | None:
    """The refusal of a visitor, or None; of a denouncer without what was explained. Two queries
    at most."""
    if registration.status != RegistrationStatus.REFUSED:
        return None
    rows = Refusal.objects.select_related("registration__case", "registration__session__unit")
    found = rows.get(registration=registration)
    ground = grounds()[found.ground]
    case = found.registration.case
    hidden = case is not None and case.kind == Kind.DENUNCIATION
    return Refused(
        refusal=found,
        ground=ground.text if ground.is_verified else "",
        article=ground.article,
        explanation="" if hidden else found.explanation,
    )


def notice_public(registration: Registration, public_id: uuid.UUID) -> ConclusionNotice:
    """An issued notice that the holder of a registration's secret may read. Raises NotVisible."""
    progress = progress_of(registration)
    for notice, tasks in progress.notices if progress else ():
        if notice.public_id == public_id and tasks:
            notice.session = registration.session
            return notice
    raise NotVisible


def progress_of_letter(letter: Letter) -> list[Progress]:
    """Visits on the case of a petition by the very person who wrote it; none of a denunciation.

    The case may have letters of others: only a registration with the petitioner's own identity
    number is shown.
    """
    if letter.kind == Kind.DENUNCIATION:
        return []
    rows = Registration.objects.filter(_of_case(letter.case_id), visit__isnull=False)
    registrations = list(rows.select_related("session__unit").order_by("registered_at", "pk"))
    own = set(_numbers(letter)) if registrations else set()
    found = [row.pk for row in registrations if _number(row) in own]
    return _progress_of(found) if found else []


def refusals_of_letter(letter: Letter) -> list[Refused]:
    """Receptions at which the very person who wrote a petition was refused with it, oldest first;
    none of a denunciation."""
    if letter.kind == Kind.DENUNCIATION:
        return []
    rows = Registration.objects.filter(case=letter.case_id, status=RegistrationStatus.REFUSED)
    registrations = list(rows.order_by("registered_at", "pk"))
    own = set(_numbers(letter)) if registrations else set()
    found = [row for row in registrations if _number(row) in own]
    return [shown for row in found if (shown := refused_of(row)) is not None]


def _of_case(case_id: int) -> Q:
    """The case of the visit, else the one that the visitor named; what a visit became in secret
    changes nothing about that."""
    apart = Q(visit__case=None) | Q(visit__case__kind=Kind.DENUNCIATION)
    return Q(visit__case=case_id) | (apart & Q(case=case_id))


def _limit(clock: Any, link: Any) -> dict[str, Any]:
    bar = due_bar(
        started_on=clock.started_on, due_on=clock.due_on, today=today(), state=clock.state
    )
    return {"clock": clock, "bar": bar, "link": link}


def _shown(
    visit: VisitRecord, notices: Iterable[ConclusionNotice]
) -> Iterator[tuple[ConclusionNotice, list[ConclusionTask]]]:
    """Issued notices that hold, with the rows that are not internal. One of the whole session,
    where the visit was concluded on, comes without rows: they are about other people too."""
    if is_secret(visit):
        return
    for notice in notices:
        of_session = notice.visit_id is None
        if notice.session_id != visit.registration.session_id or _is_replaced(notice):
            continue
        if of_session and visit.outcome == VisitOutcome.CONCLUSION:
            yield notice, []
        elif notice.visit_id == visit.pk:
            tasks = [task for task in notice.tasks.all() if not task.is_internal]
            if tasks:
                yield notice, tasks


def _is_replaced(notice: ConclusionNotice) -> bool:
    """By an issued notice: a draft may still be thrown away."""
    following: ConclusionNotice | None = getattr(notice, "replaced_by", None)
    return following is not None and following.is_issued


def _number(row: Registration) -> str:
    return identity_plain(str(person_open(row).get("identity_number", "")))


def _numbers(letter: Letter) -> Iterator[str]:
    """Identity numbers of the petitioners, but of those whom only the vault may open."""
    boxes = SealedIdentity.objects.filter(
        party__letter=letter, party__role=PartyRole.PETITIONER, is_protected=False
    )
    for row in boxes:
        try:
            person = unseal(row.key_version, bytes(row.box), context=identity_context(row.party_id))
        except (KeyError, InvalidTag):
            continue
        if number := identity_plain(str(person.get("identity_number", ""))):
            yield number
