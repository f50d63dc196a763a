"""Accusations without a name: what is taken, what is promised, what is not kept."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from common.errors import DomainError, InvalidInput
from petitions.enums import Flag
from petitions.invariants import filed_case_started_a_clock, party_has_identity
from petitions.models import Case, CaseClock, CaseMessage, Letter, Party, SealedIdentity
from petitions.public.visit import COOKIE
from petitions.selectors_public import draft_open
from petitions.services.intake import petition_file
from petitions.services.messages import message_send
from petitions.services.renewals import secret_renew_at_counter
from petitions.timeline import public_case
from tests.people import WARD, Story, access_make, filing_make
from tests.petitions.public_walk import PERSON, step, write
from tests.petitions.test_denunciation_modes import ELSEWHERE, file_by_api, text_of

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ADDRESS, BROWSER = "203.0.113.77", "TrinhDuyetRieng/9.9"


def write_unnamed(client: Client) -> str:
    """Answer every page without a name; where the last one led."""
    client.post(step("loai"), {"kind": "denunciation"})
    client.post(step("bao-ve"), {"naming": "unnamed"})
    client.post(step("noi-nhan"), {"unit": WARD})
    client.post(step("linh-vuc"), {"field": "land_compensation"})
    client.post(step("noi-dung"), {"subject": "Nhận tiền", "content": "Nhận tiền ngày 2/11."})
    assert client.post(step("ve-ai"), ELSEWHERE)["Location"] == step("tep")
    return str(client.post(step("tep"), {})["Location"])


@pytest.fixture
def unnamed(story: Tell) -> Story:
    return story(kind="denunciation", respondent=ELSEWHERE, petitioners=[])


def test_the_pages_ask_for_no_name_and_say_what_follows(client: Client) -> None:
    assert write_unnamed(client) == step("kiem-tra")
    check = text_of(client.get(step("kiem-tra")))
    assert "không phải là tố cáo" in check
    client.post(step("kiem-tra"))
    letter = Letter.objects.get()
    assert {Flag.ANONYMOUS, Flag.INFORMATION} <= set(letter.case.flags)
    assert Flag.UNSIGNED not in letter.case.flags
    assert [party.role for party in Party.objects.all()] == ["respondent"]
    assert SealedIdentity.objects.count() == 1
    done = text_of(client.get("/gui-don/xong/"))
    assert "không ai cấp lại được" in done
    assert "/gui-don/mau-don/" not in done
    assert "Cơ quan phải trả lời" not in done
    assert client.get("/gui-don/mau-don/").status_code == 302


def test_a_name_typed_before_is_forgotten(client: Client) -> None:
    write(client, loai={"kind": "denunciation"}, ve_ai=ELSEWHERE)
    target = client.post(step("bao-ve") + "?sua=1", {"naming": "unnamed"})["Location"]
    assert target == step("kiem-tra")
    draft = draft_open(client.cookies[COOKIE].value)
    assert draft is not None
    assert PERSON["full_name"] not in str(draft.data)
    # And back: a name is asked for again.
    assert client.post(step("bao-ve") + "?sua=1", {"naming": "named"})["Location"] == step(
        "nguoi-gui"
    )


@pytest.mark.parametrize("kind", ["complaint", "recommendation", "feedback"])
def test_every_other_kind_needs_a_name(client: Client, kind: str) -> None:
    with pytest.raises(InvalidInput) as error:
        petition_file(filing=filing_make(kind=kind, petitioners=[]))
    assert "petitioners" in error.value.fields
    answer = file_by_api(client, kind=kind, petitioners=[])
    assert answer.status_code == 400
    assert "petitioners" in json.dumps(answer.json())
    # Whoever changes the kind after choosing so is asked for the name.
    write_unnamed(client)
    client.post(step("loai") + "?sua=1", {"kind": kind})
    client.post(step("noi-dung"), {"subject": "A", "content": "B", "request": "C"})
    assert client.get(step("kiem-tra"))["Location"] == step("nguoi-gui")


def test_the_api_takes_it_and_it_is_information_in_every_mode(client: Client) -> None:
    for mode in ("information", "full"):
        with override_settings(DENUNCIATION_MODE=mode):
            answer = file_by_api(client, petitioners=[])
        assert answer.status_code == 201
        assert answer.json()["clocks"][0]["rule"] == "TCD-NOTICE"
        assert {"anonymous", "information"} <= set(answer.json()["flags"])


def test_the_data_stay_whole(unnamed: Story) -> None:
    assert list(party_has_identity()) == []
    assert list(filed_case_started_a_clock()) == []
    assert CaseClock.objects.filter(case=unnamed.case).count() == 1


def test_nothing_promises_the_rights_of_a_denouncer(client: Client, unnamed: Story) -> None:
    client.post("/tra-cuu/", {"code": unnamed.filed.code, "secret": unnamed.filed.secret})
    page = text_of(client.get("/tra-cuu/don/"))
    assert "không phải là tố cáo" in page
    for promise in ("Điều 38", "Nếu quá hạn", "mang hoặc gửi"):
        assert promise not in page
    assert public_case(Letter.objects.get(case=unnamed.case))["needs_signature"] is False


def test_it_is_never_accepted_nor_signed_but_filed_or_sent_on(unnamed: Story) -> None:
    with pytest.raises(InvalidInput) as error:
        unnamed.do("clerk", "receive", is_signed=True)
    assert "is_signed" in error.value.fields
    unnamed.do("clerk", "receive")
    with pytest.raises(DomainError) as guard:
        unnamed.do("clerk", "record_signature", form="brought", received_on="2026-11-16")
    assert guard.value.code == "guard"
    access_make("handler")
    unnamed.do("clerk", "assign", assignee="handler")
    unnamed.do("handler", "propose", proposal="forward", text="Có chứng cứ cụ thể.")
    with pytest.raises(DomainError):
        unnamed.do("chair", "accept", number="1/QĐ")
    unnamed.do("chair", "forward", unit="TTTP", number="2/PC", text="Chuyển để thanh tra.")
    unnamed.do("inspector", "accept_forward")
    copy = Case.objects.exclude(pk=unnamed.case.pk).get()
    assert {"anonymous", "information"} <= set(copy.flags)


def test_officers_see_that_no_name_was_given(client: Client, unnamed: Story, person: Any) -> None:
    client.force_login(person("clerk"))
    page = text_of(client.get(f"/can-bo/vu-viec/{unnamed.filed.code}/"))
    assert "Người gửi: không nêu tên" in page
    assert "/cap-lai-ma/" not in page


def test_the_unit_asks_and_the_writer_answers_with_the_code(client: Client, unnamed: Story) -> None:
    clerk, code = access_make("clerk"), unnamed.filed.code
    question = "Sự việc xảy ra ở nhà số mấy?"
    message_send(access=clerk, code=code, text=question, is_internal=False)
    client.post("/tra-cuu/", {"code": code, "secret": unnamed.filed.secret})
    assert question not in text_of(client.get("/tra-cuu/don/"))
    wrong = client.post("/tra-cuu/don/doc/", {"secret": "0" * 26})
    assert wrong.status_code == 422
    assert question not in text_of(wrong)
    read = client.post("/tra-cuu/don/doc/", {"secret": unnamed.filed.secret.lower()})
    assert question in text_of(read)
    assert "no-store" in read["Cache-Control"]
    paper = SimpleUploadedFile("anh.pdf", PDF)
    typed = {"kind": "supplement", "text": "Nhà số 9.", "key": "k" * 32, "uploads": [paper]}
    assert client.post("/tra-cuu/don/gui/", typed).status_code == 302
    message = CaseMessage.objects.get(by=None)
    assert message.text == "Nhà số 9."
    assert message.attachments.count() == 1


def test_a_lost_code_is_lost(unnamed: Story) -> None:
    with pytest.raises(DomainError) as error:
        secret_renew_at_counter(
            access=access_make("clerk"),
            code=unnamed.filed.code,
            letter=unnamed.filed.code,
            version=unnamed.case.version,
            ground="Người dân trình bày mất giấy.",
            is_checked=True,
        )
    assert error.value.code == "sender_not_named"


def test_neither_address_nor_browser_is_kept_anywhere(
    broker: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    with override_settings(RATE_LIMITS=True):
        write_unnamed(client)
        client.post(step("kiem-tra"))
        done = client.get("/gui-don/xong/")
        client.post("/tra-cuu/", {"code": done.context["code"], "secret": done.context["secret"]})
        client.post("/tra-cuu/don/gui/", {"kind": "message", "text": "Thêm.", "key": "k" * 32})
    assert CaseMessage.objects.count() == 1
    kept = _whole_database() + _whole_broker(broker) + caplog.text
    assert "Nhận tiền ngày 2/11." in kept
    for trace in (ADDRESS, BROWSER):
        assert trace not in kept
    counters = list(broker.scan_iter("limit:*"))
    assert counters
    assert all(0 < broker.ttl(key) <= 3600 for key in counters)


def _whole_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def _whole_broker(broker: redis.Redis) -> str:
    keys = list(broker.scan_iter("*"))
    values = [broker.get(key) for key in keys if broker.type(key) == b"string"]
    return "\n".join(str(item) for item in [*keys, *values])
