"""Steps from acceptance to the signed result that was sent."""

import datetime as dt

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.time import local_date
from petitions.enums import Finding, Flag, Kind, OutcomeKind
from petitions.grounds import TakeoverGround, TerminationGround, WithdrawalScope
from petitions.guards import findings_for, is_late, own_result
from petitions.models import Case, Outcome
from petitions.receivers import desk_of, superior_for
from petitions.services._transition import Change
from petitions.services.telling import (
    Inputs,
    Prepare,
    decider_of,
    numbered,
    signed,
    tell_assignee,
    tell_citizen,
)
from petitions.workflow import Action

_WITHDRAWALS = {
    WithdrawalScope.WHOLE: Flag.WITHDRAWN.value,
    WithdrawalScope.PART: Flag.WITHDRAWN_PART.value,
}


def _extend(change: Change, inputs: Inputs) -> None:
    """The written finding marks the case; the clocks follow in the transition."""
    case, finding = change.case, Finding(inputs["finding"])
    if finding not in findings_for(case):
        raise InvalidInput(fields={"finding": [_("This finding does not lengthen this limit.")]})
    if finding is not Finding.SEVERAL_PLACES:
        gone = {Flag.COMPLEX.value, Flag.VERY_COMPLEX.value}
        case.flags = [*(flag for flag in case.flags if flag not in gone), finding.value]
    change.data |= {"number": inputs["number"], "finding": finding.value}
    tell_citizen(change)


def _dialogue(change: Change, inputs: Inputs) -> None:
    not_after(inputs, "held_on", local_date(change.at))
    change.data["held_on"] = inputs["held_on"].isoformat()


def _suspend(change: Change, inputs: Inputs) -> None:
    change.data["ground"] = inputs["ground"]
    numbered(change, inputs)


def _withdraw(change: Change, inputs: Inputs) -> None:
    """By letter with signature or fingerprint, or minutes; what goes on without it is decided by
    the head (Article 10 of the Law on Complaints, Article 33 of the Law on Denunciations)."""
    not_after(inputs, "received_on", local_date(change.at))
    flag = _WITHDRAWALS[WithdrawalScope(inputs["scope"])]
    change.case.flags = [*(item for item in change.case.flags if item != flag), flag]
    change.data |= {
        "scope": inputs["scope"],
        "form": inputs["form"],
        "received_on": inputs["received_on"].isoformat(),
    }
    change.tell("case_withdrawn", unit_id=change.case.unit_id, position=decider_of(change.case))


def _terminate(change: Change, inputs: Inputs) -> None:
    """A withdrawn denunciation goes on while a violation, coercion, bribery or abuse shows
    (Article 33.3 of the Law on Denunciations)."""
    if inputs["ground"] == TerminationGround.WITHDRAWN:
        _check_withdrawal(change.case, inputs)
    change.data["ground"] = inputs["ground"]
    numbered(change, inputs)


def _check_withdrawal(case: Case, inputs: Inputs) -> None:
    if Flag.WITHDRAWN not in case.flags:
        message = _("No withdrawal of the whole petition is recorded.")
        raise InvalidInput(fields={"ground": [message]})
    if case.is_denunciation and not inputs["no_coercion"]:
        message = _("Without this check the denunciation must go on (Article 33.3).")
        raise InvalidInput(fields={"no_coercion": [message]})


def _reopen(change: Change, inputs: Inputs) -> None:
    """A forced withdrawal counts as none: the case is resolved again, with a limit of its own."""
    change.case.flags = [flag for flag in change.case.flags if flag != Flag.WITHDRAWN]
    numbered(change, inputs)


def _take_over(change: Change, inputs: Inputs) -> None:
    """The superior becomes the holder; his own acceptance starts the new limit (Article 38.5)."""
    case, superior = change.case, superior_for(change.case)
    assert superior is not None
    wanted = TakeoverGround(inputs["ground"])
    if wanted is TakeoverGround.OVERDUE and not is_late(case, local_date(change.at)):
        raise InvalidInput(fields={"ground": [_("The limit has not passed.")]})
    if wanted is TakeoverGround.UNLAWFUL and own_result(case) is None:
        raise InvalidInput(fields={"ground": [_("There is no conclusion yet.")]})
    tell_assignee(change, "case_taken_over")
    change.data |= {"from_unit": case.unit.code, "unit": superior.code, "ground": wanted.value}
    case.unit, case.assignee = superior, None
    case.flags = [*(flag for flag in case.flags if flag != Flag.TAKEN_OVER), Flag.TAKEN_OVER.value]
    numbered(change, inputs)


def not_after(inputs: Inputs, name: str, on: dt.date) -> None:
    """Raises InvalidInput when the date input ``name`` lies after ``on`` (Hà Nội dates)."""
    if inputs[name] > on:
        raise InvalidInput(fields={name: [_("This day lies in the future.")]})


def _draft_outcome(change: Change, inputs: Inputs) -> None:
    kinds = {
        Kind.COMPLAINT: OutcomeKind.DECISION,
        Kind.DENUNCIATION: OutcomeKind.CONCLUSION,
    }
    Outcome.objects.update_or_create(
        case=change.case,
        kind=kinds.get(Kind(change.case.kind), OutcomeKind.REPLY),
        issued_on=None,
        defaults={
            "text": inputs["text"],
            "drafted_by_id": change.access.actor_id,
            "drafted_at": change.at,
        },
    )
    change.tell("draft_waiting", unit_id=change.case.unit_id, position=decider_of(change.case))


def _return_draft(change: Change, inputs: Inputs) -> None:
    tell_assignee(change, "draft_returned")


def _decide(change: Change, inputs: Inputs) -> None:
    Outcome.objects.filter(case=change.case, issued_on=None).update(
        number=inputs["number"], **signed(change)
    )
    change.data["number"] = inputs["number"]
    desk = desk_of(change.case.unit)
    change.tell("case_decided", unit_id=change.case.unit_id, position=desk)


def _notify(change: Change, inputs: Inputs) -> None:
    Outcome.objects.filter(case=change.case, notified_on=None, issued_on__isnull=False).update(
        notified_on=local_date(change.at)
    )
    tell_citizen(change)


STEPS: dict[Action, Prepare] = {
    Action.HOLD_DIALOGUE: _dialogue,
    Action.SUSPEND: _suspend,
    Action.RESUME: numbered,
    Action.EXTEND: _extend,
    Action.WITHDRAW: _withdraw,
    Action.TERMINATE: _terminate,
    Action.REOPEN: _reopen,
    Action.TAKE_OVER: _take_over,
    Action.DRAFT_OUTCOME: _draft_outcome,
    Action.RETURN_DRAFT: _return_draft,
    Action.DECIDE: _decide,
    Action.NOTIFY: _notify,
}
