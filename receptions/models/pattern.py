"""How a leader's reception days recur."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communes.models import Unit
from receptions.enums import DutyHolder, SessionKind, SessionMode
from receptions.posts import post_label


class SessionPattern(models.Model):
    """Days of a month, or a weekday of every week, on which a duty holder receives.

    ``days``: numbers of the month (10 and 25); ``weekday`` (0 is Monday) instead, for a weekly
    pattern. The holder of the duty on the day receives; a pattern names no person.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reception_patterns")
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    kind = models.CharField(max_length=10, choices=SessionKind, default=SessionKind.PERIODIC)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    starts = models.TimeField(help_text="Hà Nội time")
    ends = models.TimeField(help_text="Hà Nội time")
    mode = models.CharField(max_length=6, choices=SessionMode, default=SessionMode.PLACE)
    place = models.CharField(max_length=200)
    capacity = models.PositiveSmallIntegerField()
    slot_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    participants = models.TextField(blank=True)
    planned_content = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit_id", "duty_holder", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) ^ Q(days=[]), name="pattern_days_or_weekday"
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="pattern_weekday_known"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="pattern_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="pattern_has_places"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="pattern_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def post(self) -> str:
        """How the post is called in which somebody receives."""
        return post_label(self.unit, self.duty_holder)
