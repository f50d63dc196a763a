"""What a petitioner without an account may read: a letter by code and secret, the own draft."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from attachments.models import Attachment, AttachmentState
from common.codes import code_clean, secret_clean, secret_from_salt, token_hmac, token_matches
from common.crypto import BY_TOKEN, unseal, unseal_by_token
from common.time import now
from petitions.models import Draft, Letter, Recovery

CODE_PREFIX = "HN"
SECRET_PURPOSE = "petition-secret"  # noqa: S105 -- names a use, is none
TYPED_MAX = 200  # characters of a typed code or secret that are looked at
DRAFT_PURPOSE = "draft-token"
DRAFT_CONTEXT = "draft"
DRAFT_LIFE = dt.timedelta(days=7)
SENT_LIFE = dt.timedelta(hours=24)  # how long text and secret of a sent draft can be printed
RECOVERY_PURPOSE = "recovery-token"
RECOVERY_CONTEXT = "recovery"
RECOVERY_LIFE = dt.timedelta(minutes=20)
_NO_CODE = "-"


def letter_track(code: str, secret: str) -> Letter | None:
    """The letter with this code when the secret fits, with its case and units.

    Unknown, malformed and wrong take the same steps: one HMAC, one query that finds nothing. That
    the database compares HMACs tells nobody anything: they cannot be aimed at without the key.
    """
    known = code_clean(code[:TYPED_MAX], CODE_PREFIX) or _NO_CODE
    digest = token_hmac(SECRET_PURPOSE, secret_clean(secret[:TYPED_MAX]))
    related = ("case__unit", "case__field", "addressed_unit")
    rows = Letter.objects.select_related(*related)
    return rows.filter(code=known, secret_hmac=digest).first()


def secret_fits(letter: Letter, secret: str) -> bool:
    """Whether the secret typed again is that of a letter that is open already; no query."""
    return token_matches(letter.secret_hmac, SECRET_PURPOSE, secret_clean(secret[:TYPED_MAX]))


def letter_by_id(pk: int) -> Letter | None:
    """The letter that a session may show, after ``letter_track`` said yes."""
    related = ("case__unit", "case__field", "addressed_unit")
    return Letter.objects.select_related(*related).filter(pk=pk).first()


@dataclass(frozen=True)
class OpenDraft:
    """A draft as its writer sees it."""

    token: str
    data: dict[str, Any]
    letter: Letter | None
    salt: bytes

    @property
    def secret(self) -> str:
        """The secret of the letter that this draft became."""
        return secret_from_salt(self.salt)


def draft_open(token: str, *, at: dt.datetime | None = None) -> OpenDraft | None:
    """The living draft of a token as typed or from the cookie, or None. ``at``: UTC moment.

    A sent one lives for ``SENT_LIFE``, so that the secret is not shown for ever.
    """
    clean = secret_clean(token[:TYPED_MAX])
    moment = at or now()
    draft = (
        Draft.objects.select_related("letter__case__unit", "letter__case__field")
        .filter(token_hmac=token_hmac(DRAFT_PURPOSE, clean), updated_at__gt=moment - DRAFT_LIFE)
        .first()
    )
    if draft is None or (draft.letter_id and draft.updated_at <= moment - SENT_LIFE):
        return None
    return OpenDraft(clean, draft_data(draft, clean), draft.letter, bytes(draft.salt))


def draft_data(draft: Draft, token: str = "") -> dict[str, Any]:
    """The answers kept in a draft; those of a sent denunciation open by the writer's token only."""
    if draft.key_version == BY_TOKEN:
        return unseal_by_token(token, bytes(draft.box), context=DRAFT_CONTEXT)
    return unseal(draft.key_version, bytes(draft.box), context=DRAFT_CONTEXT)


def files_waiting(public_ids: Sequence[str]) -> set[str]:
    """Those of the uploads that are still stored and in no letter."""
    rows = Attachment.objects.filter(
        public_id__in=list(public_ids), claimed_at=None, state=AttachmentState.STORED
    )
    return {str(public_id) for public_id in rows.values_list("public_id", flat=True)}


def recovery_open(rows: QuerySet[Recovery], token: str, at: dt.datetime) -> Recovery | None:
    """The asking of this browser, while it may be answered (``at``: UTC moment) and no secret was
    issued by it."""
    return rows.filter(
        token_hmac=token_hmac(RECOVERY_PURPOSE, token),
        asked_at__gt=at - RECOVERY_LIFE,
        used_at=None,
    ).first()


def recovery_indexes(row: Recovery, token: str) -> list[bytes]:
    """What the asking of this token looks for. Raises InvalidTag for another's token."""
    kept = unseal_by_token(token, row.sealed_indexes, context=RECOVERY_CONTEXT)
    return [bytes.fromhex(index) for index in kept["indexes"]]


def recovery_letters(indexes: Sequence[bytes]) -> QuerySet[Letter]:
    """What petitioners filed under these indexes and is still in work, the newest first."""
    return Letter.objects.filter(
        contact_index__in=list(indexes), origin=None, case__closed_at=None
    ).order_by("-submitted_at", "-id")


def recovered_letters(token: str, *, at: dt.datetime | None = None) -> list[Letter] | None:
    """The letters that a confirmed asking shows; None when it is over. ``at``: UTC moment."""
    row = recovery_open(Recovery.objects.all(), token, at or now())
    if row is None or row.confirmed_at is None:
        return None
    return list(recovery_letters(recovery_indexes(row, token)))
