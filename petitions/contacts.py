"""By what letters of one e-mail address are found, without opening any."""

from common.blind import blind_index
from petitions.enums import Kind


def contact_index(email: str, kind: str) -> bytes:
    """What is stored beside a letter that gave this address.

    Those of denunciations are made otherwise: what a denouncer wrote besides must not be found by
    comparing rows (Articles 47 and 56 of the Law on Denunciations).
    """
    purpose = "email:denunciation" if kind == Kind.DENUNCIATION else "email"
    return blind_index(purpose, email.strip().lower())


def contact_indexes(email: str) -> list[bytes]:
    """Every index under which letters of an address may lie."""
    return [contact_index(email, kind) for kind in (Kind.COMPLAINT, Kind.DENUNCIATION)]
