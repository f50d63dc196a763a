"""The rules with their thresholds, and every change of them."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common.history import HistoryEvent
from early_warning.enums import WarningKind
from early_warning.rules import COMPARED, WINDOWED, Measure, Rule

MEASURES = [(one.value, one.value) for one in Measure]


class WarningRuleQuerySet(models.QuerySet["WarningRule"]):
    def in_force(self, on: dt.date) -> "WarningRuleQuerySet":
        """What is looked for on a local date."""
        return self.filter(is_active=True, valid_from__lte=on)


class WarningRule(models.Model):
    """A rule as it holds now; what it was is in its history.

    ``least``: from which value on; ``step``: to the next level; ``window_days``: calendar days, 0
    where the state of the moment counts; ``factor``: percent of the usual number, 0 where nothing
    is compared; ``fields``: codes of subject fields, none for all; ``body``: the code of the
    City's body that is told; ``valid_from``: a local date.
    """

    code = models.SlugField(max_length=32, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=WarningKind)
    measure = models.CharField(max_length=20, choices=MEASURES)
    title = models.CharField(max_length=160)
    basis = models.CharField(max_length=240, blank=True)
    least = models.PositiveIntegerField()
    step = models.PositiveIntegerField()
    window_days = models.PositiveSmallIntegerField(default=0)
    factor = models.PositiveSmallIntegerField(default=0)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    body = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    valid_from = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = WarningRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=WarningKind.values), name="warning_rule_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[one.value for one in Measure]),
                name="warning_rule_measure_known",
            ),
            models.CheckConstraint(
                condition=Q(least__gte=1, step__gte=1), name="warning_rule_threshold_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    measure__in=sorted(one.value for one in WINDOWED), window_days__range=(7, 365)
                )
                | (~Q(measure__in=sorted(one.value for one in WINDOWED)) & Q(window_days=0)),
                name="warning_rule_window_fits_measure",
            ),
            models.CheckConstraint(
                condition=Q(
                    measure__in=sorted(one.value for one in COMPARED), factor__range=(100, 1000)
                )
                | (~Q(measure__in=sorted(one.value for one in COMPARED)) & Q(factor=0)),
                name="warning_rule_factor_fits_measure",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def pure(self) -> Rule:
        """The rule as ``early_warning.rules`` reads it."""
        return Rule(
            code=self.code,
            measure=Measure(self.measure),
            least=self.least,
            step=self.step,
            window=self.window_days,
            factor=self.factor,
            fields=frozenset(self.fields),
        )


class WarningRuleEvent(HistoryEvent):
    """History of a rule: loaded, changed with what from and to, and why."""

    SUBJECT = "rule"

    rule = models.ForeignKey(WarningRule, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["rule", "sequence"], name="warning_rule_event_chain")
        ]
