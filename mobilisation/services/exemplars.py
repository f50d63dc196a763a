"""The register of models: entering, changing, copying to another unit."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import constraint_errors
from common.errors import InvalidInput, allow
from common.time import now
from communes.models import Unit
from communes.selectors import unit_by_code
from directives.validators import text_checked, text_optional
from mobilisation.enums_models import HONOURED
from mobilisation.models import Exemplar, ExemplarField
from mobilisation.policies_models import may_change, may_copy, may_found
from mobilisation.services._exemplar import ACTION, ExemplarStep, exemplar_locked
from mobilisation.services._step import applied, changes, version_check

TEXTS = {"title": 200, "carried_out_by": 200, "description": 8000}
RESULTS_MAX = 8000
# What a decision stands behind keeps these words.
FIXED = ("title", "field", "carried_out_by", "starts_on", "description")


@dataclass(frozen=True)
class Words:
    """What a model is. ``field`` is a code of ``exemplar_fields.csv``; ``carried_out_by`` a group
    or body; dates are local, the end is open while it is carried on."""

    title: str
    field: str
    carried_out_by: str
    starts_on: dt.date
    description: str
    ends_on: dt.date | None = None
    results: str = ""


@transaction.atomic
def exemplar_create(
    *, access: Access, unit: str, words: Words, at: dt.datetime | None = None
) -> Exemplar:
    """Enter a model as a draft of a unit (its code), seen by that unit alone. Raises NotPermitted,
    InvalidInput on the names of ``Words`` and ``unit``."""
    place = _unit(unit)
    allow(may_found(access, place.pk))
    return _entered(access, Exemplar(unit=place, **_checked(words)), "created", {}, at or now())


@transaction.atomic
def exemplar_change(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    words: Words,
    at: dt.datetime | None = None,
) -> Exemplar:
    """Correct or complete a model; what changed, from and to, is in its history. Of a recognised
    one only the end and the results. Nothing to change makes no version.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on the names of ``Words``."""
    row = exemplar_locked(access, public_id)
    allow(may_change(access, row))
    version_check(row, version)
    values = _checked(words)
    changed = changes(row, values)
    if not changed:
        return row
    if row.state in HONOURED and (fixed := [n for n in changed if n in FIXED]):
        message = _("A recognised model keeps the words of its recognition.")
        raise InvalidInput(fields={name: [message] for name in fixed})
    applied(row, values)
    row.version += 1
    ExemplarStep(row, access, at or now(), ACTION + "changed", data={"fields": changed}).finish()
    return row


@transaction.atomic
def exemplar_copy(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    unit: str,
    carried_out_by: str,
    starts_on: dt.date,
    at: dt.datetime | None = None,
) -> Exemplar:
    """Take a recognised model over as a draft of another unit (its code), with a link to its source
    and without its results, pictures and decisions.

    Raises NotVisible, NotPermitted, InvalidInput on ``unit``, ``carried_out_by``, ``starts_on``,
    Conflict when the unit has taken it over already.
    """
    source = exemplar_locked(access, public_id)
    allow(may_copy(access, source))
    place = _unit(unit)
    allow(may_found(access, place.pk))
    if place.pk == source.unit_id:
        raise InvalidInput(fields={"unit": [_("Only another unit can take a model over.")]})
    words = Words(source.title, source.field.code, carried_out_by, starts_on, source.description)
    row = Exemplar(unit=place, source=source, **_checked(words))
    taken = {"exemplar_copied_once": _("The unit has already taken this model over.")}
    data = {"source": str(source.public_id)}
    with constraint_errors(taken), transaction.atomic():
        return _entered(access, row, "copied", data, at or now())


def _entered(
    access: Access, row: Exemplar, action: str, data: dict[str, Any], at: dt.datetime
) -> Exemplar:
    row.changed_at = at
    row.save(force_insert=True)
    ExemplarStep(row, access, at, ACTION + action, data=data).finish()
    return row


def _unit(code: str) -> Unit:
    found = unit_by_code(code)
    if found is None:
        raise InvalidInput(fields={"unit": [_("Choose one of the values of the list.")]})
    return found


def _checked(words: Words) -> dict[str, Any]:
    """Values of the model's columns. Raises InvalidInput naming every wrong one."""
    errors: dict[str, list[Any]] = {}
    values: dict[str, Any] = asdict(words)
    for name, most in TEXTS.items():
        _take(values, errors, name, most, is_needed=True)
    _take(values, errors, "results", RESULTS_MAX, is_needed=False)
    field = ExemplarField.objects.filter(code=words.field).first()
    if field is None:
        errors["field"] = [_("Choose one of the values of the list.")]
    if words.ends_on is not None and words.ends_on < words.starts_on:
        errors["ends_on"] = [_("The last day lies before the first.")]
    if errors:
        raise InvalidInput(fields=errors)
    return values | {"field": field}


def _take(
    values: dict[str, Any], errors: dict[str, list[Any]], name: str, most: int, *, is_needed: bool
) -> None:
    check = text_checked if is_needed else text_optional
    try:
        values[name] = check(name, values[name], most)
    except InvalidInput as error:
        errors[name] = list(error.fields[name])
