"""Visits that become cases, for their tests."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from common.time import local_moment
from petitions.models import Case
from receptions.models import (
    ReceptionSession,
    Registration,
)
from receptions.services.visit_case import VisitFiling, visit_case_join, visit_case_make
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make
from tests.receptions.cast import DAY, register, session_public
from tests.receptions.concluding import promised

DESK = "/can-bo/tiep-dan/"
DURING = local_moment(DAY, 9)
Tell = Callable[..., Story]
HIDDEN = "Ông Bryxol nhận phong bì màu xanh."
OWN_CHAIR = {"name": "Ông Bryxol", "unit": WARD, "position": "head"}
ANOTHER = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
FORM = {
    "do": "make",
    "key": "k" * 32,
    "kind": "complaint",
    "field": "land_compensation",
    "subject": "Khiếu nại mức bồi thường",
    "content": "Mức bồi thường chưa đúng.",
    "address": "Số 5, phố Tưởng Tượng",
    "respondent_name": "Ủy ban nhân dân phường",
    "respondent_unit": WARD,
    "representatives": "1",
}


def heard(number: int = 1, said: str = "Đề nghị xem lại mức bồi thường.", **changes: Any) -> str:
    """A recorded visit of a new session; its code."""
    session = changes.pop("session", None) or session_public()
    entry = changes.pop("entry", {})
    code = register(session, number, **changes).code
    session_record(
        access=access_make("secretary"),
        session_id=session.public_id,
        code=code,
        visit=Visit(said, "taken_in", entry=entry, **promised("taken_in")),
        at=DURING,
    )
    return code


def session_of(code: str) -> ReceptionSession:
    return Registration.objects.get(code=code).session


def make(code: str, who: str = "clerk", **changes: Any) -> Any:
    values: dict[str, Any] = {
        "kind": "complaint",
        "field": "land_compensation",
        "subject": "Khiếu nại mức bồi thường",
        "content": "Mức bồi thường chưa đúng.",
        "person": (("address", "Số 5, phố Tưởng Tượng"),),
        "respondent": {"name": "UBND phường", "unit": WARD, "position": ""},
    }
    at = changes.pop("at", DURING)
    return visit_case_make(
        access=access_make(who),
        session_id=session_of(code).public_id,
        code=code,
        filing=VisitFiling(**(values | changes)),
        at=at,
    )


def join(code: str, case_code: str, who: str = "clerk") -> Case:
    session_id = session_of(code).public_id
    return visit_case_join(
        access=access_make(who), session_id=session_id, code=code, case_code=case_code, at=DURING
    )


def denounce(code: str, who: str = "clerk", respondent: dict[str, str] = ANOTHER) -> Any:
    return make(
        code, who, kind="denunciation", subject=HIDDEN, content=HIDDEN, respondent=respondent
    )


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_make(name))
    return client


def case_path(code: str) -> str:
    return f"{DESK}{session_of(code).public_id}/dang-ky/{code}/vu-viec/"
