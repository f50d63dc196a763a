"""What must hold between cases, letters, clocks and history."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from common.crypto import VAULT
from common.invariants import invariant
from deadlines.models import ClockState
from petitions.enums import (
    DENUNCIATION_BOOK,
    REGISTER_BOOK,
    SHARED_BOOK,
    CopyState,
    FileDecision,
    Kind,
    PartyRole,
)
from petitions.models import (
    Case,
    CaseClock,
    CaseEvent,
    IdentityOpening,
    Letter,
    LetterAttachment,
    Party,
    RedactedCopy,
    RedactedFile,
    RegisterCounter,
    SealedIdentity,
)
from petitions.models.events import OPENED
from petitions.replay import clocks_off_history
from petitions.subjects import NEUTRAL

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


@invariant("petitions.denouncers_are_sealed_for_the_vault")
def denouncers_are_sealed_for_the_vault() -> Iterator[str]:
    """After the upgrade from a site without a vault (``docs/operations.md``)."""
    people = SealedIdentity.objects.filter(
        party__letter=OuterRef("pk"), is_protected=True, key_version__lte=VAULT
    )
    address = Q(kind=Kind.DENUNCIATION, contact_key_version__lte=VAULT)
    return _waiting(Letter.objects.filter(Exists(people) | address), "rotate_identity_keys")


@invariant("petitions.addresses_are_indexed")
def addresses_are_indexed() -> Iterator[str]:
    """After the upgrade: else a lost receipt is not found by e-mail."""
    rows = Letter.objects.filter(contact_index=None, contact_key_version__lte=VAULT, origin=None)
    return _waiting(rows, "index_contacts")


def _waiting(rows: QuerySet[Letter], command: str) -> Iterator[str]:
    codes = rows.order_by("code").values_list("code", flat=True)[:SHOWN]
    yield from (f"{code}: run manage.py {command}" for code in codes)


@invariant("petitions.denunciation_is_called_by_its_field")
def denunciation_is_called_by_its_field() -> Iterator[str]:
    """Words of the denouncer name no case before a redacted copy of them is released."""
    released = RedactedCopy.objects.filter(letter__code=OuterRef("code"), state=CopyState.RELEASED)
    rows = Case.objects.filter(~Exists(released), kind=Kind.DENUNCIATION)
    return _codes(rows.exclude(subject__startswith=NEUTRAL))


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
        .values("register_unit__code", "register_year", secret=Q(kind=Kind.DENUNCIATION))
        .annotate(n=Count("id"), top=Max("register_number"))
    )
    for row in books.exclude(n=F("top"))[:SHOWN]:
        if not _is_gapless_since(row):
            yield f"{row['register_unit__code']} {row['register_year']}"


def _is_gapless_since(row: Mapping[str, Any]) -> bool:
    """Whether a book has no gap after the last number of the time of one book for all letters."""
    book = f"{DENUNCIATION_BOOK if row['secret'] else REGISTER_BOOK}{SHARED_BOOK}"
    unit, year = row["register_unit__code"], row["register_year"]
    counter = RegisterCounter.objects.filter(unit__code=unit, year=year, book=book).first()
    if counter is None:
        return False
    own = Q(kind=Kind.DENUNCIATION) if row["secret"] else ~Q(kind=Kind.DENUNCIATION)
    since = Letter.objects.filter(own, register_unit__code=unit, register_year=year)
    later = since.filter(register_number__gt=counter.last).count()
    return bool(later == max(row["top"] - counter.last, 0))


@invariant("petitions.released_copies_are_whole")
def released_copies_are_whole() -> Iterator[str]:
    """Every file of a released copy is there, and none of them is an original (Article 56 of the
    Law on Denunciations)."""
    given = RedactedFile.objects.filter(decision=FileDecision.GIVEN, copy__state=CopyState.RELEASED)
    originals = LetterAttachment.objects.filter(attachment=OuterRef("result"))
    broken = given.filter(Q(result=None) | Exists(originals))
    yield from broken.values_list("copy__letter__code", flat=True).distinct()[:SHOWN]


@invariant("petitions.openings_are_those_of_the_history")
def openings_are_those_of_the_history() -> Iterator[str]:
    """Every opening of an identity that the history tells of is there, unchanged, and no other."""
    yield from islice(_openings_off_history(), SHOWN)


def _openings_off_history() -> Iterator[str]:
    events = CaseEvent.objects.filter(action=OPENED).values_list(
        "case_id", "case__code", "at", "data"
    )
    told: dict[str, str] = {}
    before = set()
    for case_id, code, at, data in events.iterator():
        told |= dict.fromkeys(data.get("openings", ()), code)
        if "openings" not in data:  # events of before named a person, not the row
            before.add((case_id, at))
    related = "identity__party__letter__case"
    for row in IdentityOpening.objects.select_related(related).order_by("id").iterator():
        case = row.identity.party.letter.case
        if told.pop(row.digest, None) is None and (case.pk, row.at) not in before:
            yield f"{case.code}: opening {row.pk} is not in the history"
    yield from (f"{code}: an opening was removed or changed" for code in told.values())
