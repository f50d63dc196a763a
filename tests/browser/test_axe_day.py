"""Pages of the day in their interesting states: axe finds nothing, nothing sticks out."""

from typing import Any

import pytest

from receptions.models import ReceptionSession, Registration
from receptions.moves import Move
from receptions.selectors_day import screen_token
from receptions.services.papers_taken import Paper, paper_take
from tests.browser.conftest import Check
from tests.people import access_make
from tests.receptions.cast_day import MORNING, call_next, day_with, move, refuse, row_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RECEPTIONS = "/can-bo/tiep-dan/"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)


def test_the_desk_and_the_screen(check: Check) -> None:
    session = day_with(7)
    Registration.objects.filter(queue_number=6).update(priority=["mass"], people=6)
    path = f"{RECEPTIONS}{session.public_id}/hom-nay/"
    check(path, who="clerk")
    call_next(session)
    call_next(session)
    move(session, 3, Move.PARK)
    move(session, 4, Move.NO_SHOW)
    move(session, 5, Move.ARRIVE)
    refuse(session, 7)
    check(path)
    check(f"/lich-tiep-dan/man-hinh/{screen_token(session)}/")


def test_refusing_and_papers(check: Check) -> None:
    session = day_with(2)
    codes = [row_of(session, number).code for number in (1, 2)]
    path = f"{RECEPTIONS}{session.public_id}/hom-nay/"
    check(f"{path}{codes[0]}/tu-choi/", who="clerk", sent=True)
    refuse(session, 1, "decree_h")
    check(f"{path}{codes[0]}/tu-choi/")
    paper_take(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=codes[1],
        paper=Paper("Đơn khiếu nại " + "x" * 200, 3, "original"),
        at=MORNING,
    )
    check(f"{path}{codes[1]}/tai-lieu/", sent=True)


def test_the_record_and_the_online_checklist(check: Check) -> None:
    session = day_with(1)
    ReceptionSession.objects.update(mode="both")
    check(f"{RECEPTIONS}{session.public_id}/", who="clerk")
    check(f"{RECEPTIONS}{session.public_id}/dang-ky/{row_of(session, 1).code}/", sent=True)
