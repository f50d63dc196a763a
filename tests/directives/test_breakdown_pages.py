"""Groups and tasks, and giving them, as it is done on pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from directives import services
from directives.models import Assignment, Task
from petitions.references import field_by_code
from tests.directives.giving import AT, give
from tests.directives.keeping import (
    SLUG,
    do,
    entered,
    group_of,
    in_force,
    task_of,
)
from tests.directives.paging import STAFF, STALE, TASK, text, version
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


# Groups and tasks


def test_a_document_is_broken_down(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    directive, client = entered(), sign_in("propaganda")
    assert "Chưa phân chia nhiệm vụ" in text(client, f"{SLUG}/noi-dung/")
    group = {"title": "Đối thoại", "text": "Đối thoại định kỳ.", "version": "1"}
    assert client.post(f"{STAFF}{SLUG}/nhom-moi/", group).status_code == 302
    wrong = client.post(f"{STAFF}{SLUG}/nhom-moi/", group)
    assert wrong.status_code == 422
    assert STALE in wrong.content.decode()
    path = f"{STAFF}{SLUG}/nhom/{SLUG}-1/"
    assert client.post(path, group | {"title": "Hội nghị", "version": "2"}).status_code == 302
    refused = client.post(path + "viec-moi/", TASK | {"version": "3", "starts_on": "2026-12-01"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["starts_on"]
    fields = {"subject_fields": ["environment", "public_service"]}
    added = client.post(path + "viec-moi/", TASK | fields | {"version": "3", "target": "3"})
    assert added.status_code == 302
    with django_assert_max_num_queries(13):
        page = text(client, f"{SLUG}/noi-dung/")
    for words in (
        "Hội nghị",
        TASK["title"],
        "Ban Nội chính",
        "Chỉ tiêu: 3",
        str(field_by_code("environment")),
    ):
        assert words in page
    assert version(directive) == 4
    form = client.get(f"{STAFF}{SLUG}/nhiem-vu/{SLUG}-1-1/").context["main"]
    assert set(form.initial["subject_fields"]) == {"environment", "public_service"}


def test_a_task_is_changed_and_withdrawn(sign_in: SignIn) -> None:
    directive, client = in_force(), sign_in("propaganda")
    task = task_of(group_of(directive), supporting_units=["VPTU"])
    row = give(task, WARD)
    path = f"{STAFF}{SLUG}/nhiem-vu/{task.code}/"
    page = text(client, f"{SLUG}/nhiem-vu/{task.code}/")
    assert "ở 1 đơn vị chưa hoàn thành" in page
    assert client.post(path, TASK | {"title": "Mới", "version": "1"}).status_code == 302
    stale = client.post(path, TASK | {"title": "Khác", "version": "1"})
    assert stale.status_code == 422
    assert "Khác" in stale.content.decode()
    fixed = client.post(path, TASK | {"indicator": "yes_no", "version": "2"})
    assert list(fixed.context["form"].errors) == ["indicator"]
    refused = client.post(path, {"do": "withdraw", "version": "2", "reason": ""})
    assert refused.status_code == 422
    gone = client.post(path, {"do": "withdraw", "version": "2", "reason": "Thử."})
    assert gone.status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert client.get(path).status_code == 404
    assert "Đã thu hồi" in text(client, f"{SLUG}/noi-dung/")


def test_a_draft_takes_a_template(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    path = f"{STAFF}{SLUG}/noi-dung/"
    page = text(client, f"{SLUG}/noi-dung/")
    assert 'value="1699-cv-tu"' in page
    assert 'value="07-ct-tu"' not in page
    wrong = client.post(path, {"source": "", "version": "1"})
    assert wrong.status_code == 422
    assert client.post(path, {"source": "1699-cv-tu", "version": "1"}).status_code == 302
    assert directive.groups.count() == 6
    do(services.directive_publish, directive, at=AT)
    assert "Lấy nhóm và nhiệm vụ" not in text(client, f"{SLUG}/noi-dung/")


# Giving


def test_the_page_of_a_document_leads_to_giving_whoever_may_give(sign_in: SignIn) -> None:
    task_of(group_of(in_force()))
    link = f'href="{STAFF}{SLUG}/giao/"'
    assert link in text(sign_in("propaganda"), f"{SLUG}/")
    draft = entered(number="22-CV/TU")
    assert f"{draft.slug}/giao/" not in text(sign_in("propaganda"), f"{draft.slug}/")


@pytest.fixture
def task(db: None) -> Task:
    return task_of(group_of(in_force()))


def giving(client: Client, task: Task, **data: Any) -> Any:
    body = {"tasks": [task.code], "which": "all"} | data
    return client.post(f"{STAFF}{SLUG}/giao/", body)


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({"which": "all"}, 126),
        ({"which": "wards"}, 51),
        ({"which": "communes"}, 75),
        ({"which": "chosen", "units": [WARD, "BNC"]}, 2),
    ],
)
def test_what_will_be_given_is_shown_and_then_given(
    sign_in: SignIn, task: Task, chosen: dict[str, Any], count: int
) -> None:
    client = sign_in("propaganda")
    give(task, WARD)
    seen = giving(client, task, **chosen, do="preview")
    assert seen.status_code == 200
    has = int(chosen["which"] != "communes")
    assert (seen.context["preview"].new, seen.context["preview"].existing) == (count - has, has)
    assert f"Giao mới: {count - has};" in seen.content.decode()
    assert task.assignments.count() == 1
    given = giving(client, task, **chosen, do="give")
    assert given["Location"] == f"{STAFF}{SLUG}/"
    assert task.assignments.count() == count + 1 - has


def test_units_of_a_former_district(sign_in: SignIn, task: Task) -> None:
    client = sign_in("propaganda")
    nameless = giving(client, task, which="district", do="preview")
    assert nameless.status_code == 422
    assert list(nameless.context["form"].errors) == ["district"]
    ward = Assignment.objects.filter(unit__code=WARD).select_related("unit")[0].unit
    giving(client, task, which="district", district=ward.former_district, do="give")
    units = {row.unit.former_district for row in task.assignments.select_related("unit")}
    assert units == {ward.former_district}


def test_single_units_are_found_and_kept(sign_in: SignIn, task: Task) -> None:
    client = sign_in("propaganda")
    found = giving(client, task, which="chosen", units=[WARD], q="huong son", do="find")
    assert found.status_code == 200
    page = found.content.decode()
    assert "Hương Sơn" in page
    assert "error-summary" not in page
    codes = [code for code, _name in found.context["form"].fields["units"].choices]
    assert codes[0] == WARD
    assert f'value="{WARD}"' in page
    assert page.count("checked") >= 3  # the task, the way, the ward
    none = giving(client, task, which="chosen", do="preview")
    assert none.status_code == 422
    assert list(none.context["form"].errors) == ["units"]


def test_whoever_looks_for_units_does_not_give_to_all(sign_in: SignIn, task: Task) -> None:
    found = giving(sign_in("propaganda"), task, which="all", q="huong son", do="find")
    assert found.context["form"]["which"].value() == "chosen"


def test_the_preview_carries_what_was_chosen(sign_in: SignIn, task: Task) -> None:
    client = sign_in("propaganda")
    seen = giving(client, task, which="chosen", units=[OTHER_WARD], addressee="front", do="preview")
    page = seen.content.decode()
    for name, value in (("tasks", task.code), ("units", OTHER_WARD), ("addressee", "front")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    giving(client, task, which="chosen", units=[OTHER_WARD], addressee="front", do="give")
    row = task.assignments.get()
    assert (row.unit.code, row.addressee) == (OTHER_WARD, "front")


def test_nothing_is_given_without_a_task_or_in_the_past(sign_in: SignIn, task: Task) -> None:
    client = sign_in("propaganda")
    for do_ in ("preview", "give"):
        wrong = client.post(f"{STAFF}{SLUG}/giao/", {"which": "all", "do": do_})
        assert list(wrong.context["form"].errors) == ["tasks"]
        past = giving(client, task, due_on="2020-01-06", do=do_)
        assert past.status_code == 422
        assert list(past.context["form"].errors) == ["due_on"]
    assert not task.assignments.exists()


def test_a_document_without_tasks_gives_none(sign_in: SignIn) -> None:
    in_force()
    assert "Chưa có nhiệm vụ để giao" in text(sign_in("propaganda"), f"{SLUG}/giao/")
