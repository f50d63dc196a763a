"""What must hold between signals, notes, projects, rules and their histories."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from common.invariants import invariant
from early_warning.enums import CLOSED, JUDGED, STAGES, SignalState
from early_warning.models import LandProject, Signal, WarningRule
from early_warning.services.look import WITHOUT_VERSION

SHOWN = 20


@invariant("early_warning.version_is_number_of_events")
def version_is_number_of_events() -> Iterator[str]:
    """Finding a signal and every change of it by a person is one event and one version; the chain
    has no gap."""
    counted = Count("events", filter=~Q(events__action__in=WITHOUT_VERSION))
    rows = Signal.objects.annotate(n=counted, every=Count("events"), top=Max("events__sequence"))
    broken = rows.exclude(n=F("version")) | rows.exclude(top=F("every"))
    yield from map(str, broken[:SHOWN])


@invariant("early_warning.closed_was_judged")
def closed_was_judged() -> Iterator[str]:
    """What is closed has a note that says why."""
    judged = Count("notes", filter=Q(notes__kind__in=JUDGED))
    rows = Signal.objects.filter(state__in=CLOSED).annotate(n=judged)
    yield from map(str, rows.filter(n=0)[:SHOWN])


@invariant("early_warning.open_signal_has_no_owner")
def open_signal_has_no_owner() -> Iterator[str]:
    rows = Signal.objects.filter(state=SignalState.OPEN, owner__isnull=False)
    yield from map(str, rows[:SHOWN])


@invariant("early_warning.project_has_its_stages_and_a_place")
def project_has_its_stages_and_a_place() -> Iterator[str]:
    rows = LandProject.objects.annotate(
        n=Count("stages", distinct=True), at=Count("places", distinct=True)
    )
    broken = rows.exclude(n=len(STAGES)) | rows.filter(at=0)
    yield from (str(row.public_id) for row in broken[:SHOWN])


@invariant("early_warning.project_version_is_in_history")
def project_version_is_in_history() -> Iterator[str]:
    """Every version of a project's record is an event of its chain."""
    rows = LandProject.objects.annotate(n=Count("events"))
    yield from (str(row.public_id) for row in rows.exclude(n=F("version"))[:SHOWN])


@invariant("early_warning.rule_version_is_in_history")
def rule_version_is_in_history() -> Iterator[str]:
    """Every change of a rule is an event of its chain."""
    rows = WarningRule.objects.annotate(n=Count("events"))
    yield from rows.exclude(n__gte=F("version")).values_list("code", flat=True)[:SHOWN]
