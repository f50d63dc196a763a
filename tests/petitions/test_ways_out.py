"""Copies keep bars and signatures; no state is left without a way out."""

import datetime as dt
from collections.abc import Callable

import pytest

from common.errors import DomainError, InvalidInput
from deadlines.models import ClockState
from petitions.models import Case, CaseClock, CaseLink, Forwarding
from petitions.selectors import case_list_for
from petitions.services.actions import case_act
from tests.people import Story, access_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}
NUMBER = {"number": "3/QĐ", "reason": "Có văn bản trong hồ sơ."}


def at(day: int, month: int = 7) -> dt.datetime:
    return dt.datetime(2026, month, day, 2, tzinfo=dt.UTC)


def proposed(
    story: Make, what: str = "forward", kind: str = "denunciation", **changes: object
) -> Story:
    respondent = ELSEWHERE if kind == "denunciation" else None
    tale = story(kind=kind, at=at(6), **{"respondent": respondent, **changes})
    tale.do("clerk", "receive", at(6), is_signed=True)
    tale.do("chair", "propose", at(7), proposal=what, text="Không thuộc thẩm quyền.")
    return tale


def forwarded(story: Make, **changes: object) -> Story:
    tale = proposed(story, **changes)
    tale.do("chair", "forward", at(8), unit="00008", number="5/PC", text="Chuyển đơn.")
    return tale


def answer(tale: Story, action: str, day: int, who: str = "other_clerk", **inputs: object) -> Case:
    return case_act(
        access=access_make(who),
        code=tale.filed.code,
        action=action,
        version=tale.case.version,
        inputs=inputs,
        at=at(day),
    )


def first_clock(case: Case) -> CaseClock:
    """The clock of the first answer; information that was signed has a second one."""
    stages = ("acceptance", "notice", "review")
    return (
        CaseClock.objects.select_related("clock").filter(case=case, stage__in=stages).latest("id")
    )


def other_story(tale: Story, code: str) -> Story:
    return Story(type(tale.filed)(code, "", {}))


def test_a_copy_keeps_the_bars_of_the_first_case(story: Make) -> None:
    """The denouncer named no unit: the addressed ward stays barred wherever the copy goes."""
    tale = story(kind="denunciation", respondent={"name": "Ông Thử", "unit": ""}, at=at(6))
    ward = tale.case.barred_units
    assert tale.case.unit.code == "BTCD"
    tale.do("board_officer", "receive", at(6), is_signed=True)
    tale.do("board_head", "propose", at(7), proposal="forward", text="Chuyển.")
    tale.do("board_head", "forward", at(8), unit="TTTP", number="1", text="Chuyển.")
    answer(tale, "accept_forward", 9, who="inspector")
    new = Forwarding.objects.get().new_case
    assert (new.unit.code, new.barred_units) == ("TTTP", ward)
    assert new in case_list_for(access_make("inspector"), {})
    again = other_story(tale, new.code)
    again.do("inspector", "receive", at(9), is_signed=True)
    again.do("inspector", "propose", at(9), proposal="forward", text="Chuyển.")
    with pytest.raises(InvalidInput):
        again.do("inspector", "forward", at(9), unit="00004", number="2", text="Chuyển.")


def test_nothing_is_split_off_a_denunciation_into_the_open(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=at(6))
    tale.do("clerk", "receive", at(6), is_signed=True)
    told = {"field": "housing", "subject": "Đường hỏng", "text": "Đường ngõ hỏng."}
    with pytest.raises(InvalidInput) as error:
        tale.do("clerk", "split", at(7), kind="feedback", **told)
    assert list(error.value.fields) == ["kind"]
    tale.do("clerk", "split", at(7), kind="denunciation", **told)
    new = CaseLink.objects.get(other=tale.case).case
    assert (new.unit.code, new.barred_units) == ("00004", tale.case.barred_units)


def test_what_was_never_signed_is_not_signed_by_splitting(story: Make) -> None:
    tale = story(kind="feedback", at=at(6))
    tale.do("clerk", "receive", at(6))
    told = {"kind": "denunciation", "field": "corruption", "subject": "Nhận tiền"}
    tale.do("clerk", "split", at(7), text="A.", respondent="Ông B", respondent_unit="00025", **told)
    new = CaseLink.objects.get(other=tale.case).case
    assert {"unsigned", "information"} <= set(new.flags)
    # The open case says nothing of it.
    assert new.code not in str(list(tale.case.events.values_list("data", flat=True)))


def test_a_denunciation_is_never_tied_to_what_its_writer_wrote_openly(story: Make) -> None:
    denounced = story(kind="denunciation", respondent=ELSEWHERE, at=at(6))
    open_one = story(kind="recommendation", at=at(6))
    denounced.do("clerk", "receive", at(7), is_signed=True)
    for relation in ("repeat_of", "same_matter", "grew_out_of"):
        with pytest.raises(InvalidInput):
            denounced.do("clerk", "link", at(8), relation=relation, other=open_one.filed.code)


def test_a_duplicate_joins_no_case_that_a_barred_body_sees(story: Make) -> None:
    main = story(kind="denunciation", respondent=ELSEWHERE, at=at(6))
    about_the_ward = story(kind="denunciation", respondent={"name": "A", "unit": "00004"}, at=at(6))
    about_the_ward.do("board_officer", "receive", at(7), is_signed=True)
    with pytest.raises(InvalidInput):
        about_the_ward.do("board_head", "mark_duplicate", at(8), main=main.filed.code)


def test_duplicates_make_no_chains(story: Make) -> None:
    one, two, three = story(at=at(6)), story(at=at(6)), story(at=at(6))
    one.do("clerk", "receive", at(7))
    two.do("clerk", "receive", at(7))
    one.do("clerk", "mark_duplicate", at(8), main=two.filed.code)
    with pytest.raises(InvalidInput):
        two.do("clerk", "mark_duplicate", at(8), main=three.filed.code)


def test_the_superiors_limit_counts_from_the_day_of_receipt(story: Make) -> None:
    tale = story(at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(10))
    told = {"received_on": "2026-07-13", "text": "Không đồng ý."}
    tale.do("clerk", "open_second_instance", at(30), **told)
    new = CaseLink.objects.get(other=tale.case).case
    assert first_clock(new).clock.started_on == dt.date(2026, 7, 13)


def test_the_first_decision_is_in_force_when_the_second_complaint_ends_without_one(
    story: Make,
) -> None:
    tale = story(at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(10))
    told = {"received_on": "2026-07-20", "text": "Không đồng ý."}
    tale.do("clerk", "open_second_instance", at(20), **told)
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "mark_in_force", at(20, 8))
    second = other_story(tale, CaseLink.objects.get(other=tale.case).case.code)
    second.do("city_chair", "receive", at(21), is_signed=True)
    second.do(
        "city_chair", "propose", at(22), proposal="decline", ground="time_bar", text="Hết hạn."
    )
    second.do("city_chair", "decline", at(22), ground="time_bar", number="1", text="Không thụ lý.")
    tale.do("clerk", "mark_in_force", at(20, 8))
    assert tale.case.status == "in_force"


def test_the_sender_takes_back_what_nobody_answers(story: Make) -> None:
    tale = forwarded(story)
    tale.do("chair", "recall_forward", at(14), reason="Nơi nhận không trả lời.")
    assert (tale.case.status, tale.case.forwarded_to) == ("classifying", None)
    assert first_clock(tale.case).clock.state == ClockState.RUNNING


def test_a_missing_supplement_stops_nobody(story: Make) -> None:
    tale = story(at=at(6))
    tale.do("clerk", "receive", at(6))
    tale.do("clerk", "request_supplement", at(7), reason="Bản sao.")
    tale.do("clerk", "classify", at(9), field="housing")
    assert tale.case.status == "classifying"


def test_only_a_late_result_is_taken_over_as_late(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(13))
    # Publication is late; the result was not.
    with pytest.raises(InvalidInput):
        tale.do("city_chair", "take_over", at(20, 8), ground="overdue", **NUMBER)
    sender = forwarded(story)
    answer(sender, "accept_forward", 9)
    sender.do("clerk", "record_receiver_result", at(28), number="9", text="Đã kết luận.")
    with pytest.raises(DomainError, match="guard"):
        sender.do("city_chair", "take_over", at(20, 8), ground="unlawful", **NUMBER)


def test_a_proposal_to_close_does_not_outlive_its_situation(story: Make) -> None:
    tale = story(at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(10))
    tale.do("clerk", "mark_in_force", at(20, 8))
    tale.do("clerk", "propose_closing", at(20, 8), ground="nothing_to_do", evidence="Số 9")
    lawsuit = {"court": "Tòa án nhân dân", "number": "4/TB", "received_on": "2026-08-20"}
    tale.do("clerk", "record_lawsuit", at(21, 8), **lawsuit)
    with pytest.raises(DomainError, match="guard"):
        tale.do("chair", "close", at(21, 8))


def test_publication_is_not_skipped_by_carrying_out(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(13))
    tale.do("chair", "act_on_conclusion", at(14), number="7/QĐ", text="Kiểm điểm.")
    tale.do("handler", "start_enforcement", at(15), text="Kiểm điểm trong 15 ngày.")
    tale.do("handler", "finish_enforcement", at(30), text="Đã kiểm điểm.")
    closing = {"ground": "done", "evidence": "Số 1"}
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "propose_closing", at(30), **closing)
    told = {"form": "portal", "published_on": "2026-07-30", "text": "Tố cáo đúng một phần."}
    tale.do("clerk", "publish", at(30), **told)
    assert tale.closed(at(31)).case.status == "closed"
