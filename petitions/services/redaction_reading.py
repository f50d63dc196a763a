"""Verifiers read the released copy; that they did stays in the history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.access import Access
from common.history import NewEvent
from common.time import now
from petitions.models import Case, CaseEvent, Letter, RedactedCopy
from petitions.models.events import SEEN
from petitions.policies import may_read_letters
from petitions.selectors_redaction import released_by_letter, released_prefetch
from petitions.services.locking import case_lock


def redaction_read(
    *, access: Access, case: Case, letters: Sequence[Letter]
) -> dict[int, RedactedCopy]:
    """Letter → the released copy, of the letters of a denunciation. Who may not read the original
    is recorded as a reader of the copy. No query for other kinds."""
    if not case.is_denunciation:
        return {}
    prefetch_related_objects(list(letters), released_prefetch())
    copies = released_by_letter(letters)
    if may_read_letters(access, case) is not None:
        redaction_seen(access=access, case=case, copies=copies.values())
    return copies


def redaction_seen(
    *, access: Access, case: Case, copies: Iterable[RedactedCopy], at: dt.datetime | None = None
) -> None:
    """Record, once a version and person, that somebody who may not read the original read the
    copy. One query when it is recorded already."""
    wanted = [{"letter": copy.letter.code, "number": copy.number} for copy in copies]
    if not _not_recorded(access, case, wanted):
        return
    moment = at or now()
    with transaction.atomic():
        case_lock(case.pk)
        # Asked again under the lock: two tabs opened at once are one reading.
        new = [
            NewEvent(case.pk, SEEN, data, access.actor_id, moment)
            for data in _not_recorded(access, case, wanted)
        ]
        if new:
            CaseEvent.append_many(new)


def _not_recorded(
    access: Access, case: Case, wanted: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    if not wanted:
        return []
    own = CaseEvent.objects.filter(case=case, action=SEEN, actor_id=access.actor_id)
    known = list(own.values_list("data", flat=True))
    return [data for data in wanted if data not in known]
