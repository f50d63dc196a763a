"""What must hold between cases, letters, clocks and history."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from common.invariants import invariant
from deadlines.models import ClockState
from petitions.enums import Kind, PartyRole
from petitions.models import Case, CaseClock, CaseEvent, Letter, Party, SealedIdentity
from petitions.replay import clocks_off_history

SHOWN = 20


def _codes(rows: QuerySet[Case]) -> Iterator[str]:
    yield from rows.order_by("code").values_list("code", flat=True)[:SHOWN]


@invariant("petitions.case_has_letter")
def case_has_letter() -> Iterator[str]:
    return _codes(Case.objects.filter(~Exists(Letter.objects.filter(case=OuterRef("pk")))))


@invariant("petitions.case_code_is_first_letters")
def case_code_is_first_letters() -> Iterator[str]:
    first = Letter.objects.filter(case=OuterRef("pk"), code=OuterRef("code"))
    return _codes(Case.objects.filter(~Exists(first)))


@invariant("petitions.filed_case_started_a_clock")
def filed_case_started_a_clock() -> Iterator[str]:
    return _codes(Case.objects.filter(~Exists(CaseClock.objects.filter(case=OuterRef("pk")))))


@invariant("petitions.due_on_is_nearest_running_clock")
def due_on_is_nearest_running_clock() -> Iterator[str]:
    running = Q(clocks__clock__state=ClockState.RUNNING)
    rows = Case.objects.filter(closed_at=None).annotate(
        nearest=Min("clocks__clock__due_on", filter=running)
    )
    return _codes(rows.exclude(due_on=F("nearest")).exclude(due_on=None, nearest=None))


@invariant("petitions.clocks_follow_from_history")
def clocks_follow_from_history() -> Iterator[str]:
    """Start, suspensions, extensions and end of every clock are those of the case's events."""
    yield from islice(clocks_off_history(), SHOWN)


@invariant("petitions.closed_case_has_no_live_clock")
def closed_case_has_no_live_clock() -> Iterator[str]:
    live = (ClockState.RUNNING, ClockState.PAUSED)
    return _codes(
        Case.objects.filter(closed_at__isnull=False, clocks__clock__state__in=live).distinct()
    )


@invariant("petitions.history_is_gapless")
def history_is_gapless() -> Iterator[str]:
    """The events of each case are numbered 1..n."""
    chains = CaseEvent.objects.values("case__code").annotate(n=Count("id"), top=Max("sequence"))
    for row in chains.exclude(n=F("top")).order_by("case__code")[:SHOWN]:
        yield row["case__code"]


@invariant("petitions.history_tells_every_version")
def history_tells_every_version() -> Iterator[str]:
    """The highest version of the history is that of the case; before any change it is 1."""
    told = Max(Cast(KeyTextTransform("version", "events__data"), IntegerField()))
    rows = Case.objects.annotate(told=Coalesce(told, 1))
    return _codes(rows.exclude(version=F("told")))


@invariant("petitions.party_has_identity")
def party_has_identity() -> Iterator[str]:
    rows = Party.objects.filter(~Exists(SealedIdentity.objects.filter(party=OuterRef("pk"))))
    yield from rows.order_by("letter__code").values_list("letter__code", flat=True)[:SHOWN]


@invariant("petitions.denouncer_is_protected")
def denouncer_is_protected() -> Iterator[str]:
    rows = SealedIdentity.objects.filter(
        party__role=PartyRole.PETITIONER,
        party__letter__kind=Kind.DENUNCIATION,
        is_protected=False,
    )
    yield from rows.values_list("party__letter__code", flat=True)[:SHOWN]


@invariant("petitions.denunciation_is_not_with_the_accused")
def denunciation_is_not_with_the_accused() -> Iterator[str]:
    return _codes(
        Case.objects.filter(kind=Kind.DENUNCIATION, unit_id=F("respondent_unit_id"))
        | Case.objects.filter(kind=Kind.DENUNCIATION, barred_units__contains=[F("unit_id")])
    )


@invariant("petitions.register_is_gapless")
def register_is_gapless() -> Iterator[str]:
    books = (
        Letter.objects.filter(register_number__isnull=False)
        .values("register_unit__code", "register_year")
        .annotate(n=Count("id"), top=Max("register_number"))
    )
    for row in books.exclude(n=F("top"))[:SHOWN]:
        yield f"{row['register_unit__code']} {row['register_year']}"
