"""Steps after the result was sent: publication, carrying out, the court, the end."""

from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotPermitted
from common.time import local_date
from petitions.enums import OutcomeKind
from petitions.models import Proposal
from petitions.services._transition import Change
from petitions.services.steps_work import not_after
from petitions.services.telling import (
    Inputs,
    Prepare,
    decider_of,
    numbered,
    paper_issue,
    tell_citizen,
)
from petitions.services.tells import letters_betray
from petitions.workflow import Action


def _publish(change: Change, inputs: Inputs) -> None:
    """What is published of a denunciation never shows the denouncer (Article 40.3 of the Law on
    Denunciations): the portal compares the text itself, without opening an identity."""
    not_after(inputs, "published_on", local_date(change.at))
    if change.case.is_denunciation and letters_betray(change.case, {"text": inputs["text"]}):
        message = _("The text shows the denouncer. Remove name, numbers and address.")
        raise InvalidInput(fields={"text": [message]})
    paper_issue(change, OutcomeKind.PUBLICATION, inputs, on=inputs["published_on"])
    change.data |= {"form": inputs["form"], "published_on": inputs["published_on"].isoformat()}
    tell_citizen(change)


def _lawsuit(change: Change, inputs: Inputs) -> None:
    not_after(inputs, "received_on", local_date(change.at))
    change.data |= {
        "court": inputs["court"],
        "number": inputs["number"],
        "received_on": inputs["received_on"].isoformat(),
    }


def _propose_closing(change: Change, inputs: Inputs) -> None:
    """The first of the two people who end a case, with ground and evidence."""
    Proposal.objects.filter(case=change.case, is_current=True).update(is_current=False)
    Proposal.objects.create(
        case=change.case,
        action=Action.CLOSE.value,
        ground=inputs["ground"],
        text=inputs["evidence"],
        by_id=change.access.actor_id,
        at=change.at,
    )
    change.data |= {"ground": inputs["ground"], "proposal": Action.CLOSE.value}
    change.tell("closing_waiting", unit_id=change.case.unit_id, position=decider_of(change.case))


def _close(change: Change, inputs: Inputs) -> None:
    """A second person approves; where a body has one position only, its holder does both."""
    current = Proposal.objects.filter(
        case=change.case, is_current=True, action=Action.CLOSE.value
    ).first()
    if current is not None:
        if current.by_id == change.access.actor_id and _others_could(change):
            raise NotPermitted(_("Closing is approved by a second person, not by who proposed it."))
        change.data["ground"] = current.ground
    tell_citizen(change)


def _others_could(change: Change) -> bool:
    return change.case.unit.code not in ONE_POSITION


# Whoever holds the only position of these bodies does every step of their cases.
ONE_POSITION = ("UBND", "TTTP")

STEPS: dict[Action, Prepare] = {
    Action.PUBLISH: _publish,
    Action.ACT_ON_CONCLUSION: numbered,
    Action.RECORD_LAWSUIT: _lawsuit,
    Action.PROPOSE_CLOSING: _propose_closing,
    Action.CLOSE: _close,
}
