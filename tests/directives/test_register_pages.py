"""Pages of the register: the list, a record and its steps, groups and tasks, giving."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from directives import services
from directives.models import Assignment, Directive, DirectiveFile, Task
from tests.directives.giving import AT, give
from tests.directives.keeping import (
    NUMBER,
    SLUG,
    do,
    entered,
    group_of,
    in_force,
    record,
    task_of,
)
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
STAFF = "/can-bo/chi-dao/"
SignIn = Callable[[str], Client]
RECORD = {
    "number": NUMBER,
    "kind": "official_letter",
    "issued_on": "2026-11-16",
    "issuer": "Ban Thường vụ Thành ủy Hà Nội",
    "subject": "Đối thoại với nhân dân",
    "confidentiality": "open",
}
TASK = {
    "title": "Tổ chức đối thoại với nhân dân",
    "expected_result": "Có đối thoại, có kết luận.",
    "evidence": "Biên bản đối thoại",
    "indicator": "count",
    "addressee": "authority",
    "rhythm": "once",
    "report_days": "5",
    "source": "typed",
    "supporting_units": ["BNC"],
}
STALE = "đã được người khác thay đổi"


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(STAFF + path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def version(directive: Directive) -> int:
    return Directive.objects.values_list("version", flat=True).get(pk=directive.pk)


def step(client: Client, directive: Directive, name: str, **data: Any) -> Any:
    body = {"do": name, "version": version(directive)} | data
    return client.post(f"{STAFF}{directive.slug}/ho-so/", body)


# The list


def test_the_list_finds_without_accents_and_by_filters(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entered()
    client = sign_in("propaganda")
    with django_assert_max_num_queries(9):
        page = text(client, "")
    assert NUMBER in page
    assert "Dự thảo" in page
    page = text(client, "", q="doi thoai", kind="official_letter", state="draft")
    assert NUMBER in page
    assert "07-CT/TU" not in page
    assert NUMBER not in text(client, "", state="in_force")
    nothing = text(client, "", q="zzzz")
    assert "Không có văn bản phù hợp" in nothing
    assert "Bỏ" in nothing
    assert NUMBER in text(client, "", kind="no_such_kind")


def test_the_list_has_pages(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directives.views_register.PAGE_SIZE", 2)
    client, seen, query = sign_in("propaganda"), [], ""
    for _page in range(2):
        page = client.get(STAFF + query)
        seen += [row["directive"].slug for row in page.context["rows"]]
        query = page.context["next_href"]
    assert len(seen) == len(set(seen)) == 3
    assert query == ""


def test_only_keepers_are_offered_to_enter_and_see_drafts(sign_in: SignIn) -> None:
    entered()
    for who, offered in (("propaganda", True), ("internal_affairs", False), ("clerk", False)):
        page = text(sign_in(who), "")
        assert (f"{STAFF}moi/" in page) is offered
        assert (NUMBER in page) is offered
        assert ('value="draft"' in page) is offered


# Entering and correcting


def test_a_document_is_entered_and_put_in_force(sign_in: SignIn) -> None:
    client = sign_in("propaganda")
    answer = client.post(STAFF + "moi/", RECORD)
    assert answer["Location"] == f"{STAFF}{SLUG}/ho-so/"
    directive = Directive.objects.get(slug=SLUG)
    assert directive.state == "draft"
    page = text(client, f"{SLUG}/ho-so/")
    assert "Ghi nhận có hiệu lực" in page
    assert "Nhập vào sổ" in page
    Directive.objects.filter(pk=directive.pk).update(issued_on="2025-11-03")
    assert step(client, directive, "publish").status_code == 302
    directive.refresh_from_db()
    assert directive.state == "in_force"


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    client = sign_in("propaganda")
    typed = RECORD | {"number": "1699-CV/TU", "summary": "Nội dung đã gõ"}
    answer = client.post(STAFF + "moi/", typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["number"]
    page = answer.content.decode()
    assert "Sổ đã có văn bản mang số này." in page
    assert "Nội dung đã gõ" in page
    answer = client.post(
        STAFF + "moi/", RECORD | {"confidentiality": "internal", "is_public": "on"}
    )
    assert list(answer.context["form"].errors) == ["is_public"]


def test_a_correction_is_shown_among_the_versions(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    page = text(client, f"{SLUG}/sua/")
    assert 'value="2026-11-16"' in page
    changed = RECORD | {"subject": "Tiếp dân", "version": "1", "is_public": "on"}
    assert client.post(f"{STAFF}{SLUG}/sua/", changed).status_code == 302
    directive.refresh_from_db()
    assert (directive.subject, directive.is_public) == ("Tiếp dân", True)
    page = text(client, f"{SLUG}/ho-so/")
    assert "Đối thoại với nhân dân → Tiếp dân" in page
    assert "Không → Có" in page


def test_a_stale_correction_loses_nothing(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    do(services.directive_change, directive, record=record(signer="Phó Bí thư"))
    answer = client.post(f"{STAFF}{SLUG}/sua/", RECORD | {"subject": "Tiếp dân", "version": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert STALE in page
    assert "Tiếp dân" in page
    assert 'name="version" value="2"' in page
    directive.refresh_from_db()
    assert directive.subject == "Đối thoại với nhân dân"


# The record


def test_files_are_added_served_and_removed(sign_in: SignIn) -> None:
    directive, client = in_force(is_public=True), sign_in("propaganda")
    paper = SimpleUploadedFile("toan-van.txt", b"Toan van cong van")
    answer = step(client, directive, "file", upload=paper, role="text", title="Toàn văn")
    assert answer.status_code == 302
    file = DirectiveFile.objects.get()
    href = f"{STAFF}{SLUG}/tep/{file.attachment.public_id}/"
    page = text(client, f"{SLUG}/ho-so/")
    assert href in page
    assert "Toàn văn" in page
    served = sign_in("clerk").get(href)
    assert served.status_code == 200
    assert served["X-Content-Type-Options"] == "nosniff"
    assert b"".join(served.streaming_content) == b"Toan van cong van"
    client = sign_in("propaganda")
    assert step(client, directive, "file_gone", file=file.attachment.public_id).status_code == 302
    assert client.get(href).status_code == 404
    assert "Chưa có tệp nào." in text(client, f"{SLUG}/ho-so/")


def test_files_of_a_draft_are_not_there_for_others(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    paper = SimpleUploadedFile("toan-van.txt", b"Toan van cong van")
    step(client, directive, "file", upload=paper, role="text")
    key = DirectiveFile.objects.get().attachment.public_id
    href = f"{STAFF}{SLUG}/tep/{key}/"
    for who in ("clerk", "internal_affairs"):
        assert sign_in(who).get(href).status_code == 404


def test_a_refused_file_says_why(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    paper = SimpleUploadedFile("x.exe", b"MZ\x90\x00" + b"\x00" * 64)
    answer = step(client, directive, "file", upload=paper, role="text")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["upload"]
    assert not DirectiveFile.objects.exists()


def test_relations_are_recorded_shown_and_taken_back(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    added = step(client, directive, "relate", kind="amends", target="07-ct-tu")
    assert added.status_code == 302
    assert "Sửa đổi, bổ sung" in text(client, f"{SLUG}/ho-so/")
    assert NUMBER in text(client, "07-ct-tu/ho-so/")
    assert NUMBER not in text(sign_in("internal_affairs"), "07-ct-tu/ho-so/")
    client = sign_in("propaganda")
    again = step(client, directive, "relate", kind="amends", target="07-ct-tu")
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["target"]
    gone = step(client, directive, "unrelate", kind="amends", target="07-ct-tu")
    assert gone.status_code == 302
    assert not directive.relations.exists()


def test_what_cannot_be_taken_back_is_said_above(sign_in: SignIn) -> None:
    directive, client = in_force(), sign_in("propaganda")
    step(client, directive, "relate", kind="replaces", target="07-ct-tu")
    answer = step(client, directive, "unrelate", kind="replaces", target="07-ct-tu")
    assert answer.status_code == 422
    assert "đã được ghi nhận là bị thay thế" in answer.content.decode()


def test_withdrawing_says_how_much_goes_with_it(sign_in: SignIn) -> None:
    directive, client = in_force(), sign_in("propaganda")
    row = give(task_of(group_of(directive)), WARD)
    assert "1 nhiệm vụ các đơn vị chưa hoàn thành" in text(client, f"{SLUG}/ho-so/")
    refused = step(client, directive, "withdraw", reason="")
    assert refused.status_code == 422
    assert step(client, directive, "withdraw", reason="Ban hành nhầm.").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    page = text(client, f"{SLUG}/ho-so/")
    assert "Ban hành nhầm." in page
    assert 'value="withdraw"' not in page
    assert f"{SLUG}/sua/" not in page
    assert client.get(f"{STAFF}{SLUG}/sua/").status_code == 403
    assert client.get(f"{STAFF}{SLUG}/giao/").status_code == 403


def test_a_stale_step_changes_nothing(sign_in: SignIn) -> None:
    directive, client = in_force(), sign_in("propaganda")
    answer = step(client, directive, "withdraw", reason="Ban hành nhầm.", version=1)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert STALE in page
    assert "Ban hành nhầm." in page
    directive.refresh_from_db()
    assert directive.state == "in_force"


def test_units_read_the_record_without_its_versions_and_steps(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("clerk")
    with django_assert_max_num_queries(10):
        page = text(client, "1699-cv-tu/ho-so/")
    assert "Các phiên bản" not in page
    assert 'name="do"' not in page
    answer = client.post(f"{STAFF}1699-cv-tu/ho-so/", {"do": "withdraw", "version": "1"})
    assert answer.status_code == 403
    assert "ho-so" in text(client, f"1699-cv-tu/{WARD}/")


def test_an_unknown_step_changes_nothing(sign_in: SignIn) -> None:
    directive, client = entered(), sign_in("propaganda")
    assert step(client, directive, "x").status_code == 200
    assert version(directive) == 1


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
    added = client.post(path + "viec-moi/", TASK | {"version": "3", "target": "3"})
    assert added.status_code == 302
    with django_assert_max_num_queries(11):
        page = text(client, f"{SLUG}/noi-dung/")
    for words in ("Hội nghị", TASK["title"], "Ban Nội chính", "Chỉ tiêu: 3"):
        assert words in page
    assert version(directive) == 4


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
