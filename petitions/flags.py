"""Marks that follow from facts about a case: computed when looked at, never stored.

No Django here. Each mark says its reason in words; whether it is right is for whoever classifies.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

COLLECTIVE_FROM = 5  # people on one content, Article 29 of the Law on Citizen Reception
REPEATED_FROM = 2
# From the issue of a first or second decision on a complaint until it is final, in days; places
# that are remote and hard to travel to have 45 (Article 44 of the Law on Complaints).
FINAL_AFTER, FINAL_AFTER_REMOTE = 30, 45


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name
    """Mark a message for translation; it is translated where it is shown."""
    return text


class Below(StrEnum):
    """What the competent unit of commune level has on the matter, as far as the reader sees."""

    UNKNOWN = "unknown"
    NOTHING = "nothing"
    WITHIN_LIMIT = "within_limit"
    LATE_OR_DONE = "late_or_done"


class ComputedFlag(StrEnum):
    COLLECTIVE = "collective"
    DUPLICATE = "duplicate"
    BYPASSING = "bypassing"
    PROLONGED = "prolonged"
    REPEATED = "repeated"


LABELS = {
    ComputedFlag.COLLECTIVE: N_("collective petition"),
    ComputedFlag.DUPLICATE: N_("perhaps a duplicate"),
    ComputedFlag.BYPASSING: N_("sent past the competent level"),
    ComputedFlag.PROLONGED: N_("prolonged"),
    ComputedFlag.REPEATED: N_("repeated"),
}


@dataclass(frozen=True)
class Facts:
    """What the marks follow from. ``duplicates``: codes of cases with a letter of the same person
    on the same matter. ``final_on``: since when the result is legally final, if it is.
    """

    people: int = 1
    letters: int = 1
    visits: int = 0
    duplicates: tuple[str, ...] = ()
    is_sent_to_city: bool = False
    below: Below = Below.UNKNOWN
    final_on: dt.date | None = None
    letters_on: tuple[dt.date, ...] = ()


@dataclass(frozen=True)
class Mark:
    """``reason`` is a message to translate, filled with ``values``."""

    flag: ComputedFlag
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return LABELS[self.flag]


def marks(facts: Facts) -> list[Mark]:
    """Every mark that holds, in a fixed order."""
    rules = (collective, duplicate, bypassing, prolonged, repeated)
    return [mark for mark in (rule(facts) for rule in rules) if mark]


def collective(facts: Facts) -> Mark | None:
    """Đông người: five people or more on one content (Article 29, Law on Citizen Reception)."""
    if facts.people < COLLECTIVE_FROM:
        return None
    reason = N_("%(people)s people sent one petition on one matter.")
    return Mark(ComputedFlag.COLLECTIVE, reason, {"people": facts.people})


def duplicate(facts: Facts) -> Mark | None:
    """Trùng: the same person, the same matter. Suggested only."""
    if not facts.duplicates:
        return None
    reason = N_("The same person has a petition on the same matter: %(codes)s.")
    return Mark(ComputedFlag.DUPLICATE, reason, {"codes": ", ".join(facts.duplicates)})


def bypassing(facts: Facts) -> Mark | None:
    """Vượt cấp: sent to the city before the competent unit could settle it or was late."""
    reasons = {
        Below.NOTHING: N_("Sent to the city while the competent unit has no case on it."),
        Below.WITHIN_LIMIT: N_("Sent to the city while the competent unit is within its limit."),
    }
    if not facts.is_sent_to_city or facts.below not in reasons:
        return None
    return Mark(ComputedFlag.BYPASSING, reasons[facts.below])


def prolonged(facts: Facts) -> Mark | None:
    """Kéo dài: another letter although the decision is legally final."""
    final_on = facts.final_on
    later = [day for day in facts.letters_on if final_on and day >= final_on]
    if not later or final_on is None:
        return None
    reason = N_("Legally final since %(day)s; letters since then: %(letters)s.")
    return Mark(
        ComputedFlag.PROLONGED,
        reason,
        {"day": f"{final_on:%d/%m/%Y}", "letters": len(later)},
    )


def repeated(facts: Facts) -> Mark | None:
    """Nhiều lần: two or more letters or visits on the same case."""
    if facts.letters < REPEATED_FROM and facts.visits < REPEATED_FROM:
        return None
    reason = N_("Letters on this case: %(letters)s; visits: %(visits)s.")
    return Mark(ComputedFlag.REPEATED, reason, {"letters": facts.letters, "visits": facts.visits})


def final_date(issued_on: dt.date, *, is_remote: bool) -> dt.date:
    """The first day on which a decision issued on ``issued_on`` is legally final."""
    days = FINAL_AFTER_REMOTE if is_remote else FINAL_AFTER
    return issued_on + dt.timedelta(days=days + 1)
