"""Leaving quickly: what is forgotten, what stays of officers, what titles and addresses say."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.people import Story
from tests.petitions.public_walk import step, write
from tests.petitions.test_denunciation_modes import TYPED, text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What must not be read in a list of tabs, a history or over a shoulder.
TELLING = re.compile(r"tố cáo|to-cao|denounc|denunc|HN-[0-9A-Z]{5}|bị tố|người bị", re.IGNORECASE)
PAGES = ["bao-ve", "noi-nhan", "linh-vuc", "noi-dung", "ve-ai", "nguoi-gui", "tep", "kiem-tra"]


def test_it_clears_the_browser_and_leads_to_a_page_of_anybody(client: Client) -> None:
    write(client, loai={"kind": "denunciation"})
    left = client.get("/roi-trang/")
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert left["Location"] == "/lich-tiep-dan/"
    assert "no-store" in left["Cache-Control"]
    gone = {name for name, cookie in left.cookies.items() if cookie["max-age"] == 0}
    assert {"don", "sessionid", "csrftoken", "django_language", "messages"} <= gone
    assert client.get(step("noi-dung"))["Location"] == "/gui-don/"


def test_an_officer_stays_signed_in(client: Client, story: Tell, person: Any) -> None:
    tale = story()
    client.force_login(person("clerk"))
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    left = client.get("/roi-trang/")
    assert "Clear-Site-Data" not in left
    assert client.get("/tra-cuu/don/")["Location"] == "/tra-cuu/"
    assert client.get("/can-bo/").status_code == 200


def test_titles_and_addresses_of_the_way_say_nothing(client: Client) -> None:
    seen = []
    for before, page in zip(["loai", *PAGES], PAGES, strict=False):
        write(client, before if before != "kiem-tra" else "tep", loai={"kind": "denunciation"})
        seen.append((step(page), client.get(step(page))))
    seen.append(("error", client.post(step("ve-ai"), {})))
    client.post(step("kiem-tra"))
    seen += [(path, client.get(path)) for path in ("/gui-don/xong/", "/gui-don/mau-don/")]
    done = seen[-2][1]
    client.post("/tra-cuu/", {"code": done.context["code"], "secret": done.context["secret"]})
    seen.append(("/tra-cuu/don/", client.get("/tra-cuu/don/")))
    seen.append(
        ("/tra-cuu/don/doc/", client.post("/tra-cuu/don/doc/", {"secret": done.context["secret"]}))
    )
    assert "?ma=" not in done.context["track_href"]
    for path, answer in seen:
        assert answer.status_code in (200, 422), path
        assert "no-store" in answer["Cache-Control"], path
        title = TITLE.search(text_of(answer))
        assert title, path
        assert not TELLING.search(f"{path} {title.group(1)}"), (path, title.group(1))
        assert "data-exit" in text_of(answer), path


@override_settings(DENUNCIATION_MODE="off")
def test_nor_do_those_of_the_letter_to_print(client: Client) -> None:
    for page in (client.get("/gui-don/ban-in/"), client.post("/gui-don/ban-in/", TYPED)):
        title = TITLE.search(text_of(page))
        assert title
        assert not TELLING.search(title.group(1))
        assert "data-exit" in text_of(page)


def test_what_stays_is_said_and_found(client: Client) -> None:
    write(client, "loai", loai={"kind": "denunciation"})
    assert "/roi-trang/giai-thich/" in text_of(client.get(step("bao-ve")))
    page = text_of(client.get("/roi-trang/giai-thich/"))
    assert "Lịch sử trình duyệt" in page
    client.post("/ngon-ngu/", {"language": "en"})
    assert "history of the browser" in text_of(client.get("/roi-trang/giai-thich/"))


def test_a_form_that_the_browser_remembers_brings_nothing_back() -> None:
    own = {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver"}
    client = StrictClient(enforce_csrf_checks=True)
    typed = {"subject": TYPED["subject"], "content": "", "csrfmiddlewaretoken": "a" * 64}
    # After leaving, neither the draft's cookie nor the token of the form is this browser's.
    again = client.post(step("noi-dung"), typed, **own)
    assert again["Location"] == "/gui-don/"
