"""Pages of early warning and land projects: axe finds nothing, nothing sticks out."""

from typing import Any

import pytest

from early_warning.models import Signal
from early_warning.services import cases_link
from tests.browser.conftest import Check
from tests.directives.test_related import land_task
from tests.early_warning.hot import (
    NOW,
    cluster,
    crowd,
    look,
    petition,
    project_make,
    stage_done,
    talk,
)
from tests.early_warning.test_signals import appoint, close
from tests.people import access_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LIST = "/can-bo/canh-bao-som/"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize("path", [LIST, f"{LIST}?state=settled", f"{LIST}du-an/"])
def test_with_nothing_to_do(check: Check, path: str) -> None:
    check(path, who="chair")


def test_signals(check: Check) -> None:
    cluster(12)
    crowd(12)
    look()
    followed = appoint(Signal.objects.get(rule__code="DN-CUM-DON"))
    close(Signal.objects.get(rule__code="DN-VU-VIEC"), is_true=False)
    check(LIST, who="inspector")
    check(f"{LIST}?state=", who="chair")
    check(f"{LIST}tin-hieu/{followed.public_id}/", who="chair", sent=True)
    check(f"{LIST}quy-tac/", who="propaganda")
    check(f"{LIST}quy-tac/TG-DOT-BIEN/", who="propaganda", sent=True)


def test_land_projects(check: Check) -> None:
    row = project_make()
    stage_done(row, "announce", 40)
    stage_done(row, "inventory", 20)
    codes = [petition(n, before=3 * n + 1).code for n in range(8)]
    row.refresh_from_db()
    cases_link(
        access=access_make("clerk"), public_id=row.public_id, version=row.version, codes=codes[:6]
    )
    talk(row)
    look()
    page = f"{LIST}du-an/{row.public_id}/"
    check(f"{LIST}du-an/", who="clerk")
    check(page, who="clerk", sent=True)
    check(page, who="propaganda")
    check(f"{LIST}du-an/moi/", who="secretary", sent=True)
    check(f"{page}buoc/plan_published/", who="secretary")


def test_petitions_beside_a_task(check: Check) -> None:
    row = land_task()
    crowd(12, field="land_compensation")
    check(f"/can-bo/chi-dao/viec/{row.public_id}/", who="clerk")
