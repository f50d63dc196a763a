"""Registers of the ward for their tests: what they show to whom."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.test import Client

from common.sheet_reader import xlsx_read
from common.time import local_moment
from communes.models import Unit
from receptions.selectors_register import Entry
from reports.registers import BY_CODE
from reports.selectors_registers import Asked, book_all
from tests.people import WARD, access_make, person_make

NOW = local_moment(dt.date(2026, 11, 23), 9)
ROOT = "/can-bo/so/"
LETTERS, SEALED = ROOT + "tiep-nhan-don/", ROOT + "don-to-cao/"
ACCUSED = {"name": "Ông Bryxol", "unit": "00025", "position": "officer"}
NAMELESS = "Danh tính được bảo vệ (Luật Tố cáo)"


def asked(code: str = "letters", **changes: Any) -> Asked:
    values = {
        "book": BY_CODE[code],
        "unit": Unit.objects.get(code=WARD),
        "since": dt.date(2026, 1, 1),
        "until": dt.date(2026, 12, 31),
    }
    return Asked(**(values | changes))


def rows(who: str = "clerk", code: str = "letters", **changes: Any) -> list[Entry]:
    return list(book_all(access_make(who), asked(code, **changes)))


def numbers(found: Iterable[Entry]) -> list[str]:
    return [entry.cells[0] for entry in found]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_make(name))
    return client


def table(answer: Any) -> list[list[str]]:
    """Head and rows of a workbook that came as an answer."""
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    read = xlsx_read(data)
    width = len(read.head)
    found = [[cell.text for cell in row] for _number, row in read.rows]
    return [read.head, *([*row, *[""] * (width - len(row))] for row in found)]
