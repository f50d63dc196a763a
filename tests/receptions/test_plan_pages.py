"""Pages of planning: patterns, months, publication, changes, calls."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import Membership, User
from common.time import local_moment
from receptions.models import ReceptionSession, Registration, SessionPattern, VisitorTelling
from tests.people import person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    SECRET_WORDS,
    VISITOR,
    register,
    session_draft,
    session_public,
)
from tests.receptions.test_staff_pages import PLAN, text

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"
PATTERN = {
    "duty_holder": "party_secretary",
    "kind": "periodic",
    "days": "10, 25",
    "weekday": "",
    "starts": "08:00",
    "ends": "11:30",
    "valid_from": "2026-11-01",
    "valid_to": "",
    "mode": "place",
    "place": "Phòng tiếp công dân",
    "capacity": "6",
    "slot_minutes": "30",
    "participants": "",
    "planned_content": "Tiếp công dân định kỳ.",
}
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def make(name: str) -> Client:
        client.force_login(person(name))
        return client

    return make


def test_from_a_pattern_to_published_days(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    wrong = client.post(DESK + "dinh-ky/moi/", PATTERN | {"days": "10 và 25"})
    assert "ví dụ 10, 25" in text(wrong)
    answer = client.post(DESK + "dinh-ky/moi/", PATTERN)
    pattern = SessionPattern.objects.get()
    path = f"{DESK}dinh-ky/{pattern.public_id}/"
    assert answer["Location"] == path
    page = text(client.get(path))
    assert "10/01/2027 là ngày nghỉ (Chủ Nhật)" in page
    assert page.count('name="day"') == 6
    form = {"version": "1", "day": ["2026-12-10", "2027-01-10"]}
    page = text(client.post(path, form, follow=True))
    assert "Đã tạo 2 bản dự thảo" in page
    assert page.count("Đã lên lịch.") == 2
    page = text(client.post(path, form, follow=True))
    assert "Không tạo buổi tiếp ngày 10/12/2026: Đã lên lịch." in page
    assert ReceptionSession.objects.count() == 2
    page = text(client.get(DESK + "cong-bo/"))
    keys = [f"{one.public_id}:{one.version}" for one in ReceptionSession.objects.all()]
    assert all(key in page for key in keys)
    answer = client.post(DESK + "cong-bo/", {"session": keys, "reason": ""}, follow=True)
    assert "Đã công bố 2 buổi tiếp." in text(answer)
    assert "Không có bản dự thảo nào" in text(answer)


@pytest.mark.parametrize("form", [{}, {"day": "x"}, {"day": "2026-12-10", "version": "9"}])
def test_a_wrong_choice_of_days_makes_nothing(sign_in: SignIn, form: dict[str, str]) -> None:
    client = sign_in("secretary")
    client.post(DESK + "dinh-ky/moi/", PATTERN)
    path = f"{DESK}dinh-ky/{SessionPattern.objects.get().public_id}/"
    answer = client.post(path, {"version": "1"} | form)
    assert answer.status_code == 422
    assert "Chưa tạo buổi tiếp nào" in text(answer)
    # Every day that nothing speaks against is ticked, or what was ticked by hand.
    assert text(answer).count(" checked") == (1 if "version" in form else 0 if form else 6)
    assert not ReceptionSession.objects.exists()


def test_a_pattern_is_changed_and_ended(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    client.post(DESK + "dinh-ky/moi/", PATTERN)
    path = f"{DESK}dinh-ky/{SessionPattern.objects.get().public_id}/"
    assert 'value="10, 25"' in text(client.get(path + "sua/"))
    weekly = PATTERN | {"days": "", "weekday": "3", "version": "1"}
    assert client.post(path + "sua/", weekly).status_code == 302
    assert "đã được người khác thay đổi" in text(client.post(path + "sua/", weekly))
    page = text(client.get(path + "?months=12"))
    assert page.count('name="day"') >= 50
    assert "2028" not in page
    wrong = client.post(path + "ket-thuc/", {"version": "2", "last_on": "2026-10-01"})
    assert (wrong.status_code, "không thể sớm hơn" in text(wrong)) == (422, True)
    client.post(path + "ket-thuc/", {"version": "2", "last_on": "2026-12-31"})
    assert SessionPattern.objects.get().valid_to == dt.date(2026, 12, 31)
    assert "31/12/2026" in text(client.get(DESK + "dinh-ky/"))


def test_days_beyond_the_known_calendar_say_so(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    with time_machine.travel(dt.datetime(2027, 11, 1, 2, tzinfo=dt.UTC), tick=False):
        client.force_login(person_make("secretary"))
        client.post(DESK + "dinh-ky/moi/", PATTERN)
        page = text(client.get(f"{DESK}dinh-ky/{SessionPattern.objects.get().public_id}/"))
    assert "Chưa có lịch nghỉ của năm 2028" in page


def test_the_month_of_a_unit_and_of_a_leader(sign_in: SignIn) -> None:
    mine = session_public()
    other = session_draft("chair", duty_holder="people_committee_chair")
    client = sign_in("secretary")
    page = text(client.get(DESK + "thang/?month=2026-12"))
    assert str(mine.public_id) in page
    assert str(other.public_id) in page
    page = text(client.get(DESK + "thang/?month=2026-12&leader=chair"))
    assert str(mine.public_id) not in page
    assert str(other.public_id) in page
    assert "chủ tịch" in page.lower()
    assert "data-print" in page
    assert client.get(DESK + "thang/?unit=00008").status_code == 404
    assert "Ba Đình" in text(sign_in("internal_affairs").get(DESK + "thang/?unit=00004"))
    assert sign_in("internal_affairs").get(DESK + "thang/").status_code == 200


def test_a_day_off_is_asked_about_and_confirmed(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    saturday = PLAN | {"day": "2026-12-12"}
    page = text(client.post(DESK + "moi/", saturday))
    assert "12/12/2026 là ngày nghỉ (Thứ Bảy)" in page
    assert 'name="on_day_off"' in page
    assert client.post(DESK + "moi/", saturday | {"on_day_off": "on"}).status_code == 302
    assert 'name="on_day_off"' not in text(client.get(DESK + "moi/"))


def test_a_draft_is_changed_in_every_respect(sign_in: SignIn) -> None:
    draft = session_draft()
    client = sign_in("secretary")
    path = f"{DESK}{draft.public_id}/sua/"
    page = text(client.get(path))
    assert 'value="2026-12-10"' in page
    assert 'value="08:00"' in page
    changed = PLAN | {
        "version": "1", "kind": "ad_hoc", "trigger": "mass", "day": "2026-12-11",
        "slot_minutes": "20", "participants": "Thanh tra",
    }  # fmt: skip
    assert client.post(path, changed | {"trigger": ""}).status_code == 422
    assert client.post(path, changed).status_code == 302
    draft.refresh_from_db()
    assert (draft.kind, draft.trigger, draft.slot_minutes) == ("ad_hoc", "mass", 20)
    assert "đã được người khác thay đổi" in text(client.post(path, changed))


def test_a_published_session_is_changed_with_a_reason(sign_in: SignIn) -> None:
    session = session_public()
    register(session, visitor=VISITOR)
    client = sign_in("secretary")
    path = f"{DESK}{session.public_id}/sua/"
    form = {
        "version": session.version, "mode": "place", "place": "Hội trường", "capacity": "1",
        "meeting_link": "", "slot_minutes": "", "participants": "", "reason": "",
        "planned_content": session.planned_content,
    }  # fmt: skip
    assert "Đã có người đăng ký 1/3 chỗ" in text(client.get(path))
    assert client.post(path, form).status_code == 422
    assert client.post(path, form | {"reason": "Sửa phòng"}).status_code == 302
    page = text(client.get(f"{DESK}{session.public_id}/"))
    assert "Sửa phòng" in page
    assert "Phải báo thay đổi cho 1 người" in page


def test_the_list_of_calls_is_ticked_off_and_names_stay_inside(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session, visitor=VISITOR)
    client = sign_in("secretary")
    client.post(
        f"{DESK}{session.public_id}/doi-lich/",
        {"version": 2, "day": "2026-12-17", "starts": "14:00", "ends": "16:00", "reason": "Họp"},
    )
    path = f"{DESK}{session.public_id}/goi-bao/"
    client = sign_in("clerk")
    page = text(client.get(path))
    assert VISITOR.full_name in page
    assert VISITOR.phone in page
    assert "Họp" in page
    assert path in text(client.get(DESK))
    for who in ("front", "handler", "city_chair"):
        outside = sign_in(who)
        assert outside.get(path).status_code == 403
        assert outside.post(f"{path}{made.code}/").status_code == 403
        assert path not in text(outside.get(DESK + "?unit=00004"))
    assert sign_in("other_chair").get(path).status_code == 404
    client = sign_in("clerk")
    read = {"since": VisitorTelling.objects.get().since.isoformat()}
    assert client.post(f"{path}{made.code}/", read).status_code == 302
    page = text(client.post(f"{path}{made.code}/", follow=True))
    assert "Người này đã được báo." in page
    assert "Đã báo cho tất cả mọi người" in page
    assert VisitorTelling.objects.get().told_by == person_make("clerk")
    assert path not in text(client.get(DESK))


def test_taking_a_publication_back(sign_in: SignIn) -> None:
    session = session_public()
    client = sign_in("secretary")
    page = f"{DESK}{session.public_id}/"
    assert "Công bố nhầm?" in text(client.get(page))
    with time_machine.travel(NOW + dt.timedelta(minutes=11), tick=False):
        client.force_login(person_make("secretary"))
        assert "Công bố nhầm?" not in text(client.get(page))
        answer = client.post(page + "rut-cong-bo/", {"version": 2})
        assert (answer.status_code, "trong 10 phút" in text(answer)) == (422, True)
    client.force_login(person_make("secretary"))
    assert client.post(page + "rut-cong-bo/", {"version": 2}).status_code == 302
    assert Client().get(f"/lich-tiep-dan/{session.public_id}/").status_code == 404


def test_a_missed_session_and_its_visitors(sign_in: SignIn) -> None:
    session, to = session_public(), session_public(day=DAY + dt.timedelta(days=7))
    register(session, visitor=VISITOR)
    with time_machine.travel(local_moment(DAY, 10), tick=False):
        client = sign_in("secretary")
        page = f"{DESK}{session.public_id}/"
        assert "Ghi nhận lãnh đạo không tiếp" in text(client.get(page))
        assert client.post(page + "khong-tiep/", {"version": 2, "reason": ""}).status_code == 422
        client.post(page + "khong-tiep/", {"version": 2, "reason": "Họp khẩn"})
        shown = text(client.get(page))
        assert "Họp khẩn" in shown
        assert str(to.public_id) in shown
        answer = client.post(
            page + "chuyen-nguoi/", {"version": 3, "to": str(to.public_id)}, follow=True
        )
        assert "Đã chuyển 1 lượt đăng ký" in text(answer)
        assert Registration.objects.get(status="registered").session == to
        public = Client().get(f"/lich-tiep-dan/{session.public_id}/")
        assert not [word for word in SECRET_WORDS if word in text(public)]


def test_the_desk_shows_a_leader_who_left_and_hands_over(sign_in: SignIn) -> None:
    session = session_public()
    Membership.objects.filter(user=person_make("secretary")).update(valid_to=dt.date(2026, 12, 5))
    client = sign_in("chair")
    assert "không còn giữ chức vụ" in text(client.get(DESK))
    page = f"{DESK}{session.public_id}/"
    assert "ban-giao/" not in text(client.get(page))
    answer = client.post(page + "ban-giao/", {"version": 2})
    assert answer.status_code == 422
    Membership.objects.create(
        user=person_make("front"), unit=session.unit, role="secretary",
        valid_from=dt.date(2026, 12, 6),
    )  # fmt: skip
    assert "ban-giao/" in text(client.get(page))
    assert client.post(page + "ban-giao/", {"version": 2}).status_code == 302
    assert "không còn giữ chức vụ" not in text(client.get(DESK))


def test_the_meeting_link_stays_inside(sign_in: SignIn) -> None:
    link = "https://hop.example.vn/phong-7"
    session = session_public(mode="both", meeting_link=link)
    assert link in text(sign_in("secretary").get(f"{DESK}{session.public_id}/"))
    for who in ("front", "city_chair"):
        assert link not in text(sign_in(who).get(f"{DESK}{session.public_id}/"))
    assert link not in text(Client().get(f"/lich-tiep-dan/{session.public_id}/"))


@pytest.mark.parametrize("code", ["%00", "00008", "x" * 3000, "00004%00"])
def test_a_unit_where_one_plans_nothing_is_refused(sign_in: SignIn, code: str) -> None:
    client = sign_in("secretary")
    for page in ("moi/", "dinh-ky/", "cong-bo/"):
        assert client.get(f"/can-bo/tiep-dan/{page}?unit={code}").status_code == 403
