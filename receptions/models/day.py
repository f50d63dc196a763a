"""The day itself: papers taken in, refusals, what an online reception needs, corrections."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import AppendOnly
from receptions.enums import OnlineStep, PaperCondition
from receptions.models.registration import Registration
from receptions.models.session import ReceptionSession
from receptions.models.visit import VisitRecord


class VisitPaper(models.Model):
    """A paper that the receiver took (form 02/TCD of Decree 154/2026)."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="papers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    pages = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=10, choices=PaperCondition)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["registration_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "position"], name="visit_paper_position_once"
            ),
            models.CheckConstraint(condition=Q(pages__gte=1), name="visit_paper_has_pages"),
            models.CheckConstraint(
                condition=Q(condition__in=PaperCondition.values), name="visit_paper_condition_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Refusal(models.Model):
    """Why somebody was not received (Article 9 of the Law on Citizen Reception, Article 4 of
    Decree 154/2026); in writing only where the law asks it, within 3 working days."""

    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="refusal"
    )
    ground = models.CharField(max_length=30)
    explanation = models.TextField()
    is_written = models.BooleanField(default=False)
    # Hà Nội date up to which form 01/TCD must be handed over or sent.
    written_by = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_written=False) | Q(written_by__isnull=False),
                name="refusal_written_has_limit",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(is_written=True),
                name="refusal_sent_is_written",
            ),
        ]

    def __str__(self) -> str:
        return f"refusal of {self.registration_id}"


class OnlineCheck(models.Model):
    """A step before an online reception that was done (Articles 23 and 24 of Decree 154/2026)."""

    session = models.ForeignKey(
        ReceptionSession, on_delete=models.PROTECT, related_name="online_checks"
    )
    step = models.CharField(max_length=10, choices=OnlineStep)
    note = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "step"], name="online_check_once"),
            models.CheckConstraint(
                condition=Q(step__in=OnlineStep.values), name="online_check_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.step}"


class VisitVersion(AppendOnly):
    """A record of a visit as it stood before a correction, kept whole."""

    visit = models.ForeignKey(VisitRecord, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    # Field of the record → value; what the record held, read by whoever reads the record.
    kept = models.JSONField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["visit_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "version"], name="visit_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} v{self.version}"
