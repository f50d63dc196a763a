"""Messages both ways and the petitioner's rating. The version of the case stays: a citizen's
message makes no officer's open form stale."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.services import attachments_claim
from common.errors import DomainError, InvalidInput, NotPermitted
from common.history import NewEvent
from common.text import clean, is_storable
from common.time import local_date, now
from notifications.services import NewMessage, outbox_write
from petitions.enums import MessageKind
from petitions.models import (
    Case,
    CaseEvent,
    CaseMessage,
    Letter,
    MessageAttachment,
    Note,
    Rating,
)
from petitions.policies import may_read_letters, may_write
from petitions.receivers import DECIDERS, SUPERIOR, desk_of, superior_for
from petitions.services.locking import case_locked
from petitions.talk import live_case_id, petitioners_letters
from petitions.workflow import RATEABLE

TEXT_MAX = 20_000
FILES_MAX = 10
BAD = 2  # a score up to this goes to the superior


def message_receive(
    *,
    letter: Letter,
    text: str,
    attachments: Sequence[str] = (),
    kind: str = MessageKind.MESSAGE,
    at: dt.datetime | None = None,
) -> CaseMessage:
    """The holder of a letter's secret writes, at any time, also after closing.

    It reaches the assigned officer, else the desk of the unit, and marks the case until somebody
    answers. Raises InvalidInput (nothing written, too long, unknown file).
    """
    body = _checked(text, needed=not attachments)
    if len(attachments) > FILES_MAX:
        raise InvalidInput(fields={"attachments": [_("At most 10 files.")]})
    moment = at or now()
    with transaction.atomic():
        case = _live_case(letter)
        message = CaseMessage.objects.create(
            case=case, letter=letter, kind=kind, text=body, at=moment
        )
        files = attachments_claim(public_ids=list(attachments), at=moment) if attachments else []
        MessageAttachment.objects.bulk_create(
            [MessageAttachment(message=message, attachment=file) for file in files]
        )
        Case.objects.filter(pk=case.pk).update(citizen_wrote_at=moment)
        data = {"kind": kind, "files": len(files)}
        CaseEvent.append(NewEvent(case.pk, "petitions.message.received", data, None, moment))
        outbox_write([_to_desk(case, f"message:{message.pk}", "citizen_wrote")], at=moment)
    return message


def message_send(
    *,
    access: Access,
    code: str,
    text: str,
    is_internal: bool,
    letter: str = "",
    seen_until: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Case:
    """An officer writes to the petitioner, or a note that only officers read.

    ``letter``: the code of the petitioner's letter that is answered; without it the one that
    wrote last. A message answers what was written until ``seen_until`` (UTC moment, now without
    it). Raises NotVisible, NotPermitted, InvalidInput.
    """
    body, moment = _checked(text, needed=True), at or now()
    with transaction.atomic():
        case = _locked(access, code)
        if is_internal:
            _note(case, access, body, moment)
        else:
            _send(case, access, body, moment, letter)
            _answered(case, seen_until or moment)
    return case


def messages_seen(
    *,
    access: Access,
    code: str,
    seen_until: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Case:
    """The officer has read what the petitioner wrote until ``seen_until`` (UTC moment, now without
    it); it needs no answer. Who may not read the letters cannot have read it: NotPermitted."""
    moment = at or now()
    with transaction.atomic():
        case = _locked(access, code)
        sealed = may_read_letters(access, case)
        if sealed is not None:
            raise NotPermitted(sealed)
        if _answered(case, seen_until or moment):
            event = NewEvent(case.pk, "petitions.message.seen", {}, access.actor_id, moment)
            CaseEvent.append(event)
    return case


def rating_give(
    *,
    letter: Letter,
    score: int,
    text: str = "",
    objects_to_result: bool = False,
    at: dt.datetime | None = None,
) -> Rating:
    """The petitioner rates a result once a day at most; a bad rating or an objection goes to the
    head and one level up, never to a barred unit.

    Raises InvalidInput, or DomainError ``not_yet`` (409) before there is a result and
    ``rated_today``.
    """
    if not 1 <= score <= 5:
        raise InvalidInput(fields={"score": [_("Choose 1 to 5.")]})
    body, moment = _checked(text, needed=False), at or now()
    with transaction.atomic():
        case = _live_case(letter)
        _may_rate(case, letter, moment)
        rating = Rating.objects.create(
            letter=letter, score=score, text=body, objects_to_result=objects_to_result, at=moment
        )
        data = {"score": score, "objects": objects_to_result}
        CaseEvent.append(NewEvent(case.pk, "petitions.rating.given", data, None, moment))
        if score <= BAD or objects_to_result:
            outbox_write(list(_to_superiors(case, f"rating:{rating.pk}")), at=moment)
    return rating


def _may_rate(case: Case, letter: Letter, at: dt.datetime) -> None:
    if case.status not in RATEABLE:
        raise DomainError(_("There is no result yet."), code="not_yet", status=409)
    last = Rating.objects.filter(letter=letter).order_by("-id").first()
    if last is not None and local_date(last.at) == local_date(at):
        message = _("You have rated today; you may change it tomorrow.")
        raise DomainError(message, code="rated_today", status=409)


def _live_case(letter: Letter) -> Case:
    """The case that handles the petitioner's letter now, locked."""
    rows = Case.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=live_case_id(letter))


def _locked(access: Access, code: str) -> Case:
    case = case_locked(access, code)
    refusal = may_write(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    return case


def _send(case: Case, access: Access, body: str, at: dt.datetime, code: str) -> None:
    letter = _answered_letter(case, code)
    message = CaseMessage.objects.create(
        case=case, letter=letter, text=body, by_id=access.actor_id, at=at
    )
    CaseEvent.append(NewEvent(case.pk, "petitions.message.sent", {}, access.actor_id, at))
    if letter.contact is not None:
        news = NewMessage(
            key=f"message:{message.pk}",
            template="petition_news",
            params={"code": letter.code, "unit": case.unit.full_name},
            address=letter.contact,
            language=letter.language,
        )
        outbox_write([news], at=at)


def _answered_letter(case: Case, code: str) -> Letter:
    """The letter with this code among those of the case; without a code the one that wrote last,
    so that nobody reads the answer to somebody else."""
    letters = {letter.code: letter for letter in petitioners_letters(case)}
    if code and code not in letters:
        raise InvalidInput(fields={"letter": [_("Choose a letter of this case.")]})
    if code:
        return letters[code]
    last = CaseMessage.objects.filter(case=case, by=None).order_by("-id").first()
    return last.letter if last is not None else next(iter(letters.values()))


def _note(case: Case, access: Access, body: str, at: dt.datetime) -> None:
    Note.objects.create(
        case=case, action="note", version=0, text=body, by_id=access.actor_id, at=at
    )
    CaseEvent.append(NewEvent(case.pk, "petitions.note.added", {}, access.actor_id, at))


def _answered(case: Case, until: dt.datetime) -> bool:
    """Clear the mark for what was written until then; what came later keeps waiting."""
    waiting = Case.objects.filter(pk=case.pk, citizen_wrote_at__lte=until)
    return bool(waiting.update(citizen_wrote_at=None))


def _to_desk(case: Case, key: str, template: str) -> NewMessage:
    """To the assigned officer while the case is open, else to the desk of the unit; a
    denunciation's to the desk, since its handler may not read what the denouncer wrote."""
    params: dict[str, Any] = {"code": case.code, "unit": case.unit.full_name}
    if case.assignee_id is not None and case.is_open and not case.is_denunciation:
        return NewMessage(key, template, params, recipient_id=case.assignee_id)
    address: dict[str, Any] = {"unit_id": case.unit_id, "position": desk_of(case.unit)}
    return NewMessage(key, template, params, is_secret=case.is_denunciation, **address)


def _to_superiors(case: Case, key: str) -> list[NewMessage]:
    params = {"code": case.code, "unit": case.unit.full_name}
    to = [(f"{key}:head", case.unit_id, DECIDERS.get(case.unit.code, "head"))]
    superior = superior_for(case)
    if superior is not None:
        to.append((f"{key}:up", superior.pk, DECIDERS[SUPERIOR]))
    secret = case.is_denunciation
    return [
        NewMessage(name, "bad_rating", params, unit_id=unit, position=position, is_secret=secret)
        for name, unit, position in to
    ]


def _checked(text: str, *, needed: bool) -> str:
    if not is_storable(text):
        message = _("The text contains characters that cannot be stored.")
        raise InvalidInput(fields={"text": [message]})
    body = clean(text)
    if needed and not body:
        raise InvalidInput(fields={"text": [_("Write something first.")]})
    if len(body) > TEXT_MAX:
        raise InvalidInput(fields={"text": [_("At most 20,000 characters.")]})
    return body
