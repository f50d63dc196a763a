"""Making a redacted copy: a draft with places in texts and boxes on pages.

Article 56 of the Law on Denunciations. What adds or takes away one thing names that thing (a box by
its four sides, the file as it was looked at) and needs no version; what replaces a whole text is
checked against the revision that it was made on. What changes under an open text raises it: another
text saved, a file decided about or replaced.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.office import OfficeError
from attachments.pages import WHOLE, Box
from attachments.services import attachment_read, attachment_store, attachments_claim
from attachments.shown import shown_as, text_of
from common.errors import InvalidInput, NotVisible, Stale
from common.history import NewEvent
from common.time import now
from petitions.enums import FileDecision
from petitions.models import Case, CaseEvent, Letter, RedactedCopy, RedactedFile
from petitions.redaction_rules import Span, occurrences, proposals
from petitions.selectors import case_get_for
from petitions.selectors_redaction import (
    copies_of,
    draft_of,
    file_of,
    files_of,
    letter_to_redact,
    originals_of,
)
from petitions.services.locking import case_lock
from petitions.validators import REASON_MAX

BOXES_MAX = 200  # a page
SPANS_MAX = 5_000  # a text
BOX_MIN = 0.002  # of the page's side
PHRASES_MAX = 100


@dataclass(frozen=True)
class Saved:
    """What saving a text did: places covered, and lines of the phrases that are nowhere in it."""

    places: int
    missed: list[int]


def redaction_start(
    *, access: Access, code: str, letter_code: str, at: dt.datetime | None = None
) -> RedactedCopy:
    """The draft of the letter, made when there is none: from the version before, else with
    everything covered that looks like personal data. Files that came since are added.

    Raises NotVisible, NotPermitted.
    """
    moment = at or now()
    with _letter_locked(access, code, letter_code) as (case, letter):
        draft = draft_of(letter)
        if draft is None:
            draft = _draft_new(letter, access, moment)
            data = {"letter": letter.code, "number": draft.number}
            event = NewEvent(case.pk, "petitions.redaction.started", data, access.actor_id, moment)
            CaseEvent.append(event)
        _files_add(draft, letter)
    return draft


def redaction_text_save(
    *,
    access: Access,
    code: str,
    letter_code: str,
    revision: int,
    spans: Mapping[str, Sequence[Span]],
    phrases: str = "",
) -> Saved:
    """Cover exactly these places of subject, content and request, and every place of the phrases
    (one a line). Raises Stale when somebody saved since, InvalidInput."""
    lines = phrases_read(phrases)
    with _draft_locked(access, code, letter_code) as (letter, draft):
        if draft.revision != revision:
            raise Stale(extra={"revision": draft.revision})
        texts = {name: getattr(letter, name) for name in draft.TEXTS}
        draft.spans = {
            name: _stored([*_inside(text, spans.get(name, ())), *_all_places(text, lines)])
            for name, text in texts.items()
        }
        draft.revision += 1
        draft.save(update_fields=["spans", "revision"])
    places = sum(len(one) for one in draft.spans.values())
    return Saved(places, _missed(texts.values(), lines))


def redaction_file_text_save(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    revision: int,
    spans: Sequence[Span],
    phrases: str = "",
) -> Saved:
    """The same for a file that is covered as text; it is then in the copy."""
    lines = phrases_read(phrases)
    with _file_locked(access, code, letter_code, public_id) as file:
        if file.copy.revision != revision:
            raise Stale(extra={"revision": file.copy.revision})
        text = file_text(file)
        file.spans = _stored([*_inside(text, spans), *_all_places(text, lines)])
        file.decision, file.reason = FileDecision.GIVEN, ""
        file.save(update_fields=["spans", "decision", "reason"])
        _revised(file)
    return Saved(len(file.spans), _missed([text], lines))


def redaction_box_add(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    page: int,
    box: Box,
    source: object = None,
) -> None:
    """Cover a rectangle of a page; corners in any order. Raises InvalidInput."""
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    held = [round(min(1.0, max(0.0, side)), 4) for side in (left, top, right, bottom)]
    if held[2] - held[0] < BOX_MIN or held[3] - held[1] < BOX_MIN:
        raise InvalidInput(fields={"left": [_("The rectangle is too small or off the page.")]})
    with _file_locked(access, code, letter_code, public_id, source) as file:
        boxes = file.boxes.setdefault(str(page), [])
        if len(boxes) >= BOXES_MAX:
            raise InvalidInput(fields={"left": [_("Cover the whole page instead.")]})
        if held not in boxes:
            boxes.append(held)
        _page_saved(file)


def redaction_box_remove(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    page: int,
    box: Sequence[float],
    source: object = None,
) -> None:
    """Uncover exactly this rectangle of a page; one that is gone is no error, and no other one
    takes its place."""
    with _file_locked(access, code, letter_code, public_id, source) as file:
        boxes = file.boxes.get(str(page), [])
        file.boxes[str(page)] = [held for held in boxes if list(held) != list(box)]
        _page_saved(file)


def redaction_page_set(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    page: int,
    what: str,
    source: object = None,
) -> None:
    """``cover`` the whole page, ``leave`` it out of the copy, or put it ``back``."""
    with _file_locked(access, code, letter_code, public_id, source) as file:
        left = set(file.left_pages) - {page}
        file.left_pages = sorted(left | {page}) if what == "leave" else sorted(left)
        if what == "cover":
            file.boxes[str(page)] = [list(WHOLE)]
        _page_saved(file)


def redaction_file_decide(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    decision: str,
    reason: str = "",
    source: object = None,
) -> None:
    """``given`` (as covered, written anew) or ``left_out`` with a reason. Raises InvalidInput."""
    words = reason.strip()
    if decision not in FileDecision.values:
        raise InvalidInput(fields={"decision": [_("Choose one.")]})
    if decision == FileDecision.LEFT_OUT and not 1 <= len(words) <= REASON_MAX:
        raise InvalidInput(
            fields={
                "reason": [_("Say why, in at most %(high)d characters.") % {"high": REASON_MAX}]
            }
        )
    with _file_locked(access, code, letter_code, public_id, source) as file:
        if decision == FileDecision.GIVEN and not shown_as(file.source.content_type):
            message = _("This kind of file cannot be covered here: bring a prepared copy.")
            raise InvalidInput(fields={"decision": [message]})
        file.decision = decision
        file.reason = words if decision == FileDecision.LEFT_OUT else ""
        file.save(update_fields=["decision", "reason"])
        _revised(file)


def redaction_file_prepare(
    *,
    access: Access,
    code: str,
    letter_code: str,
    public_id: object,
    stream: IO[bytes],
    source: object = None,
    at: dt.datetime | None = None,
) -> None:
    """A picture, PDF or text (a transcript) that the officer prepared instead of the file; it is
    covered and written anew like any other. Raises InvalidInput, TooLarge, Stale."""
    letter_to_redact(access, code, letter_code)
    # Its own name is never shown to anybody: it may say what was cut.
    stored = attachment_store(stream=stream, name="ban-chuan-bi", at=at)
    if not shown_as(stored.content_type):
        raise InvalidInput(fields={"file": [_("Bring a picture, a PDF or a text.")]})
    with _file_locked(access, code, letter_code, public_id, source) as file:
        attachments_claim(public_ids=[str(stored.public_id)], at=at or now())
        file.prepared, file.boxes, file.left_pages, file.spans = stored, {}, [], []
        file.decision, file.reason = "", ""
        file.save()
        _revised(file)


def phrases_read(text: str) -> list[str]:
    """One phrase a line, empty lines left in place. Raises InvalidInput above 100."""
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) > PHRASES_MAX:
        raise InvalidInput(fields={"phrases": [_("At most 100 lines.")]})
    return lines


def file_text(file: RedactedFile) -> str:
    """The text of a file that is covered as text. Raises InvalidInput when it cannot be read."""
    source = file.source
    try:
        return text_of(attachment_read(source), source.content_type)
    except OfficeError:
        message = _("The file cannot be read here: leave it out or bring a prepared copy.")
        raise InvalidInput(message) from None


def _draft_new(letter: Letter, access: Access, at: dt.datetime) -> RedactedCopy:
    last = letter.redacted_copies.aggregate(last=Max("number"))["last"] or 0
    before = next(iter(copies_of(letter)), None)
    spans = (
        before.spans
        if before
        else {name: _stored(proposals(getattr(letter, name))) for name in RedactedCopy.TEXTS}
    )
    draft = RedactedCopy.objects.create(
        letter=letter, number=last + 1, spans=spans, made_by_id=access.actor_id, made_at=at
    )
    for file in files_of(before) if before else []:
        file.pk, file.copy, file.result = None, draft, None
        file.save(force_insert=True)
    return draft


def _files_add(draft: RedactedCopy, letter: Letter) -> None:
    known = set(draft.files.values_list("attachment_id", flat=True))
    new = [file for file in originals_of(letter) if file.pk not in known]
    RedactedFile.objects.bulk_create(
        [
            RedactedFile(copy=draft, attachment=file, position=len(known) + number)
            for number, file in enumerate(new, start=1)
        ]
    )


def letter_locked(access: Access, code: str, letter_code: str) -> tuple[Case, Letter]:
    """The letter under the lock of its case, in the caller's transaction. The right is asked behind
    the lock: the case may have gone elsewhere meanwhile. Raises NotVisible, NotPermitted."""
    case_lock(case_get_for(access, code).pk)
    return letter_to_redact(access, code, letter_code)


@contextmanager
def _letter_locked(access: Access, code: str, letter_code: str) -> Iterator[tuple[Case, Letter]]:
    with transaction.atomic():
        yield letter_locked(access, code, letter_code)


@contextmanager
def _draft_locked(
    access: Access, code: str, letter_code: str
) -> Iterator[tuple[Letter, RedactedCopy]]:
    with _letter_locked(access, code, letter_code) as (_case, letter):
        draft = draft_of(letter)
        if draft is None:
            raise NotVisible
        yield letter, draft


@contextmanager
def _file_locked(
    access: Access, code: str, letter_code: str, public_id: object, source: object = None
) -> Iterator[RedactedFile]:
    """A file of the draft. ``source``: what was looked at (``RedactedFile.looked_at``); raises Stale
    when a prepared copy has taken its place since, where the same boxes cover other words, or
    somebody left it out or put it back."""
    with _letter_locked(access, code, letter_code) as (_case, letter):
        file = file_of(letter, public_id)
        if source is not None and file.looked_at != str(source):
            raise Stale
        yield file


def _page_saved(file: RedactedFile) -> None:
    """A file whose pages are worked on is meant to be in the copy."""
    file.decision, file.reason = FileDecision.GIVEN, ""
    file.save(update_fields=["boxes", "left_pages", "decision", "reason"])


def _revised(file: RedactedFile) -> None:
    """A text that somebody has open was made on another state of the draft."""
    RedactedCopy.objects.filter(pk=file.copy_id).update(revision=F("revision") + 1)


def _inside(text: str, spans: Iterable[Span]) -> list[Span]:
    found = list(spans)
    if len(found) > SPANS_MAX or any(not 0 <= s.start < s.end <= len(text) for s in found):
        raise InvalidInput
    return found


def _all_places(text: str, lines: Iterable[str]) -> list[Span]:
    return [span for line in lines for span in occurrences(text, line)]


def _missed(texts: Iterable[str], lines: Sequence[str]) -> list[int]:
    """Numbers of lines (from 1) that name nothing in any of the texts."""
    held = list(texts)
    return [
        number
        for number, line in enumerate(lines, start=1)
        if line and not any(occurrences(text, line) for text in held)
    ]


def _stored(spans: Iterable[Span]) -> list[list[int | str]]:
    """Places once each, in order; one inside another is not kept beside it."""
    found: list[Span] = []
    for span in sorted(set(spans), key=lambda one: (one.start, -one.end)):
        if not any(one.start <= span.start and span.end <= one.end for one in found):
            found.append(span)
    return [[one.start, one.end, str(one.what)] for one in found]
