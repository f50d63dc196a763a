"""What must hold between conclusion notices, their tasks, minutes and the clocks of both."""

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from common.invariants import invariant
from deadlines.models import OPEN_STATES
from papers.models import IssuedFile
from papers.subjects import SubjectKind
from petitions.models import RegisterCounter
from receptions.clocks import OWED
from receptions.enums import NoticeState
from receptions.models import (
    TASK_OVER,
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    SessionEvent,
    VisitClock,
    VisitRecord,
)
from receptions.services.conclusions import BOOKS, SHARED_BOOKS
from receptions.services.visit_notices import CASE_MADE

SHOWN = 20


@invariant("receptions.open_task_has_one_running_clock")
def open_task_has_one_running_clock() -> Iterator[str]:
    """An open task of an issued notice has one open clock, with the task's date; one that is over,
    or of a draft, has none."""
    open_clock = Q(clocks__clock__state__in=OPEN_STATES)
    rows = ConclusionTask.objects.annotate(
        n=Count("clocks", filter=open_clock),
        due=Max("clocks__clock__due_on", filter=open_clock),
    )
    runs = Q(notice__state=NoticeState.ISSUED) & ~Q(state__in=TASK_OVER)
    wrong = (runs & (~Q(n=1) | ~Q(due=F("due_on")))) | (~runs & Q(n__gt=0))
    yield from (str(i) for i in rows.filter(wrong).values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.conclusion_numbers_are_gapless")
def conclusion_numbers_are_gapless() -> Iterator[str]:
    """As many issued notices of a book in a unit and year as its last number; where Party and State
    once shared one book, as many as its numbers since."""
    issued = ConclusionNotice.objects.filter(state=NoticeState.ISSUED)
    names = [*BOOKS.values(), *SHARED_BOOKS.values()]
    counters = RegisterCounter.objects.filter(book__in=names)
    last = {(row.unit_id, row.year, row.book): row.last for row in counters}
    books = issued.values("unit_id", "unit__code", "year", "is_party").annotate(top=Max("number"))
    for row in books.order_by("unit__code", "year", "is_party"):
        key = (row["unit_id"], row["year"] or 0, BOOKS[row["is_party"]])
        shared = last.get((*key[:2], SHARED_BOOKS[row["is_party"]]), 0)
        own = issued.filter(unit=key[0], year=key[1], is_party=row["is_party"])
        top = max(row["top"] or 0, shared)
        if not own.filter(number__gt=shared).count() == top - shared == last.get(key, 0) - shared:
            yield f"{row['unit__code']} {row['year']}"


@invariant("receptions.issued_notice_is_in_the_history")
def issued_notice_is_in_the_history() -> Iterator[str]:
    """Every issued notice was issued by a step of its session."""
    told = (
        _events("notice", "receptions.conclusion.issued")
        .annotate(year=_number("year"))
        .filter(session=OuterRef("session"), named=OuterRef("number"), year=OuterRef("year"))
    )
    rows = ConclusionNotice.objects.filter(~Exists(told), state=NoticeState.ISSUED)
    yield from (str(i) for i in rows.values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.issued_notice_has_its_file")
def issued_notice_has_its_file() -> Iterator[str]:
    """Since files are kept every issued notice has its own: from the first number of a book that has
    one, all have."""
    subject = Concat(Value(f"{SubjectKind.CONCLUSION}:"), Cast("public_id", CharField()))
    files = IssuedFile.objects.filter(subject=OuterRef("subject"))
    rows = ConclusionNotice.objects.filter(state=NoticeState.ISSUED).annotate(subject=subject)
    book = {name: OuterRef(name) for name in ("unit", "is_party", "year")}
    earlier = rows.filter(Exists(files), number__lt=OuterRef("number"), **book)
    lacking = rows.filter(~Exists(files), Exists(earlier))
    yield from (str(i) for i in lacking.values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.replaced_notice_has_no_open_task")
def replaced_notice_has_no_open_task() -> Iterator[str]:
    rows = ConclusionTask.objects.filter(notice__replaced_by__state=NoticeState.ISSUED).exclude(
        state__in=TASK_OVER
    )
    yield from (str(i) for i in rows.values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.owed_notice_has_a_clock")
def owed_notice_has_a_clock() -> Iterator[str]:
    """A visit that is owed a written notice has a limit that runs or was met, any other has none
    that runs. Records of before this limit have none at all. Where a case was made of the visit,
    the case owes the answer."""
    links = VisitClock.objects.filter(visit=OuterRef("pk"))
    runs = Exists(links.filter(clock__state__in=OPEN_STATES))
    counted = Exists(links.exclude(clock__state="cancelled"))
    made = _events("number", CASE_MADE).filter(
        session=OuterRef("registration__session"), named=OuterRef("registration__queue_number")
    )
    rows = VisitRecord.objects.filter(
        (Q(outcome__in=OWED) & Exists(links) & ~counted & ~Exists(made))
        | (~Q(outcome__in=OWED) & runs)
    )
    yield from rows.values_list("registration__code", flat=True)[:SHOWN]


@invariant("receptions.signed_minutes_are_those_of_the_history")
def signed_minutes_are_those_of_the_history() -> Iterator[str]:
    """The version of signed minutes is the number of steps that the history tells of: nothing was
    changed past it."""
    steps = (
        "receptions.minutes.written",
        "receptions.minutes.receiver_signed",
        "receptions.minutes.visitor_signed",
    )
    signed = Minutes.objects.filter(receiver_signed_at__isnull=False).exclude(visitor_signed="")
    told = _events("number", *steps).filter(
        session=OuterRef("visit__registration__session"),
        named=OuterRef("visit__registration__queue_number"),
    )
    counted = told.order_by().values("session").annotate(n=Count("pk")).values("n")
    rows = signed.annotate(n=Subquery(counted)).exclude(n=F("version"))
    yield from rows.values_list("visit__registration__code", flat=True)[:SHOWN]


@invariant("receptions.clock_measures_one_thing")
def clock_measures_one_thing() -> Iterator[str]:
    """A clock of a reception is either a task's or a visit's."""
    both = ConclusionClock.objects.filter(clock__visit_clock__isnull=False)
    yield from (str(i) for i in both.values_list("clock__public_id", flat=True)[:SHOWN])


def _events(name: str, *actions: str) -> QuerySet[Any]:
    """Events of some actions with a number that they name."""
    return SessionEvent.objects.filter(action__in=actions).annotate(named=_number(name))


def _number(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "data"), IntegerField())
