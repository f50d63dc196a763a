"""The register of directives in its interesting states: axe finds nothing, nothing sticks out."""

import pytest

from directives import services
from tests.browser.conftest import Check
from tests.directives.keeping import SLUG, do, entered, group_of, in_force, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
DIRECTIVES = "/can-bo/chi-dao/"


def test_entering_a_document(check: Check) -> None:
    entered()
    check(DIRECTIVES + "?q=doi+thoai&state=draft", who="propaganda")
    check(DIRECTIVES + "?q=zzzz")
    check(DIRECTIVES + "moi/", sent=True)
    check(f"{DIRECTIVES}{SLUG}/sua/")
    check(f"{DIRECTIVES}{SLUG}/noi-dung/")


def test_a_record_with_groups_and_tasks(check: Check) -> None:
    directive = in_force()
    group = group_of(directive)
    task = task_of(group, lead_unit="MTTQ", supporting_units=["BNC"], target="3")
    do(services.directive_relate, directive, kind="amends", target="07-ct-tu")
    root = f"{DIRECTIVES}{SLUG}/"
    check(root + "ho-so/", who="propaganda")
    for page in ("noi-dung/", "nhom-moi/", f"nhom/{group.code}/", f"nhom/{group.code}/viec-moi/"):
        check(root + page)
    check(f"{root}nhiem-vu/{task.code}/")
    check(root + "giao/")
    do(services.directive_withdraw, directive, reason="Ban hành nhầm.")
    check(root + "ho-so/")
    check(DIRECTIVES + "1699-cv-tu/ho-so/", who="clerk")
