"""Whoever decides in a unit reads who holds what there; nobody changes anything from that page."""

import datetime as dt
from html import unescape
from typing import Any

import pytest

from accounts.services import membership_add, membership_end
from communes.models import Unit
from tests.accounts.office import MONDAY, NOW
from tests.accounts.test_delegation import give
from tests.people import OTHER_WARD, WARD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
PAGE = "/can-bo/quyen/don-vi/"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in ("clerk", "handler", "chair", "other_chair", "other_clerk"):
        person_make(name)


def text(client: StrictClient, name: str = "chair") -> str:
    client.force_login(person_make(name))
    return unescape(client.get(PAGE).content.decode())


def test_roles_former_roles_and_their_history(client: StrictClient) -> None:
    ward, by = Unit.objects.get(code=WARD), person_make("admin")
    row = membership_add(
        user=person_make("front"), unit=ward, role="clerk", valid_from=MONDAY, by=by
    )
    assert "Vai trò trước đây" not in text(client)
    membership_end(membership=row, valid_to=MONDAY - dt.timedelta(days=0), by=by)
    page = text(client)
    assert "Cán bộ clerk" in page
    assert "Cán bộ other_clerk" not in page
    assert "01/07/2025" in page
    assert "30/11/2026: Giao vai trò: Cán bộ front" in page
    assert "đến 30/11/2026" in page
    assert "Cán bộ admin" in page


def test_rights_handed_over_in_the_unit_and_only_there(client: StrictClient) -> None:
    give()
    assert "Cán bộ chair ủy quyền cho Cán bộ handler" in text(client)
    assert "Quyết định ủy quyền số 12" not in text(client, "other_chair")
    assert Unit.objects.get(code=OTHER_WARD).name in text(client, "other_chair")


def test_the_link_is_there_for_whoever_decides_and_for_nobody_else(client: StrictClient) -> None:
    for name, sees in (("chair", True), ("clerk", False)):
        client.force_login(person_make(name))
        assert (PAGE in client.get("/can-bo/quyen/uy-quyen/").content.decode()) is sees
    client.force_login(person_make("clerk"))
    assert client.get(PAGE).status_code == 404
    client.force_login(person_make("chair"))
    assert client.post(PAGE).status_code == 405
