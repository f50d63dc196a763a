"""Pages of the register: the list, a record and its steps, groups and tasks, giving."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from directives import services
from directives.models import Directive, DirectiveFile
from tests.directives.giving import give
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
from tests.directives.paging import RECORD, STAFF, STALE, step, text, version
from tests.people import WARD

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


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
    for _page in range(3):
        page = client.get(STAFF + query)
        seen += [row["directive"].slug for row in page.context["rows"]]
        query = page.context["next_href"]
    assert len(seen) == len(set(seen)) == 5
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
