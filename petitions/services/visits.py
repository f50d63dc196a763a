"""What a reception adds to the history of a case."""

import datetime as dt

from accounts.access import Access
from common.history import NewEvent
from common.time import local_date, now
from petitions.models import Case, CaseEvent
from petitions.services.locking import case_locked

JOINED = "petitions.visit.joined"


def case_visited(
    *, access: Access, code: str, visit_at: dt.datetime, at: dt.datetime | None = None
) -> Case:
    """Record that the matter of a case was brought to a reception that began at ``visit_at``.

    The history names the Hà Nội date, never the visitor; of a denunciation not even the date,
    which would tell a verifier among whom to look. Raises NotVisible.
    """
    case = case_locked(access, code)
    visit_recorded(case, visit_at=visit_at, by_id=access.actor_id, at=at or now())
    return case


def visit_recorded(case: Case, *, visit_at: dt.datetime, by_id: int, at: dt.datetime) -> None:
    """The same on a case that is locked, or was made in this transaction."""
    data = {} if case.is_denunciation else {"visit_on": local_date(visit_at).isoformat()}
    CaseEvent.append(NewEvent(case.pk, JOINED, data, by_id, at))
