"""What must hold between sessions, registrations and history."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, Max, Model, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

import receptions.invariants_conclusions  # noqa: F401 -- registers its own
from common.invariants import invariant
from common.time import HANOI
from papers.models import IssuedFile
from papers.subjects import SubjectKind
from petitions.models import RegisterCounter
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import (
    PlaceHold,
    PlaceReturn,
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitRecord,
)

SHOWN = 20
# Books of numbers by the kind of file that each number was taken for.
_BOOKS = {
    SubjectKind.REFUSAL: ("reception_refusal",),
    SubjectKind.VISIT_NOTICE: ("visit_notice", "visit_notice_party"),
}


def _counted(model: type[Model], **only: Any) -> Coalesce:
    """How many rows of a model belong to each session."""
    rows = model._default_manager.filter(session=OuterRef("pk"), **only).order_by()
    return Coalesce(Subquery(rows.values("session").annotate(n=Count("pk")).values("n")), 0)


@invariant("receptions.places_taken_are_places_held_or_returning")
def places_taken_are_places_held_or_returning() -> Iterator[str]:
    rows = ReceptionSession.objects.annotate(
        n=_counted(Registration, has_place=True) + _counted(PlaceHold) + _counted(PlaceReturn)
    ).exclude(n=F("places_taken"))
    yield from (str(i) for i in rows.order_by("pk").values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.numbers_are_gapless")
def numbers_are_gapless() -> Iterator[str]:
    rows = ReceptionSession.objects.annotate(
        n=Count("registrations"), top=Max("registrations__queue_number", default=0)
    ).exclude(n=F("top"), last_number=F("top"))
    yield from (str(i) for i in rows.order_by("pk").values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.nobody_waits_beside_a_free_place")
def nobody_waits_beside_a_free_place() -> Iterator[str]:
    rows = ReceptionSession.objects.filter(
        status=SessionStatus.PUBLISHED,
        places_taken__lt=F("capacity"),
        registrations__status=RegistrationStatus.WAITING,
    )
    yield from (str(i) for i in rows.distinct().values_list("public_id", flat=True)[:SHOWN])


@invariant("receptions.visit_belongs_to_somebody_received")
def visit_belongs_to_somebody_received() -> Iterator[str]:
    rows = VisitRecord.objects.exclude(registration__status=RegistrationStatus.RECEIVED)
    yield from rows.values_list("registration__code", flat=True)[:SHOWN]


@invariant("receptions.refusals_belong_to_somebody_refused")
def refusals_belong_to_somebody_refused() -> Iterator[str]:
    refused = Q(status=RegistrationStatus.REFUSED)
    has_ground = Q(refusal__isnull=False)
    rows = Registration.objects.filter((refused & ~has_ground) | (has_ground & ~refused))
    yield from rows.order_by("pk").values_list("code", flat=True)[:SHOWN]


@invariant("receptions.register_is_gapless")
def register_is_gapless() -> Iterator[str]:
    books = (
        VisitRecord.objects.filter(register_number__isnull=False)
        .order_by()
        .values("registration__session__unit__code", "register_year")
        .annotate(n=Count("register_number", distinct=True), top=Max("register_number"))
        .exclude(n=F("top"))
    )
    for row in books[:SHOWN]:
        yield f"{row['registration__session__unit__code']} {row['register_year']}"


@invariant("receptions.history_is_gapless")
def history_is_gapless() -> Iterator[str]:
    chains = SessionEvent.objects.values("session__public_id").annotate(
        n=Count("id"), top=Max("sequence")
    )
    for row in chains.exclude(n=F("top"))[:SHOWN]:
        yield str(row["session__public_id"])


@invariant("receptions.numbers_taken_have_files")
def reception_numbers_taken_have_files() -> Iterator[str]:
    """As many numbers of a unit and year were taken for papers to one visitor as files are kept."""
    for kind, books in _BOOKS.items():
        files = IssuedFile.objects.filter(subject__startswith=f"{kind}:")
        by_year = files.annotate(year=ExtractYear("issued_at", tzinfo=HANOI))
        counts = by_year.values("unit__code", "year").annotate(
            n=Count("shown_number", distinct=True)
        )
        kept = _by_unit(counts)
        taken = RegisterCounter.objects.filter(book__in=books).values("unit__code", "year")
        counted = _by_unit(taken.annotate(n=Sum("last")))
        for unit, year in sorted(kept.keys() | counted.keys()):
            if kept.get((unit, year)) != counted.get((unit, year)):
                yield f"{kind} {unit} {year}"


def _by_unit(rows: Iterable[Any]) -> dict[tuple[str, int], int]:
    return {(row["unit__code"], row["year"]): row["n"] for row in rows}
