"""``POST /api/v1/uploads/``."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from attachments import api
from attachments.models import Attachment
from common import ratelimit

pytestmark = pytest.mark.django_db
URL = "/api/v1/uploads/"
PDF = b"%PDF-1.7\n" + b"x" * 100


def upload(data: bytes = PDF, name: str = "đơn.pdf", **fields: Any) -> Any:
    return Client().post(URL, {"file": SimpleUploadedFile(name, data), **fields})


def test_anyone_uploads_one_file() -> None:
    answer = upload()
    assert answer.status_code == 201
    body = answer.json()
    kept = Attachment.objects.get()
    assert body == {
        "id": str(kept.public_id),
        "name": "đơn.pdf",
        "size": 109,
        "type": "application/pdf",
        "state": "stored",
    }


def test_too_large_is_413_before_and_after_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attachments.services.SIZE_MAX", 50)
    answer = upload()
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    monkeypatch.setattr(api, "SIZE_MAX", 50)
    monkeypatch.setattr(api, "FORM_OVERHEAD", 0)
    assert upload().status_code == 413
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00\x03", b"<html></html>"])
def test_wrong_files_are_refused_in_vietnamese(data: bytes) -> None:
    answer = upload(data)
    assert answer.status_code == 400
    assert "Tệp" in answer.json()["fields"]["file"][0] or "tệp" in str(answer.json())
    assert not Attachment.objects.exists()


def test_exactly_one_file_and_nothing_else() -> None:
    assert "file" in Client().post(URL, {}).json()["fields"]
    two = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]
    assert "file" in Client().post(URL, {"file": two}).json()["fields"]
    assert "colour" in upload(colour="red").json()["fields"]
    assert "file" in Client().post(URL, {"file": "text"}).json()["fields"]
    answer = Client().post(URL, "{}", content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"file"})
    assert not Attachment.objects.exists()


def test_a_broken_form_is_a_clear_400() -> None:
    answer = Client().post(URL, b"nonsense", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


@override_settings(RATE_LIMITS=True)
def test_too_many_uploads_say_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ratelimit.LIMITS, "upload", (1, 3600))
    assert upload().status_code == 201
    answer = upload()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
