"""Steps from arrival to the head's decision what is to be done with the paper."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import InvalidInput
from common.time import local_date
from deadlines.models import Clock
from escalation.ladder import URGING
from escalation.services import escalations_confirm
from petitions.enums import Flag, OutcomeKind
from petitions.models import Case, Letter, Proposal
from petitions.references import field_by_code
from petitions.services._transition import Change
from petitions.services.registers import book_of, register_number_take
from petitions.services.routing import officer_for
from petitions.services.telling import (
    Inputs,
    Prepare,
    citizen_only,
    decider_of,
    issued,
    tell_assignee,
    tell_citizen,
)
from petitions.subjects import case_named, subject_neutral
from petitions.workflow import BY_ACTION, Action


def _receive(change: Change, inputs: Inputs) -> None:
    case = change.case
    letter = Letter.objects.filter(case=case).order_by("id").first()
    assert letter is not None
    letter.register_unit_id = case.unit_id
    letter.register_year = local_date(change.at).year
    letter.register_number = register_number_take(
        case.unit_id, letter.register_year, book_of(letter.kind)
    )
    letter.save(update_fields=["register_unit", "register_year", "register_number"])
    change.data["register"] = letter.register
    _route(change)
    _signed(change, inputs)


def _route(change: Change) -> None:
    """The unit's own rules give a new case to an officer; an assignment made before stays."""
    officer = officer_for(change.case) if change.case.assignee_id is None else None
    if officer is not None:
        change.case.assignee = officer
        change.data["assignee"] = officer.username
        change.tell("case_assigned", recipient_id=officer.pk)


def _signed(change: Change, inputs: Inputs) -> None:
    """A signature ends both the missing-signature mark and the state of mere information."""
    if not inputs["is_signed"]:
        return
    if Flag.ANONYMOUS in change.case.flags:
        message = _("The sender is not named: a signed letter is registered as a new one.")
        raise InvalidInput(fields={"is_signed": [message]})
    _signature_count(change)


def _signature_count(change: Change) -> None:
    gone = {Flag.UNSIGNED.value, Flag.INFORMATION.value}
    change.case.flags = [flag for flag in change.case.flags if flag not in gone]
    change.data["signed"] = True


def _record_signature(change: Change, inputs: Inputs) -> None:
    """The signed letter of something sent online has arrived, also a while ago."""
    day = inputs["received_on"]
    if day > local_date(change.at):
        raise InvalidInput(fields={"received_on": [_("This day is still to come.")]})
    if day < local_date(change.case.submitted_at):
        message = _("This is before the day on which it was sent online.")
        raise InvalidInput(fields={"received_on": [message]})
    change.counts_from = day
    change.data |= {"form": inputs["form"], "received_on": day.isoformat()}
    _signature_count(change)
    tell_citizen(change)


def _request_supplement(change: Change, inputs: Inputs) -> None:
    if inputs["due_on"]:
        if inputs["due_on"] < local_date(change.at):
            raise InvalidInput(fields={"due_on": [_("This day has passed.")]})
        change.data["due_on"] = inputs["due_on"].isoformat()
    tell_citizen(change)


def _classify(change: Change, inputs: Inputs) -> None:
    field = field_by_code(inputs["field"])
    assert field is not None
    case = change.case
    if case.is_denunciation and case.subject == subject_neutral(case.field.label_vi):
        case_named(case, subject_neutral(field.label_vi))
    case.field = field
    change.data["field"] = field.code


def _assign(change: Change, inputs: Inputs) -> None:
    case = change.case
    officer = (
        holders_of(Permission.CASE_HANDLE, case.unit_id).filter(username=inputs["assignee"]).first()
    )
    if officer is None or _is_barred(officer, case):
        raise InvalidInput(fields={"assignee": [_("Choose an officer of the unit.")]})
    case.assignee = officer
    change.data["assignee"] = officer.username
    change.tell("case_assigned", recipient_id=officer.pk)


def _is_barred(officer: User, case: Case) -> bool:
    return (
        bool(case.barred_units)
        and officer.memberships.filter(unit_id__in=case.barred_units).exists()
    )


def _propose(change: Change, inputs: Inputs) -> None:
    proposal = inputs["proposal"]
    if change.case.kind not in BY_ACTION[Action(proposal)].kinds:
        raise InvalidInput(fields={"proposal": [_("This is not possible for this kind.")]})
    if proposal == Action.DECLINE and not inputs["ground"]:
        raise InvalidInput(fields={"ground": [_("A refusal needs its legal ground.")]})
    Proposal.objects.filter(case=change.case, is_current=True).update(is_current=False)
    Proposal.objects.create(
        case=change.case,
        action=proposal,
        ground=inputs["ground"],
        text=inputs["text"],
        by_id=change.access.actor_id,
        at=change.at,
    )
    change.data["proposal"] = proposal
    change.tell("proposal_waiting", unit_id=change.case.unit_id, position=decider_of(change.case))


def _return_proposal(change: Change, inputs: Inputs) -> None:
    Proposal.objects.filter(case=change.case, is_current=True).update(
        is_current=False, returned_reason=inputs["reason"]
    )
    tell_assignee(change, "proposal_returned")


def _accept(change: Change, inputs: Inputs) -> None:
    """A mass complaint needs the paper that names the representatives, with every signature
    (Article 29 of the Law on Citizen Reception, Decree 124/2020 as amended)."""
    if Flag.COLLECTIVE in change.case.flags and not inputs["representatives"]:
        message = _("A collective petition needs the paper naming its representatives.")
        raise InvalidInput(fields={"representatives": [message]})
    change.data["number"] = inputs["number"]
    tell_assignee(change, "case_accepted")
    tell_citizen(change)


def _return_to_sender(change: Change, inputs: Inputs) -> None:
    change.data["recipient"] = inputs["recipient"]
    issued(OutcomeKind.RETURN)(change, inputs)


def _refer(change: Change, inputs: Inputs) -> None:
    change.data |= {"number": inputs["number"], "recipient": inputs["recipient"]}
    tell_citizen(change)


def _urge(change: Change, inputs: Inputs) -> None:
    """The letter is what the ladder asked the sender for: issuing it confirms that step."""
    issued(OutcomeKind.URGING)(change, inputs)
    clocks = Clock.objects.filter(case_clock__case__forwarded_by__case=change.case)
    ids = list(clocks.values_list("pk", flat=True))
    escalations_confirm(access=change.access, clock_ids=ids, drafts=URGING, at=change.at)


STEPS: dict[Action, Prepare] = {
    Action.RECEIVE: _receive,
    Action.REQUEST_SUPPLEMENT: _request_supplement,
    Action.SUPPLY: _signed,
    Action.RECORD_SIGNATURE: _record_signature,
    Action.CLASSIFY: _classify,
    Action.ASSIGN: _assign,
    Action.PROPOSE: _propose,
    Action.RETURN_PROPOSAL: _return_proposal,
    Action.ACCEPT: _accept,
    Action.DECLINE: issued(OutcomeKind.REFUSAL),
    Action.GUIDE: issued(OutcomeKind.GUIDANCE),
    Action.RETURN_TO_SENDER: _return_to_sender,
    Action.URGE: _urge,
    Action.FILE_AWAY: citizen_only,
    Action.REFER_TO_INVESTIGATION: _refer,
}
