"""What the officers' templates show, prepared as plain values."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import today
from common.ui import Crumb, DueBar, TimelineItem, due_bar
from communes.selectors import unit_by_code
from deadlines.calendars import calendar_current
from deadlines.clock import working_days_between
from deadlines.models import Clock
from petitions import selectors
from petitions.enums import Flag
from petitions.formerly import formerly
from petitions.forms_talk import NoteForm, OfficerMessageForm
from petitions.issued_papers import ended_of
from petitions.kin import case_hops, case_kin
from petitions.models import (
    Case,
    CaseClock,
    CaseEvent,
    IdentityOpening,
    Note,
    Outcome,
    Party,
    Proposal,
)
from petitions.models.events import OFFER_MOVED, OPENED, READ, SEEN, UNIT_MOVED
from petitions.policies import (
    may_open_identity,
    may_read_letters,
    may_renew_secret,
    may_review_openings,
    may_write,
)
from petitions.recalculations import MOVED_EVENT
from petitions.services.renewals import GROUND_NOTE
from petitions.services.visits import JOINED
from petitions.talk import petitioners_letters, talk_of_case
from petitions.workflow import ACTIONS, BY_ACTION, Action, status_label

EVENTS_SHOWN = 200
NOTHING_ENDED: Mapping[str, str] = {}
TONES = {
    "submitted": "info",
    "received": "info",
    "awaiting_supplement": "warning",
    "declined": "neutral",
    "duplicate": "neutral",
    "returned": "neutral",
    "referred_to_investigation": "neutral",
    "forwarded": "warning",
    "urged": "warning",
    "in_court": "warning",
    "published": "success",
    "in_force": "success",
    "enforced": "success",
    "guided": "neutral",
    "filed_away": "neutral",
    "terminated": "neutral",
    "suspended": "warning",
    "decided": "success",
    "notified": "success",
    "closed": "success",
}


@dataclass(frozen=True)
class CaseLine:
    """One line of a list."""

    case: Case
    href: str
    status: str
    tone: str
    flags: list[str]
    bar: DueBar | None
    looking: str = ""


def case_lines(cases: Sequence[Case], looking: Mapping[int, str] | None = None) -> list[CaseLine]:
    """The lines of a list; the clocks of all of them in one query. ``looking``: who has a case
    open right now, by its key."""
    clocks, at = selectors.nearest_clocks(cases), looking or {}
    return [_case_line(case, clocks.get(case.pk), at.get(case.pk, "")) for case in cases]


def _case_line(case: Case, clock: Clock | None, looking: str) -> CaseLine:
    return CaseLine(
        case=case,
        href=reverse("cases:case", args=[case.code]),
        status=_(status_label(case.status)),
        tone=TONES.get(case.status, "progress"),
        flags=[str(Flag(flag).label) for flag in case.flags],
        bar=_clock_bar(clock) if clock else None,
        looking=looking,
    )


def days_left(due_on: dt.date) -> int:
    """Working days from today to a due date; negative when it has passed."""
    day = today()
    if due_on >= day:
        return working_days_between(day, due_on, calendar_current())
    return -working_days_between(due_on, day, calendar_current())


def case_head(case: Case) -> dict[str, Any]:
    """What every page about a case shows on top."""
    return {
        "formerly": "",
        "case": case,
        "status": _(status_label(case.status)),
        "tone": TONES.get(case.status, "progress"),
        "flags": [Flag(flag).label for flag in case.flags],
        "crumbs": [
            Crumb(_("Cases"), reverse("cases:inbox")),
            Crumb(case.code, reverse("cases:case", args=[case.code])),
        ],
    }


def case_whole(access: Access, case: Case, opened: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Everything of the case page, with a fixed number of queries."""
    notes = list(Note.objects.filter(case=case).select_related("by"))
    letters = selectors.case_letters(case)
    events = list(selectors.case_events(access, case).order_by("-sequence")[:EVENTS_SHOWN])
    ended = ended_of(case) if any(event.data.get("paper") for event in events) else {}
    return case_head(case) | {
        "formerly": formerly(case, events),
        "letters": letters,
        "sealed": may_read_letters(access, case),
        "openings": _openings(access, case),
        "clocks": [_clock(link) for link in selectors.case_clocks(case)],
        "people": [_person(access, case, p, opened) for p in selectors.case_parties(case)],
        "actions": _actions(access, case),
        "proposal": Proposal.objects.filter(case=case, is_current=True).first(),
        "outcomes": list(Outcome.objects.filter(case=case)),
        "kin": case_kin(access, case),
        "talk": talk_of_case(case, letters),
        "talk_key": secrets.token_hex(16),
        "talk_letters": petitioners_letters(case),
        "may_write": may_write(access, case) is None,
        "is_anonymous": Flag.ANONYMOUS in case.flags,
        "may_renew": may_renew_secret(access, case) is None and Flag.ANONYMOUS not in case.flags,
        "message_form": OfficerMessageForm(),
        "note_form": NoteForm(),
        "own_notes": _own_notes(access, case, notes),
        "hops": case_hops(case),
        "events": events,
        "history": [history_item(event, notes, ended) for event in events],
    }


def _openings(access: Access, case: Case) -> list[IdentityOpening]:
    """Who opened an identity and why, for whoever decides in the unit; a query only there."""
    may = case.is_denunciation and may_review_openings(access, case)
    return selectors.identity_openings(case) if may else []


@dataclass(frozen=True)
class ClockView:
    link: CaseClock
    bar: DueBar
    steps: list[dict[str, Any]]


def _clock(link: CaseClock) -> ClockView:
    return ClockView(link, _clock_bar(link.clock), link.clock.steps)


def _clock_bar(clock: Clock) -> DueBar:
    """The same bar in a list and on the page of the case."""
    return due_bar(
        started_on=clock.started_on,
        due_on=clock.due_on,
        today=today(),
        days_left=days_left(clock.due_on),
        working=True,
        state=clock.state,
        pauses=[
            (dt.date.fromisoformat(a), dt.date.fromisoformat(b) if b else None)
            for a, b in clock.pauses
        ],
    )


@dataclass(frozen=True)
class PersonView:
    """A party as this viewer may see it: ``data`` only when open to him."""

    party: Party
    is_protected: bool
    data: dict[str, Any] | None
    may_open: bool
    is_opened: bool = False  # on this one answer
    # Where the ground is given (set by the page).
    form: Any = None


def _person(
    access: Access, case: Case, party: Party, opened: dict[int, dict[str, Any]]
) -> PersonView:
    identity = party.identity
    data = opened.get(party.number)
    if data is None and not identity.is_protected:
        data = selectors.identity_read(identity)
    may = identity.is_protected and may_open_identity(access, case, identity) is None
    is_opened = party.number in opened
    return PersonView(party, identity.is_protected, data, may and data is None, is_opened)


def _actions(access: Access, case: Case) -> list[dict[str, Any]]:
    """Allowed steps first; the others follow with their reason."""
    found = []
    for item in selectors.available_actions(access, case):
        row = item["row"]
        found.append(
            {
                "action": row.action.value,
                "label": _(row.label),
                "basis": row.basis,
                "allowed": item["allowed"],
                "why_not": item["why_not"],
                "href": reverse("cases:action", args=[case.code, row.action.value]),
            }
        )
    return sorted(found, key=lambda item: not item["allowed"])


def _own_notes(access: Access, case: Case, notes: list[Note]) -> list[Note]:
    """Notes that were written by themselves; the ground of a new secret of a denunciation only for
    whoever may know who wrote it."""
    shown = {"note"} if may_read_letters(access, case) else {"note", GROUND_NOTE}
    return [note for note in notes if note.action in shown]


def history_item(
    event: CaseEvent, notes: list[Note], ended: Mapping[str, str] = NOTHING_ENDED
) -> TimelineItem:
    """An event of the history with the notes that were written with it. ``ended``: papers that are
    not in force any more (``petitions.issued_papers``)."""
    version = event.data.get("version")
    texts = [note.text for note in notes if note.version == version and version]
    return TimelineItem(
        title=event_title(event),
        at=event.at,
        text="\n".join(texts),
        actor=event.actor.full_name if event.actor else "",
        **_paper_of(event, ended),
    )


def _paper_of(event: CaseEvent, ended: Mapping[str, str]) -> dict[str, str]:
    """The way to the issued paper whose number the step took over, and what became of it."""
    key = event.data.get("paper")
    if not key:
        return {}
    href = reverse("papers_staff:paper", args=[event.case.code, key])
    label = _("Document %(number)s") % {"number": event.data["number"]}
    return {"href": href, "href_label": f"{label} ({ended[key]})" if key in ended else label}


def event_title(event: CaseEvent) -> str:
    """The words for an event of the history."""
    name = event.action.rpartition(".")[2]
    if name in ACTIONS:
        return _(BY_ACTION[Action(name)].label)
    titles = {
        "petitions.letter.filed": _("Petition filed"),
        OPENED: _("Protected identity opened"),
        READ: _("Sealed letter read"),
        "petitions.case.reminded": _("Reminder before the due date"),
        "petitions.case.escalated": _("Escalated, level %(level)s")
        % {"level": event.data.get("level", "")},
        "petitions.case.acknowledged": _("Escalation answered"),
        **_copy_titles(event),
        "petitions.message.received": _("The petitioner wrote"),
        "petitions.message.sent": _("Message to the petitioner"),
        "petitions.message.seen": _("Message of the petitioner read"),
        "petitions.note.added": _("Internal note"),
        "petitions.rating.given": _("The petitioner rated with %(score)s")
        % {"score": event.data.get("score", "")},
        JOINED: _visit_title(event),
        "petitions.letter.secret_renewed": _("New secret issued to the petitioner"),
        "petitions.letter.receipt_issued": _("Receipt of the petition issued"),
        UNIT_MOVED: _unit_title(event, _("Units were reorganised: %(from)s → %(to)s")),
        OFFER_MOVED: _unit_title(
            event, _("Units were reorganised; who is to accept it: %(from)s → %(to)s")
        ),
        MOVED_EVENT: _("New last day of a limit: the days off have changed"),
    }
    return titles.get(event.action, event.action)


def _unit_title(event: CaseEvent, words: str) -> str:
    """From which unit to which a reform took the case, or its offer."""
    names = {side: unit_by_code(str(event.data.get(side, ""))) for side in ("from", "to")}
    return words % {side: unit.full_name if unit else "" for side, unit in names.items()}


def _visit_title(event: CaseEvent) -> str:
    """Of a denunciation the history holds no date."""
    day = event.data.get("visit_on")
    if not day:
        return _("Brought up at a reception")
    words = _("Brought up at the reception of %(day)s")
    return words % {"day": f"{dt.date.fromisoformat(day):%d/%m/%Y}"}


def _copy_titles(event: CaseEvent) -> dict[str, str]:
    """Events of redacted copies, with the number of the version."""
    number = {"number": event.data.get("number", "")}
    return {
        "petitions.redaction.started": _("Redacted copy begun, version %(number)s") % number,
        "petitions.redaction.released": _("Redacted copy released, version %(number)s") % number,
        "petitions.redaction.withdrawn": _("Redacted copy withdrawn, version %(number)s") % number,
        SEEN: _("Redacted copy read, version %(number)s") % number,
    }
