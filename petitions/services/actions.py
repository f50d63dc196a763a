"""Every action of the workflow: what it writes besides the status, clocks and history."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import InvalidInput, NotVisible
from common.time import local_date
from petitions.enums import Finding, Flag, Kind, OutcomeKind
from petitions.guards import findings_for
from petitions.models import Case, Letter, Note, Outcome, Proposal
from petitions.receivers import DECIDERS, desk_of
from petitions.references import field_by_code
from petitions.services._transition import Change, case_transition
from petitions.services.inputs import inputs_clean
from petitions.workflow import ACTIONS, BY_ACTION, Action

Inputs = dict[str, Any]
REGISTER_BOOK = "letters"
_NEXT_NUMBER = """
    INSERT INTO petitions_registercounter (unit_id, book, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (unit_id, book, year)
    DO UPDATE SET last = petitions_registercounter.last + 1 RETURNING last
"""
PUBLIC_REASONS = frozenset(
    {
        Action.REQUEST_SUPPLEMENT,
        Action.SUSPEND,
        Action.EXTEND,
        Action.TERMINATE,
        Action.FILE_AWAY,
    }
)


def case_act(
    *,
    access: Access,
    code: str,
    action: str,
    version: int,
    inputs: Mapping[str, Any],
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Case:
    """Do an action of the workflow with its inputs. ``at``: UTC moment, now when absent.

    Raises InvalidInput (all wrong fields at once) and whatever ``case_transition`` raises.
    """
    if action not in ACTIONS:
        raise NotVisible

    def prepare(change: Change) -> None:
        cleaned = inputs_clean(change.row, inputs)
        _PREPARE.get(change.row.action, _nothing)(change, cleaned)
        _keep_note(change, cleaned)

    return case_transition(
        access=access,
        code=code,
        action=action,
        version=version,
        prepare=prepare,
        at=at,
        quiet=quiet,
    )


def register_number_take(unit_id: int, year: int, book: str = REGISTER_BOOK) -> int:
    """The next number of a unit's register; gapless, since the row stays locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, (unit_id, book, year))
        return int(cursor.fetchone()[0])


def _nothing(change: Change, inputs: Inputs) -> None:
    """The table alone says everything about this action."""


def _receive(change: Change, inputs: Inputs) -> None:
    case = change.case
    letter = Letter.objects.filter(case=case).order_by("id").first()
    assert letter is not None
    letter.register_unit_id = case.unit_id
    letter.register_year = local_date(change.at).year
    letter.register_number = register_number_take(case.unit_id, letter.register_year)
    letter.save(update_fields=["register_unit", "register_year", "register_number"])
    change.data["register"] = f"{letter.register_number}/{letter.register_year}"
    _signed(change, inputs)


def _signed(change: Change, inputs: Inputs) -> None:
    """A signature ends both the missing-signature mark and the state of mere information."""
    if inputs["is_signed"]:
        gone = {Flag.UNSIGNED.value, Flag.INFORMATION.value}
        change.case.flags = [flag for flag in change.case.flags if flag not in gone]
        change.data["signed"] = True


def _classify(change: Change, inputs: Inputs) -> None:
    field = field_by_code(inputs["field"])
    assert field is not None
    change.case.field = field
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
    change.tell("proposal_waiting", unit_id=change.case.unit_id, position=_decider(change.case))


def _decider(case: Case) -> str:
    return DECIDERS.get(case.unit.code, "head")


def _return_proposal(change: Change, inputs: Inputs) -> None:
    Proposal.objects.filter(case=change.case, is_current=True).update(
        is_current=False, returned_reason=inputs["reason"]
    )
    _tell_assignee(change, "proposal_returned")


def _accept(change: Change, inputs: Inputs) -> None:
    change.data["number"] = inputs["number"]
    _tell_assignee(change, "case_accepted")
    _tell_citizen(change)


def _refuse(kind: OutcomeKind) -> Callable[[Change, Inputs], None]:
    def prepare(change: Change, inputs: Inputs) -> None:
        Outcome.objects.create(
            case=change.case,
            kind=kind,
            number=inputs["number"],
            text=inputs["text"],
            ground=inputs.get("ground", ""),
            drafted_by_id=change.access.actor_id,
            drafted_at=change.at,
            signed_by_id=change.access.actor_id,
            issued_on=local_date(change.at),
            notified_on=local_date(change.at),
        )
        change.data |= {"number": inputs["number"], "ground": inputs.get("ground", "")}
        _tell_citizen(change)

    return prepare


def _numbered(change: Change, inputs: Inputs) -> None:
    change.data["number"] = inputs["number"]
    _tell_citizen(change)


def _citizen_only(change: Change, inputs: Inputs) -> None:
    _tell_citizen(change)


def _extend(change: Change, inputs: Inputs) -> None:
    """The written finding marks the case; the clocks follow in the transition."""
    case, finding = change.case, Finding(inputs["finding"])
    if finding not in findings_for(case):
        raise InvalidInput(fields={"finding": [_("This finding does not lengthen this limit.")]})
    if finding is not Finding.SEVERAL_PLACES:
        gone = {Flag.COMPLEX.value, Flag.VERY_COMPLEX.value}
        case.flags = [*(flag for flag in case.flags if flag not in gone), finding.value]
    change.data |= {"number": inputs["number"], "finding": finding.value}
    _tell_citizen(change)


def _dialogue(change: Change, inputs: Inputs) -> None:
    if inputs["held_on"] > local_date(change.at):
        raise InvalidInput(fields={"held_on": [_("The dialogue cannot lie in the future.")]})
    change.data["held_on"] = inputs["held_on"].isoformat()


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
    change.tell("draft_waiting", unit_id=change.case.unit_id, position=_decider(change.case))


def _return_draft(change: Change, inputs: Inputs) -> None:
    _tell_assignee(change, "draft_returned")


def _decide(change: Change, inputs: Inputs) -> None:
    Outcome.objects.filter(case=change.case, issued_on=None).update(
        number=inputs["number"],
        signed_by_id=change.access.actor_id,
        issued_on=local_date(change.at),
    )
    change.data["number"] = inputs["number"]
    desk = desk_of(change.case.unit)
    change.tell("case_decided", unit_id=change.case.unit_id, position=desk)


def _notify(change: Change, inputs: Inputs) -> None:
    Outcome.objects.filter(case=change.case, notified_on=None, issued_on__isnull=False).update(
        notified_on=local_date(change.at)
    )
    _tell_citizen(change)


def _tell_assignee(change: Change, template: str) -> None:
    if change.case.assignee_id:
        change.tell(template, recipient_id=change.case.assignee_id)


def _tell_citizen(change: Change) -> None:
    """The letters' sealed addresses are copied, not opened; a mail says only that there is news."""
    contacts = Letter.objects.filter(case=change.case, contact_box__isnull=False)
    for version, box in contacts.values_list("contact_key_version", "contact_box")[:1]:
        change.tell("petition_news", address=(version, bytes(box or b"")))


def _keep_note(change: Change, inputs: Inputs) -> None:
    row = change.row
    text = inputs.get("reason") or inputs.get("note") or ""
    if row.action is Action.HOLD_DIALOGUE:
        text = inputs["text"]
    if text:
        Note.objects.create(
            case=change.case,
            action=row.action.value,
            version=change.case.version + 1,
            text=text,
            is_public=row.action in PUBLIC_REASONS,
            by_id=change.access.actor_id,
            at=change.at,
        )


_PREPARE: dict[Action, Callable[[Change, Inputs], None]] = {
    Action.RECEIVE: _receive,
    Action.SUPPLY: _signed,
    Action.CLASSIFY: _classify,
    Action.ASSIGN: _assign,
    Action.PROPOSE: _propose,
    Action.RETURN_PROPOSAL: _return_proposal,
    Action.REQUEST_SUPPLEMENT: _citizen_only,
    Action.ACCEPT: _accept,
    Action.DECLINE: _refuse(OutcomeKind.REFUSAL),
    Action.GUIDE: _refuse(OutcomeKind.GUIDANCE),
    Action.FILE_AWAY: _citizen_only,
    Action.HOLD_DIALOGUE: _dialogue,
    Action.SUSPEND: _numbered,
    Action.RESUME: _numbered,
    Action.EXTEND: _extend,
    Action.TERMINATE: _numbered,
    Action.DRAFT_OUTCOME: _draft_outcome,
    Action.RETURN_DRAFT: _return_draft,
    Action.DECIDE: _decide,
    Action.NOTIFY: _notify,
}
