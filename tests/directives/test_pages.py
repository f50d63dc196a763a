"""Pages of directives: public, the city's, the units'."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.access import Access
from accounts.models import User
from directives.models import Assignment, Directive, Task
from directives.services import Plan, Report, plan_record, report_submit

pytestmark = pytest.mark.django_db
STAFF = "/can-bo/chi-dao/"


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


SignIn = Callable[[str], Client]


@pytest.fixture
def plan_task(db: None) -> Assignment:
    return Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code="00004")


def page_of(task: Assignment, step: str = "") -> str:
    return f"{STAFF}viec/{task.public_id}/{step}"


def test_anybody_sees_what_is_public(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        page = client.get("/chi-dao/").content.decode()
    assert "1699-CV/TU" in page
    assert "0/126" in page
    with django_assert_max_num_queries(6):
        page = client.get("/chi-dao/1699-cv-tu/").content.decode()
    assert "Dân chủ ở cơ sở" in page
    assert "tiếp tục thực hiện" in page.lower()
    assert "14/07/2025" in page


def test_the_public_page_says_that_the_text_is_not_public(client: Client) -> None:
    assert "chưa được công bố" in client.get("/chi-dao/36-ct-tu/").content.decode()


def test_what_is_not_published_is_not_found(client: Client) -> None:
    Directive.objects.filter(slug="07-ct-tu").update(is_public=False)
    assert client.get("/chi-dao/07-ct-tu/").status_code == 404
    for path in ("/chi-dao/", "/chi-dao/1699-cv-tu/"):
        page = client.get(path).content.decode()
        assert "/chi-dao/36-ct-tu/" in page
        assert "/chi-dao/07-ct-tu/" not in page


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    answer = client.get(STAFF)
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_the_city_sees_groups_and_units(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("propaganda")
    assert "1699-CV/TU" in client.get(STAFF).content.decode()
    with django_assert_max_num_queries(14):
        page = client.get(STAFF + "1699-cv-tu/").content.decode()
    assert page.count("<progress") >= 6
    assert 'rel="next"' in page
    last = client.get(STAFF + "1699-cv-tu/", {"q": "huong son"}).content.decode()
    assert "Xã Hương Sơn" in last


def planned(access: Access, task: Assignment) -> None:
    """The unit's plan, recorded on a task that nobody has touched."""
    plan_record(
        access=access,
        public_id=task.public_id,
        version=1,
        plan=Plan("15-KH/ĐU", task.task.group.directive.issued_on, "Kế hoạch thực hiện"),
    )


def test_units_with_and_without_a_plan(
    sign_in: SignIn, access: Callable[[str], Access], plan_task: Assignment
) -> None:
    planned(access("secretary"), plan_task)
    client = sign_in("propaganda")
    having = client.get(STAFF + "1699-cv-tu/", {"plan": "yes"}).content.decode()
    assert "15-KH/ĐU" in having
    assert "Phường Ngọc Hà" not in having
    lacking = client.get(STAFF + "1699-cv-tu/", {"plan": "no"}).content.decode()
    assert "Phường Ngọc Hà" in lacking
    assert "Phường Ba Đình</a>" not in lacking
    assert "1/126" in client.get("/chi-dao/").content.decode()


def test_no_plan_is_missed_where_none_is_asked(sign_in: SignIn) -> None:
    Task.objects.update(is_plan=False)
    client = sign_in("propaganda")
    assert "chưa có kế hoạch" not in client.get(f"{STAFF}1699-cv-tu/").content.decode()
    assert "không yêu cầu kế hoạch" in client.get(STAFF).content.decode()


def test_a_unit_goes_straight_to_its_own_tasks(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    answer = client.get(STAFF + "1699-cv-tu/")
    assert answer["Location"] == STAFF + "1699-cv-tu/00004/"
    page = client.get(answer["Location"]).content.decode()
    assert page.count(f"{STAFF}viec/") == 9
    assert client.get(STAFF + "1699-cv-tu/00008/").status_code == 404


@pytest.mark.parametrize("step", ["", "bao-cao/", "ke-hoach/", "tra-loi/"])
def test_another_unit_finds_nothing(sign_in: SignIn, plan_task: Assignment, step: str) -> None:
    client = sign_in("other_chair")
    send = client.post if step else client.get
    assert send(page_of(plan_task, step)).status_code == 404


def test_a_unit_records_its_plan_and_reports(sign_in: SignIn, plan_task: Assignment) -> None:
    client = sign_in("secretary")
    assert "plan-issued_on" in client.get(page_of(plan_task)).content.decode()
    answer = client.post(
        page_of(plan_task, "ke-hoach/"),
        {
            "plan-version": "1",
            "plan-plan_version": "0",
            "plan-number": "15-KH/ĐU",
            "plan-issued_on": "2025-09-12",
            "plan-title": "Kế hoạch thực hiện Công văn 1699-CV/TU",
            "plan-origin": "new",
        },
    )
    assert answer["Location"] == page_of(plan_task)
    report = {"version": "2", "state": "reported_done", "value": "yes", "text": "Đã ban hành."}
    assert client.post(page_of(plan_task, "bao-cao/"), report).status_code == 302
    page = client.get(page_of(plan_task)).content.decode()
    assert "15-KH/ĐU" in page
    assert "Đã ban hành." in page


def test_a_stale_report_keeps_what_was_typed(sign_in: SignIn, plan_task: Assignment) -> None:
    Assignment.objects.filter(pk=plan_task.pk).update(version=5)
    form = {"version": "1", "state": "in_progress", "text": "Câu chữ không được mất."}
    page = sign_in("clerk").post(page_of(plan_task, "bao-cao/"), form).content.decode()
    assert "Câu chữ không được mất." in page
    assert 'name="version" value="5"' in page
    assert 'class="error-summary"' in page
    assert plan_task.reports.count() == 0


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("bao-cao/", {"version": "1", "state": "in_progress", "text": ""}),
        ("ke-hoach/", {"plan-version": "1", "plan-issued_on": "2030-01-01"}),
    ],
)
def test_errors_are_shown_beside_the_form(
    sign_in: SignIn, plan_task: Assignment, step: str, form: dict[str, str]
) -> None:
    page = sign_in("clerk").post(page_of(plan_task, step), form).content.decode()
    assert 'class="error-summary"' in page


def test_the_city_answers_a_report(
    sign_in: SignIn, access: Callable[[str], Access], plan_task: Assignment
) -> None:
    planned(access("secretary"), plan_task)
    report_submit(
        access=access("secretary"),
        public_id=plan_task.public_id,
        version=2,
        report=Report("Đã ban hành kế hoạch.", "reported_done"),
    )
    client = sign_in("propaganda")
    form = {"review-version": "3", "review-decision": "return", "review-text": ""}
    page = client.post(page_of(plan_task, "tra-loi/"), form).content.decode()
    assert 'class="error-summary"' in page
    form["review-text"] = "Chưa gửi tệp kế hoạch."
    assert client.post(page_of(plan_task, "tra-loi/"), form).status_code == 302
    assert "Chưa gửi tệp kế hoạch." in client.get(page_of(plan_task)).content.decode()


def test_whoever_may_not_report_gets_no_form(sign_in: SignIn, plan_task: Assignment) -> None:
    client = sign_in("internal_affairs")
    page = client.get(page_of(plan_task)).content.decode()
    assert "bao-cao/" not in page
    form = {"version": "1", "state": "in_progress", "text": "x"}
    assert client.post(page_of(plan_task, "bao-cao/"), form).status_code == 403
