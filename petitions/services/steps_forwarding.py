"""Sending on, with acceptance: the sender stays responsible until the receiver accepts."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from communes.models import Unit
from communes.selectors import unit_by_code
from petitions.clocks import origin_keep
from petitions.enums import Flag, OutcomeKind
from petitions.grounds import Relation, ReturnGround
from petitions.models import Case, Forwarding
from petitions.receivers import desk_of, receivers_for
from petitions.services._transition import Change
from petitions.services.copies import Copy, letter_copy, tie
from petitions.services.telling import Inputs, Prepare, issued, paper_issue, tell_citizen
from petitions.workflow import Action

WITHDRAWALS = (Flag.WITHDRAWN.value, Flag.WITHDRAWN_PART.value)
HOPS_MAX = 3  # project decision: after three bodies the superior decides who is competent


def _forward(change: Change, inputs: Inputs) -> None:
    """Article 24.2 of the Law on Denunciations, Article 26.2 of the Law on Citizen Reception."""
    case, before = change.case, chain_before(change.case)
    receiver = _receiver(case, inputs["unit"], before)
    hop = len(before) + 1
    if hop > HOPS_MAX:
        raise InvalidInput(fields={"unit": [_("Three bodies had it: ask the superior to decide.")]})
    Forwarding.objects.create(
        case=case,
        from_unit=case.unit,
        to_unit=receiver,
        hop=hop,
        by_id=change.access.actor_id,
        at=change.at,
    )
    case.forwarded_to = receiver
    paper_issue(change, OutcomeKind.FORWARDING, inputs)
    change.data |= {"to_unit": receiver.code, "hop": hop}
    change.tell("forward_arrived", unit_id=receiver.pk, position=desk_of(receiver))
    tell_citizen(change)


def _receiver(case: Case, code: str, before: list[Forwarding]) -> Unit:
    """A body that takes cases, is not barred, and has not had this content before."""
    unit = unit_by_code(code)
    if unit is None or unit not in receivers_for(case):
        raise InvalidInput(fields={"unit": [_("This body cannot receive the petition.")]})
    if unit.pk in {hop.from_unit_id for hop in before}:
        raise InvalidInput(fields={"unit": [_("This body had the petition before.")]})
    return unit


def chain_before(case: Case) -> list[Forwarding]:
    """The accepted forwardings that led to this case, the last one first."""
    found: list[Forwarding] = []
    current = Forwarding.objects.filter(new_case=case).first()
    while current is not None and len(found) <= HOPS_MAX:
        found.append(current)
        current = Forwarding.objects.filter(new_case=current.case_id).first()
    return found


def _accept_forward(change: Change, inputs: Inputs) -> None:
    """A case of the receiver's own, with its own number and limit; the two stay linked."""
    case, receiver = change.case, change.case.forwarded_to
    assert receiver is not None
    kept = tuple(flag for flag in case.flags if flag in WITHDRAWALS)
    new = letter_copy(change, Copy(unit=receiver, flags=kept))
    tie(change, new, case, Relation.FORWARDED_FROM)
    origin_keep(new, forwarder_unit_id=case.unit_id)
    _pending(case).update(
        answered_at=change.at, answered_by_id=change.access.actor_id, new_case=new
    )
    case.forwarded_to = None
    change.data |= {"unit": receiver.code, "new_case": new.code}
    change.tell("forward_accepted", unit_id=case.unit_id, position=desk_of(case.unit))
    tell_citizen(change)


def _return_forward(change: Change, inputs: Inputs) -> None:
    case, receiver = change.case, change.case.forwarded_to
    assert receiver is not None
    _given_back(change, inputs["ground"], inputs["reason"])
    change.data |= {"unit": receiver.code, "ground": inputs["ground"]}
    change.tell("forward_returned", unit_id=case.unit_id, position=desk_of(case.unit))


def _recall(change: Change, inputs: Inputs) -> None:
    """The sender takes back what nobody has answered."""
    _given_back(change, ReturnGround.RECALLED, inputs["reason"])


def _given_back(change: Change, ground: str, reason: str) -> None:
    _pending(change.case).update(
        answered_at=change.at,
        answered_by_id=change.access.actor_id,
        return_ground=ground,
        return_reason=reason,
    )
    change.case.forwarded_to = None


def _pending(case: Case) -> QuerySet[Forwarding]:
    return Forwarding.objects.filter(case=case, answered_at=None)


STEPS: dict[Action, Prepare] = {
    Action.FORWARD: _forward,
    Action.ACCEPT_FORWARD: _accept_forward,
    Action.RETURN_FORWARD: _return_forward,
    Action.RECALL_FORWARD: _recall,
    Action.RECORD_RECEIVER_RESULT: issued(OutcomeKind.RECEIVER_RESULT),
}
