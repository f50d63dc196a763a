"""What lies beside the words of a sealed visit: introductions, recipients, signs, steps of ladders."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import translation

from common.time import local_moment
from communes.models import Unit
from escalation.models import Escalation
from escalation.positions import to_positions
from escalation.selectors import open_for
from escalation.sweep import sweep_run
from receptions.conclusion_papers import notice_pdf
from receptions.enums import NoticeState
from receptions.models import ConclusionNotice, ConclusionTask, VisitRecord
from receptions.sealing import notice_cover, tasks_cover
from receptions.selectors_conclusions import notice_get_for, task_get_for
from receptions.services.minutes import minutes_shown
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import NOW, session_public
from tests.receptions.concluding import UNTIL, issued, row, visit_of
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.receptions.test_visit_sealing import (
    HIDDEN,
    denounce,
    full,
    minutes_of,
    sealed_conclusion,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/"
FIXED = ["Công dân được tiếp", "Lưu: hồ sơ tiếp công dân"]
LONG_AFTER = local_moment(UNTIL + dt.timedelta(days=40))


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


def with_introduction(state: str) -> tuple[VisitRecord, ConclusionNotice]:
    """A sealed notice, draft or issued, with words in every field of its own."""
    visit = sealed_conclusion(who="clerk" if state == NoticeState.DRAFT else "chair")
    notice = ConclusionNotice.objects.get()
    if state == NoticeState.DRAFT:
        ConclusionNotice.objects.update(opening=HIDDEN, recipients=HIDDEN)
        return visit, notice
    session, code = visit.registration.session, visit.registration.code
    text = {"what": HIDDEN, "code": WARD}
    notice = issued(row(**text), session=session, code=code, who="chair")
    return visit, notice


@pytest.mark.parametrize("state", ["draft", "issued"])
@pytest.mark.parametrize("case", [False, True])
def test_no_list_beside_names_holds_the_introduction(
    state: str, case: bool, by_token: Callable[[str], Client]
) -> None:
    visit, notice = with_introduction(state)
    opening = notice.opening or HIDDEN
    if case:
        denounce(visit)
    path = f"{API}reception-sessions/{visit.registration.session.public_id}/notices/"
    # Where a case was made, not even who knows of it reads it beside the names.
    for who in ("secretary", "chair", "clerk") if case else ("secretary",):
        answer = by_token(who).get(path)
        assert answer.status_code == 200
        said = answer.content.decode()
        assert opening not in said, who
        assert "Bryxol" not in said, who
    if not case:
        own = by_token("chair").get(f"{API}reception-notices/{notice.public_id}/")
        assert opening in own.content.decode()


def test_an_open_notice_in_the_list_keeps_its_introduction(
    by_token: Callable[[str], Client],
) -> None:
    session = session_public()
    issued(session=session)
    path = f"{API}reception-sessions/{session.public_id}/notices/"
    (shown,) = by_token("secretary").get(path).json()["results"]
    assert shown["opening"] == "Qua tiếp công dân, nhận thấy:"


def test_the_covered_paper_names_units_and_nobody_who_was_typed() -> None:
    visit = full("conclusion")
    text = [row(what=HIDDEN), row(what=HIDDEN, code=WARD)]
    notice = issued(*text, session=visit.registration.session, code=visit.registration.code)
    assert "Ban Tiếp công dân" in notice.facts["recipients"]
    denounce(visit)
    access = access_make("secretary")
    shown = notice_get_for(access, notice.public_id)
    rows = notice_cover(access, shown)
    units = [Unit.objects.get(code=code).full_name for code in (OTHER_WARD, WARD)]
    assert shown.facts["recipients"] == [*units, *FIXED]
    printed = text_of(notice_pdf(shown, rows))
    assert squeezed("Ban Tiếp công dân") not in printed
    assert squeezed("Bryxol") not in printed


def test_of_a_papers_number_the_sign_is_covered() -> None:
    sealed_conclusion()
    ConclusionTask.objects.update(paper_number="12/KLTC-TTTP", paper_on=UNTIL)
    (task,) = ConclusionTask.objects.select_related("unit", "notice__session", "notice__visit")
    assert tasks_cover(access_make("chair"), [task])[0].paper_number == "12/KLTC-TTTP"
    assert tasks_cover(access_make("secretary"), [task])[0].paper_number == "12"


def test_covered_minutes_are_vietnamese_on_every_screen() -> None:
    visit = full()
    minutes_of(visit, signed=True)
    denounce(visit)
    visit.refresh_from_db()
    with translation.override("en"):
        minutes, addenda = minutes_shown(visit)
    assert minutes is not None
    said = [minutes.text, *(one.text for one in addenda)]
    assert "Bryxol" not in "".join(said)
    assert said[1:] == ["Đính chính theo đề nghị của công dân."]


TOLD = ("propaganda", "party_office", "city_secretary", "board_officer")


def climbed(*, is_sealed: bool) -> dict[str, Any]:
    """Who is told what of a late task where places are vacant; of this life nothing stays."""
    with transaction.atomic():
        words = {"conclusion": HIDDEN, "responsible_unit": Unit.objects.get(code=OTHER_WARD)}
        entry = {"kind": "denunciation" if is_sealed else ""}
        visit = visit_of("conclusion", who="chair", due_on=UNTIL, entry=entry, **words)
        if is_sealed:
            denounce(visit)
        sweep_run(at=LONG_AFTER)
        task = ConclusionTask.objects.get()
        # Whoever sees no denunciations and belongs to neither side.
        person = person_make("propaganda").memberships.get()
        rows = Escalation.objects.filter(clock__conclusion_clock__task=task, step_code="concluder")
        assert rows.update(unit=person.unit, position=person.role) == 1
        found: dict[str, Any] = {"level": task.escalation_level}
        for who in TOLD:
            access = access_make(who)
            mine = to_positions(access).filter(clock__conclusion_clock__task=task)
            waiting = [one.code for one in open_for(access)]
            found[who] = (sorted(mine.values_list("step_code", "position")), waiting)
            if mine:
                what = task_get_for(access, task.public_id).what
                assert ("Bryxol" in what) != is_sealed
        transaction.set_rollback(True)
    return found


def test_a_late_task_is_put_before_the_same_people_whatever_the_visit_was_about() -> None:
    """Board and lists count it: a hole among escalations would tell of the denunciation."""
    for who in (*TOLD, "chair", "clerk"):
        person_make(who)
    plain = climbed(is_sealed=False)
    assert plain["propaganda"][0]
    assert climbed(is_sealed=True) == plain
