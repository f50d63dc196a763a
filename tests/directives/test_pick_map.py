"""Giving tasks to units that are ticked on the map."""

from typing import Any

import pytest
from django.test import Client

from directives.models import Assignment, Task
from tests.directives.giving import AT, DUE, task_make
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
PAGE = "/can-bo/chi-dao/1699-cv-tu/giao/"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def city(client: Client) -> Client:
    client.force_login(person_make("propaganda"))
    return client


def sent(task: Task, *units: str, do: str = "preview") -> dict[str, Any]:
    return {
        "do": do,
        "tasks": [task.code],
        "which": "map",
        "mapped": units,
        "due_on": DUE.isoformat(),
    }


def test_the_map_has_a_box_for_every_ward_and_commune(city: Client) -> None:
    task_make()
    page = city.get(PAGE).content.decode()
    assert page.count('name="mapped"') == 126
    assert page.count('class="pick-row pick-row--shifted"') > 3


def test_what_is_ticked_is_shown_first_and_then_given(city: Client) -> None:
    task = task_make()
    shown = city.post(PAGE, sent(task, WARD, OTHER_WARD))
    assert (shown.context["preview"].new, shown.context["preview"].existing) == (2, 0)
    page = shown.content.decode()
    assert page.count(f'value="{WARD}" id="id_mapped_') == 1
    assert "checked" in page
    assert not Assignment.objects.filter(task=task).exists()
    assert city.post(PAGE, sent(task, WARD, OTHER_WARD, do="give")).status_code == 302
    given = Assignment.objects.filter(task=task).values_list("unit__code", flat=True)
    assert sorted(given) == [WARD, OTHER_WARD]


def test_nothing_ticked_is_said_beside_the_map(city: Client) -> None:
    task = task_make()
    answer = city.post(PAGE, sent(task))
    assert answer.status_code == 422
    assert "Đánh dấu ít nhất một phường, xã trên bản đồ." in answer.content.decode()
    assert city.post(PAGE, sent(task, "99999")).status_code == 422


def test_ticks_do_not_count_for_another_choice(city: Client) -> None:
    task = task_make()
    chosen = sent(task, WARD) | {"which": "communes"}
    units = city.post(PAGE, chosen).context["units"]
    assert {unit.kind for unit in units} == {"commune"}


def test_looking_for_a_unit_keeps_the_ticks(city: Client) -> None:
    task = task_make()
    page = city.post(PAGE, sent(task, WARD, do="find") | {"q": "ba vi"}).content.decode()
    assert "checked" in page.split(f'name="mapped" value="{WARD}"')[1][:60]
