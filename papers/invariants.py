"""What must hold of the papers of all cases."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q

from common.invariants import invariant
from papers.models import Paper

SHOWN = 20


@invariant("papers.numbers_are_gapless")
def paper_numbers_are_gapless() -> Iterator[str]:
    """In every unit, book and year the numbers run from one, void ones among them."""
    books = Paper.objects.filter(number__isnull=False).values("unit__code", "book", "year")
    broken = books.annotate(count=Count("pk"), first=Min("number"), last=Max("number")).exclude(
        Q(first=1) & Q(last=F("count"))
    )
    for row in broken.order_by("unit__code", "book", "year")[:SHOWN]:
        yield f"{row['unit__code']} {row['book']} {row['year']}"
