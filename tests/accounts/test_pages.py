"""The page of absences and deputies: what it says, what it refuses, what it keeps."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Absence, AccountEvent
from tests.accounts.office import NOW, away, day
from tests.people import person_make

pytestmark = pytest.mark.django_db
PAGE = "/can-bo/vang-mat/"
SignIn = Callable[[str], Client]
TYPED = {
    "person": "chair",
    "from_on": "2026-12-02",
    "to_on": "2026-12-04",
    "reason": "mission",
    "deputy": "",
}


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in ("clerk", "handler", "chair", "secretary", "front"):
        person_make(name)


@pytest.fixture
def sign_in(client: Client) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return enter


def shown(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def sent(client: Client, **changes: str) -> Any:
    return client.post(PAGE, TYPED | changes)


def test_the_way_there_is_beside_the_name(sign_in: SignIn) -> None:
    assert f'href="{PAGE}">Vắng mặt</a>' in unescape(
        sign_in("handler").get("/can-bo/").content.decode()
    )


def test_recording_ones_own_absence(sign_in: SignIn) -> None:
    client = sign_in("chair")
    answer = sent(client, deputy="secretary")
    assert (answer.status_code, answer.url) == (302, PAGE)
    absence = Absence.objects.get()
    assert (absence.person.username, absence.deputy.username) == ("chair", "secretary")
    assert (absence.from_on, absence.to_on, absence.reason) == (day(2), day(4), "mission")
    page = shown(client)
    assert "Đã ghi nhận vắng mặt." in page
    assert "từ ngày 02/12/2026 đến hết ngày 04/12/2026" in page
    assert "Đi công tác" in page
    assert "Người được giao thay" not in page


def test_the_same_form_sent_twice_records_once(sign_in: SignIn) -> None:
    client = sign_in("chair")
    sent(client)
    assert sent(client).status_code == 422
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_on": "", "to_on": ""}, "Xin điền mục này."),
        ({"from_on": "32/13/2026"}, "ngày"),
        ({"to_on": "2026-12-01"}, "Ngày cuối đứng trước ngày đầu."),
        ({"from_on": "2026-11-01", "to_on": "2026-11-02"}, "Ngày này đã qua."),
        ({"reason": ""}, "Xin chọn một mục."),
        ({"deputy": "other_chair"}, "Hãy chọn một lựa chọn hợp lệ"),
        ({"deputy": "chair"}, "Không thể tự thay cho chính mình."),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    person_make("other_chair")
    answer = sent(sign_in("chair"), **changes)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "error-summary" in page
    assert words in page
    kept = TYPED | changes
    assert f'value="{kept["to_on"]}"' in page or not kept["to_on"]
    assert f'value="{kept["from_on"]}"' in page or not kept["from_on"]
    assert Absence.objects.count() == 0
    assert not AccountEvent.objects.filter(action__startswith="accounts.absence").exists()


def test_the_deputy_is_told_for_whom_and_how_long(sign_in: SignIn) -> None:
    away("chair", "secretary", last=4)
    away("handler", "secretary", first=2, last=3)
    page = shown(sign_in("secretary"))
    assert "Ông/bà đang thay Cán bộ chair, đến hết ngày 04/12/2026." in page
    assert "Từ ngày 02/12/2026 đến hết ngày 03/12/2026, ông/bà sẽ thay Cán bộ handler." in page
    assert "đang thay" not in shown(sign_in("front"))


def test_when_the_deputy_is_away_too_the_page_says_who_stands_in(sign_in: SignIn) -> None:
    away("chair", "secretary", last=4)
    away("secretary", "handler", first=1, last=2)
    page = shown(sign_in("chair"))
    assert "Người được giao thay cũng vắng mặt một số ngày" in page
    assert "Từ ngày 01/12/2026 đến hết ngày 02/12/2026: Cán bộ handler thay." in page
    assert "không có người thay" not in page
    coming = shown(sign_in("handler"))
    assert "ông/bà sẽ thay Cán bộ chair" in coming
    assert "ông/bà sẽ thay Cán bộ secretary" in coming


def test_when_nobody_stands_in_the_page_says_so(sign_in: SignIn) -> None:
    away("chair", "secretary", last=4)
    away("secretary", "chair", first=3, last=8)
    both = "Từ ngày 03/12/2026 đến hết ngày 04/12/2026: không có người thay."
    assert both in shown(sign_in("chair"))
    assert both in shown(sign_in("secretary"))
    away("handler", first=0, last=0)
    page = shown(sign_in("handler"))
    assert "Không có người thay" in page
    assert "Từ ngày 30/11/2026 đến hết ngày 30/11/2026: không có người thay." in page


def test_only_who_assigns_work_sees_and_records_colleagues(sign_in: SignIn) -> None:
    away("handler", "clerk", reason="illness")
    page = shown(sign_in("chair"))
    assert "Nghỉ ốm" in page
    assert 'name="person"' in page
    for name in ("clerk", "secretary", "front"):
        page = shown(sign_in(name))
        assert ("Nghỉ ốm</dd>" in page) == (name == "clerk")
        assert ('name="person"' in page) == (name == "clerk")


def test_a_head_records_for_somebody_who_fell_ill(sign_in: SignIn) -> None:
    client = sign_in("chair")
    assert sent(client, person="handler", deputy="chair", reason="illness").status_code == 302
    absence = Absence.objects.get()
    assert (absence.person.username, absence.recorded_by.username) == ("handler", "chair")
    assert "Người ghi nhận" in shown(sign_in("handler"))


def test_a_name_outside_the_choices_is_refused(sign_in: SignIn) -> None:
    person_make("other_chair")
    assert sent(sign_in("chair"), person="other_chair").status_code == 422
    # Who records only the own absence is absent, whoever the form names.
    assert sent(sign_in("handler")).status_code == 302
    assert Absence.objects.get().person == person_make("handler")


def test_ending_and_calling_off(sign_in: SignIn) -> None:
    client = sign_in("chair")
    begun, coming = away("chair", first=-1, last=1), away("chair", first=5, last=6)
    page = shown(client)
    assert "Đã trở lại từ hôm nay" in page
    assert "Hủy lần vắng mặt" in page
    assert client.post(f"{PAGE}{begun.public_id}/ket-thuc/").url == PAGE
    assert "Đã kết thúc lần vắng mặt." in shown(client)
    client.post(f"{PAGE}{coming.public_id}/ket-thuc/")
    page = shown(client)
    assert "Đã hủy lần vắng mặt." in page
    assert "Ông/bà không vắng mặt" in page
    client.post(f"{PAGE}{coming.public_id}/ket-thuc/")
    assert "Lần vắng mặt này đã kết thúc." in shown(client)


def test_nobody_ends_the_absence_of_a_stranger(sign_in: SignIn) -> None:
    absence = away("chair")
    for name in ("handler", "other_chair", "admin"):
        assert sign_in(name).post(f"{PAGE}{absence.public_id}/ket-thuc/").status_code == 404
    assert Absence.objects.get().ended_on is None
    assert sign_in("chair").get(f"{PAGE}{absence.public_id}/ket-thuc/").status_code == 405


def test_somebody_without_a_position_has_no_such_page(sign_in: SignIn) -> None:
    person_make("handler").memberships.update(valid_to=day(-1))
    client = sign_in("handler")
    assert client.get(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in client.get("/tai-khoan/doi-mat-khau/").content.decode()


def test_few_queries_however_many_are_absent(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("chair")
    away("chair", "secretary")
    away("secretary", "handler")
    away("clerk", "handler", first=2)
    away("handler", "clerk", first=1)
    with django_assert_max_num_queries(8):
        shown(client)
