"""Two tabs write the same draft: what both add is kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from petitions.public.files import files_lost
from petitions.public.steps import Page, page_by_slug
from petitions.public.visit import COOKIE, Visit, visit_of
from petitions.selectors_public import draft_open
from petitions.validators import ATTACHMENTS_MAX
from tests.petitions.public_walk import PERSON, step, write

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def tab(client: Client, path: str, typed: dict[str, Any]) -> Visit:
    """A request that has read the draft already and writes later."""
    request = RequestFactory().post(path, typed)
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    return visit_of(request)


def page_of(slug: str) -> Page:
    page = page_by_slug(slug)
    assert page is not None
    return page


def answers(client: Client) -> dict[str, Any]:
    draft = draft_open(client.cookies[COOKIE].value)
    assert draft is not None
    return draft.data


def test_files_of_two_tabs_are_both_kept(client: Client) -> None:
    write(client, "nguoi-gui")
    slow = tab(client, step("tep"), {"uploads": [SimpleUploadedFile("một.pdf", PDF)]})
    client.post(step("tep"), {"uploads": [SimpleUploadedFile("hai.pdf", PDF)]})
    page_of("tep").post(slow)
    assert [file["name"] for file in answers(client)["files"]] == ["hai.pdf", "một.pdf"]


def test_what_is_too_much_is_said(client: Client) -> None:
    write(client, "nguoi-gui")
    given = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(ATTACHMENTS_MAX + 1)]
    answer = client.post(step("tep"), {"uploads": given})
    assert "20 tệp" in answer.content.decode()
    assert len(answers(client)["files"]) == ATTACHMENTS_MAX


def test_a_lost_file_goes_without_taking_a_new_one_along(client: Client) -> None:
    write(client, "nguoi-gui")
    client.post(step("tep"), {"uploads": [SimpleUploadedFile("một.pdf", PDF)]})
    slow = tab(client, step("kiem-tra"), {})
    slow.keep({"files": [{"id": "00000000-0000-4000-8000-000000000000", "name": "a", "size": 1}]})
    client.post(step("tep"), {"uploads": [SimpleUploadedFile("hai.pdf", PDF)]})
    assert files_lost(slow) == ["a"]
    assert [file["name"] for file in answers(client)["files"]] == ["hai.pdf"]


def test_people_of_two_tabs_are_both_kept(client: Client) -> None:
    write(client, "nguoi-gui")
    page = f"{step('nguoi-gui')}?nguoi=2"
    assert 'name="added"' in client.get(page).content.decode()
    slow = tab(client, page, {"full_name": "Lê Thị Hai", "address": "Phố", "added": "1"})
    client.post(page, {"full_name": "Lê Thị Một", "address": "Phố", "added": "1"})
    page_of("nguoi-gui").post(slow)
    names = [PERSON["full_name"], "Lê Thị Một", "Lê Thị Hai"]
    assert [person["full_name"] for person in answers(client)["petitioners"]] == names


def test_a_double_click_adds_one_person(client: Client) -> None:
    write(client, "nguoi-gui")
    page = f"{step('nguoi-gui')}?nguoi=2"
    for _click in range(2):
        client.post(page, {"full_name": "Lê Thị Một", "address": "Phố", "added": "1"})
    assert len(answers(client)["petitioners"]) == 2


def test_removing_leaves_who_was_added_meanwhile(client: Client) -> None:
    write(client, "nguoi-gui")
    slow = tab(client, step("nguoi-gui"), {"remove": "1"})
    page = f"{step('nguoi-gui')}?nguoi=2"
    client.post(page, {"full_name": "Lê Thị Một", "address": "Phố", "added": "1"})
    page_of("nguoi-gui").post(slow)
    assert [p["full_name"] for p in answers(client)["petitioners"]] == ["Lê Thị Một"]
