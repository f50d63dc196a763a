"""What must hold of the units."""

from collections.abc import Iterator

from django.db.models import Count

from common.invariants import invariant
from common.time import today
from communes.models import Unit


@invariant("communes.tree_has_one_root")
def tree_has_one_root() -> Iterator[str]:
    roots = list(Unit.objects.filter(parent=None).order_by("code").values_list("code", flat=True))
    yield from roots[1:]


@invariant("communes.no_two_units_share_a_cell")
def no_two_units_share_a_cell() -> Iterator[str]:
    rows = Unit.objects.in_force(today()).exclude(grid_col=None).order_by()
    shared = rows.values("grid_col", "grid_row").annotate(n=Count("id")).filter(n__gt=1)
    for cell in shared:
        yield f"{cell['grid_col']},{cell['grid_row']}"


@invariant("communes.neighbours_see_each_other")
def neighbours_see_each_other() -> Iterator[str]:
    rows = Unit.objects.in_force(today()).commune_level()
    near = dict(rows.values_list("code", "neighbours"))
    for code, others in near.items():
        yield from (f"{code} {other}" for other in others if code not in near.get(other, [code]))
