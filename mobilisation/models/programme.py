"""Coordination programmes of Party bodies, authorities, the Front and the armed forces."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from mobilisation.enums import ProgrammeState

PARTIES_LEAST = 2


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, access: Access) -> Self:
        """A unit's people see their own, City bodies those of every unit; a draft is seen in its
        unit alone."""
        own = Q(unit_id__in=access.units(Permission.DIRECTIVE_VIEW))
        if Permission.DIRECTIVE_VIEW in access.city:
            return self.filter(own | ~Q(state=ProgrammeState.DRAFT))
        return self.filter(own)


class Programme(models.Model):
    """A coordination programme of a unit, as it stands on the paper. ``parties``: codes of the
    declared list; ``other_parties``: more of them in words. Dates are local; without
    ``valid_until`` it holds until it is ended. ``search_text`` is kept by the services."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=60, blank=True)
    parties = ArrayField(models.CharField(max_length=20))
    other_parties = models.CharField(max_length=300, blank=True)
    contents = models.TextField(blank=True)
    signed_on = models.DateField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    renewed_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renews"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(blank=True, db_default="")
    activity_count: int  # of rows read as a list

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProgrammeState.values), name="programme_state_known"
            ),
            models.CheckConstraint(
                condition=Q(parties__len__gte=PARTIES_LEAST)
                | Q(parties__len__gte=PARTIES_LEAST - 1, other_parties__gt=""),
                name="programme_has_two_parties",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.DRAFT)
                | Q(number__gt="", signed_on__isnull=False, valid_from__isnull=False),
                name="programme_signed_has_number_and_dates",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="programme_valid_range",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.ENDED, ended_on__isnull=False, ended_reason__gt="")
                | (~Q(state=ProgrammeState.ENDED) & Q(ended_on=None, ended_reason="")),
                name="programme_ended_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.RENEWED, renewed_by__isnull=False)
                | (~Q(state=ProgrammeState.RENEWED) & Q(renewed_by=None)),
                name="programme_renewed_names_the_next",
            ),
            models.CheckConstraint(
                condition=Q(renewed_by=None) | ~Q(renewed_by=F("pk")),
                name="programme_not_renewed_by_itself",
            ),
        ]
        indexes = [
            # The list of a unit and of the City, newest first.
            models.Index(fields=["unit", "-created_at", "-id"], name="programme_unit"),
            models.Index(fields=["-created_at", "-id"], name="programme_list"),
            # What runs out soon.
            models.Index(
                fields=["valid_until"],
                condition=Q(state=ProgrammeState.IN_FORCE),
                name="programme_runs_out",
            ),
            # Those of a party.
            GinIndex(fields=["parties"], name="programme_parties"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.public_id)

    @property
    def last_day(self) -> dt.date | None:
        """The last local day in force, by its term or an early end; None while there is neither."""
        days = [day for day in (self.valid_until, self.ended_on) if day is not None]
        return min(days, default=None)


class ProgrammeFile(models.Model):
    """A file of a programme. ``removed_at``: no longer shown, kept for history."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="programme_file"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.attachment_id}"


class ActivityQuerySet(models.QuerySet["ProgrammeActivity"]):
    def live(self) -> Self:
        """Activities that count: not withdrawn as recorded by mistake."""
        return self.filter(withdrawn_at=None)


class ProgrammeActivity(models.Model):
    """What the parties did together: on which local date, where, with how many people. One recorded
    by mistake is withdrawn with a reason, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="activities")
    held_on = models.DateField()
    place = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    done = models.TextField()
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1), name="programme_activity_has_people"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_reason__gt=""),
                name="programme_activity_withdrawn_says_why",
            ),
        ]
        indexes = [
            # Activities of a programme, newest first.
            models.Index(fields=["programme", "-held_on", "-id"], name="programme_activities"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.held_on}"


class ProgrammeEvent(HistoryEvent):
    """History of a programme: every version of its record, its files and activities."""

    SUBJECT = "programme"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["programme", "sequence"], name="programme_event_chain")
        ]
