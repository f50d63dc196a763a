"""Sending on with acceptance, taking over, two instances, links: who holds what, and the clocks."""

import datetime as dt
from collections.abc import Callable

import pytest

from common.errors import DomainError, InvalidInput, NotVisible
from deadlines.models import ClockState
from petitions.invariants import clocks_follow_from_history
from petitions.kin import case_kin
from petitions.models import Case, CaseClock, CaseLink, Forwarding, Letter, LetterAttachment
from petitions.policies import may_open_identity, may_read_letters
from petitions.selectors import case_list_for
from petitions.selectors_public import letter_track
from petitions.services.actions import case_act
from petitions.timeline import public_case
from tests.people import PERSON, Story, access_make

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


def test_responsibility_and_clock_stay_with_the_sender_until_the_receiver_accepts(
    story: Make,
) -> None:
    tale = forwarded(story)
    case = tale.case
    assert (case.status, case.unit.code, case.forwarded_to.code) == ("forwarded", "00004", "00008")
    assert first_clock(case).clock.state == ClockState.RUNNING
    assert case.due_on is not None
    answer(tale, "accept_forward", 20)
    case = tale.case
    assert (case.status, case.due_on, case.forwarded_to) == ("awaiting_receiver", None, None)
    clock = first_clock(case).clock
    # Sent on in time: the receiver's twelve days are not the sender's fault.
    assert (clock.state, clock.closed_on) == (ClockState.MET, dt.date(2026, 7, 8))


def test_a_denunciation_is_forwarded_in_five_working_days(story: Make) -> None:
    tale = proposed(story)
    # Received Monday 06/07: five working days end on Monday 13/07, acceptance would have seven.
    assert tale.case.due_on == dt.date(2026, 7, 13)
    tale.do("chair", "return_proposal", at(8), reason="Thuộc thẩm quyền của phường.")
    assert tale.case.due_on == dt.date(2026, 7, 15)
    assert list(clocks_follow_from_history()) == []


def test_the_receiver_gets_a_case_of_its_own_with_people_and_limit(story: Make) -> None:
    tale = forwarded(story)
    answer(tale, "accept_forward", 20)
    new = Forwarding.objects.get().new_case
    assert (new.unit.code, new.status, new.kind) == ("00008", "submitted", "denunciation")
    assert first_clock(new).clock.started_on == dt.date(2026, 7, 20)
    letter = Letter.objects.get(case=new)
    assert letter.origin.code == tale.filed.code
    assert letter.content == Letter.objects.get(code=tale.filed.code).content
    assert CaseLink.objects.get(case=new, other=tale.case).relation == "forwarded_from"
    assert letter.parties.filter(role="petitioner", identity__is_protected=True).count() == 1


def test_who_is_neither_sender_nor_receiver_sees_nothing(story: Make) -> None:
    tale = forwarded(story)
    other = access_make("other_clerk")
    # It waits in a list of its own: the inbox shows what one is responsible for.
    assert tale.case in case_list_for(other, {"forwarded": True})
    assert tale.case not in case_list_for(other, {})
    assert tale.case not in case_list_for(access_make("board_head"), {"forwarded": True})
    answer(tale, "accept_forward", 9)
    assert tale.case not in case_list_for(other, {"forwarded": True})
    with pytest.raises(NotVisible):
        answer(tale, "record_receiver_result", 10, number="1", text="Kết quả.")


def test_the_sender_cannot_accept_for_the_receiver(story: Make) -> None:
    tale = forwarded(story)
    with pytest.raises(DomainError, match="forbidden"):
        tale.do("clerk", "accept_forward", at(9))


def test_a_return_needs_a_ground_and_puts_the_petition_back_on_the_senders_desk(
    story: Make,
) -> None:
    tale = forwarded(story)
    with pytest.raises(InvalidInput) as error:
        answer(tale, "return_forward", 9, reason="Không thuộc thẩm quyền.")
    assert list(error.value.fields) == ["ground"]
    answer(tale, "return_forward", 9, ground="not_competent", reason="Không thuộc thẩm quyền.")
    case = tale.case
    assert (case.status, case.forwarded_to) == ("classifying", None)
    assert first_clock(case).clock.state == ClockState.RUNNING
    assert Forwarding.objects.get(case=case).return_ground == "not_competent"


def test_never_forwarded_to_a_barred_unit_or_back_where_it_came_from(story: Make) -> None:
    tale = proposed(story)
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "forward", at(8), unit="00025", number="5/PC", text="Chuyển.")
    assert list(error.value.fields) == ["unit"]
    tale.do("chair", "forward", at(8), unit="00008", number="5/PC", text="Chuyển.")
    answer(tale, "accept_forward", 9)
    new = Forwarding.objects.get().new_case
    second = Story(tale.filed)
    second.filed = type(tale.filed)(new.code, "", {})
    second.do("other_clerk", "receive", at(10), is_signed=True)
    second.do("other_chair", "propose", at(10), proposal="forward", text="Không thuộc.")
    with pytest.raises(InvalidInput):
        second.do("other_chair", "forward", at(10), unit="00004", number="1", text="Trả lại.")
    second.do("other_chair", "forward", at(10), unit="BTCD", number="1", text="Chuyển tiếp.")
    assert Forwarding.objects.get(case=new).hop == 2


def test_complaints_are_guided_never_forwarded(story: Make) -> None:
    tale = story(at=at(6))
    tale.do("clerk", "receive", at(6), is_signed=True)
    with pytest.raises(InvalidInput):
        tale.do("chair", "propose", at(7), proposal="forward", text="Không thuộc thẩm quyền.")
    tale.do("chair", "propose", at(7), proposal="guide", text="Không thuộc thẩm quyền.")
    with pytest.raises(DomainError, match="wrong_state"):
        tale.do("chair", "forward", at(8), unit="00008", number="5", text="Chuyển.")


def test_the_receivers_result_is_told_and_the_case_closes(story: Make) -> None:
    tale = forwarded(story, kind="recommendation")
    answer(tale, "accept_forward", 9)
    tale.do("chair", "urge", at(20), number="8/UBND", text="Đề nghị giải quyết.")
    assert tale.case.status == "urged"
    tale.do("clerk", "record_receiver_result", at(28), number="9/UBND", text="Đã trả lời.")
    assert tale.closed(at(29)).case.status == "closed"


def test_files_of_the_letter_are_shown_at_the_receiver(story: Make) -> None:
    from io import BytesIO

    from attachments.services import attachment_store

    file = attachment_store(stream=BytesIO(b"%PDF-1.7\n" + b"x" * 50), name="don.pdf")
    tale = forwarded(story, attachments=[str(file.public_id)])
    answer(tale, "accept_forward", 9)
    assert LetterAttachment.objects.filter(attachment=file).count() == 2


def test_a_superior_takes_an_overdue_denunciation_over_with_a_new_full_limit(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=at(6)).accepted(at=at(10))
    with pytest.raises(DomainError, match="guard"):
        tale.do("city_chair", "take_over", at(20), ground="overdue", **NUMBER)
    with pytest.raises(DomainError, match="forbidden"):
        tale.do("chair", "take_over", at(20, 8), ground="overdue", **NUMBER)
    tale.do("city_chair", "take_over", at(20, 8), ground="overdue", **NUMBER)
    case = tale.case
    assert (case.status, case.unit.code, case.assignee, case.due_on) == (
        "taken_over",
        "UBND",
        None,
        None,
    )
    tale.do("city_chair", "accept", at(21, 8), number="1/QĐ")
    clock = CaseClock.objects.filter(case=case, stage="resolution").latest("id").clock
    assert (clock.rule_code, clock.started_on) == ("TC-TAKEOVER", dt.date(2026, 8, 21))


def test_nobody_takes_a_complaint_over(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    with pytest.raises(DomainError, match="wrong_state"):
        tale.do("city_chair", "take_over", at(20, 9), ground="overdue", **NUMBER)


def test_a_complaint_goes_through_two_instances(story: Make) -> None:
    tale = story(at=at(6)).decided(at=at(24))
    tale.do("clerk", "notify", at(27))
    told = {"received_on": "2026-08-03", "text": "Không đồng ý với quyết định số 45/QĐ-UBND."}
    tale.do("clerk", "open_second_instance", at(3, 8), **told)
    assert (tale.case.status, tale.case.due_on) == ("second_instance", None)
    link = CaseLink.objects.get(other=tale.case)
    new = link.case
    assert (link.relation, new.instance, new.unit.code) == ("second_instance_of", 2, "UBND")
    assert new.respondent_unit.code == "00004"
    assert first_clock(new).clock.rule_code == "KN2-ACC"
    again = Story(type(tale.filed)(new.code, "", {}))
    again.do("city_chair", "receive", at(4, 8), is_signed=True)
    again.do("city_chair", "propose", at(4, 8), proposal="accept", text="Đủ điều kiện.")
    again.do("city_chair", "accept", at(5, 8), number="1/TB")
    again.do("city_chair", "start_verification", at(6, 8))
    with pytest.raises(DomainError) as error:
        again.do("city_chair", "draft_outcome", at(7, 8), text="Dự thảo.")
    assert "39" in str(error.value.message)
    again.do("city_chair", "hold_dialogue", at(10, 8), held_on="2026-08-10", text="Đã đối thoại.")
    again.do("city_chair", "draft_outcome", at(11, 8), text="Dự thảo.")
    again.do("city_chair", "decide", at(12, 8), number="9/QĐ")
    again.do("city_chair", "notify", at(13, 8))
    with pytest.raises(DomainError, match="guard"):
        again.do("city_chair", "open_second_instance", at(14, 8), **told)
    lawsuit = {"court": "Tòa án nhân dân", "number": "4/TB", "received_on": "2026-08-20"}
    again.do("city_chair", "record_lawsuit", at(20, 8), **lawsuit)
    assert again.case.status == "in_court"


def test_no_second_complaint_before_a_result_or_the_end_of_the_limit(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    told = {"received_on": "2026-07-20", "text": "Chưa giải quyết."}
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "open_second_instance", at(20), **told)
    tale.do("clerk", "open_second_instance", at(20, 8), **told)
    assert tale.case.status == "second_instance"


def test_a_further_denunciation_is_reviewed_by_the_superior_in_20_days(story: Make) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, at=at(6)).decided(at=at(24))
    tale.do("clerk", "notify", at(27))
    told = {"received_on": "2026-08-03", "text": "Kết luận chưa đúng."}
    tale.do("clerk", "open_further_denunciation", at(3, 8), **told)
    new = CaseLink.objects.get(other=tale.case, relation="further_of").case
    clock = first_clock(new).clock
    assert (new.unit.code, clock.rule_code, clock.due_on) == (
        "UBND",
        "TC-NEXT",
        dt.date(2026, 8, 24),
    )


def test_a_mixed_letter_is_split_into_linked_cases(story: Make) -> None:
    tale = story(at=at(6))
    tale.do("clerk", "receive", at(7), is_signed=True)
    told = {"kind": "denunciation", "field": "corruption", "subject": "Nhận tiền của dân"}
    tale.do("clerk", "split", at(8), text="Ông Thử nhận tiền khi làm hồ sơ.", **told)
    new = CaseLink.objects.get(other=tale.case, relation="split_from").case
    assert (new.kind, new.flags) == ("denunciation", ["rerouted"])
    # About the ward itself: the ward never sees it, though it split the letter.
    assert new.unit.code == "BTCD"
    assert new not in case_list_for(access_make("chair"), {})
    # Both contents were received on the same day.
    assert first_clock(new).clock.started_on == dt.date(2026, 7, 6)
    assert new.letters.get().content == "Ông Thử nhận tiền khi làm hồ sơ."
    assert tale.case.status == "received"


def test_a_duplicate_follows_its_main_case(story: Make) -> None:
    main, other = story(at=at(6)), story(at=at(7))
    other.do("clerk", "receive", at(7), is_signed=True)
    with pytest.raises(InvalidInput):
        other.do("clerk", "mark_duplicate", at(8), main=other.filed.code)
    other.do("clerk", "mark_duplicate", at(8), main=main.filed.code.lower())
    case = other.case
    assert (case.status, case.merged_into, case.due_on) == ("duplicate", main.case, None)
    third = story(at=at(8))
    third.do("clerk", "receive", at(8), is_signed=True)
    with pytest.raises(InvalidInput):
        third.do("clerk", "mark_duplicate", at(8), main=other.filed.code)


def test_a_link_is_recorded_once_and_never_to_what_one_does_not_see(story: Make) -> None:
    one, two = story(at=at(6)), story(at=at(6), petitioners=[{**PERSON, "full_name": "Bà Thử Hai"}])
    hidden = story(unit="00008", at=at(6))
    one.do("clerk", "receive", at(7))
    one.do("clerk", "link", at(8), relation="same_matter", other=two.filed.code)
    with pytest.raises(InvalidInput):
        one.do("clerk", "link", at(8), relation="same_matter", other=two.filed.code)
    with pytest.raises(InvalidInput):
        one.do("clerk", "link", at(8), relation="same_matter", other=hidden.filed.code)


def test_signs_of_a_crime_go_to_the_investigation_body_at_once(story: Make) -> None:
    tale = proposed(story, what="refer_to_investigation")
    inputs = {"recipient": "Cơ quan Cảnh sát điều tra", **NUMBER}
    tale.do("chair", "refer_to_investigation", at(8), **inputs)
    assert (tale.case.status, tale.case.due_on) == ("referred_to_investigation", None)


def test_a_complaint_passed_on_by_another_body_goes_back_to_it(story: Make) -> None:
    tale = proposed(story, what="return_to_sender", kind="complaint", respondent=ELSEWHERE)
    told = {"recipient": "Báo Tưởng Tượng", "number": "4/CV", "text": "Không thuộc thẩm quyền."}
    tale.do("chair", "return_to_sender", at(8), **told)
    assert tale.case.status == "returned"


def test_the_petitioner_sees_where_the_matter_goes_on(story: Make) -> None:
    tale = forwarded(story, kind="recommendation")
    answer(tale, "accept_forward", 9)
    letter = letter_track(tale.filed.code, tale.filed.secret)
    found = public_case(letter)["goes_on_at"]
    assert [(item["unit"]["code"], item["status"]) for item in found] == [("00008", "submitted")]
    main, other = story(at=at(6)), story(at=at(7))
    other.do("clerk", "receive", at(7), is_signed=True)
    other.do("clerk", "mark_duplicate", at(8), main=main.filed.code)
    letter = letter_track(other.filed.code, other.filed.secret)
    assert [item["status"] for item in public_case(letter)["goes_on_at"]] == ["submitted"]


def test_links_show_only_what_the_reader_sees(story: Make) -> None:
    tale = story(at=at(6))
    tale.do("clerk", "receive", at(7), is_signed=True)
    told = {"kind": "denunciation", "field": "corruption", "subject": "Nhận tiền của dân"}
    tale.do("clerk", "split", at(8), text="Ông Thử nhận tiền khi làm hồ sơ.", **told)
    assert case_kin(access_make("clerk"), tale.case) == []
    (kin,) = case_kin(access_make("board_head"), tale.case)
    assert kin.case.kind == "denunciation"


def test_a_split_content_may_be_about_somebody_else(story: Make) -> None:
    tale = story(kind="feedback", at=at(6))
    tale.do("clerk", "receive", at(7), is_signed=True)
    told = {"kind": "complaint", "field": "housing", "subject": "Quyết định cưỡng chế"}
    with pytest.raises(InvalidInput):
        tale.do("clerk", "split", at(8), text="Nội dung.", **told)
    tale.do(
        "clerk",
        "split",
        at(8),
        text="Nội dung.",
        respondent="Ông Thử",
        respondent_unit="00008",
        **told,
    )
    new = CaseLink.objects.get(other=tale.case).case
    assert new.respondent_unit.code == "00008"


def test_the_receiver_reads_what_it_shall_accept_never_who_wrote_it(story: Make) -> None:
    tale = forwarded(story)
    receiver, case = access_make("other_clerk"), tale.case
    assert may_read_letters(receiver, case) is None
    identity = case.letters.get().parties.get(role="petitioner").identity
    assert may_open_identity(receiver, case, identity) is not None
    answer(tale, "return_forward", 9, ground="not_competent", reason="Không thuộc thẩm quyền.")
    assert may_read_letters(receiver, tale.case) is not None


def test_what_was_only_forwarded_is_not_published(story: Make) -> None:
    tale = forwarded(story)
    answer(tale, "accept_forward", 9)
    tale.do("clerk", "record_receiver_result", at(28), number="9/UBND", text="Đã kết luận.")
    told = {"form": "portal", "published_on": "2026-07-28", "text": "Kết luận."}
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "publish", at(28), **told)
