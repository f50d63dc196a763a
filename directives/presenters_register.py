"""The record of a directive as pages show it: files, relations, versions in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.ui import TimelineItem
from directives.enums import (
    Addressee,
    Confidentiality,
    DirectiveKind,
    DirectiveState,
    EvidenceSource,
    Indicator,
    RelationKind,
    Rhythm,
    TaskSource,
)
from directives.models import (
    Directive,
    DirectiveEvent,
    DirectiveFile,
    DirectiveRelation,
    Task,
    TaskGroup,
)
from directives.presenters import report_value
from directives.wording import RECORD_ACTION
from petitions.references import field_by_code

STATE_TONES = {
    DirectiveState.DRAFT: "info",
    DirectiveState.IN_FORCE: "success",
    DirectiveState.WITHDRAWN: "danger",
    DirectiveState.REPLACED: "neutral",
}
ACTIONS = {
    "created": _("Entered in the register"),
    "changed": _("Record corrected"),
    "published": _("Put in force"),
    "file_added": _("File added"),
    "file_removed": _("File no longer shown"),
    "related": _("Relation recorded"),
    "unrelated": _("Relation taken back"),
    "replaced": _("Replaced by another document"),
    "withdrawn": _("Withdrawn (event)"),
    "rest_withdrawn": _("What units still owed was withdrawn"),
    "group_added": _("Group of tasks added"),
    "group_changed": _("Group of tasks changed"),
    "task_added": _("Task added"),
    "task_changed": _("Task changed"),
    "task_withdrawn": _("Task withdrawn"),
    "copied": _("Groups and tasks taken over"),
    "import_started": _("Giving from a file began"),
    "import_done": _("Giving from a file is done"),
    "import_cancelled": _("Giving from a file was stopped by a person"),
    "import_failed": _("Giving from a file broke off"),
}
BACKWARDS = {
    RelationKind.CONTINUES: _("continued by"),
    RelationKind.AMENDS: _("amended by"),
    RelationKind.REPLACES: _("replaced by"),
    RelationKind.CARRIES_OUT: _("carried out by"),
}
FIELDS = {
    "number": _("Number and symbol"),
    "kind": _("Kind of document"),
    "issued_on": _("Date of the document"),
    "issuer": _("Issued by"),
    "signer": _("Signed by"),
    "subject": _("Subject of the document"),
    "summary": _("Summary"),
    "source": _("Source"),
    "text_note": _("Note on the text"),
    "is_text_public": _("The full text has been published"),
    "is_public": _("Shown on the public pages"),
    "confidentiality": _("Who may read it"),
    "valid_from": _("In effect from"),
    "valid_until": _("In effect until"),
    "title": _("Title (words)"),
    "text": _("What the document says"),
    "expected_result": _("Expected result"),
    "evidence": _("Evidence asked"),
    "indicator": _("Indicator"),
    "target": _("Target"),
    "addressee": _("Addressee"),
    "lead_unit": _("Body of the City in charge"),
    "supporting_units": _("Bodies that support"),
    "rhythm": _("How often it is reported on"),
    "due_on": _("Due by"),
    "starts_on": _("Reports from"),
    "ends_on": _("Reports until"),
    "report_days": _("Days for the report after a period"),
    "is_plan": _("The unit is to have a plan"),
    "source_of_figure": _("Where the figure comes from"),
    "evidence_source": _("Register shown beside it"),
    "subject_fields": _("Fields of petitions that it is about"),
}
CHOICES: dict[str, Any] = {
    "kind": DirectiveKind,
    "confidentiality": Confidentiality,
    "indicator": Indicator,
    "addressee": Addressee,
    "rhythm": Rhythm,
    "evidence_source": EvidenceSource,
}


def state_shown(directive: Directive, on: dt.date) -> dict[str, str]:
    """State in words and tone; one in force is shown as not yet or no longer in effect by its
    dates (``on``: a local date)."""
    if directive.is_ahead(on):
        return {"state": gettext("Not in effect yet"), "tone": "info"}
    if directive.is_expired(on):
        return {"state": gettext("Expired"), "tone": "danger"}
    state = DirectiveState(directive.state)
    return {"state": capfirst(str(state.label)), "tone": STATE_TONES[state]}


def file_lines(directive: Directive, files: Iterable[DirectiveFile]) -> list[dict[str, Any]]:
    return [
        {
            "file": row.attachment,
            "name": row.title or row.attachment.name,
            "role": capfirst(row.get_role_display()),
            "at": row.at,
            "href": reverse(
                "directives_staff:record_file", args=[directive.slug, row.attachment.public_id]
            ),
        }
        for row in files
    ]


def relation_lines(
    own: Iterable[DirectiveRelation], others: Iterable[DirectiveRelation]
) -> list[dict[str, Any]]:
    """Relations in both directions, in words; only one's own can be taken back."""
    forth = [(RelationKind(row.kind).label, row.target, row.kind) for row in own]
    back = [(BACKWARDS[RelationKind(row.kind)], row.source, "") for row in others]
    return [
        {
            "words": capfirst(str(words)),
            "directive": directive,
            "kind": kind,
            "href": reverse("directives_staff:detail", args=[directive.slug]),
        }
        for words, directive, kind in (*forth, *back)
    ]


def group_lines(directive: Directive, groups: Iterable[TaskGroup]) -> list[dict[str, Any]]:
    """Groups with their tasks in order; what was withdrawn comes last and is marked."""
    lines = []
    for group in groups:
        tasks = sorted(
            group.tasks.all(), key=lambda task: (task.withdrawn_at is not None, task.position)
        )
        words = [(task, _target(task)) for task in tasks]
        lines.append({"group": group, "tasks": words})
    return lines


def _target(task: Task) -> str:
    return report_value(task.indicator, task.target) if task.target else ""


def version_lines(events: Iterable[DirectiveEvent]) -> list[TimelineItem]:
    """The versions of a record, as they are given, in words."""
    return [
        TimelineItem(
            title=ACTIONS.get(event.action.removeprefix(RECORD_ACTION), event.action),
            at=event.at,
            text=_event_words(event),
            actor=event.actor.full_name if event.actor else gettext("The portal"),
        )
        for event in events
    ]


def _event_words(event: DirectiveEvent) -> str:
    data = event.data
    is_task = "task" in data
    parts = [str(data[name]) for name in ("task", "group", "title", "name", "by") if name in data]
    if "kind" in data and "target" in data:
        parts.append(f"{RelationKind(data['kind']).label} {data['target']}")
    if "from" in data:
        parts.append(str(data["from"]))
    parts += [_change_words(n, pair, is_task) for n, pair in data.get("fields", {}).items()]
    if "reason" in data:
        parts.append(str(data["reason"]))
    if "rows" in data:
        parts.append(gettext("rows: %(n)d") % {"n": data["rows"]})
    if "given" in data:
        parts.append(gettext("tasks given: %(n)d") % {"n": data["given"]})
    if data.get("assignments"):
        parts.append(gettext("withdrawn from units: %(n)d") % {"n": data["assignments"]})
    if data.get("kept"):
        parts.append(gettext("tasks that go on: %(n)d") % {"n": data["kept"]})
    return "; ".join(parts)


def _change_words(name: str, pair: list[Any], is_task: bool) -> str:
    field = "source_of_figure" if is_task and name == "source" else name
    old, new = (_value_words(field, value) for value in pair)
    return f"{FIELDS.get(field, field)}: {old} → {new}"


def _value_words(field: str, value: Any) -> str:
    """A stored value as it is read."""
    if value in ("", None, []):
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field == "subject_fields":
        value = [str(field_by_code(code) or code) for code in value]
    if isinstance(value, list):
        return ", ".join(value)
    choices = TaskSource if field == "source_of_figure" else CHOICES.get(field)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return str(value)
