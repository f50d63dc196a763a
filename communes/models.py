"""The 126 commune-level units, the city's bodies and departments."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from communes.enums import COMMUNE_LEVEL, UnitKind

OFFICE_HOURS = "08:00-12:00,13:00-17:00"
HOURS_FORM = r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}(,[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})*$"


class UnitQuerySet(models.QuerySet["Unit"]):
    def commune_level(self) -> Self:
        return self.filter(kind__in=COMMUNE_LEVEL)

    def in_force(self, on: dt.date) -> Self:
        """Units that exist on a local date."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


class Unit(models.Model):
    """A body that can hold a case. ``code`` is the official number or a body's abbreviation."""

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=UnitKind)
    name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    line = models.CharField(max_length=20, blank=True)
    duty = models.CharField(max_length=240, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    former_district = models.CharField(max_length=80, blank=True)
    formed_from = models.TextField(blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    area_km2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    neighbours = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    grid_col = models.SmallIntegerField(null=True, blank=True)
    grid_row = models.SmallIntegerField(null=True, blank=True)
    # No Hà Nội unit is known to count as remote (longer limits); a setting, off by default.
    is_remote = models.BooleanField(default=False)
    address = models.CharField(max_length=200, blank=True)
    # Spans of a working day in which hours of a limit are counted.
    working_hours = models.CharField(max_length=60, default=OFFICE_HOURS)
    search_text = models.TextField(db_default="")
    basis = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(default=dt.date(2025, 7, 1))
    valid_to = models.DateField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(
                condition=Q(working_hours__regex=HOURS_FORM), name="unit_working_hours_form"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="unit_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def hours_words(self) -> str:
        """Its working hours as they are read: ``08:00 – 12:00, 13:00 – 17:00``."""
        return self.working_hours.replace("-", " – ").replace(",", ", ")

    @property
    def is_commune_level(self) -> bool:
        return self.kind in COMMUNE_LEVEL
