"""Sign-ins that are open, and doors that are locked after failures."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Device, SignInEnd
from accounts.models.people import User


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open(self, at: dt.datetime) -> Self:
        """Sign-ins that are believed at a moment: neither ended, nor idle or open too long."""
        return self.filter(
            ended_at=None,
            begun_at__gte=at - settings.SIGN_IN_LONGEST,
            seen_at__gte=at - settings.SIGN_IN_IDLE,
        )


class SignIn(models.Model):
    """One browser in which a person is signed in.

    The session carries its number and is believed only while the row is open: ending it takes
    effect at the next request, whatever a cache still holds. No address and no place is kept, and
    of the browser's own description only the kind of device.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    device = models.CharField(max_length=16, choices=Device)
    browser = models.CharField(max_length=24, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=16, choices=SignInEnd, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")),
                name="sign_in_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="") | Q(ended_at__isnull=False),
                name="sign_in_end_has_reason",
            ),
        ]
        indexes: ClassVar = [
            # The open sign-ins of a person, read with every request.
            models.Index(fields=["user"], condition=Q(ended_at=None), name="sign_in_open"),
        ]

    def __str__(self) -> str:
        return f"sign-in of {self.user_id}"


class SignInLock(models.Model):
    """Failures under one typed user name, whether or not an account has it.

    The name itself is not kept: ``name_index`` is its blind index. ``total``: failures that no
    event tells of yet.
    """

    name_index = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    first_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        # What is old is deleted.
        indexes: ClassVar = [models.Index(fields=["first_at"], name="sign_in_lock_age")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
