"""Rules by which new cases find their officer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services import membership_add
from common.errors import InvalidInput, NotPermitted
from common.time import today
from communes.models import Unit
from notifications.models import OutboxMessage
from petitions.models import RoutingRule
from petitions.services.routing import Conditions, rule_add, rule_raise, rule_try
from tests.people import Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
PAGE = "/can-bo/phan-cong/"


def add(**conditions: str) -> RoutingRule:
    person_make("handler")
    values = {"assignee": "handler", **conditions}
    return rule_add(access=access_make("chair"), conditions=Conditions(**values))


def second_handler() -> str:
    user = User.objects.create_user("handler2", full_name="Cán bộ thứ hai")
    unit = Unit.objects.get(code="00004")
    membership_add(user=user, unit=unit, role=Role.HANDLER, valid_from=today())
    return "handler2"


def taken_in(tale: Story) -> str | None:
    tale.do("clerk", "receive", is_signed=True)
    officer = tale.case.assignee
    return officer.username if officer else None


def test_a_new_case_goes_to_the_officer_of_the_first_rule_that_fits(story: Make) -> None:
    add(kind="feedback", assignee=second_handler())
    add(field="land_compensation")
    assert taken_in(story()) == "handler"
    assert taken_in(story(kind="feedback")) == "handler2"
    assert taken_in(story(field="housing")) is None
    told = OutboxMessage.objects.filter(template="case_assigned", recipient__username="handler")
    assert told.exists()


def test_words_of_the_subject_fit_with_or_without_accents(story: Make) -> None:
    add(words="boi thuong THU HỒI")
    assert taken_in(story()) == "handler"
    assert taken_in(story(subject="Đường ngõ 8 hỏng")) is None


def test_the_order_decides_and_can_be_changed(story: Make) -> None:
    add(field="land_compensation")
    second = add(kind="complaint", assignee=second_handler())
    assert taken_in(story()) == "handler"
    rule_raise(access=access_make("chair"), pk=second.pk)
    assert taken_in(story()) == "handler2"


def test_who_has_left_the_unit_gets_nothing(story: Make) -> None:
    add(field="land_compensation")
    Membership.objects.filter(user__username="handler").delete()
    assert taken_in(story()) is None


def test_an_assignment_made_before_stays(story: Make) -> None:
    add(field="land_compensation")
    tale = story()
    tale.do("clerk", "assign", assignee=second_handler())
    assert taken_in(tale) == "handler2"


def test_a_rule_is_tried_on_past_cases_before_it_is_kept(story: Make) -> None:
    for _ in range(3):
        story()
    story(kind="feedback")
    add(kind="complaint")
    person_make("handler")
    given = Conditions(assignee="handler", words="bồi thường")
    trial = rule_try(access=access_make("chair"), conditions=given)
    assert (trial.fits, trial.taken_before, trial.of) == (4, 3, 4)
    assert RoutingRule.objects.count() == 1


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({}, "words"),
        ({"kind": "weather"}, "kind"),
        ({"field": "weather"}, "field"),
        ({"words": "x" * 121}, "words"),
        ({"words": "x", "assignee": "nobody"}, "assignee"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(conditions: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        add(**conditions)
    assert field in error.value.fields


def test_only_the_head_keeps_rules() -> None:
    person_make("handler")
    with pytest.raises(NotPermitted):
        rule_add(access=access_make("clerk"), conditions=Conditions("handler", words="x"))


def test_the_page_tries_keeps_moves_and_removes(client: Client, story: Make) -> None:
    story()
    person_make("handler")
    client.force_login(person_make("chair"))
    data = {"kind": "complaint", "field": "", "words": "", "assignee": "handler"}
    tried = client.post(PAGE, {**data, "try": "1"}).content.decode()
    assert "Trong 1 vụ việc mới nhất có 1 vụ việc phù hợp" in tried
    assert not RoutingRule.objects.exists()
    client.post(PAGE, {**data, "keep": "1"})
    client.post(PAGE, {**data, "kind": "feedback", "keep": "1"})
    first, second = RoutingRule.objects.order_by("position")
    client.post(f"{PAGE}{second.pk}/", {"do": "up"})
    assert RoutingRule.objects.order_by("position").first() == second
    client.post(f"{PAGE}{first.pk}/", {"do": "remove"})
    assert list(RoutingRule.objects.all()) == [second]
    client.force_login(person_make("other_chair"))
    assert client.post(f"{PAGE}{second.pk}/", {"do": "remove"}).status_code == 404
