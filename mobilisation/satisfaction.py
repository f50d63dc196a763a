"""How content petitioners are with what the portal did for them: their ratings by time and unit.

The last rating of a letter counts, on the day it was given, for the unit that holds its case. A
letter or case that is a denunciation is never counted. Counts from one to four stay hidden with
their mean, and others beside them so that none can be computed (``common.suppression``).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from common.suppression import hidden_in_line
from common.time import HANOI, local_moment
from communes.models import Unit
from petitions.enums import Kind
from petitions.models import Rating

CONTENT_FROM = 4  # of five
MONTHS = 12


@dataclass(frozen=True)
class Score:
    """Ratings of a month, a year or a unit: how many, their mean from 1 to 5, and the share (per
    cent) of fours and fives; None where they stay hidden, ``count`` 0 where there are none."""

    count: int | None = 0
    mean: Decimal | None = None
    content: Decimal | None = None

    @property
    def is_hidden(self) -> bool:
        return self.count is None


HIDDEN = Score(None)


@dataclass(frozen=True)
class Sums:
    count: int = 0
    points: int = 0
    content: int = 0

    def shown(self) -> Score:
        if not self.count:
            return Score()
        mean = (Decimal(self.points) / self.count).quantize(Decimal("0.01"))
        share = (Decimal(100 * self.content) / self.count).quantize(Decimal("0.1"))
        return Score(self.count, mean, share)


def ratings_counted(units: Collection[int] | None = None) -> QuerySet[Rating]:
    """The ratings that count, each with ``holder``, the unit that holds the case; of some units
    or of all."""
    last = Rating.objects.filter(letter=OuterRef("letter")).order_by("-id").values("pk")[:1]
    rows = Rating.objects.filter(pk=Subquery(last), letter__case__isnull=False).exclude(
        Q(letter__kind=Kind.DENUNCIATION) | Q(letter__case__kind=Kind.DENUNCIATION)
    )
    rows = rows.annotate(holder=F("letter__case__unit_id"))
    return rows if units is None else rows.filter(holder__in=units)


def score_years(units: Collection[int] | None, years: Sequence[int]) -> dict[int, Score]:
    """By calendar year (Hà Nội time), all of the units together; one query."""
    rows = _summed(ratings_counted(units).annotate(y=ExtractYear("at", tzinfo=HANOI)), "y")
    return _line({year: rows.get((year,), Sums()) for year in years})


def score_months(units: Collection[int] | None, year: int, on: dt.date) -> dict[int, Score]:
    """By month of a calendar year that has begun ``on`` a local date, all of the units together;
    one query."""
    rows = _in(ratings_counted(units), year).annotate(m=ExtractMonth("at", tzinfo=HANOI))
    found = _summed(rows, "m")
    begun = on.month if year == on.year else MONTHS
    return _line({month: found.get((month,), Sums()) for month in range(1, begun + 1)})


def score_units(units: Sequence[Unit], year: int) -> dict[int, Score]:
    """By unit in a calendar year; one query."""
    found = _summed(_in(ratings_counted([unit.pk for unit in units]), year), "holder")
    return _line({unit.pk: found.get((unit.pk,), Sums()) for unit in units})


def _in(rows: QuerySet[Rating], year: int) -> QuerySet[Rating]:
    first, last = (local_moment(dt.date(y, 1, 1)) for y in (year, year + 1))
    return rows.filter(at__gte=first, at__lt=last)


def _summed(rows: QuerySet[Rating], *keys: str) -> Mapping[tuple[int, ...], Sums]:
    counted: Iterable[Sequence[int]] = (
        rows.order_by()
        .values(*keys)
        .annotate(
            n=Count("pk"), points=Sum("score"), good=Count("pk", filter=Q(score__gte=CONTENT_FROM))
        )
        .values_list(*keys, "n", "points", "good")
    )
    size = len(keys)
    return {tuple(row[:size]): Sums(*row[size:]) for row in counted}


def _line(sums: Mapping[int, Sums]) -> dict[int, Score]:
    """A row of counts whose sum is known elsewhere. That nobody rated is no secret; how a few did
    is."""
    rated = [key for key in sums if sums[key].count]
    hidden, _is_sum_hidden = hidden_in_line([sums[key].count for key in rated])
    secret = {rated[place] for place in hidden}
    return {key: HIDDEN if key in secret else row.shown() for key, row in sums.items()}
