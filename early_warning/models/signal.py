"""Signals: that a rule holds for a matter, who follows it, and what came of it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from common.history import HistoryEvent
from communes.models import Unit
from early_warning.enums import CLOSED, JUDGED, LIVE, NoteKind, SignalState
from early_warning.models.project import LandProject, ProjectStage
from early_warning.models.rule import WarningRule
from petitions.enums import Kind
from petitions.models import Case, SubjectField


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, access: Access) -> Self:
        """The City's bodies see every signal, a unit's people with its cases or figures their own.

        A case that turned out to be a denunciation has no signal any more, whoever looks.
        """
        rows = self.exclude(case__kind=Kind.DENUNCIATION)
        if Permission.OVERVIEW_VIEW in access.city:
            return rows
        units = access.units(Permission.CASE_VIEW) | access.units(Permission.OVERVIEW_VIEW)
        return rows.filter(unit_id__in=units)

    def live(self) -> Self:
        """What waits for somebody or is followed."""
        return self.filter(state__in=LIVE)

    def with_list_data(self) -> Self:
        return self.select_related("rule", "unit", "field", "project", "stage", "owner")


class Signal(models.Model):
    """``key`` names rule and matter: the same matter is the same signal.

    ``measured`` and ``threshold`` are those of the last run that changed them, ``facts`` fill the
    sentence that explains it. ``lapsed_on``: since which local date the rule holds no longer;
    ``closed_level``: how far it had grown when it was closed, above which it opens again.
    ``version`` grows with every change by a person, and when it opens again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    rule = models.ForeignKey(WarningRule, on_delete=models.PROTECT, related_name="signals")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="warning_signals", db_index=False
    )
    field = models.ForeignKey(
        SubjectField, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="warning_signals"
    )
    project = models.ForeignKey(
        LandProject, null=True, blank=True, on_delete=models.PROTECT, related_name="signals"
    )
    stage = models.ForeignKey(
        ProjectStage, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    measured = models.PositiveIntegerField()
    threshold = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=1)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=SignalState, default=SignalState.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    next_look_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    found_at = models.DateTimeField()
    lapsed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_level = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SignalState.values), name="signal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, project=None, stage=None)
                | Q(project__isnull=False, stage__isnull=False, case=None, field=None)
                | Q(field__isnull=False, case=None, project=None, stage=None),
                name="signal_is_about_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(state=SignalState.WATCHED, owner__isnull=False)
                & Q(next_look_on__isnull=False)
                | (~Q(state=SignalState.WATCHED) & Q(next_look_on=None)),
                name="signal_watched_has_owner_and_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*CLOSED], closed_at__isnull=False)
                | Q(state__in=[*LIVE], closed_at=None, closed_level=0),
                name="signal_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(measured__gte=F("threshold")) | Q(lapsed_on__isnull=False),
                name="signal_reaches_its_threshold",
            ),
        ]
        indexes = [
            # The list of a unit and of the City, newest first.
            models.Index(F("unit"), F("found_at").desc(), F("id").desc(), name="signal_unit_new"),
            models.Index(F("found_at").desc(), F("id").desc(), name="signal_new"),
            # Whose next look has passed.
            models.Index(
                fields=["next_look_on"],
                condition=Q(state=SignalState.WATCHED),
                name="signal_look_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_current(self) -> bool:
        """Whether the rule held in the last run."""
        return self.lapsed_on is None


class SignalNote(models.Model):
    """What somebody did about a signal; ``by`` None: the portal opened it again. ``looked_on`` and
    ``next_look_on`` are local dates."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=NoteKind)
    text = models.TextField(blank=True)
    looked_on = models.DateField()
    next_look_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoteKind.values), name="signal_note_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[*JUDGED]) | ~Q(text=""), name="signal_note_judged_says_why"
            ),
        ]
        indexes = [
            # What was judged in a quarter: precision.
            models.Index(
                fields=["looked_on"],
                condition=Q(kind__in=[*JUDGED]),
                name="signal_note_judged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.kind}"


class SignalEvent(HistoryEvent):
    """History of a signal: found, grown, opened again, followed, closed."""

    SUBJECT = "signal"

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["signal", "sequence"], name="signal_event_chain")
        ]
