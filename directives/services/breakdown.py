"""Breaking a document down: groups and tasks, and those of another document as a template."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotVisible, Stale
from common.time import now
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import units_by_code
from directives import validators as v
from directives.clocks import clocks_lead_follow
from directives.enums import Addressee, EvidenceSource, Indicator, Rhythm, TaskSource
from directives.models import (
    REPORT_DAYS,
    Assignment,
    Directive,
    Task,
    TaskField,
    TaskGroup,
    TaskSupport,
)
from directives.policies import may_change_record
from directives.services._record import (
    directive_locked,
    plain,
    record_event,
    record_step,
    refuse,
    version_match,
)
from directives.services._topics import topics_checked, topics_set
from directives.services.assignments import bodies_told
from notifications.services import outbox_write

# What units report by: it stays as it is once a unit has the task.
FIXED = ("indicator", "rhythm", "starts_on", "source")
CHOICES = {
    "indicator": Indicator.values,
    "addressee": Addressee.values,
    "rhythm": Rhythm.values,
    "source": TaskSource.values,
    "evidence_source": ["", *EvidenceSource.values],
}


@dataclass(frozen=True)
class TaskPlan:
    """What a task asks. Asked once, it may have ``due_on``; with a rhythm it begins on
    ``starts_on`` (local dates) and its reports are due ``report_days`` calendar days after each
    period. Units by code; ``target`` in the form of the indicator. ``subject_fields``: codes of
    the subject fields of petitions that it is about, none for those of its document.
    ``evidence_source``: the register that is shown beside it, "" for none."""

    title: str
    expected_result: str
    evidence: str
    indicator: str
    addressee: str
    is_plan: bool = False
    rhythm: str = Rhythm.ONCE
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    due_on: dt.date | None = None
    report_days: int = REPORT_DAYS
    target: str = ""
    lead_unit: str = ""
    supporting_units: Sequence[str] = ()
    source: str = TaskSource.TYPED
    evidence_source: str = ""
    subject_fields: Sequence[str] = ()


@transaction.atomic
def group_create(
    *,
    access: Access,
    slug: str,
    version: int,
    title: str,
    text: str,
    at: dt.datetime | None = None,
) -> TaskGroup:
    """Add a group of tasks behind the others. ``version`` is the directive's. Raises NotVisible,
    NotPermitted, Stale, InvalidInput on ``title`` or ``text``."""
    directive = _directive(access, slug)
    version_match(directive, version)
    words = _group_words(title, text)
    number = (directive.groups.aggregate(top=Max("number"))["top"] or 0) + 1
    group = TaskGroup.objects.create(
        code=f"{directive.slug}-{number}", directive=directive, number=number, **words
    )
    data = {"group": group.code, "title": group.title}
    record_step(directive, access, "group_added", data, at=at)
    return group


@transaction.atomic
def group_change(
    *,
    access: Access,
    slug: str,
    code: str,
    version: int,
    title: str,
    text: str,
    at: dt.datetime | None = None,
) -> TaskGroup:
    """Correct the words of a group. Raises as ``group_create``."""
    directive = _directive(access, slug)
    group = _group(directive, code)
    version_match(directive, version)
    changed = _changes(group, _group_words(title, text))
    if changed:
        group.save(update_fields=list(changed))
        data = {"group": group.code, "fields": changed}
        record_step(directive, access, "group_changed", data, at=at)
    return group


@transaction.atomic
def task_create(
    *,
    access: Access,
    slug: str,
    group: str,
    version: int,
    plan: TaskPlan,
    at: dt.datetime | None = None,
) -> Task:
    """Add a task to a group (by code). ``version`` is the directive's. Raises NotVisible,
    NotPermitted, Stale, InvalidInput on the names of ``TaskPlan``."""
    directive = _directive(access, slug)
    found = _group(directive, group)
    version_match(directive, version)
    values, helpers = _checked(plan)
    topics = topics_checked(plan.subject_fields)
    position = (found.tasks.aggregate(top=Max("position"))["top"] or 0) + 1
    task = Task.objects.create(
        code=f"{found.code}-{position}", group=found, position=position, **values
    )
    _support(task, helpers)
    topics_set(task, topics)
    data = {"task": task.code, "title": task.title}
    record_step(directive, access, "task_added", data, at=at)
    return task


@transaction.atomic
def task_change(
    *,
    access: Access,
    slug: str,
    code: str,
    version: int,
    plan: TaskPlan,
    at: dt.datetime | None = None,
) -> Task:
    """Change a task; dates and addressee count for units that get it from now on, the body in
    charge also for limits that run. What units report by stays once one of them has it.
    ``version`` is the task's. Raises as ``task_create``."""
    directive = _directive(access, slug)
    rows = Task.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    task = rows.filter(group__directive=directive, code=code, withdrawn_at=None).first()
    if task is None:
        raise NotVisible
    task_version_match(task, version)
    values, helpers = _checked(plan)
    topics = topics_checked(plan.subject_fields)
    _fixed_check(task, values)
    changed = _changes(task, values) | _support(task, helpers) | topics_set(task, topics)
    if changed:
        task.version += 1
        task.save()
        if "lead_unit" in changed:
            clocks_lead_follow(task)
        data = {"task": task.code, "fields": changed}
        record_event(directive, access, "task_changed", data, at=at)
        if Assignment.objects.live().filter(task=task).exists():
            outbox_write(bodies_told({task.pk: task}), at=at or now())
    return task


@transaction.atomic
def breakdown_copy(
    *,
    access: Access,
    slug: str,
    version: int,
    source: str,
    at: dt.datetime | None = None,
) -> int:
    """Take the groups and tasks of another document into a draft, behind its own; returns how many
    tasks. Dates are not taken: what has a rhythm begins with the document. Raises NotVisible,
    NotPermitted, Stale, InvalidInput on ``source``."""
    directive = _directive(access, slug)
    version_match(directive, version)
    if directive.state != "draft":
        raise InvalidInput(fields={"source": [_("Groups and tasks are taken into a draft.")]})
    groups = _groups_to_copy(access, directive, source)
    offset = directive.groups.aggregate(top=Max("number"))["top"] or 0
    count = 0
    for number, group in enumerate(groups, offset + 1):
        copy = TaskGroup.objects.create(
            code=f"{directive.slug}-{number}",
            directive=directive,
            number=number,
            title=group.title,
            text=group.text,
        )
        count += _tasks_copy(copy, group, directive.valid_from or directive.issued_on)
    data = {"from": source, "groups": len(groups), "tasks": count}
    record_step(directive, access, "copied", data, at=at)
    return count


def task_version_match(task: Task, expected: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if task.version != expected:
        raise Stale(
            _("Somebody else has changed this task since you opened it. Nothing was lost."),
            extra={"version": task.version},
        )


def _directive(access: Access, slug: str) -> Directive:
    directive = directive_locked(access, slug)
    refuse(may_change_record(access, directive))
    return directive


def _group(directive: Directive, code: str) -> TaskGroup:
    found = directive.groups.filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def _group_words(title: str, text: str) -> dict[str, str]:
    return {
        "title": v.text_checked("title", title, v.GROUP_TITLE_MAX),
        "text": v.text_checked("text", text, v.REPORT_MAX),
    }


def _changes(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the values; which of them were others, from and to."""
    changed = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            changed[name] = [_said(old), _said(value)]
    return changed


def _said(value: Any) -> Any:
    return value.code if isinstance(value, Unit) else plain(value)


def _checked(plan: TaskPlan) -> tuple[dict[str, Any], list[Unit]]:
    """The values of a task and the units that help. Raises InvalidInput naming what is wrong."""
    errors: dict[str, list[Any]] = _choices_wrong(plan) | _dates_wrong(plan)
    values = {f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in _LINKS}
    for name, most in (
        ("title", v.TASK_TITLE_MAX),
        ("expected_result", v.REPORT_MAX),
        ("evidence", v.REPORT_MAX),
    ):
        try:
            values[name] = v.text_checked(name, values[name], most)
        except InvalidInput as error:
            errors |= {key: list(texts) for key, texts in error.fields.items()}
    if not 0 <= plan.report_days <= v.REPORT_DAYS_MAX:
        message = _("A number from 0 to %(most)s.") % {"most": v.REPORT_DAYS_MAX}
        errors["report_days"] = [message]
    if errors:
        raise InvalidInput(fields=errors)
    values["target"] = v.value_checked(plan.indicator, plan.target, "target")
    lead = _units("lead_unit", [plan.lead_unit] if plan.lead_unit else [])
    values["lead_unit"] = lead[0] if lead else None
    helpers = _units("supporting_units", plan.supporting_units)
    if lead and lead[0] in helpers:
        message = _("The body in charge does not also support.")
        raise InvalidInput(fields={"supporting_units": [message]})
    return values, helpers


_LINKS = ("lead_unit", "supporting_units", "subject_fields")


def _choices_wrong(plan: TaskPlan) -> dict[str, list[Any]]:
    wrong = (name for name, allowed in CHOICES.items() if getattr(plan, name) not in allowed)
    return {name: [_("Choose one of the values of the list.")] for name in wrong}


def _dates_wrong(plan: TaskPlan) -> dict[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if plan.rhythm not in Rhythm.values:
        return errors
    if plan.rhythm == Rhythm.ONCE:
        for name in ("starts_on", "ends_on"):
            if getattr(plan, name) is not None:
                errors[name] = [_("A task asked once has only a due date.")]
        return errors
    if plan.starts_on is None:
        errors["starts_on"] = [_("Say from when it is reported on.")]
    elif plan.ends_on is not None and plan.ends_on < plan.starts_on:
        errors["ends_on"] = [_("The last day lies before the first.")]
    if plan.due_on is not None:
        errors["due_on"] = [_("A task with a rhythm has the dates of its periods.")]
    return errors


def _units(name: str, codes: Sequence[str]) -> list[Unit]:
    known = units_by_code(dict.fromkeys(codes))
    if len(known) != len(set(codes)) or any(u.kind == UnitKind.CITY for u in known.values()):
        raise InvalidInput(fields={name: [_("Choose units of the list.")]})
    return list(known.values())


def _support(task: Task, units: Sequence[Unit]) -> dict[str, Any]:
    """Set the units that help; what changed, from and to."""
    before = set(task.supports.values_list("unit__code", flat=True))
    after = {unit.code for unit in units}
    if before == after:
        return {}
    task.supports.exclude(unit__code__in=after).delete()
    TaskSupport.objects.bulk_create(
        [TaskSupport(task=task, unit=unit) for unit in units if unit.code not in before]
    )
    return {"supporting_units": [sorted(before), sorted(after)]}


def _fixed_check(task: Task, values: dict[str, Any]) -> None:
    wrong = [name for name in FIXED if getattr(task, name) != values[name]]
    if wrong and Assignment.objects.live().filter(task=task).exists():
        message = _("Units already report by this; withdraw the task and make a new one instead.")
        raise InvalidInput(fields={name: [message] for name in wrong})


def _groups_to_copy(access: Access, directive: Directive, source: str) -> list[TaskGroup]:
    visible = Directive.objects.visible_to(access).exclude(pk=directive.pk)
    groups = TaskGroup.objects.filter(directive__in=visible.filter(slug=source))
    found = list(groups.order_by("number").prefetch_related("tasks__supports", "tasks__topics"))
    if not found:
        message = _("Choose a document that has groups of tasks.")
        raise InvalidInput(fields={"source": [message]})
    return found


def _tasks_copy(copy: TaskGroup, group: TaskGroup, starts_on: dt.date) -> int:
    asked = [task for task in group.tasks.all() if task.withdrawn_at is None]
    asked.sort(key=lambda task: task.position)
    for position, task in enumerate(asked, 1):
        made = Task.objects.create(
            code=f"{copy.code}-{position}",
            group=copy,
            position=position,
            starts_on=starts_on if task.is_periodic else None,
            **{name: getattr(task, name) for name in _COPIED},
        )
        TaskSupport.objects.bulk_create(
            [TaskSupport(task=made, unit_id=row.unit_id) for row in task.supports.all()]
        )
        TaskField.objects.bulk_create(
            [TaskField(task=made, field_id=row.field_id) for row in task.topics.all()]
        )
    return len(asked)


_COPIED = (
    "title", "expected_result", "evidence", "indicator", "addressee", "is_plan", "rhythm",
    "report_days", "target", "lead_unit_id", "source", "evidence_source",
)  # fmt: skip
