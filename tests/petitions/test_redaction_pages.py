"""Pages of redacted copies: who reaches them, what they show, what verifiers read."""

import io
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from attachments.models import Attachment
from petitions.models import Case, RedactedCopy, RedactedFile
from tests.attachments.papers import photo
from tests.people import Story, person_make
from tests.petitions.redacting import (
    CONTENT,
    NAME,
    PHONE,
    decided,
    denunciation,
    papers,
    released,
    revision,
    seen_of,
    started,
)
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


def base(case: Case) -> str:
    return f"/can-bo/vu-viec/{case.code}/ban-che/{case.code}/"


def signed_in(client: Client, who: str) -> Client:
    client.force_login(person_make(who))
    return client


def file_path(case: Case, position: int = 1) -> str:
    file = RedactedFile.objects.get(copy__letter__case=case, copy__state="draft", position=position)
    return f"{base(case)}tep/{file.attachment.public_id}/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("chair", 200),
        ("handler", 403),
        ("secretary", 404),
        ("other_clerk", 404),
        ("city_chair", 403),
        ("admin", 404),
    ],
)
def test_who_reaches_the_pages(client: StrictClient, who: str, status: int) -> None:
    case = denunciation(*papers()).case
    started(case)
    signed_in(client, who)
    pages = ["", "noi-dung/", "phat-hanh/"]
    found = {client.get(base(case) + page).status_code for page in pages}
    found |= {client.get(file_path(case)).status_code}
    found |= {client.get(f"{file_path(case)}trang/1/").status_code}
    assert found == {status}


def test_pages_of_a_draft_that_is_not_there(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    signed_in(client, "clerk")
    assert client.get(base(case)).status_code == 200
    for page in ("noi-dung/", "phat-hanh/", "tep/00000000-0000-0000-0000-000000000001/"):
        assert client.get(base(case) + page).status_code == 404
    assert client.get(f"/can-bo/vu-viec/{case.code}/ban-che/HN-0000/").status_code == 404
    assert client.post(base(case) + "thu-hoi/").status_code == 404


def test_the_text_is_covered_by_ticks_and_lines(client: StrictClient) -> None:
    case = denunciation().case
    signed_in(client, "clerk").post(base(case))
    page = client.get(base(case) + "noi-dung/")
    assert PHONE in page.content.decode()
    start = CONTENT.index(PHONE)
    ticks = [f"content:{start}:{start + len(PHONE)}:phone"]
    sent = {"revision": "1", "place": ticks, "phrases": f"{NAME}\nkhông đâu"}
    page = client.post(base(case) + "noi-dung/", sent, follow=True)
    shown = page.content.decode()
    assert "3 chỗ được che" in shown
    assert "dòng 2" in shown
    preview = shown[shown.index('class="prose preview"') :]
    assert "██████" in preview
    assert page.redirect_chain[0][0].endswith("/noi-dung/")
    draft = RedactedCopy.objects.get()
    assert [len(draft.spans[name]) for name in ("subject", "content", "request")] == [1, 2, 0]


def test_an_older_form_is_a_conflict_that_loses_nothing(client: StrictClient) -> None:
    case = denunciation().case
    started(case)
    signed_in(client, "clerk")
    client.post(base(case) + "noi-dung/", {"revision": "1", "phrases": NAME})
    tick = "content:0:3:phrase"
    sent = {"revision": "1", "place": [tick], "phrases": "cụm từ đã gõ"}
    page = client.post(base(case) + "noi-dung/", sent)
    assert page.status_code == 409
    shown = page.content.decode()
    assert "cụm từ đã gõ" in shown
    assert 'name="revision" value="2"' in shown
    assert RedactedCopy.objects.get().revision == 2


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "content:1",
        "content:a:b:phrase",
        "content:1:2:x",
        "a:1:2:phone",
        "content:5:99999:phone",
        "content:5:2:phone",
        "content:-1:2:phone",
    ],
)
def test_a_place_that_no_page_offers(client: StrictClient, place: str) -> None:
    case = denunciation().case
    started(case)
    sent = {"revision": "1", "place": [place]}
    page = signed_in(client, "clerk").post(base(case) + "noi-dung/", sent)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert RedactedCopy.objects.get().revision == 1


def test_two_clicks_are_a_box(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    started(case)
    path = file_path(case)
    shown = signed_in(client, "clerk").get(path).content.decode()
    assert 'type="image"' in shown
    assert 'width="640"' in shown
    click = {"trang": "2", "rong": "640", "cao": "905", "at.x": "64", "at.y": "181"}
    answer = client.post(path, click)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{path}?trang=2&rong=640&x=0.1000&y=0.2000#trang",
    )
    page = client.get(f"{path}?trang=2&rong=640&x=0.1000&y=0.2000").content.decode()
    assert "Bấm tiếp vào góc đối diện" in page
    second = click | {"x": "0.1000", "y": "0.2000", "at.x": "320", "at.y": "362"}
    assert client.post(path, second).status_code == 302
    assert RedactedFile.objects.get(position=1).boxes == {"2": [[0.1, 0.2, 0.5, 0.4]]}
    third = click | {"do": "box", "left": "10", "top": "60", "width": "30", "height": "10"}
    client.post(path, third)
    page = client.get(f"{path}?trang=2&rong=640").content.decode()
    sent = {"do": "remove", "trang": "2", "rong": "640", "box": "0.1 0.2 0.5 0.4"}
    assert f'name="box" value="{sent["box"]}"' in page
    for _click in range(2):  # the second finds nothing, and takes nothing else
        assert client.post(path, sent).status_code == 302
    assert RedactedFile.objects.get(position=1).boxes == {"2": [[0.1, 0.6, 0.4, 0.7]]}
    for nonsense in ("0", "a b c d", "0.1 0.6 0.4", ""):
        client.post(path, sent | {"box": nonsense})
    assert RedactedFile.objects.get(position=1).boxes == {"2": [[0.1, 0.6, 0.4, 0.7]]}


def test_enter_on_the_picture_is_no_corner(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    started(case)
    sent = {"trang": "1", "rong": "640", "cao": "905", "at.x": "0", "at.y": "0"}
    answer = signed_in(client, "clerk").post(file_path(case), sent)
    assert "x=" not in answer["Location"]


def test_numbers_do_what_clicks_do_and_wrong_ones_stay(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    started(case)
    path = file_path(case)
    sent = {"do": "box", "trang": "1", "left": "10", "top": "20", "width": "30", "height": "abc"}
    page = signed_in(client, "clerk").post(path, sent)
    assert page.status_code == 422
    assert 'value="abc"' in page.content.decode()
    assert client.post(path, sent | {"height": "0"}).status_code == 422
    assert client.post(path, sent | {"height": "5.5"}).status_code == 302
    assert RedactedFile.objects.get(position=1).boxes == {"1": [[0.1, 0.2, 0.4, 0.255]]}
    for do in ("cover", "page_out", "page_back", "given"):
        assert client.post(path, {"do": do, "trang": "1", "rong": "320"}).status_code == 302
    assert client.post(path, {"do": "nonsense"}).status_code == 404
    assert client.post(path, {"do": "leave", "reason": ""}).status_code == 422
    assert client.post(path, {"do": "leave", "reason": "Chữ viết tay"}).status_code == 302
    assert RedactedFile.objects.get(position=1).decision == "left_out"


def test_the_picture_of_a_page(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    started(case)
    path = file_path(case)
    signed_in(client, "clerk").post(path, {"do": "cover", "trang": "1", "rong": "320"})
    answer = client.get(f"{path}trang/1/?rong=320&xem=1")
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    image = Image.open(io.BytesIO(answer.content))
    assert image.width == 320
    assert max(high for _low, high in image.getextrema()) < 12
    assert client.get(f"{path}trang/1/?rong=320&x=0.5&y=0.5").status_code == 200
    for page in ("0", "3", "99999"):
        assert client.get(f"{path}trang/{page}/").status_code == 404


def test_a_file_of_text_and_a_prepared_copy(client: StrictClient) -> None:
    text = f"Tôi là {NAME}, gọi {PHONE}".encode()
    case = denunciation((text, "a.txt"), (b"ID3\x03\x00\x00" + b"\x00" * 9, "a.mp3")).case
    started(case)
    path = file_path(case)
    page = signed_in(client, "clerk").get(path).content.decode()
    assert "checked" in page
    sent = {"do": "text", "revision": "1", "phrases": NAME}
    assert client.post(path, sent).status_code == 302
    assert client.post(path, sent).status_code == 409
    assert len(RedactedFile.objects.get(position=1).spans) == 1
    sound = file_path(case, 2)
    assert "HEIC" in client.get(sound).content.decode()
    assert client.get(f"{sound}trang/1/").status_code == 404
    assert client.post(sound, {"do": "prepare"}).status_code == 422
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00")
    assert client.post(sound, {"do": "prepare", "file": bad}).status_code == 422
    good = SimpleUploadedFile("x.jpg", photo())
    assert client.post(sound, {"do": "prepare", "file": good}).status_code == 302
    assert 'type="image"' in client.get(sound).content.decode()


def test_a_release_and_what_the_handler_then_reads(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    page = signed_in(client, "handler").get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert "bản sao không cho biết" in page or "niêm phong" in page.lower()
    assert "5 triệu đồng" not in page
    decided(case)
    signed_in(client, "clerk")
    sent = {"revision": revision(case), "phrases": f"{NAME}\n{PHONE}"}
    client.post(base(case) + "noi-dung/", sent)
    check = base(case) + "phat-hanh/"
    assert "chưa che chỗ nào" in client.get(check).content.decode()
    sent = {"seen": seen_of(case), "words": NAME}
    assert "error-summary" in client.post(check, sent).content.decode()
    assert client.post(check, sent | {"seen": "x", "confirmed": "on"}).status_code == 409
    assert client.post(check, sent | {"confirmed": "on"}).status_code == 302
    page = signed_in(client, "handler").get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert "5 triệu đồng" in page
    for secret in (NAME, "Bí Mật", PHONE, "anh mat", "don vu"):
        assert secret not in page
    assert "ban-sao-01.pdf" in page
    page = signed_in(client, "clerk").get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert NAME in page  # the original, for whoever took it in
    read = "Đã đọc bản sao đã che thông tin, phiên bản 1"
    assert read not in page
    page = signed_in(client, "chair").get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert read in page


def test_files_of_the_copy_for_the_handler(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    decided(case)
    files = list(released(case).files.select_related("result", "attachment"))
    signed_in(client, "handler")
    for file in files:
        assert file.result is not None
        answer = client.get(f"/can-bo/vu-viec/{case.code}/tep-da-che/{file.result.public_id}/")
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert f"ban-sao-0{file.position}.pdf" in answer["Content-Disposition"]
        document = pypdfium2.PdfDocument(b"".join(answer.streaming_content))
        assert document[0].get_textpage().get_text_range() == ""
        document.close()
        original = f"/can-bo/vu-viec/{case.code}/tep/{file.attachment.public_id}/"
        assert client.get(original).status_code == 403
        other = f"/can-bo/vu-viec/{case.code}/tep-da-che/{file.attachment.public_id}/"
        assert client.get(other).status_code == 404
    signed_in(client, "other_clerk")
    path = f"/can-bo/vu-viec/{case.code}/tep-da-che/{files[0].result.public_id}/"
    assert client.get(path).status_code == 404


def test_a_withdrawn_copy_is_gone_for_the_handler_only(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    decided(case)
    result = released(case).files.all()[0].result
    path = f"/can-bo/vu-viec/{case.code}/tep-da-che/{result.public_id}/"
    answer = signed_in(client, "clerk").post(base(case) + "thu-hoi/", follow=True)
    assert "Đã thu hồi" in answer.content.decode()
    assert client.get(path).status_code == 200
    assert signed_in(client, "handler").get(path).status_code == 404
    page = client.get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert "5 triệu đồng" not in page


def test_the_api_gives_the_copy(by_token: Callable[[str], Client]) -> None:
    case = denunciation(*papers()).case
    path = f"/api/v1/cases/{case.code}/"
    before = by_token("handler").get(path).json()["letters"][0]
    assert (before["content"], before["attachments"], before["redacted_version"]) == (
        None,
        None,
        None,
    )
    decided(case)
    copy = released(case)
    letter = by_token("handler").get(path).json()["letters"][0]
    assert letter["sealed"]
    assert (letter["redacted_version"], letter["content"]) == (1, copy.content)
    assert [one["name"] for one in letter["attachments"]] == ["ban-sao-01.pdf", "ban-sao-02.pdf"]
    assert PHONE not in str(letter)
    letter = by_token("clerk").get(path).json()["letters"][0]
    assert (letter["sealed"], letter["content"]) == (None, CONTENT)
    assert len(letter["attachments"]) == 2


def test_whoever_assigns_is_told_that_there_is_no_copy(client: StrictClient) -> None:
    case = denunciation().case
    signed_in(client, "clerk")
    page = client.get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert "chưa có bản đã che" in page
    assert base(case) in page
    step = f"/can-bo/vu-viec/{case.code}/buoc/assign/"
    assert "Chưa có bản đã che" in client.get(step).content.decode()
    started(case)
    released(case)
    assert "hưa có bản đã che" not in client.get(step).content.decode()
    page = client.get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert "chưa có bản đã che" not in page


@pytest.mark.parametrize(("who", "is_stripped"), [("clerk", False), ("handler", True)])
def test_photos_of_complaints_lose_place_and_owner(
    client: StrictClient, story: Callable[..., Story], who: str, is_stripped: bool
) -> None:
    from attachments.services import attachment_store

    kept = attachment_store(stream=io.BytesIO(photo()), name="anh.png")
    tale = story(attachments=[str(kept.public_id)])
    signed_in(client, who)
    answer = client.get(f"/can-bo/vu-viec/{tale.case.code}/tep/{kept.public_id}/")
    data = b"".join(answer.streaming_content)
    assert (b"Bi Mat" not in data) is is_stripped
    assert 'filename="anh.jpg"' in answer["Content-Disposition"]
    assert bytes(Attachment.objects.get().sha256) == bytes(kept.sha256)  # evidence stays as sent


def test_queries_of_the_case_page_stay_within_the_budget(
    client: StrictClient, django_assert_max_num_queries: Any
) -> None:
    case = denunciation(*papers()).case
    decided(case)
    released(case)
    signed_in(client, "handler").get(f"/can-bo/vu-viec/{case.code}/")
    with django_assert_max_num_queries(28):
        client.get(f"/can-bo/vu-viec/{case.code}/")
