"""What must hold in the registers between rows, history and declared lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

import mobilisation.invariants_models  # noqa: F401 -- registers its own
from common.invariants import invariant
from mobilisation.enums import OpinionState, ProgrammeState
from mobilisation.lists import parties, rule_kinds, topics
from mobilisation.models import (
    DemocracyRule,
    OpinionEdition,
    OpinionReport,
    OpinionText,
    Programme,
)

SHOWN = 20


@invariant("mobilisation.programme_version_is_in_history")
def programme_version_is_in_history() -> Iterator[str]:
    """Every version of a programme is an event of its chain."""
    yield from _named(_out_of_step(Programme.objects.all()))


@invariant("mobilisation.opinion_version_is_in_history")
def opinion_version_is_in_history() -> Iterator[str]:
    yield from _named(_out_of_step(OpinionReport.objects.all()))


@invariant("mobilisation.rule_version_is_in_history")
def rule_version_is_in_history() -> Iterator[str]:
    yield from _rules(_out_of_step(DemocracyRule.objects.all()))


@invariant("mobilisation.codes_are_on_the_lists")
def codes_are_on_the_lists() -> Iterator[str]:
    """Parties, kinds of rules and topics are those of the declared lists."""
    yield from _named(Programme.objects.exclude(parties__contained_by=list(parties())))
    yield from _rules(DemocracyRule.objects.exclude(kind__in=list(rule_kinds())))
    strange = OpinionText.objects.exclude(topic__in=list(topics()))
    yield from _named(OpinionReport.objects.filter(editions__texts__in=strange).distinct())


@invariant("mobilisation.renewed_by_one_of_the_same_unit")
def renewed_by_one_of_the_same_unit() -> Iterator[str]:
    rows = Programme.objects.filter(state=ProgrammeState.RENEWED)
    wrong = ~Q(renewed_by__unit=F("unit")) | Q(renewed_by__state=ProgrammeState.DRAFT)
    yield from _named(rows.filter(wrong))


@invariant("mobilisation.opinion_has_every_edition")
def opinion_has_every_edition() -> Iterator[str]:
    """Editions are numbered without a gap; what was sent has words in its newest."""
    counted = OpinionReport.objects.annotate(n=Count("editions"))
    yield from _named(counted.exclude(n=F("edition")))
    newest = OpinionEdition.objects.filter(
        report=OuterRef("pk"), number=OuterRef("edition"), assessment__gt=""
    )
    sent = OpinionReport.objects.exclude(state=OpinionState.DRAFT)
    yield from _named(sent.exclude(Exists(newest)))


def _out_of_step(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.annotate(events_count=Count("events"))
    return counted.exclude(events_count=F("version"))


def _named(rows: QuerySet[Any]) -> Iterator[str]:
    keys = rows.order_by("pk").values_list("public_id", flat=True)
    yield from (str(key) for key in keys[:SHOWN])


def _rules(rows: QuerySet[Any]) -> Iterator[str]:
    keys = rows.order_by("pk").values_list("unit__code", "kind")
    yield from (f"{unit} {kind}" for unit, kind in keys[:SHOWN])
