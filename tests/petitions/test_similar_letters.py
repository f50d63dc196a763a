"""Signatures written at filing, and what of them reaches whom."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.access import Access
from accounts.models import User
from common.time import now
from petitions.models import Letter, LetterSignature, SealedIdentity
from petitions.selectors_similar import similar_letters
from petitions.services.signatures import signatures_fill
from petitions.similarity import Signal
from tests.people import OTHER_WARD, PERSON, WARD, Story

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
ByToken = Callable[[str], Client]
Who = Callable[[str], Access]
TEXT = (
    "Gia đình tôi có thửa đất số 12 tại tổ dân phố số 4 bị thu hồi để mở rộng đường. "
    "Mức bồi thường ghi trong Quyết định 12/QĐ-UBND thấp hơn nhiều so với các hộ liền kề. "
    "Tôi đã nhiều lần lên phường đề nghị xem xét lại nhưng chưa nhận được câu trả lời nào."
)
OTHER_TEXT = (
    "Cống thoát nước đầu ngõ bị tắc từ tháng trước, nước bẩn tràn vào nhà mỗi khi mưa to. "
    "Đề nghị cho nạo vét, lắp song chắn rác và kiểm tra quán ăn đổ dầu mỡ xuống cống."
)
STRANGER = PERSON | {
    "full_name": "Trần Văn Khác",
    "identity_number": "001088099999",
    "address": "Số 9, phố Không Tồn Tại, tổ 3",
}
AGAINST = {"name": "Nguyễn Văn Hư Cấu", "unit": OTHER_WARD, "position": "officer"}
ELSEWHERE = {"name": "Nguyễn Văn Hư Cấu", "unit": "00025", "position": "officer"}


def found(access: Access, tale: Story, **options: Any) -> list[str]:
    return [one.case.code for one in similar_letters(access, tale.case, **options)]


def signals(access: Access, tale: Story) -> frozenset[Signal]:
    (one,) = similar_letters(access, tale.case)
    return one.match.signals


def test_filing_writes_the_signature_and_no_personal_data(story: Make) -> None:
    row = LetterSignature.objects.get(letter__code=story(content=TEXT).filed.code)
    assert row.document_numbers == ["12/qd-ubnd"]
    assert len(row.identity_hashes) == 2  # by number, and by name with address
    assert row.address_hash is not None
    assert row.respondent_hash is not None
    stored = str(LetterSignature.objects.filter(pk=row.pk).values()[0])
    for value in PERSON.values():
        assert str(value) not in stored


def test_a_filing_that_fails_leaves_no_signature(story: Make, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("petitions.services.intake._tell", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        story()
    assert not LetterSignature.objects.exists()


def test_the_same_words_of_somebody_else_are_found_with_the_reason(
    story: Make, access: Who
) -> None:
    one = story(content=TEXT)
    again = TEXT.replace("12 tại", "77 tại").replace("nhiều lần", "mấy lần").upper()
    other = story(content=again, petitioners=[STRANGER])
    story(content=OTHER_TEXT, subject="Cống tắc", petitioners=[STRANGER | {"identity_number": "1", "address": "Số 1"}], kind="feedback", request="")  # fmt: skip
    assert found(access("clerk"), one) == [other.filed.code]
    (similar,) = similar_letters(access("clerk"), one.case)
    assert similar.match.signals == {Signal.DOCUMENT, Signal.RESPONDENT}
    assert not similar.is_duplicate
    with override("vi"):
        said = ", ".join(similar.reasons)
    assert said.startswith("cùng quyết định số 12/QĐ-UBND, ")
    assert f"nội dung giống {round(similar.match.words * 100)} %" in said


def test_the_same_sender_is_found_whatever_he_writes(story: Make, access: Who) -> None:
    one = story(content=TEXT)
    other = story(content=OTHER_TEXT, subject="Cống tắc", request="", kind="feedback")
    (similar,) = similar_letters(access("clerk"), one.case)
    assert similar.case.code == other.filed.code
    assert Signal.PERSON in similar.match.signals
    assert not similar.is_duplicate


@pytest.mark.parametrize(
    "person",
    [
        PERSON | {"full_name": "Tên Khác", "address": "Nơi khác hẳn nơi cũ"},
        PERSON | {"identity_number": "", "full_name": "VŨ THỊ THỬ NGHIỆM"},
    ],
)
def test_a_sender_is_known_by_number_or_by_name_and_address(
    story: Make, access: Who, person: dict[str, Any]
) -> None:
    one = story(content=TEXT)
    story(content=TEXT, petitioners=[person])
    assert Signal.PERSON in signals(access("clerk"), one)
    assert similar_letters(access("clerk"), one.case)[0].is_duplicate


def test_a_neighbour_shares_the_address_and_not_the_person(story: Make, access: Who) -> None:
    one = story(content=TEXT)
    story(content=TEXT, petitioners=[STRANGER | {"address": PERSON["address"]}])
    assert Signal.ADDRESS in signals(access("clerk"), one)
    assert Signal.PERSON not in signals(access("clerk"), one)


def test_the_best_come_first_and_no_more_than_asked_for(story: Make, access: Who) -> None:
    one = story(content=TEXT)
    other = story(content=TEXT + " " + OTHER_TEXT, petitioners=[STRANGER])
    same = story(content=TEXT)
    assert found(access("clerk"), one) == [same.filed.code, other.filed.code]
    assert found(access("clerk"), one, limit=1) == [same.filed.code]


def test_other_units_letters_are_found_only_by_who_sees_them(story: Make, access: Who) -> None:
    one, there = story(content=TEXT), story(content=TEXT, unit=OTHER_WARD)
    assert found(access("clerk"), one) == []
    assert found(access("board_head"), one) == [there.filed.code]


SEALED = ["board_head", "city_chair", "inspector", "city_secretary", "handler", "chair", "clerk"]


@pytest.mark.parametrize("who", SEALED)
def test_a_denunciation_is_no_result_for_whom_it_is_sealed(
    story: Make, access: Who, who: str
) -> None:
    """The same person, words, decision: held by another ward, and about the clerk's own ward."""
    respondent = {"name": "Chủ tịch phường", "unit": WARD, "position": "head"}
    one = story(content=TEXT, respondent=respondent)
    story(content=TEXT, kind="denunciation", unit=OTHER_WARD, respondent=respondent)
    assert found(access(who), one) == []


@pytest.mark.parametrize("who", ["handler", "inspector", "city_chair", "board_head"])
def test_a_sealed_denunciation_has_no_results_either(
    story: Make, access: Who, person: Callable[[str], User], who: str
) -> None:
    """They see the case: the officer it is assigned to, and bodies of the city."""
    tale = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    story(content=TEXT)
    person("handler")
    tale.do("clerk", "assign", assignee="handler")
    assert type(tale.case).objects.visible_to(access(who)).filter(pk=tale.case.pk).exists()
    assert found(access(who), tale) == []


def test_sealed_denunciations_take_no_place_and_change_no_count(
    story: Make, access: Who, by_token: ByToken
) -> None:
    one, same = story(content=TEXT), story(content=TEXT, petitioners=[STRANGER])
    url = f"/api/v1/cases/{one.filed.code}/similar/"
    before = by_token("board_head").get(url).json()
    for _ in range(3):
        story(content=TEXT, kind="denunciation", unit=OTHER_WARD, respondent=ELSEWHERE)
    assert by_token("board_head").get(url).json() == before
    assert found(access("board_head"), one, limit=1) == [same.filed.code]


def test_a_denouncer_is_never_tied_to_what_he_openly_wrote(story: Make, access: Who) -> None:
    """Not even for the clerk who may open the identity: it would show him without a record."""
    secret = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    public = story(content=OTHER_TEXT, subject="Cống tắc", kind="feedback", request="")
    assert found(access("clerk"), secret) == []
    assert found(access("clerk"), public) == []
    rows = LetterSignature.objects.order_by("pk")
    assert set(rows[0].identity_hashes).isdisjoint(rows[1].identity_hashes)
    assert rows[0].address_hash != rows[1].address_hash


def test_nor_when_their_words_are_alike(story: Make, access: Who) -> None:
    secret = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    story(content=TEXT, respondent=AGAINST)
    assert signals(access("clerk"), secret) == {Signal.DOCUMENT, Signal.RESPONDENT}


def test_two_denunciations_of_one_person_are_tied_where_identities_are_opened(
    story: Make, access: Who
) -> None:
    one = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    story(content=TEXT, kind="denunciation", respondent=AGAINST)
    assert Signal.PERSON in signals(access("chair"), one)
    assert found(access("inspector"), one) == []


def test_letters_without_a_signature_are_signed_in_batches_and_once(story: Make) -> None:
    kinds = ("complaint", "recommendation", "feedback")
    tales = [story(content=TEXT, kind=kind) for kind in kinds]
    before = list(LetterSignature.objects.order_by("pk").values())
    LetterSignature.objects.all().delete()
    assert signatures_fill(batch=2) == 2
    out = StringIO()
    call_command("index_similar", "--batch", "1", stdout=out)
    assert "1 đơn" in out.getvalue()
    after = list(LetterSignature.objects.order_by("pk").values())
    assert [_plain(row) for row in after] == [_plain(row) for row in before]
    assert len(after) == len(tales)
    assert signatures_fill() == 0


def test_signatures_of_before_get_telephone_numbers(story: Make) -> None:
    story()
    before = LetterSignature.objects.values().get()
    LetterSignature.objects.update(phone_hashes=None, identity_hashes=[1])
    assert signatures_fill() == 1
    assert _plain(LetterSignature.objects.values().get()) == _plain(before)
    assert signatures_fill() == 0


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"minima": bytes(row["minima"])}


def test_an_identity_that_cannot_be_opened_does_not_stop_the_others(story: Make) -> None:
    one, two = story(), story()
    LetterSignature.objects.all().delete()
    SealedIdentity.objects.filter(party__letter__code=one.filed.code).update(box=b"x" * 40)
    assert signatures_fill() == 2
    hashes = dict(LetterSignature.objects.values_list("letter__code", "identity_hashes"))
    assert hashes[one.filed.code] == []
    assert hashes[two.filed.code] != []


def test_a_case_of_several_letters_is_searched_with_each_and_found_once(
    story: Make, access: Who
) -> None:
    one, other = story(content=TEXT), story(content=OTHER_TEXT, petitioners=[STRANGER])
    third = story(content=OTHER_TEXT, petitioners=[STRANGER])
    Letter.objects.filter(code=other.filed.code).update(case=one.case)
    assert found(access("clerk"), one) == [third.filed.code]
    assert found(access("clerk"), third) == [one.filed.code]


def test_the_api_gives_code_score_reasons_status_subject(story: Make, by_token: ByToken) -> None:
    one, other = story(content=TEXT), story(content=TEXT)
    answer = by_token("clerk").get(f"/api/v1/cases/{one.filed.code}/similar/")
    assert answer.status_code == 200
    data = answer.json()
    assert (data["next"], data["previous"]) == (None, None)
    (row,) = data["results"]
    assert row == {
        "code": other.filed.code,
        "score": row["score"],
        "reasons": row["reasons"],
        "status": "submitted",
        "subject": other.case.subject,
    }
    assert 0.9 <= row["score"] <= 1
    assert row["reasons"][:2] == ["cùng người gửi", "cùng quyết định số 12/QĐ-UBND"]


def test_the_api_is_for_staff_and_hides_what_is_invisible(story: Make, by_token: ByToken) -> None:
    url = f"/api/v1/cases/{story().filed.code}/similar/"
    assert Client().get(url).status_code == 401
    assert by_token("other_clerk").get(url).status_code == 404
    assert by_token("clerk").get("/api/v1/cases/HN-00000-00000-00/similar/").status_code == 404


def queries(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        run()
    return len(seen)


def test_the_search_takes_three_queries_whatever_is_found(story: Make, access: Who) -> None:
    one, clerk = story(content=TEXT), access("clerk")
    assert queries(lambda: similar_letters(clerk, one.case)) - 1 == 2  # -1: story.case itself
    for _ in range(4):
        story(content=TEXT)
    assert queries(lambda: similar_letters(clerk, one.case)) - 1 == 3


def page(client: Client, tale: Story) -> str:
    answer = client.get(f"/can-bo/vu-viec/{tale.filed.code}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client.force_login(person(name))
        return client

    return make


def test_the_page_links_to_similar_cases_with_the_reasons(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    one, other = story(content=TEXT), story(content=TEXT)
    shown = page(sign_in("clerk"), one)
    assert f'href="/can-bo/vu-viec/{other.filed.code}/"' in shown
    assert "cùng người gửi, cùng quyết định số 12/QĐ-UBND" in shown
    assert "có thể là đơn trùng" in shown
    assert f"Cùng người gửi đã có đơn về cùng nội dung: {other.filed.code}." in shown


def test_the_page_says_when_there_is_nothing_and_when_nothing_is_compared(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    assert "Không có đơn tương tự" in page(sign_in("clerk"), story(content=TEXT))
    sealed = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    assert "Không so sánh" in page(sign_in("inspector"), sealed)


def test_the_page_takes_no_more_queries_for_more_similar_letters(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    one, _two, client = story(content=TEXT), story(content=TEXT), sign_in("clerk")
    page(client, one)
    few = queries(lambda: page(client, one))
    for _ in range(5):
        story(content=TEXT)
    assert queries(lambda: page(client, one)) == few


def test_a_letter_to_the_city_passes_by_a_unit_without_a_case_or_within_its_limit(
    story: Make, sign_in: Callable[[str], Client], time_machine: Any
) -> None:
    passing = story(content=TEXT, unit="BTCD")
    assert "chưa có vụ việc này" in page(sign_in("board_head"), passing)
    there = story(content=TEXT)
    assert "đang giải quyết trong hạn" in page(sign_in("board_head"), passing)
    time_machine.move_to(there.case.due_on + dt.timedelta(days=2))
    assert "vượt cấp" not in page(sign_in("board_head"), passing)


def test_who_does_not_see_the_competent_unit_is_not_told_what_it_has(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    passing = story(content=TEXT, unit="BTCD")
    assert "vượt cấp" not in page(sign_in("board_officer"), passing)


def test_a_letter_after_a_final_decision_prolongs(
    story: Make, sign_in: Callable[[str], Client], time_machine: Any
) -> None:
    tale = story(content=TEXT).decided()
    tale.do("clerk", "notify")
    time_machine.move_to(now() + dt.timedelta(days=40))
    tale.do("clerk", "mark_in_force")
    tale.closed()
    assert "hiệu lực pháp luật" not in page(sign_in("clerk"), tale)
    story(content=TEXT)
    assert "hiệu lực pháp luật" in page(sign_in("clerk"), tale)


def test_two_letters_on_a_case_and_five_people_are_marked(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    many = [STRANGER | {"identity_number": f"00108809999{n}"} for n in range(5)]
    one, other = story(content=TEXT), story(content=TEXT, petitioners=many)
    Letter.objects.filter(code=other.filed.code).update(case=one.case)
    shown = page(sign_in("clerk"), one)
    assert "Số đơn của vụ việc: 2; số lượt tiếp: 0." in shown
    assert "5 người cùng đứng tên" in shown


def test_invisible_cases_take_no_place(story: Make, access: Who) -> None:
    one, same = story(content=TEXT), story(content=TEXT)
    for _ in range(3):
        story(content=TEXT, unit=OTHER_WARD)
    assert found(access("clerk"), one, limit=1) == [same.filed.code]


def test_a_letter_filed_as_another_kind_is_not_tied_to_a_case_of_denunciation(
    story: Make, access: Who
) -> None:
    """Its hashes are those of open letters; what counts is the case that it lies in now."""
    secret = story(content=TEXT, kind="denunciation", respondent=AGAINST)
    added = story(content=OTHER_TEXT, petitioners=[PERSON])
    Letter.objects.filter(code=added.filed.code).update(case=secret.case)
    story(content="Xin cấp lại bằng tốt nghiệp bị mất.", subject="Bằng tốt nghiệp", request="")
    assert found(access("clerk"), secret) == []
