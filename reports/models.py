"""Registers of whole months and papers to print, made in the background for one person and kept
for a week."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.access import Access
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from reports.enums import BatchKind, BatchState, FileFormat


class BatchQuerySet(models.QuerySet["RegisterBatch"]):
    def visible_to(self, access: Access) -> Self:
        """A batch is its owner's alone: it may hold sealed registers."""
        return self.filter(by_id=access.user_id)


class RegisterBatch(models.Model):
    """Registers of a unit, month by month. How far it is: those of its files that are made.

    Of papers to print there is one file, ``papers`` are their keys in their order, and how far it
    is stands in the ``rows`` of the file.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=BatchKind, default=BatchKind.REGISTERS)
    papers = ArrayField(models.BigIntegerField(), default=list, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # First day of the first month, last day of the last one; of papers their day
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.RUNNING)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="register_batch_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=BatchKind.REGISTERS, papers=[])
                | (Q(kind=BatchKind.PAPERS) & ~Q(papers=[])),
                name="register_batch_papers_known",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.RUNNING, finished_at=None)
                | (~Q(state=BatchState.RUNNING) & Q(finished_at__isnull=False)),
                name="register_batch_finished_has_moment",
            ),
            # One at a time: nobody fills the workers.
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(state=BatchState.RUNNING),
                name="register_batch_one_running",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_running(self) -> bool:
        return self.state == BatchState.RUNNING


class RegisterFile(models.Model):
    """One register of one month as a file, sealed like the people in it (``common.crypto``).

    ``box`` is empty before it is made, when it could not be made (``fault``) and after its time.
    Papers to print are ``kept`` as a file, where each of them lies: sealing so much at once would
    take its size in memory some times over.
    """

    batch = models.ForeignKey(RegisterBatch, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    book = models.CharField(max_length=30)
    # First day of its month; of papers their day
    month = models.DateField()
    file_format = models.CharField(max_length=4, choices=FileFormat)
    rows = models.PositiveIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    box = models.BinaryField(null=True, blank=True)
    kept = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["batch_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="register_file_once"),
            models.CheckConstraint(
                condition=Q(box=None, key_version=None)
                | Q(box__isnull=False, key_version__isnull=False, made_at__isnull=False),
                name="register_file_box_whole",
            ),
            models.CheckConstraint(
                condition=Q(kept=None) | Q(box=None, made_at__isnull=False),
                name="register_file_kept_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"

    @property
    def context(self) -> str:
        """What binds the box to its place."""
        return f"register-file:{self.batch_id}:{self.number}"


class RegisterBatchEvent(HistoryEvent):
    """History of a batch: started, gone on, cancelled, out of time, done, failed, every fetched
    file, cleared."""

    SUBJECT = "batch"

    batch = models.ForeignKey(RegisterBatch, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="register_batch_event_chain")
        ]
