"""The 126 commune-level units, the city's bodies and departments."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

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
    # Names that it bore before, the oldest first: ``name``, ``full_name``, ``from`` and ``to`` (ISO
    # dates, both included) and the ``basis`` of the change. On the row itself, since every paper
    # asks for the name of its time.
    former_names = models.JSONField(default=list, blank=True)
    # Keys of the units that are no more and whose files and duties it keeps, all the way back. Its
    # people have there the rights that they have here; kept equal to ``UnitSuccession``.
    keeps = ArrayField(models.BigIntegerField(), default=list, blank=True)

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
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        "former_names", function="jsonb_typeof", output_field=models.TextField()
                    ),
                    models.Value("array"),
                ),
                name="unit_former_names_are_a_list",
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

    def is_in_force(self, on: dt.date) -> bool:
        """Whether it is there on a local date; ``UnitQuerySet.in_force`` for one."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def name_on(self, on: dt.date) -> str:
        """The full name that it bore on a local date; no query."""
        return next(
            (
                str(past["full_name"])
                for past in self.former_names
                if past["from"] <= on.isoformat() <= past["to"]
            ),
            self.full_name,
        )

    @property
    def was_called(self) -> list[dict[str, Any]]:
        """Its former names, the newest first, with dates."""
        return [
            past | {name: dt.date.fromisoformat(past[name]) for name in ("from", "to")}
            for past in reversed(self.former_names)
        ]


class UnitSuccession(models.Model):
    """``successor`` took over from ``unit`` on a local date. The one that ``keeps_files`` has the
    closed cases, registers and unfinished duties of the unit that is no more."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField()
    basis = models.CharField(max_length=200)
    keeps_files = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "successor"], name="succession_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(keeps_files=True), name="succession_one_keeps_files"
            ),
            models.CheckConstraint(condition=~Q(unit=F("successor")), name="succession_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.successor_id}"
