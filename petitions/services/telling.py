"""What steps have in common: who is told, and papers that a step issues at once."""

from collections.abc import Callable
from typing import Any

from common.time import local_date
from petitions.enums import OutcomeKind
from petitions.models import Case, Letter, Outcome
from petitions.receivers import DECIDERS
from petitions.services._transition import Change

Inputs = dict[str, Any]
Prepare = Callable[[Change, Inputs], None]


def decider_of(case: Case) -> str:
    """The position that decides in the unit that holds the case."""
    return DECIDERS.get(case.unit.code, "head")


def tell_assignee(change: Change, template: str) -> None:
    """Queue a notice for the assigned officer, if there is one."""
    if change.case.assignee_id:
        change.tell(template, recipient_id=change.case.assignee_id)


def tell_citizen(change: Change) -> None:
    """The letters' sealed addresses are copied, not opened; a mail says only that there is news.

    Of a copy the petitioner knows the origin's code alone.
    """
    contacts = Letter.objects.filter(case=change.case, contact_box__isnull=False)
    rows = contacts.order_by("id").values_list(
        "contact_key_version", "contact_box", "origin__code", "code"
    )
    for version, box, origin, code in rows[:1]:
        change.tell(
            "petition_news", address=(version, bytes(box or b"")), params={"code": origin or code}
        )


def citizen_only(change: Change, inputs: Inputs) -> None:
    """The table says everything about this step; the petitioner hears of it."""
    tell_citizen(change)


def numbered(change: Change, inputs: Inputs) -> None:
    """A step that issues a numbered paper and is told to the petitioner."""
    change.data["number"] = inputs["number"]
    tell_citizen(change)


def issued(kind: OutcomeKind) -> Prepare:
    """A step that writes, signs and sends one paper at once."""

    def prepare(change: Change, inputs: Inputs) -> None:
        paper_issue(change, kind, inputs)
        tell_citizen(change)

    return prepare


def paper_issue(change: Change, kind: OutcomeKind, inputs: Inputs) -> None:
    """Keep a paper that is signed and sent on the Hà Nội date of the step."""
    on = local_date(change.at)
    ground = inputs.get("ground", "")
    Outcome.objects.create(
        case=change.case,
        kind=kind,
        number=inputs["number"],
        text=inputs["text"],
        ground=ground,
        drafted_by_id=change.access.actor_id,
        drafted_at=change.at,
        signed_by_id=change.access.actor_id,
        issued_on=on,
        notified_on=on,
    )
    change.data |= {"number": inputs["number"], "ground": ground}
