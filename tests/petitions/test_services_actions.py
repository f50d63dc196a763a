"""Handling: the main line of each kind, its clocks, its refusals."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.access import Access
from accounts.models import User
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.time import now
from deadlines.models import ClockState
from notifications.models import OutboxMessage
from petitions.enums import Flag, Kind
from petitions.models import Case, CaseClock, CaseEvent, Letter, Note, Outcome, Proposal
from petitions.services.actions import case_act
from tests.people import WARD, Story, access_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
DAY = dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC)


def clock(case: Case, stage: str) -> CaseClock:
    return CaseClock.objects.select_related("clock").get(case=case, stage=stage)


def test_a_complaint_from_filing_to_closing(story: Make) -> None:
    tale = story(at=DAY)
    tale.decided(at=dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC))
    case = tale.case
    assert case.status == "decided"
    first, result = clock(case, "acceptance").clock, clock(case, "resolution").clock
    assert (first.state, result.state) == (ClockState.MET, ClockState.MET)
    assert (result.rule_code, result.due_on) == ("KN-RES1-N", dt.date(2026, 12, 28))
    assert result.legal_due_on == dt.date(2026, 12, 26)
    assert case.due_on == clock(case, "decision_sent").clock.due_on == dt.date(2026, 12, 1)
    tale.do("clerk", "notify", dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC))
    assert tale.case.due_on is None
    later = dt.datetime(2026, 12, 30, 3, tzinfo=dt.UTC)
    tale.do("clerk", "mark_in_force", later)
    tale.closed(later)
    case = tale.case
    assert (case.status, case.due_on) == ("closed", None)
    assert case.closed_at is not None
    actions = [
        e.action.rpartition(".")[2]
        for e in CaseEvent.objects.filter(case=case).order_by("sequence")
    ]
    assert actions == [
        "filed",
        "receive",
        "classify",
        "assign",
        "propose",
        "accept",
        "start_verification",
        "draft_outcome",
        "decide",
        "notify",
        "mark_in_force",
        "propose_closing",
        "close",
    ]
    assert list(table_check(CaseEvent)) == []


@pytest.mark.parametrize("kind", ["recommendation", "feedback"])
def test_recommendations_get_an_internal_target_never_law(story: Make, kind: str) -> None:
    tale = story(kind=kind, at=DAY).accepted(at=DAY)
    target = clock(tale.case, "resolution").clock
    assert (target.rule_code, target.is_internal) == ("KP-RES", True)
    tale.do("handler", "start_verification")
    tale.do("handler", "draft_outcome", text="Văn bản trả lời.")
    tale.do("chair", "decide", number="7/UBND")
    assert tale.case.due_on is None
    assert Outcome.objects.get(case=tale.case).kind == "reply"


def test_signing_turns_information_into_a_denunciation_with_its_own_clock(
    story: Make,
) -> None:
    tale = story(kind=Kind.DENUNCIATION, respondent={"name": "A", "unit": "00008"}, at=DAY)
    assert Flag.INFORMATION in tale.case.flags
    tale.do("clerk", "receive", DAY, is_signed=True)
    case = tale.case
    assert case.flags == []
    assert clock(case, "notice").clock.state == ClockState.CANCELLED
    assert clock(case, "acceptance").clock.rule_code == "TC-INIT"
    assert case.due_on == clock(case, "acceptance").clock.due_on


def test_no_acceptance_without_a_signature(story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    tale.do("chair", "propose", proposal="accept", text="Đề xuất thụ lý.")
    with pytest.raises(DomainError) as error:
        tale.do("chair", "accept", number="1/TB")
    assert error.value.code == "guard"
    assert tale.case.status == "proposed"


def test_register_numbers_are_gapless_per_unit_and_year(story: Make) -> None:
    numbers = []
    for _ in range(3):
        tale = story()
        tale.do("clerk", "receive", DAY)
        numbers.append(Letter.objects.get(code=tale.filed.code).register_number)
    assert numbers == [1, 2, 3]


def test_another_unit_does_not_even_see_the_case(
    story: Make, access: Callable[[str], Access]
) -> None:
    tale = story()
    with pytest.raises(NotVisible):
        case_act(
            access=access("other_clerk"),
            code=tale.filed.code,
            action="receive",
            version=1,
            inputs={},
        )


def test_seeing_from_the_city_gives_no_right_to_act(story: Make) -> None:
    with pytest.raises(NotPermitted):
        story().do("board_head", "receive")


def test_a_stale_form_changes_nothing_and_tells_the_current_version(
    story: Make, access: Callable[[str], Access]
) -> None:
    tale = story()
    tale.do("clerk", "receive")
    with pytest.raises(Stale) as error:
        case_act(
            access=access("clerk"),
            code=tale.filed.code,
            action="classify",
            version=1,
            inputs={"field": "housing"},
        )
    assert error.value.extra == {
        "version": 2,
        "status": "received",
        "last_action": "petitions.case.receive",
    }
    assert tale.case.field.code == "land_compensation"


def test_a_stale_form_of_a_step_that_is_gone_is_stale_too(story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    with pytest.raises(Stale) as error:
        case_act(
            access=access_make("clerk"),
            code=tale.filed.code,
            action="receive",
            version=1,
            inputs={},
        )
    assert error.value.extra["version"] == 2


@pytest.mark.parametrize(("unit", "who"), [("UBND", "city_chair"), ("TTTP", "inspector")])
def test_a_body_with_one_position_takes_a_case_to_its_end(story: Make, unit: str, who: str) -> None:
    tale = story(unit=unit, respondent={"name": "UBND", "unit": unit})
    tale.do(who, "receive", is_signed=True)
    tale.do(who, "classify", field="housing")
    tale.do(who, "assign", assignee=who)
    tale.do(who, "propose", proposal="accept", text="Đủ điều kiện thụ lý.")
    tale.do(who, "accept", number="1/TB")
    tale.do(who, "start_verification")
    tale.do(who, "draft_outcome", text="Dự thảo.")
    tale.do(who, "decide", number="2/QĐ")
    tale.do(who, "notify")
    later = now() + dt.timedelta(days=40)
    tale.do(who, "mark_in_force", later)
    tale.do(who, "propose_closing", later, ground="done", evidence="Biên bản số 5")
    tale.do(who, "close", later)
    assert tale.case.status == "closed"
    told = OutboxMessage.objects.get(template="case_decided", channel="email")
    assert told.position == who


def test_a_step_out_of_order_is_refused(story: Make) -> None:
    with pytest.raises(DomainError) as error:
        story().do("chair", "decide", number="1")
    assert error.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"field": ""}, "field"),
        ({"field": "weather"}, "field"),
        ({"field": 5}, "field"),
        ({"field": "housing", "colour": "red"}, "colour"),
        ({"field": "housing", "note": "x" * 4001}, "note"),
        ({"field": "housing", "note": "a\0b"}, "note"),
    ],
)
def test_wrong_inputs_are_named(story: Make, inputs: dict[str, object], field: str) -> None:
    tale = story()
    tale.do("clerk", "receive")
    with pytest.raises(InvalidInput) as error:
        tale.do("clerk", "classify", **inputs)
    assert list(error.value.fields) == [field]
    assert tale.case.version == 2


def test_only_an_officer_of_the_unit_can_be_assigned(
    story: Make, person: Callable[[str], User]
) -> None:
    person("other_clerk")
    tale = story()
    with pytest.raises(InvalidInput):
        tale.do("clerk", "assign", assignee="other_clerk")


def test_a_refusal_needs_its_ground_and_is_kept(story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    with pytest.raises(InvalidInput) as error:
        tale.do("chair", "propose", proposal="decline", text="Hết thời hiệu.")
    assert list(error.value.fields) == ["ground"]
    tale.do("chair", "propose", proposal="decline", ground="time_bar", text="Hết thời hiệu.")
    tale.do("chair", "decline", ground="time_bar", number="3/TB", text="Không thụ lý.")
    case = tale.case
    assert (case.status, case.due_on) == ("declined", None)
    assert Outcome.objects.get(case=case).ground == "time_bar"
    assert clock(case, "acceptance").clock.state == ClockState.MET


def test_suspension_stops_the_clock_and_resuming_moves_the_date(story: Make) -> None:
    tale = story(at=DAY).accepted(at=DAY)
    before = clock(tale.case, "resolution").clock.due_on
    tale.do(
        "chair",
        "suspend",
        dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC),
        ground="other_result",
        number="1",
        reason="Chờ kết quả giám định.",
    )
    case = tale.case
    assert (case.status, case.due_on) == ("suspended", None)
    assert clock(case, "resolution").clock.state == ClockState.PAUSED
    tale.do("chair", "resume", dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC), number="2")
    after = clock(tale.case, "resolution").clock.due_on
    assert (after - before).days >= 10
    assert tale.case.due_on == after
    assert Note.objects.get(case=case, action="suspend").is_public


def test_a_returned_proposal_goes_back_with_its_reason(story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="accept", text="Đề xuất.")
    tale.do("chair", "return_proposal", reason="Thiếu căn cứ.")
    assert tale.case.status == "classifying"
    assert Proposal.objects.get(case=tale.case).returned_reason == "Thiếu căn cứ."


def test_notices_go_to_positions_and_sealed_addresses(story: Make) -> None:
    tale = story().accepted()
    rows = OutboxMessage.objects.filter(
        event__startswith=f"case:{tale.filed.code}", channel="email"
    )
    assert {(r.template, r.position) for r in rows if r.position} == {
        ("petition_arrived", "clerk"),
        ("proposal_waiting", "head"),
    }
    news = rows.get(template="petition_news")
    assert b"example.com" not in bytes(news.address_box or b"")


def test_every_change_grows_version_and_history_together(story: Make) -> None:
    tale = story().accepted()
    assert tale.case.version == CaseEvent.objects.filter(case=tale.case).count()
    assert tale.case.unit.code == WARD
