"""Register 03/TCD of a unit: everybody who was received or refused, in 13 columns.

A row never ties a name to a denunciation (Articles 47 to 49 of the Law on Denunciations): every
visitor's row stands in its place with its numbers, for everybody in the same words. Whoever sees
denunciations in the unit reads them behind all rows, without anything of a visit, and they are in
no count.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from common.time import local_date, local_moment
from communes.models import Unit
from petitions.enums import Kind, OutcomeKind
from petitions.models import Case
from petitions.selectors_files import CaseFile, case_files
from petitions.workflow import Action, status_label
from receptions.enums import NoticeState, RegistrationStatus, VisitOutcome
from receptions.models import ConclusionTask, Refusal, Registration, VisitRecord
from receptions.policies import can_see_visitors
from receptions.sealing import is_recorded_sealed, words_reader
from receptions.selectors import person_open, representatives_beside, topic_shown
from receptions.selectors_brief import linked_ids

ORDER = Keyset("session__starts_at", "session_id", "queue_number")
REFUSED = "refused"
CHUNK = 500
ACCEPT = Action.ACCEPT
# Papers that end a matter
RESULTS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION, OutcomeKind.REPLY, OutcomeKind.REFUSAL)
# Form 03/TCD of Decree 154/2026, in its order
COLUMNS = (
    gettext_noop("Serial number"),
    gettext_noop("Day of reception"),
    gettext_noop("Full name, address"),
    gettext_noop("Identity card or passport"),
    gettext_noop("Content"),
    gettext_noop("Kind of petition"),
    gettext_noop("People with the same content"),
    gettext_noop("Body that has handled it"),
    gettext_noop("Competent (x)"),
    gettext_noop("Guided to the competent body (number of the paper)"),
    gettext_noop("Body that takes it (number of the forwarding slip)"),
    gettext_noop("Follow-up of the result"),
    gettext_noop("Note"),
)
# Their shares of the width on paper
SHARES = (4, 7, 14, 8, 14, 4, 5, 9, 6, 9, 9, 13, 9)
# Unlike the printed form's KN for two kinds
KIND_CODES = {
    Kind.COMPLAINT: "KN",
    Kind.DENUNCIATION: "TC",
    Kind.RECOMMENDATION: "KNG",
    Kind.FEEDBACK: "PA",
}


@dataclass(frozen=True)
class Asked:
    """A unit's register between two Hà Nội dates, both included, narrowed by checked filters."""

    unit: Unit
    since: dt.date
    until: dt.date
    kind: str = ""
    leader: str = ""
    outcome: str = ""


class Entry(NamedTuple):
    """A row: its cells, and the case or else the page that it leads to, "" where there is none to
    see."""

    cells: tuple[str, ...]
    case_code: str
    href: str = ""


def register_rows(access: Access, asked: Asked) -> QuerySet[Registration]:
    """Everybody received or refused in the period. Raises NotVisible for whoever does not see the
    unit's visitors."""
    if not can_see_visitors(access, asked.unit.pk):
        raise NotVisible
    rows = Registration.objects.filter(
        session__unit=asked.unit,
        session__starts_at__gte=local_moment(asked.since),
        session__starts_at__lt=local_moment(asked.until + dt.timedelta(days=1)),
    )
    rows = rows.filter(Q(visit__isnull=False) | Q(status=RegistrationStatus.REFUSED))
    if asked.leader:
        rows = rows.filter(session__leader__username=asked.leader)
    if asked.outcome == REFUSED:
        rows = rows.filter(status=RegistrationStatus.REFUSED)
    elif asked.outcome:
        rows = rows.filter(visit__outcome=asked.outcome)
    return _of_kind(access, asked, rows) if asked.kind else rows


def _of_kind(access: Access, asked: Asked, rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """By the recorded kind, else by that of the case; no visitor's row is of a denunciation."""
    if asked.kind == Kind.DENUNCIATION:
        return rows.none()
    seen = Case.objects.visible_to(access).filter(kind=asked.kind)
    # What grew out of a visit and is sealed changes nothing about what was linked before.
    apart = Q(visit__case=None) | Q(visit__case__kind=Kind.DENUNCIATION)
    of_case = Q(visit__case__in=seen) | (apart & Q(case__in=seen))
    return rows.filter(Q(visit__kind=asked.kind) | (Q(visit__kind="") & of_case))


def sees_denunciations(access: Access, unit: Unit) -> bool:
    return access.has(Permission.DENUNCIATION_VIEW, unit.pk)


def register_page(
    access: Access, asked: Asked, cursor: str, size: int
) -> tuple[list[Entry], str, str]:
    """A page with the cursors after and before it, the last one with the denunciations; thirteen
    queries whatever it holds."""
    rows = register_rows(access, asked)
    found, after, before = ORDER.page(_with_rest(rows), cursor, size)
    first = _place(rows, found[0]) if found else 0
    shown = list(entries(access, asked.unit, found, first))
    return shown + ([] if after else sealed_entries(access, asked)), after, before


def _with_rest(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    return rows.select_related(
        "session__leader", "case", "refusal", "visit__sent_to", "visit__responsible_unit"
    )


def _place(rows: QuerySet[Registration], row: Registration) -> int:
    """How many rows of the list stand before this one."""
    session = row.session
    before = Q(session__starts_at__lt=session.starts_at)
    before |= Q(session__starts_at=session.starts_at, session_id__lt=session.pk)
    before |= Q(session_id=session.pk, queue_number__lt=row.queue_number)
    return rows.filter(before).count()


def register_all(access: Access, asked: Asked) -> Iterator[Entry]:
    """Every row in order, read in chunks: memory stays flat; the denunciations behind them."""
    rows = _with_rest(register_rows(access, asked)).order_by(*ORDER.order())
    chunk: list[Registration] = []
    count = 0
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from entries(access, asked.unit, chunk, count)
            count, chunk = count + len(chunk), []
    yield from entries(access, asked.unit, chunk, count)
    yield from sealed_entries(access, asked)


def entries(
    access: Access, unit: Unit, rows: Sequence[Registration], first: int
) -> Iterator[Entry]:
    """The rows as entries; ``first`` rows stand before them. Nine queries for all."""
    desk = _Desk(access, unit, rows)
    for number, row in enumerate(rows, start=first + 1):
        yield desk.entry(str(number), row)


def sealed_entries(access: Access, asked: Asked) -> list[Entry]:
    """The denunciations of the period that the reader sees, in the order of their codes, with the
    month of the reception; behind them those that were recorded and made no case of yet.

    Nothing of a visit stands in them, and they follow no filter but kind and period: day, number
    of people, outcome or leader would name the visitor. Five queries, and one more for whoever
    reads for a unit that took over from another.
    """
    narrowed = asked.leader or asked.outcome or asked.kind not in ("", Kind.DENUNCIATION)
    if narrowed or not sees_denunciations(access, asked.unit):
        return []
    rows = register_rows(access, replace(asked, kind=""))
    months: dict[int, str] = {}
    recorded: list[str] = []
    reads = words_reader(access)
    for row in rows.select_related("session", "visit__case").order_by(*ORDER.order()):
        month = f"{local_date(row.session.starts_at):%m/%Y}"
        months |= dict.fromkeys(linked_ids(row), month)
        visit: VisitRecord | None = getattr(row, "visit", None)
        # A visit that became one is counted as its case.
        if visit is not None and is_recorded_sealed(visit) and reads(visit, row.session):
            recorded.append(month)
    seen = Case.objects.visible_to(access).filter(kind=Kind.DENUNCIATION, pk__in=months)
    files = case_files(list(seen.with_list_data()))
    found = sorted(files.values(), key=lambda file: file.case.code)
    of_cases = [_sealed_entry(months[file.case.pk], file, asked.unit) for file in found]
    return of_cases + [_sealed_entry(month, None, asked.unit) for month in recorded]


def _sealed_entry(month: str, file: CaseFile | None, unit: Unit) -> Entry:
    row = _Row(file)
    cells = (
        "",
        month,
        _("Identity protected (Law on Denunciations)"),
        "",
        file.case.subject if file else _("Denunciation"),
        KIND_CODES[Kind.DENUNCIATION],
        "",
        "",
        "x" if _is_taken_in(file, unit) else "",
        _guided(row),
        _taken(row, unit),
        _followed(row),
        "",
    )
    return Entry(cells, file.case.code if file else "")


@dataclass(frozen=True)
class _Row:
    """What one row is made of, for this reader."""

    file: CaseFile | None
    visit: VisitRecord | None = None
    refusal: Refusal | None = None
    tasks: list[ConclusionTask] = field(default_factory=list)


class _Desk:
    """What the rows of a page share, read once."""

    def __init__(self, access: Access, unit: Unit, rows: Sequence[Registration]) -> None:
        ids = {pk for row in rows for pk in linked_ids(row)}
        # Beside the name a denunciation is as good as none, whoever reads.
        seen = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
        cases = list(seen.with_list_data().filter(pk__in=ids)) if ids else []
        self.files = case_files(cases)
        self.tasks = _tasks(rows)
        self.unit = unit

    def entry(self, number: str, row: Registration) -> Entry:
        visit: VisitRecord | None = getattr(row, "visit", None)
        file = next((self.files[pk] for pk in linked_ids(row) if pk in self.files), None)
        tasks = self.tasks.get(visit.pk, []) if visit else []
        found = _Row(file, visit, getattr(row, "refusal", None), tasks)
        cells = (number, *_who(row), *_what(row, found), *self._way(row, found))
        return Entry(cells, file.case.code if file else "")

    def _way(self, registration: Registration, row: _Row) -> tuple[str, ...]:
        """Columns 9 to 13: from the visit, else from the progress of its case."""
        return (
            "x" if self._is_competent(row) else "",
            _guided(row),
            _taken(row, self.unit),
            _followed(row),
            _note(registration, row),
        )

    def _is_competent(self, row: _Row) -> bool:
        if row.visit is not None and row.visit.is_competent is not None:
            return row.visit.is_competent
        return _is_taken_in(row.file, self.unit)


def _tasks(rows: Iterable[Registration]) -> dict[int, list[ConclusionTask]]:
    """By visit, the tasks of its issued conclusion notice."""
    ids = [row.visit.pk for row in rows if getattr(row, "visit", None)]
    tasks = ConclusionTask.objects.filter(notice__visit__in=ids, notice__state=NoticeState.ISSUED)
    found: dict[int, list[ConclusionTask]] = {}
    for task in tasks.select_related("notice", "unit"):
        found.setdefault(task.notice.visit_id or 0, []).append(task)
    return found


def _who(row: Registration) -> tuple[str, str, str]:
    """Columns 2 to 4."""
    day = f"{local_date(row.session.starts_at):%d/%m/%Y}"
    person = person_open(row)
    known = ", ".join(part for part in (person.get("full_name"), person.get("address")) if part)
    if names := representatives_beside(person):
        known += "; " + _("representatives: %(names)s") % {"names": ", ".join(names)}
    return day, known, person.get("identity_number", "")


def _what(registration: Registration, row: _Row) -> tuple[str, str, str, str]:
    """Columns 5 to 8."""
    visit, case = row.visit, row.file.case if row.file else None
    content = (visit.content if visit else "") or topic_shown(registration)
    kind = (visit.kind if visit else "") or (case.kind if case else "")
    people = max(registration.people, visit.people if visit else 1)
    before = visit.handled_before if visit else ""
    return content, KIND_CODES[Kind(kind)] if kind else "", str(people), before


def _is_taken_in(file: CaseFile | None, unit: Unit) -> bool:
    """The unit accepted the case, or works on it."""
    return file is not None and file.case.unit_id == unit.pk and file.turn(ACCEPT) is not None


def _paper(name: str, number: str) -> str:
    return f"{name} ({number})" if number else name


def _sent(row: _Row, outcome: str) -> str:
    """To whom a visit was guided or sent on, with the number of the paper."""
    visit = row.visit
    if visit is None or visit.outcome != outcome or visit.sent_to is None:
        return ""
    return _paper(visit.sent_to.full_name, visit.paper_number)


def _number_of(file: CaseFile | None, kind: str) -> str:
    papers = [one for one in file.outcomes if one.kind == kind] if file else []
    return papers[-1].number or f"{papers[-1].issued_on:%d/%m/%Y}" if papers else ""


def _guided(row: _Row) -> str:
    """Column 10."""
    said = _sent(row, VisitOutcome.GUIDED)
    return said or _number_of(row.file, OutcomeKind.GUIDANCE)


def _taken(row: _Row, unit: Unit) -> str:
    """Column 11: who accepted it or was sent it, with the number of the forwarding slip."""
    said = _sent(row, VisitOutcome.FORWARDED)
    if said or row.file is None:
        return said
    if row.file.hops:
        name = row.file.hops[-1].to_unit.full_name
        return _paper(name, _number_of(row.file, OutcomeKind.FORWARDING))
    turn = row.file.turn(ACCEPT)
    return _paper(row.file.case.unit.full_name, turn.number) if turn else ""


def _followed(row: _Row) -> str:
    """Column 12: what became of it until today."""
    said: list[str] = []
    if row.visit is not None:
        said.append(capfirst(str(row.visit.get_outcome_display())))
    said += [
        f"{task.unit.full_name}: {task.get_state_display()}, {task.due_on:%d/%m/%Y}"
        for task in row.tasks
    ]
    if row.file is not None:
        said.append(f"{row.file.case.code}: {_(status_label(row.file.case.status))}")
        said += [
            f"{capfirst(str(one.get_kind_display()))} {one.number} ({one.issued_on:%d/%m/%Y})"
            for one in row.file.outcomes
            if one.kind in RESULTS
        ]
    return "; ".join(said)


def _note(registration: Registration, row: _Row) -> str:
    """Column 13: number of the year's book, refusal with its ground, remarks."""
    visit, refusal = row.visit, row.refusal
    said: list[str] = []
    if visit is not None and visit.register_number:
        number = f"{visit.register_number}/{visit.register_year}"
        said.append(_("Book number %(number)s") % {"number": number})
    if registration.status == RegistrationStatus.REFUSED:
        said.append(_refused(refusal))
    if visit is not None and visit.note:
        said.append(visit.note)
    return "; ".join(said)


def _refused(refusal: Refusal | None) -> str:
    """Not received: the ground, and the number of form 01/TCD where one was written."""
    words = _("Not received")
    if refusal is None:
        return words
    words = f"{words}: {refusal.explanation}"
    return _paper(words, f"01/TCD {refusal.number}") if refusal.number else words
