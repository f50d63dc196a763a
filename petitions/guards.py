"""Named conditions of transitions: each returns why not, or None.

Apps above add guards by name (``register``), so that a case can ask whether it may close
without knowing who answers.
"""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from common.errors import Text
from deadlines.calendars import calendar_current
from deadlines.clock import compute
from deadlines.errors import fault_answers
from deadlines.models import OPEN_STATES, ClockState
from deadlines.rules import rule_choose
from petitions.enums import Finding, Flag, OutcomeKind, Stage
from petitions.grounds import Relation
from petitions.models import Case, CaseClock, CaseEvent, CaseLink, Forwarding, Outcome, Proposal
from petitions.receivers import superior_for
from petitions.workflow import Action, Status

BEFORE_ACCEPTANCE = (Status.RECEIVED, Status.CLASSIFYING, Status.PROPOSED)
# The conclusion of a denunciation is signed.
CONCLUDED = frozenset(
    {
        Status.DECIDED,
        Status.NOTIFIED,
        Status.PUBLISHED,
        Status.ACTING_ON_CONCLUSION,
        Status.ENFORCING,
        Status.ENFORCED,
        Status.FURTHER_DENUNCIATION,
    }
)
RESULTS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION)
# A guard gets the case and the Hà Nội date of the step.
Guard = Callable[[Case, dt.date], Text | None]
_guards: dict[str, Guard] = {}


def register(name: str) -> Callable[[Guard], Guard]:
    """Decorator: make a guard known under ``name``."""

    def add(guard: Guard) -> Guard:
        _guards[name] = guard
        return guard

    return add


def first_refusal(names: tuple[str, ...], case: Case, on: dt.date) -> Text | None:
    """Why the first failing guard says no on a Hà Nội date, or None when all agree."""
    for name in names:
        refusal = _guards[name](case, on)
        if refusal is not None:
            return refusal
    return None


def findings_for(case: Case) -> list[Finding]:
    """The findings that lengthen the limit running now, none where the law knows no longer one."""
    if case.status not in BEFORE_ACCEPTANCE:
        both = [Finding.COMPLEX, Finding.VERY_COMPLEX]
        return both if case.is_denunciation else both[:1]
    return [Finding.SEVERAL_PLACES] if case.is_denunciation else []


@register("limit_can_grow")
def limit_can_grow(case: Case, on: dt.date) -> Text | None:
    """A complaint has one limit for its acceptance; a denunciation has a longer one (Article 24.1
    LD)."""
    if findings_for(case):
        return None
    return _("The law knows no longer limit for accepting a complaint (Decree 124/2020, 16.1).")


@register("is_signed")
def is_signed(case: Case, on: dt.date) -> Text | None:
    """No acceptance without a signature (Article 11.5 LC, Article 22 LD)."""
    if Flag.UNSIGNED in case.flags:
        return _("The letter must be signed or fingerprinted before it can be accepted.")
    return None


@register("is_not_information")
def is_not_information(case: Case, on: dt.date) -> Text | None:
    """Information with accusations is not handled as a denunciation (Article 25 LD)."""
    if Flag.INFORMATION in case.flags:
        return _("This is information with accusations until the denouncer signs it.")
    return None


@register("awaits_signature")
def awaits_signature(case: Case, on: dt.date) -> Text | None:
    """Only what was sent without a signature can be signed later; who gave no name cannot sign."""
    if Flag.ANONYMOUS in case.flags:
        return _("The sender is not named: a signed letter is registered as a new one.")
    return None if Flag.UNSIGNED in case.flags else _("The letter is signed already.")


@register("is_competent")
def is_competent(case: Case, on: dt.date) -> Text | None:
    """Who decided first never decides the second complaint (Article 21 LC)."""
    if case.instance == 2 and case.unit_id == case.respondent_unit_id:
        return _("The body that decided first cannot resolve the second complaint.")
    return None


@register("is_forwarded_once")
def is_forwarded_once(case: Case, on: dt.date) -> Text | None:
    """The same content is forwarded once (Circular 05/2021, 14.1); a return frees it again."""
    if Forwarding.objects.filter(case=case, new_case__isnull=False).exists():
        return _("This petition was forwarded before; the same content is forwarded once.")
    return None


@register("is_not_concluded")
def is_not_concluded(case: Case, on: dt.date) -> Text | None:
    """A denunciation can be withdrawn before its conclusion only (Article 33.1 LD)."""
    if case.is_denunciation and case.status in CONCLUDED:
        return _("After the conclusion a denunciation cannot be withdrawn (Article 33).")
    return None


@register("was_withdrawn")
def was_withdrawn(case: Case, on: dt.date) -> Text | None:
    """Only what ended by a withdrawal can turn out to be a forced one (Article 10 LC, 33.3 LD)."""
    if Flag.WITHDRAWN not in case.flags:
        return _("Only a case that ended by a withdrawal can be reopened.")
    return None


@register("superior_may_take_over")
def superior_may_take_over(case: Case, on: dt.date) -> Text | None:
    """The limit passed, or the result is signed and shows a breach (Articles 37, 38.5 LD)."""
    if superior_for(case) is None:
        return _("There is no superior body in this portal that could take the case over.")
    if is_late(case, on) or own_result(case) is not None:
        return None
    return _("The limit has not passed and there is no conclusion yet.")


@register("had_its_dialogue")
def had_its_dialogue(case: Case, on: dt.date) -> Text | None:
    """At second instance the dialogue is mandatory (Article 39 LC, Decree 124/2020, 28)."""
    held = f"petitions.case.{Action.HOLD_DIALOGUE.value}"
    if case.instance == 1 or CaseEvent.objects.filter(case=case, action=held).exists():
        return None
    return _("A second complaint needs its dialogue before a result is drafted (Article 39).")


@register("is_concluded")
def is_concluded(case: Case, on: dt.date) -> Text | None:
    """What was only forwarded has no result of this body."""
    return None if own_result(case) else _("This body has issued no decision or conclusion.")


@register("time_to_object_is_over")
def time_to_object_is_over(case: Case, on: dt.date) -> Text | None:
    """A decision is in force when nobody complained in time (Article 44 LC)."""
    result = own_result(case)
    if result is None:
        return _("This body has issued no decision.")
    if _second_complaint_stands(case):
        return _("The second complaint is not over, or has a decision of its own.")
    day = in_force_on(case, result)
    if day > on:
        return _("The decision is in force from %(day)s (Article 44).") % {"day": f"{day:%d/%m/%Y}"}
    return None


@register("may_go_to_the_superior")
def may_go_to_the_superior(case: Case, on: dt.date) -> Text | None:
    """After the result, or when the limit passed without one (Article 33 LC, 37 and 38 LD)."""
    if superior_for(case) is None:
        return _("There is no superior body in this portal: guide to the body outside the city.")
    if case.instance == 2:
        return _("After the second decision only the court is open (Article 42).")
    if own_result(case) is not None and case.status != Status.DECIDED:
        return None
    return None if is_late(case, on) else _("There is no result yet and the limit has not passed.")


@register("nothing_is_left_to_do")
def nothing_is_left_to_do(case: Case, on: dt.date) -> Text | None:
    """A decision must be in force, a conclusion acted on and published, before the end."""
    running = CaseClock.objects.filter(
        case=case,
        clock__state__in=OPEN_STATES,
        stage__in=(Stage.PUBLICATION, Stage.HANDLING, Stage.DECISION_SENT),
    )
    if running.exists():
        return _("A limit still runs: the conclusion must be acted on and published first.")
    before_end = (Status.NOTIFIED, Status.PUBLISHED)
    if not case.is_denunciation and case.status in before_end and own_result(case) is not None:
        return _("The decision is not in force yet (Article 44).")
    return None


@register("closing_is_proposed")
def closing_is_proposed(case: Case, on: dt.date) -> Text | None:
    """Two people end a case: one proposes with ground and evidence, another approves."""
    if Proposal.objects.filter(case=case, is_current=True, action=Action.CLOSE.value).exists():
        return None
    return _("Closing must first be proposed, with its ground and evidence.")


def own_result(case: Case) -> Outcome | None:
    """The signed decision or conclusion of the body that holds the case, the newest."""
    signed = Outcome.objects.filter(case=case, kind__in=RESULTS, issued_on__isnull=False)
    return signed.order_by("-id").first()


def in_force_on(case: Case, result: Outcome) -> dt.date:
    """The Hà Nội date from which a decision is in force: 30 calendar days after it was issued,
    remote places longer (Article 44 of the Law on Complaints). Raises InvalidInput beyond the
    calendar."""
    assert result.issued_on is not None
    condition = "remote" if case.unit.is_remote else "normal"
    with fault_answers():
        rule = rule_choose(
            case.kind,
            "decision_in_force",
            result.issued_on,
            instance=case.instance,
            condition=condition,
        )
        assert rule.days is not None
        limit = compute(rule.days, rule.day_kind, rule.rolls, result.issued_on, calendar_current())
    return limit.due_on + dt.timedelta(days=1)


def _second_complaint_stands(case: Case) -> bool:
    """The superior still handles it, or decided it: then his decision counts (Article 44 LC)."""
    if case.status != Status.SECOND_INSTANCE:
        return False
    links = CaseLink.objects.filter(other=case, relation=Relation.SECOND_INSTANCE_OF)
    second = links.select_related("case").order_by("-id").first()
    return second is not None and (second.case.is_open or own_result(second.case) is not None)


def is_late(case: Case, on: dt.date) -> bool:
    """The limit of the result runs and passed before a Hà Nội date."""
    return CaseClock.objects.filter(
        case=case,
        stage=Stage.RESOLUTION,
        clock__state=ClockState.RUNNING,
        clock__due_on__lt=on,
    ).exists()
