"""Loading the directives, their groups and tasks, and giving new tasks to the units."""

import datetime as dt
from collections.abc import Container
from pathlib import Path
from typing import Any

from django.db import transaction

from common.history import NewEvent
from common.reference import LoadReport, csv_rows, rows_sync
from common.time import local_moment, now, today
from communes.models import Unit
from directives.enums import Rhythm, TaskSource
from directives.models import (
    REPORT_DAYS,
    Directive,
    DirectiveEvent,
    DirectiveRelation,
    Task,
    TaskField,
    TaskGroup,
)
from directives.services.assignments import assignments_give
from directives.validators import value_checked
from directives.wording import search_words
from petitions.models import SubjectField

DATA = Path(__file__).resolve().parent.parent / "data"
YES = "yes"
CREATED, CHANGED = "directives.directive.created", "directives.directive.changed"
# Kept by the portal, not said by the record.
DERIVED = frozenset({"search_text"})


@transaction.atomic
def directives_load(report: LoadReport) -> None:
    """Bring directives, groups and tasks to what the files say; nothing is ever deleted.

    Tasks marked for all are given to every ward and commune in force that never had them. What a
    person has worked on in the register is that person's from then on and left alone.
    """
    kept = _kept()
    raws = [raw for raw in csv_rows(DATA / "directives.csv") if raw["slug"] not in kept]
    rows = [_directive(raw) for raw in raws]
    before = _records(rows)
    directives = rows_sync(Directive, rows, key="slug", kind="directives", report=report)
    _history(directives, before, _records(rows))
    _relations_load(directives | kept, kept, report)
    raws = [raw for raw in csv_rows(DATA / "groups.csv") if raw["directive"] in directives]
    rows = [_group(raw, directives) for raw in raws]
    groups = rows_sync(TaskGroup, rows, key="code", kind="task groups", report=report)
    raws = [raw for raw in csv_rows(DATA / "tasks.csv") if raw["group"] in groups]
    rows = [_task(raw, groups) for raw in raws]
    tasks = rows_sync(Task, rows, key="code", kind="tasks", report=report)
    _topics_load(tasks, report)
    asked = [tasks[raw["code"]] for raw in raws if raw["assign_to_all"] == YES]
    units = list(Unit.objects.commune_level().in_force(today()))
    count = _give(asked, units, directives)
    report.add("assignments", [f"{count} new"] if count else [])
    report.keep("assignments", len(asked) * len(units) - count)


def _topics_load(tasks: dict[str, Task], report: LoadReport) -> None:
    """The subject fields of petitions that the tasks of the files are about."""
    fields = {field.code: field for field in SubjectField.objects.all()}
    raws = csv_rows(DATA / "task_fields.csv")
    wanted = {
        (tasks[raw["task"]].pk, fields[raw["field"]].pk)
        for raw in raws
        if raw["task"] in tasks and raw["field"] in fields
    }
    rows = TaskField.objects.filter(task__in=tasks.values())
    known = set(rows.values_list("task_id", "field_id"))
    new = sorted(wanted - known)
    TaskField.objects.bulk_create([TaskField(task_id=t, field_id=f) for t, f in new])
    report.add("task fields", [f"{len(new)} new"] if new else [])
    report.keep("task fields", len(wanted & known))


def _kept() -> dict[str, Directive]:
    """The documents whose history a person has a part in, by slug."""
    worked_on = DirectiveEvent.objects.exclude(actor=None).values("directive_id")
    return {row.slug: row for row in Directive.objects.filter(pk__in=worked_on)}


def _give(tasks: list[Task], units: list[Unit], directives: dict[str, Directive]) -> int:
    """Give the tasks as of the date of their directive: the document asked, not the loading."""
    issued_on = {row.pk: row.issued_on for row in directives.values()}
    by_day: dict[dt.date, list[Task]] = {}
    for task in tasks:
        by_day.setdefault(issued_on[task.group.directive_id], []).append(task)
    return sum(
        assignments_give(tasks=asked, units=units, at=local_moment(day, 8))
        for day, asked in by_day.items()
    )


def _directive(raw: dict[str, str]) -> dict[str, Any]:
    return {
        "slug": raw["slug"],
        "number": raw["number"],
        "kind": raw["kind"],
        "issued_on": dt.date.fromisoformat(raw["issued_on"]),
        "issuer": raw["issuer_vi"],
        "signer": raw["signer_vi"],
        "subject": raw["subject_vi"],
        "summary": raw["summary_vi"],
        "is_text_public": raw["is_text_public"] == YES,
        "text_note": raw["text_note_vi"],
        "is_public": raw["is_public"] == YES,
        "source": raw["source"],
        "search_text": search_words(
            raw["number"], raw["subject_vi"], raw["summary_vi"], raw["issuer_vi"]
        ),
    }


def _records(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the record of each directive of the file says now, by slug; one query."""
    names = [name for name in rows[0] if name not in DERIVED] if rows else ["slug"]
    known = Directive.objects.filter(slug__in=[row["slug"] for row in rows]).values(*names)
    return {row["slug"]: row for row in known}


def _history(
    directives: dict[str, Directive],
    before: dict[str, dict[str, Any]],
    after: dict[str, dict[str, Any]],
) -> None:
    """A first event for every directive that has none, one more with what changed from and to."""
    told = set(DirectiveEvent.objects.values_list("directive_id", flat=True))
    at = now()
    events = [
        NewEvent(row.pk, CREATED, {"number": row.number}, at=at)
        for row in directives.values()
        if row.pk not in told
    ]
    for slug, old in before.items():
        changed = {n: [_plain(old[n]), _plain(v)] for n, v in after[slug].items() if v != old[n]}
        if changed:
            row = directives[slug]
            row.version += 1
            row.save(update_fields=["version"])
            events.append(NewEvent(row.pk, CHANGED, {"fields": changed}, at=at))
    DirectiveEvent.append_many(events)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _group(raw: dict[str, str], directives: dict[str, Directive]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "directive_id": directives[raw["directive"]].pk,
        "number": int(raw["number"]),
        "title": raw["title_vi"],
        "text": raw["text_vi"],
    }


def _task(raw: dict[str, str], groups: dict[str, TaskGroup]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "group_id": groups[raw["group"]].pk,
        "position": int(raw["position"]),
        "title": raw["title_vi"],
        "expected_result": raw["expected_result_vi"],
        "evidence": raw["evidence_vi"],
        "indicator": raw["indicator"],
        "addressee": raw["addressee"],
        "is_plan": raw["is_plan"] == YES,
        "source": raw["source"] or TaskSource.TYPED.value,
        "evidence_source": raw["evidence_source"],
        "rhythm": raw["rhythm"] or Rhythm.ONCE.value,
        "starts_on": dt.date.fromisoformat(raw["starts_on"]) if raw["starts_on"] else None,
        "report_days": int(raw["report_days"] or REPORT_DAYS),
        "target": value_checked(raw["indicator"], raw["target"], "target"),
    }


def _relations_load(
    directives: dict[str, Directive], kept: Container[str], report: LoadReport
) -> None:
    kind = "relations of directives"
    known = set(DirectiveRelation.objects.values_list("source_id", "kind", "target_id"))
    new = []
    for raw in csv_rows(DATA / "relations.csv"):
        source, target = directives[raw["source"]], directives[raw["target"]]
        if raw["source"] in kept:
            continue
        if (source.pk, raw["kind"], target.pk) not in known:
            new.append(DirectiveRelation(source=source, kind=raw["kind"], target=target))
    DirectiveRelation.objects.bulk_create(new)
    report.add(kind, [f"{row.source} {row.kind} {row.target}" for row in new])
    report.keep(kind, len(known))
