"""What tests of the overview share: addresses, a day that has passed, what a person sees."""

import datetime as dt

from django.test import Client

from directives.overview import Cell
from directives.selectors_overview import Scope, heat
from tests.directives.giving import later
from tests.people import access_make

HOME = "/can-bo/chi-dao/tong-quan/"
GROUP = "1699-cv-tu-1"
PASSED = dt.date(2026, 11, 20)


def cells(scope: Scope, who: str = "propaganda", day: int = 8) -> dict[str, Cell]:
    """What a person sees of each unit, together, on a day."""
    table = heat(access_make(who), scope, later(day).date())
    return {row.unit.code: row.total for row in table.rows}


def body(client: Client, address: str) -> str:
    """A file as text."""
    answer = client.get(address)
    return b"".join(answer.streaming_content).decode()
