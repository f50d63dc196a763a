"""What the petitioner sees of a case: steps in plain words, limits, notes and results.

Of a denunciation neither subject nor texts are shown, only steps and dates: whoever looks over
the petitioner's shoulder learns nothing.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from common.time import today
from communes.selectors import unit_by_code, unit_json
from deadlines.models import ClockState
from petitions.enums import Flag, OutcomeKind
from petitions.formerly import formerly
from petitions.grounds import RefusalGround
from petitions.kin import Elsewhere, goes_on_at
from petitions.models import Case, CaseClock, CaseEvent, Letter, Note, Outcome
from petitions.models.events import UNIT_MOVED
from petitions.recalculations import MOVED_EVENT
from petitions.sentences import FILED, how_to_object, if_missed, step_title
from petitions.talk import Talk, talk_of_letter
from petitions.workflow import ACTIONS, BY_ACTION, Action, status_label

FILED_EVENT = "petitions.letter.filed"
CASE_PREFIX = "petitions.case."


@dataclass(frozen=True)
class Entry:
    """One step that the petitioner sees."""

    at: dt.datetime
    title: str
    detail: str = ""


@dataclass(frozen=True)
class PublicRecord:
    """Everything of a case that may be shown to the petitioner, read in seven queries."""

    letter: Letter
    case: Case
    entries: list[Entry]
    clocks: list[CaseClock]
    notes: list[Note] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    talk: Talk = field(default_factory=lambda: Talk([], None))
    # By which units it was held before; "" where no reform came in between.
    formerly: str = ""

    @property
    def is_secretive(self) -> bool:
        return self.case.is_denunciation


def public_record(letter: Letter) -> PublicRecord:
    """Read what the holder of a letter's secret may see. ``letter.case`` is already loaded."""
    case = letter.case
    clocks = list(CaseClock.objects.select_related("clock").filter(case=case))
    notes = list(Note.objects.filter(case=case, is_public=True))
    events = list(CaseEvent.objects.filter(case=case).order_by("sequence"))
    sent = Outcome.objects.filter(_own_or_common(case), notified_on__isnull=False)
    return PublicRecord(
        letter=letter,
        case=case,
        entries=_entries(case, notes, events),
        clocks=clocks,
        notes=notes,
        outcomes=list(sent),
        elsewhere=goes_on_at(letter),
        talk=talk_of_letter(letter),
        formerly=formerly(case, events),
    )


def _own_or_common(case: Case) -> Q:
    """Papers of the case; a duplicate's writer also reads the reply that answers all. Decisions
    and conclusions of the main case are somebody else's."""
    own = Q(case=case)
    if case.merged_into_id is None:
        return own
    return own | Q(case_id=case.merged_into_id, kind=OutcomeKind.REPLY)


def public_case(letter: Letter) -> dict[str, Any]:
    """The answer of ``GET petitions/{code}/``: seven queries besides the letter's own."""
    record = public_record(letter)
    case = record.case
    return {
        "code": letter.code,
        "kind": case.kind,
        "status": case.status,
        "status_label": _(status_label(case.status)),
        "submitted_at": letter.submitted_at.isoformat(),
        "subject": None if record.is_secretive else letter.subject,
        "unit": unit_json(case.unit),
        "needs_signature": Flag.UNSIGNED in case.flags,
        "is_information": Flag.INFORMATION in case.flags,
        "clocks": [_clock_json(link, case.kind) for link in record.clocks],
        "timeline": [_entry_json(entry) for entry in record.entries],
        "messages": _messages_json(record),
        "rating": record.talk.rating.score if record.talk.rating else None,
        "outcomes": [_outcome_json(item, record) for item in record.outcomes],
        "goes_on_at": [
            {
                "unit": unit_json(item.case.unit),
                "status": item.case.status,
                "status_label": item.status,
                "due_on": item.case.due_on.isoformat() if item.case.due_on else None,
            }
            for item in record.elsewhere
        ],
    }


def officers_words(record: PublicRecord) -> list[tuple[dt.datetime, str]]:
    """What officers wrote to the petitioner, with the reasons of steps, the oldest first."""
    notes = [(note.at, note.text) for note in record.notes]
    sent = [(m.at, m.text) for m in record.talk.messages if not m.is_from_citizen]
    return sorted([*notes, *sent])


def is_overdue(link: CaseClock) -> bool:
    """A limit that passed without being met (Hà Nội date)."""
    clock = link.clock
    return clock.state == ClockState.RUNNING and clock.due_on < today()


def ground_label(outcome: Outcome) -> str:
    """The legal ground of a refusal in words, or ""."""
    return str(RefusalGround(outcome.ground).label) if outcome.ground else ""


def _entries(case: Case, notes: list[Note], events: list[CaseEvent]) -> list[Entry]:
    said = {} if case.is_denunciation else {(n.action, n.version): n.text for n in notes}
    found = (_entry(case, event, said) for event in events)
    return [entry for entry in found if entry is not None]


def _entry(case: Case, event: CaseEvent, said: dict[tuple[str, int], str]) -> Entry | None:
    if event.action == FILED_EVENT:
        return Entry(event.at, _(FILED), _filed_detail(case, event.data))
    if event.action == MOVED_EVENT:
        return Entry(event.at, _("A limit has a new last day"), _moved_detail(event.data))
    if event.action == UNIT_MOVED:
        return Entry(event.at, _("Units were reorganised"), _unit_detail(event.data))
    action = event.action.removeprefix(CASE_PREFIX)
    if action not in ACTIONS or not BY_ACTION[Action(action)].is_public:
        return None
    title = step_title(Action(action), case.kind)
    if title is None:
        return None
    note = said.get((action, event.data.get("version", 0)), "")
    return Entry(event.at, title, _until(event.data, note or _detail(event.data)))


def _until(data: dict[str, Any], words: str) -> str:
    """A request for a supplement says until when."""
    if not data.get("due_on") or "unit" in data:
        return words
    day = f"{dt.date.fromisoformat(data['due_on']):%d/%m/%Y}"
    return f"{words} {_('To be supplied by %(day)s.') % {'day': day}}".strip()


def _filed_detail(case: Case, data: dict[str, Any]) -> str:
    unit = unit_by_code(str(data.get("unit", "")))
    if unit is None:
        return ""
    if Flag.REROUTED in case.flags and case.is_denunciation:
        words = _("Received by %(unit)s, because it may concern the body you addressed.")
    elif Flag.REROUTED in case.flags:
        words = _("Received by %(unit)s for the body you addressed.")
    else:
        words = _("Received online by %(unit)s.")
    return words % {"unit": unit.full_name}


def _detail(data: dict[str, Any]) -> str:
    if data.get("register"):
        return _("Register number %(number)s.") % {"number": data["register"]}
    if data.get("number"):
        return _("Document number %(number)s.") % {"number": data["number"]}
    return ""


def _moved_detail(data: dict[str, Any]) -> str:
    shown = {name: f"{dt.date.fromisoformat(data[name]):%d/%m/%Y}" for name in ("from_on", "to_on")}
    words = _("From %(from_on)s to %(to_on)s, since the days off have changed: %(reason)s.")
    return words % {**shown, "reason": data["reason"]}


def _unit_detail(data: dict[str, Any]) -> str:
    unit = unit_by_code(str(data.get("to", "")))
    words = _("The petition is with %(unit)s; limits run on, code and secret stay.")
    return words % {"unit": unit.full_name} if unit is not None else ""


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at.isoformat(), "title": entry.title, "detail": entry.detail}


def _clock_json(link: CaseClock, kind: str) -> dict[str, Any]:
    clock = link.clock
    return {
        "rule": clock.rule_code,
        "stage": link.stage,
        "started_on": clock.started_on.isoformat(),
        "due_on": clock.due_on.isoformat(),
        "state": clock.state,
        "is_overdue": is_overdue(link),
        "is_internal": clock.is_internal,
        "basis": clock.basis,
        "explanation": clock.explanation,
        "words": clock.words,
        "is_verified": not clock.mark,
        "if_missed": str(if_missed(kind, link.stage)),
    }


def _messages_json(record: PublicRecord) -> list[dict[str, Any]]:
    """Reasons given with steps and what both sides wrote, in the order of time."""
    said: list[tuple[dt.datetime, bool, str, str, list[str]]] = [
        *((note.at, False, "message", note.text, []) for note in record.notes),
        *(
            (m.at, m.is_from_citizen, m.kind, m.text, [f.name for f in m.attachments.all()])
            for m in record.talk.messages
        ),
    ]
    return [
        {
            "at": at.isoformat(),
            "from_citizen": from_citizen,
            "kind": kind,
            "text": None if record.is_secretive else text,
            "files": None if record.is_secretive else files,
        }
        for at, from_citizen, kind, text, files in sorted(said)
    ]


def _outcome_json(outcome: Outcome, record: PublicRecord) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "label": str(OutcomeKind(outcome.kind).label),
        "number": outcome.number,
        "issued_on": outcome.issued_on.isoformat() if outcome.issued_on else None,
        "text": None if record.is_secretive else outcome.text,
        "ground": ground_label(outcome),
        "how_to_object": str(how_to_object(record.case.kind, outcome.kind)),
    }
