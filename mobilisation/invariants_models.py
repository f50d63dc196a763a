"""What must hold between models, decisions, copies, indices and their history."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, OuterRef

from common.invariants import invariant
from mobilisation.enums_models import HONOURED, ExemplarState
from mobilisation.models import Exemplar, ExemplarEvent, IndexYear, Recognition

SHOWN = 20


@invariant("mobilisation.model_version_is_number_of_events")
def model_version_is_number_of_events() -> Iterator[str]:
    """Every version of a model is an event of its chain."""
    rows = Exemplar.objects.annotate(n=Count("events"), top=Max("events__sequence"))
    broken = rows.exclude(n=F("version")) | rows.exclude(top=F("n"))
    yield from map(str, broken.order_by("pk")[:SHOWN])


@invariant("mobilisation.recognised_has_a_decision_of_its_level")
def recognised_has_a_decision_of_its_level() -> Iterator[str]:
    decision = Recognition.objects.filter(exemplar=OuterRef("pk"), level=OuterRef("level"))
    rows = Exemplar.objects.filter(state__in=HONOURED).exclude(Exists(decision))
    yield from map(str, rows.order_by("pk")[:SHOWN])


@invariant("mobilisation.published_says_consent_in_its_history")
def published_says_consent_in_its_history() -> Iterator[str]:
    said = ExemplarEvent.objects.filter(
        exemplar=OuterRef("pk"),
        action="mobilisation.exemplar.published",
        data__people_agreed=True,
    )
    rows = Exemplar.objects.filter(state=ExemplarState.PUBLISHED).exclude(Exists(said))
    yield from map(str, rows.order_by("pk")[:SHOWN])


@invariant("mobilisation.copy_is_of_another_unit")
def copy_is_of_another_unit() -> Iterator[str]:
    rows = Exemplar.objects.filter(source__unit=F("unit"))
    yield from map(str, rows.order_by("pk")[:SHOWN])


@invariant("mobilisation.index_version_is_number_of_events")
def index_version_is_number_of_events() -> Iterator[str]:
    rows = IndexYear.objects.annotate(n=Count("events")).exclude(n=F("version"))
    yield from map(str, rows.order_by("pk")[:SHOWN])
