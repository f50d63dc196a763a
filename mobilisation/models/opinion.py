"""Reports on the people's situation and public opinion."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from mobilisation.enums import OpinionPeriod, OpinionSecrecy, OpinionState

_ANSWERED = (OpinionState.READ, OpinionState.RETURNED)


class OpinionQuerySet(models.QuerySet["OpinionReport"]):
    def visible_to(self, access: Access) -> Self:
        """Of normal reports a unit's people see their own, the City's bodies what was sent to
        them. A confidential one is seen by its author and the leaders of its unit, and, once sent,
        by the City's bodies that give tasks; to everybody else it is not there."""
        sent = ~Q(state=OpinionState.DRAFT)
        own = Q(unit_id__in=access.units(Permission.DIRECTIVE_VIEW))
        seen = Q(secrecy=OpinionSecrecy.NORMAL) & own
        if Permission.OVERVIEW_VIEW in access.city and Permission.DIRECTIVE_VIEW in access.city:
            seen |= Q(secrecy=OpinionSecrecy.NORMAL) & sent
        if Permission.DIRECTIVE_ASSIGN in access.city:
            seen |= sent
        seen |= Q(unit_id__in=access.units(Permission.OPINION_CONFIDENTIAL))
        return self.filter(seen | self._written_by(access))

    @staticmethod
    def _written_by(access: Access) -> Q:
        """Whoever wrote it, as long as the person still reports for the unit."""
        if access.user_id is None:
            return Q(pk__in=())
        units = access.units(Permission.DIRECTIVE_REPORT) | access.units(
            Permission.DIRECTIVE_ASSIGN
        )
        return Q(by_id=access.user_id, unit_id__in=units)


class OpinionReport(models.Model):
    """A unit's report on a period (local dates, both included). Its words stand in editions: the
    one being written, then one a sending. ``edition``: the number of the newest.

    No key over unit and period: who may not know of a confidential report would learn of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="opinion_reports")
    period = models.CharField(max_length=8, choices=OpinionPeriod)
    starts_on = models.DateField()
    ends_on = models.DateField()
    subject = models.CharField(max_length=200, blank=True)
    secrecy = models.CharField(max_length=14, choices=OpinionSecrecy, default=OpinionSecrecy.NORMAL)
    state = models.CharField(max_length=10, choices=OpinionState, default=OpinionState.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__in=OpinionPeriod.values), name="opinion_period_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OpinionState.values), name="opinion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(secrecy__in=OpinionSecrecy.values), name="opinion_secrecy_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="opinion_period_range"
            ),
            models.CheckConstraint(
                condition=Q(state=OpinionState.DRAFT, sent_at=None)
                | (~Q(state=OpinionState.DRAFT) & Q(sent_at__isnull=False)),
                name="opinion_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=_ANSWERED, answered_at__isnull=False, answered_by__isnull=False
                )
                | (~Q(state__in=_ANSWERED) & Q(answered_at=None, answered_by=None, answer="")),
                name="opinion_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=OpinionState.RETURNED) | Q(answer__gt=""),
                name="opinion_returned_says_why",
            ),
        ]
        indexes = [
            # The list of a unit and of the City, the newest period first.
            models.Index(fields=["unit", "-ends_on", "-id"], name="opinion_unit"),
            models.Index(fields=["-ends_on", "-id"], name="opinion_list"),
            # What the City has not read yet.
            models.Index(
                fields=["-ends_on", "-id"],
                condition=Q(state=OpinionState.SENT),
                name="opinion_unread",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_confidential(self) -> bool:
        return self.secrecy == OpinionSecrecy.CONFIDENTIAL


class OpinionEdition(models.Model):
    """The words of a report. Once sent they are not changed any more: a correction is another
    edition."""

    report = models.ForeignKey(OpinionReport, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    assessment = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    # What the City answered to this edition, kept when the report is corrected.
    answer = models.TextField(blank=True)
    # Why the edition before it was corrected.
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="opinion_edition_once"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1, reason__gt=""),
                name="opinion_correction_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"


class OpinionText(models.Model):
    """What an edition says on a topic (``lists.topics``)."""

    edition = models.ForeignKey(OpinionEdition, on_delete=models.CASCADE, related_name="texts")
    topic = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "topic"], name="opinion_text_once"),
            models.CheckConstraint(condition=Q(text__gt=""), name="opinion_text_not_empty"),
        ]
        indexes = [
            # A topic over the units.
            models.Index(fields=["topic", "edition"], name="opinion_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.topic}"


class OpinionFile(models.Model):
    """A file of an edition and of those after it, until it is taken out."""

    report = models.ForeignKey(OpinionReport, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="opinion_file"
    )
    edition = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.edition}"


class OpinionEvent(HistoryEvent):
    """History of a report; it holds states and numbers, never its words."""

    SUBJECT = "report"

    report = models.ForeignKey(OpinionReport, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["report", "sequence"], name="opinion_event_chain")
        ]
