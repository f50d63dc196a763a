"""What steps have in common: who is told, and papers that a step issues at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.selectors import holds_position
from common.errors import InvalidInput
from common.time import local_date
from communes.models import Unit
from notifications.services import NewMessage, outbox_write
from petitions.enums import OutcomeKind
from petitions.issued_papers import issued_for
from petitions.models import Case, Outcome
from petitions.receivers import DECIDERS, overseer_of
from petitions.services._transition import Change
from petitions.talk import petitioners_letters
from petitions.workflow import PAPER

Inputs = dict[str, Any]
Prepare = Callable[[Change, Inputs], None]


def decider_of(case: Case) -> str:
    """The position that decides in the unit that holds the case."""
    return DECIDERS.get(case.unit.code, "head")


def tell_overseer(access: Access, case: Case, template: str, key: str, at: dt.datetime) -> None:
    """Whoever decides in the unit learns of what others did with a sealed identity, also by a right
    that was handed over; of the own deeds whoever decides above (Articles 47 to 49 of the Law on
    Denunciations). ``at``: UTC moment."""
    unit: Unit | None = case.unit
    if holds_position(access.actor_id, case.unit_id, decider_of(case), local_date(at)):
        unit = overseer_of(case)
    if unit is None:
        return
    notice = NewMessage(
        key=key,
        template=template,
        params={"code": case.code, "unit": case.unit.full_name},
        unit_id=unit.pk,
        position=DECIDERS.get(unit.code, "head"),
        is_secret=True,
    )
    outbox_write([notice], at=at)


def tell_assignee(change: Change, template: str) -> None:
    """Queue a notice for the assigned officer, if there is one."""
    if change.case.assignee_id:
        change.tell(template, recipient_id=change.case.assignee_id)


def tell_citizen(change: Change) -> None:
    """Everybody whose letter the case or one of its duplicates is, each under the own code: many
    wrote on one matter, it is answered once and told to all.

    Sealed addresses are copied, not opened; a mail says only that there is news.
    """
    for letter in petitioners_letters(change.case):
        if letter.contact is not None:
            change.tell(
                "petition_news",
                params={"code": letter.code},
                to=letter.code,
                address=letter.contact,
                language=letter.language,
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


def paper_take(change: Change, inputs: Inputs) -> None:
    """Number and date of the step are those of the chosen paper, its text a pointer to it: what a
    paper says lies under seal and is not copied. Raises InvalidInput."""
    if not inputs.get(PAPER.name):
        return
    found = issued_for(change.case, change.row.action)
    paper = next((one for one in found if one.key == inputs[PAPER.name]), None)
    if paper is None:
        raise InvalidInput(fields={PAPER.name: [_("Choose one of the values of the list.")]})
    if inputs["number"] not in ("", paper.number):
        message = _("The number comes from the chosen paper: leave this empty.")
        raise InvalidInput(fields={"number": [message]})
    inputs["number"] = paper.number
    if inputs.get("text") == "":
        with translation.override(settings.LANGUAGE_CODE):  # kept as everybody reads it
            words = _("See document %(number)s of %(on)s.")
            inputs["text"] = words % {"number": paper.number, "on": f"{paper.on:%d/%m/%Y}"}
    change.paper = paper
    change.data |= {"paper": paper.key, "paper_on": paper.on.isoformat()}


def signed(change: Change) -> dict[str, Any]:
    """Who signed what the step issues, and on which Hà Nội date: as the chosen paper says, else
    whoever takes the step, that day."""
    paper = change.paper
    if paper is not None:
        return {"signed_by_id": paper.signer_id, "issued_on": paper.on}
    return {"signed_by_id": change.access.actor_id, "issued_on": local_date(change.at)}


def paper_issue(
    change: Change, kind: OutcomeKind, inputs: Inputs, on: dt.date | None = None
) -> None:
    """Keep a paper that is signed and sent on a Hà Nội date, that of the step without one."""
    day, sign = on or local_date(change.at), signed(change)
    if on is not None:
        sign["issued_on"] = on
    number, ground = inputs.get("number", ""), inputs.get("ground", "")
    Outcome.objects.create(
        case=change.case,
        kind=kind,
        number=number,
        text=inputs["text"],
        ground=ground,
        drafted_by_id=change.access.actor_id,
        drafted_at=change.at,
        notified_on=day,
        **sign,
    )
    change.data |= {"number": number, "ground": ground}
