"""The way from a receipt to the calculator."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from deadlines.forecast import COMPLAINT, DENUNCIATION, SECOND_COMPLAINT


def calculator_href(kind: str, received_on: dt.date, instance: int = 1) -> str:
    """The calculator filled in; empty for a denunciation, whose kind stands in no address that a
    device keeps (Article 8 of the Law on Denunciations)."""
    address = reverse("deadlines:calculator")
    if kind == DENUNCIATION:
        return address
    asked = SECOND_COMPLAINT if kind == COMPLAINT and instance > 1 else kind
    query = urlencode({"kind": asked, "date": received_on.isoformat()})
    return f"{address}?{query}#dates"
