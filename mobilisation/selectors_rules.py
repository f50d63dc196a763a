"""Reading rules on grassroots democracy: the table over the City, a unit, one kind of a unit."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible
from common.text import fold
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_code
from mobilisation.enums import RULES_HOLD, RuleState
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule, RuleEvent, RuleFile
from mobilisation.selectors import communes_seen

UNIT_ORDER = Keyset("code")
EVENT_ORDER = Keyset("-sequence")
MISSING = "missing"


@dataclass(frozen=True)
class RuleFilter:
    """Words of the unit's name, former district, a kind of rules and the state of that kind (of any
    kind when none is chosen; ``missing``: not in force); "" for all."""

    q: str = ""
    district: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True)
class Share:
    """In how many of the units that are visible rules of a kind are in force."""

    kind: str
    hold: int
    units: int


def rule_units(access: Access, chosen: RuleFilter) -> QuerySet[Unit]:
    """Wards and communes in force that a person may see and that fit, by code."""
    rows = Unit.objects.commune_level().in_force(today())
    if Permission.DIRECTIVE_VIEW not in access.city:
        rows = rows.filter(pk__in=access.units(Permission.DIRECTIVE_VIEW))
    for word in fold(chosen.q).split():
        rows = rows.filter(search_text__contains=word)
    if chosen.district:
        rows = rows.filter(former_district=chosen.district)
    return _in_state(rows, chosen) if chosen.state else rows


def _in_state(rows: QuerySet[Unit], chosen: RuleFilter) -> QuerySet[Unit]:
    """Without a row rules are to be reviewed, and not in force."""
    own = DemocracyRule.objects.filter(unit=OuterRef("pk"))
    if chosen.kind:
        own = own.filter(kind=chosen.kind)
    if chosen.state == MISSING:
        return _lacking(rows, own.filter(state__in=RULES_HOLD), chosen.kind)
    if chosen.state == RuleState.TO_REVIEW:
        return _lacking(rows, own.exclude(state=RuleState.TO_REVIEW), chosen.kind)
    return rows.filter(Exists(own.filter(state=chosen.state)))


def _lacking(rows: QuerySet[Unit], have: QuerySet[DemocracyRule], kind: str) -> QuerySet[Unit]:
    """Units that lack such a row for the kind, or for one of the kinds that are expected."""
    if kind:
        return rows.exclude(Exists(have))
    missing = rows.none()
    for code, row in rule_kinds().items():
        if row.is_expected:
            missing = missing | rows.exclude(Exists(have.filter(kind=code)))
    return missing


def rules_of(units: Sequence[Unit]) -> dict[tuple[int, str], DemocracyRule]:
    """Rules by unit and kind; one query."""
    rows = DemocracyRule.objects.filter(unit__in=units)
    return {(row.unit_id, row.kind): row for row in rows}


def rule_shares(access: Access) -> list[Share]:
    """By kind, in the order of the list; one query, units from memory."""
    units = communes_seen(access)
    rows = DemocracyRule.objects.visible_to(access).filter(unit__in=units, state__in=RULES_HOLD)
    counted: Mapping[str, int] = dict(
        rows.values_list("kind").annotate(n=Count("pk")).order_by("kind")
    )
    return [Share(code, counted.get(code, 0), len(units)) for code in rule_kinds()]


def rule_unit_get(access: Access, code: str) -> Unit:
    """A unit whose rules a person may see. Raises NotVisible."""
    unit = unit_by_code(code)
    if unit is None or not access.has(Permission.DIRECTIVE_VIEW, unit.pk):
        raise NotVisible
    return unit


def rule_get(unit: Unit, kind: str) -> DemocracyRule:
    """The rules of a kind, or an unsaved row that says that they are to be reviewed. Raises
    NotVisible for a kind that is not on the list."""
    if kind not in rule_kinds():
        raise NotVisible
    found = DemocracyRule.objects.filter(unit=unit, kind=kind).first()
    return found or DemocracyRule(unit=unit, kind=kind)


def rule_files(row: DemocracyRule) -> list[RuleFile]:
    """Files of every version, the newest first."""
    return list(row.files.select_related("attachment")) if row.pk else []


def rule_events(row: DemocracyRule) -> QuerySet[RuleEvent]:
    return RuleEvent.objects.filter(rule_id=row.pk or 0).select_related("actor")


def rule_file_get(unit: Unit, kind: str, file: uuid.UUID) -> Attachment:
    """A file of one of the versions. Raises NotVisible."""
    rows = Attachment.objects.filter(
        rule_file__rule__unit=unit, rule_file__rule__kind=kind, public_id=file
    )
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def rule_rows(access: Access, chosen: RuleFilter) -> Iterator[tuple[Unit, str, DemocracyRule]]:
    """Every unit that fits with every kind of rules, for files; two queries. Where nothing was
    recorded the row is unsaved."""
    units = list(rule_units(access, chosen).order_by("code"))
    known = rules_of(units)
    kinds = [chosen.kind] if chosen.kind else list(rule_kinds())
    for unit in units:
        for kind in kinds:
            row = known.get((unit.pk, kind))
            if row is not None or rule_kinds()[kind].is_expected:
                yield unit, kind, row or DemocracyRule(unit=unit, kind=kind)
