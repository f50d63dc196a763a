"""Messages both ways, after closing too; ratings; what of it stays sealed."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from attachments.services import attachment_store
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible
from common.history_check import table_check
from common.time import now
from notifications.models import OutboxMessage
from petitions.models import CaseEvent, CaseMessage, Letter, Rating
from petitions.selectors import case_list_for
from petitions.selectors_public import letter_track
from petitions.services.actions import case_act
from petitions.services.messages import message_receive, message_send, messages_seen, rating_give
from petitions.timeline import public_case
from tests.people import PERSON, Story, access_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}
PDF = b"%PDF-1.7\n" + b"x" * 100


def letter_of(tale: Story) -> Letter:
    letter = letter_track(tale.filed.code, tale.filed.secret)
    assert letter is not None
    return letter


def told(template: str) -> list[tuple[Any, ...]]:
    rows = OutboxMessage.objects.filter(template=template, channel="email")
    return sorted(rows.values_list("recipient__username", "unit__code", "position"), key=str)


def test_a_message_reaches_the_desk_then_the_assigned_officer(story: Make) -> None:
    tale = story()
    message_receive(letter=letter_of(tale), text="Bao giờ có kết quả?")
    assert told("citizen_wrote") == [(None, "00004", "clerk")]
    tale.accepted()
    message_receive(letter=letter_of(tale), text="Tôi bổ sung.")
    assert ("handler", None, "") in told("citizen_wrote")


def test_a_message_is_counted_until_it_is_answered_or_read(story: Make) -> None:
    tale, clerk = story(), access_make("clerk")
    version = tale.case.version
    message_receive(letter=letter_of(tale), text="Bao giờ có kết quả?")
    assert list(case_list_for(clerk, {"citizen_wrote": True})) == [tale.case]
    message_send(access=clerk, code=tale.filed.code, text="Trong tuần này.", is_internal=False)
    assert list(case_list_for(clerk, {"citizen_wrote": True})) == []
    message_receive(letter=letter_of(tale), text="Cảm ơn.")
    messages_seen(access=clerk, code=tale.filed.code)
    assert list(case_list_for(clerk, {"citizen_wrote": True})) == []
    # No open form of an officer went stale.
    assert tale.case.version == version
    assert list(table_check(CaseEvent)) == []


def test_also_after_closing_a_message_reaches_a_person_and_a_counter(story: Make) -> None:
    tale = story(kind="feedback").decided()
    tale.do("clerk", "notify")
    tale.closed()
    message_receive(letter=letter_of(tale), text="Đường lại hỏng.")
    assert (None, "00004", "clerk") in told("citizen_wrote")
    assert list(case_list_for(access_make("clerk"), {"citizen_wrote": True})) == [tale.case]


def test_the_petitioner_reads_the_answer_never_the_note(story: Make) -> None:
    tale, clerk = story(), access_make("clerk")
    message_send(access=clerk, code=tale.filed.code, text="Mời ông đến họp.", is_internal=False)
    message_send(access=clerk, code=tale.filed.code, text="Người này hay nóng.", is_internal=True)
    answer = public_case(letter_of(tale))
    assert [item["text"] for item in answer["messages"]] == ["Mời ông đến họp."]
    assert "nóng" not in str(answer)


def test_what_is_written_about_a_forwarded_petition_reaches_the_receiver(story: Make) -> None:
    tale = story(kind="recommendation")
    tale.do("clerk", "receive")
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    tale.do("chair", "forward", unit="00008", number="5/PC", text="Chuyển đơn.")
    case_act(
        access=access_make("other_clerk"), code=tale.filed.code, action="accept_forward",
        version=tale.case.version, inputs={},
    )  # fmt: skip
    message = message_receive(letter=letter_of(tale), text="Tôi muốn hỏi.")
    assert message.case.unit.code == "00008"
    message_send(
        access=access_make("other_clerk"),
        code=message.case.code,
        text="Đang xem xét.",
        is_internal=False,
    )
    texts = [item["text"] for item in public_case(letter_of(tale))["messages"]]
    assert texts == ["Tôi muốn hỏi.", "Đang xem xét."]


@pytest.mark.parametrize("who", ["secretary", "handler", "board_head"])
def test_who_only_sees_the_case_does_not_write(story: Make, who: str) -> None:
    with pytest.raises(NotPermitted):
        message_send(access=access_make(who), code=story().filed.code, text="A", is_internal=False)


def test_another_unit_does_not_even_see_the_case(story: Make) -> None:
    with pytest.raises(NotVisible):
        message_send(
            access=access_make("other_clerk"), code=story().filed.code, text="A", is_internal=True
        )


def test_nothing_written_is_no_message(story: Make) -> None:
    with pytest.raises(InvalidInput):
        message_receive(letter=letter_of(story()), text="  \n ")


def test_history_and_mails_hold_no_word_of_it(story: Make) -> None:
    tale = story()
    message_receive(letter=letter_of(tale), text="BÍ MẬT RIÊNG")
    event = CaseEvent.objects.get(action="petitions.message.received")
    assert "BÍ MẬT" not in str(event.data)
    assert "BÍ MẬT" not in str(list(OutboxMessage.objects.values_list("params", flat=True)))


def test_a_bad_rating_goes_to_the_head_and_one_level_up(story: Make) -> None:
    tale = story(kind="feedback").decided()
    with pytest.raises(DomainError, match="not_yet"):
        rating_give(letter=letter_of(tale), score=1)
    tale.do("clerk", "notify")
    rating_give(letter=letter_of(tale), score=2, text="Chậm.")
    assert told("bad_rating") == [(None, "00004", "head"), (None, "UBND", "city_chair")]
    with pytest.raises(DomainError, match="rated_today"):
        rating_give(letter=letter_of(tale), score=5)
    rating_give(letter=letter_of(tale), score=5, at=now() + dt.timedelta(days=2))
    assert [rating.score for rating in Rating.objects.all()] == [2, 5]


def test_a_good_rating_disturbs_nobody_an_objection_does(story: Make) -> None:
    tale = story(kind="feedback").decided()
    tale.do("clerk", "notify")
    rating_give(letter=letter_of(tale), score=4)
    assert told("bad_rating") == []
    other = story(kind="feedback").decided()
    other.do("clerk", "notify")
    rating_give(letter=letter_of(other), score=4, objects_to_result=True)
    assert len(told("bad_rating")) == 2


def test_a_bad_rating_of_a_denunciation_never_reaches_the_accused(story: Make) -> None:
    tale = story(kind="denunciation", respondent={**ELSEWHERE, "unit": "UBND"}).decided()
    tale.do("clerk", "notify")
    rating_give(letter=letter_of(tale), score=1)
    assert told("bad_rating") == [(None, "00004", "head")]


def opened(client: Client, tale: Story) -> Client:
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    return client


def test_the_page_takes_text_and_files_once(client: Client, story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    tale.do("clerk", "request_supplement", reason="Bản sao sổ đỏ.")
    page = opened(client, tale).get("/tra-cuu/don/").content.decode()
    assert "Bản sao sổ đỏ." in page
    key = page.split('name="key" value="')[1].split('"')[0]
    for _ in range(2):
        file = SimpleUploadedFile("so do.pdf", PDF, "application/pdf")
        data = {"kind": "supplement", "text": "Tôi gửi bản sao.", "uploads": file, "key": key}
        answer = client.post("/tra-cuu/don/gui/", data, follow=True)
    message = CaseMessage.objects.get()
    assert (message.kind, message.attachments.get().name) == ("supplement", "so do.pdf")
    assert "Tôi gửi bản sao." in answer.content.decode()


def test_a_wrong_file_keeps_the_text(client: Client, story: Make) -> None:
    client = opened(client, story())
    file = SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 50)
    data = {"kind": "message", "text": "Tôi gửi tệp.", "uploads": file, "key": "k"}
    answer = client.post("/tra-cuu/don/gui/", data)
    assert answer.status_code == 422
    assert "Tôi gửi tệp." in answer.content.decode()
    assert not CaseMessage.objects.exists()


def test_without_an_opened_petition_nothing_is_written(client: Client) -> None:
    for path in ("gui", "danh-gia"):
        assert client.post(f"/tra-cuu/don/{path}/", {"text": "A"}).status_code == 302
    assert not CaseMessage.objects.exists()


def test_officer_and_petitioner_on_their_pages(
    client: Client, story: Make, person: Callable[[str], User]
) -> None:
    tale = story(kind="feedback").decided()
    tale.do("clerk", "notify")
    page = opened(client, tale)
    answer = page.post("/tra-cuu/don/danh-gia/", {"score": "2", "text": "Chậm."}, follow=True)
    assert "đã được ghi nhận" in answer.content.decode()
    message_receive(letter=letter_of(tale), text="Tôi hỏi thêm.")
    client.force_login(person("clerk"))
    url = f"/can-bo/vu-viec/{tale.filed.code}/"
    shown = client.get(url).content.decode()
    assert "Tôi hỏi thêm." in shown
    assert "đánh giá 2/5" in shown
    assert "Người gửi đơn sẽ đọc được" in shown
    client.post(f"{url}trao-doi/", {"to": "citizen", "text": "Trả lời."})
    assert CaseMessage.objects.filter(by__username="clerk", text="Trả lời.").exists()
    assert tale.case.citizen_wrote_at is None


def test_of_a_denunciation_messages_are_as_sealed_as_the_letter(
    client: Client, story: Make, person: Callable[[str], User]
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE).accepted()
    file = attachment_store(stream=BytesIO(PDF), name="anh.pdf")
    message_receive(
        letter=letter_of(tale), text="Chính tôi đã thấy.", attachments=[str(file.public_id)]
    )
    client.force_login(person("handler"))
    url = f"/can-bo/vu-viec/{tale.filed.code}/"
    assert "Chính tôi" not in client.get(url).content.decode()
    assert client.get(f"{url}trao-doi/tep/{file.public_id}/").status_code == 403
    client.force_login(person("clerk"))
    assert "Chính tôi" in client.get(url).content.decode()
    assert client.get(f"{url}trao-doi/tep/{file.public_id}/").status_code == 200


def test_the_api_of_the_petitioner(story: Make) -> None:
    tale = story(kind="feedback").decided()
    tale.do("clerk", "notify")
    url = f"/api/v1/petitions/{tale.filed.code}/"
    right = {"X-Petition-Secret": tale.filed.secret}

    def post(path: str, body: dict[str, Any], headers: dict[str, str] = right) -> Any:
        return Client().post(url + path, body, "application/json", headers=headers)

    assert post("messages/", {"text": "Tôi hỏi."}).status_code == 201
    twice = {**right, "Idempotency-Key": "k1"}
    one, two = (post("messages/", {"text": "Một lần."}, twice) for _ in range(2))
    assert one.json() == two.json()
    file = attachment_store(stream=BytesIO(PDF), name="anh.pdf")
    assert post("attachments/", {"attachments": [str(file.public_id)]}).status_code == 201
    answer = post("withdrawal/", {"reason": "Đã thỏa thuận."})
    assert (answer.status_code, "chữ ký" in answer.json()["next"]) == (201, True)
    assert post("rating/", {"score": 5}).status_code == 201
    assert post("rating/", {"score": 6}).status_code == 400
    assert post("rating/", {"score": 4}).json()["code"] == "rated_today"
    kinds = list(CaseMessage.objects.values_list("kind", flat=True))
    assert kinds == ["message", "message", "supplement", "withdrawal"]
    wrong = [
        Client().post(url + path, {}, "application/json", headers={"X-Petition-Secret": "sai"})
        for path in ("messages/", "attachments/", "withdrawal/", "rating/")
    ]
    wrong.append(Client().get("/api/v1/petitions/HN-00000-00000-00/"))
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.content for answer in wrong}) == 1


def test_an_answer_goes_to_who_wrote_never_to_another_petitioner(story: Make) -> None:
    main, other = story(), story()
    other.do("clerk", "receive")
    other.do("clerk", "mark_duplicate", main=main.filed.code)
    message_receive(letter=letter_of(other), text="Đơn của tôi thế nào?")
    message_send(
        access=access_make("clerk"),
        code=main.filed.code,
        text="Đang giải quyết.",
        is_internal=False,
    )
    texts = [item["text"] for item in public_case(letter_of(other))["messages"]]
    assert texts == ["Đơn của tôi thế nào?", "Đang giải quyết."]
    assert public_case(letter_of(main))["messages"] == []
    with pytest.raises(InvalidInput):
        message_send(
            access=access_make("clerk"),
            code=main.filed.code,
            text="A",
            is_internal=False,
            letter=story().filed.code,
        )


def test_what_a_denouncer_writes_reaches_who_may_read_it(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE).accepted()
    message_receive(letter=letter_of(tale), text="Tôi bổ sung.")
    assert told("citizen_wrote") == [(None, "00004", "clerk")]
    with pytest.raises(NotPermitted):
        messages_seen(access=access_make("handler"), code=tale.filed.code)
    assert tale.case.citizen_wrote_at is not None


def test_what_came_after_the_page_was_opened_keeps_waiting(story: Make) -> None:
    tale, clerk = story(), access_make("clerk")
    message_receive(letter=letter_of(tale), text="Một.", at=now() - dt.timedelta(minutes=5))
    seen = tale.case.citizen_wrote_at
    message_receive(letter=letter_of(tale), text="Hai.")
    messages_seen(access=clerk, code=tale.filed.code, seen_until=seen)
    message_send(
        access=clerk, code=tale.filed.code, text="Trả lời.", is_internal=False, seen_until=seen
    )
    assert tale.case.citizen_wrote_at is not None


def test_an_officers_double_click_writes_once_and_a_refused_text_stays(
    client: Client, story: Make, person: Callable[[str], User]
) -> None:
    tale = story()
    client.force_login(person("clerk"))
    url = f"/can-bo/vu-viec/{tale.filed.code}/trao-doi/"
    for _ in range(2):
        client.post(url, {"to": "citizen", "text": "Một lần.", "key": "k1"})
    assert CaseMessage.objects.count() == 1
    answer = client.post(url, {"to": "note", "text": "x" * 20_001, "key": "k2"})
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.content.decode()


def test_a_duplicate_has_no_result_of_its_own_to_rate(client: Client, story: Make) -> None:
    main, other = story(), story()
    other.do("clerk", "receive")
    other.do("clerk", "mark_duplicate", main=main.filed.code)
    page = opened(client, other).get("/tra-cuu/don/").content.decode()
    assert 'name="score"' not in page
    with pytest.raises(DomainError, match="not_yet"):
        rating_give(letter=letter_of(other), score=5)


def test_a_supplement_says_until_when(client: Client, story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    day = (now() + dt.timedelta(days=9)).date()
    tale.do("clerk", "request_supplement", reason="Bản sao.", due_on=day.isoformat())
    page = opened(client, tale).get("/tra-cuu/don/").content.decode()
    assert f"Bổ sung trước ngày {day:%d/%m/%Y}." in page


def test_many_on_one_matter_are_answered_once_and_all_are_told(story: Make) -> None:
    main = story(kind="feedback")
    others = [
        story(kind="feedback", petitioners=[{**PERSON, "email": f"nguoi{n}@example.com"}])
        for n in range(3)
    ]
    for tale in others:
        tale.do("clerk", "receive")
        tale.do("clerk", "mark_duplicate", main=main.filed.code)
    OutboxMessage.objects.all().delete()
    main.decided()
    main.do("clerk", "notify")
    codes = {main.filed.code, *(tale.filed.code for tale in others)}
    news = OutboxMessage.objects.filter(event__contains=":petition_news:", params__code__in=codes)
    assert {row.params["code"] for row in news} == codes
    for tale in others:
        (outcome,) = public_case(letter_of(tale))["outcomes"]
        assert outcome["text"] == "Dự thảo kết quả giải quyết."


def test_a_decision_on_somebody_elses_complaint_is_not_shown_to_a_duplicate(story: Make) -> None:
    main, other = story(), story()
    other.do("clerk", "receive")
    other.do("clerk", "mark_duplicate", main=main.filed.code)
    main.decided()
    main.do("clerk", "notify")
    assert public_case(letter_of(other))["outcomes"] == []
