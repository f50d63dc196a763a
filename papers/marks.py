"""What proves a paper in somebody's hand: the code of its QR and the public page behind it."""

import datetime as dt
import io
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True)
class Mark:
    """The QR (SVG) and the address in it, as the layout prints them (``#proof``); both empty on a
    paper that is not issued. ``at``: the UTC moment of the issue, for ``paper_pdf``."""

    qr: str = ""
    verify: str = ""
    at: dt.datetime | None = None

    @property
    def facts(self) -> dict[str, str]:
        return {"qr": self.qr, "verify": self.verify}


UNMARKED = Mark()


def mark_of(code: str | None, at: dt.datetime | None = None) -> Mark:
    """The mark of the paper with this code of ``code_new``; ``UNMARKED`` without one."""
    if not code:
        return UNMARKED
    address = settings.PUBLIC_BASE_URL + reverse("papers:verify", args=[code])
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=2, dark="#000", light="#fff", xmldecl=False
    )
    return Mark(out.getvalue().decode(), address, at)
