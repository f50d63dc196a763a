"""Reading what is sealed is an event, like every other step."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef

from accounts.access import Access
from common.history import NewEvent
from common.time import local_date, local_moment, now
from petitions.models import Case, CaseEvent, Letter
from petitions.models.events import READ as READ_EVENT
from petitions.policies import may_read_letters
from petitions.services.locking import case_lock


def sealed_read(
    *,
    access: Access,
    case: Case,
    shown: tuple[Sequence[Letter], Sequence[CaseEvent]] | None = None,
    at: dt.datetime | None = None,
) -> None:
    """Record that somebody read the original text or files of a denunciation (Articles 47 and 56
    of the Law on Denunciations): once a person, letter and Hà Nội day, before it is shown.

    One query when it is recorded already, none where the page has its letters and events at hand
    (``shown``); nothing for other kinds and for whom it is withheld.
    """
    if not case.is_denunciation or may_read_letters(access, case) is not None:
        return
    moment = at or now()
    if shown is not None and _is_recorded(access.actor_id, moment, *shown):
        return
    if shown is None and not _unread(access.actor_id, case.pk, moment):
        return
    with transaction.atomic():
        case_lock(case.pk)
        # Two requests of the same page meet here: the second finds nothing left.
        codes = _unread(access.actor_id, case.pk, moment)
        if codes:
            new = NewEvent(case.pk, READ_EVENT, {"letters": codes}, access.actor_id, moment)
            CaseEvent.append(new)


def _is_recorded(
    person_id: int, at: dt.datetime, letters: Sequence[Letter], events: Sequence[CaseEvent]
) -> bool:
    """Whether these events say that the person read all of these letters today."""
    own = [e for e in events if e.action == READ_EVENT and e.actor_id == person_id]
    today = [e.data["letters"] for e in own if local_date(e.at) == local_date(at)]
    return {letter.code for letter in letters} <= {code for codes in today for code in codes}


def _unread(person_id: int, case_id: int, at: dt.datetime) -> list[str]:
    """Codes of the letters of the case that the person has not read today."""
    day = local_date(at)
    code = Func(F("code"), function="to_jsonb", output_field=JSONField())
    read = CaseEvent.objects.filter(
        case_id=case_id,
        action=READ_EVENT,
        actor_id=person_id,
        at__gte=local_moment(day),
        at__lt=local_moment(day + dt.timedelta(days=1)),
        data__letters__contains=OuterRef("as_json"),
    )
    letters = Letter.objects.filter(case_id=case_id).alias(as_json=code)
    unread = letters.filter(~Exists(read)).order_by("id")
    return list(unread.values_list("code", flat=True))
