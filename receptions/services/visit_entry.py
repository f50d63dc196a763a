"""What the register of receptions asks of a visit, its number, and what a correction replaces.

Columns of form 03/TCD of Decree 154/2026. Every field is optional for whoever records by the API;
a correction that leaves a field out keeps it.
"""

import datetime as dt
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from common.errors import Stale
from common.text import clean
from common.time import local_date
from communes.models import Unit
from petitions.enums import Kind
from petitions.services.registers import register_number_take
from receptions.models import ReceptionSession, Registration, VisitRecord, VisitVersion
from receptions.sealing import SEALED
from receptions.selectors import topic_clear
from receptions.services.wishes import PEOPLE_MAX

BOOK = "reception"
CONTENT_MAX, HANDLED_MAX, NOTE_MAX, PAPER_NUMBER_MAX = 4000, 4000, 4000, 60
_TEXTS = {
    "content": CONTENT_MAX,
    "handled_before": HANDLED_MAX,
    "note": NOTE_MAX,
    "paper_number": PAPER_NUMBER_MAX,
}
# What a version keeps: everything that a person wrote or chose.
_KEPT = (
    "said", "content", "people", "kind", "handled_before", "is_competent", "sent_to_id",
    "paper_number", "note", "began_at", "ended_at", "outcome", "conclusion",
    "responsible_unit_id", "responsible_person", "due_on",
)  # fmt: skip


class Entry(TypedDict, total=False):
    """Fields of the register; moments are aware. Left out: kept as it is."""

    content: str
    people: int
    kind: str
    handled_before: str
    is_competent: bool | None
    sent_to: Unit | None
    paper_number: str
    note: str
    began_at: dt.datetime | None
    ended_at: dt.datetime | None


def entry_errors(entry: Entry, at: dt.datetime) -> dict[str, list[str]]:
    """What cannot be used, by field."""
    given: dict[str, Any] = dict(entry)
    errors = {
        name: [_("At most %(most)s characters.") % {"most": most}]
        for name, most in _TEXTS.items()
        if len(clean(given.get(name, ""))) > most
    }
    if not 1 <= entry.get("people", 1) <= PEOPLE_MAX:
        errors["people"] = [_("From 1 to %(most)s people.") % {"most": PEOPLE_MAX}]
    if entry.get("kind", "") not in ("", *Kind.values):
        errors["kind"] = [_("Choose one of the values of the list.")]
    return errors | _time_errors(entry, at)


def _time_errors(entry: Entry, at: dt.datetime) -> dict[str, list[str]]:
    began, ended = entry.get("began_at"), entry.get("ended_at")
    if began is not None and began > at:
        return {"began_at": [_("The beginning lies in the future.")]}
    if ended is not None and ended > at:
        return {"ended_at": [_("The end lies in the future.")]}
    if ended is not None and began is not None and ended < began:
        return {"ended_at": [_("The end lies before the beginning.")]}
    return {}


def entry_values(entry: Entry, registration: Registration, *, is_new: bool) -> dict[str, Any]:
    """Values for the record. A new one says by itself what the registration says already."""
    given: dict[str, Any] = dict(entry)
    values = {name: clean(value) if name in _TEXTS else value for name, value in given.items()}
    if is_new:
        values["content"] = values.get("content") or topic_clear(registration)[:CONTENT_MAX]
        values.setdefault("people", registration.people)
        values.setdefault("began_at", registration.called_at)
    return values


def number_values(session: ReceptionSession) -> dict[str, int]:
    """The next number of the unit's register in the year of the session's local date."""
    year = local_date(session.starts_at).year
    number = register_number_take(session.unit_id, year, BOOK)
    return {"register_number": number, "register_year": year}


def visit_fresh(visit: VisitRecord | None, version: int | None) -> None:
    """Raise Stale when the form showed another version; 0 stands for no record yet."""
    current = visit.version if visit else 0
    if version is not None and version != current:
        raise Stale(
            _("Somebody else has recorded this visit since you opened it. Nothing was lost."),
            extra={"version": current},
        )


def version_keep(visit: VisitRecord, at: dt.datetime) -> None:
    """Keep the record as it stands before a correction at a moment, with what is under seal."""
    kept = {name: _plain(getattr(visit, name)) for name in _KEPT}
    VisitVersion.objects.create(
        visit=visit,
        version=visit.version,
        kept=kept | ({SEALED: visit.sealed_words} if visit.sealed_at else {}),
        recorded_by_id=visit.recorded_by_id,
        recorded_at=visit.recorded_at,
        replaced_at=at,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
