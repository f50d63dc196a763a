"""Where the typed words of a record go: into the record that everybody reads, or under seal."""

import datetime as dt
from typing import Any

from petitions.enums import Kind
from receptions.clocks import is_sealed
from receptions.enums import VisitOutcome
from receptions.models import Registration, VisitRecord
from receptions.sealing import HIDDEN, concluded_on, concluded_sparsely, said_sparsely

# Of a concluded visit, what a notice of one row says.
CONCLUDED = ("outcome", "conclusion", "responsible_unit_id", "responsible_person", "due_on")


def words_split(
    values: dict[str, Any],
    found: VisitRecord | None,
    registration: Registration,
    *,
    reads: bool,
    at: dt.datetime,
) -> dict[str, Any]:
    """The values to store, of those typed at a moment. ``reads``: the writer reads what is under
    seal, so that what was typed takes its place; anybody else writes the open record, unless the
    kind chosen is that of a denunciation. The registration is changed, not saved.
    """
    before = dict(found.sealed_words) if found else {}
    typed = {name: values[name] for name in HIDDEN if name in values}
    replaces = bool(before) and reads
    kind = typed.get("kind", before.get("kind", "") if replaces else "")
    if kind == Kind.DENUNCIATION:
        return values | _sealed(values, typed, found, registration, at)
    if replaces:
        return values | _opened(before, typed, registration)
    is_other = found is not None and values["conclusion"] != found.conclusion
    kept = {name: text for name, text in before.items() if not (is_other and name == "conclusion")}
    return values | {"sealed_words": kept}


def _sealed(
    values: dict[str, Any],
    typed: dict[str, Any],
    found: VisitRecord | None,
    registration: Registration,
    at: dt.datetime,
) -> dict[str, Any]:
    """Typed words under seal, those of a sparse record in their place; one that stands stays."""
    before = dict(found.sealed_words) if found else {}
    words = {"topic": registration.topic} | before | typed
    # Once a case was made, what is typed with this kind is shown nowhere: the record stays sparse.
    stands = found is not None and (before or is_sealed(found))
    open_words = {name: getattr(found, name) for name in HIDDEN} if stands else {}
    open_words = open_words or dict.fromkeys(HIDDEN, "") | {"said": said_sparsely(registration.pk)}
    open_words["conclusion"] = ""
    if values["outcome"] == VisitOutcome.CONCLUSION and values["responsible_unit"] is not None:
        open_words["conclusion"] = concluded_sparsely(values["responsible_unit"])
    registration.topic = ""
    moment = found.sealed_at if found else None
    return open_words | {"sealed_words": words, "sealed_at": moment or at}


def _opened(
    before: dict[str, Any], typed: dict[str, Any], registration: Registration
) -> dict[str, Any]:
    """The record was not of a denunciation after all: its words stand where they always do."""
    registration.topic = registration.topic or before.get("topic", "")
    said = {name: before[name] for name in HIDDEN if name in before}
    return {"kind": ""} | said | typed | {"sealed_words": {}, "sealed_at": None}


def concluded(visit: VisitRecord | None, *, reads: bool = True) -> tuple[Any, ...]:
    """What a notice says of a record, as its writer reads it; empty before there is one."""
    if visit is None:
        return ()
    words = concluded_on(visit) if reads else visit.conclusion
    return tuple(words if name == "conclusion" else getattr(visit, name) for name in CONCLUDED)
