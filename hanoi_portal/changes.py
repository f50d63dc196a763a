"""Field history in words: which row, what from and to, who and when."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from common.time import HANOI
from hanoi_portal import models as tracked

SHOWN_MAX = 160  # characters of one value
KINDS: dict[str, tuple[type[Any], Promise]] = {
    "membership": (tracked.MembershipChange, gettext_lazy("Positions")),
    "calendar": (tracked.CalendarDayChange, gettext_lazy("Days off")),
    "ladder": (tracked.LadderChange, gettext_lazy("Ladders")),
    "switch": (tracked.LadderSwitchChange, gettext_lazy("Switches")),
    "unit": (tracked.UnitChange, gettext_lazy("Units")),
    "session": (tracked.SessionChange, gettext_lazy("Reception days")),
    "pattern": (tracked.PatternChange, gettext_lazy("Recurring reception days")),
    "task": (tracked.TaskChange, gettext_lazy("Tasks of directives")),
}
EVENTS = {
    "insert": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("removed"),
}
TONES = {"insert": "success", "update": "info", "delete": "danger"}
# What nobody reads: keys, search words, cells of the map.
TECHNICAL = {"id", "public_id", "search_text", "slug", "grid_col", "grid_row"}
# By which fields a person knows the row.
TITLES: dict[str, tuple[str, ...]] = {
    "membership": ("user", "unit", "role"),
    "calendar": ("date", "name"),
    "ladder": ("code", "name"),
    "switch": ("unit", "ladder"),
    "unit": ("name", "code"),
    "session": ("unit", "starts_at"),
    "pattern": ("unit", "duty_holder"),
    "task": ("code", "title"),
}
LABELS: dict[str, Promise] = {
    "addressee": gettext_lazy("Addressee"),
    "basis": gettext_lazy("Legal basis"),
    "capacity": gettext_lazy("Places"),
    "code": gettext_lazy("Code (of a row)"),
    "confirmed_at": gettext_lazy("Confirmed at"),
    "confirmed_by": gettext_lazy("Confirmed by"),
    "date": gettext_lazy("Day"),
    "days": gettext_lazy("Days of the month"),
    "due_on": gettext_lazy("Due by"),
    "duty_holder": gettext_lazy("Position"),
    "ended_by": gettext_lazy("Ended by"),
    "ends": gettext_lazy("Ends at"),
    "ends_at": gettext_lazy("Until"),
    "ends_on": gettext_lazy("Last day"),
    "evidence": gettext_lazy("Evidence"),
    "evidence_source": gettext_lazy("Register shown beside it"),
    "expected_result": gettext_lazy("Expected result"),
    "field_code": gettext_lazy("Field"),
    "from_at": gettext_lazy("From"),
    "group": gettext_lazy("Group"),
    "indicator": gettext_lazy("Indicator"),
    "is_plan": gettext_lazy("Asks for a plan"),
    "kind": gettext_lazy("Kind"),
    "ladder": gettext_lazy("Ladder"),
    "lead_unit": gettext_lazy("Body in charge"),
    "leader": gettext_lazy("Leader"),
    "made_at": gettext_lazy("Made at"),
    "made_by": gettext_lazy("Made by"),
    "mode": gettext_lazy("Where visitors are received"),
    "name": gettext_lazy("Name"),
    "participants": gettext_lazy("Who takes part"),
    "place": gettext_lazy("Place"),
    "planned_content": gettext_lazy("Planned content"),
    "position": gettext_lazy("Order"),
    "reason": gettext_lazy("Reason"),
    "report_days": gettext_lazy("Days for the report of a period"),
    "rhythm": gettext_lazy("How often it is reported on"),
    "role": gettext_lazy("Position"),
    "slot_minutes": gettext_lazy("Minutes a visit"),
    "source": gettext_lazy("Where the figure comes from"),
    "starts": gettext_lazy("Begins at"),
    "starts_at": gettext_lazy("Begins at"),
    "starts_on": gettext_lazy("First day"),
    "status": gettext_lazy("State"),
    "steps": gettext_lazy("Steps"),
    "target": gettext_lazy("Aim"),
    "title": gettext_lazy("Title"),
    "unit": gettext_lazy("Unit"),
    "until_at": gettext_lazy("Until"),
    "user": gettext_lazy("Person"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_to": gettext_lazy("Valid to"),
    "weekday": gettext_lazy("Weekday"),
    "withdrawn_at": gettext_lazy("Withdrawn at"),
}


@dataclass(frozen=True)
class FieldShown:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeShown:
    """One change of one row. ``who`` is "" when no person asked for it by a page or the API."""

    title: str
    what: str
    tone: str
    at: dt.datetime
    who: str
    fields: list[FieldShown]
    is_new: bool


def kinds_for(access: Access) -> dict[str, Promise]:
    """What a person may read: whoever keeps the reference data everything, whoever decides in a
    unit the positions of that unit."""
    if access.has(Permission.REFERENCE_EDIT):
        return {name: label for name, (_model, label) in KINDS.items()}
    if access.units(Permission.CASE_DECIDE):
        return {"membership": KINDS["membership"][1]}
    return {}


def changes_of(access: Access, kind: str) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = KINDS[kind][0].objects.all()
    if access.has(Permission.REFERENCE_EDIT):
        return rows
    return rows.filter(unit_id__in=access.units(Permission.CASE_DECIDE))


def changes_shown(access: Access, kind: str, page: list[Any]) -> list[ChangeShown]:
    """The changes of one page: the versions before them that the reader may see, and names, in a
    few queries."""
    before = _before(changes_of(access, kind), page)
    names = _Names(KINDS[kind][0], [*page, *before.values()])
    people = _people(page)
    return [_shown(kind, row, before.get(row.pgh_id), names, people) for row in page]


def _before(rows: models.QuerySet[Any], page: list[Any]) -> dict[int, Any]:
    """Version → the one before it; two queries, however long the row's history is."""
    same = rows.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    newest = same.order_by("-pgh_id").values("pgh_id")[:1]
    pairs = dict(
        rows.filter(pgh_id__in=[row.pgh_id for row in page])
        .order_by()
        .values_list("pgh_id", Subquery(newest))
    )
    versions = rows.in_bulk([key for key in pairs.values() if key])
    return {key: versions[older] for key, older in pairs.items() if older}


def _shown(
    kind: str, row: Any, before: Any, names: "_Names", people: dict[int, str]
) -> ChangeShown:
    fields = []
    for field in names.fields:
        new = "" if row.pgh_label == "delete" else names.words(row, field)
        old = names.words(before, field) if before is not None else ""
        if new != old:
            fields.append(FieldShown(_label(type(row), field), old, new))
    titles = (_title(names, row, name) for name in TITLES[kind])
    return ChangeShown(
        title=" · ".join(dict.fromkeys(filter(None, titles))),
        what=str(EVENTS[row.pgh_label]),
        tone=TONES[row.pgh_label],
        at=row.pgh_created_at,
        who=people.get(_user(row), ""),
        fields=fields,
        is_new=row.pgh_label == "insert",
    )


def _title(names: "_Names", row: Any, name: str) -> str:
    return names.words(row, row._meta.get_field(name))


def _label(model: type[Any], field: Any) -> str:
    """Ours, or what the admin site calls the field of the table itself."""
    own = model.pgh_tracked_model._meta.get_field(field.name)
    return str(LABELS.get(field.name, own.verbose_name))


def _people(page: list[Any]) -> dict[int, str]:
    keys = {_user(row) for row in page} - {0}
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "full_name")) if keys else {}


def _user(row: Any) -> int:
    """The key of the person behind a version; 0 when there was none."""
    return int((row.pgh_context or {}).get("user") or 0)


class _Names:
    """Values of versions in words; what they refer to is read once a model."""

    def __init__(self, model: type[Any], versions: list[Any]) -> None:
        self.fields = [
            field
            for field in model._meta.concrete_fields
            if not field.name.startswith("pgh_") and field.name not in TECHNICAL
        ]
        self._related: dict[str, dict[int, str]] = {}
        for field in self.fields:
            if field.is_relation:
                keys = {getattr(version, field.attname) for version in versions} - {None}
                found = field.related_model._base_manager.in_bulk(keys)
                self._related[field.name] = {key: str(one) for key, one in found.items()}

    def words(self, row: Any, field: Any) -> str:
        value = getattr(row, field.attname)
        if field.is_relation:
            return self._related[field.name].get(value, "") if value is not None else ""
        if field.choices and value:
            return str(dict(field.flatchoices).get(value, value))
        return plain(value)[:SHOWN_MAX]


def plain(value: Any) -> str:
    """A value as people read it: Hà Nội time, dates by day, nothing for what is empty."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(HANOI):%H:%M %d/%m/%Y}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)
