"""Every date ahead of a petition that was sent: the chain of limits, each with its derivation.

No Django. Later limits start with acts of the unit nobody knows yet; they are counted as if each
act came on the last day of its own limit, and say so (``Certainty``).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from deadlines.clock import Calendar, Derivation, compute
from deadlines.faults import CalendarMissing, NoFixedLimit, NotInForce, RuleUnknown
from deadlines.rules import NORMAL, Rule, extension_choose, rule_choose, rule_get

COMPLAINT, SECOND_COMPLAINT = "complaint", "second_complaint"
DENUNCIATION = "denunciation"
RECOMMENDATION, FEEDBACK = "recommendation", "feedback"
UNIT, RECEPTION, PARTY = "unit", "reception", "party"
COMPLEX, VERY_COMPLEX, REMOTE = "complex", "very_complex", "remote"
_SENT = "sent"
_PLACE = "place"
_RESULT = "result"


class Certainty(StrEnum):
    """What must happen before a date holds."""

    SURE = "sure"  # counted from the day of sending itself
    CHAINED = "chained"  # if the act before it comes on its last day
    POSSIBLE = "possible"  # if something happens that need not happen
    INTERNAL = "internal"  # no limit by law


@dataclass(frozen=True, slots=True)
class Question:
    """What was sent, when and to whom. ``sent_on``: the Hà Nội date on which it was received.

    ``channel``: UNIT, RECEPTION (handed over on a reception day) or PARTY (the head of a Party
    committee). ``level``: NORMAL, COMPLEX or VERY_COMPLEX.
    """

    kind: str
    sent_on: dt.date
    channel: str = UNIT
    is_remote: bool = False
    level: str = NORMAL

    def condition(self, wanted: str) -> str:
        """The condition of a rule: by place, by place and level, or as it stands."""
        if wanted == _PLACE:
            return REMOTE if self.is_remote else NORMAL
        if wanted != _RESULT:
            return wanted
        if self.is_remote:
            return REMOTE if self.level == NORMAL else f"{REMOTE}_{self.level}"
        return self.level


@dataclass(frozen=True, slots=True)
class Milestone:
    """One limit ahead. ``key`` names its words; ``limit`` is None where the law has no number."""

    key: str
    rule: Rule
    certainty: Certainty
    limit: Derivation | None

    @property
    def due_on(self) -> dt.date | None:
        return self.limit.due_on if self.limit else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Milestones by date, those without a date last. ``is_cut``: later ones lie in years whose
    days off are not known yet."""

    question: Question
    milestones: tuple[Milestone, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """One limit of a chain: the stage it belongs to and the turn whose last day starts it."""

    key: str
    after: str
    stage: str
    certainty: Certainty = Certainty.CHAINED
    condition: str = NORMAL
    second: bool = False
    code: str = ""


_SURE, _POSSIBLE = Certainty.SURE, Certainty.POSSIBLE
_DISCIPLINE = _Turn("discipline", _SENT, "discipline_threshold", _SURE)
# Law on Complaints, Articles 27-28, 32-33, 44; Decree 124/2020, Article 16.
_FIRST = (
    _Turn("acceptance", _SENT, "acceptance", _SURE),
    _Turn("resolution", "acceptance", "resolution", condition=_RESULT),
    _Turn("decision_sent", "resolution", "decision_sent"),
    _Turn("in_force", "resolution", "decision_in_force", condition=_PLACE),
    _Turn("second_complaint", "decision_sent", "filing", _POSSIBLE, _PLACE, second=True),
    _Turn("second_unresolved", "resolution", "filing", _POSSIBLE, "not_resolved", second=True),
    _DISCIPLINE,
)
# Law on Complaints, Articles 36-37, 41, 44.
_SECOND = (
    _Turn("acceptance", _SENT, "acceptance", _SURE, second=True),
    _Turn("resolution", "acceptance", "resolution", condition=_RESULT, second=True),
    _Turn("decision_sent", "resolution", "decision_sent", second=True),
    _Turn("in_force", "resolution", "decision_in_force", condition=_PLACE, second=True),
    _DISCIPLINE,
)
# Law on Denunciations, Articles 24, 29-30, 35-36, 40.
_REPORT = (
    _Turn("acceptance", _SENT, "acceptance", _SURE),
    _Turn("acceptance_longer", _SENT, "acceptance", _POSSIBLE, "several_places"),
    _Turn("forwarding", _SENT, "forwarding", _POSSIBLE),
    _Turn("accepted_notice", "acceptance", "notice", condition="accepted"),
    _Turn("resolution", "acceptance", "resolution"),
    _Turn("extension", "resolution", "", _POSSIBLE),
    _Turn("extension_again", "extension", "", _POSSIBLE),
    _Turn("conclusion_sent", "resolution", "decision_sent"),
    _Turn("handling", "resolution", "handling_of_conclusion"),
    _Turn("publication", "resolution", "publication"),
    _DISCIPLINE,
)
# Law on Citizen Reception, Article 28; no limit of the law for the result.
_WISH = (
    _Turn("notice", _SENT, "notice", _SURE),
    _Turn("result", "notice", "resolution", Certainty.INTERNAL),
    _DISCIPLINE,
)
_CHAINS: dict[str, tuple[_Turn, ...]] = {
    COMPLAINT: _FIRST,
    SECOND_COMPLAINT: _SECOND,
    DENUNCIATION: _REPORT,
    RECOMMENDATION: _WISH,
    FEEDBACK: (*_WISH, _Turn("regulation", _SENT, "forwarding", _POSSIBLE, "regulation")),
}
_CHANNELS: dict[str, tuple[_Turn, ...]] = {
    UNIT: (),
    RECEPTION: (_Turn("reception_answer", _SENT, "notice", _SURE),),
    PARTY: (_Turn("party_notice", _SENT, "", _SURE, code="DANG-NOTICE"),),
}
_EXTENSIONS = {"extension": (COMPLEX, VERY_COMPLEX), "extension_again": (VERY_COMPLEX,)}


def forecast(question: Question, calendar: Calendar) -> Forecast:
    """Every limit ahead of a petition sent on ``question.sent_on``.

    To each limit applies the law of the day that starts it (Decree 155/2026 from 2026-07-01).
    Raises RuleUnknown for an unknown kind or channel, NotInForce and CalendarMissing when not
    even the first limit can be counted.
    """
    ends = {_SENT: question.sent_on}
    found: dict[str, Milestone] = {}
    is_cut = False
    for turn in _turns(question):
        try:
            found[turn.key] = _milestone(turn, question, ends, found, calendar)
        except NotInForce:
            if not found:
                raise
        except CalendarMissing:
            if not found:
                raise
            is_cut = True
        _note_end(turn, found.get(turn.key), ends)
    ordered = sorted(found.values(), key=lambda item: item.due_on or dt.date.max)
    return Forecast(question, tuple(ordered), is_cut)


def _turns(asked: Question) -> Iterator[_Turn]:
    """The turns that this question has, in the order of counting."""
    if asked.kind not in _CHAINS or asked.channel not in _CHANNELS:
        raise RuleUnknown(f"{asked.kind}/{asked.channel}")
    extra = () if asked.kind in (RECOMMENDATION, FEEDBACK) else _CHANNELS[RECEPTION]
    channel = extra if asked.channel == RECEPTION else _CHANNELS[asked.channel]
    for turn in (*_CHAINS[asked.kind], *channel):
        if asked.level in _EXTENSIONS.get(turn.key, (asked.level,)):
            yield turn


def _note_end(turn: _Turn, milestone: Milestone | None, ends: dict[str, dt.date]) -> None:
    """An extension moves everything behind the resolution; one not counted leaves it unknown."""
    keys = (turn.key, "resolution") if turn.key in _EXTENSIONS else (turn.key,)
    for key in keys:
        if milestone and milestone.due_on:
            ends[key] = milestone.due_on
        else:
            ends.pop(key, None)


def _milestone(
    turn: _Turn,
    asked: Question,
    ends: dict[str, dt.date],
    found: dict[str, Milestone],
    calendar: Calendar,
) -> Milestone:
    """One turn counted. Raises CalendarMissing also when the turn before it could not be."""
    start = ends.get(turn.after)
    if start is None:
        raise CalendarMissing(turn.after)
    rule = _rule(turn, asked, start, found)
    try:
        days = rule.limit(start)
    except NoFixedLimit:
        return Milestone(turn.key, rule, Certainty.INTERNAL, None)
    limit = compute(days, rule.day_kind, rule.rolls, start, calendar)
    return Milestone(turn.key, rule, turn.certainty, limit)


def _rule(turn: _Turn, asked: Question, start: dt.date, found: dict[str, Milestone]) -> Rule:
    if turn.code:
        return rule_get(turn.code)
    if turn.key in _EXTENSIONS:
        return extension_choose(found[turn.after].rule.code, DENUNCIATION, asked.level)
    kind = COMPLAINT if asked.kind == SECOND_COMPLAINT else asked.kind
    second = turn.second or asked.kind == SECOND_COMPLAINT
    condition = asked.condition(turn.condition)
    if condition == "not_resolved" and asked.is_remote:
        condition = REMOTE
    return rule_choose(kind, turn.stage, start, instance=2 if second else 1, condition=condition)
