"""The facts of the brief for its paper (``templates/papers/brief.typ``): strings alone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from common.time import local_date
from receptions.brief import Heard, Limit, Page, case_words
from receptions.enums import TaskState
from receptions.models import ConclusionTask, ReceptionSession
from receptions.present import clock_time
from receptions.promises import Word

WORDS_MAX = 40  # of a conclusion or a topic in a list


def brief_facts(
    session: ReceptionSession, pages: Sequence[Page], day: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the paper prints, in the reader's language."""
    month = f"{day['month']:%m/%Y}"
    return {
        "title": _("Brief for the reception"),
        "about": f"{local_date(session.starts_at):%d/%m/%Y}",
        "head": _head(session),
        "order_title": _("Order of reception"),
        "order": [_in_order(page) for page in pages],
        "spots_title": _("Hot spots"),
        "spots": list(_spots(day["spots"])),
        "tasks_title": _("Open tasks of conclusions"),
        "tasks": [_task(task, day["today"]) for task in day["tasks"]],
        "quota_title": _("Days owed in %(month)s") % {"month": month},
        "quotas": [_quota(line) for line in day["quotas"]],
        "sheets": [_sheet(page) for page in pages],
    }


def _date(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _head(session: ReceptionSession) -> list[list[str]]:
    leader = f"{session.leader.full_name} ({session.post})"
    hours = f"{clock_time(session.starts_at)}–{clock_time(session.ends_at)}"
    return [
        [_("Unit"), session.unit.full_name],
        [_("Who receives"), leader],
        [_("Time"), hours],
        [_("Place"), session.place],
    ]


def _name(page: Page) -> str:
    return page.name or _("name protected")


def _in_order(page: Page) -> list[str]:
    case = page.sheet.case
    matter = f"{case.code} · {case.subject}" if case else _short(page.sheet.topic)
    facts = "; ".join(f"{fact.label}: {fact.text}" for fact in page.facts)
    parts = [_name(page), matter, facts]
    return [page.number, " – ".join(part for part in parts if part)]


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).words(WORDS_MAX)


def _spots(spots: Any) -> Iterator[str]:
    yield f"{_('Overdue')}: {spots.overdue} · {_('Escalated')}: {spots.escalated}"
    for rise in (*spots.fields, *spots.places):
        words = _("%(now)s petitions in the last 30 days, %(before)s in the 30 days before")
        yield f"{rise.name}: {words % {'now': rise.now, 'before': rise.before}}"
    for case in spots.worst:
        yield f"{case_words(case)} ({_('overdue')}, {_date(case.due_on)})"


def _task(task: ConclusionTask, on: dt.date) -> str:
    """With the mark that the page shows: what the leader has before him is late for nobody."""
    is_late = task.due_on < on and task.state != TaskState.REPORTED
    mark = f" ({_('overdue')})" if is_late else ""
    return f"{_date(task.due_on)}{mark} · {task.unit.full_name}: {task.what}"


def _quota(line: Any) -> str:
    words = _("%(held)s of %(required)s days held, %(missing)s missing") % line.tally._asdict()
    return f"{capfirst(line.post)}: {words}"


def _sheet(page: Page) -> dict[str, Any]:
    number = _("Number %(number)s") % {"number": page.number}
    head = [[fact.label, fact.text] for fact in page.facts]
    if page.sheet.topic:
        head.insert(0, [_("In the visitor's words"), page.sheet.topic])
    case = page.sheet.case
    return {
        "title": f"{number}: {page.name}" if page.number else _name(page),
        "head": head,
        "case": f"{_('The case')} {case.code}" if case else "",
        "lines": [[line.label, line.text] for line in page.lines],
        "parts": list(_parts(page)),
    }


def _parts(page: Page) -> Iterator[list[Any]]:
    said = page.sheet.promises
    yield [_("Limits"), [_limit(limit) for limit in page.limits]]
    yield [_("Earlier receptions"), [_heard(item) for item in page.heard]]
    yield [_("Who else waits on this matter"), page.others]
    similar = [f"{one.case.code} · {one.case.subject}" for one in page.sheet.similar]
    yield [_("Similar cases to look at"), similar]
    yield [_("What the law allows to promise"), [_word(word) for word in said.may]]
    yield [_("What must be told"), [_word(word, _("At the latest on")) for word in said.must]]
    yield [_("What is not to be promised"), [_word(word) for word in said.never]]


def _limit(limit: Limit) -> str:
    state = _("overdue") if limit.is_late else limit.state
    return f"{capfirst(limit.label)}: {_date(limit.due_on)}, {state} ({limit.basis})"


def _heard(item: Heard) -> str:
    words = f"{_date(item.on)}, {item.who}: {item.outcome}"
    return f"{words} – {_short(item.conclusion)}" if item.conclusion else words


def _word(word: Word, label: str = "") -> str:
    by = " ".join(part for part in (label, _date(word.by)) if part) if word.by else ""
    return " ".join(part for part in (word.text, by, f"({word.basis})") if part)
