"""What may be typed about a reform, checked the same for pages, API and demo."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean
from communes.enums import COMMUNE_LEVEL, UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code, units_by_code
from continuity.enums import ReformKind
from directives.validators import text_checked

NUMBER_MAX, ISSUER_MAX, NAME_MAX, REASON_MAX = 60, 160, 160, 500
FAR = dt.timedelta(days=366)
UNITS_MAX = 20
REFORMED = (*COMMUNE_LEVEL, UnitKind.DEPARTMENT, UnitKind.SERVICE_UNIT)
# How the name of a ward or commune begins.
PREFIXES = {"Phường": UnitKind.WARD, "Xã": UnitKind.COMMUNE}


class Target(NamedTuple):
    """A unit afterwards; ``full_name`` "" for one that exists and keeps its name."""

    code: str
    full_name: str = ""


class Wanted(NamedTuple):
    """A checked unit of a reform; ``unit`` is None where it is new."""

    code: str
    kind: str
    full_name: str
    unit: Unit | None = None


def dates_check(decided_on: dt.date, effective_on: dt.date, today: dt.date) -> None:
    """Raises InvalidInput on ``decided_on`` or ``effective_on``: a decision lies behind, the day of
    the new order at most a year away."""
    if decided_on > today:
        raise InvalidInput(fields={"decided_on": [_("A decision cannot lie in the future.")]})
    if not today - FAR <= effective_on <= today + FAR:
        raise InvalidInput(
            fields={"effective_on": [_("At most one year back and one year ahead.")]}
        )


def sources_checked(codes: Sequence[str], on: dt.date) -> list[Unit]:
    """The units before. Raises InvalidInput on ``sources``: unknown, no longer there, of a kind
    that the portal knows by its code, of different kinds, named twice."""
    known = units_by_code(codes)
    found = [known[code] for code in codes if code in known]
    if not codes or len(found) < len(codes):
        raise _wrong("sources", _("There is no unit with this code."))
    if len(set(codes)) < len(codes):
        raise _wrong("sources", _("A unit is named twice."))
    for unit in found:
        _check_source(unit, on)
    if len({_family(unit.kind) for unit in found}) > 1:
        raise _wrong("sources", _("Only units of one level are reformed together."))
    if len(found) > UNITS_MAX:
        raise _wrong("sources", _("At most 20 units."))
    return found


def _check_source(unit: Unit, on: dt.date) -> None:
    words = {"unit": unit.full_name}
    if unit.kind not in REFORMED:
        raise _wrong("sources", _("%(unit)s cannot be reformed here.") % words)
    if not unit.is_in_force(on):
        raise _wrong("sources", _("%(unit)s does not exist any more.") % words)


def targets_checked(
    kind: str, sources: Sequence[Unit], targets: Sequence[Target], on: dt.date
) -> list[Wanted]:
    """The units afterwards. Raises InvalidInput on ``targets`` or ``sources``."""
    if not targets or len({t.code for t in targets}) < len(targets):
        raise _wrong("targets", _("Name each unit once, one a line."))
    _COUNTS[kind](sources, targets)
    if kind == ReformKind.RENAME:
        return [_renamed(sources[0], targets[0])]
    return [_wanted(target, sources, on) for target in targets]


def _merge_counts(sources: Sequence[Unit], targets: Sequence[Target]) -> None:
    if len(targets) != 1:
        raise _wrong("targets", _("A merger leads to one unit."))
    moving = [unit for unit in sources if unit.code != targets[0].code]
    if not moving:
        raise _wrong("targets", _("A unit cannot be merged into itself."))
    if len(sources) < 2 and unit_by_code(targets[0].code) is None:
        raise _wrong("sources", _("Name at least two units, or rename the unit."))


def _split_counts(sources: Sequence[Unit], targets: Sequence[Target]) -> None:
    if len(sources) != 1 or len(targets) < 2:
        raise _wrong("targets", _("One unit is split into at least two."))
    if sources[0].code in {target.code for target in targets}:
        raise _wrong("targets", _("A unit that is split ends: give each new unit a code."))


def _rename_counts(sources: Sequence[Unit], targets: Sequence[Target]) -> None:
    if len(sources) != 1 or [t.code for t in targets] != [sources[0].code]:
        raise _wrong("targets", _("A unit that is renamed keeps its code."))


_COUNTS = {
    ReformKind.MERGE.value: _merge_counts,
    ReformKind.SPLIT.value: _split_counts,
    ReformKind.RENAME.value: _rename_counts,
}


def _renamed(unit: Unit, target: Target) -> Wanted:
    name = _name(target)
    if name == unit.full_name:
        raise _wrong("targets", _("This is the name that it has already."))
    return Wanted(unit.code, _kind(name, unit), name, unit)


def _wanted(target: Target, sources: Sequence[Unit], on: dt.date) -> Wanted:
    known = unit_by_code(target.code)
    if known is not None:
        return _existing(known, target, sources, on)
    is_commune = sources[0].is_commune_level
    form = r"[0-9]{5}" if is_commune else r"[A-Z0-9]{2,12}"
    if not re.fullmatch(form, target.code):
        words = _("%(code)s: a code has five digits, of other bodies capital letters and digits.")
        raise _wrong("targets", words % {"code": target.code[:20]})
    name = _name(target)
    return Wanted(target.code, _kind(name, sources[0]), name)


def _existing(known: Unit, target: Target, sources: Sequence[Unit], on: dt.date) -> Wanted:
    words = {"unit": known.full_name}
    if not known.is_in_force(on):
        raise _wrong("targets", _("%(unit)s does not exist any more.") % words)
    if _family(known.kind) != _family(sources[0].kind) or known.kind not in REFORMED:
        raise _wrong("targets", _("Only units of one level are reformed together."))
    if target.full_name and clean(target.full_name) != known.full_name:
        raise _wrong("targets", _("%(unit)s keeps its name: rename it on its own.") % words)
    return Wanted(known.code, known.kind, known.full_name, known)


def _name(target: Target) -> str:
    return text_checked("targets", target.full_name, NAME_MAX)


def _kind(name: str, like: Unit) -> str:
    """Of a ward or commune by the first word of its name. Raises InvalidInput on ``targets``."""
    if not like.is_commune_level:
        return like.kind
    found = next((k for word, k in PREFIXES.items() if name.startswith(f"{word} ")), None)
    if found is None:
        raise _wrong("targets", _("The name begins with “Phường” or “Xã”."))
    return found


def short_name(full_name: str) -> str:
    """A name without the word for its kind."""
    first, _space, rest = full_name.partition(" ")
    return rest if first in PREFIXES and rest else full_name


def _family(kind: str) -> str:
    return "commune" if kind in COMMUNE_LEVEL else kind


def _wrong(field: str, text: str) -> InvalidInput:
    return InvalidInput(fields={field: [text]})
