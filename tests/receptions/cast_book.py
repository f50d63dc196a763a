"""Visits in register 03/TCD for its tests."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client

from common.time import local_moment
from communes.models import Unit
from receptions.models import (
    ReceptionSession,
    VisitRecord,
)
from receptions.selectors_register import Asked, Entry, register_all
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make
from tests.receptions.cast import DAY, register
from tests.receptions.concluding import promised

BOOK = "/can-bo/tiep-dan/so-tiep-cong-dan/"
FILE = BOOK + "tai-ve/"
YEAR = "?period=year&day=2026-12-01"
DURING = local_moment(DAY, 9)
Tell = Callable[..., Story]
SEALED = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_make(name))
    return client


def heard(session: ReceptionSession, number: int = 1, **changes: Any) -> VisitRecord:
    """A recorded visit, with further columns of the record."""
    petition = changes.pop("petition", None)
    code = register(session, number, petition=petition).code
    outcome, kind = changes.pop("outcome", "taken_in"), changes.pop("kind", "")
    entry: Any = {"kind": kind, "content": changes.pop("content", "")}
    entry |= {"note": changes.pop("note", "")}
    told = promised(outcome)
    entry = told.pop("entry", {}) | entry
    session_record(
        access=access_make(changes.pop("who", "secretary")),
        session_id=session.public_id,
        code=code,
        visit=Visit(changes.pop("said", "Công dân trình bày."), outcome, entry=entry, **told),
        at=DURING,
    )
    changes = changes or {"outcome": outcome}
    VisitRecord.objects.filter(registration__code=code).update(**changes)
    return VisitRecord.objects.get(registration__code=code)


def asked(**changes: Any) -> Asked:
    values = {
        "unit": Unit.objects.get(code=WARD),
        "since": dt.date(2026, 12, 1),
        "until": dt.date(2026, 12, 31),
    }
    return Asked(**(values | changes))


def rows(who: str = "clerk", **changes: Any) -> list[Entry]:
    return list(register_all(access_make(who), asked(**changes)))


def cells(who: str = "clerk", **changes: Any) -> tuple[str, ...]:
    return rows(who, **changes)[0].cells
