"""Letters like those of a case: suggested with a reason, confirmed by a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from petitions.models import Case, Letter, LetterSignature
from petitions.policies import may_read_letters
from petitions.signals import OF_THE_WRITER, Signal, documents_by_signal, kind_of
from petitions.similarity import alike
from petitions.workflow import status_label

SHOWN = 10
CANDIDATES = 3000
ALIKE_FROM = 0.3  # estimated Jaccard index of the texts
WEIGHTS = {
    Signal.PERSON: 0.35,
    Signal.DOCUMENT: 0.3,
    Signal.RESPONDENT: 0.15,
    Signal.ADDRESS: 0.1,
}
# Alone, these say too little: a unit is complained about by many, a house has many people.
WEAK = frozenset({Signal.RESPONDENT, Signal.ADDRESS})


@dataclass(frozen=True)
class Similar:
    """Another case, how alike (0 to 1), and why."""

    case: Case
    score: float
    reasons: list[str]

    @property
    def status(self) -> str:
        return _(status_label(self.case.status))

    @property
    def why(self) -> str:
        return ", ".join(self.reasons)


def similar_cases(access: Access, case: Case, limit: int = SHOWN) -> list[Similar]:
    """Cases with letters like those of ``case`` among what the reader may see: best first.

    Text is compared only where the reader may read both letters; signs of who wrote a
    denunciation only where he may open identities in both units (Articles 47 and 56 of the Law
    on Denunciations). Four queries.
    """
    letter = Letter.objects.filter(case=case).order_by("id").first()
    own = LetterSignature.objects.filter(letter=letter).first() if letter else None
    if letter is None or own is None:
        return []
    rows = (
        LetterSignature.objects.filter(
            Q(bands__overlap=list(own.bands)) | Q(signals__overlap=list(own.signals))
        )
        .exclude(letter__case=case)
        .values_list("letter__case_id", "bins", "signals")[:CANDIDATES]
    )
    likely = _likely(own, rows)
    seen = Case.objects.visible_to(access).with_list_data().in_bulk(list(likely))
    named = documents_by_signal(letter.subject, letter.content, letter.request)
    found = [_judged(access, case, seen[pk], *likely[pk], named) for pk in likely if pk in seen]
    best = sorted((item for item in found if item), key=lambda item: -item.score)
    return best[:limit]


def _likely(
    own: LetterSignature, rows: Iterable[tuple[int, bytes | memoryview, list[int]]]
) -> dict[int, tuple[float, list[int]]]:
    """By case, how alike the text is and which signals agree; the fifty best."""
    bins, known = bytes(own.bins), set(own.signals)
    found: dict[int, tuple[float, list[int]]] = {}
    for case_id, other, signals in rows:
        text, common = alike(bins, bytes(other)), [s for s in signals if s in known]
        if text >= ALIKE_FROM or common:
            before = found.get(case_id, (0.0, []))
            found[case_id] = (max(text, before[0]), sorted({*before[1], *common}))
    ranked = sorted(found, key=lambda pk: -_rank(*found[pk]))
    return {pk: found[pk] for pk in ranked[:50]}


def _rank(text: float, common: list[int]) -> float:
    return text + sum(WEIGHTS[kind] for kind in {kind_of(number) for number in common})


def _judged(
    access: Access, case: Case, other: Case, text: float, common: list[int], named: dict[int, str]
) -> Similar | None:
    """What the reader may be told of the likeness; None when that is too little."""
    if may_read_letters(access, case) or may_read_letters(access, other):
        text = 0.0
    if not _may_compare_writers(access, case, other):
        common = [number for number in common if kind_of(number) not in OF_THE_WRITER]
    kinds = {kind_of(number) for number in common}
    if text < ALIKE_FROM and not kinds - WEAK and kinds != WEAK:
        return None
    score = min(1.0, text + sum(WEIGHTS[kind] for kind in kinds))
    return Similar(other, round(score, 2), list(_reasons(text, common, named)))


def _may_compare_writers(access: Access, *cases: Case) -> bool:
    opens = access.units(Permission.IDENTITY_OPEN)
    return all(not case.is_denunciation or case.unit_id in opens for case in cases)


def _reasons(text: float, common: list[int], named: dict[int, str]) -> Iterable[str]:
    kinds = {kind_of(number) for number in common}
    if Signal.PERSON in kinds:
        yield _("the same person")
    for number in common:
        if number in named:
            yield _("the same document number %(number)s") % {"number": named[number]}
    if Signal.RESPONDENT in kinds:
        yield _("the same respondent")
    if Signal.ADDRESS in kinds and Signal.PERSON not in kinds:
        yield _("the same address")
    if text >= ALIKE_FROM:
        yield _("text alike by %(share)s %%") % {"share": round(text * 100)}
