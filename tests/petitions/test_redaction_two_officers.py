"""Two officers make one redacted copy: nobody overwrites the other without a word, and what is known
of the denouncer is in no release."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from communes.models import Unit
from petitions.models import Case, Letter, RedactedCopy, RedactedFile, SealedIdentity
from petitions.services import redaction as work
from petitions.services.redaction_release import redaction_release, redaction_withdraw
from tests.petitions.redacting import (
    NAME,
    PHONE,
    at,
    cover_name,
    decided,
    denunciation,
    papers,
    released,
    revision,
    seen_of,
    started,
)

pytestmark = pytest.mark.django_db
TEXT = f"Tôi là {NAME}, gọi {PHONE}".encode()


def file_at(case: Case) -> dict[str, Any]:
    """The arguments of the services of the only file."""
    return at(case) | {"public_id": RedactedFile.objects.get().attachment.public_id}


def release(case: Case, words: str = "Người khác") -> RedactedCopy:
    return redaction_release(**at(case), seen=seen_of(case), words=words, is_confirmed=True)


@pytest.mark.parametrize("change", ["prepare", "leave"])
def test_a_text_that_was_open_is_not_laid_over_another_file(change: str) -> None:
    case = denunciation((TEXT, "a.txt")).case
    started(case)
    opened_on = revision(case)
    if change == "prepare":
        work.redaction_file_prepare(**file_at(case), stream=io.BytesIO("Chép lại".encode()))
    else:
        work.redaction_file_decide(**file_at(case), decision="left_out", reason="Giọng nói")
    before = RedactedFile.objects.values("spans", "decision", "reason", "prepared").get()
    with pytest.raises(Stale):
        work.redaction_file_text_save(
            **file_at(case), revision=opened_on, spans=[], phrases="Tôi là"
        )
    assert RedactedFile.objects.values("spans", "decision", "reason", "prepared").get() == before


def test_a_prepared_copy_does_not_replace_another_one_unseen() -> None:
    case = denunciation((TEXT, "a.txt")).case
    started(case)
    looked_at = RedactedFile.objects.get().looked_at
    work.redaction_file_prepare(
        **file_at(case), source=looked_at, stream=io.BytesIO("Bản một".encode())
    )
    first = RedactedFile.objects.get().prepared
    with pytest.raises(Stale):
        work.redaction_file_prepare(
            **file_at(case), source=looked_at, stream=io.BytesIO("Bản hai".encode())
        )
    assert RedactedFile.objects.get().prepared == first


def test_a_file_that_was_left_out_is_not_put_back_by_an_older_page() -> None:
    case = denunciation(papers()[1]).case
    started(case)
    looked_at = RedactedFile.objects.get().looked_at
    work.redaction_box_add(**file_at(case), source=looked_at, page=1, box=(0.1, 0.1, 0.5, 0.5))
    # Another box of the same page is no conflict.
    work.redaction_box_add(**file_at(case), source=looked_at, page=1, box=(0.2, 0.6, 0.5, 0.9))
    work.redaction_file_decide(
        **file_at(case), source=looked_at, decision="left_out", reason="Nhận ra mặt"
    )
    with pytest.raises(Stale):
        work.redaction_box_add(**file_at(case), source=looked_at, page=1, box=(0, 0, 0.5, 0.5))
    file = RedactedFile.objects.get()
    assert (file.decision, file.reason) == ("left_out", "Nhận ra mặt")
    work.redaction_file_decide(**file_at(case), source=file.looked_at, decision="given")


@pytest.mark.parametrize("what", ["start", "save", "withdraw"])
def test_the_right_is_asked_behind_the_lock(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The case goes to another unit while the officer waits for its lock."""
    case = denunciation().case
    started(case)
    released(case)
    started(case)
    access, number = at(case), revision(case)
    lock = work.case_lock

    def moved(pk: int) -> Case:
        Case.objects.filter(pk=pk).update(unit=Unit.objects.get(code="TTTP"))
        return lock(pk)

    monkeypatch.setattr("petitions.services.redaction.case_lock", moved)
    monkeypatch.setattr(
        "petitions.services.redaction.case_get_for", lambda *_a: Case.objects.get(pk=case.pk)
    )
    steps: dict[str, Callable[[], object]] = {
        "start": lambda: work.redaction_start(**access),
        "save": lambda: work.redaction_text_save(**access, revision=number, spans={}),
        "withdraw": lambda: redaction_withdraw(**access),
    }
    with pytest.raises((NotVisible, NotPermitted)):
        steps[what]()
    assert RedactedCopy.objects.filter(state="released").exists()
    assert revision(case) == number


def test_what_the_seal_knows_may_not_stand_in_a_release() -> None:
    """Nobody typed the name: the HMACs beside the sealed identity know it."""
    case = denunciation().case
    started(case)
    with pytest.raises(InvalidInput) as error:
        release(case)
    said = str(error.value.fields)
    assert set(error.value.fields) == {"texts"}
    assert "Tiêu đề đơn" in said
    assert NAME not in said
    cover_name(case)
    assert release(case).state == "released"


def test_what_the_seal_knows_may_not_stand_in_a_file() -> None:
    case = denunciation((f"Liên hệ {PHONE}".encode(), "a.txt")).case
    decided(case)
    cover_name(case)
    with pytest.raises(InvalidInput) as error:
        release(case)
    assert "1" in str(error.value.fields["texts"])
    work.redaction_file_text_save(**file_at(case), revision=revision(case), spans=[], phrases=PHONE)
    assert release(case).state == "released"


def test_another_denouncer_of_the_case_is_looked_for_too() -> None:
    case = denunciation(subject="Thu tiền sai", content=f"Bà {NAME} cũng đã tố cáo.").case
    other = denunciation().case
    mine = SealedIdentity.objects.filter(party__letter__case=case, party__role="petitioner")
    mine.update(tells=[])
    started(case)
    Letter.objects.filter(case=other).update(case=case)
    with pytest.raises(InvalidInput) as error:
        release(case)
    assert set(error.value.fields) == {"texts"}
