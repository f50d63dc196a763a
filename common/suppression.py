"""Small numbers in statistics: which cells of a table stay hidden, pure.

One denunciation in one commune in one month tells who wrote it (Articles 47 and 49 of the Law on
Denunciations; the usual threshold of official statistics). Three rules:

* A count below ``FLOOR`` is hidden, nought too: a nought that turns into a mark would tell of the
  first one.
* So many further cells are hidden (complementary suppression) that whoever knows every published
  cell and total, and that counts are not negative, is left with at least ``FLOOR`` possible values
  for each hidden cell. Hidden cells look all alike: a mark of their own for small ones would give
  back an upper bound.
* The choice depends on the numbers alone: the same table hides the same cells for everybody.

What it does not do: two tables of different days or narrower filters are two tables. A cell that
appears from one day to the next tells that the threshold was passed; no page offers the same
figures by a free span of time or by kind, so that no difference of two tables is one case.
"""

from collections.abc import Sequence

FLOOR = 5
Table = Sequence[Sequence[int]]


def hidden_in_line(values: Sequence[int]) -> tuple[set[int], bool]:
    """Of counts whose sum is published: the places to hide, and whether the sum must be, too."""
    hidden = {place for place, value in enumerate(values) if value < FLOOR}
    if sum(values) < FLOOR:
        return set(range(len(values))), True
    left = sorted((value, place) for place, value in enumerate(values) if place not in hidden)
    for _value, place in left:
        if not hidden or is_safe(values, hidden):
            break
        hidden.add(place)
    return hidden, bool(hidden) and not is_safe(values, hidden)


def is_safe(values: Sequence[int], hidden: set[int]) -> bool:
    """Whether the published sum leaves each hidden value at least ``FLOOR`` possibilities."""
    return len(hidden) > 1 and sum(values[place] for place in hidden) >= FLOOR - 1


def hidden_in_rows(rows: Table) -> tuple[list[set[int]], set[int]]:
    """Of rows of several counts, each with a published sum over the rows: by row the places to
    hide, and the places whose sum must be hidden.

    The first count of a row is the whole of which the others are parts. Where it is hidden they
    are, too: a published part would be its lower bound. Where a part is hidden, a published one
    that leaves little of the whole is hidden, too.
    """
    hidden: list[set[int]] = [set() for _row in rows]
    sums: set[int] = set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    for place, column in enumerate(columns):
        found, is_sum_hidden = hidden_in_line(column)
        sums |= {place} if is_sum_hidden else set()
        for number in found:
            hidden[number] |= {place} if place else set(range(len(columns)))
    for row, places in zip(rows, hidden, strict=True):
        if places and 0 not in places:
            places |= {place for place in range(1, len(row)) if row[0] - row[place] < FLOOR - 1}
    return _close(columns, hidden, sums)


def _close(
    columns: list[list[int]], hidden: list[set[int]], sums: set[int]
) -> tuple[list[set[int]], set[int]]:
    """What a whole took with it may leave another column's sum unsafe with nothing left to add."""
    for place, column in enumerate(columns):
        own = {number for number, places in enumerate(hidden) if place in places}
        if own and not is_safe(column, own):
            sums = sums | {place}
    return hidden, (set(range(len(columns))) if 0 in sums else sums)
