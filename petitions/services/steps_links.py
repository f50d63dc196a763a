"""Steps that tie a case to another: duplicates, splitting, links, the superior."""

from typing import Any

from django.utils.translation import gettext as _

from common.codes import code_clean
from common.errors import InvalidInput
from common.text import clean
from common.time import local_date
from petitions.enums import Channel, Flag
from petitions.grounds import Relation
from petitions.models import Case, CaseLink
from petitions.receivers import superior_for
from petitions.selectors_public import CODE_PREFIX
from petitions.services._transition import Change
from petitions.services.copies import Copy, letter_copy
from petitions.services.steps_work import not_after
from petitions.services.telling import Inputs, Prepare, tell_citizen
from petitions.workflow import Action, Status


def _mark_duplicate(change: Change, inputs: Inputs) -> None:
    """The letter is registered and follows the main case; nothing is opened or forwarded twice
    (Circular 05/2021, 14.1)."""
    case = change.case
    main = _other(change, inputs["main"], "main")
    if main.kind != case.kind:
        raise InvalidInput(fields={"main": [_("The other case is of another kind.")]})
    if main.status == Status.DUPLICATE:
        message = _("The other case is a duplicate itself: give the main case.")
        raise InvalidInput(fields={"main": [message]})
    case.merged_into = main
    _tie(change, case, main, Relation.DUPLICATE_OF)
    change.data["main"] = main.code
    tell_citizen(change)


def _split(change: Change, inputs: Inputs) -> None:
    """Each content gets a case of its own, received on the day of the letter (Article 25.3 of the
    Law on Citizen Reception)."""
    case = change.case
    copy = Copy(
        unit=case.unit,
        subject=clean(inputs["subject"]),
        kind=inputs["kind"],
        field=inputs["field"],
        content=inputs["text"],
        channel=_channel(case),
        at=case.submitted_at,
        respondent=_respondent(inputs),
    )
    new = letter_copy(change, copy)
    _tie(change, new, case, Relation.SPLIT_FROM)
    change.data["new_case"] = new.code
    tell_citizen(change)


def _respondent(inputs: Inputs) -> dict[str, Any] | None:
    if not inputs["respondent"]:
        return None
    return {"name": clean(inputs["respondent"]), "unit": inputs["respondent_unit"]}


def _channel(case: Case) -> str:
    """A content that was split off came on the way of its letter."""
    channel = case.letters.order_by("id").values_list("channel", flat=True).first()
    return Channel.PAPER if channel == Channel.ONLINE or channel is None else channel


def _link(change: Change, inputs: Inputs) -> None:
    relation = Relation(inputs["relation"])
    other = _other(change, inputs["other"], "other")
    if CaseLink.objects.filter(case=change.case, other=other, relation=relation).exists():
        raise InvalidInput(fields={"other": [_("This link is recorded already.")]})
    _tie(change, change.case, other, relation)
    change.data |= {"relation": relation.value, "other": other.code}


def _second_instance(change: Change, inputs: Inputs) -> None:
    """A case of the superior's, about the decision of this body (Article 33 of the Law on
    Complaints)."""
    unit = change.case.unit
    about = {"name": unit.full_name, "unit": unit.code, "position": "head"}
    _to_the_superior(
        change,
        inputs,
        Relation.SECOND_INSTANCE_OF,
        content=inputs["text"],
        instance=2,
        respondent=about,
    )


def _further(change: Change, inputs: Inputs) -> None:
    """The superior reviews the file within 20 days (Article 37.2 of the Law on Denunciations)."""
    flags = (Flag.FURTHER.value,)
    _to_the_superior(change, inputs, Relation.FURTHER_OF, content=inputs["text"], flags=flags)


def _to_the_superior(
    change: Change, inputs: Inputs, relation: Relation, **differences: Any
) -> None:
    case, superior = change.case, superior_for(change.case)
    assert superior is not None
    not_after(inputs, "received_on", local_date(change.at))
    copy = Copy(unit=superior, subject=case.subject, channel=Channel.PAPER, **differences)
    new = letter_copy(change, copy)
    _tie(change, new, case, relation)
    change.data |= {
        "new_case": new.code,
        "unit": superior.code,
        "received_on": inputs["received_on"].isoformat(),
    }
    tell_citizen(change)


def _other(change: Change, text: str, name: str) -> Case:
    """Another case that the reader sees, by its code or by a letter's. Raises InvalidInput."""
    code = code_clean(text, CODE_PREFIX) or ""
    seen = Case.objects.visible_to(change.access)
    found = seen.filter(code=code).first() or seen.filter(letters__code=code).first()
    if found is None or found.pk == change.case.pk:
        raise InvalidInput(fields={name: [_("There is no other case with this code.")]})
    return found


def _tie(change: Change, case: Case, other: Case, relation: Relation) -> None:
    CaseLink.objects.create(
        case=case, other=other, relation=relation, by_id=change.access.actor_id, at=change.at
    )


STEPS: dict[Action, Prepare] = {
    Action.MARK_DUPLICATE: _mark_duplicate,
    Action.SPLIT: _split,
    Action.LINK: _link,
    Action.OPEN_SECOND_INSTANCE: _second_instance,
    Action.OPEN_FURTHER_DENUNCIATION: _further,
}
