"""The oversight board: figures, who sees them, filters, files, urging."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, DomainError, NotPermitted, NotVisible
from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    QuotaUrging,
    ReceptionSession,
    SessionEvent,
)
from receptions.quotas import owed_by
from receptions.selectors_oversight import BoardRow, Filters, board
from receptions.services.urging import conclusions_urge, quota_urge
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.test_quota_warnings import CHAIR, NOVEMBER, SECRETARY, held
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 27, 2, 0, tzinfo=dt.UTC)
BOARD = "/can-bo/tiep-dan/giam-sat/"
# TU, UBND, BTCD and TTTP owe a day each.
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 1))


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def rows_owed() -> int:
    """A row for each duty that a unit owes, whoever holds the post."""
    units = Unit.objects.filter(valid_to=None)
    return sum(len(owed_by(unit.code, unit.kind, unit.line)) for unit in units)


def row(duty: str = CHAIR, who: str = "internal_affairs", unit: str = WARD) -> BoardRow:
    rows = board(access_make(who), NOVEMBER, NOVEMBER, Filters())
    return next(r for r in rows if (r.unit.code, r.duty_holder) == (unit, duty))


def task(due: dt.date, unit: str = WARD, **changes: Any) -> ConclusionTask:
    session = ReceptionSession.objects.first()
    if "notice" in changes:
        return _row(changes.pop("notice"), due, unit, **changes)
    notice, _new = ConclusionNotice.objects.get_or_create(
        session=session,
        state="issued",
        defaults={
            "number": 1,
            "year": 2026,
            "issued_at": local_moment(dt.date(2026, 11, 11)),
            "drafted_by": session.leader,
            "issued_by": session.leader,
            "unit": session.unit,
            "facts": {"place": session.place},
        },
    )
    return _row(notice, due, unit, **changes)


def _row(notice: ConclusionNotice, due: dt.date, unit: str, **changes: Any) -> ConclusionTask:
    values = {
        "notice": notice,
        "position": notice.tasks.count() + 1,
        "what": "Kiểm tra hệ thống thoát nước.",
        "unit": Unit.objects.get(code=unit),
        "due_on": due,
    }
    return ConclusionTask.objects.create(**(values | changes))


def test_a_row_says_what_is_owed_done_and_late() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    held("chair", CHAIR, dt.date(2026, 11, 12), is_delegated=True)
    held("chair", CHAIR, dt.date(2026, 11, 16), status="missed")
    held("chair", CHAIR, dt.date(2026, 11, 18), status="published")
    held("chair", CHAIR, dt.date(2026, 11, 30), status="draft", published_at=None)
    task(dt.date(2026, 11, 20))
    task(dt.date(2026, 11, 27))
    task(dt.date(2026, 11, 16), state="done", report="Xong", closed_on=dt.date(2026, 11, 13))
    task(
        dt.date(2026, 11, 16),
        state="cancelled",
        cancel_reason="Trùng việc",
        closed_on=dt.date(2026, 11, 12),
    )
    task(dt.date(2026, 10, 1), OTHER_WARD)
    found = row()
    assert found.sums == (2, 3, 2, 1, 0, 1, 0, 1, 1)
    assert (found.tasks, found.own_late) == ((1, 1, 2), 1)
    assert found.is_problem
    assert row(SECRETARY).sums == (2, 0, 0, 0, 2, 0, 0, 0, 0)


def test_each_row_counts_what_its_duty_holder_concluded() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    task(dt.date(2026, 11, 20), OTHER_WARD)
    assert (row().tasks, row().own_late) == ((0, 0, 1), 0)
    assert (row(SECRETARY).tasks, row(SECRETARY).own_late) == ((0, 0, 0), 0)
    other = row(unit=OTHER_WARD)
    assert (other.tasks, other.own_late, other.is_problem) == ((0, 0, 0), 1, True)


def test_what_was_reported_in_time_waits_for_the_leader_and_is_not_late() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    told = {"report": "Xong", "reported_at": local_moment(dt.date(2026, 11, 19))}
    task(dt.date(2026, 11, 20), state="reported", **told)
    assert (row().tasks, row().own_late) == ((0, 1, 0), 0)
    task(dt.date(2026, 11, 20), state="returned", returned_reason="Thiếu ảnh", **told)
    assert (row().tasks, row().own_late) == ((0, 1, 1), 1)


def test_an_unissued_notice_gives_no_task() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    session = ReceptionSession.objects.get()
    draft = ConclusionNotice.objects.create(session=session, drafted_by=session.leader)
    task(dt.date(2026, 11, 20), notice=draft)
    assert row().tasks == (0, 0, 0)


def test_six_queries_for_the_city_and_a_whole_year() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10), dt.date(2026, 10, 9))
    access = access_make("propaganda")
    for first, last in ((NOVEMBER, NOVEMBER), YEAR):
        with CaptureQueriesContext(connection) as seen:
            rows = board(access, first, last, Filters())
        assert len(seen) <= 7
        assert len({r.unit.pk for r in rows if r.unit.is_commune_level}) == 126


def test_a_year_counts_what_has_begun_under_both_laws() -> None:
    found = board(access_make("propaganda"), *YEAR, Filters(duty=CHAIR))
    one = next(r for r in found if r.unit.code == WARD)
    # Thursdays from January to June, then two days a month up to November.
    assert [line.tally.required for line in one.lines[:6]] == [5, 4, 4, 5, 4, 4]
    assert one.sums.required == 26 + 5 * 2
    assert [line.tally.required for line in one.lines[6:]] == [2] * 6


def test_filters_and_order() -> None:
    access = access_make("city_chair")
    ward = Unit.objects.get(code=WARD)
    held("chair", CHAIR, dt.date(2026, 11, 10), dt.date(2026, 11, 11))

    def shown(**changes: Any) -> list[BoardRow]:
        return board(access, NOVEMBER, NOVEMBER, Filters(**changes))

    assert {r.unit.former_district for r in shown(district=ward.former_district)} == {
        ward.former_district
    }
    assert {r.unit.kind for r in shown(kind="ward")} == {"ward"}
    assert not any(r.unit.is_commune_level for r in shown(kind="body"))
    assert {r.duty_holder for r in shown(duty=CHAIR)} == {CHAIR}
    assert (WARD, CHAIR) not in {(r.unit.code, r.duty_holder) for r in shown(problems=True)}
    assert (WARD, SECRETARY) in {(r.unit.code, r.duty_holder) for r in shown(problems=True)}
    missing = [r.sums.missing for r in shown(sort="missing")]
    assert missing == sorted(missing, reverse=True)


def test_leaders_see_their_own_unit_and_others_nothing() -> None:
    for who in ("chair", "secretary"):
        rows = board(access_make(who), NOVEMBER, NOVEMBER, Filters())
        assert {r.unit.code for r in rows} == {WARD}
    for who in ("clerk", "handler", "front", "admin"):
        with pytest.raises(NotVisible):
            board(access_make(who), NOVEMBER, NOVEMBER, Filters())


def test_urging_is_told_to_holder_and_secretary_once_a_day() -> None:
    access, unit = access_make("internal_affairs"), Unit.objects.get(code=WARD)

    def urge(**changes: Any) -> QuotaUrging:
        return quota_urge(
            **({"access": access, "unit": unit, "duty": CHAIR, "month": NOVEMBER} | changes)
        )

    assert urge(text="Đề nghị tổ chức tiếp công dân.").text == "Đề nghị tổ chức tiếp công dân."
    told = OutboxMessage.objects.filter(template="quota_urged", channel="app")
    assert {m.position for m in told} >= {"head", "secretary"}
    assert {m.unit.code for m in told} == {WARD}
    assert "tổ chức" not in str(list(told.values_list("params", flat=True)))
    with pytest.raises(Conflict) as error:
        urge()
    assert error.value.code == "urged_today"
    urge(at=NOW + dt.timedelta(days=1))
    assert row().urged_on == dt.date(2026, 11, 28)
    held("secretary", SECRETARY, dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    with pytest.raises(DomainError) as nothing:
        urge(duty=SECRETARY)
    assert nothing.value.code == "nothing_to_urge"
    for who in ("chair", "board_officer", "city_front"):
        with pytest.raises(NotPermitted):
            urge(access=access_make(who))


def test_late_tasks_are_urged_with_an_event_in_the_reception() -> None:
    access, unit = access_make("party_office"), Unit.objects.get(code=WARD)
    held("chair", CHAIR, dt.date(2026, 11, 10))
    task(dt.date(2026, 12, 20))
    with pytest.raises(DomainError):
        conclusions_urge(access=access, unit=unit)
    task(dt.date(2026, 11, 20))
    task(dt.date(2026, 11, 21), state="reported", report="Đã làm")
    task(dt.date(2026, 11, 22), state="returned", returned_reason="Thiếu ảnh")
    assert conclusions_urge(access=access, unit=unit) == 2
    event = SessionEvent.objects.get()
    assert (event.action, event.data) == (
        "receptions.conclusion.urged",
        {"unit": WARD, "tasks": 2},
    )
    assert OutboxMessage.objects.filter(template="conclusions_urged", channel="app").count() == 2
    with pytest.raises(Conflict):
        conclusions_urge(access=access, unit=unit)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_year_to_the_unit_the_month_and_the_session(client: StrictClient) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    session = ReceptionSession.objects.get()
    client.force_login(person_make("internal_affairs"))
    year = text(client.get(BOARD + "nam/?year=2026"))
    assert f"{BOARD}{WARD}/?year=2026" in year
    unit = text(client.get(f"{BOARD}{WARD}/?year=2026"))
    assert f"/can-bo/tiep-dan/?unit={WARD}&amp;month=2026-11" in unit
    month = text(client.get(f"/can-bo/tiep-dan/?unit={WARD}&month=2026-11"))
    assert f"/can-bo/tiep-dan/{session.public_id}/" in month


def test_one_click_from_the_board_and_the_desk_shows_it(client: StrictClient) -> None:
    person_make("chair")
    client.force_login(person_make("internal_affairs"))
    path = f"{BOARD}?month=2026-11&problems=1"
    assert "don-doc" in text(client.get(path))
    sent = {"what": f"{CHAIR}|2026-11", "query": "month=2026-11&problems=1"}
    answer = client.post(f"{BOARD}{WARD}/don-doc/", sent)
    assert answer.headers["Location"] == f"{BOARD}?month=2026-11&problems=1#u-{WARD}"
    again = client.post(f"{BOARD}{WARD}/don-doc/", {"what": f"{CHAIR}|2026-11"})
    assert again.status_code == 422
    assert "Hôm nay đơn vị đã được đôn đốc" in text(again)
    for typed in ("nobody|2026-11", f"{CHAIR}|2026-99", f"{CHAIR}|0001-01", f"{CHAIR}|9999-12"):
        wrong = client.post(f"{BOARD}{WARD}/don-doc/", {"what": typed})
        assert wrong.status_code == 422
    client.force_login(person_make("chair"))
    desk = text(client.get(f"/can-bo/tiep-dan/?unit={WARD}&month=2026-11"))
    assert "Cán bộ internal_affairs" in desk
    assert client.post(f"{BOARD}{WARD}/don-doc/", sent).status_code == 403
    assert client.get(f"{BOARD}{OTHER_WARD}/").status_code == 404


@pytest.mark.parametrize("query", ["?month=2026-11&sort=missing", "?problems=1&district=x%00y"])
def test_the_board_takes_any_filter(client: StrictClient, query: str) -> None:
    client.force_login(person_make("city_chair"))
    assert client.get(BOARD + query).status_code == 200
    assert client.get(BOARD + "nam/" + query + "&year=rubbish").status_code == 200


def test_the_board_as_files(client: StrictClient) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    client.force_login(person_make("city_chair"))
    answer = client.get(f"{BOARD}tai-ve/?format=csv&month=2026-11")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) >= 1 + 2 * 126
    mine = next(line for line in lines if line.startswith(f"{WARD},") and "chair" in line)
    assert ",2,1,1,1,1,0,0,0,0," in mine
    workbook = client.get(f"{BOARD}tai-ve/?format=xlsx&year=2026")
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(lines)
    assert "0/2" in sheet
    assert 'filename="giam-sat-tiep-dan-2026-01-2026-12.xlsx"' in workbook["Content-Disposition"]


def folds(page: str) -> list[bool]:
    """Of each group of the board, whether it is open."""
    return ["open" in tag for tag in re.findall(r'<details class="board"( open)?>', page)]


def test_the_whole_city_is_a_line_a_district(client: StrictClient) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    client.force_login(person_make("internal_affairs"))
    for path in (f"{BOARD}?month=2026-11", f"{BOARD}nam/?year=2026"):
        page = text(client.get(path))
        assert len(folds(page)) > 10
        assert not any(folds(page))
        # Nothing is left out: a folded row is still there to be printed and found.
        assert page.count('<th scope="row">') == rows_owed() > 2 * 126
        assert "Mở tất cả các nhóm" in page
        opened = text(client.get(path + "&open=1"))
        assert all(folds(opened))
        assert "Thu gọn các nhóm" in opened
        assert opened.count('<th scope="row">') == page.count('<th scope="row">')
    assert (
        "month=2026-12" in text(client.get(f"{BOARD}?month=2026-11&open=1")).split("open=1", 1)[1]
    )


def test_a_line_of_a_district_says_how_its_posts_stand(client: StrictClient) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    ward = Unit.objects.get(code=WARD)
    client.force_login(person_make("internal_affairs"))
    page = text(client.get(f"{BOARD}?month=2026-11"))
    line = page.split(f"<h2>{ward.former_district}</h2>")[1].split("</summary>")[0]
    posts = 2 * Unit.objects.filter(former_district=ward.former_district).count()
    assert f"{posts} chức danh" in line
    assert re.search(r"✓</span> 1<span", line)
    assert re.search(rf"✕</span> {posts - 1}<span", line)


def test_few_rows_are_open_and_a_sorted_board_opens_its_first_stretch(
    client: StrictClient,
) -> None:
    ward = Unit.objects.get(code=WARD)
    client.force_login(person_make("internal_affairs"))
    few = text(client.get(f"{BOARD}?month=2026-11&district={ward.former_district}"))
    assert folds(few) == [True]
    assert "Mở tất cả các nhóm" not in few
    page = text(client.get(f"{BOARD}?month=2026-11&sort=missing"))
    assert folds(page)[:3] == [True, False, False]
    assert "<h2>Thứ tự 1–24</h2>" in page
    assert "<h2>Thứ tự 25–48</h2>" in page
    assert page.count('<th scope="row">') == rows_owed() > 2 * 126


def test_who_may_not_urge_gets_no_form(client: StrictClient) -> None:
    person_make("chair")
    client.force_login(person_make("internal_affairs"))
    mine = text(client.get(f"{BOARD}?month=2026-11"))
    assert mine.count('<form id="urge"') == 1
    assert f'formaction="{BOARD}{WARD}/don-doc/"' in mine
    client.force_login(person_make("chair"))
    own = text(client.get(f"{BOARD}?month=2026-11"))
    assert "don-doc" not in own
    assert '<form id="urge"' not in own
