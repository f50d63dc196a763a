"""Messages and ratings as each side reads them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from petitions.models import Case, CaseMessage, Letter, Rating
from petitions.workflow import Status


@dataclass(frozen=True)
class Talk:
    """What petitioner and officers wrote about a letter or case, the oldest first."""

    messages: list[CaseMessage]
    rating: Rating | None


# The letter's own case only waits for what another body does.
ELSEWHERE = (Status.AWAITING_RECEIVER, Status.SECOND_INSTANCE, Status.FURTHER_DENUNCIATION)


def live_case_id(letter: Letter) -> int:
    """The key of the case that handles the petitioner's letter now: the main case of a duplicate,
    the newest open one of the copies that went on elsewhere, else the letter's own."""
    case = Case.objects.only("merged_into_id", "status", "closed_at").get(pk=letter.case_id)
    if case.merged_into_id is not None:
        return case.merged_into_id
    waits = case.closed_at is not None or case.status in ELSEWHERE
    copies = Case.objects.filter(letters__origin=letter, closed_at=None)
    on = copies.order_by("-id").values_list("pk", flat=True).first() if waits else None
    return on or case.pk


def petitioners_letters(case: Case) -> list[Letter]:
    """The letters of a case and of its duplicates whose codes petitioners have, oldest first: one
    query."""
    cases = Case.objects.filter(Q(pk=case.pk) | Q(merged_into=case))
    rows = Letter.objects.filter(case_id__in=cases.values("pk"))
    found = [letter.origin or letter for letter in rows.select_related("origin").order_by("id")]
    return list({letter.pk: letter for letter in found}.values())


def talk_of_letter(letter: Letter) -> Talk:
    """For the petitioner: two queries."""
    messages = CaseMessage.objects.filter(letter=letter).prefetch_related("attachments")
    return Talk(list(messages), Rating.objects.filter(letter=letter).order_by("-id").first())


def talk_of_case(case: Case, letters: Iterable[Letter]) -> Talk:
    """For officers: messages of the case and the last rating of its letters."""
    messages = CaseMessage.objects.filter(case=case).select_related("by", "letter")
    rated = [letter.origin_id or letter.pk for letter in letters]
    ratings = Rating.objects.filter(letter_id__in=rated)
    return Talk(list(messages.prefetch_related("attachments")), ratings.order_by("-id").first())
