"""Keeping, claiming and removing files."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest

from attachments.models import Attachment
from attachments.names import name_clean
from attachments.services import (
    SIZE_MAX,
    UNCLAIMED_LIFE,
    TooLarge,
    attachment_store,
    attachments_claim,
    attachments_prune,
)
from attachments.views import attachment_response
from common.errors import InvalidInput
from common.time import now

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 100


def store(data: bytes = PDF, name: str = "don.pdf", **values: Any) -> Attachment:
    return attachment_store(stream=io.BytesIO(data), name=name, **values)


def test_a_file_is_kept_with_its_digest_under_a_name_that_says_nothing() -> None:
    kept = store()
    assert (kept.content_type, kept.size, kept.name) == ("application/pdf", 109, "don.pdf")
    assert bytes(kept.sha256) == hashlib.sha256(PDF).digest()
    assert "don" not in kept.file.name
    assert kept.file.read() == PDF


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("don.pdf", "don.pdf"),
        ("C:\\Users\\An\\Đơn.pdf", "Đơn.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Đơn khiếu nại.pdf", "Đơn khiếu nại.pdf"),
        ("", "tep"),
        ("...", "tep"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
        ("y" * 300, "y" * 160),
    ],
)
def test_names(given: str, kept: str) -> None:
    assert name_clean(given) == kept


def test_a_name_never_decides_what_a_file_is() -> None:
    with pytest.raises(InvalidInput) as error:
        store(b"MZ\x90\x00", name="anh.jpg")
    assert error.value.code == "wrong_type"
    assert not Attachment.objects.exists()


def test_an_empty_file_and_one_byte_too_many() -> None:
    with pytest.raises(InvalidInput) as error:
        store(b"")
    assert error.value.code == "empty_file"
    with pytest.raises(TooLarge):
        store(PDF + b"x" * (SIZE_MAX - len(PDF) + 1))
    assert store(PDF + b"x" * (SIZE_MAX - len(PDF))).size == SIZE_MAX


def test_a_claim_takes_files_once_in_the_order_asked(
    django_assert_max_num_queries: Any,
) -> None:
    first, second = store(), store()
    ids = [str(second.public_id), str(first.public_id)]
    with django_assert_max_num_queries(2):
        assert attachments_claim(public_ids=ids, at=now()) == [second, first]
    with pytest.raises(InvalidInput) as error:
        attachments_claim(public_ids=ids, at=now())
    assert set(error.value.fields) == {"attachments"}


@pytest.mark.parametrize("unknown", ["6f1d0a52-98c1-4c43-9a37-2f6f0f3b8f10", "no-uuid", ""])
def test_an_unknown_file_claims_nothing(unknown: str) -> None:
    kept = store()
    with pytest.raises(InvalidInput):
        attachments_claim(public_ids=[str(kept.public_id), unknown], at=now())
    kept.refresh_from_db()
    assert kept.claimed_at is None


def test_only_old_unclaimed_uploads_are_removed() -> None:
    at = now()
    old = store(at=at - UNCLAIMED_LIFE - dt.timedelta(hours=1))
    young = store(at=at - UNCLAIMED_LIFE + dt.timedelta(hours=1))
    taken = store(at=at - dt.timedelta(days=30))
    attachments_claim(public_ids=[str(taken.public_id)], at=at)
    assert attachments_prune(at=at) == 1
    assert attachments_prune(at=at) == 0
    assert set(Attachment.objects.all()) == {young, taken}
    assert not old.file.storage.exists(old.file.name)
    assert taken.file.storage.exists(taken.file.name)


def test_a_download_is_never_run_guessed_or_kept() -> None:
    answer = attachment_response(store(name='Đơn "kèm".pdf'))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == PDF
