"""Where the typed words of a record go: into the record that everybody reads, or under seal."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from petitions.enums import Kind
from receptions.clocks import is_sealed
from receptions.enums import Recording, VisitOutcome
from receptions.models import Registration, VisitRecord
from receptions.online import is_on_line
from receptions.sealing import HIDDEN, RECORDING, concluded_on, concluded_sparsely, said_sparsely
from receptions.services.visit_entry import Entry

# Of a concluded visit, what a notice of one row says.
CONCLUDED = ("outcome", "conclusion", "responsible_unit_id", "responsible_person", "due_on")


class Words(NamedTuple):
    """What was typed. ``reads``: the writer reads what is under seal, so that what was typed takes
    its place; anybody else writes the open record, unless the kind chosen is that of a
    denunciation. ``recording``: of an online reception, kept under seal alone."""

    values: dict[str, Any]
    recording: str
    reads: bool


def recording_check(
    recording: str,
    entry: Entry,
    found: VisitRecord | None,
    registration: Registration,
    *,
    reads: bool,
) -> None:
    """Nobody who denounces is recorded against the own will: of a denunciation in an online
    reception the record says what became of its recording (Articles 20(4) and 24 of Decree
    154/2026). Raises InvalidInput on ``recording``.

    Whoever does not read what is under seal says it each time: an answer that depended on what
    was said before would tell of it.
    """
    if recording not in ("", *Recording.values):
        raise InvalidInput(fields={"recording": [_("Choose one of the values of the list.")]})
    kept = found.sealed_words if found is not None and reads else {}
    kind = entry.get("kind", kept.get("kind", ""))
    if kind != Kind.DENUNCIATION or not is_on_line(registration):
        return
    if not (recording or kept.get(RECORDING)):
        words = _(
            "Whoever denounces is not recorded: stop the recording, receive the visitor at the"
            " place, and say so here. It may go on only where the visitor asks for no protection"
            " of identity and personal data (Article 20(4) of Decree 154/2026)."
        )
        raise InvalidInput(fields={"recording": [words]})


def words_split(
    words: Words, found: VisitRecord | None, registration: Registration, *, at: dt.datetime
) -> dict[str, Any]:
    """The values to store, of those typed at a moment. The registration is changed, not saved."""
    values, reads = words.values, words.reads
    before = dict(found.sealed_words) if found else {}
    typed = {name: values[name] for name in HIDDEN if name in values}
    replaces = bool(before) and reads
    kind = typed.get("kind", before.get("kind", "") if replaces else "")
    if kind == Kind.DENUNCIATION:
        typed |= {RECORDING: words.recording} if words.recording else {}
        return values | _sealed(values, typed, found, registration, at)
    if replaces:
        return values | _opened(before, typed, registration)
    is_other = found is not None and values["conclusion"] != found.conclusion
    kept = {name: text for name, text in before.items() if not (is_other and name == "conclusion")}
    return values | {"sealed_words": kept}


def _sealed(
    values: dict[str, Any],
    typed: dict[str, Any],
    found: VisitRecord | None,
    registration: Registration,
    at: dt.datetime,
) -> dict[str, Any]:
    """Typed words under seal, those of a sparse record in their place; one that stands stays."""
    before = dict(found.sealed_words) if found else {}
    words = {"topic": registration.topic} | before | typed
    # Once a case was made, what is typed with this kind is shown nowhere: the record stays sparse.
    stands = found is not None and (before or is_sealed(found))
    open_words = {name: getattr(found, name) for name in HIDDEN} if stands else {}
    open_words = open_words or dict.fromkeys(HIDDEN, "") | {"said": said_sparsely(registration.pk)}
    open_words["conclusion"] = ""
    if values["outcome"] == VisitOutcome.CONCLUSION and values["responsible_unit"] is not None:
        open_words["conclusion"] = concluded_sparsely(values["responsible_unit"])
    registration.topic = ""
    moment = found.sealed_at if found else None
    return open_words | {"sealed_words": words, "sealed_at": moment or at}


def _opened(
    before: dict[str, Any], typed: dict[str, Any], registration: Registration
) -> dict[str, Any]:
    """The record was not of a denunciation after all: its words stand where they always do."""
    registration.topic = registration.topic or before.get("topic", "")
    said = {name: before[name] for name in HIDDEN if name in before}
    return {"kind": ""} | said | typed | {"sealed_words": {}, "sealed_at": None}


def concluded(visit: VisitRecord | None, *, reads: bool = True) -> tuple[Any, ...]:
    """What a notice says of a record, as its writer reads it; empty before there is one."""
    if visit is None:
        return ()
    words = concluded_on(visit) if reads else visit.conclusion
    return tuple(words if name == "conclusion" else getattr(visit, name) for name in CONCLUDED)
