"""Letters like those of a case, for one reader; and the facts that computed marks follow from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from petitions.enums import Kind
from petitions.models import Case, LetterSignature
from petitions.policies import may_read_letters
from petitions.services.signatures import number_hashes
from petitions.similarity import (
    SHOWN,
    TEXT_FLOOR,
    Signal,
    document_name,
    document_numbers,
    likeness,
    score,
    signature,
)

OWN_MAX = 5  # letters of one case that are searched with, newest first
CANDIDATES_MAX = 1500
EXACT_SIGNALS = ("identity_hashes", "document_numbers")
COMPARED = ("minima", "respondent_hash", "address_hash", *EXACT_SIGNALS)


@dataclass(frozen=True)
class Match:
    """Another letter: its case, how alike (0 to 1) and why."""

    case_id: int
    score: float
    words: float
    signals: frozenset[Signal]
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Similar:
    """The most similar letter of another case that the reader may see."""

    case: Case
    match: Match

    @property
    def score(self) -> float:
        return self.match.score

    @property
    def reasons(self) -> list[str]:
        """Why, in the reader's language, the strongest first."""
        return reasons(self.match)

    @property
    def is_duplicate(self) -> bool:
        """The same person on the same matter: a suggestion, decided by whoever classifies."""
        same_matter = self.match.words >= SHOWN or Signal.DOCUMENT in self.match.signals
        return Signal.PERSON in self.match.signals and same_matter


def similar_letters(access: Access, case: Case, limit: int = 10) -> list[Similar]:
    """Cases with letters like those of ``case``, best first; at most ``limit``. Three queries.

    Only what the reader sees and may read takes part. A denunciation neither has nor is a result
    where the reader may not open identities in the unit that holds it: likeness to an open letter
    would tell who wrote it (Articles 47 and 56 of the Law on Denunciations).
    """
    if may_read_letters(access, case) is not None:
        return []
    own = list(LetterSignature.objects.filter(letter__case=case).order_by("-letter_id")[:OWN_MAX])
    if not own:
        return []
    best: dict[int, Match] = {}
    for other in _candidates(access, case, own):
        match = _best_match(case, own, other)
        known = best.get(match.case_id)
        if match.score >= SHOWN and (known is None or match.score > known.score):
            best[match.case_id] = match
    return _with_cases(access, sorted(best.values(), key=_order)[:limit])


@dataclass(frozen=True)
class Probe:
    """What is looked for beside a case or, of somebody who has none, from what was said."""

    key: str
    signatures: tuple[LetterSignature, ...]
    case_id: int | None = None
    is_denunciation: bool = False


def probe_of_words(key: str, words: str, identity_number: str) -> Probe:
    """A person's own open letters, and letters that say the same."""
    signed = signature(words)
    people = [number_hashes(identity_number, of_denouncers=False)[0]] if identity_number else []
    one = LetterSignature(
        bands=list(signed.bands),
        minima=signed.minima,
        identity_hashes=people,
        document_numbers=document_numbers(words),
    )
    return Probe(key, (one,))


def probes_of_cases(cases: Sequence[Case]) -> list[Probe]:
    """The newest letters of each case; the key is the case's code. One query."""
    own: dict[int, list[LetterSignature]] = {case.pk: [] for case in cases}
    rows = LetterSignature.objects.filter(letter__case__in=list(own)).select_related("letter")
    for one in rows.only("letter__case_id", "bands", *COMPARED).order_by("-letter_id"):
        own[one.letter.case_id].append(one)
    return [
        Probe(case.code, tuple(own[case.pk][:OWN_MAX]), case.pk, case.is_denunciation)
        for case in cases
    ]


def similar_many(
    access: Access, probes: Sequence[Probe], limit: int = 3
) -> dict[str, list[Similar]]:
    """By probe, open petitions that are like it, best first; two queries for all of them.

    For a page that names a person: no denunciation is ever found or looked with, whoever reads,
    since likeness would tie it to that name (Article 47 of the Law on Denunciations).
    """
    asked = [probe for probe in probes if probe.signatures and not probe.is_denunciation]
    own = [one for probe in asked for one in probe.signatures]
    if not own:
        return {}
    there = readable_cases(access).exclude(kind=Kind.DENUNCIATION)
    candidates = list(_alike_in(there, own)[:CANDIDATES_MAX])
    best = {probe.key: _best_of(probe, candidates)[:limit] for probe in asked}
    found = {
        one.case.pk: one for one in _with_cases(access, [m for ms in best.values() for m in ms])
    }
    return {
        key: [Similar(found[m.case_id].case, m) for m in matches if m.case_id in found]
        for key, matches in best.items()
    }


def _best_of(probe: Probe, candidates: Iterable[LetterSignature]) -> list[Match]:
    best: dict[int, Match] = {}
    for other in candidates:
        if other.letter.case_id == probe.case_id:
            continue
        match = _best_match(probe, probe.signatures, other)
        known = best.get(match.case_id)
        if match.score >= SHOWN and (known is None or match.score > known.score):
            best[match.case_id] = match
    return sorted(best.values(), key=_order)


def readable_cases(access: Access) -> QuerySet[Case]:
    """Visible cases whose letters the reader may also read: the same rule as for their text."""
    opened = access.units(Permission.IDENTITY_OPEN)
    visible = Case.objects.visible_to(access)
    return visible.filter(~Q(kind=Kind.DENUNCIATION) | Q(unit_id__in=opened))


def _order(match: Match) -> tuple[float, int]:
    return -match.score, -match.case_id


def _candidates(
    access: Access, case: Case, own: Sequence[LetterSignature]
) -> Iterable[LetterSignature]:
    """Letters that share a band or an exact signal, the newest first when there are too many."""
    return _alike_in(readable_cases(access), own).exclude(letter__case=case)[:CANDIDATES_MAX]


def _alike_in(there: QuerySet[Case], own: Sequence[LetterSignature]) -> QuerySet[LetterSignature]:
    return (
        LetterSignature.objects.filter(_alike(own), letter__case__in=there)
        .select_related("letter__case")
        .only(*COMPARED, "letter__case__kind")
        # Not "-letter_id": with a limit the planner would walk the primary key instead of
        # the indexes of the signature.
        .order_by(F("letter_id") * -1)
    )


def _alike(own: Sequence[LetterSignature]) -> Q:
    """The respondent finds nothing alone: thousands of letters are about the same office."""
    asked = [Q(bands__overlap=sorted({key for one in own for key in one.bands}))]
    for name in EXACT_SIGNALS:
        values = sorted({value for one in own for value in getattr(one, name)})
        if values:
            asked.append(Q(**{f"{name}__overlap": values}))
    addresses = [one.address_hash for one in own if one.address_hash is not None]
    if addresses:
        asked.append(Q(address_hash__in=addresses))
    return reduce(or_, asked)


def _best_match(
    case: Case | Probe, own: Sequence[LetterSignature], other: LetterSignature
) -> Match:
    found = [_match(case, one, other) for one in own]
    return max(found, key=lambda match: match.score)


def _match(case: Case | Probe, one: LetterSignature, other: LetterSignature) -> Match:
    there = other.letter.case
    documents = tuple(sorted(set(one.document_numbers) & set(other.document_numbers)))
    common = {
        Signal.DOCUMENT: bool(documents),
        Signal.RESPONDENT: one.respondent_hash is not None
        and one.respondent_hash == other.respondent_hash,
    }
    # A denouncer is never tied to what he openly wrote, not even for who may open his identity:
    # that would show him without the recorded opening.
    if case.is_denunciation == there.is_denunciation:
        common[Signal.PERSON] = not set(one.identity_hashes).isdisjoint(other.identity_hashes)
        common[Signal.ADDRESS] = (
            one.address_hash is not None and one.address_hash == other.address_hash
        )
    signals = frozenset(signal for signal, holds in common.items() if holds)
    words = likeness(bytes(one.minima), bytes(other.minima))
    return Match(there.pk, score(words, signals), words, signals, documents)


def _with_cases(access: Access, matches: Sequence[Match]) -> list[Similar]:
    ids = [match.case_id for match in matches]
    cases = Case.objects.visible_to(access).with_list_data().in_bulk(ids) if ids else {}
    return [Similar(cases[m.case_id], m) for m in matches if m.case_id in cases]


def reasons(match: Match) -> list[str]:
    """Words for what two letters have in common; numbers of decisions are not personal data."""
    said = []
    if Signal.PERSON in match.signals:
        said.append(_("same sender"))
    for number in match.documents:
        words = (
            _("same decision no. %(number)s") if "/qd" in number else _("same document %(number)s")
        )
        said.append(words % {"number": document_name(number)})
    if Signal.ADDRESS in match.signals and Signal.PERSON not in match.signals:
        said.append(_("same address"))
    if Signal.RESPONDENT in match.signals:
        said.append(_("about the same person or body"))
    if match.words >= TEXT_FLOOR:
        said.append(_("text %(percent)s%% alike") % {"percent": round(match.words * 100)})
    return said
