"""What a petitioner without an account may read: a letter by code and secret, the own draft."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attachments.models import Attachment, AttachmentState
from common.codes import code_clean, secret_clean, secret_from_salt, token_hmac, token_matches
from common.crypto import unseal
from common.time import now
from petitions.models import Draft, Letter

CODE_PREFIX = "HN"
SECRET_PURPOSE = "petition-secret"  # noqa: S105 -- names a use, is none
TYPED_MAX = 200  # characters of a typed code or secret that are looked at
DRAFT_PURPOSE = "draft-token"
DRAFT_CONTEXT = "draft"
DRAFT_LIFE = dt.timedelta(days=7)
SENT_LIFE = dt.timedelta(hours=24)  # how long text and secret of a sent draft can be printed
_NO_CODE = "-"
_NO_SECRET = bytes(32)


def letter_track(code: str, secret: str) -> Letter | None:
    """The letter with this code when the secret fits, with its case and units.

    Unknown, malformed and wrong take the same steps: one query, one comparison.
    """
    known = code_clean(code[:TYPED_MAX], CODE_PREFIX) or _NO_CODE
    letter = (
        Letter.objects.select_related("case__unit", "case__field", "addressed_unit")
        .filter(code=known)
        .first()
    )
    stored = bytes(letter.secret_hmac) if letter is not None else _NO_SECRET
    fits = token_matches(stored, SECRET_PURPOSE, secret_clean(secret[:TYPED_MAX]))
    return letter if fits else None


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
    return OpenDraft(clean, draft_data(draft), draft.letter, bytes(draft.salt))


def draft_data(draft: Draft) -> dict[str, Any]:
    """The answers kept in a draft."""
    return unseal(draft.key_version, bytes(draft.box), context=DRAFT_CONTEXT)


def files_waiting(public_ids: Sequence[str]) -> set[str]:
    """Those of the uploads that are still stored and in no letter."""
    rows = Attachment.objects.filter(
        public_id__in=list(public_ids), claimed_at=None, state=AttachmentState.STORED
    )
    return {str(public_id) for public_id in rows.values_list("public_id", flat=True)}
