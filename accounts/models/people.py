"""People who work with the portal and what they hold where."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, FilteredRelation, Func, Q, Value
from django.db.models.functions import Least

from accounts.enums import AbsenceReason, Role
from accounts.stand_ins import Away, Post
from common.history import HistoryEvent
from communes.models import Unit


class PortalUserManager(UserManager["User"]):
    """Django's manager; ``is_superuser`` stays unused: there is no silent administrator."""


@dataclass(frozen=True)
class Standing:
    """What every request asks about a signed-in person, read together with the person.

    ``sign_ins``: open sign-ins as (number, begun at, last seen at); ``delegated``: rights handed
    over today as (unit, role that the giver holds there, permissions).
    """

    has_second_factor: bool = False
    elevated_until: dt.datetime | None = None
    sign_ins: tuple[tuple[int, dt.datetime, dt.datetime], ...] = ()
    delegated: tuple[tuple[int, str, tuple[str, ...]], ...] = ()


class User(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # Made by the demo's seed: works without a second factor, but only where DEMO_MODE is on.
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PortalUserManager] = PortalUserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date) -> Self:
        """Memberships in force on a local date."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))

    def posts(self, on: dt.date) -> list[Post]:
        """Posts of active people in force on a local date, in the order in which they were given.

        One query.
        """
        away = FilteredRelation("user__absences", condition=absent_on(on, "user__absences__"))
        rows = self.current(on).filter(user__is_active=True).alias(away=away).order_by("id")
        columns = rows.values_list(
            "unit_id", "role", "user_id", "away__id", "away__deputy_id", "unit__keeps"
        )
        return [
            Post(unit, role, user, absence is not None, deputy, tuple(keeps))
            for unit, role, user, absence, deputy, keeps in columns
        ]


class Membership(models.Model):
    """A person holds a role in a unit between two local dates, the last one included."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    title = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_valid_range",
            ),
        ]
        indexes = [
            # Who holds a position now: recipients of escalations and notices.
            models.Index(fields=["unit", "role"], name="membership_position")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"

    @property
    def keeps(self) -> tuple[int, ...]:
        """Keys of the units that are no more and whose files the unit keeps."""
        return tuple(self.unit.keeps)

    def is_open(self, on: dt.date) -> bool:
        """Whether the role is held on a local date or will be: it has not ended before."""
        return self.valid_to is None or self.valid_to >= on


def absent_on(on: dt.date, path: str = "") -> Q:
    """Absences that hold on a local date; ``path`` leads to them, such as ``absences__``."""
    ended = Q(**{f"{path}ended_on": None}) | Q(**{f"{path}ended_on__gt": on})
    return Q(**{f"{path}from_on__lte": on, f"{path}to_on__gte": on}) & ended


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def current(self, on: dt.date) -> Self:
        """Absences that hold on a local date."""
        return self.filter(absent_on(on))

    def standing(self) -> Self:
        """Without those that were called off before they began."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=F("from_on")))

    def touching(self, first: dt.date, last: dt.date) -> Self:
        """Absences that hold on a local date between two, both included."""
        return self.standing().filter(
            Q(ended_on=None) | Q(ended_on__gt=first), from_on__lte=last, to_on__gte=first
        )


class Absence(models.Model):
    """A person is absent between two local dates, both included, and may name a deputy.

    ``ended_on``: the day from which the person was there again, before the last day had passed;
    an absence that was called off before it began ended on its first day.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=16, choices=AbsenceReason)
    deputy = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="absence_valid_range"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=AbsenceReason.values), name="absence_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")), name="absence_own_deputy"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(ended_on__gte=F("from_on"), ended_on__lte=F("to_on")),
                name="absence_ended_within",
            ),
            # Equality has no built-in GiST class and no extension is allowed: the person is
            # written as a range of one number.
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[
                    (
                        Func(F("person"), F("person"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("from_on"),
                            Least(
                                Func(
                                    F("to_on"),
                                    template="(%(expressions)s + 1)",
                                    output_field=models.DateField(),
                                ),
                                F("ended_on"),
                            ),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.from_on} {self.to_on}"

    @property
    def last_on(self) -> dt.date:
        """The last local date of the absence as it was in the end."""
        return self.to_on if self.ended_on is None else self.ended_on - dt.timedelta(days=1)

    @property
    def away(self) -> Away:
        return Away(self.person_id, self.deputy_id, self.from_on, self.last_on)


class AccountEvent(HistoryEvent):
    """What happened to an account: memberships given and ended, tokens made and revoked."""

    SUBJECT = "user"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["user", "sequence"], name="account_event_chain")
        ]
