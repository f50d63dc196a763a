"""Filters that officers keep."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Unit


class SavedFilter(models.Model):
    """A named query of the inbox: somebody's own, or (``unit``) of everybody there."""

    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(unit=None), name="filter_name_own_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(unit__isnull=False),
                name="filter_name_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InboxStart(models.Model):
    """The kept filter with which somebody's inbox opens."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="inbox_start",
    )
    filter = models.ForeignKey(SavedFilter, on_delete=models.CASCADE, related_name="starts")

    def __str__(self) -> str:
        return f"{self.user_id} {self.filter_id}"
