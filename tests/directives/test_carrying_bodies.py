"""Bodies in charge of a task and bodies that support it: what they see, and what they are told."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.errors import NotVisible
from communes.models import Unit
from directives.evidence import evidence_of
from directives.models import Assignment, Task, TaskSupport
from directives.selectors import directive_get_for
from tests.directives.giving import give, report, task_make
from tests.directives.stepping import told
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
STAFF = "/can-bo/chi-dao/"
Enter = Callable[[str], Client]


def body(code: str = "TTPTQD") -> Unit:
    return Unit.objects.get(code=code)


def helped(task: Task, code: str = "TTPTQD") -> Task:
    TaskSupport.objects.create(task=task, unit=body(code))
    return task


def seen(row: Assignment, client: Client, step: str = "") -> int:
    send = client.post if step else client.get
    return send(f"{STAFF}viec/{row.public_id}/{step}").status_code


def test_the_body_in_charge_reads_the_task_of_a_unit_and_no_other(enter: Enter) -> None:
    row = give(task_make(lead_unit=body(), title="Giải phóng mặt bằng"), WARD, OTHER_WARD)
    other = give(task_make())
    client = enter("service_head")
    assert seen(row, client) == 200
    assert seen(row, client, "bao-cao/") == 403
    assert seen(row, client, "tra-loi/") == 403
    assert seen(other, client) == 404
    unit = client.get(f"{STAFF}1699-cv-tu/{WARD}/").content.decode()
    assert unit.count(f"{STAFF}viec/") == 1
    assert client.get(f"{STAFF}tong-quan/don-vi/{WARD}/").status_code == 200
    assert client.get(f"{STAFF}tong-quan/don-vi/00025/").status_code == 404


def test_the_directive_counts_what_the_body_carries(enter: Enter) -> None:
    row = give(helped(task_make()), WARD, OTHER_WARD)
    report(row)
    page = enter("service_head").get(f"{STAFF}1699-cv-tu/")
    assert [(line["unit"].code, line["unit"].total, line["unit"].done) for line in page.context["rows"]] == [
        (WARD, 1, 1), (OTHER_WARD, 1, 0),
    ]  # fmt: skip


def test_an_internal_document_is_seen_by_those_it_asks_something_of() -> None:
    row = give(helped(task_make()))
    directive = row.task.group.directive
    directive.is_public, directive.confidentiality = False, "internal"
    directive.save()
    assert directive_get_for(access_make("service_head"), directive.slug) == directive
    TaskSupport.objects.all().delete()
    with pytest.raises(NotVisible):
        directive_get_for(access_make("service_head"), directive.slug)


def test_the_desk_lists_what_the_body_carries(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    give(task_make(lead_unit=body(), title="Chủ trì việc này"), WARD, OTHER_WARD)
    give(helped(task_make(title="Phối hợp việc kia")))
    client = enter("service_head")
    # What notices lead to: a body without tasks of its own sees those that it carries.
    plain = client.get(f"{STAFF}viec-duoc-giao/")
    assert plain.context["part"] == "lead"
    assert len(plain.context["rows"]) == 2
    tabs = [tab["href"] for tab in plain.context["tabs"]]
    assert tabs == ["?part=", "?part=lead", "?part=support"]
    assert client.get(f"{STAFF}viec-duoc-giao/?part=").context["rows"] == []
    with django_assert_max_num_queries(15):
        led = client.get(f"{STAFF}viec-duoc-giao/?part=lead")
    assert [row["assignment"].unit.code for row in led.context["rows"]] == [WARD, OTHER_WARD]
    page = client.get(f"{STAFF}viec-duoc-giao/?part=support").content.decode()
    assert "Phối hợp việc kia" in page
    assert "Chủ trì việc này" not in page
    file = client.get(f"{STAFF}viec-duoc-giao/tai-ve/?part=lead&format=csv")
    assert b"".join(file.streaming_content).decode().count("Chủ trì việc này") == 2


def test_a_unit_that_carries_nothing_has_no_tabs(enter: Enter) -> None:
    give(helped(task_make()))
    page = enter("clerk").get(f"{STAFF}viec-duoc-giao/?part=lead")
    assert page.context["tabs"] == []
    assert page.context["rows"] == []


def test_the_page_of_a_task_names_both(enter: Enter) -> None:
    row = give(helped(task_make(lead_unit=body("VPTU"))))
    page = enter("clerk").get(f"{STAFF}viec/{row.public_id}/").content.decode()
    assert body("VPTU").full_name in page
    assert body().full_name in page
    found = enter("clerk").get(f"/api/v1/assignments/{row.public_id}/").json()
    assert (found["lead"], found["supporting_units"]) == ("VPTU", ["TTPTQD"])


def test_a_supporting_body_is_told_once_a_task() -> None:
    task = helped(task_make())
    give(task, WARD, OTHER_WARD)
    give(task, "00025")
    assert told("directive_support") == [("TTPTQD", "service_head")]


def test_every_body_that_carries_a_task_is_told_once() -> None:
    task = helped(task_make(lead_unit=body("VPTU")))
    TaskSupport.objects.create(task=task, unit=body("BNC"))
    give(task, WARD, OTHER_WARD)
    give(task, "00025")
    assert sorted(unit for unit, _position in told("directive_support")) == ["BNC", "TTPTQD"]
    assert [unit for unit, _position in told("directive_lead")] == ["VPTU"]


def test_the_body_that_gives_the_tasks_is_not_told() -> None:
    give(task_make(), WARD)
    give(task_make(lead_unit=body("BTGDV")), WARD)
    assert told("directive_lead") == []


def test_registers_of_the_unit_stay_closed_to_the_body_in_charge() -> None:
    row = give(task_make(lead_unit=body(), evidence_source="rules"))
    assert evidence_of(access_make("clerk"), row)
    assert evidence_of(access_make("service_head"), row) == []
