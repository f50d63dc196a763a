"""Files of assignments and answers to many reports: axe finds nothing, nothing sticks out."""

import pytest

from communes.models import Unit
from directives import services
from directives.models import Assignment
from directives.services.imports import imports_run
from tests.browser.conftest import Check
from tests.browser.directive_steps import reported
from tests.directives.bringing import brought, started
from tests.directives.giving import AT, give, report, task_make
from tests.directives.keeping import do, group_of, in_force, task_of
from tests.people import OTHER_WARD, WARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FILES = "/can-bo/chi-dao/1699-cv-tu/nhap-tep/"


def test_a_file_in_each_of_its_states(check: Check) -> None:
    task = task_make()
    check(FILES, who="propaganda", sent=True)
    wrong = brought([task.code, WARD, "ai đó", "31/02/2027", "x" * 400], ["x", "", "", "", ""])
    check(f"{FILES}{wrong.public_id}/")
    found = brought([task.code, WARD, "", "", ""], ["sai", OTHER_WARD, "", "", ""])
    check(f"{FILES}{found.public_id}/")
    started(found, only_right=True)
    check(f"{FILES}{found.public_id}/?giu=1")
    imports_run(at=AT)
    check(f"{FILES}{found.public_id}/")
    check(FILES)


def test_the_date_of_a_task_that_was_given(check: Check) -> None:
    task = task_make()
    give(task)
    check(
        f"/can-bo/chi-dao/1699-cv-tu/nhiem-vu/{task.code}/thoi-han/?unit={WARD}",
        who="propaganda",
        sent=True,
    )


def test_a_document_that_was_replaced(check: Check) -> None:
    old = in_force()
    row = give(task_of(group_of(old)))
    new = in_force(number="22-CV/TU")
    check(f"/can-bo/chi-dao/{new.slug}/ho-so/", who="propaganda")
    do(services.directive_relate, new, kind="replaces", target=old.slug, owed="keep")
    check(f"/can-bo/chi-dao/{old.slug}/ho-so/")
    check(f"/can-bo/chi-dao/viec/{row.public_id}/", who="secretary")
    check("/can-bo/chi-dao/viec-duoc-giao/")


def test_answering_several_reports(check: Check) -> None:
    reported(Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code=WARD))
    check("/can-bo/chi-dao/cho-xem-xet/", who="propaganda")
    check("/can-bo/chi-dao/cho-xem-xet/?kind=period")


def test_figures_study_sessions_and_what_units_said(check: Check) -> None:
    row = give(task_make(target="10"), WARD, OTHER_WARD)
    said = {"difficulties": "Thiếu phòng tiếp công dân", "proposals": "Bố trí thêm phòng"}
    report(row, value="4", **said)
    check(f"/can-bo/chi-dao/1699-cv-tu/nhiem-vu/{row.task.code}/so-lieu/", who="propaganda")
    check("/can-bo/chi-dao/1699-cv-tu/hoc-tap/")
    check("/can-bo/chi-dao/tong-quan/kho-khan/")


def test_the_desk_of_a_body_in_charge(check: Check) -> None:
    give(task_make(lead_unit=Unit.objects.get(code="TTPTQD")), WARD)
    check("/can-bo/chi-dao/viec-duoc-giao/?part=lead", who="service_head")
