"""Rules on grassroots democracy: one row a unit and kind, from its first step on."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from mobilisation.enums import RULES_HOLD, RuleState


class RuleQuerySet(models.QuerySet["DemocracyRule"]):
    def visible_to(self, access: Access) -> Self:
        """A unit's people see their own, City bodies those of every unit."""
        if Permission.DIRECTIVE_VIEW in access.city:
            return self
        return self.filter(unit_id__in=access.units(Permission.DIRECTIVE_VIEW))


class DemocracyRule(models.Model):
    """How far a unit is with its rules of a ``kind`` (``lists.rule_kinds``). A unit without a row
    has still to review them, as every unit formed on 2025-07-01 had. ``approved_by`` is a body or
    office, as on the paper; ``review_on``: the local date on which they are looked at again."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="democracy_rules")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=RuleState, default=RuleState.TO_REVIEW)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    approved_by = models.CharField(max_length=160, blank=True)
    review_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind"], name="democracy_rule_once"),
            models.CheckConstraint(
                condition=Q(state__in=RuleState.values), name="democracy_rule_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=RULES_HOLD)
                | Q(number__gt="", issued_on__isnull=False, approved_by__gt=""),
                name="democracy_rule_in_force_has_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state=RuleState.REPEALED) | Q(note__gt=""),
                name="democracy_rule_repealed_says_why",
            ),
        ]
        indexes = [
            # Share of a kind by state.
            models.Index(fields=["kind", "state"], name="democracy_rule_share"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"

    @property
    def holds(self) -> bool:
        """Whether the unit has such rules in force."""
        return self.state in RULES_HOLD


class RuleFile(models.Model):
    """The file that came with a version of the rules; the newest is the current one."""

    rule = models.ForeignKey(DemocracyRule, on_delete=models.PROTECT, related_name="files")
    version = models.PositiveIntegerField()
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="rule_file"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="rule_file_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.version}"


class RuleEvent(HistoryEvent):
    """Every version of a unit's rules, from and to."""

    SUBJECT = "rule"

    rule = models.ForeignKey(DemocracyRule, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["rule", "sequence"], name="rule_event_chain")
        ]
