"""The case (vụ việc): what is handled. Many letters may belong to one case."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from common.time import local_date
from communes.models import Unit
from deadlines.models import Clock
from petitions.enums import Kind, Stage
from petitions.models.case_indexes import LIST_INDEXES
from petitions.models.guard import StatusFollowsTable
from petitions.models.letter import SubjectField
from petitions.workflow import CLOSED_STATUSES, STATUS_LABELS, Status


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, access: Access) -> Self:
        """The one rule of sight for pages, counts, search and API.

        A denunciation needs its own permission or the assignment, and never reaches anybody of
        a barred unit (Articles 12 and 49 of the Law on Denunciations). What was forwarded to a
        unit is seen there until it has answered.
        """
        views = access.units(Permission.CASE_VIEW)
        seen = access.units(Permission.DENUNCIATION_VIEW)
        offered = Q(forwarded_to_id__in=views) & ~Q(kind=Kind.DENUNCIATION)
        offered |= Q(forwarded_to_id__in=seen, kind=Kind.DENUNCIATION) & self._not_barred(access)
        return self.filter(self._held(access) | offered)

    def held_for(self, access: Access) -> Self:
        """What lists show: everything visible but for what waits to be accepted, which has a
        list of its own (``offered_to``). The unit stands first, so that its index serves."""
        return self.filter(self._held(access))

    def offered_to(self, access: Access) -> Self:
        """Cases forwarded to the reader's units that wait for an answer."""
        units = access.units(Permission.CASE_VIEW) | access.units(Permission.DENUNCIATION_VIEW)
        return self.visible_to(access).filter(forwarded_to_id__in=units)

    def not_barred(self, access: Access) -> Self:
        """Those from which no unit of the reader is barred, seen or not: what a book of numbers may
        name without a word of the case."""
        return self.filter(self._not_barred(access))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def overdue(self, on: dt.date) -> Self:
        """Open cases with a running clock past its due date on a local date."""
        return self.filter(due_on__lt=on)

    def with_list_data(self) -> Self:
        return self.select_related("unit", "field", "assignee")

    def _held(self, access: Access) -> Q:
        return self._in_reach(access) & (self._ordinary(access) | self._denunciations(access))

    @staticmethod
    def _in_reach(access: Access) -> Q:
        """Implied by the rest: what lies outside a person's units need not be looked at."""
        if access.city & {Permission.CASE_VIEW, Permission.DENUNCIATION_VIEW}:
            return Q()
        views = access.units(Permission.CASE_VIEW)
        return Q(unit_id__in=views | access.units(Permission.DENUNCIATION_VIEW))

    @staticmethod
    def _ordinary(access: Access) -> Q:
        plain = ~Q(kind=Kind.DENUNCIATION)
        if Permission.CASE_VIEW in access.city:
            return plain
        return plain & Q(unit_id__in=access.units(Permission.CASE_VIEW))

    def _denunciations(self, access: Access) -> Q:
        mine = Q(assignee_id=access.user_id, unit_id__in=access.units(Permission.CASE_VIEW))
        if Permission.DENUNCIATION_VIEW in access.city:
            seen = Q()
        else:
            seen = mine | Q(unit_id__in=access.units(Permission.DENUNCIATION_VIEW))
        return Q(kind=Kind.DENUNCIATION) & seen & self._not_barred(access)

    @staticmethod
    def _not_barred(access: Access) -> Q:
        if not access.unit_ids:
            return Q(pk__in=[])
        return ~Q(barred_units__overlap=list(access.unit_ids))


class Case(models.Model):
    """``code`` is that of the first letter. ``version`` grows with every change."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    instance = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=32, choices=STATUS_LABELS)
    version = models.PositiveIntegerField(default=1)
    # These three have no index of their own: those of the lists begin with them.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", db_index=False)
    field = models.ForeignKey(
        SubjectField, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    subject = models.CharField(max_length=300)
    search_text = models.TextField(default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    respondent_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Units whose people must never see or get this case; only denunciations have any.
    barred_units = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # The body that a forwarded case waits for; nobody else but the holder sees it.
    forwarded_to = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The case that a duplicate follows.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # The nearest due date among running clocks, kept by the services that change clocks.
    due_on = models.DateField(null=True, blank=True)
    # Since when a message of the petitioner waits to be read or answered, also after closing.
    citizen_wrote_at = models.DateTimeField(null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]),
                name="case_status_known",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED_STATUSES, closed_at__isnull=False)
                | (~Q(status__in=CLOSED_STATUSES) & Q(closed_at=None)),
                name="case_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(due_on=None),
                name="case_closed_has_no_due_date",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.DENUNCIATION) | Q(barred_units=[]),
                name="case_bars_only_denunciations",
            ),
            models.CheckConstraint(condition=Q(instance__in=[1, 2]), name="case_instance_known"),
            models.CheckConstraint(
                condition=Q(instance=1) | Q(kind=Kind.COMPLAINT),
                name="case_second_instance_of_complaints",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.FORWARDED.value, forwarded_to__isnull=False)
                | (~Q(status=Status.FORWARDED.value) & Q(forwarded_to=None)),
                name="case_forwarded_has_receiver",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DUPLICATE.value, merged_into__isnull=False)
                | (~Q(status=Status.DUPLICATE.value) & Q(merged_into=None)),
                name="case_duplicate_has_main",
            ),
        ]
        triggers = [StatusFollowsTable(name="status_follows_table")]
        indexes = [
            # Inbox of a unit, newest first.
            models.Index(
                F("unit"),
                F("submitted_at").desc(),
                F("id").desc(),
                name="case_unit_new",
            ),
            # Inbox of a unit by due date; overdue and due-soon counts.
            models.Index(
                fields=["unit", "due_on", "id"],
                condition=Q(due_on__isnull=False),
                name="case_unit_due",
            ),
            *LIST_INDEXES,
            # City-wide lists, newest first and by due date.
            models.Index(F("submitted_at").desc(), F("id").desc(), name="case_new"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(due_on__isnull=False),
                name="case_due",
            ),
            # What waits for one person.
            models.Index(
                fields=["assignee", "due_on"],
                condition=Q(closed_at=None),
                name="case_assignee",
            ),
            # What waits for a unit's answer to a forwarding.
            models.Index(
                fields=["forwarded_to"],
                condition=Q(forwarded_to__isnull=False),
                name="case_forwarded_to",
            ),
            # Words of the subject, accent-free.
            GinIndex(SearchVector("search_text", config="simple"), name="case_words"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_denunciation(self) -> bool:
        return self.kind == Kind.DENUNCIATION

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def unit_name(self) -> str:
        """The holder as it is called now, of a closed case as it was called then."""
        if self.closed_at is None:
            return self.unit.full_name
        return self.unit.name_on(local_date(self.closed_at))


class CaseClock(models.Model):
    """Ties a clock, which knows no case, to the case it measures."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="case_clock")
    stage = models.CharField(max_length=24, choices=Stage)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


class RegisterCounter(models.Model):
    """Last number of a register: gapless per unit, book and year, taken under a row lock."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "book", "year"], name="register_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.book} {self.year}: {self.last}"
