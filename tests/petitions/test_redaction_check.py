"""The last look before a redacted copy is released, and what changed in the meantime."""

import io
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from attachments.models import Attachment
from petitions.models import RedactedCopy, RedactedFile
from petitions.services import redaction
from petitions.staff import redaction_pages
from tests.attachments.papers import photo
from tests.petitions.redacting import (
    NAME,
    decided,
    denunciation,
    papers,
    revision,
    seen_of,
    started,
)
from tests.petitions.test_redaction_pages import base, file_path, signed_in
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


def test_a_form_of_a_file_that_was_replaced_is_shown_anew(client: StrictClient) -> None:
    case = denunciation(*papers()).case
    started(case)
    path = file_path(case)
    old = RedactedFile.objects.get(position=1).source.public_id
    page = signed_in(client, "clerk").get(path).content.decode()
    assert f'name="source" value="{old}"' in page
    prepared = SimpleUploadedFile("x.jpg", photo())
    client.post(path, {"do": "prepare", "file": prepared})
    answer = client.post(path, {"do": "given", "trang": "1", "rong": "640", "source": str(old)})
    assert answer.status_code == 409
    assert RedactedFile.objects.get(position=1).decision == ""


def test_the_last_check_shows_every_page_as_it_will_be(client: StrictClient) -> None:
    text = f"Tôi là {NAME}, gọi 5".encode()
    case = denunciation(*papers(), (text, "a.txt")).case
    decided(case)
    signed_in(client, "clerk")
    client.post(file_path(case), {"do": "cover", "trang": "1", "rong": "320"})
    client.post(file_path(case, 2), {"do": "given", "trang": "1", "rong": "320"})
    sent = {"do": "text", "revision": revision(case), "phrases": NAME}
    client.post(file_path(case, 3), sent)
    page = client.get(base(case) + "phat-hanh/").content.decode()
    pictures = [unescape(one) for one in re.findall(r'<img class="sheet" src="([^"]+)"', page)]
    assert [one.split("/tep/")[1].split("/")[2] for one in pictures] == ["1", "2", "1"]
    assert all("xem=1" in one for one in pictures)
    image = Image.open(io.BytesIO(client.get(pictures[0]).content))
    assert max(high for _low, high in image.getextrema()) < 12
    assert "Tôi là [đã che], gọi 5" in page
    client.post(file_path(case), {"do": "page_out", "trang": "2", "rong": "320"})
    page = client.get(base(case) + "phat-hanh/").content.decode()
    assert page.count('<img class="sheet"') == 2


def test_a_letter_without_a_name_is_released_without_one(client: StrictClient) -> None:
    tale = denunciation(petitioners=[])
    started(tale.case)
    check = base(tale.case) + "phat-hanh/"
    sent = {"seen": seen_of(tale.case), "confirmed": "on", "words": ""}
    assert signed_in(client, "clerk").post(check, sent).status_code == 302
    assert RedactedCopy.objects.get().state == "released"


def test_what_is_typed_for_a_letter_without_a_name_is_looked_for(client: StrictClient) -> None:
    tale = denunciation(petitioners=[])
    started(tale.case)
    sent = {"seen": seen_of(tale.case), "confirmed": "on", "words": NAME}
    page = signed_in(client, "clerk").post(base(tale.case) + "phat-hanh/", sent)
    assert "error-summary" in page.content.decode()
    assert RedactedCopy.objects.get().state == "draft"


def counted(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> list[object]:
    """What is read from now on through these modules."""
    read: list[object] = []
    for module in modules:

        def once(attachment: Attachment, was: Any = module.attachment_read) -> bytes:
            read.append(attachment.pk)
            return bytes(was(attachment))

        monkeypatch.setattr(module, "attachment_read", once)
    return read


def test_a_bad_second_click_is_shown_as_its_numbers(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = denunciation(*papers()).case
    started(case)
    path = file_path(case)
    signed_in(client, "clerk")
    read = counted(monkeypatch, redaction_pages, redaction)
    click = {"trang": "1", "rong": "640", "cao": "905", "x": "0.1000", "y": "0.2000"}
    answer = client.post(path, click | {"at.x": "64", "at.y": "181"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "quá nhỏ" in page
    assert page.count("Xin điền mục này") == 0
    assert 'value="10.00"' in page
    assert 'name="x" value="0.1000"' in page  # the first corner is still there
    assert len(read) == 1
    assert RedactedFile.objects.get(position=1).boxes == {}


def test_a_refused_form_of_a_text_file_keeps_the_page(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = denunciation((f"Tôi là {NAME}".encode(), "a.txt")).case
    started(case)
    path = file_path(case)
    signed_in(client, "clerk")
    read = counted(monkeypatch, redaction_pages, redaction)
    answer = client.post(path, {"do": "leave", "reason": "x" * 301})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "x" * 301 in page
    assert 'name="phrases"' in page
    assert "error-summary" in page
    assert '<details class="panel" open>' in page
    sent = {"do": "text", "revision": revision(case), "place": "file:1:9999:phrase"}
    assert "error-summary" in client.post(path, sent).content.decode()
    read.clear()
    sent = {"do": "text", "revision": revision(case), "phrases": NAME}
    assert client.post(path, sent).status_code == 302
    assert len(read) == 1


def test_what_was_typed_for_a_file_that_changed_meanwhile_stays(client: StrictClient) -> None:
    case = denunciation((f"Tôi là {NAME}".encode(), "a.txt")).case
    started(case)
    path = file_path(case)
    signed_in(client, "clerk")
    source = RedactedFile.objects.get().looked_at
    other = SimpleUploadedFile("x.txt", "Bản chép".encode())
    client.post(path, {"do": "prepare", "source": source, "file": other})
    sent = {"do": "leave", "source": source, "reason": "Có giọng nói của người viết"}
    answer = client.post(path, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert sent["reason"] in page
    assert "chưa được lưu" in page
    assert "Bản chép" in page
    assert RedactedFile.objects.get().decision == ""
    new = RedactedFile.objects.get().looked_at
    assert client.post(path, sent | {"source": new}).status_code == 302
    assert RedactedFile.objects.get().reason == sent["reason"]
