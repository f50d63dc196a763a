"""Who gets a new case of a unit: ordered rules, the first that fits wins."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Unit
from petitions.enums import Kind
from petitions.models.letter import SubjectField


class RoutingRule(models.Model):
    """Empty conditions fit everything. ``words``: all of them stand in the subject (accents or
    not): the name of a street, a residential group, a project."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="routing_rules")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind, blank=True)
    field = models.ForeignKey(
        SubjectField, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.CharField(max_length=120, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "position"],
                name="routing_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=~Q(kind="", field=None, words=""), name="routing_has_condition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} #{self.position}"
