"""A decision that merges, splits or renames units, and what came of it."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.enums import UnitKind
from communes.models import Unit
from continuity.enums import ReformKind, ReformState, Side


class UnitReformQuerySet(models.QuerySet["UnitReform"]):
    def visible_to(self, access: Access) -> Self:
        """Whoever keeps the units, and the City's bodies; of one's own units what was approved or
        carried out."""
        if access.has(Permission.REFERENCE_EDIT) or Permission.DIRECTIVE_VIEW in access.city:
            return self
        own = ReformUnit.objects.filter(unit_id__in=access.unit_ids).values("reform_id")
        known = (ReformState.APPROVED, ReformState.DONE)
        return self.filter(pk__in=own, state__in=known)


class UnitReform(models.Model):
    """``effective_on``: the first local date of the new order. ``choices``: what was decided where
    units do not say it by themselves: ``posts`` (unit-login-role → unit:role, "" ends), ``places``
    (code → names of places, one a line). ``counts``: what was moved, without denunciations."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=ReformKind)
    number = models.CharField(max_length=60)
    decided_on = models.DateField()
    issuer = models.CharField(max_length=160)
    effective_on = models.DateField()
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="unit_reform"
    )
    state = models.CharField(max_length=10, choices=ReformState, default=ReformState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    choices = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    # Why it was given back or cancelled.
    reason = models.CharField(max_length=500, blank=True)
    # Why it could not be carried out on its day.
    blocked = models.CharField(max_length=500, blank=True)

    objects = UnitReformQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ReformKind.values), name="reform_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReformState.values), name="reform_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved", "done"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="reform_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reform_approved_by_somebody",
            ),
            # Two people decide: whoever prepared or submitted it does not approve it.
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("made_by"))),
                name="reform_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, done_on__isnull=False)
                | (~Q(state="done") & Q(done_at=None, done_on=None)),
                name="reform_done_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="reform_cancelled_says_why"
            ),
        ]
        indexes: ClassVar = [
            # What the job carries out when its day has come.
            models.Index(
                fields=["effective_on"], condition=Q(state="approved"), name="reform_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ReformUnit(models.Model):
    """A unit before or after a reform. Afterwards it may be new: ``unit`` is filled when it is
    carried out; the first one keeps the files of those that are no more."""

    reform = models.ForeignKey(UnitReform, on_delete=models.CASCADE, related_name="units")
    side = models.CharField(max_length=4, choices=Side)
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="reforms"
    )
    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=UnitKind)
    full_name = models.CharField(max_length=160)
    # Set while the reform is submitted or approved: no other one takes the same unit or code.
    is_held = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["side", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reform", "side", "code"], name="reform_unit_once"),
            models.UniqueConstraint(
                fields=["reform", "side", "position"], name="reform_unit_position_once"
            ),
            models.UniqueConstraint(
                fields=["code", "side"], condition=Q(is_held=True), name="reform_unit_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="reform_side_known"),
            models.CheckConstraint(
                condition=~Q(side="from") | Q(unit__isnull=False), name="reform_from_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reform_id} {self.side} {self.code}"


class ReformEvent(HistoryEvent):
    """History of a reform: prepared, changed, submitted, given back, approved, carried out."""

    SUBJECT = "reform"

    reform = models.ForeignKey(UnitReform, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reform", "sequence"], name="reform_event_chain")
        ]
