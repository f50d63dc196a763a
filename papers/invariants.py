"""What must hold of the papers of all cases."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q

from common.invariants import invariant
from papers.models import IssuedFile, Paper

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


@invariant("papers.files_are_those_issued")
def paper_files_are_those_issued() -> Iterator[str]:
    """The hash that the page behind the QR shows is that of the kept file."""
    for model in (Paper, IssuedFile):
        issued = model._default_manager.filter(check_code__isnull=False, file__isnull=False)
        broken = issued.exclude(sha256=F("file__sha256")).order_by("pk")
        yield from map(str, broken.values_list("check_code", flat=True)[:SHOWN])
