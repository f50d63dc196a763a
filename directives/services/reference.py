"""Loading the directives, their groups and tasks, and giving new tasks to the units."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction

from common.reference import LoadReport, csv_rows, rows_sync
from common.time import local_moment, today
from communes.models import Unit
from directives.models import Directive, DirectiveRelation, Task, TaskGroup
from directives.services.assignments import assignments_create

DATA = Path(__file__).resolve().parent.parent / "data"
YES = "yes"


@transaction.atomic
def directives_load(report: LoadReport) -> None:
    """Bring directives, groups and tasks to what the files say; nothing is ever deleted.

    Tasks marked for all are given to every ward and commune in force that lacks them.
    """
    rows = [_directive(raw) for raw in csv_rows(DATA / "directives.csv")]
    directives = rows_sync(Directive, rows, key="slug", kind="directives", report=report)
    _relations_load(directives, report)
    rows = [_group(raw, directives) for raw in csv_rows(DATA / "groups.csv")]
    groups = rows_sync(TaskGroup, rows, key="code", kind="task groups", report=report)
    raws = csv_rows(DATA / "tasks.csv")
    rows = [_task(raw, groups) for raw in raws]
    tasks = rows_sync(Task, rows, key="code", kind="tasks", report=report)
    asked = [tasks[raw["code"]] for raw in raws if raw["assign_to_all"] == YES]
    units = list(Unit.objects.commune_level().in_force(today()))
    count = _give(asked, units, directives)
    report.add("assignments", [f"{count} new"] if count else [])
    report.keep("assignments", len(asked) * len(units) - count)


def _give(tasks: list[Task], units: list[Unit], directives: dict[str, Directive]) -> int:
    """Give the tasks as of the date of their directive: the document asked, not the loading."""
    issued_on = {row.pk: row.issued_on for row in directives.values()}
    by_day: dict[dt.date, list[Task]] = {}
    for task in tasks:
        by_day.setdefault(issued_on[task.group.directive_id], []).append(task)
    return sum(
        assignments_create(tasks=asked, units=units, at=local_moment(day, 8))
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
    }


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
    }


def _relations_load(directives: dict[str, Directive], report: LoadReport) -> None:
    kind = "relations of directives"
    known = set(DirectiveRelation.objects.values_list("source_id", "kind", "target_id"))
    new = []
    for raw in csv_rows(DATA / "relations.csv"):
        source, target = directives[raw["source"]], directives[raw["target"]]
        if (source.pk, raw["kind"], target.pk) not in known:
            new.append(DirectiveRelation(source=source, kind=raw["kind"], target=target))
    DirectiveRelation.objects.bulk_create(new)
    report.add(kind, [f"{row.source} {row.kind} {row.target}" for row in new])
    report.keep(kind, len(known))
