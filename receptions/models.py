"""Leaders' reception days: what is owed, what is planned, who comes, what came of it."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from common.history import HistoryEvent
from communes.models import Unit
from petitions.models import Case
from receptions.enums import (
    DutyHolder,
    Level,
    Per,
    RegistrationStatus,
    SessionKind,
    SessionStatus,
    VisitOutcome,
)

STANDING = (SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.HELD)
SHOWN_PUBLICLY = (SessionStatus.PUBLISHED, SessionStatus.HELD)
WITHOUT_PLACE = (RegistrationStatus.WAITING, RegistrationStatus.CANCELLED)


class DutyQuota(models.Model):
    """The least number of days on which a duty holder receives citizens in person."""

    code = models.CharField(max_length=20, unique=True)
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    level = models.CharField(max_length=10, choices=Level)
    minimum_days = models.PositiveSmallIntegerField()
    per = models.CharField(max_length=8, choices=Per)
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(per__in=Per.values), name="quota_per_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="quota_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SessionQuerySet(models.QuerySet["ReceptionSession"]):
    def public(self) -> Self:
        """Sessions that anybody may see: published, or held after having been published."""
        return self.filter(status__in=SHOWN_PUBLICLY)

    def announced(self) -> Self:
        """Public ones and those that were called off after publication."""
        return self.filter(published_at__isnull=False)

    def with_list_data(self) -> Self:
        return self.select_related("unit", "leader")


class ReceptionSession(models.Model):
    """One reception of a leader at a place. ``capacity`` counts places; a group takes one.

    ``places_taken`` and ``last_number`` are kept under the row's lock; the check on
    ``places_taken`` makes selling a place twice impossible. ``is_delegated``: somebody else
    stands in, which never counts for the duty holder's minimum.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reception_sessions")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reception_sessions"
    )
    duty_holder = models.CharField(max_length=30, choices=DutyHolder)
    is_delegated = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, choices=SessionKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    capacity = models.PositiveSmallIntegerField()
    planned_content = models.TextField()
    status = models.CharField(max_length=10, choices=SessionStatus, default=SessionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    # Why it was announced late, moved or called off: shown to the public.
    late_reason = models.CharField(max_length=300, blank=True)
    move_reason = models.CharField(max_length=300, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    places_taken = models.PositiveSmallIntegerField(default=0)
    last_number = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values), name="session_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SessionKind.values), name="session_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="session_has_places"),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("capacity")), name="session_not_oversold"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SHOWN_PUBLICLY) | Q(published_at__isnull=False),
                name="session_published_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=SessionStatus.CANCELLED) | ~Q(cancel_reason=""),
                name="session_cancelled_has_reason",
            ),
            # A leader is in one place at a time. Equality has no built-in GiST class and no
            # extension is allowed: the leader is written as a range of one number.
            ExclusionConstraint(
                name="session_leader_in_one_place",
                expressions=[
                    (
                        Func(F("leader"), F("leader"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status__in=STANDING),
            ),
        ]
        indexes = [
            # Public calendar and list of all units, by time.
            models.Index(
                fields=["starts_at", "id"],
                condition=Q(status__in=SHOWN_PUBLICLY),
                name="session_public",
            ),
            # A unit's month, and counting against the quota.
            models.Index(fields=["unit", "starts_at"], name="session_unit_month"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    def is_open(self, at: dt.datetime) -> bool:
        """Whether citizens may still register at a moment: published and not yet begun."""
        return self.status == SessionStatus.PUBLISHED and self.starts_at > at

    def free_places(self, at: dt.datetime) -> int:
        """Places left; 0 when registration is closed."""
        return self.capacity - self.places_taken if self.is_open(at) else 0


class Registration(models.Model):
    """Somebody, or a group with a spokesperson, who comes to a session.

    The person is sealed (``common.crypto``, context ``registration:CODE``); ``person_hmac``
    only tells whether the same identity number registered before. A number is never reused.
    """

    session = models.ForeignKey(
        ReceptionSession, on_delete=models.PROTECT, related_name="registrations"
    )
    queue_number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True)
    secret_hmac = models.BinaryField(max_length=32)
    status = models.CharField(max_length=10, choices=RegistrationStatus)
    has_place = models.BooleanField()
    topic = models.TextField()
    people = models.PositiveSmallIntegerField(default=1)
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    person_hmac = models.BinaryField(max_length=32)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["session_id", "queue_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "queue_number"], name="registration_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values),
                name="registration_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.REGISTERED) | Q(has_place=True),
                name="registration_registered_has_place",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITHOUT_PLACE) | Q(has_place=False),
                name="registration_waiting_has_no_place",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="registration_has_people"),
        ]

    def __str__(self) -> str:
        return self.code


class VisitRecord(models.Model):
    """What was said at a reception and what was decided on it.

    A conclusion says what is to be done, by which unit or person and until when (Article 25(2)
    of Decree 154/2026).
    """

    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="visit"
    )
    said = models.TextField()
    outcome = models.CharField(max_length=12, choices=VisitOutcome)
    conclusion = models.TextField(blank=True)
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible_person = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=VisitOutcome.values), name="visit_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=VisitOutcome.CONCLUSION)
                | (~Q(conclusion="") & Q(responsible_unit__isnull=False) & Q(due_on__isnull=False)),
                name="visit_conclusion_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"visit of {self.registration_id}"


class SessionEvent(HistoryEvent):
    """History of a session and its registrations, one hash chain a session."""

    SUBJECT = "session"

    session = models.ForeignKey(ReceptionSession, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "sequence"], name="session_event_chain")
        ]
