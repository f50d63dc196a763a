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
from petitions.similarity import SHOWN, TEXT_FLOOR, Signal, document_name, likeness, score

OWN_MAX = 5  # letters of one case that are searched with, newest first
CANDIDATES_MAX = 1500
EXACT_SIGNALS = ("identity_hashes", "document_numbers")


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
    return (
        LetterSignature.objects.filter(_alike(own), letter__case__in=readable_cases(access))
        .exclude(letter__case=case)
        .select_related("letter__case")
        .only(
            "minima", "identity_hashes", "respondent_hash", "address_hash", "document_numbers",
            "letter__case__kind",
        )
        # Not "-letter_id": with a limit the planner would walk the primary key instead of
        # the indexes of the signature.
        .order_by(F("letter_id") * -1)[:CANDIDATES_MAX]
    )  # fmt: skip


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


def _best_match(case: Case, own: Sequence[LetterSignature], other: LetterSignature) -> Match:
    found = [_match(case, one, other) for one in own]
    return max(found, key=lambda match: match.score)


def _match(case: Case, one: LetterSignature, other: LetterSignature) -> Match:
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
