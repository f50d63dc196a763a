"""The brief in words: every sheet as a page, a print and a paper show it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from common.time import local_date, today
from deadlines.models import ClockState
from petitions.enums import Flag
from petitions.models import Case, CaseClock, Outcome
from petitions.selectors_files import CaseFile, Turn
from petitions.workflow import BY_ACTION, Action, status_label
from receptions.enums import Need, RegistrationStatus
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.moves import priority_words
from receptions.present import clock_time
from receptions.selectors import representatives_beside
from receptions.selectors_brief import Others, Sheet
from receptions.selectors_quota import quota_month
from receptions.selectors_spots import conclusion_tasks_open, hot_spots

LINES_MAX, OUTCOMES_MAX = 10, 3
# Told by the paper itself, where there is one.
_BY_PAPER = (Action.DECIDE, Action.NOTIFY)


class Line(NamedTuple):
    label: str
    text: str


class Limit(NamedTuple):
    """A clock: what it measures, its last day and article; ``is_late``: passed and not met."""

    label: str
    due_on: dt.date
    state: str
    basis: str
    is_late: bool


class Heard(NamedTuple):
    """An earlier reception in a line; of a person without a case day and outcome only, since it
    may have been about a denunciation."""

    on: dt.date
    who: str
    outcome: str
    conclusion: str


@dataclass(frozen=True)
class Page:
    """A sheet ready to be shown."""

    sheet: Sheet
    name: str
    facts: list[Line]
    lines: list[Line]
    limits: list[Limit]
    others: list[str]
    heard: list[Heard]
    case_href: str

    @property
    def number(self) -> str:
        """The number in the queue, "" on the sheet of a denunciation: elsewhere it stands beside
        the name."""
        return str(self.row.queue_number) if self.sheet.person else ""

    @property
    def anchor(self) -> str:
        return self.number or (self.sheet.case.code if self.sheet.case else "")

    @property
    def row(self) -> Registration:
        return self.sheet.registration


def page_of(sheet: Sheet) -> Page:
    """The words of one sheet, in the reader's language. No query."""
    file = sheet.file
    return Page(
        sheet=sheet,
        name=sheet.person["full_name"] if sheet.person else "",
        # Beside a denunciation none: lists with names show the same.
        facts=list(_facts(sheet)) if sheet.person else [],
        lines=case_lines(file) if file else [],
        limits=[_limit(link) for link in file.clocks if _stands(link)] if file else [],
        others=list(_others(sheet.others)),
        heard=[_heard(row, is_case=file is not None) for row in sheet.earlier],
        case_href=reverse("cases:case", args=[file.case.code]) if file else "",
    )


def case_lines(file: CaseFile) -> list[Line]:
    """The case in ten lines at most: what, since when, who, and its last steps and papers."""
    first = list(_what(file))
    papers = [_paper(outcome) for outcome in file.outcomes[-OUTCOMES_MAX:]]
    room = LINES_MAX - len(first) - len(papers)
    turns = [turn for turn in file.turns if not (papers and turn.action in _BY_PAPER)]
    steps = [_step(turn) for turn in turns[max(0, len(turns) - room) :]]
    return [*first, *steps, *papers]


def _what(file: CaseFile) -> Iterator[Line]:
    case = file.case
    yield Line(_("Matter"), case.subject)
    kind = f"{capfirst(case.get_kind_display())} · {case.field.label_vi}"
    yield Line(_("State"), f"{kind} · {_(status_label(case.status))}")
    yield Line(_("Since"), _since(file))
    officer = case.assignee.full_name if case.assignee else _("not assigned")
    yield Line(_("Who handles it"), f"{case.unit.full_name} · {officer}")
    if case.respondent_unit_id and not case.is_denunciation:
        yield Line(_("About"), case.respondent_unit.full_name if case.respondent_unit else "")
    if file.hops:
        hop = file.hops[-1]
        words = _("%(unit)s, on %(day)s") % {"unit": hop.to_unit.full_name, "day": _day(hop.at)}
        yield Line(_("Sent on to"), words)
    marks = [str(Flag(flag).label) for flag in case.flags]
    if case.escalation_level:
        marks.append(_("escalated, level %(level)s") % {"level": case.escalation_level})
    if marks:
        yield Line(_("Marks"), ", ".join(marks))


def _since(file: CaseFile) -> str:
    first = file.letters[0] if file.letters else None
    said = [_day(file.case.submitted_at)]
    if first is not None:
        said.append(str(first.get_channel_display()))
    if len(file.letters) > 1:
        said.append(_("letters: %(n)s") % {"n": len(file.letters)})
    if file.people > 1:
        said.append(_("people: %(n)s") % {"n": file.people})
    return ", ".join(said)


def _day(moment: dt.datetime) -> str:
    return f"{local_date(moment):%d/%m/%Y}"


def _step(turn: Turn) -> Line:
    label = _(BY_ACTION[turn.action].label)
    number = f"{turn.number}, " if turn.number else ""
    return Line(label, f"{number}{turn.on:%d/%m/%Y}")


def _paper(outcome: Outcome) -> Line:
    words = f"{outcome.number or _('without a number')}, {outcome.issued_on:%d/%m/%Y}"
    if outcome.notified_on:
        sent = _("sent on %(day)s") % {"day": f"{outcome.notified_on:%d/%m/%Y}"}
        words = f"{words}; {sent}"
    return Line(capfirst(outcome.get_kind_display()), words)


def _stands(link: CaseClock) -> bool:
    return link.clock.state != ClockState.CANCELLED


def _limit(link: CaseClock) -> Limit:
    clock = link.clock
    is_late = clock.state == ClockState.RUNNING and clock.due_on < today()
    label, state = str(link.get_stage_display()), str(clock.get_state_display())
    return Limit(label, clock.due_on, state, clock.basis, is_late)


def _facts(sheet: Sheet) -> Iterator[Line]:
    """What is known of the visit itself, besides name and topic."""
    row, person = sheet.registration, sheet.person or {}
    is_expected = row.status == RegistrationStatus.REGISTERED
    pairs = [
        (_("Time"), clock_time(row.slot_at) if row.slot_at else ""),
        (_("Number of people"), str(row.people) if row.people > 1 else ""),
        (_("Representatives"), ", ".join(representatives_beside(person))),
        (_("Telephone"), person.get("phone", "")),
        (_("Goes first"), priority_words(row)),
        (_("Needs"), needs_words(sheet.needs)),
        (_("Way"), _("online") if row.is_online else ""),
        (_("State"), "" if is_expected else row.get_status_display()),
    ]
    return (Line(label, str(text)) for label, text in pairs if text)


def needs_words(said: dict[str, Any]) -> str:
    """What somebody needs to be heard, as it lies with the sealed person."""
    known = set(Need.values)
    labels = [str(Need(need).label) for need in said.get("needs") or () if need in known]
    return ", ".join([*labels, *(t for t in (said.get("needs_note"),) if t)])


def _others(others: Others) -> Iterator[str]:
    """Numbers alone, never a name."""
    if n := others.registrations:
        yield ngettext(
            "%(n)d other person is registered about this case",
            "%(n)d other people are registered about this case",
            n,
        ) % {"n": n}
    if n := others.letters:
        yield ngettext("%(n)d more letter on it", "%(n)d more letters on it", n) % {"n": n}
    if n := others.duplicates:
        yield ngettext("%(n)d case of others follows it", "%(n)d cases of others follow it", n) % {
            "n": n
        }
    if n := others.similar:
        yield ngettext("%(n)d similar case", "%(n)d similar cases", n) % {"n": n}


def _heard(row: Registration, *, is_case: bool) -> Heard:
    visit: VisitRecord | None = getattr(row, "visit", None)
    outcome = visit.get_outcome_display() if visit else row.get_status_display()
    return Heard(
        local_date(row.session.starts_at),
        row.session.leader.full_name,
        str(outcome),
        visit.conclusion if visit and is_case else "",
    )


def day_context(access: Access, session: ReceptionSession) -> dict[str, Any]:
    """The cover: hot spots, tasks that are open, the quota of the month. Ten queries at most."""
    month = local_date(session.starts_at).replace(day=1)
    return {
        "spots": hot_spots(access, session.unit),
        "tasks": conclusion_tasks_open(access, session.unit),
        "quotas": quota_month(access, month, unit=session.unit),
        "month": month,
        "today": today(),
    }


def case_words(case: Case) -> str:
    """A case in a list of others."""
    return f"{case.code} · {_(status_label(case.status))} · {case.subject}"
