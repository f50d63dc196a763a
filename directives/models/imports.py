"""Assignments that come from a file: the file, its rows, what was found wrong, how far it is."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from communes.models import Unit
from directives.enums import Addressee, ImportRowState, ImportState
from directives.models.directive import Directive
from directives.models.task import Task

NOTE_MAX = 500  # characters


class ImportQuerySet(models.QuerySet["AssignmentImport"]):
    def visible_to(self, access: Access) -> Self:
        """Files are seen by the bodies that give tasks, of documents that they see."""
        if Permission.DIRECTIVE_ASSIGN not in access.city:
            return self.none()
        return self.filter(directive__in=Directive.objects.visible_to(access))


class AssignmentImport(models.Model):
    """A file of assignments of one document. Counts of rows are those of the check; ``rows_done``
    grows while it runs and says how far it is, ``rows_given`` how many became assignments."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="imports")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="assignment_import"
    )
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows_new = models.PositiveIntegerField(default=0)
    rows_existing = models.PositiveIntegerField(default=0)
    rows_wrong = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_given = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="assignment_import_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.CHECKED, started_at=None, finished_at=None)
                | Q(state=ImportState.RUNNING, started_at__isnull=False, finished_at=None)
                | Q(state=ImportState.CANCELLED, finished_at__isnull=False)
                | Q(
                    state__in=(ImportState.DONE, ImportState.FAILED),
                    started_at__isnull=False,
                    finished_at__isnull=False,
                ),
                name="assignment_import_moments_fit_state",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None, started_by=None)
                | Q(started_at__isnull=False, started_by__isnull=False),
                name="assignment_import_started_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(rows_done__lte=F("rows_new"), rows_given__lte=F("rows_done")),
                name="assignment_import_counts_in_order",
            ),
        ]
        indexes = [
            # What the worker looks for, the oldest first.
            models.Index(
                fields=["id"],
                condition=Q(state=ImportState.RUNNING),
                name="assignment_import_running",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def rows_total(self) -> int:
        return self.rows_new + self.rows_existing + self.rows_wrong

    @property
    def is_running(self) -> bool:
        return self.state == ImportState.RUNNING


class ImportRow(models.Model):
    """A row of a file: ``cells`` as they were typed, ``faults`` by column (``[code, params]``), and
    what it means where that is clear. ``number`` is its line in the file."""

    of = models.ForeignKey(AssignmentImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ImportRowState)
    cells = models.JSONField()
    faults = models.JSONField(default=dict)
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    addressee = models.CharField(max_length=16, blank=True)
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=NOTE_MAX, blank=True)

    class Meta:
        ordering = ["of_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=ImportRowState.values), name="import_row_state_known"
            ),
            models.CheckConstraint(
                condition=Q(addressee="") | Q(addressee__in=Addressee.values),
                name="import_row_addressee_known",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportRowState.WRONG) | Q(task__isnull=False, unit__isnull=False),
                name="import_row_right_is_clear",
            ),
        ]
        indexes = [
            # The next rows of a run, and the faulty rows of the page.
            models.Index(fields=["of", "state", "number"], name="import_row_next"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"
