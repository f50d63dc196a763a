"""What duty holders owe, and who was warned or urged when it goes missing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communes.models import Unit
from receptions.enums import DutyHolder, Level, Per
from receptions.posts import post_label


class DutyQuota(models.Model):
    """The least number of days on which a duty holder receives citizens in person."""

    code = models.CharField(max_length=20, unique=True)
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    level = models.CharField(max_length=10, choices=Level)
    minimum_days = models.PositiveSmallIntegerField()
    per = models.CharField(max_length=8, choices=Per)
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(per__in=Per.values), name="quota_per_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="quota_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class QuotaWarning(models.Model):
    """A month that lacks days was put before somebody up the Party line: each step once, and once
    more when the month had recovered from it and falls below again."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    month = models.DateField(help_text="its first day")
    step = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField(help_text="days lacking at that moment")
    told_at = models.DateTimeField()
    # When the month had recovered from this step; until then it is not told again.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-told_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "unit", "duty_holder", "step"],
                condition=Q(ended_at__isnull=True),
                name="quota_warning_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("told_at")),
                name="quota_warning_ended_after",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="quota_warning_month_first"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.duty_holder} {self.month} {self.step}"


class QuotaUrging(models.Model):
    """A city body urged a unit about the reception days of a month."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    month = models.DateField(help_text="its first day")
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="quota_urging_month_first"),
        ]
        indexes = [
            # The board of a month: when was whom last urged.
            models.Index(fields=["month", "unit", "duty_holder"], name="quota_urging_board"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.duty_holder} {self.month}"

    @property
    def post(self) -> str:
        """How the post is called in which somebody was urged."""
        return post_label(self.unit, self.duty_holder)
