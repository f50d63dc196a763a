"""One reception of a leader, and its history."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KT

from common.history import HistoryEvent
from communes.models import Unit
from receptions.enums import (
    AdHocTrigger,
    DutyHolder,
    SessionKind,
    SessionMode,
    SessionStatus,
)
from receptions.models.pattern import SessionPattern
from receptions.posts import post_label

# A leader who did not come was still to be there: the hour stays taken.
STANDING = (
    SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.HELD, SessionStatus.MISSED,
)  # fmt: skip
SHOWN_PUBLICLY = (SessionStatus.PUBLISHED, SessionStatus.HELD)
# What the history calls moving; its data says ``from`` and ``to`` as dates.
MOVED = "receptions.session.postponed"
# Everything that happens to a session itself, not to who comes to it.
OF_SESSION = "receptions.session."
# What the public API tells of a session: a month of the City is 500 rows, and most of a row
# would be columns of the unit that nobody asks for.
TOLD = (
    "public_id", "unit__code", "unit__kind", "unit__full_name", "unit__slug",
    "unit__former_district", "leader__full_name", "duty_holder", "is_delegated", "kind",
    "starts_at", "ends_at", "place", "mode", "capacity", "slot_minutes", "planned_content",
    "participants", "invited", "status", "places_taken", "late_reason", "move_reason", "change_reason",
    "cancel_reason", "missed_reason",
)  # fmt: skip


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
    mode = models.CharField(max_length=6, choices=SessionMode, default=SessionMode.PLACE)
    # In the City's own video system; only who comes sees it.
    meeting_link = models.URLField(max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField()
    # Minutes a visit; none: visitors come at the beginning and wait for their number.
    slot_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_content = models.TextField()
    # Who takes part beside the leader, public (Article 24(2) of the Law on Citizen Reception).
    participants = models.TextField(blank=True)
    # Who is invited to a contact with the Front and organisations, public; nobody registers.
    invited = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    trigger = models.CharField(max_length=10, choices=AdHocTrigger, blank=True)
    pattern = models.ForeignKey(
        SessionPattern, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    # The day that the pattern names, which may be a day off; the session may have moved since.
    pattern_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=SessionStatus, default=SessionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    # Whether its present day was announced too late, by the calendar of that moment; None while
    # it is a draft, and where that was not kept yet.
    announced_late = models.BooleanField(null=True, blank=True)
    # It lies on a day off and whoever planned it said that this is meant.
    on_day_off = models.BooleanField(default=False)
    # Why it was announced late, moved or called off: shown to the public.
    late_reason = models.CharField(max_length=300, blank=True)
    move_reason = models.CharField(max_length=300, blank=True)
    change_reason = models.CharField(max_length=300, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    missed_reason = models.CharField(max_length=300, blank=True)
    # When the first visitor was called or the leader said that it begins.
    opened_at = models.DateTimeField(null=True, blank=True)
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
                condition=Q(mode__in=SessionMode.values), name="session_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(trigger="") | Q(trigger__in=AdHocTrigger.values),
                name="session_trigger_known",
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__isnull=True) | Q(slot_minutes__gte=5),
                name="session_slot_is_five_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(status=SessionStatus.CANCELLED) | ~Q(cancel_reason=""),
                name="session_cancelled_has_reason",
            ),
            # Each day of a pattern is planned once, unless it was called off.
            models.UniqueConstraint(
                fields=["pattern", "pattern_on"],
                condition=Q(pattern_on__isnull=False) & ~Q(status=SessionStatus.CANCELLED),
                name="session_pattern_date_once",
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
            # Public calendar, feeds and open data: what was called off or missed stays in them.
            models.Index(
                fields=["starts_at", "id"],
                condition=Q(published_at__isnull=False),
                name="session_announced",
            ),
            # A unit's month, and counting against the quota.
            models.Index(fields=["unit", "starts_at"], name="session_unit_month"),
            # A leader's month and feed.
            models.Index(fields=["leader", "starts_at"], name="session_leader_month"),
            # What a pattern made already.
            models.Index(
                fields=["pattern", "starts_at"],
                condition=Q(pattern__isnull=False),
                name="session_of_pattern",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def post(self) -> str:
        """How the post is called in which the leader receives."""
        return post_label(self.unit, self.duty_holder)

    @property
    def is_by_invitation(self) -> bool:
        """A contact with the Front and organisations (Decision 2200-QĐ/TU): whoever is invited
        comes, and nobody registers."""
        return self.kind == SessionKind.CONTACT

    def is_coming(self, at: dt.datetime) -> bool:
        """Published and not yet begun at a moment."""
        return self.status == SessionStatus.PUBLISHED and self.starts_at > at

    def is_open(self, at: dt.datetime) -> bool:
        """Whether citizens may still register at a moment."""
        return self.is_coming(at) and not self.is_by_invitation

    def free_places(self, at: dt.datetime) -> int:
        """Places left; 0 when registration is closed."""
        return self.capacity - self.places_taken if self.is_open(at) else 0


class SessionEvent(HistoryEvent):
    """History of a session and its registrations, one hash chain a session."""

    SUBJECT = "session"

    session = models.ForeignKey(ReceptionSession, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "sequence"], name="session_event_chain")
        ]
        indexes = [
            # Days of the public calendar that sessions have left.
            models.Index(KT("data__from"), condition=Q(action=MOVED), name="session_event_moved"),
            # When a feed changed last.
            models.Index(
                fields=["-at"],
                condition=Q(action__startswith=OF_SESSION),
                name="session_event_latest",
            ),
        ]
