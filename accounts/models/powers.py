"""Powers that a person holds for a while: an administrator's elevation, rights handed over."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.enums import ElevationGround
from accounts.models.people import User
from communes.models import Unit


class ElevationQuerySet(models.QuerySet["Elevation"]):
    def running(self, at: dt.datetime) -> Self:
        """Elevations in force at a moment."""
        return self.filter(ended_at=None, begun_at__lte=at, ends_at__gt=at)


class Elevation(models.Model):
    """An administrator holds the rights of ``roles.ELEVATED`` until ``ends_at``, or less."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="elevations")
    ground = models.CharField(max_length=24, choices=ElevationGround)
    text = models.CharField(max_length=500)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ElevationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ground__in=ElevationGround.values), name="elevation_ground_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begun_at"))
                & Q(ends_at__lte=F("begun_at") + dt.timedelta(hours=1)),
                name="elevation_at_most_an_hour",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="elevation_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_at}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def current(self, on: dt.date) -> Self:
        """Delegations in force on a local date."""
        return self.filter(revoked_at=None, valid_from__lte=on, valid_to__gte=on)


class Delegation(models.Model):
    """A person hands named rights in a unit to a colleague, between two local dates.

    It never holds more than the giver holds by role in that unit on the day: who loses the
    position has nothing to hand over.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    permissions = ArrayField(models.CharField(max_length=40))
    valid_from = models.DateField()
    valid_to = models.DateField()
    ground = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="delegation_valid_range"
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="delegation_to_another"),
            models.CheckConstraint(condition=~Q(permissions=[]), name="delegation_names_something"),
        ]
        indexes: ClassVar = [
            # The rights handed to a person, read with every request.
            models.Index(
                fields=["holder"], condition=Q(revoked_at=None), name="delegation_of_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.holder_id} until {self.valid_to}"

    def is_open(self, on: dt.date) -> bool:
        """Whether the rights are handed over on a local date or will be."""
        return self.revoked_at is None and self.valid_to >= on
