"""Opinion reports: writing, sending, answering, correcting. The words are in editions; an event
never quotes them."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotVisible, allow, key_read
from common.time import local_date, now
from communes.models import Unit
from communes.selectors import unit_by_code
from escalation.recipients import lead_position
from mobilisation import validators as v
from mobilisation.enums import OpinionPeriod, OpinionSecrecy, OpinionState
from mobilisation.lists import topics
from mobilisation.models import OpinionEdition, OpinionFile, OpinionReport, OpinionText
from mobilisation.policies import (
    may_answer_opinion,
    may_begin,
    may_correct_opinion,
    may_write_opinion,
)
from mobilisation.services._step import (
    Step,
    applied,
    begun,
    changes,
    claimed,
    locked,
    version_check,
)

READER = "BTGDV"  # the City's body that reads them
FILES_MAX = 10
HEAD = ("period", "starts_on", "ends_on", "subject", "secrecy")


@dataclass(frozen=True)
class OpinionWords:
    """A report. ``starts_on``: any local day of its week, month or quarter; an ad hoc report says
    first and last day and what it is about. ``texts``: words by topic of the declared list.
    ``files``: identifiers of uploads that are added."""

    period: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    subject: str = ""
    secrecy: str = OpinionSecrecy.NORMAL
    texts: Mapping[str, str] = field(default_factory=dict)
    assessment: str = ""
    proposals: str = ""
    files: Sequence[str] = ()


@transaction.atomic
def opinion_create(
    *, access: Access, unit: Unit, words: OpinionWords, at: dt.datetime | None = None
) -> OpinionReport:
    """Begin a report as a draft, seen in the unit alone. Raises NotPermitted, InvalidInput on the
    names of ``OpinionWords`` and ``text_<topic>``."""
    allow(may_begin(access, unit.pk))
    moment = at or now()
    head, body, texts = _checked(words, moment)
    row = OpinionReport.objects.create(unit=unit, by_id=access.actor_id, created_at=moment, **head)
    step = Step(row, access, moment, "opinion.created")
    _edition_write(step, body, texts)
    _files_take(step, words.files)
    step.note()
    return row


@transaction.atomic
def opinion_change(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    words: OpinionWords,
    at: dt.datetime | None = None,
) -> OpinionReport:
    """Write on a draft. Raises NotVisible, NotPermitted, Stale, InvalidInput."""
    row = _locked(access, public_id)
    allow(may_write_opinion(access, row))
    version_check(row, version)
    step = begun(row, access, "opinion.changed", at)
    head, body, texts = _checked(words, step.at)
    step.data["fields"] = sorted(changes(row, head))
    applied(row, head)
    row.editions.filter(number=row.edition).delete()
    _edition_write(step, body, texts)
    _files_take(step, words.files)
    step.finish()
    return row


@transaction.atomic
def opinion_send(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> OpinionReport:
    """Send a draft to the City; its words are not changed any more. Raises NotVisible, NotPermitted,
    Stale, InvalidInput on ``assessment`` and ``texts`` when they are missing."""
    row = _locked(access, public_id)
    allow(may_write_opinion(access, row))
    version_check(row, version)
    edition = row.editions.get(number=row.edition)
    _complete(edition.assessment, edition.texts.exists())
    step = begun(row, access, "opinion.sent", at, quiet)
    _sent(step)
    return row


@transaction.atomic
def opinion_correct(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    words: OpinionWords,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> OpinionReport:
    """Send a new edition of what was sent or returned, with a reason; the old one is kept, and the
    City reads again. What was confidential stays so. Raises as ``opinion_change``, InvalidInput
    also on ``reason``."""
    row = _locked(access, public_id)
    allow(may_correct_opinion(access, row))
    version_check(row, version)
    step = begun(row, access, "opinion.corrected", at, quiet)
    errors = v.Errors()
    why = errors.text("reason", reason, v.REASON_MAX, needed=True)
    if row.is_confidential and words.secrecy != OpinionSecrecy.CONFIDENTIAL:
        errors["secrecy"] = [_("A report that was sent as confidential stays confidential.")]
    errors.refuse()
    head, body, texts = _checked(words, step.at)
    _complete(body["assessment"], bool(texts))
    step.data["fields"] = sorted(changes(row, head))
    applied(row, head)
    row.edition += 1
    _edition_write(step, body | {"reason": why}, texts)
    _files_take(step, words.files)
    _sent(step)
    return row


@transaction.atomic
def opinion_answer(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    is_read: bool,
    text: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> OpinionReport:
    """Note for the City that a report was read, or return it with a reason. Raises NotVisible,
    NotPermitted, Stale, InvalidInput on ``text``."""
    row = _locked(access, public_id)
    allow(may_answer_opinion(access, row))
    version_check(row, version)
    errors = v.Errors()
    words = errors.text("text", text, v.WORDS_MAX, needed=not is_read)
    errors.refuse()
    step = begun(row, access, "opinion.read" if is_read else "opinion.returned", at, quiet)
    row.state = OpinionState.READ if is_read else OpinionState.RETURNED
    row.answered_at, row.answered_by_id, row.answer = step.at, access.actor_id, words
    edition = row.editions.get(number=row.edition)
    edition.answer = words
    edition.save(update_fields=["answer"])
    template = "opinion_read" if is_read else "opinion_returned"
    step.tell(template, {"id": str(row.public_id)}, recipient_id=edition.by_id)
    step.finish()
    return row


@transaction.atomic
def opinion_file_remove(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    file: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> OpinionReport:
    """Take a file out of a draft. Raises NotVisible, NotPermitted, Stale."""
    row = _locked(access, public_id)
    allow(may_write_opinion(access, row))
    version_check(row, version)
    shown = row.files.filter(attachment__public_id=key_read(file), removed_at=None)
    found = shown.select_for_update(of=("self",)).first()
    if found is None:
        raise NotVisible
    step = begun(row, access, "opinion.file_removed", at)
    found.removed_at = step.at
    found.save(update_fields=["removed_at"])
    step.finish()
    return row


def _locked(access: Access, public_id: uuid.UUID | str) -> OpinionReport:
    return locked(OpinionReport.objects.visible_to(access).select_related("unit"), public_id)


def _sent(step: Step) -> None:
    row = step.row
    row.state, row.sent_at = OpinionState.SENT, step.at
    row.answered_at, row.answered_by_id, row.answer = None, None, ""
    step.data["edition"] = row.edition
    reader = unit_by_code(READER)
    if reader is not None:
        params = {"id": str(row.public_id)}
        step.tell("opinion_arrived", params, unit_id=reader.pk, position=lead_position(reader))
    step.finish()


def _checked(
    words: OpinionWords, moment: dt.datetime
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """Head, body and words by topic, cleaned. Raises InvalidInput naming everything wrong."""
    errors = v.Errors()
    errors.choice("period", words.period, OpinionPeriod.values)
    errors.choice("secrecy", words.secrecy, OpinionSecrecy.values)
    is_ad_hoc = words.period == OpinionPeriod.AD_HOC
    if words.starts_on > local_date(moment):
        raise InvalidInput(fields=errors | {"starts_on": [_("The date is in the future.")]})
    first, last = v.period_days(words.period, words.starts_on, words.ends_on)
    subject = errors.text("subject", words.subject, v.SUBJECT_MAX, needed=is_ad_hoc)
    if last < first or (last - first).days > v.AD_HOC_DAYS_MAX:
        errors["ends_on"] = [_("The last day lies before the first, or too far behind it.")]
    body = {
        name: errors.text(name, getattr(words, name), v.WORDS_MAX)
        for name in ("assessment", "proposals")
    }
    texts = _texts_checked(errors, words.texts)
    errors.refuse()
    return (
        dict(zip(HEAD, (words.period, first, last, subject, words.secrecy), strict=True)),
        body,
        texts,
    )


def _texts_checked(errors: v.Errors, texts: Mapping[str, str]) -> dict[str, str]:
    if set(texts) - set(topics()):
        errors["texts"] = [_("Choose values of the list.")]
    found = {
        code: errors.text(f"text_{code}", texts[code], v.WORDS_MAX)
        for code in topics()
        if code in texts
    }
    return {code: text for code, text in found.items() if text}


def _complete(assessment: str, has_texts: bool) -> None:
    """Raises InvalidInput when something that a sent report has is missing."""
    errors = v.Errors()
    if not assessment:
        errors["assessment"] = [_("Say how the situation is assessed before it is sent.")]
    if not has_texts:
        errors["texts"] = [_("Write on at least one topic before it is sent.")]
    errors.refuse()


def _edition_write(step: Step, body: dict[str, str], texts: dict[str, str]) -> None:
    edition = OpinionEdition.objects.create(
        report=step.row, number=step.row.edition, by_id=step.access.actor_id, at=step.at, **body
    )
    rows = [OpinionText(edition=edition, topic=code, text=text) for code, text in texts.items()]
    OpinionText.objects.bulk_create(rows)


def _files_take(step: Step, public_ids: Sequence[str]) -> None:
    row = step.row
    have = row.files.filter(removed_at=None).count()
    if have + len(public_ids) > FILES_MAX:
        raise InvalidInput(fields={"files": [_("At most %(n)d files.") % {"n": FILES_MAX}]})
    files = claimed(public_ids, "files", step.at)
    OpinionFile.objects.bulk_create(
        [
            OpinionFile(
                report=row,
                attachment=file,
                edition=row.edition,
                by_id=step.access.actor_id,
                at=step.at,
            )
            for file in files
        ]
    )
    if files:
        step.data["files"] = len(files)
