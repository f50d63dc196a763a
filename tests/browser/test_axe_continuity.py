"""Reforms of units and the continuity board: axe finds nothing, nothing sticks out."""

import pytest

from tests.browser.conftest import Check
from tests.continuity.reforming import choose, draft, submit
from tests.people import person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BOARD = "/can-bo/lien-tuc/"


def test_the_board(check: Check) -> None:
    check(BOARD, who="party_office")
    check(BOARD + "?q=zzzz")
    check(BOARD, who="chair")


def test_a_reform_on_its_way(check: Check) -> None:
    check(BOARD + "sap-xep/", who="admin")
    check(BOARD + "sap-xep/moi/", sent=True)
    person_make("chair")
    person_make("other_chair")
    reform = draft()
    check(f"{BOARD}sap-xep/{reform.public_id}/")
    check(f"{BOARD}sap-xep/{reform.public_id}/sua/")
    submit(choose(reform, other_chair=""))
    check(f"{BOARD}sap-xep/{reform.public_id}/", who="party_office")
    check(BOARD + "sap-xep/")
