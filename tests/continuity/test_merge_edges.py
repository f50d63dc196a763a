"""What hangs between units, or on them, when they become one."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Delegation
from accounts.services_delegation import DelegationPlan, delegation_give
from common.errors import DomainError, InvalidInput
from common.invariants import invariants_broken
from communes.models import Unit
from communes.selectors import unit_cache_clear
from deadlines.models import OPEN_STATES, Clock
from petitions.models import Case, CaseEvent, Forwarding, RoutingRule, SavedFilter
from petitions.services.intake import petition_file
from receptions.models import SessionPattern
from receptions.services.patterns import pattern_create
from tests.continuity.reforming import AT, MONDAY, NEW, approve, choose, draft, merged, submit
from tests.people import OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast_plan import pattern_plan

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=4)
THIRD = "00025"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def new() -> Unit:
    return Unit.objects.get(code=NEW)


def forwarded(to: str, **changes: Any) -> Story:
    """Sent on by the ward, waiting to be accepted."""
    story = Story(petition_file(filing=filing_make(**changes), at=BEFORE))
    story.do("clerk", "receive", BEFORE, is_signed=True)
    story.do("chair", "propose", BEFORE, proposal="forward", text="Không thuộc thẩm quyền.")
    story.do("chair", "forward", BEFORE, unit=to, number="5/PC", text="Chuyển đơn.")
    return story


def test_a_petition_between_the_units_must_be_answered_first() -> None:
    forwarded(OTHER_WARD, kind="recommendation")
    reform = choose(draft(), other_chair="")
    with pytest.raises(DomainError) as refused:
        submit(reform)
    assert refused.value.code == "blocked"


def test_a_denunciation_between_the_units_is_no_question_and_goes_to_a_neutral_body() -> None:
    accused = {"name": "Ông Thử", "unit": THIRD, "position": "chair"}
    story = forwarded(OTHER_WARD, kind="denunciation", respondent=accused)
    merged()
    case = story.case
    assert case.unit == new()
    assert case.forwarded_to is not None
    assert case.forwarded_to.code == "BTCD"
    assert Forwarding.objects.get(case=case).to_unit == case.forwarded_to
    moved, offered = CaseEvent.objects.filter(case=case).order_by("-sequence")[:2]
    assert (offered.data["from"], offered.data["to"]) == (OTHER_WARD, "BTCD")
    assert (moved.data["from"], moved.data["to"]) == (WARD, NEW)
    assert (offered.data["version"], moved.data["version"]) == (case.version - 1, case.version)
    assert not invariants_broken()


def test_what_was_sent_to_others_waits_on_and_what_was_sent_here_waits_here() -> None:
    out = forwarded(THIRD, kind="recommendation")
    merged()
    case = out.case
    assert case.unit == new()
    assert case.forwarded_to == Unit.objects.get(code=THIRD)
    assert Forwarding.objects.get(case=case).from_unit.code == WARD


def test_rules_follow_in_order_and_filters_keep_apart() -> None:
    other, ward = (Unit.objects.get(code=code) for code in (OTHER_WARD, WARD))
    for unit, who in ((ward, "handler"), (other, "other_clerk")):
        RoutingRule.objects.create(
            unit=unit, position=1, kind="feedback", assignee=person_make(who),
            by=person_make(who), at=AT,
        )  # fmt: skip
        SavedFilter.objects.create(
            name="Quá hạn", query="due=late", owner=person_make(who), unit=unit, created_at=AT
        )
    merged()
    assert list(RoutingRule.objects.filter(unit=new()).values_list("position", flat=True)) == [1, 2]
    names = SavedFilter.objects.filter(unit=new()).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Quá hạn", f"Quá hạn ({OTHER_WARD})"]


def test_rights_handed_over_go_with_both_people() -> None:
    ward = Unit.objects.get(code=WARD)
    plan = DelegationPlan(
        "handler", ["case.assign"], MONDAY, MONDAY + dt.timedelta(days=9), "QĐ 12"
    )
    delegation_give(access=access_make("chair"), unit=ward, plan=plan)
    merged()
    row = Delegation.objects.get()
    assert (row.unit, row.revoked_at) == (new(), None)


def test_rights_handed_over_end_when_one_of_them_leaves() -> None:
    ward = Unit.objects.get(code=WARD)
    plan = DelegationPlan(
        "handler", ["case.assign"], MONDAY, MONDAY + dt.timedelta(days=9), "QĐ 12"
    )
    delegation_give(access=access_make("chair"), unit=ward, plan=plan)
    reform = choose(draft(), other_chair=f"{NEW}:handler", handler="")
    approve(submit(reform))
    assert Delegation.objects.get().revoked_at == AT


def test_one_pattern_a_duty_goes_on() -> None:
    for who, code in (("secretary", WARD), ("other_chair", OTHER_WARD)):
        pattern_create(
            access=access_make("secretary" if code == WARD else who),
            unit=Unit.objects.get(code=code),
            plan=pattern_plan(place=f"Trụ sở {code}"),
        )
    merged()
    live = SessionPattern.objects.get(valid_to=None)
    assert (live.unit, live.place) == (new(), f"Trụ sở {WARD}")
    ended = SessionPattern.objects.exclude(pk=live.pk).get()
    assert ended.valid_to == MONDAY - dt.timedelta(days=1)


def test_the_register_of_the_new_unit_begins_anew_and_old_numbers_stay() -> None:
    story = Story(petition_file(filing=filing_make(), at=BEFORE))
    story.do("clerk", "receive", BEFORE, is_signed=True)
    merged()
    unit_cache_clear()
    later = Story(
        petition_file(filing=filing_make(unit=NEW, respondent=None, kind="feedback"), at=AT)
    )
    later.do("clerk", "receive", AT, is_signed=True)
    numbers = [s.case.letters.get() for s in (story, later)]
    assert [(n.register_unit.code, n.register_number) for n in numbers if n.register_unit] == [
        (WARD, 1), (NEW, 1),
    ]  # fmt: skip
    assert not invariants_broken()


def test_nobody_files_with_a_unit_that_is_no_more() -> None:
    merged()
    unit_cache_clear()
    with pytest.raises(InvalidInput):
        petition_file(filing=filing_make(), at=AT)


def test_nothing_is_lost_and_nothing_doubled() -> None:
    for number in range(4):
        filing = filing_make(unit=(WARD, OTHER_WARD)[number % 2], respondent=None, kind="feedback")
        petition_file(filing=filing, at=BEFORE)
    before = Case.objects.count(), Clock.objects.filter(state__in=OPEN_STATES).count()
    reform = merged()
    after = Case.objects.count(), Clock.objects.filter(state__in=OPEN_STATES).count()
    doubled = reform.counts["doubled"]
    assert after[0] == before[0]
    assert before[1] - after[1] <= doubled
    assert reform.counts["cases"] == 4
    assert CaseEvent.objects.filter(action="petitions.case.unit_moved").count() == 4
    assert Case.objects.filter(unit=new()).count() == 4
