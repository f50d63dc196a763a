"""Petitions about a unit that is no more go on, and nothing new is sent there."""

import datetime as dt
from typing import Any

import pytest

from accounts.access import access_of
from common.errors import InvalidInput
from common.invariants import invariants_broken
from communes.models import Unit
from communes.selectors import unit_cache_clear
from petitions.choices import choices_for
from petitions.models import Case, Party
from petitions.receivers import receivers_for
from petitions.services.intake import petition_file
from petitions.workflow import BY_ACTION, Action
from tests.continuity.reforming import AT, NEW, merged
from tests.people import OTHER_WARD, WARD, Story, filing_make, person_make

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=4)
CONTENT = {"field": "land_compensation", "subject": "Nội dung tách ra", "text": "Nội dung khác."}


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def file(**changes: Any) -> Story:
    return Story(petition_file(filing=filing_make(**changes), at=BEFORE))


def denounced() -> Story:
    """About the ward, so that the reception board of the City holds it."""
    accused = {"name": "Chủ tịch phường", "unit": WARD, "position": "chair"}
    return file(kind="denunciation", respondent=accused)


def after_merger() -> None:
    merged()
    unit_cache_clear()


def split(story: Story, **changes: Any) -> Case:
    story.do("clerk", "split", AT, **(CONTENT | changes))
    return Case.objects.latest("pk")


def test_what_is_about_a_merged_unit_is_still_accepted_by_whom_it_was_sent_to() -> None:
    story = denounced()
    story.do("board_officer", "receive", BEFORE, is_signed=True)
    story.do("board_head", "propose", BEFORE, proposal="forward", text="Chuyển thanh tra.")
    story.do("board_head", "forward", BEFORE, unit="TTTP", number="5/PC", text="Chuyển đơn.")
    after_merger()
    story.do("inspector", "accept_forward", AT)
    case = Case.objects.latest("pk")
    assert (case.unit.code, case.respondent_unit) == ("TTTP", unit(WARD))
    assert Party.objects.get(letter__case=case, role="respondent").unit == unit(WARD)
    assert {unit(WARD).pk, unit(NEW).pk} <= set(case.barred_units)
    assert not invariants_broken()


def test_a_petition_of_before_is_split_in_the_new_unit() -> None:
    """Its date is older than the unit that holds it now."""
    story = file()
    story.do("clerk", "receive", BEFORE, is_signed=True)
    after_merger()
    case = split(story, kind="complaint")
    assert (case.unit, case.respondent_unit) == (unit(NEW), unit(WARD))
    assert case.letters.get().addressed_unit == unit(NEW)


def test_what_turns_out_to_denounce_somebody_of_before_passes_the_new_unit_by() -> None:
    story = file()
    story.do("clerk", "receive", BEFORE, is_signed=True)
    after_merger()
    case = split(story, kind="denunciation")
    assert case.unit.code == "BTCD"
    assert {unit(WARD).pk, unit(NEW).pk} <= set(case.barred_units)
    for name in ("clerk", "chair", "other_chair"):
        seen = Case.objects.visible_to(access_of(person_make(name)))
        assert not seen.filter(pk=case.pk).exists(), name


def test_units_that_are_no_more_are_not_on_offer() -> None:
    story = file(kind="recommendation")
    story.do("clerk", "receive", BEFORE, is_signed=True)
    after_merger()
    gone, case = {WARD, OTHER_WARD}, story.case
    assert not gone & {one.code for one in receivers_for(case)}
    field = next(f for f in BY_ACTION[Action.SPLIT].fields if f.name == "respondent_unit")
    codes = {code for code, _name in choices_for(field, case, Action.SPLIT)}
    assert NEW in codes
    assert not gone & codes
    with pytest.raises(InvalidInput) as refused:
        split(story, kind="complaint", respondent="Ông Thử", respondent_unit=WARD)
    assert "respondent_unit" in refused.value.fields


def test_nothing_is_sent_on_to_a_unit_that_is_no_more() -> None:
    story = file(kind="recommendation")
    after_merger()
    story.do("clerk", "receive", AT, is_signed=True)
    story.do("chair", "propose", AT, proposal="forward", text="Không thuộc thẩm quyền.")
    with pytest.raises(InvalidInput) as refused:
        story.do("chair", "forward", AT, unit=OTHER_WARD, number="5/PC", text="Chuyển đơn.")
    assert "unit" in refused.value.fields
