"""The owner's switch: off, information, full; and what a signature that comes later does."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from common.errors import DomainError, InvalidInput, Stale
from common.history_check import table_check
from petitions.enums import Flag
from petitions.models import Case, CaseClock, CaseEvent, Draft, Letter
from petitions.replay import clocks_off_history
from petitions.services.actions import case_act
from petitions.timeline import public_case
from tests.people import WARD, Story, access_make
from tests.petitions.public_walk import step, write
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
PAPER = "/gui-don/ban-in/"
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}
TYPED = {
    "full_name": "Trần Văn Giả Định",
    "address": "Số 7, ngõ 3, phố Tưởng Tượng",
    "identity_number": "001099012345",
    "phone": "0912 345 678",
    "unit": WARD,
    "name": "Ông Đặng Văn Thử",
    "about_unit": "00025",
    "position": "officer",
    "subject": "Nhận tiền để cho xây nhà không phép",
    "content": "Ngày 02/11/2026 tại số 9.\r\nÔng ấy nhận một phong bì.",
    "request": "Đề nghị kiểm tra.",
}
MONDAY = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def file_by_api(client: Client, **changes: Any) -> Any:
    body = {
        "kind": "denunciation",
        "subject": "Nhận tiền",
        "content": "Nhận tiền để cho xây nhà không phép.",
        "field": "land_compensation",
        "unit": WARD,
        "respondent": ELSEWHERE,
        "petitioners": [{"full_name": "Lê Thị Hư Cấu", "address": "Số 9"}],
        **changes,
    }
    return client.post("/api/v1/petitions/", json.dumps(body), content_type="application/json")


# off


@override_settings(DENUNCIATION_MODE="off")
def test_off_keeps_not_even_the_choice_and_shows_the_way(client: Client) -> None:
    chosen = client.post(step("loai") + "?don-vi=ba-dinh", {"kind": "denunciation"})
    assert chosen["Location"] == PAPER + "?don-vi=ba-dinh"
    assert not Draft.objects.exists()
    page = client.get(chosen["Location"])
    for words in ("Điều 22", "Ban Tiếp công dân Thành phố", "08:00", "thẻ căn cước"):
        assert words in text_of(page)
    assert f'value="{WARD}" selected' in text_of(page)
    assert "no-store" in page["Cache-Control"]


@override_settings(DENUNCIATION_MODE="off")
def test_off_prints_the_letter_and_keeps_nothing(client: Client) -> None:
    page = client.post(PAPER, TYPED)
    text = text_of(page)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ĐƠN TỐ CÁO",
        *TYPED["content"].split("\r\n"),
    ):
        assert words in text
    assert TYPED["full_name"] in text
    assert "no-store" in page["Cache-Control"]
    assert not Draft.objects.exists()
    assert not Letter.objects.exists()
    # The way back brings what was typed, which lies nowhere but in the page.
    again = text_of(client.post(PAPER, {**TYPED, "change": "1"}))
    assert TYPED["subject"] in again
    assert "ĐƠN TỐ CÁO" not in again


@override_settings(DENUNCIATION_MODE="off")
def test_off_addresses_the_city_when_the_unit_itself_may_be_meant(client: Client) -> None:
    for about in (WARD, ""):
        text = text_of(client.post(PAPER, {**TYPED, "about_unit": about}))
        assert "Ban Tiếp công dân Thành phố" in text.split("Kính gửi")[1][:200]


@override_settings(DENUNCIATION_MODE="off")
def test_off_says_what_is_missing_and_an_expired_form_shows_nothing() -> None:
    client = StrictClient(enforce_csrf_checks=True)
    assert client.post(PAPER, TYPED).status_code == 403
    own = client.post(PAPER, TYPED, HTTP_ORIGIN="http://testserver", HTTP_HOST="testserver")
    assert own.status_code == 403
    assert "không hiện lại" in text_of(own)
    assert TYPED["subject"] not in text_of(own)
    missing = StrictClient().post(PAPER, {**TYPED, "phone": ""})
    assert "error-summary" in text_of(missing)
    assert TYPED["subject"] in text_of(missing)


def test_a_draft_of_before_leads_to_the_letter_to_print(client: Client) -> None:
    write(client, "ve-ai", loai={"kind": "denunciation"})
    with override_settings(DENUNCIATION_MODE="off"):
        assert client.get(step("bao-ve"))["Location"] == PAPER
        assert client.post(step("kiem-tra"))["Location"] == step("bao-ve")
    assert not Letter.objects.exists()


def test_the_api_takes_none_when_off(client: Client) -> None:
    with override_settings(DENUNCIATION_MODE="off"):
        answer = file_by_api(client)
    assert answer.status_code == 403
    assert answer.json()["code"] == "denunciation_offline"
    assert not Letter.objects.exists()


def test_the_letter_to_print_is_there_only_when_off(client: Client) -> None:
    assert client.get(PAPER).status_code == 404


# information and full


@pytest.mark.parametrize(
    ("mode", "is_information", "rule"),
    [("information", True, "TCD-NOTICE"), ("full", False, "TC-INIT")],
)
def test_the_api_says_what_it_is_in_law(
    client: Client, mode: str, is_information: bool, rule: str
) -> None:
    with override_settings(DENUNCIATION_MODE=mode):
        answer = file_by_api(client).json()
    assert (Flag.INFORMATION in answer["flags"]) is is_information
    assert answer["clocks"][0]["rule"] == rule
    record = client.get(
        f"/api/v1/petitions/{answer['code']}/", HTTP_X_PETITION_SECRET=answer["secret"]
    ).json()
    assert record["is_information"] is is_information
    assert record["needs_signature"] is True


def test_information_is_said_before_on_the_receipt_and_while_tracking(client: Client) -> None:
    words = "thông tin có nội dung tố cáo"
    write(client, "loai", loai={"kind": "denunciation"})
    assert words in text_of(client.get(step("bao-ve")))
    write(client, loai={"kind": "denunciation"}, ve_ai=ELSEWHERE)
    assert words in text_of(client.get(step("kiem-tra")))
    client.post(step("kiem-tra"))
    done = client.get("/gui-don/xong/")
    assert words in text_of(done)
    assert "bảy ngày làm việc" in text_of(done)
    assert "/gui-don/mau-don/" in text_of(done)
    code, secret = done.context["code"], done.context["secret"]
    client.post("/tra-cuu/", {"code": code, "secret": secret})
    page = text_of(client.get("/tra-cuu/don/"))
    assert words in page
    assert "bảy ngày làm việc" in page


# A signature that comes later


def test_the_signed_letter_starts_the_limit_on_the_day_it_came(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    later = MONDAY + dt.timedelta(days=4)
    case = tale.do("clerk", "record_signature", later, form="posted", received_on="2026-11-18")
    assert {Flag.UNSIGNED, Flag.INFORMATION}.isdisjoint(case.flags)
    first, second = [link.clock for link in CaseClock.objects.filter(case=case).order_by("id")]
    assert (first.rule_code, first.state) == ("TCD-NOTICE", "cancelled")
    # Seven working days from 18 November (Article 24.1); the 24th is a day off.
    assert (second.rule_code, second.started_on) == ("TC-INIT", dt.date(2026, 11, 18))
    assert second.due_on == case.due_on == dt.date(2026, 11, 30)
    event = CaseEvent.objects.filter(case=case).latest("sequence")
    assert event.action == "petitions.case.record_signature"
    assert event.data["received_on"] == "2026-11-18"
    assert list(table_check(CaseEvent)) == []
    assert list(clocks_off_history()) == []
    titles = [entry["title"] for entry in public_case(Letter.objects.get(case=case))["timeline"]]
    assert titles[-1] == "Cơ quan đã nhận được đơn có chữ ký của ông/bà"


def test_a_signature_while_sending_on_is_proposed_starts_that_limit_too(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    tale.do("clerk", "assign", MONDAY, assignee=_handler())
    tale.do("handler", "propose", MONDAY, proposal="forward", text="Không thuộc thẩm quyền.")
    case = tale.do("clerk", "record_signature", MONDAY, form="brought", received_on="2026-11-16")
    running = {
        link.clock.rule_code for link in CaseClock.objects.filter(case=case, clock__state="running")
    }
    assert running == {"TC-INIT", "TC-FWD"}


def _handler() -> str:
    access_make("handler")
    return "handler"


def test_a_complaint_keeps_the_limit_it_has(story: Tell) -> None:
    tale = story(at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    due = tale.case.due_on
    case = tale.do("clerk", "record_signature", MONDAY, form="brought", received_on="2026-11-16")
    assert Flag.UNSIGNED not in case.flags
    assert case.due_on == due
    assert CaseClock.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("day", ["2026-11-15", "2026-11-21", "hôm nay", ""])
def test_the_day_lies_between_sending_and_today(story: Tell, day: str) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    at = MONDAY + dt.timedelta(days=4)
    with pytest.raises(InvalidInput) as error:
        tale.do("clerk", "record_signature", at, form="posted", received_on=day)
    assert "received_on" in error.value.fields


def test_once_signed_is_signed_and_an_old_form_changes_nothing(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    version = tale.case.version
    inputs = {"form": "brought", "received_on": "2026-11-16"}
    tale.do("clerk", "record_signature", MONDAY, **inputs)
    with pytest.raises(Stale):
        case_act(
            access=access_make("clerk"),
            code=tale.filed.code,
            action="record_signature",
            version=version,
            inputs=inputs,
        )
    with pytest.raises(DomainError) as error:
        tale.do("clerk", "record_signature", MONDAY, **inputs)
    assert error.value.code == "guard"


def test_the_clerk_records_it_on_a_page(client: Client, story: Tell, person: Any) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=MONDAY)
    tale.do("clerk", "receive", MONDAY)
    client.force_login(person("clerk"))
    path = f"/can-bo/vu-viec/{tale.filed.code}/buoc/record_signature/"
    assert path in text_of(client.get(f"/can-bo/vu-viec/{tale.filed.code}/"))
    typed = {"form": "brought", "received_on": "2026-11-17", "version": tale.case.version}
    assert client.post(path, typed).status_code == 302
    assert Flag.INFORMATION not in Case.objects.get(code=tale.filed.code).flags
