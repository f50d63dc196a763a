"""Code and secret lost, an e-mail given: a one-time code, the own letters, a new secret.

Whether an address has letters is told to nobody but its owner: the same steps either way.
"""

import datetime as dt
import os
import secrets

from django.db import transaction
from django.utils.translation import get_language

from common.codes import (
    once_code_from_salt,
    secret_clean,
    token_hmac,
    token_matches,
)
from common.crypto import VAULT, seal_by_token
from common.errors import NotVisible
from common.text import storable
from common.time import now
from notifications.services import NewMessage, address_seal, address_unseal, outbox_write
from petitions.contacts import contact_index, contact_indexes
from petitions.models import Letter, Recovery
from petitions.selectors_public import (
    RECOVERY_CONTEXT,
    RECOVERY_PURPOSE,
    recovery_indexes,
    recovery_letters,
    recovery_open,
)
from petitions.services.locking import case_lock
from petitions.services.renewals import BY_EMAIL, secret_renew

TRIES_MAX = 5
ONCE_PURPOSE = "recovery-code"
KEEP = dt.timedelta(days=1)


def recovery_ask(*, email: str, at: dt.datetime | None = None) -> str:
    """Send a one-time code to the address if letters in work gave it; returns the token that
    binds the answer to this browser and is kept nowhere else. ``at``: UTC moment.

    Known and unknown addresses take the same steps: four queries, one message in the outbox, of
    which only that to a known address is ever sent; the other holds no address.
    """
    moment, salt = at or now(), os.urandom(16)
    token = secrets.token_urlsafe(32)
    indexes = contact_indexes(email)
    kept = {"indexes": [index.hex() for index in indexes]}
    _version, sealed = seal_by_token(token, kept, context=RECOVERY_CONTEXT)
    with transaction.atomic():
        Recovery.objects.create(
            token_hmac=token_hmac(RECOVERY_PURPOSE, token),
            sealed_indexes=sealed,
            code_hmac=token_hmac(ONCE_PURPOSE, secret_clean(once_code_from_salt(salt))),
            asked_at=moment,
        )
        is_known = recovery_letters(indexes).exists()
        to = email if is_known else "-" * len(email)
        message = NewMessage(
            key=f"recovery:{salt.hex()}",
            template="one_time_code",
            params={"salt": salt.hex()},
            # Whether the address is a denouncer's is not to be told by who can open it.
            address=address_seal(to, for_vault=True),
            language=get_language() or "",
        )
        outbox_write([message], at=moment, suppress=not is_known)
    return token


def recovery_confirm(*, token: str, code: str, at: dt.datetime | None = None) -> bool:
    """Whether the typed code is the one that was sent, within 20 minutes and five tries; the
    recovery then shows its letters. ``at``: UTC moment."""
    moment = at or now()
    with transaction.atomic():
        row = _locked(token, moment)
        if row is None or row.tries >= TRIES_MAX:
            return False
        row.tries += 1
        fits = token_matches(row.code_hmac, ONCE_PURPOSE, secret_clean(code[:40]))
        row.confirmed_at = moment if fits else None
        row.save(update_fields=["tries", "confirmed_at"])
    return fits


def recovery_renew(*, token: str, code: str, at: dt.datetime | None = None) -> tuple[Letter, str]:
    """A new secret for one of the letters that a confirmed recovery shows; one each time.

    ``at``: UTC moment. Raises NotVisible when the recovery is over or the letter is none of it.
    """
    moment = at or now()
    with transaction.atomic():
        row = _locked(token, moment)
        if row is None or row.confirmed_at is None:
            raise NotVisible
        indexes = recovery_indexes(row, token)
        letter = recovery_letters(indexes).filter(code=storable(code[:20])).first()
        if letter is None:
            raise NotVisible
        case_lock(letter.case_id)
        secret = secret_renew(letter, by=BY_EMAIL, at=moment)
        row.used_at = moment
        row.save(update_fields=["used_at"])
    return letter, secret


def recoveries_prune(*, at: dt.datetime) -> int:
    """Delete askings older than a day (``at``: UTC moment); returns how many."""
    return Recovery.objects.filter(asked_at__lte=at - KEEP).delete()[0]


def contacts_index(batch: int = 500) -> int:
    """Index the oldest ``batch`` letters that gave an address before addresses were indexed; how
    many there were. Addresses are opened by the machine alone: only their HMACs leave this. The
    rotation indexes those that it moves to the vault (``docs/operations.md``)."""
    with transaction.atomic():
        rows = (
            Letter.objects.filter(contact_index=None, contact_key_version__lte=VAULT, origin=None)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:batch]
        )
        letters = list(rows)
        for letter in letters:
            assert letter.contact is not None
            box = address_unseal(*letter.contact)
            letter.contact_index = contact_index(str(box.get("email", "")), letter.kind)
        Letter.objects.bulk_update(letters, ["contact_index"])
    return len(letters)


def _locked(token: str, moment: dt.datetime) -> Recovery | None:
    rows = Recovery.objects.select_for_update(no_key=True)
    return recovery_open(rows, token, moment)
