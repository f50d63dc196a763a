from django.db import models

from common.history import HistoryEvent
from petitions.models.case import Case

# Who looked at what is sealed: shown to whoever decides in the unit and to the reader himself.
READ, OPENED, SEEN = (
    "petitions.sealed.read",
    "petitions.identity.opened",
    "petitions.redaction.seen",
)
LOOKED = (READ, OPENED, SEEN)
# A reform of units took the case along; ``from`` and ``to`` are codes.
UNIT_MOVED = "petitions.case.unit_moved"
# The same for the unit that a case waits to be accepted by.
OFFER_MOVED = "petitions.case.offer_moved"


class CaseEvent(HistoryEvent):
    """History of a case, one hash chain a case. What the petitioner sees of it is decided by
    ``petitions.timeline`` from the action, never stored."""

    SUBJECT = "case"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="case_event_chain")
        ]
        indexes = [
            # Whether anybody of a unit did anything in the last days: the continuity board.
            models.Index(
                fields=["at"], condition=models.Q(actor__isnull=False), name="case_event_acted"
            )
        ]
