"""Who took the register of receptions of a unit away."""

from django.db import models

from common.history import HistoryEvent
from communes.models import Unit


class RegisterEvent(HistoryEvent):
    """History of a unit's register 03/TCD: every export, with its period and number of rows. One
    hash chain a unit."""

    SUBJECT = "unit"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="register_events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["unit", "sequence"], name="register_event_chain")
        ]
