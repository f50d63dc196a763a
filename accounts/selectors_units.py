"""Units for the pages about accounts."""

from common.errors import NotVisible
from communes.models import Unit
from communes.selectors import unit_by_code


def unit_where(code: str) -> Unit:
    """The unit with this code. Raises NotVisible."""
    unit = unit_by_code(code)
    if unit is None:
        raise NotVisible
    return unit


def unit_choices() -> list[tuple[str, str]]:
    """Every unit by name: code and name; one query."""
    return [(unit.code, str(unit)) for unit in Unit.objects.order_by("name", "code")]
