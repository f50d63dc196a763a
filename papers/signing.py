"""The digital signature on an issued paper: off until a signer is configured
(``docs/adr/0018-signed-papers-and-word-files.md``)."""

import datetime as dt
from contextlib import suppress
from typing import Protocol

import structlog
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.time import now

log = structlog.get_logger(__name__)
# A time stamp service may hold a book for some seconds; several papers may wait for it in a row.
BOOK_SECONDS = 20


class SigningFailed(DomainError):
    """The signer is configured and did not sign."""

    status = 503
    code = "signing_failed"
    message = _(
        "The paper could not be signed digitally. It is not issued and has no number; try again"
        " later or tell whoever runs the portal."
    )


class Signer(Protocol):
    """Signs in the name of a body, made without arguments. Whatever it raises means that nothing
    was signed.

    ``holder``: whom its certificate names; ``until``: the certificate's last moment.
    """

    holder: str
    until: dt.datetime

    def sign(self, pdf: bytes, *, who: str, reason: str, at: dt.datetime) -> bytes:
        """``pdf`` with a signature over all of it; ``who`` ordered it, ``at`` this moment."""
        ...


def signer_make() -> Signer | None:
    """The signer that the settings name, or None while signing is off. Raises whatever keeps it
    from being made."""
    if not settings.PAPER_SIGNER:
        return None
    signer: Signer = import_string(settings.PAPER_SIGNER)()
    return signer


def signing_prepare() -> Signer | None:
    """The signer, made before a book is held: the first time takes seconds, every time the opening
    of the key. None while signing is off, and where ``signed`` will tell why it cannot be made."""
    with suppress(Exception):
        return signer_make()
    return None


def signed(pdf: bytes, *, who: str, reason: str, signer: Signer | None = None) -> tuple[bytes, str]:
    """The file with its signature and whom the certificate names; while signing is off the file
    as it is and "". The signature is of this moment, whatever date the paper bears: a file that
    stands for an older one is not dated back. ``signer``: made before, else made here. Raises
    SigningFailed."""
    try:
        signer = signer or signer_make()
        if signer is None:
            return pdf, ""
        done = _appended(pdf, signer.sign(pdf, who=who, reason=reason, at=now()))
    except Exception as error:
        # What a provider says may name anybody: not logged
        log.warning("paper_signing_failed", error=type(error).__name__)
        raise SigningFailed from error
    return done, signer.holder


def _appended(pdf: bytes, done: bytes) -> bytes:
    """What a signer gives back, which begins with the paper that was read. Raises ValueError."""
    if not done.startswith(pdf) or done == pdf:
        raise ValueError("a signature is appended to the paper that was read")
    return done
