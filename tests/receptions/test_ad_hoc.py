"""Cases that ask for an ad hoc reception: rules with thresholds, for one reader."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from communes.models import Unit
from petitions.flags import Facts
from petitions.models import Case, Letter
from receptions.adhoc import CaseFacts, least_of, reasons, rules
from receptions.models import ReceptionSession, Registration
from receptions.selectors_adhoc import Proposed, ad_hoc_cases
from tests.people import WARD, Story, access_make, person_make
from tests.receptions.cast import NOW, register, session_public

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 30)
Tell = Callable[..., Story]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def facts(**changes: Any) -> CaseFacts:
    values: dict[str, Any] = {
        "people": 1,
        "letters": 1,
        "flags": frozenset(),
        "due_on": TODAY + dt.timedelta(days=5),
        "escalation_level": 0,
        "marks": Facts(),
    }
    return CaseFacts(**(values | changes))


def late(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("changes", "triggers"),
    [
        ({}, []),
        ({"people": 4, "letters": 4}, []),
        ({"people": 5}, ["mass"]),
        ({"letters": 5}, ["mass"]),
        ({"flags": frozenset({"complex"})}, ["complex"]),
        ({"flags": frozenset({"collective"})}, []),
        ({"due_on": late(44)}, []),
        ({"due_on": late(45)}, ["prolonged"]),
        ({"due_on": late(1), "escalation_level": 1}, []),
        ({"due_on": late(1), "escalation_level": 2}, ["prolonged"]),
        ({"due_on": None, "escalation_level": 3}, []),
        ({"due_on": TODAY, "escalation_level": 3}, []),
        ({"marks": Facts(final_on=late(9), letters_on=(late(3),))}, ["prolonged"]),
        ({"marks": Facts(final_on=late(9), letters_on=(late(10),))}, []),
        (
            {"people": 7, "due_on": late(60), "escalation_level": 2},
            ["mass", "prolonged", "prolonged"],
        ),
    ],
)
def test_rules(changes: dict[str, Any], triggers: list[str]) -> None:
    found = reasons(facts(**changes), TODAY)
    assert [reason.trigger.value for reason in found] == triggers
    assert all(reason.words and reason.basis for reason in found)


def test_thresholds_are_data() -> None:
    assert {rule.measure for rule in rules()} == {
        "people", "letters", "complex", "prolonged", "days_overdue", "escalated_overdue",
    }  # fmt: skip
    raised = [rule._replace(least=9) for rule in rules()]
    assert not reasons(facts(people=8), TODAY, raised)
    assert least_of("people") == 5


def look(who: str, most: int = 10) -> list[Proposed]:
    return ad_hoc_cases(access_make(who), Unit.objects.get(code=WARD), most)


def mark(tale: Story, **values: Any) -> Story:
    Case.objects.filter(code=tale.filed.code).update(**values)
    return tale


def test_planners_see_their_live_cases_with_why(story: Tell) -> None:
    story()
    complex_one = mark(story(), flags=["complex"])
    both = mark(story(), flags=["collective", "complex"])
    Letter.objects.filter(code=both.filed.code).update(people=6)
    assert [one.case.code for one in look("chair")] == [both.filed.code, complex_one.filed.code]
    assert [reason.trigger.value for reason in look("secretary")[0].reasons] == ["mass", "complex"]
    assert len(look("chair", 1)) == 1
    for who in ("clerk", "handler", "other_chair", "board_head"):
        assert not look(who)


def test_a_denunciation_is_listed_only_for_who_may_see_it(story: Tell) -> None:
    tale = mark(
        story(
            kind="denunciation",
            respondent={"name": "Ông A", "unit": "00008", "position": "officer"},
        ),
        flags=["complex"],
    )
    assert tale.case.unit.code == WARD
    assert [one.case for one in look("chair")] == [tale.case]
    assert not look("secretary")


def test_petitions_that_follow_one_case_count_as_its_letters(story: Tell) -> None:
    main, others = story(), [story() for _number in range(4)]
    for tale in (main, *others):
        tale.do("clerk", "receive", is_signed=True)
    for tale in others[:3]:
        tale.do("clerk", "mark_duplicate", main=main.filed.code)
    assert not look("chair")
    others[3].do("clerk", "mark_duplicate", main=main.filed.code)
    found = look("chair")
    assert [(one.case.code, one.trigger) for one in found] == [(main.filed.code, "mass")]
    assert "5" in found[0].reasons[0].words


def test_a_case_that_comes_to_an_ad_hoc_session_is_left_out(story: Tell) -> None:
    tale = mark(story(), flags=["complex"])
    session = session_public(kind="ad_hoc")
    register(session, petition=(tale.filed.code, tale.filed.secret))
    assert Registration.objects.get().case == tale.case
    assert not look("chair")
    ReceptionSession.objects.update(kind="periodic", trigger="")
    assert look("chair")


def test_few_queries_however_many_cases(story: Tell, django_assert_max_num_queries: Any) -> None:
    for _number in range(4):
        mark(story(), flags=["complex"])
    access, unit = access_make("chair"), Unit.objects.get(code=WARD)
    with django_assert_max_num_queries(5):
        assert len(ad_hoc_cases(access, unit, 10)) == 4


def test_one_click_fills_the_plan_without_what_somebody_wrote(client: Client, story: Tell) -> None:
    tale = mark(story(), flags=["complex"])
    hidden = mark(
        story(
            kind="denunciation",
            respondent={"name": "Ông A", "unit": "00008", "position": "officer"},
        ),
        flags=["complex"],
    )
    client.force_login(person_make("chair"))
    page = client.get("/can-bo/tiep-dan/").content.decode()
    # The same words for every case: a field left out told of a denunciation.
    href = "/can-bo/tiep-dan/moi/?unit=00004&amp;trigger=complex"
    assert href in page
    form = client.get(href.replace("&amp;", "&")).content.decode()
    assert '<option value="ad_hoc" selected>' in form
    assert "Tiếp công dân đột xuất:" in form
    assert tale.case.field.label_vi not in form
    client.force_login(person_make("secretary"))
    seen = client.get("/can-bo/tiep-dan/dot-xuat/").content.decode()
    assert tale.filed.code in seen
    assert hidden.filed.code not in seen


@pytest.mark.parametrize(("who", "code"), [("city_secretary", "TU"), ("city_chair", "UBND")])
def test_the_citys_leaders_hear_what_was_put_before_the_city(
    who: str, code: str, story: Tell, client: Client
) -> None:
    up = mark(story(), due_on=late(2), escalation_level=2)
    mark(story(), due_on=late(2), escalation_level=1)
    mark(story(), flags=["complex"])
    unit = Unit.objects.get(code=code)
    assert [one.case.code for one in ad_hoc_cases(access_make(who), unit, 10)] == [up.filed.code]
    assert not ad_hoc_cases(access_make("board_head"), unit, 10)
    client.force_login(person_make(who))
    page = client.get(f"/can-bo/tiep-dan/dot-xuat/?unit={code}").content.decode()
    assert up.filed.code in page
    assert up.case.unit.full_name in page
    assert "đã được báo cáo lên cấp Thành phố" in page


def test_a_denunciation_before_the_city_is_not_told_to_the_secretary(story: Tell) -> None:
    tale = mark(
        story(
            kind="denunciation",
            respondent={"name": "Ông A", "unit": "00008", "position": "officer"},
        ),
        due_on=late(2),
        escalation_level=3,
    )
    unit = Unit.objects.get(code="TU")
    assert not ad_hoc_cases(access_make("city_secretary"), unit, 10)
    chairs = ad_hoc_cases(access_make("city_chair"), Unit.objects.get(code="UBND"), 10)
    assert [one.case for one in chairs] == [tale.case]


def test_the_ward_hears_its_own_cases_only(story: Tell) -> None:
    mark(story(unit="00008"), due_on=late(2), escalation_level=3)
    assert not look("chair")


def test_consequences_are_for_the_leader_to_judge(client: Client, story: Tell) -> None:
    """No rule finds them, and the page does not say that one did."""
    assert "serious" not in {rule.trigger.value for rule in rules()}
    client.force_login(person_make("chair"))
    page = client.get("/can-bo/tiep-dan/dot-xuat/").content.decode()
    assert "do lãnh đạo tự đánh giá" in page
    assert 'value="serious"' in client.get("/can-bo/tiep-dan/moi/").content.decode()
