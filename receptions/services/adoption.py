"""Conclusions recorded before there were notices become notices with one task each."""

from common.reference import LoadReport
from common.time import today
from deadlines.models import Clock
from papers.services.proving import proved
from receptions.enums import VisitOutcome
from receptions.models import ConclusionNotice, VisitRecord
from receptions.services._change import Notes, session_locked
from receptions.services.conclusions import notice_adopt

BATCH = 200


def conclusions_adopt(report: LoadReport) -> None:
    """Give every recorded conclusion that has no notice its notice, number and task, as of the day
    of its record; running it again changes nothing.

    What was due before today gets a limit without a ladder: it shows as late, and nobody is told
    of what nobody could report done until now.
    """
    waiting = VisitRecord.objects.filter(outcome=VisitOutcome.CONCLUSION, notices=None)
    made = 0
    while batch := list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for pk in batch:
            _adopt(pk)
        made += len(batch)
    if made:
        report.warn(f"conclusions of receptions made into notices: {made}")


@proved()
def _adopt(pk: int) -> None:
    visit = VisitRecord.objects.select_related("registration__session").get(pk=pk)
    session = session_locked(visit.registration.session.public_id)
    if ConclusionNotice.objects.filter(visit=visit).exists():
        return
    by_id = visit.recorded_by_id or session.leader_id
    notes = Notes("receptions.conclusion.issued", visit.recorded_at, by_id, quiet=True)
    notice = notice_adopt(session, visit, notes)
    if visit.due_on is not None and visit.due_on < today():
        clocks = Clock.objects.filter(conclusion_clock__task__notice=notice)
        clocks.update(step_moments=[], next_action_at=None)
