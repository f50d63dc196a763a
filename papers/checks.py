"""What ``manage.py check`` says of the digital signature: nothing while it is off."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from common.time import now
from papers.signing import signer_make

PARTS = (
    "PAPER_SIGNING_KEY", "PAPER_SIGNING_CERTIFICATE", "PAPER_SIGNING_PASSWORD", "PAPER_SIGNING_TSA",
)  # fmt: skip
DAYS_LEFT = 30


@checks.register
def signing_check(**options: Any) -> list[checks.CheckMessage]:
    """Half configured, a key that does not open, a certificate that has ended or soon will."""
    if not settings.PAPER_SIGNER:
        found = [name for name in PARTS if getattr(settings, name)]
        words = f"Papers are not signed: {', '.join(found)} set without PAPER_SIGNER"
        return [checks.Error(words, id="papers.E001")] if found else []
    try:
        signer = signer_make()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="papers.E002")]
    except Exception as error:  # noqa: BLE001 - a provider may raise anything; its words stay unsaid
        return [
            checks.Error(f"The signer cannot be made: {type(error).__name__}", id="papers.E002")
        ]
    left = (signer.until - now()).days if signer else DAYS_LEFT
    if left < 0:
        return [checks.Error("The certificate for signing papers has ended", id="papers.E003")]
    if left < DAYS_LEFT:
        words = f"The certificate for signing papers ends in {left} days"
        return [checks.Warning(words, id="papers.W001")]
    return []
