"""What a unit did of its own: its plan for a directive, and sessions at which it was studied."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from communes.models import Unit
from directives.enums import PlanOrigin
from directives.models.assignment import Assignment
from directives.models.directive import Directive


class UnitPlan(models.Model):
    """The plan with which a unit carries out a directive, as it holds now; what it was before
    stands in its editions. ``approved_by`` is an office or body, as it stands on the paper.
    ``version`` grows with every change."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="plans")
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    title = models.CharField(max_length=300)
    approved_by = models.CharField(max_length=160, blank=True, default="")
    origin = models.CharField(max_length=8, choices=PlanOrigin, default=PlanOrigin.NEW)
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="unit_plan"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "directive"], name="unit_plan_once"),
            models.CheckConstraint(
                condition=Q(origin__in=PlanOrigin.values), name="unit_plan_origin_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}"


class PlanEdition(models.Model):
    """A plan as it was before it was changed or reviewed at ``replaced_at`` (UTC). The file may be
    that of later editions, too: a change without a new file keeps it."""

    plan = models.ForeignKey(UnitPlan, on_delete=models.PROTECT, related_name="editions")
    version = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    title = models.CharField(max_length=300)
    approved_by = models.CharField(max_length=160, blank=True, default="")
    origin = models.CharField(max_length=8, choices=PlanOrigin)
    attachment = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_editions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="plan_edition_once"),
            models.CheckConstraint(
                condition=Q(origin__in=PlanOrigin.values), name="plan_edition_origin_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class StudySessionQuerySet(models.QuerySet["StudySession"]):
    def live(self) -> Self:
        """Sessions that count: not withdrawn as recorded by mistake."""
        return self.filter(withdrawn_at=None)


class StudySession(models.Model):
    """A meeting at which the documents were studied: on which local date, how many people, with
    what material. One recorded by mistake is withdrawn, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="studies")
    held_on = models.DateField()
    people = models.PositiveIntegerField()
    material = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="study_session"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = StudySessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="study_session_has_people")
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.held_on}"
