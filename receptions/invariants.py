"""What must hold between sessions, registrations and history."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from common.invariants import invariant
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import ReceptionSession, SessionEvent, VisitRecord

SHOWN = 20


@invariant("receptions.places_taken_are_registrations")
def places_taken_are_registrations() -> Iterator[str]:
    rows = ReceptionSession.objects.annotate(
        n=Count("registrations", filter=Q(registrations__has_place=True))
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


@invariant("receptions.history_is_gapless")
def history_is_gapless() -> Iterator[str]:
    chains = SessionEvent.objects.values("session__public_id").annotate(
        n=Count("id"), top=Max("sequence")
    )
    for row in chains.exclude(n=F("top"))[:SHOWN]:
        yield str(row["session__public_id"])
