"""To whom a conclusion notice goes, as it is printed."""

from collections.abc import Iterable


def recipients_of(units: Iterable[str], *, of_visit: bool, typed: Iterable[str] = ()) -> list[str]:
    """To whom a conclusion notice goes: the units of its rows, the visitors, and what was typed
    besides; the last line says where it is kept."""
    visitor = "Công dân được tiếp" if of_visit else "Công dân được tiếp tại buổi tiếp"
    return [*dict.fromkeys([*units, visitor, *typed]), "Lưu: hồ sơ tiếp công dân"]
