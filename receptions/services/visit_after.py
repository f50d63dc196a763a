"""What the record of a visit sets going: the limit of the written notice, and the conclusion."""

from accounts.access import Access
from common.time import local_date
from receptions.models import ReceptionSession, VisitRecord
from receptions.services._change import Notes
from receptions.services.conclusions import notice_of_record
from receptions.services.visit_notices import visit_clock_follow


def visit_follow(
    access: Access,
    session: ReceptionSession,
    visit: VisitRecord,
    notes: Notes,
    *,
    changed: bool,
    issue: bool,
) -> None:
    """Start or end what follows from a record just written; session locked, same transaction.

    ``notes``: those of the record. ``changed``: its conclusion is another one than before;
    ``issue``: who may issue the notice does so at once.
    """
    visit_clock_follow(session, visit, local_date(notes.at), changed=changed)
    notice_of_record(
        access=access,
        session=session,
        visit=visit,
        changed=changed,
        issue=issue,
        at=notes.at,
        quiet=notes.quiet,
    )
