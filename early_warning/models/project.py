"""Projects of land acquisition: where, by which decision, how far, and what people say of it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from early_warning.enums import LandStage
from petitions.enums import Kind
from petitions.models import Case
from receptions.models import ReceptionSession


class LandProjectQuerySet(models.QuerySet["LandProject"]):
    def visible_to(self, access: Access) -> Self:
        """The City's bodies see every project, a unit's people those that take land there."""
        if Permission.OVERVIEW_VIEW in access.city:
            return self
        units = access.units(Permission.DIRECTIVE_VIEW)
        touched = LandProjectUnit.objects.filter(unit_id__in=units).values("project_id")
        return self.filter(pk__in=touched)


class LandProject(models.Model):
    """``area``: the place in words; ``hectares`` of land taken; ``decision_on``: a
    local date; ``investor``: as it stands on the decision. ``version`` grows with every change by
    a person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=240)
    area = models.CharField(max_length=400)
    hectares = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    investor = models.CharField(max_length=200, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    decision_file = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="land_project"
    )
    households = models.PositiveIntegerField(null=True, blank=True)
    units = models.ManyToManyField(
        Unit, through="early_warning.LandProjectUnit", related_name="land_projects"
    )
    search_text = models.TextField(blank=True, db_default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = LandProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hectares=None) | Q(hectares__gt=0), name="land_project_has_area"
            ),
            models.CheckConstraint(
                condition=Q(decision_number="", decision_on=None)
                | (~Q(decision_number="") & Q(decision_on__isnull=False)),
                name="land_project_decision_whole",
            ),
        ]
        indexes = [
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="land_project_new"),
        ]

    def __str__(self) -> str:
        return self.name


class LandProjectUnit(models.Model):
    """A ward or commune where the project takes land."""

    project = models.ForeignKey(LandProject, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "unit"], name="land_project_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.unit_id}"


class ProjectStage(models.Model):
    """A stage with the local dates on which it is planned and was done; a stage left out says
    why."""

    project = models.ForeignKey(LandProject, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=16, choices=LandStage)
    position = models.PositiveSmallIntegerField()
    planned_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    skipped_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["project_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="project_stage_once"),
            models.CheckConstraint(
                condition=Q(stage__in=LandStage.values), name="project_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(skipped_reason=""),
                name="project_stage_done_or_skipped",
            ),
        ]
        indexes = [
            # Stages after which petitions may rise.
            models.Index(
                fields=["done_on"],
                condition=Q(done_on__isnull=False),
                name="project_stage_done",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage}"

    @property
    def is_over(self) -> bool:
        """Done or left out: the next one may follow."""
        return self.done_on is not None or bool(self.skipped_reason)


class ProjectDialogue(models.Model):
    """A dialogue held on a local date, from the calendar of receptions or written down here. One
    recorded by mistake is withdrawn, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(LandProject, on_delete=models.PROTECT, related_name="dialogues")
    session = models.ForeignKey(
        ReceptionSession, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    held_on = models.DateField()
    people = models.PositiveIntegerField()
    content = models.TextField()
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="land_dialogue"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "session"],
                condition=Q(session__isnull=False, withdrawn_at=None),
                name="project_dialogue_session_once",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="project_dialogue_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.held_on}"


class ProjectCaseQuerySet(models.QuerySet["ProjectCase"]):
    def counted(self) -> Self:
        """What figures of a project count. A case that turns out to be a denunciation is no part
        of them from that moment on, whoever looks."""
        return self.filter(removed_at=None).exclude(case__kind=Kind.DENUNCIATION)


class ProjectCase(models.Model):
    """A petition that an officer found to concern the project."""

    project = models.ForeignKey(LandProject, on_delete=models.PROTECT, related_name="links")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="land_links")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "case"],
                condition=Q(removed_at=None),
                name="project_case_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.case_id}"


class LandProjectEvent(HistoryEvent):
    """History of a project: entered, changed, stages, dialogues, petitions linked. It names no
    case: history is read by more people than cases are."""

    SUBJECT = "project"

    project = models.ForeignKey(LandProject, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["project", "sequence"], name="land_project_event_chain")
        ]
