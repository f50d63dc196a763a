"""Steps that tie a case to another: duplicates, splitting, links, the superior."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from common.codes import code_clean
from common.errors import InvalidInput
from common.text import clean
from common.time import local_date, local_moment
from petitions.enums import Channel, Flag, Kind
from petitions.grounds import Relation
from petitions.models import Case, CaseLink, Letter
from petitions.receivers import superior_for
from petitions.selectors_public import CODE_PREFIX
from petitions.services._transition import Change
from petitions.services.copies import Copy, letter_copy, tie
from petitions.services.steps_work import not_after
from petitions.services.telling import Inputs, Prepare, tell_citizen
from petitions.workflow import Action, Status

OPENING = 8  # o'clock


def _mark_duplicate(change: Change, inputs: Inputs) -> None:
    """The letter is registered and follows the main case; nothing is opened or forwarded twice
    (Circular 05/2021, 14.1)."""
    case = change.case
    main = _other(change, inputs["main"], "main")
    if main.kind != case.kind:
        raise InvalidInput(fields={"main": [_("The other case is of another kind.")]})
    _check_bars(case, main)
    if main.status == Status.DUPLICATE or case.merged.exists():
        message = _("One of the two has duplicates already or is one: give the main case.")
        raise InvalidInput(fields={"main": [message]})
    case.merged_into = main
    tie(change, case, main, Relation.DUPLICATE_OF)
    change.data["main"] = main.code
    tell_citizen(change)


def _check_bars(case: Case, main: Case) -> None:
    """What a denouncer writes goes to the main case: nobody barred from his may hold that one."""
    kept_out = set(case.barred_units)
    if main.unit_id in kept_out or not kept_out <= set(main.barred_units):
        message = _("The other case is open to a body that must not see this one.")
        raise InvalidInput(fields={"main": [message]})


def _split(change: Change, inputs: Inputs) -> None:
    """Each content gets a case of its own, received on the day of the letter (Article 25.3 of the
    Law on Citizen Reception)."""
    case = change.case
    if case.is_denunciation and inputs["kind"] != Kind.DENUNCIATION:
        message = _("What came with a denunciation stays sealed: guide to a petition of its own.")
        raise InvalidInput(fields={"kind": [message]})
    copy = Copy(
        unit=case.unit,
        is_routed=inputs["kind"] == Kind.DENUNCIATION and not case.is_denunciation,
        subject=clean(inputs["subject"]),
        kind=inputs["kind"],
        field=inputs["field"],
        content=inputs["text"],
        channel=_channel(case),
        at=case.submitted_at,
        respondent=_respondent(inputs),
    )
    new = letter_copy(change, copy)
    tie(change, new, case, Relation.SPLIT_FROM)
    if new.is_denunciation == case.is_denunciation:
        # Who reads the history of an open case learns of no denunciation that came with it.
        change.data["new_case"] = new.code
    tell_citizen(change)


def _respondent(inputs: Inputs) -> dict[str, Any] | None:
    if not inputs["respondent"]:
        return None
    return {"name": clean(inputs["respondent"]), "unit": inputs["respondent_unit"]}


def _channel(case: Case) -> str:
    """A content that was split off came on the way of its letter."""
    return case.letters.order_by("id").values_list("channel", flat=True).first() or Channel.PAPER


def _link(change: Change, inputs: Inputs) -> None:
    relation = Relation(inputs["relation"])
    other = _other(change, inputs["other"], "other")
    if other.is_denunciation != change.case.is_denunciation:
        # Tied to what he openly wrote, a denouncer would be known without a recorded opening.
        message = _("A denunciation is not linked with petitions of another kind.")
        raise InvalidInput(fields={"other": [message]})
    if CaseLink.objects.filter(case=change.case, other=other, relation=relation).exists():
        raise InvalidInput(fields={"other": [_("This link is recorded already.")]})
    tie(change, change.case, other, relation)
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
    copy = Copy(
        unit=superior,
        channel=Channel.PAPER,
        at=_received(change, inputs["received_on"]),
        **differences,
    )
    new = letter_copy(change, copy)
    tie(change, new, case, relation)
    change.data |= {
        "new_case": new.code,
        "unit": superior.code,
        "received_on": inputs["received_on"].isoformat(),
    }
    tell_citizen(change)


def _received(change: Change, on: dt.date) -> dt.datetime:
    """The moment from which the superior's limit counts: that day's morning, or now."""
    return change.at if on == local_date(change.at) else local_moment(on, OPENING)


def _other(change: Change, text: str, name: str) -> Case:
    """Another case that the reader sees, by its code or by a letter's. Raises InvalidInput."""
    code = code_clean(text, CODE_PREFIX) or ""
    # Somebody else's lock is not waited for: two who join each other's case would stand still.
    seen = Case.objects.visible_to(change.access).select_for_update(
        of=("self",), no_key=True, skip_locked=True
    )
    found = (
        seen.filter(code=code).first()
        or seen.filter(pk__in=Letter.objects.filter(code=code).values("case_id")).first()
    )
    if found is None or found.pk == change.case.pk:
        raise InvalidInput(fields={name: [_("There is no other case with this code.")]})
    return found


STEPS: dict[Action, Prepare] = {
    Action.MARK_DUPLICATE: _mark_duplicate,
    Action.SPLIT: _split,
    Action.LINK: _link,
    Action.OPEN_SECOND_INSTANCE: _second_instance,
    Action.OPEN_FURTHER_DENUNCIATION: _further,
}
