"""Messages and ratings as each side reads them."""

from dataclasses import dataclass

from petitions.models import Case, CaseMessage, Letter, Rating


@dataclass(frozen=True)
class Talk:
    """What petitioner and officers wrote about a letter or case, the oldest first."""

    messages: list[CaseMessage]
    rating: Rating | None


def talk_of_letter(letter: Letter) -> Talk:
    """For the petitioner: two queries."""
    messages = CaseMessage.objects.filter(letter=letter).prefetch_related("attachments")
    return Talk(list(messages), Rating.objects.filter(letter=letter).order_by("-id").first())


def talk_of_case(case: Case) -> Talk:
    """For officers: messages of the case and the last rating of its letters."""
    messages = CaseMessage.objects.filter(case=case).select_related("by")
    ratings = Rating.objects.filter(letter__case=case) | Rating.objects.filter(
        letter__copies__case=case
    )
    return Talk(list(messages.prefetch_related("attachments")), ratings.order_by("-id").first())
