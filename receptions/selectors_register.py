"""Register 03/TCD of a unit: everybody who was received or refused, in 13 columns.

A row never ties a name to a denunciation (Articles 47 to 49 of the Law on Denunciations): whoever
sees denunciations in the unit reads the kind without the name, everybody else the name without the
kind. Nobody's row is missing, so no gap tells of one.
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
    """A row: its 13 cells, and the case that it leads to, "" where there is none to see."""

    cells: tuple[str, ...]
    case_code: str


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
    """By the recorded kind, else by that of the case; denunciations for who sees them alone."""
    seen = Case.objects.visible_to(access).filter(kind=asked.kind)
    # What grew out of a visit and is sealed changes nothing about what was linked before.
    apart = Q(visit__case=None) | Q(visit__case__kind=Kind.DENUNCIATION)
    of_case = Q(visit__case__in=seen) | (apart & Q(case__in=seen))
    if asked.kind != Kind.DENUNCIATION:
        return rows.filter(Q(visit__kind=asked.kind) | (Q(visit__kind="") & of_case))
    if not sees_denunciations(access, asked.unit):
        return rows.none()
    return rows.filter(Q(visit__kind=asked.kind) | of_case)


def sees_denunciations(access: Access, unit: Unit) -> bool:
    return access.has(Permission.DENUNCIATION_VIEW, unit.pk)


def register_page(
    access: Access, asked: Asked, cursor: str, size: int
) -> tuple[list[Entry], str, str]:
    """A page with the cursors after and before it; eleven queries whatever it holds."""
    rows = register_rows(access, asked)
    found, after, before = ORDER.page(_with_rest(rows), cursor, size)
    first = _place(rows, found[0]) if found else 0
    return list(entries(access, asked.unit, found, first)), after, before


def _with_rest(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    return rows.select_related(
        "session__leader", "refusal", "visit__sent_to", "visit__responsible_unit"
    )


def _place(rows: QuerySet[Registration], row: Registration) -> int:
    """How many rows of the list stand before this one."""
    session = row.session
    before = Q(session__starts_at__lt=session.starts_at)
    before |= Q(session__starts_at=session.starts_at, session_id__lt=session.pk)
    before |= Q(session_id=session.pk, queue_number__lt=row.queue_number)
    return rows.filter(before).count()


def register_all(access: Access, asked: Asked) -> Iterator[Entry]:
    """Every row in order, read in chunks: memory stays flat."""
    rows = _with_rest(register_rows(access, asked)).order_by(*ORDER.order())
    chunk: list[Registration] = []
    count = 0
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from entries(access, asked.unit, chunk, count)
            count, chunk = count + len(chunk), []
    yield from entries(access, asked.unit, chunk, count)


def entries(
    access: Access, unit: Unit, rows: Sequence[Registration], first: int
) -> Iterator[Entry]:
    """The rows as entries; ``first`` rows stand before them. Nine queries for all.

    Sealed rows come last and have no number: their place among the others would name them.
    """
    desk = _Desk(access, unit, rows)
    found = [desk.row(row) for row in rows]
    opened = [row for row in found if not row.is_sealed]
    for number, row in enumerate(opened, start=first + 1):
        yield desk.entry(str(number), row)
    sealed = [desk.entry("", row) for row in found if row.is_sealed]
    yield from sorted(sealed, key=lambda entry: (entry.case_code, entry.cells))


@dataclass(frozen=True)
class _Row:
    """What one row is made of, for this reader."""

    registration: Registration
    visit: VisitRecord | None
    refusal: Refusal | None
    file: CaseFile | None
    is_sealed: bool
    # A recorded denunciation for whoever sees none: neither its words nor the visitor's topic.
    is_unsaid: bool = False
    tasks: list[ConclusionTask] = field(default_factory=list)


class _Desk:
    """What the rows of a page share, read once."""

    def __init__(self, access: Access, unit: Unit, rows: Sequence[Registration]) -> None:
        ids = {pk for row in rows for pk in linked_ids(row)}
        seen = Case.objects.visible_to(access).with_list_data()
        self.cases: dict[int, Case] = seen.in_bulk(ids) if ids else {}
        self.files = case_files(list(self.cases.values()))
        self.tasks = _tasks(rows)
        self.unit = unit
        self.sees_sealed = sees_denunciations(access, unit)

    def entry(self, number: str, found: _Row) -> Entry:
        cells = (number, *_who(found), *_what(found), *self._way(found))
        return Entry(cells, found.file.case.code if found.file else "")

    def row(self, row: Registration) -> _Row:
        visit: VisitRecord | None = getattr(row, "visit", None)
        file = next((self.files[pk] for pk in linked_ids(row) if pk in self.files), None)
        of_case = file is not None and file.case.is_denunciation
        recorded = visit is not None and visit.kind == Kind.DENUNCIATION
        found = _Row(
            row,
            visit,
            getattr(row, "refusal", None),
            file,
            of_case or (recorded and self.sees_sealed),
            tasks=self.tasks.get(visit.pk, []) if visit else [],
        )
        if recorded and not self.sees_sealed:
            return replace(found, visit=_unsaid(visit), is_unsaid=True)
        return found

    def _way(self, row: _Row) -> tuple[str, ...]:
        """Columns 9 to 13: from the visit, else from the progress of its case."""
        return (
            "x" if self._is_competent(row) else "",
            _guided(row),
            _taken(row, self.unit),
            _followed(row),
            _note(row),
        )

    def _is_competent(self, row: _Row) -> bool:
        if row.visit is not None and row.visit.is_competent is not None:
            return row.visit.is_competent
        return _is_taken_in(row.file, self.unit)


def _unsaid(visit: VisitRecord | None) -> VisitRecord | None:
    """A recorded denunciation for whoever sees none: the visit without kind and content."""
    if visit is not None:
        visit.kind = visit.content = visit.handled_before = ""
        visit.said = visit.note = ""
    return visit


def _tasks(rows: Iterable[Registration]) -> dict[int, list[ConclusionTask]]:
    """By visit, the tasks of its issued conclusion notice."""
    ids = [row.visit.pk for row in rows if getattr(row, "visit", None)]
    tasks = ConclusionTask.objects.filter(notice__visit__in=ids, notice__state=NoticeState.ISSUED)
    found: dict[int, list[ConclusionTask]] = {}
    for task in tasks.select_related("notice", "unit"):
        found.setdefault(task.notice.visit_id or 0, []).append(task)
    return found


def _who(row: _Row) -> tuple[str, str, str]:
    """Columns 2 to 4."""
    day = f"{local_date(row.registration.session.starts_at):%d/%m/%Y}"
    if row.is_sealed:
        return day, _("Identity protected (Law on Denunciations)"), ""
    person = person_open(row.registration)
    known = ", ".join(part for part in (person.get("full_name"), person.get("address")) if part)
    if names := representatives_beside(person):
        known += "; " + _("representatives: %(names)s") % {"names": ", ".join(names)}
    return day, known, person.get("identity_number", "")


def _what(row: _Row) -> tuple[str, str, str, str]:
    """Columns 5 to 8."""
    visit, case = row.visit, row.file.case if row.file else None
    if row.is_sealed:
        content = case.subject if case else _("Denunciation")
    elif row.is_unsaid:
        content = ""
    else:
        content = (visit.content if visit else "") or topic_shown(row.registration)
    kind = (visit.kind if visit else "") or (case.kind if case else "")
    if row.is_sealed:
        kind = Kind.DENUNCIATION
    people = max(row.registration.people, visit.people if visit else 1)
    before = visit.handled_before if visit and not row.is_sealed else ""
    code = KIND_CODES[Kind(kind)] if kind else ""
    return content, code, str(people), before


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


def _note(row: _Row) -> str:
    """Column 13: number of the year's book, refusal with its ground, remarks."""
    visit, refusal = row.visit, row.refusal
    said: list[str] = []
    if visit is not None and visit.register_number and not row.is_sealed:
        number = f"{visit.register_number}/{visit.register_year}"
        said.append(_("Book number %(number)s") % {"number": number})
    if row.registration.status == RegistrationStatus.REFUSED:
        said.append(_("Not received") if row.is_sealed else _refused(refusal))
    if visit is not None and visit.note and not row.is_sealed:
        said.append(visit.note)
    return "; ".join(said)


def _refused(refusal: Refusal | None) -> str:
    """Not received: the ground, and the number of form 01/TCD where one was written."""
    words = _("Not received")
    if refusal is None:
        return words
    words = f"{words}: {refusal.explanation}"
    return _paper(words, f"01/TCD {refusal.number}") if refusal.number else words
