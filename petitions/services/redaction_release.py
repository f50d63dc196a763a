"""Releasing a redacted copy and withdrawing it.

The files of the copy are made before the case is locked: a hundred pages take seconds. What is
released is what was checked: the fingerprint of the draft is compared again under the lock.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.pages import PAGES_MAX, PDF, PagesError, burn, page_count
from attachments.services import attachment_forget, attachment_keep, attachment_read
from attachments.shown import TEXT, shown_as
from common.errors import Fields, InvalidInput, NotVisible, Stale
from common.history import NewEvent
from common.text import fold
from common.time import now
from notifications.services import NewMessage, outbox_write
from petitions.enums import CopyState, FileDecision
from petitions.models import Case, CaseEvent, Letter, RedactedCopy, RedactedFile
from petitions.redaction_rules import PHRASE_MIN, covered, occurrences
from petitions.selectors_redaction import (
    TEXT_LABELS,
    draft_of,
    files_of,
    fingerprint,
    letter_to_redact,
    names_denouncer,
    originals_of,
    texts_covered,
)
from petitions.services.redaction import file_text, letter_locked, phrases_read
from petitions.services.tells import letters_betray
from petitions.subjects import case_named, subject_neutral


@dataclass(frozen=True)
class Made:
    """A file of the copy before it is stored."""

    file: RedactedFile
    data: bytes
    content_type: str
    name: str


@dataclass(frozen=True)
class _Ready:
    """What a release looks at. ``texts``: of the copy as it is covered, by the name that people
    read; ``file_texts``: of the files without pages, by key, each read once."""

    case: Case
    letter: Letter
    files: Sequence[RedactedFile]
    texts: Mapping[str, str]
    file_texts: Mapping[int, str]

    @property
    def given(self) -> list[RedactedFile]:
        return [file for file in self.files if file.decision == FileDecision.GIVEN]

    @property
    def every_text(self) -> dict[str, str]:
        """Texts and files that are texts, by the name that people read."""
        named = {
            _("File %(number)s") % {"number": file.position}: self.file_texts[file.pk]
            for file in self.files
            if file.pk in self.file_texts
        }
        return {**self.texts, **named}


def redaction_release(
    *,
    access: Access,
    code: str,
    letter_code: str,
    seen: str,
    words: str,
    is_confirmed: bool,
    at: dt.datetime | None = None,
) -> RedactedCopy:
    """Give the draft to whoever sees the case; the version before is withdrawn with it.

    ``words``: name, phone and other words of the denouncer, one a line, that may stand nowhere in
    the copy; they are compared and forgotten. What is known of the denouncer without opening who
    it is (``services/tells.py``) may stand there neither. ``seen``: the fingerprint of what was
    checked. Raises NotVisible, NotPermitted, Stale, InvalidInput with every reason at once.
    """
    case, letter = letter_to_redact(access, code, letter_code)
    draft = draft_of(letter)
    if draft is None:
        raise NotVisible
    files = files_of(draft)
    if fingerprint(draft, files) != seen:
        raise Stale
    ready = _ready(case, letter, draft, files)
    _check(ready, words, is_confirmed=is_confirmed)
    made = [_made(file, ready.file_texts) for file in ready.given]
    return _released(access, case, letter, seen, made, at or now())


def redaction_withdraw(
    *, access: Access, code: str, letter_code: str, at: dt.datetime | None = None
) -> None:
    """Nobody reads the released copy any longer. Raises NotVisible when none is released."""
    moment = at or now()
    with transaction.atomic():
        case, letter = letter_locked(access, code, letter_code)
        number = _withdrawn(access, letter, moment)
        if number is None:
            raise NotVisible
        _named(case, letter, subject_neutral(case.field.label_vi))
        data = {"letter": letter.code, "number": number}
        CaseEvent.append(
            NewEvent(case.pk, "petitions.redaction.withdrawn", data, access.actor_id, moment)
        )


def _ready(
    case: Case, letter: Letter, draft: RedactedCopy, files: Sequence[RedactedFile]
) -> _Ready:
    texts = {str(TEXT_LABELS[name]): text for name, text in texts_covered(draft, letter).items()}
    file_texts = {
        file.pk: covered(file_text(file), file.spans)
        for file in files
        if file.decision == FileDecision.GIVEN and shown_as(file.source.content_type) == "text"
    }
    return _Ready(case, letter, files, texts, file_texts)


def _check(ready: _Ready, words: str, *, is_confirmed: bool) -> None:
    """Raises InvalidInput with everything that is in the way."""
    faults = {
        "files": _files_faults(ready),
        "confirmed": [] if is_confirmed else [_("Tick this box to go on.")],
        "words": _words_missing(words, ready.letter)
        or _words_found(ready.every_text.values(), words),
        "texts": _texts_betray(ready),
    }
    found: Fields = {name: reasons for name, reasons in faults.items() if reasons}
    if found:
        raise InvalidInput(fields=found)


def _files_faults(ready: _Ready) -> list[str]:
    faults = []
    if len({file.attachment_id for file in ready.files}) != len(originals_of(ready.letter)):
        faults.append(_("New files have come in: take them up first."))
    if any(not file.decision for file in ready.files):
        faults.append(_("Decide about every file first."))
    if pages_in_all(ready.given) > PAGES_MAX:
        message = _("More than %(pages)s pages in all: leave a file out or bring it in parts.")
        faults.append(message % {"pages": PAGES_MAX})
    return faults


def _texts_betray(ready: _Ready) -> list[str]:
    """Where something of the sealed identity still stands, never what."""
    found = letters_betray(ready.case, ready.every_text)
    if not found:
        return []
    message = _(
        "Name, number or address of who wrote it still stands here: %(texts)s. Cover it first."
    )
    return [message % {"texts": ", ".join(found)}]


def _words_missing(words: str, letter: Letter) -> list[str]:
    """At least one word that can be looked for: the name of the denouncer, where there is one."""
    if not names_denouncer(letter):
        return []
    lines = phrases_read(words)
    if any(sum(letter.isalnum() for letter in fold(line)) >= PHRASE_MIN for line in lines):
        return []
    return [_("Write at least the name of the denouncer, so that it can be looked for.")]


def _words_found(texts: Iterable[str], words: str) -> list[str]:
    """Lines (by number, never by word) that still stand somewhere in the copy."""
    held = list(texts)
    found = [
        str(number)
        for number, line in enumerate(phrases_read(words), start=1)
        if any(occurrences(text, line) for text in held)
    ]
    if not found:
        return []
    message = _("Still in the copy: line %(lines)s. Cover it first.")
    return [message % {"lines": ", ".join(found)}]


def _made(file: RedactedFile, texts: Mapping[int, str]) -> Made:
    """The file of the copy: pixels or plain text, with a name that says nothing."""
    source, name = file.source, f"ban-sao-{file.position:02d}"
    if file.pk in texts:
        data = texts[file.pk].encode()
        return Made(file, data or b"\n", TEXT, f"{name}.txt")
    boxes = {int(page): [tuple(box) for box in held] for page, held in file.boxes.items()}
    try:
        data = attachment_read(source)
        copy = burn(data, source.content_type, boxes, file.left_pages)
    except PagesError:
        message = _(
            "File %(number)s cannot be written anew: leave it out or bring a prepared copy."
        )
        said = message % {"number": file.position}
        raise InvalidInput(fields={"files": [said]}) from None
    return Made(file, copy, PDF, f"{name}.pdf")


def _released(
    access: Access,
    case: Case,
    letter: Letter,
    seen: str,
    made: Sequence[Made],
    at: dt.datetime,
) -> RedactedCopy:
    """Everything in one transaction; files of one that fails are removed again."""
    kept: list[Attachment] = []
    try:
        with transaction.atomic():
            case, letter = letter_locked(access, case.code, letter.code)
            draft = _draft_as_seen(letter, seen)
            replaced = _withdrawn(access, letter, at)
            kept.extend(_kept(one, at) for one in made)
            _texts_written(draft, letter, access, at)
            _named(case, letter, draft.subject)
            data = _counts(draft, letter) | ({"replaces": replaced} if replaced else {})
            CaseEvent.append(
                NewEvent(case.pk, "petitions.redaction.released", data, access.actor_id, at)
            )
            _tell_handler(access, case, draft, at)
    except Exception:
        for attachment in kept:
            attachment_forget(attachment)
        raise
    return draft


def _tell_handler(access: Access, case: Case, copy: RedactedCopy, at: dt.datetime) -> None:
    """The assigned officer has waited for it."""
    if case.assignee_id in (None, access.user_id) or not case.is_open:
        return
    params = {"code": case.code, "unit": case.unit.full_name}
    key = f"redaction:{copy.pk}:released"
    message = NewMessage(key, "copy_released", params, recipient_id=case.assignee_id)
    outbox_write([message], at=at)


def _draft_as_seen(letter: Letter, seen: str) -> RedactedCopy:
    draft = draft_of(letter)
    if draft is None or fingerprint(draft, files_of(draft)) != seen:
        raise Stale
    return draft


def _counts(copy: RedactedCopy, letter: Letter) -> dict[str, object]:
    decided = list(copy.files.values_list("decision", flat=True))
    return {
        "letter": letter.code,
        "number": copy.number,
        "files": decided.count(FileDecision.GIVEN),
        "left_out": decided.count(FileDecision.LEFT_OUT),
    }


def _kept(made: Made, at: dt.datetime) -> Attachment:
    result = attachment_keep(data=made.data, name=made.name, content_type=made.content_type, at=at)
    RedactedFile.objects.filter(pk=made.file.pk).update(result=result)
    return result


def _texts_written(draft: RedactedCopy, letter: Letter, access: Access, at: dt.datetime) -> None:
    for name, text in texts_covered(draft, letter).items():
        setattr(draft, name, text)
    draft.state = CopyState.RELEASED
    draft.released_by_id, draft.released_at = access.actor_id, at
    draft.save()


def _named(case: Case, letter: Letter, subject: str) -> None:
    """Lists, search, exports and notices show the case's subject: that of its first letter as the
    copy shows it, to everybody. The original stays in the letter."""
    if case.code == letter.code:
        case_named(case, subject)
        case.save(update_fields=["subject", "search_text"])


def _withdrawn(access: Access, letter: Letter, at: dt.datetime) -> int | None:
    """The number of the version that was released until now."""
    copy = letter.redacted_copies.filter(state=CopyState.RELEASED).first()
    if copy is None:
        return None
    copy.state, copy.withdrawn_at = CopyState.WITHDRAWN, at
    copy.withdrawn_by_id = access.actor_id
    copy.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    return copy.number


def pages_of(file: RedactedFile) -> int:
    """Pages of the file that is covered; 0 when it has none that can be shown here."""
    source = file.source
    if shown_as(source.content_type) != "pages":
        return 0
    try:
        return page_count(attachment_read(source), source.content_type)
    except PagesError:
        return 0


def pages_in_all(files: Iterable[RedactedFile]) -> int:
    """Pages that a release writes anew; bounded, since a person waits for it."""
    return sum(pages_of(file) for file in files)
