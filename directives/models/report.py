"""What units report, and the answer to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from directives.enums import AssignmentState, ReportKind
from directives.models.assignment import Assignment, AssignmentPeriod


class ProgressReport(models.Model):
    """What a unit said it did. ``value`` answers the task's indicator, as typed; of a task whose
    figure the portal counts it comes from ``figures``, which are kept when the report is confirmed
    (by post, see ``directives.receptions_figures``), as read on the local date ``figures_on``."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey(
        AssignmentPeriod, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    kind = models.CharField(max_length=10, choices=ReportKind, default=ReportKind.PROGRESS)
    state = models.CharField(max_length=14, choices=AssignmentState)
    text = models.TextField()
    difficulties = models.TextField(blank=True, default="")
    proposals = models.TextField(blank=True, default="")
    # Difficulties and proposals without marks, to search; "" where neither was named.
    said_text = models.TextField(blank=True, default="", db_default="")
    value = models.CharField(max_length=40, blank=True)
    figures = models.JSONField(null=True, blank=True)
    figures_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The issuer's answer to a report of completion or of a period.
    review = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    attachments = models.ManyToManyField(Attachment, through="directives.ReportFile")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["in_progress", "reported_done"]),
                name="progress_report_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="progress_report_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.PERIOD, period__isnull=False, state="in_progress")
                | (~Q(kind=ReportKind.PERIOD) & Q(period=None)),
                name="progress_report_period_has_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.COMPLETION, state="reported_done")
                | (~Q(kind=ReportKind.COMPLETION) & Q(state="in_progress")),
                name="progress_report_completion_is_done",
            ),
            models.CheckConstraint(
                condition=Q(figures__isnull=True, figures_on=None)
                | Q(figures__isnull=False, figures_on__isnull=False, reviewed_at__isnull=False),
                name="progress_report_figures_have_date",
            ),
        ]
        indexes = [
            # Few reports name difficulties or proposals; those of the last weeks.
            models.Index(
                fields=["at", "id"], condition=~Q(said_text=""), name="progress_report_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.state}"


class ReportFile(models.Model):
    """A file that a unit sent as evidence with a report."""

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="files")
    # A file belongs to one report: nobody can claim another's upload.
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="report_file"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.attachment_id}"
