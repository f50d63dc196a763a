"""Files of papers of receptions and of receipts: issued, proved, replaced, void, never changed."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import Error, OperationalError, transaction
from psycopg.errors import LockNotAvailable

from attachments.models import Attachment
from attachments.services import attachment_keep, attachment_read
from common.errors import Conflict
from common.papers import paper_pdf
from common.time import now
from communes.models import Unit
from papers.invariants import paper_files_are_those_issued
from papers.marks import Mark
from papers.models import IssuedFile
from papers.selectors_proofs import file_of, file_read
from papers.services._books import book_turn
from papers.services.proving import PDF, file_cover, file_issue, file_void, proved
from papers.signing import SigningFailed
from papers.subjects import SubjectKind, covered, subject_of
from tests.papers.signers import HOLDER, judged, pair, signed_at, signing_on, stamp_service
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
SUBJECT = subject_of(SubjectKind.MINUTES, 7)
WORDS = {"title": "Sổ", "unit": "Phường Thử", "period": "", "basis": "", "empty": "",
         "rows": [["1"]], "shares": [1], "columns": ["Số"]}  # fmt: skip


def drawn(mark: Mark) -> bytes:
    return paper_pdf("register", WORDS | mark.facts, at=mark.at)


def issued(subject: str = SUBJECT, number: str = "05/TB-UBND", **more: Any) -> IssuedFile:
    given: dict[str, Any] = {"by": person_make("chair"), "at": now(), "render": drawn} | more
    unit = Unit.objects.get(code="00004")
    with proved():
        return file_issue(subject=subject, unit=unit, number=number, **given)


def page_of(client: StrictClient, file: IssuedFile) -> str:
    page = client.get(f"/xac-thuc/{file.check_code}/").content.decode()
    return page.partition("<main")[2].partition("</main>")[0]


def stored() -> set[str]:
    """What lies in the store."""
    if not default_storage.exists("attachments"):
        return set()
    folders, _files = default_storage.listdir("attachments")
    return {name for one in folders for name in default_storage.listdir(f"attachments/{one}")[1]}


def test_the_page_says_what_the_file_is(client: StrictClient) -> None:
    file = issued()
    data = attachment_read(file.file)
    page = page_of(client, file)
    assert hashlib.sha256(data).hexdigest() in page
    assert "Văn bản này đang có hiệu lực" in page
    assert f"số thứ tự 05, năm {file.issued_at.year}" in page
    for word in ("TB", "minutes", "biên bản", person_make("chair").full_name, "UBND-"):
        assert word not in page, word
    changed = bytearray(data)
    changed[100] ^= 1
    assert hashlib.sha256(changed).hexdigest() not in page
    assert list(paper_files_are_those_issued()) == []


def test_a_paper_without_a_number_says_so(client: StrictClient) -> None:
    page = page_of(client, issued(number="", by=None))
    assert "văn bản không có số" in page
    assert "chưa ký số" in page


def test_the_party_committee_issues_its_own(client: StrictClient) -> None:
    """Whoever compares finds the body that stands on the paper."""
    unit = issued().unit
    with proved():
        file = file_issue(subject="minutes:2", unit=unit, number="", by=None, at=now(),
                          render=drawn, is_party=True)  # fmt: skip
    page = page_of(client, file)
    assert "Đảng ủy" in page
    assert "Ủy ban nhân dân" not in page
    with pytest.raises(Error), transaction.atomic():
        IssuedFile.objects.filter(pk=file.pk).update(is_party=False)


def test_a_later_one_replaces_it(client: StrictClient) -> None:
    old, other = issued(number=""), issued("conclusion:a", "04/TB-UBND")
    new = issued(number="")
    assert file_of(SUBJECT) == new
    page = page_of(client, old)
    assert "đã được thay thế" in page
    assert f"{new.issued_at:%d/%m/%Y}" in page
    assert new.check_code not in page
    with proved():
        last = file_issue(subject="conclusion:b", unit=other.unit, number="06/TB-UBND", by=None,
                          at=now(), render=drawn, replaces=other)  # fmt: skip
    assert f"06 / {last.issued_at.year}" in page_of(client, other)
    assert file_of("conclusion:a") is None


def test_void_and_for_good(client: StrictClient) -> None:
    file = issued()
    file_void(SUBJECT, "Ghi nhầm.")
    assert IssuedFile.objects.get().void_reason == "Ghi nhầm."
    assert "không còn giá trị" in page_of(client, file)
    assert file_of(SUBJECT) is None
    assert issued().replaces is None
    for change in ({"state": "issued"}, {"state": "replaced"}):
        with pytest.raises(Error), transaction.atomic():
            IssuedFile.objects.filter(pk=file.pk).update(**change)


def test_a_cover_stands_beside_what_it_covers(
    django_capture_on_commit_callbacks: Any, client: StrictClient
) -> None:
    first, at = issued(number=""), now() - dt.timedelta(days=2)
    original = issued(number="", at=at)
    data, before = attachment_read(original.file), stored()
    with django_capture_on_commit_callbacks(execute=True), proved():
        cover = file_cover(original, render=drawn)
    assert cover.subject == covered(SUBJECT)
    assert (cover.unit, cover.shown_number, cover.issued_at) == (original.unit, "", at)
    original = IssuedFile.objects.get(pk=original.pk)
    # Whoever holds either finds it in force, and nothing tells the two apart.
    pages = [page_of(client, one).replace(bytes(one.sha256).hex(), "") for one in (original, cover)]
    assert pages[0] == pages[1]
    assert "đang có hiệu lực" in pages[0]
    # None of the subject lies open, and none is lost.
    assert len(before - stored()) == 2
    assert data not in bytes(original.box)
    assert file_read(original) == data
    assert file_of(SUBJECT) == original
    assert not IssuedFile.objects.filter(pk__in=[first.pk, original.pk], box=None).exists()
    with proved():
        assert file_cover(original, render=drawn) == cover
    assert IssuedFile.objects.count() == 3
    assert list(paper_files_are_those_issued()) == []


def test_a_file_made_after_the_cover_gets_another() -> None:
    with proved():
        cover = file_cover(issued(), render=drawn)
        another = file_cover(issued(), render=drawn)
    assert another.replaces == cover
    assert file_of(covered(SUBJECT)) == another


@pytest.mark.parametrize("change", [{"box": b"x"}, {"box": None, "key_version": None}])
def test_what_is_sealed_stays_so(change: dict[str, Any]) -> None:
    file = issued()
    with proved():
        file_cover(file, render=drawn)
    with pytest.raises(Error), transaction.atomic():
        IssuedFile.objects.filter(pk=file.pk).update(**change)


def test_who_holds_the_book_too_long_is_told_of() -> None:
    with pytest.raises(Conflict), proved():
        raise OperationalError from LockNotAvailable()


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_commit_takes_nothing_away() -> None:
    def fail() -> None:
        raise LookupError

    made: list[Attachment] = []
    with pytest.raises(LookupError), book_turn(made):
        made.append(attachment_keep(data=b"%PDF-", name="a.pdf", content_type=PDF, at=now()))
        transaction.on_commit(fail)
    assert attachment_read(made[0]) == b"%PDF-"


def test_no_signature_is_dated_back(settings: Any, tmp_path: Path) -> None:
    """A file that stands for an older one bears its day; it is signed today, also where the
    certificate is younger than that day."""
    moment_now = now()
    signing_on(settings, tmp_path)
    original = issued(at=moment_now - dt.timedelta(days=3))
    begun = moment_now.replace(microsecond=0)
    signing_on(settings, tmp_path, pair(since=begun - dt.timedelta(days=1)))
    with proved():
        cover = file_cover(original, render=drawn)
    assert (cover.signed_by, cover.issued_at) == (HOLDER, original.issued_at)
    moment = signed_at(attachment_read(cover.file))
    assert moment is not None
    assert moment >= begun


@pytest.mark.parametrize(
    "change", [{"sha256": b"x" * 32}, {"subject": "minutes:8"}, {"shown_number": "9"},
               {"check_code": "VB-1"}, {"signed_by": "x"}, {"issued_by": None}, {"file": None}]
)  # fmt: skip
def test_what_was_issued_stays(change: dict[str, Any]) -> None:
    file = issued()
    with pytest.raises(Error), transaction.atomic():
        IssuedFile.objects.filter(pk=file.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        IssuedFile.objects.filter(pk=file.pk)._raw_delete("default")


def test_what_fails_leaves_no_file(settings: Any, tmp_path: Path) -> None:
    old, before = issued(), stored()
    unit = old.unit

    def fail_after() -> None:
        with proved(), proved():
            file_issue(subject=SUBJECT, unit=unit, number="", by=None, at=now(), render=drawn)
        raise LookupError

    with pytest.raises(LookupError), proved():
        fail_after()
    signing_on(settings, tmp_path)
    with stamp_service(status=500) as settings.PAPER_SIGNING_TSA, pytest.raises(SigningFailed):
        issued()
    assert stored() == before
    assert file_of(SUBJECT) == old
    assert Attachment.objects.count() == 1


def test_outside_of_it_nothing_is_issued() -> None:
    with pytest.raises(RuntimeError):
        file_issue(subject=SUBJECT, unit=Unit.objects.get(code="00004"), number="", by=None,
                   at=now(), render=drawn)  # fmt: skip


def test_it_is_signed_before_it_is_hashed(
    settings: Any, tmp_path: Path, client: StrictClient
) -> None:
    signing_on(settings, tmp_path)
    file = issued()
    assert file.signed_by == HOLDER
    assert judged(attachment_read(file.file)).intact
    assert "đã ký số" in page_of(client, file)
