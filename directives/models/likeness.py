"""Reports whose texts are alike: what they are compared by, and what the City says of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from common.history import HistoryEvent
from directives.enums import LikenessState
from directives.models.report import ProgressReport
from directives.models.task import Task


class TextLikeness(models.Model):
    """Reports on one task whose texts are alike, across units or periods: a hint, no verdict.

    ``found_at`` is the UTC moment of the newest of them. ``justified``: a person of the City said
    why it is as it should be (a form that was prescribed, the same event).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="likenesses")
    state = models.CharField(max_length=10, choices=LikenessState, default=LikenessState.OPEN)
    reason = models.CharField(max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LikenessState.values), name="text_likeness_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=LikenessState.JUSTIFIED,
                    reason__gt="",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(state=LikenessState.OPEN, reason="", decided_by=None, decided_at=None),
                name="text_likeness_justified_says_why",
            ),
        ]
        indexes = [
            # The page of hints, the newest first.
            models.Index(fields=["state", "-found_at", "-id"], name="text_likeness_newest"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ReportFingerprint(models.Model):
    """What the text of a report is compared by (``directives.likeness``); made when it is sent."""

    report = models.OneToOneField(
        ProgressReport, primary_key=True, on_delete=models.PROTECT, related_name="fingerprint"
    )
    # That of the report's assignment: texts are compared within a task.
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    words = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    bands = ArrayField(models.IntegerField())
    minima = models.BinaryField()
    likeness = models.ForeignKey(
        TextLikeness, null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )

    class Meta:
        indexes = [
            # Candidates by words: bands && those of the new report. Pending entries would be read
            # by every search, so they are not kept.
            GinIndex(fields=["bands"], name="report_print_bands", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"fingerprint of report {self.report_id}"


class LikenessEvent(HistoryEvent):
    """History of a likeness: found, joined by one more report, justified, taken up again."""

    SUBJECT = "likeness"

    likeness = models.ForeignKey(TextLikeness, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["likeness", "sequence"], name="likeness_event_chain")
        ]
