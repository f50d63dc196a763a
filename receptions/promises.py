"""What the law lets a leader promise at a reception, by kind and stage of the case. No database
but the calendar of working days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from deadlines.calendars import calendar_current
from deadlines.clock import compute
from deadlines.faults import ClockFault
from deadlines.rules import Rule, rule_choose, rule_get
from petitions.enums import Kind, Stage
from petitions.workflow import CLOSED_STATUSES, IN_WORK, Status
from petitions.workflow.states import RESULT_SENT

PARTY_RULE = "DANG-NOTICE"
FREE_RULE = "KP-RES"
S = Status
_SENT_ON = frozenset({S.FORWARDED, S.AWAITING_RECEIVER, S.URGED})
_WORKED = IN_WORK | {S.SUSPENDED, S.OUTCOME_DRAFTED, S.TAKEN_OVER}
_DECIDED = RESULT_SENT | {
    S.DECIDED, S.ACTING_ON_CONCLUSION, S.IN_FORCE, S.ENFORCING, S.ENFORCED,
}  # fmt: skip
_ABOVE = frozenset({S.SECOND_INSTANCE, S.FURTHER_DENUNCIATION})


@dataclass(frozen=True)
class Word:
    """One thing to say or not to say, with its article; ``by``: the Hà Nội date until which."""

    text: str
    basis: str
    by: dt.date | None = None


@dataclass(frozen=True)
class Matter:
    """What the promises follow from. ``kind`` and ``status`` are empty where there is no case.

    ``result_by``: the last day of the running limit of the result. ``is_other_body``: a first
    complaint about what another body decided.
    """

    on: dt.date
    kind: str = ""
    status: str = ""
    is_party: bool = False
    is_other_body: bool = False
    result_by: dt.date | None = None
    result_basis: str = ""


@dataclass(frozen=True)
class Promises:
    """May be promised, must be told, must not be promised."""

    may: list[Word] = field(default_factory=list)
    must: list[Word] = field(default_factory=list)
    never: list[Word] = field(default_factory=list)


def promises(matter: Matter) -> Promises:
    """Everything for one visit, from the rules in force on the day of the reception."""
    return Promises(list(_may(matter)), list(_must(matter)), list(_never(matter)))


def _may(matter: Matter) -> Iterator[Word]:
    yield Word(
        _("What is clear is answered at once; otherwise the time limit and a contact person."),
        _("Article 25 of Decree 154/2026"),
    )
    status = matter.status
    if status in _SENT_ON:
        yield Word(
            _("Only to urge: the body that has it answers."),
            _("Article 27 of the Law on Citizen Reception"),
        )
    elif status in _WORKED:
        yield _result(matter)
    elif status in _DECIDED:
        yield Word(
            _("That the decision is carried out, and how to object to it."),
            _("Article 25 of Decree 154/2026"),
        )
    elif status not in CLOSED_STATUSES and status not in _ABOVE and status != S.IN_COURT:
        yield from _first_answer(matter)


def _result(matter: Matter) -> Word:
    if matter.kind in (Kind.RECOMMENDATION, Kind.FEEDBACK) or matter.result_by is None:
        return Word(
            _("A date of the conclusion's own: the law sets no limit for the result."),
            rule_get(FREE_RULE).basis,
            matter.result_by,
        )
    words = _("A result at the latest on this day: a conclusion may set an earlier one, no later.")
    return Word(words, matter.result_basis, matter.result_by)


def _first_answer(matter: Matter) -> Iterator[Word]:
    """Before acceptance nothing says yet when the result comes: its limit starts there."""
    if matter.kind in (Kind.RECOMMENDATION, Kind.FEEDBACK):
        yield _result(matter)
        return
    kind = matter.kind or Kind.COMPLAINT
    rule = rule_choose(kind, Stage.ACCEPTANCE, matter.on)
    words = _(
        "Whether it is accepted, within this limit; the limit of the result starts only then."
    )
    yield Word(words, rule.basis, _due(rule, matter.on) if not matter.kind else None)


def _must(matter: Matter) -> Iterator[Word]:
    rule = rule_choose(matter.kind or Kind.COMPLAINT, Stage.NOTICE, matter.on)
    words = _("In writing, unless answered on the spot: taken in, more time, refused or sent on.")
    yield Word(words, rule.basis, _due(rule, matter.on))
    if matter.is_party:
        rule = rule_get(PARTY_RULE)
        words = _("The head of the committee says in writing that it is taken up or passed on.")
        yield Word(words, rule.basis, _due(rule, matter.on))


def _never(matter: Matter) -> Iterator[Word]:
    yield from _never_of_kind(matter)
    yield from _never_of_stage(matter)
    if matter.is_party:
        yield Word(
            _("A decision in the place of the competent body: the committee directs and urges."),
            rule_get(PARTY_RULE).basis,
        )


def _never_of_kind(matter: Matter) -> Iterator[Word]:
    if matter.kind == Kind.COMPLAINT:
        yield Word(
            _("The outcome: a complaint is settled by a decision after verification."),
            _("Articles 28 to 31 of the Law on Complaints"),
        )
    if matter.is_other_body:
        yield Word(
            _("Anything about what another body decided: that body settles it first."),
            _("Articles 17 to 23 of the Law on Complaints"),
        )
    if matter.kind == Kind.DENUNCIATION:
        yield Word(
            _("Anything on the content, the accused or who wrote it."),
            _("Articles 8 and 47 to 49 of the Law on Denunciations"),
        )


def _never_of_stage(matter: Matter) -> Iterator[Word]:
    if matter.status == S.IN_COURT:
        yield Word(_("Anything that the court decides."), _("Article 11 of the Law on Complaints"))
    if matter.status in _ABOVE:
        yield Word(
            _("Anything that the superior body now decides."),
            _("Article 33 of the Law on Complaints, Article 37 of the Law on Denunciations"),
        )
    if matter.status in CLOSED_STATUSES or matter.status in _DECIDED:
        yield Word(
            _("That a decision in force is taken up again: new facts come as a new petition."),
            _("Article 9 of the Law on Citizen Reception"),
        )


def _due(rule: Rule, on: dt.date) -> dt.date | None:
    """The last day of a limit that starts at the reception; None beyond the known calendar."""
    try:
        days = rule.limit(on)
        return compute(days, rule.day_kind, rule.rolls, on, calendar_current()).due_on
    except ClockFault:
        return None
