"""The facts of a brief for its page and its paper (``templates/papers/directive_brief.typ``)."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from directives.models import ProgressReport
from directives.overview import Cell, Told
from directives.periods import Period
from directives.presenters import group_words
from directives.presenters_overview import cell_words, rounds_words
from directives.selectors_brief import Brief
from directives.selectors_late import TASK

WORDS_MAX = 30


def late_lines_of(brief: Brief) -> list[dict[str, Any]]:
    """The longest overdue with days late (calendar days)."""
    return [_late(kind, row, brief) for kind, row in brief.late]


def _late(kind: str, row: Any, brief: Brief) -> dict[str, Any]:
    assignment = row if kind == TASK else row.assignment
    what = "" if kind == TASK else Period(row.starts_on, row.ends_on).words
    return {
        "assignment": assignment,
        "unit": assignment.unit,
        "title": assignment.task.title,
        "what": what,
        "due_on": row.due_on,
        "days": (brief.on - row.due_on).days,
    }


def brief_facts(brief: Brief) -> dict[str, Any]:
    """Everything the paper prints, in the reader's language; strings alone."""
    whose = brief.unit.full_name if brief.unit else _("the whole City")
    return {
        "title": _("Carrying out of directives"),
        "about": _("%(whose)s, on %(day)s") % {"whose": whose, "day": f"{brief.on:%d/%m/%Y}"},
        "figures": [list(pair) for pair in _figures(brief)],
        "groups_title": _("Groups of tasks"),
        "groups_head": [_("Group"), _("Asked"), _("Done"), _("Late")],
        "groups": [[group_words(line.group), *_cell(line.cell)] for line in brief.groups],
        "parts": [[title, items] for title, items in _parts(brief) if items],
    }


def _cell(cell: Cell) -> list[str]:
    done = f"{cell.done} ({cell.share_done}%)"
    if cell.going_on:
        done = f"{done}; {rounds_words(cell)}"
    return [str(cell.total), done, str(cell.late)]


def _figures(brief: Brief) -> Iterator[tuple[str, str]]:
    yield _("Tasks"), cell_words(brief.total)
    yield _("Reports of %(month)s") % {"month": f"{brief.month:%m/%Y}"}, told_words(brief.told)
    yield _("The month before"), told_words(brief.told_before)
    yield _("Waiting for the City's answer"), str(brief.waiting)
    if brief.alike is not None:
        yield _("Groups of reports that read alike"), str(brief.alike)


def told_words(told: Told) -> str:
    """The shares of what was due, in words."""
    if not told.due:
        return _("nothing due")
    on_time, late, missing = told.shares()
    words = _("%(on_time)s%% in time, %(late)s%% late, %(missing)s%% without a report")
    return words % {"on_time": on_time, "late": late, "missing": missing}


def _parts(brief: Brief) -> Iterator[tuple[str, list[str]]]:
    yield _("Longest overdue"), [_late_words(line, brief) for line in late_lines_of(brief)]
    best, worst = brief.ends
    if best is not None and worst is not None:
        ends = [
            _("Highest share done: %(group)s") % {"group": group_words(best.group)},
            _("Lowest share done: %(group)s") % {"group": group_words(worst.group)},
        ]
        yield _("Best and weakest groups"), ends
    units = [f"{row.unit.full_name}: {cell_words(row.total)}" for row in brief.worst]
    yield _("Units with most late"), units
    yield (
        _("More time asked for"),
        [f"{row.assignment.unit.full_name}: {row.assignment.task.title}, {row.wanted_on:%d/%m/%Y}"
         for row in brief.asked],
    )  # fmt: skip
    yield _("Difficulties and proposals reported"), [_said(row) for row in brief.said]


def _late_words(line: dict[str, Any], brief: Brief) -> str:
    parts = [line["unit"].full_name] if brief.unit is None else []
    parts += [line["title"], line["what"]]
    days = _("due %(day)s, %(days)s days late") % {
        "day": f"{line['due_on']:%d/%m/%Y}",
        "days": line["days"],
    }
    return "; ".join(part for part in [*parts, days] if part)


def _said(row: ProgressReport) -> str:
    words = " ".join(f"{row.difficulties} {row.proposals}".split())
    return f"{row.assignment.unit.full_name}: {Truncator(words).words(WORDS_MAX)}"
