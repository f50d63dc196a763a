"""Yearly indices of the City and its units: value, rank, target."""

from django.db import models
from django.db.models import F, Q

from common.history import HistoryEvent
from communes.models import Unit
from mobilisation.enums_models import IndexKind

FIRST_YEAR, LAST_YEAR = 2000, 2100


class IndexYear(models.Model):
    """An index of a unit (the City is a unit, too) in a year.

    ``value``, ``country_value`` and ``target`` lie between 0 and ``scale``; an index may be known
    by its rank alone, and a year may have a target before it has a value. ``published_on``: local
    date, unknown for some.
    """

    kind = models.CharField(max_length=6, choices=IndexKind)
    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="index_years")
    scale = models.DecimalField(max_digits=7, decimal_places=2)
    value = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    country_value = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    ranked_of = models.PositiveSmallIntegerField(null=True, blank=True)
    target = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=240, blank=True)
    published_on = models.DateField(null=True, blank=True)
    # Shown on the public page.
    is_public = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "year", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "unit"], name="index_year_once"),
            models.CheckConstraint(
                condition=Q(kind__in=IndexKind.values), name="index_year_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="index_year_in_range"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(rank__isnull=False) | Q(target__isnull=False),
                name="index_year_says_something",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True})
                    | Q(**{f"{name}__gte": 0, f"{name}__lte": F("scale")}),
                    name=f"index_year_{name}_on_scale",
                )
                for name in ("value", "country_value", "target")
            ),
            models.CheckConstraint(
                condition=Q(ranked_of=None) | Q(rank__gte=1, rank__lte=F("ranked_of")),
                name="index_year_rank_of_how_many",
            ),
            models.CheckConstraint(
                condition=Q(value=None, rank=None) | ~Q(source=""), name="index_year_names_source"
            ),
        ]
        indexes = [
            # The indices of a unit over the years.
            models.Index(fields=["unit", "kind", "year"], name="index_year_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.unit_id}"


class IndexEvent(HistoryEvent):
    """History of an index of a year: entered, corrected (fields from and to)."""

    SUBJECT = "index"

    index = models.ForeignKey(IndexYear, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["index", "sequence"], name="index_event_chain")
        ]
