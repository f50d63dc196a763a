"""The brief before a session: who comes, what lies in the files, what stands in the unit.

A sheet never ties a name to a denunciation: everybody reads of its visitor the sheet of somebody
without a case, in its place and with its number; whoever sees the case reads of it besides, on a
sheet behind all others that says nothing of a visitor (Articles 47 to 49 of the Law on
Denunciations). Queries do not grow with the visitors.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import local_date
from petitions.enums import Kind, Stage
from petitions.models import Case
from petitions.policies import may_read_letters
from petitions.selectors_files import CaseFile, case_files
from petitions.selectors_similar import (
    Similar,
    probe_of_words,
    probes_of_cases,
    similar_many,
)
from petitions.workflow import Status
from receptions.clocks import is_party
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import GONE, ReceptionSession, Registration, VisitRecord
from receptions.policies import RECORDERS, can_see_visitors
from receptions.promises import Matter, Promises, promises
from receptions.selectors import person_open, topic_clear, topic_shown
from receptions.selectors_places import queue_order

R = RegistrationStatus
# Who still comes, or sits there now.
WAITS = (R.REGISTERED, R.WAITING, R.CALLED, R.PARKED)
BEFORE_ACCEPTANCE = (
    Status.SUBMITTED, Status.RECEIVED, Status.AWAITING_SUPPLEMENT, Status.CLASSIFYING,
    Status.PROPOSED,
)  # fmt: skip
# Of the sealed person, what the room must have ready; it names nobody.
NEEDS = ("needs", "needs_note")
EARLIER_SHOWN, SIMILAR_SHOWN, EARLIER_READ = 4, 3, 400


@dataclass(frozen=True)
class Others:
    """Who else waits on the matter of a case: numbers, never names."""

    registrations: int = 0
    letters: int = 0
    duplicates: int = 0
    similar: int = 0

    def __bool__(self) -> bool:
        return bool(self.registrations or self.letters or self.duplicates or self.similar)


@dataclass(frozen=True)
class Sheet:
    """One visit. ``person`` is None on the sheet of a denunciation, ``topic`` then empty for
    whoever may not read its letters."""

    registration: Registration
    person: dict[str, Any] | None
    topic: str
    file: CaseFile | None
    promises: Promises
    needs: dict[str, Any]
    others: Others = Others()
    # Earlier receptions of the case, or of the person where there is no case.
    earlier: list[Registration] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)

    @property
    def case(self) -> Case | None:
        return self.file.case if self.file else None


def linked_ids(row: Registration) -> list[int]:
    """Keys of the cases of a visit: what the visit made or joined before what was linked when the
    visitor registered. The first that a reader sees is the one that he is shown."""
    visit: VisitRecord | None = getattr(row, "visit", None)
    return [pk for pk in (visit.case_id if visit else None, row.case_id) if pk]


def brief_sheets(access: Access, session: ReceptionSession, *, code: str = "") -> list[Sheet]:
    """Sheets of a session in the order of reception, behind them those of denunciations, or the one
    of a registration, which never leads to a denunciation.

    Raises NotVisible for whoever does not see visitors and for an unknown code.
    """
    if not can_see_visitors(access, session.unit_id):
        raise NotVisible
    rows = session.registrations.exclude(status__in=GONE).order_by(*queue_order())
    rows = rows.select_related("visit__case", "case")
    found = list(rows.filter(code=code) if code else rows)
    for row in found:
        row.session = session
    if code and not found:
        raise NotVisible
    desk = _Desk(access, session, found)
    return desk.sheets() if code else [*desk.sheets(), *desk.sealed_sheets()]


class _Desk:
    """What all sheets of a session share, read once."""

    def __init__(
        self, access: Access, session: ReceptionSession, rows: Sequence[Registration]
    ) -> None:
        self.access, self.session, self.rows = access, session, rows
        ids = {pk for row in rows for pk in linked_ids(row)}
        seen = Case.objects.visible_to(access).with_list_data().select_related("respondent_unit")
        found: dict[int, Case] = seen.in_bulk(ids)
        self.files = case_files(list(found.values()))
        self.cases = {pk: case for pk, case in found.items() if not case.is_denunciation}
        self.sealed = {pk: case for pk, case in found.items() if case.is_denunciation}
        self.people = {row.pk: person_open(row) for row in rows}
        self.similar = similar_many(access, self._probes(), SIMILAR_SHOWN)
        self.waiting = self._waiting()
        self.heard = self._heard()
        self.known = self._known()

    def sheets(self) -> list[Sheet]:
        """One of each visitor."""
        return [self._sheet(row) for row in self.rows]

    def sealed_sheets(self) -> list[Sheet]:
        """One of each denunciation that the reader sees, by its code: their order says nothing of
        who wrote them."""
        found = {pk: row for row in self.rows for pk in linked_ids(row) if pk in self.sealed}
        sheets = (self._sealed(self.sealed[pk], row) for pk, row in found.items())
        return sorted(sheets, key=lambda sheet: sheet.case.code if sheet.case else "")

    def _case(self, row: Registration) -> Case | None:
        return next((self.cases[pk] for pk in linked_ids(row) if pk in self.cases), None)

    def _probes(self) -> list[Any]:
        """Of somebody without a case, what was typed; the same for whoever does not see one."""
        free = [row for row in self.rows if self._case(row) is None]
        numbers = {row.pk: self.people[row.pk].get("identity_number", "") for row in free}
        words = [probe_of_words(row.code, topic_clear(row), numbers[row.pk]) for row in free]
        return [*probes_of_cases(list(self.cases.values())), *words]

    def _waiting(self) -> dict[int, set[bytes]]:
        """By open case, the people (HMACs) registered about it who are still to be heard."""
        rows = Registration.objects.filter(
            case__in=list(self.cases), session__unit_id=self.session.unit_id, status__in=WAITS
        )
        found: dict[int, set[bytes]] = {}
        for case_id, person in rows.values_list("case_id", "person_hmac"):
            found.setdefault(case_id, set()).add(bytes(person))
        return found

    def _heard(self) -> dict[int, list[Registration]]:
        """By open case, its earlier receptions in units whose visitors the reader sees."""
        found: dict[int, list[Registration]] = {}
        ids = list(self.cases)
        for row in receptions_of(self.access, ids).exclude(session=self.session):
            of_case = next(pk for pk in linked_ids(row) if pk in ids)
            found.setdefault(of_case, []).append(row)
        return found

    def _known(self) -> dict[bytes, list[Registration]]:
        """By person (HMAC), earlier registrations in this unit."""
        rows = Registration.objects.filter(
            person_hmac__in=[bytes(row.person_hmac) for row in self.rows],
            session__unit_id=self.session.unit_id,
            session__starts_at__lt=self.session.starts_at,
        ).exclude(status__in=GONE)
        rows = rows.select_related("session__leader", "visit").order_by("-registered_at", "-id")
        found: dict[bytes, list[Registration]] = {}
        for row in rows[:EARLIER_READ]:
            found.setdefault(bytes(row.person_hmac), []).append(row)
        return found

    def _sheet(self, row: Registration) -> Sheet:
        case = self._case(row)
        if case is None:
            return self._without_case(row)
        file = self.files[case.pk]
        return Sheet(
            row,
            self.people[row.pk],
            topic_shown(row),
            file,
            self._promises(file),
            self._needs(row),
            self._others(row, file),
            self.heard.get(case.pk, [])[:EARLIER_SHOWN],
            self.similar.get(case.code, []),
        )

    def _sealed(self, case: Case, row: Registration) -> Sheet:
        """Nothing of the visit stands here: whatever a list with names shows too would tell."""
        file = self.files[case.pk]
        topic = "" if may_read_letters(self.access, case) else self._sealed_topic(row)
        return Sheet(row, None, topic, file, self._promises(file), {})

    def _without_case(self, row: Registration) -> Sheet:
        return Sheet(
            row,
            self.people[row.pk],
            topic_shown(row),
            None,
            self._promises(None),
            self._needs(row),
            Others(),
            self.known.get(bytes(row.person_hmac), [])[:EARLIER_SHOWN],
            self.similar.get(row.code, []),
        )

    def _sealed_topic(self, row: Registration) -> str:
        return str(self.people[row.pk].get("topic") or "")

    def _needs(self, row: Registration) -> dict[str, Any]:
        person = self.people[row.pk]
        return {name: person[name] for name in NEEDS if person.get(name)}

    def _others(self, row: Registration, file: CaseFile) -> Others:
        people = self.waiting.get(file.case.pk, set()) - {bytes(row.person_hmac)}
        return Others(
            registrations=len(people),
            letters=max(0, len(file.letters) - 1),
            duplicates=file.duplicates,
            similar=len(self.similar.get(file.case.code, [])),
        )

    def _promises(self, file: CaseFile | None) -> Promises:
        on = local_date(self.session.starts_at)
        is_his = is_party(self.session)
        if file is None:
            return promises(Matter(on, is_party=is_his))
        case, clock = file.case, _result_clock(file)
        return promises(
            Matter(
                on,
                case.kind,
                case.status,
                is_his,
                _is_other_body(case),
                clock.due_on if clock else None,
                clock.basis if clock else "",
            )
        )


def receptions_of(access: Access, case_ids: Iterable[int]) -> Any:
    """Recorded receptions of these cases, newest first, in units whose visitors the reader sees.

    For open petitions only: of a denunciation it would name who wrote it. One that grew out of a
    visit about an open petition changes nothing here.
    """
    return _receptions(case_ids).filter(session__unit_id__in=_units_heard(access))


def _units_heard(access: Access) -> frozenset[int]:
    return frozenset[int]().union(*(access.units(permission) for permission in RECORDERS))


def _receptions(case_ids: Iterable[int]) -> Any:
    ids = list(case_ids)
    apart = Q(visit__case=None) | Q(visit__case__kind=Kind.DENUNCIATION)
    of_case = Q(visit__case__in=ids) | (Q(case__in=ids) & apart)
    rows = Registration.objects.filter(of_case, visit__isnull=False)
    return rows.select_related("session__leader", "session__unit", "visit").order_by(
        "-session__starts_at", "-id"
    )


class HeardOf(NamedTuple):
    """A reception at which a case was brought up. ``may_open``: the reader sees its visitors;
    ``said``: the words as recorded, sparse ones where they are under seal."""

    row: Registration
    may_open: bool
    said: str


def heard_at_receptions(access: Access, case: Case) -> list[HeardOf]:
    """The receptions at which a case was brought up, newest first: for whoever sees the visitors
    there, and for whoever reads the letters of the case, who reads what was said without the name.
    One query, none for a denunciation."""
    if case.is_denunciation:
        return []
    units = _units_heard(access)
    reads = may_read_letters(access, case) is None
    rows = _receptions([case.pk])
    if not reads:
        rows = rows.filter(session__unit_id__in=units)
    return [
        HeardOf(row, row.session.unit_id in units, row.visit.said)
        for row in rows[: SIMILAR_SHOWN * 5]
    ]


def session_next_for(access: Access, at: dt.datetime) -> ReceptionSession | None:
    """The public session that has not ended at a UTC moment and comes first: of whoever receives
    the own one, of whoever registers that of the unit. None for those who do neither."""
    holding = access.units(Permission.RECEPTION_HOLD)
    registering = access.units(Permission.RECEPTION_REGISTER)
    if not holding and not registering:
        return None
    mine = Q(unit_id__in=registering)
    if holding:
        mine = Q(unit_id__in=holding, leader_id=access.user_id)
    rows = ReceptionSession.objects.select_related("unit", "leader")
    coming = rows.filter(mine, status=SessionStatus.PUBLISHED, ends_at__gt=at)
    return coming.order_by("starts_at", "pk").first()


def sealed_cases(sheets: Iterable[Sheet]) -> list[Case]:
    """Denunciations whose sheets show what the denouncer wrote: reading them is recorded."""
    return [sheet.case for sheet in sheets if sheet.case and sheet.case.is_denunciation]


def _result_clock(file: CaseFile) -> Any:
    """The running limit of the result, of which a reader is told the last day."""
    live = [link.clock for link in file.clocks if link.stage == Stage.RESOLUTION]
    return next((clock for clock in reversed(live) if clock.state in ("running", "paused")), None)


def _is_other_body(case: Case) -> bool:
    is_first = case.kind == Kind.COMPLAINT and case.instance == 1
    other = case.respondent_unit_id not in (None, case.unit_id)
    return is_first and other and case.status in BEFORE_ACCEPTANCE
