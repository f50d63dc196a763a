"""Entering and correcting an index of a year, with history."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, allow
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_code
from directives.validators import text_optional
from mobilisation.enums_models import SCALES, IndexKind
from mobilisation.models import IndexYear
from mobilisation.models.indices import FIRST_YEAR, LAST_YEAR
from mobilisation.policies_models import may_keep_indices
from mobilisation.services._step import applied, begun, plain, version_check

SOURCE_MAX = 240
ENTERED, CORRECTED = "index.entered", "index.corrected"


@dataclass(frozen=True)
class IndexFacts:
    """What is known of an index in a year: value, the country's value and target on the scale of
    the index (``SCALES``), rank of how many; ``published_on``: local date."""

    value: Decimal | None = None
    country_value: Decimal | None = None
    rank: int | None = None
    ranked_of: int | None = None
    target: Decimal | None = None
    source: str = ""
    published_on: dt.date | None = None
    is_public: bool = False


@transaction.atomic
def index_record(
    *,
    access: Access,
    kind: str,
    year: int,
    unit: str,
    version: int,
    facts: IndexFacts,
    at: dt.datetime | None = None,
) -> IndexYear:
    """Enter an index of a unit (its code; the City is ``CITY``) in a year, or correct it.

    ``version`` is that of the row that was looked at, 0 where there was none. Nothing to change
    makes no version. Raises NotPermitted, Stale, InvalidInput on ``kind``, ``year``, ``unit`` and
    the names of ``IndexFacts``.
    """
    allow(may_keep_indices(access))
    row = _locked(kind, year, _place(kind, year, unit))
    version_check(row, version)
    values = _checked(facts, row.scale)
    changed = _changes(row, values)
    if not changed and version:
        return row
    applied(row, values)
    step = begun(row, access, CORRECTED if version else ENTERED, at)
    step.data["fields"] = changed
    step.finish()
    return row


def _locked(kind: str, year: int, unit: Unit) -> IndexYear:
    """The row under its lock, of version 0 when it is new: of two who enter the same at once the
    second finds the first one's."""
    new = {"scale": SCALES[kind], "target": Decimal(0), "version": 0}
    row, _made = IndexYear.objects.get_or_create(kind=kind, year=year, unit=unit, defaults=new)
    return IndexYear.objects.select_for_update(no_key=True).get(pk=row.pk)


def _changes(row: IndexYear, values: dict[str, Any]) -> dict[str, list[Any]]:
    """From and to of what differs; of a new row only what is said."""
    old = {name: getattr(row, name) if row.version else None for name in values}
    return {
        name: [plain(old[name]), plain(value)]
        for name, value in values.items()
        if old[name] != value and (row.version or value not in ("", False))
    }


def _place(kind: str, year: int, code: str) -> Unit:
    errors: dict[str, list[Any]] = {}
    unit = unit_by_code(code)
    if unit is None:
        errors["unit"] = [_("Choose one of the values of the list.")]
    if kind not in IndexKind.values:
        errors["kind"] = [_("Choose one of the values of the list.")]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        limits = {"first": FIRST_YEAR, "last": LAST_YEAR}
        errors["year"] = [_("A year from %(first)s to %(last)s.") % limits]
    if unit is None or errors:
        raise InvalidInput(fields=errors)
    return unit


def _checked(facts: IndexFacts, scale: Decimal) -> dict[str, Any]:
    """The values of the row. Raises InvalidInput naming every wrong one."""
    values = asdict(facts) | {"source": text_optional("source", facts.source, SOURCE_MAX)}
    errors: dict[str, list[Any]] = {}
    for name in ("value", "country_value", "target"):
        number = values[name]
        if number is not None and not (number.is_finite() and 0 <= number <= scale):
            errors[name] = [_("A number from 0 to %(most)s.") % {"most": f"{scale.normalize():f}"}]
    if facts.value is None and facts.rank is None and facts.target is None:
        errors["value"] = [_("Give at least a value, a rank or a target.")]
    errors |= _rank_wrong(facts)
    if (facts.value is not None or facts.rank is not None) and not values["source"]:
        errors["source"] = [_("Say where the figure was published.")]
    if facts.published_on is not None and facts.published_on > today():
        errors["published_on"] = [_("The date is in the future.")]
    if errors:
        raise InvalidInput(fields=errors)
    return values


def _rank_wrong(facts: IndexFacts) -> dict[str, list[Any]]:
    if facts.rank is not None and facts.rank < 1:
        return {"rank": [_("A rank is 1 or more.")]}
    if facts.ranked_of is not None and (facts.rank is None or facts.rank > facts.ranked_of):
        return {"ranked_of": [_("Not fewer than the rank.")]}
    return {}
