"""Writing drafts of citizens, and sending one: however often it is sent, one petition."""

import datetime as dt
import os
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.codes import ALPHABET, secret_clean, token_hmac
from common.crypto import seal, seal_by_token
from common.errors import Conflict, InvalidInput, NotVisible
from common.time import now
from petitions.enums import Kind
from petitions.models import Draft, Letter
from petitions.selectors_public import (
    DRAFT_CONTEXT,
    DRAFT_LIFE,
    DRAFT_PURPOSE,
    SENT_LIFE,
    draft_data,
)
from petitions.services.intake import Filing, petition_file

TOKEN_LENGTH = 26  # 26 * 5 bits >= 128 random bits
NEEDED = ("kind", "unit", "field", "subject", "content")
NAMED_KINDS = (Kind.COMPLAINT, Kind.DENUNCIATION)
# Answers to merge, or how they follow from those that are kept at that moment.
Changes = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]


def is_unnamed(answers: Mapping[str, Any]) -> bool:
    """Whether the writer denounces without a name; other kinds always have one."""
    return answers.get("kind") == Kind.DENUNCIATION and bool(answers.get("is_unnamed"))


def draft_start(*, data: Mapping[str, Any], at: dt.datetime | None = None) -> str:
    """Keep the first answers; returns the token that opens the draft, stored only as an HMAC."""
    token = "".join(secrets.choice(ALPHABET) for _i in range(TOKEN_LENGTH))
    version, box = seal(dict(data), context=DRAFT_CONTEXT)
    Draft.objects.create(
        token_hmac=token_hmac(DRAFT_PURPOSE, token),
        key_version=version,
        box=box,
        salt=os.urandom(16),
        updated_at=at or now(),
    )
    return token


def draft_update(*, token: str, changes: Changes, at: dt.datetime | None = None) -> dict[str, Any]:
    """Merge answers into a draft under its lock; returns all answers. ``at``: UTC moment.

    What adds to a list is given as a function of the kept answers, so that two tabs lose nothing.
    Raises NotVisible when the draft is gone, Conflict ``already_sent`` after sending.
    """
    moment = at or now()
    with transaction.atomic():
        draft = _locked(token, moment)
        if draft.letter_id is not None:
            raise Conflict(_("This petition has already been sent."), code="already_sent")
        kept = draft_data(draft)
        data = {**kept, **changes_of(changes, kept)}
        draft.key_version, draft.box = seal(data, context=DRAFT_CONTEXT)
        draft.updated_at = moment
        draft.save(update_fields=["key_version", "box", "updated_at"])
    return data


def changes_of(changes: Changes, kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers to merge into those that are kept."""
    return changes(kept) if callable(changes) else changes


def draft_send(*, token: str, at: dt.datetime | None = None) -> Letter:
    """File the petition of a draft, or return the letter it became. ``at``: UTC moment.

    The draft's salt gives the secret, so that a repeated sending shows the same one. Raises
    NotVisible, InvalidInput (an answer is missing or no longer possible) and what
    ``petition_file`` raises.
    """
    moment = at or now()
    with transaction.atomic():
        draft = _locked(token, moment)
        if draft.letter_id is not None:
            return Letter.objects.get(pk=draft.letter_id)
        data = draft_data(draft)
        filing = _filing(data)
        filed = petition_file(filing=filing, salt=bytes(draft.salt), at=moment)
        draft.letter = Letter.objects.get(code=filed.code)
        draft.updated_at = moment
        if filing.kind == Kind.DENUNCIATION:
            # For a day the denouncer alone, with the token in his browser, prints what he sent.
            own = secret_clean(token)
            draft.key_version, draft.box = seal_by_token(own, data, context=DRAFT_CONTEXT)
        draft.save(update_fields=["letter", "updated_at", "key_version", "box"])
    return draft.letter


def draft_discard(*, token: str) -> None:
    """Forget a draft that was not sent; its files are removed with the other unclaimed ones."""
    key = token_hmac(DRAFT_PURPOSE, secret_clean(token))
    Draft.objects.filter(token_hmac=key, letter=None).delete()


def drafts_prune(*, at: dt.datetime) -> int:
    """Delete drafts a day after sending and those untouched for a week; returns how many.

    With a sent draft goes its salt, from which the secret could be shown again. Running it twice
    changes nothing more. ``at``: UTC moment.
    """
    untouched = Q(updated_at__lte=at - DRAFT_LIFE)
    sent = Q(letter__isnull=False, updated_at__lte=at - SENT_LIFE)
    deleted, _by_model = Draft.objects.filter(untouched | sent).delete()
    return deleted


def _locked(token: str, moment: dt.datetime) -> Draft:
    """No join: after waiting for the lock, a joined letter would be the one of before."""
    draft = (
        Draft.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            token_hmac=token_hmac(DRAFT_PURPOSE, secret_clean(token)),
            updated_at__gt=moment - DRAFT_LIFE,
        )
        .first()
    )
    if draft is None:
        raise NotVisible
    return draft


def _filing(data: Mapping[str, Any]) -> Filing:
    unnamed = is_unnamed(data)
    needed = NEEDED if unnamed else (*NEEDED, "petitioners")
    missing = [name for name in needed if not data.get(name)]
    if missing:
        raise InvalidInput(fields={name: [_("This field is required.")] for name in missing})
    people = [] if unnamed else [dict(person) for person in data["petitioners"]]
    if len(people) == 1:
        people[0]["representative"] = True
    return Filing(
        kind=data["kind"],
        subject=data["subject"],
        content=data["content"],
        request=data.get("request", ""),
        field=data["field"],
        unit=data["unit"],
        respondent=data.get("respondent") if data["kind"] in NAMED_KINDS else None,
        petitioners=people,
        attachments=[file["id"] for file in data.get("files", ())],
        language=get_language() or "",
    )
