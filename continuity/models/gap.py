"""What was found without a holder or untouched, and who was told and urged."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.history import HistoryEvent
from communes.models import Unit
from continuity.enums import GapKind


class Gap(models.Model):
    """A row of the board. ``key`` names the fact within unit and kind: a role, a login, an object.
    ``gone_on``: the local date on which it was no longer found; one that comes back is opened
    again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="gaps")
    kind = models.CharField(max_length=12, choices=GapKind)
    key = models.CharField(max_length=120)
    seen_on = models.DateField()
    told_at = models.DateTimeField(null=True, blank=True)
    urged_on = models.DateField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["unit_id", "kind", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "kind", "key"], name="gap_once"),
            models.CheckConstraint(condition=Q(kind__in=GapKind.values), name="gap_kind_known"),
            models.CheckConstraint(
                condition=Q(gone_on=None) | Q(gone_on__gte=models.F("seen_on")),
                name="gap_gone_after_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.key}"


class GapEvent(HistoryEvent):
    """History of a gap: found, told, urged, gone."""

    SUBJECT = "gap"

    gap = models.ForeignKey(Gap, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gap", "sequence"], name="gap_event_chain")
        ]
