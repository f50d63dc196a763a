"""The guard rules of the workflow, each under its own name."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common.errors import DomainError, InvalidInput, NotPermitted
from deadlines.models import ClockState
from petitions.models import Case, CaseClock, Outcome
from petitions.selectors import case_list_for
from tests.people import PERSON, Story, access_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00008", "position": "officer"}
NUMBER = {"number": "3/QĐ-UBND", "reason": "Có văn bản trong hồ sơ."}


def at(day: int, month: int = 7) -> dt.datetime:
    return dt.datetime(2026, month, day, 2, tzinfo=dt.UTC)


def denounced(story: Make) -> Story:
    return story(kind="denunciation", respondent=ELSEWHERE, at=at(6))


def withdrawn(tale: Story, day: int) -> Story:
    told = {"scope": "whole", "form": "minutes", "received_on": f"2026-07-{day:02}"}
    tale.do("clerk", "withdraw", at(day), reason="Tự nguyện rút đơn.", **told)
    return tale


def resolution(case: Case) -> Any:
    return CaseClock.objects.filter(case=case, stage="resolution").latest("id").clock


def test_no_acceptance_without_a_signature(story: Make) -> None:
    tale = story(at=at(6))
    tale.do("clerk", "receive", at(6), is_signed=False)
    tale.do("chair", "propose", at(7), proposal="accept", text="Đề xuất thụ lý.")
    with pytest.raises(DomainError, match="guard"):
        tale.do("chair", "accept", at(7), number="1/TB")


def test_no_mass_acceptance_without_the_representative_paper(story: Make) -> None:
    people = [{**PERSON, "full_name": f"Người Thử {n}", "representative": n < 2} for n in range(5)]
    tale = story(at=at(6), petitioners=people)
    assert "collective" in tale.case.flags
    tale.do("clerk", "receive", at(6), is_signed=True)
    tale.do("chair", "propose", at(7), proposal="accept", text="Đề xuất thụ lý.")
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "accept", at(7), number="1/TB")
    assert list(error.value.fields) == ["representatives"]
    tale.do("chair", "accept", at(7), number="1/TB", representatives=True)
    assert tale.case.status == "accepted"


def test_no_complex_limit_without_the_written_finding(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    assert resolution(tale.case).rule_code == "KN-RES1-N"
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "extend", at(13), finding="complex")
    assert sorted(error.value.fields) == ["number", "reason"]
    tale.do("chair", "extend", at(13), finding="complex", **NUMBER)
    assert resolution(tale.case).extensions[-1]["rule"] == "KN-RES1-C"


def test_no_third_extension(story: Make) -> None:
    tale = denounced(story).accepted(at=at(10))
    tale.do("chair", "extend", at(13), finding="very_complex", **NUMBER)
    tale.do("chair", "extend", at(14), finding="very_complex", **NUMBER)
    with pytest.raises(InvalidInput):
        tale.do("chair", "extend", at(15), finding="very_complex", **NUMBER)
    assert len(resolution(tale.case).extensions) == 2


def test_no_dialogue_for_denunciations(story: Make) -> None:
    tale = denounced(story).accepted(at=at(10))
    tale.do("handler", "start_verification", at(13))
    with pytest.raises(DomainError, match="wrong_state"):
        tale.do("handler", "hold_dialogue", at(14), held_on="2026-07-14", text="Không được.")


@pytest.mark.parametrize(
    "text",
    [
        f"Theo tố cáo của bà {PERSON['full_name'].upper()}, nội dung đúng.",
        f"Người có số {PERSON['identity_number']} tố cáo.",
        "Điện thoại 0912 345 678.",
        "Gọi số +84 912 345 678.",
    ],
)
def test_no_publication_that_shows_the_denouncer(story: Make, text: str) -> None:
    tale = denounced(story).decided(at=at(24))
    tale.do("clerk", "notify", at(27))
    told = {"form": "posting", "published_on": "2026-07-28"}
    with pytest.raises(InvalidInput) as error:
        tale.do("clerk", "publish", at(28), text=text, **told)
    assert list(error.value.fields) == ["text"]
    tale.do("clerk", "publish", at(28), text="Nội dung tố cáo đúng một phần.", **told)
    assert tale.case.status == "published"
    assert Outcome.objects.get(case=tale.case, kind="publication").notified_on


def test_withdrawal_of_a_denunciation_is_refused_after_the_conclusion(story: Make) -> None:
    tale = denounced(story).decided(at=at(24))
    with pytest.raises(DomainError, match="guard"):
        withdrawn(tale, 25)
    complaint = story(at=at(6)).decided(at=at(24))
    assert "withdrawn" in withdrawn(complaint, 25).case.flags


def test_termination_after_withdrawal_of_a_denunciation_needs_the_recorded_check(
    story: Make,
) -> None:
    tale = denounced(story).accepted(at=at(10))
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "terminate", at(13), ground="withdrawn", no_coercion=True, **NUMBER)
    assert list(error.value.fields) == ["ground"]
    withdrawn(tale, 14)
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "terminate", at(15), ground="withdrawn", **NUMBER)
    assert list(error.value.fields) == ["no_coercion"]
    tale.do("chair", "terminate", at(15), ground="withdrawn", no_coercion=True, **NUMBER)
    assert tale.case.status == "terminated"


def test_a_forced_withdrawal_reopens_with_a_limit_of_its_own(story: Make) -> None:
    tale = withdrawn(story(at=at(6)).accepted(at=at(10)), 14)
    tale.do("chair", "terminate", at(15), ground="withdrawn", **NUMBER)
    tale.do("chair", "reopen", at(20), **NUMBER)
    case, clock = tale.case, resolution(tale.case)
    assert (case.status, case.closed_at, clock.started_on) == (
        "accepted",
        None,
        dt.date(2026, 7, 20),
    )
    assert case.due_on == clock.due_on
    assert "withdrawn" not in case.flags


def test_what_ended_otherwise_is_not_reopened(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    tale.do("chair", "terminate", at(15), ground="no_successor", **NUMBER)
    with pytest.raises(DomainError, match="guard"):
        tale.do("chair", "reopen", at(20), **NUMBER)


def test_a_suspended_case_cannot_be_overdue(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    tale.do("chair", "suspend", at(13), ground="obstacle", **NUMBER)
    assert tale.case.due_on is None
    late = case_list_for(access_make("clerk"), {"overdue": True})
    assert tale.case not in late


def test_a_decision_to_continue_restarts_not_resets_the_clock(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    tale.do("chair", "suspend", at(13), ground="obstacle", **NUMBER)
    tale.do("chair", "resume", at(20), number="4/QĐ")
    clock = resolution(tale.case)
    assert clock.started_on == dt.date(2026, 7, 10)
    # 10/07 + 30 days = 09/08, and 7 suspended days.
    assert clock.legal_due_on == dt.date(2026, 8, 16)


def test_closing_needs_a_ground_evidence_and_a_second_person(story: Make) -> None:
    tale = story(kind="feedback", at=at(6)).decided(at=at(10))
    tale.do("clerk", "notify", at(13))
    with pytest.raises(DomainError, match="guard"):
        tale.do("chair", "close", at(14))
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "propose_closing", at(14), ground="done")
    assert list(error.value.fields) == ["evidence"]
    tale.do("chair", "propose_closing", at(14), ground="done", evidence="Ảnh hiện trường")
    with pytest.raises(NotPermitted):
        tale.do("chair", "close", at(14))
    tale.do("clerk", "propose_closing", at(15), ground="done", evidence="Ảnh hiện trường")
    tale.do("chair", "close", at(15))
    assert tale.case.status == "closed"


def test_a_decision_is_in_force_only_when_the_time_to_object_is_over(story: Make) -> None:
    tale = story(at=at(6)).decided(at=at(24))
    tale.do("clerk", "notify", at(27))
    # 24/07 + 30 days = Sunday 23/08, moved to Monday 24/08.
    with pytest.raises(DomainError) as error:
        tale.do("clerk", "mark_in_force", at(24, 8))
    assert "25/08/2026" in str(error.value.message)
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "propose_closing", at(24, 8), ground="done", evidence="Số 1")
    tale.do("clerk", "mark_in_force", at(25, 8))
    assert tale.closed(at(26, 8)).case.status == "closed"


def test_a_conclusion_is_published_and_acted_on_before_the_end(story: Make) -> None:
    tale = denounced(story).decided(at=at(24))
    stages = CaseClock.objects.filter(case=tale.case, clock__state=ClockState.RUNNING)
    assert set(stages.values_list("stage", flat=True)) == {
        "decision_sent",
        "publication",
        "handling_of_conclusion",
    }
    tale.do("clerk", "notify", at(27))
    closing = {"ground": "done", "evidence": "Số 1"}
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "propose_closing", at(28), **closing)
    tale.do("chair", "act_on_conclusion", at(28), number="7/QĐ", text="Kiểm điểm trong 15 ngày.")
    with pytest.raises(DomainError, match="guard"):
        tale.do("clerk", "propose_closing", at(28), **closing)
    told = {"form": "portal", "published_on": "2026-07-29", "text": "Tố cáo đúng một phần."}
    tale.do("clerk", "publish", at(29), **told)
    assert tale.case.due_on is None
    assert tale.closed(at(30)).case.status == "closed"
