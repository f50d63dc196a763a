"""Geometry of the schematic map."""

import pytest

from communes.hexmap import HexUnit, LegendItem, hexmap_cells


def unit(name: str, col: int, row: int, **changes: object) -> HexUnit:
    values: dict[str, object] = {
        "code": f"{col:02}{row:02}",
        "name": name,
        "kind": "ward",
        "col": col,
        "row": row,
        "href": "/",
        "value": "1",
        "level": 1,
        "label": "một vụ việc",
    } | changes
    return HexUnit(**values)  # type: ignore[arg-type]


def test_cells_are_ordered_from_the_top_row_left_to_right() -> None:
    drawn = hexmap_cells([unit("C", 1, 1), unit("B", 2, 0), unit("A", 1, 0)])
    assert [cell.unit.name for cell in drawn.cells] == ["A", "B", "C"]


def test_odd_rows_are_shifted_right_by_half_a_cell() -> None:
    above, beside, below = hexmap_cells([unit("A", 0, 0), unit("B", 1, 0), unit("C", 0, 1)]).cells
    width = float(beside.x) - float(above.x)
    assert float(below.x) - float(above.x) == pytest.approx(width / 2, abs=0.02)


def test_the_shift_stays_when_the_first_row_is_odd() -> None:
    odd, even = hexmap_cells([unit("A", 3, 5), unit("B", 3, 6)]).cells
    assert float(odd.x) > float(even.x)


def test_a_hexagon_has_six_corners_inside_the_drawing() -> None:
    drawn = hexmap_cells([unit("A", 4, 2), unit("B", 9, 7)])
    for cell in drawn.cells:
        corners = [tuple(map(float, point.split(","))) for point in cell.points.split()]
        assert len(corners) == 6
        assert all(0 <= x <= float(drawn.width) for x, _ in corners)
        assert all(0 <= y <= float(drawn.height) for _, y in corners)


def test_long_names_take_two_lines() -> None:
    (cell,) = hexmap_cells([unit("Văn Miếu - Quốc Tử Giám", 0, 0)]).cells
    assert [line.text for line in cell.lines] == ["Văn Miếu -", "Quốc Tử Giám"]
    assert [line.is_long for line in cell.lines] == [False, True]


def test_two_units_in_one_cell_are_refused() -> None:
    with pytest.raises(ValueError, match="share a cell"):
        hexmap_cells([unit("A", 0, 0), unit("B", 0, 0)])


def test_a_level_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="out of range"):
        hexmap_cells([unit("A", 0, 0, level=6)])


def test_no_units_give_an_empty_map_with_its_legend() -> None:
    drawn = hexmap_cells([], [LegendItem(1, "ít")])
    assert (len(drawn.cells), drawn.width, len(drawn.legend)) == (0, "0", 1)
