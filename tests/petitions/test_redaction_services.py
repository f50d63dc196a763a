"""Making, releasing, withdrawing and reading redacted copies."""

import io
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from attachments.models import Attachment
from attachments.pages import PagesError
from attachments.services import attachment_read
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from notifications.models import OutboxMessage
from petitions import selectors
from petitions.invariants import released_copies_are_whole
from petitions.models import CaseEvent, RedactedCopy, RedactedFile
from petitions.redaction_rules import MARK, Span
from petitions.selectors_redaction import draft_of, has_unredacted
from petitions.services import redaction as work
from petitions.services.messages import message_receive
from petitions.services.redaction_reading import redaction_read
from petitions.services.redaction_release import redaction_release, redaction_withdraw
from tests.attachments.papers import excel, word
from tests.people import access_make
from tests.petitions.redacting import (
    CONTENT,
    NAME,
    PHONE,
    at,
    cover_name,
    decided,
    denunciation,
    letter_of,
    papers,
    released,
    revision,
    seen_of,
    started,
)

pytestmark = pytest.mark.django_db


def events(case: Any, name: str) -> list[Any]:
    rows = CaseEvent.objects.filter(case=case, action=f"petitions.redaction.{name}")
    return list(rows.order_by("sequence"))


def test_a_draft_begins_with_what_looks_like_personal_data() -> None:
    case = denunciation(*papers()).case
    draft = started(case)
    found = [CONTENT[a:b] for a, b, _what in draft.spans["content"]]
    assert found == [NAME, "số nhà 7, ngõ 9, phố Giả Tưởng", PHONE]
    assert [file.position for file in draft.files.all()] == [1, 2]
    assert started(case).pk == draft.pk
    assert [event.data for event in events(case, "started")] == [{"letter": case.code, "number": 1}]


def test_the_released_text_is_a_copy_with_marks() -> None:
    case = denunciation().case
    started(case)
    cover_name(case)
    copy = released(case, words=f"{NAME}\n{PHONE}")
    assert copy.subject == f"Tố cáo của {MARK} về thu tiền sai"
    assert copy.content.startswith(f"Tôi là {MARK}, trú tại {MARK}, điện thoại {MARK}.")
    assert "3/4/2026" in copy.content
    case.refresh_from_db()
    assert case.subject == copy.subject
    assert "bi mat" not in case.search_text
    assert letter_of(case).subject != copy.subject  # the original stays as it came


def test_lists_and_search_do_not_find_the_name_any_more() -> None:
    case = denunciation().case
    reader = access_make("handler")
    assert list(selectors.case_list_for(reader, {"q": "bí mật"})) == []
    started(case)
    cover_name(case)
    released(case)
    assert list(selectors.case_list_for(reader, {"q": "bí mật"})) == []
    assert list(selectors.case_list_for(reader, {"q": "thu tiền sai"})) == [case]


def test_saving_says_which_lines_are_nowhere_and_checks_the_revision() -> None:
    case = denunciation().case
    draft = started(case)
    saved = work.redaction_text_save(
        **at(case), revision=1, spans={}, phrases=f"{NAME}\nkhông có đâu"
    )
    assert (saved.places, saved.missed) == (2, [2])
    with pytest.raises(Stale):
        work.redaction_text_save(**at(case), revision=1, spans={})
    draft.refresh_from_db()
    assert draft.revision == 2
    with pytest.raises(InvalidInput):
        work.redaction_text_save(**at(case), revision=2, spans={"subject": [Span(0, 9999)]})


def test_every_place_can_be_uncovered() -> None:
    case = denunciation().case
    started(case)
    work.redaction_text_save(**at(case), revision=1, spans={})
    draft = draft_of(letter_of(case))
    assert draft is not None
    assert draft.spans == {"subject": [], "content": [], "request": []}


@pytest.mark.parametrize("who", ["handler", "secretary", "other_clerk", "city_chair", "admin"])
def test_nobody_else_makes_or_releases_a_copy(who: str) -> None:
    case = denunciation().case
    with pytest.raises((NotPermitted, NotVisible)):
        started(case, who)
    started(case)
    with pytest.raises((NotPermitted, NotVisible)):
        released(case, who)
    with pytest.raises((NotPermitted, NotVisible)):
        redaction_withdraw(**at(case, who))


def test_the_head_may_release_too() -> None:
    case = denunciation().case
    started(case)
    assert released(case, "chair").released_by.username == "chair"


def test_the_handler_is_told_without_a_word_of_it() -> None:
    case = denunciation().case
    started(case)
    released(case)
    told = OutboxMessage.objects.filter(template="copy_released", channel="email").get()
    assert told.recipient.username == "handler"
    assert set(told.params) <= {"code", "unit", "href"}


def test_other_kinds_have_no_copies(story: Any) -> None:
    with pytest.raises(NotVisible):
        started(story().case)


def test_a_release_needs_words_a_tick_and_every_file_decided() -> None:
    case = denunciation(*papers()).case
    started(case)
    with pytest.raises(InvalidInput) as error:
        redaction_release(**at(case), seen=seen_of(case), words=" ", is_confirmed=False)
    assert set(error.value.fields) == {"files", "confirmed", "words", "texts"}
    with pytest.raises(InvalidInput) as error:
        words = f"x\n{NAME.upper()}"
        redaction_release(**at(case), seen=seen_of(case), words=words, is_confirmed=True)
    assert "2" in str(error.value.fields["words"])
    assert NAME.upper() not in str(error.value.fields)
    with pytest.raises(Stale):
        redaction_release(**at(case), seen="0", words=PHONE, is_confirmed=True)
    assert not RedactedCopy.objects.exclude(state="draft").exists()


def test_a_file_that_came_with_a_message_is_evidence_too() -> None:
    case = denunciation().case
    started(case)
    data, name = papers()[0]
    kept = work.attachment_store(stream=io.BytesIO(data), name=name)
    message_receive(letter=letter_of(case), text="Thêm chứng cứ", attachments=[str(kept.public_id)])
    with pytest.raises(InvalidInput) as error:
        released(case)
    assert set(error.value.fields) == {"files"}
    decided(case)
    assert released(case).files.get().result is not None


def test_files_of_a_release_are_new_neutral_and_clean() -> None:
    case = denunciation(*papers()).case
    decided(case)
    first = RedactedFile.objects.get(position=1)
    ids = {"public_id": first.attachment.public_id}
    work.redaction_box_add(**at(case), **ids, page=1, box=(0.95, 0.25, 0.05, 0.1))
    work.redaction_page_set(**at(case), **ids, page=2, what="leave")
    copy = released(case)
    results = [file.result for file in copy.files.all()]
    assert [one.name for one in results if one] == ["ban-sao-01.pdf", "ban-sao-02.pdf"]
    for one in results:
        assert one is not None
        data = attachment_read(one)
        for trace in (b"Bi Mat", b"Exif", b"Author"):
            assert trace not in data
        assert one.claimed_at is not None
        assert "ban-sao" not in one.file.name
    event = events(case, "released")[0]
    assert event.data == {"letter": case.code, "number": 1, "files": 2, "left_out": 0}


def test_boxes_are_kept_in_order_and_small_ones_refused() -> None:
    case = denunciation(*papers()).case
    started(case)
    file = RedactedFile.objects.get(position=1)
    ids = at(case) | {"public_id": file.attachment.public_id, "page": 1}
    work.redaction_box_add(**ids, box=(0.5, 0.5, 0.1, 0.2))
    work.redaction_box_add(**ids, box=(0.1, 0.2, 0.5, 0.5))  # the same once more
    work.redaction_box_add(**ids, box=(-1.0, 0.9, 5.0, 1.5))
    file.refresh_from_db()
    assert file.boxes == {"1": [[0.1, 0.2, 0.5, 0.5], [0.0, 0.9, 1.0, 1.0]]}
    for bad in [(0.1, 0.1, 0.1, 0.9), (2.0, 0.1, 3.0, 0.2)]:
        with pytest.raises(InvalidInput):
            work.redaction_box_add(**ids, box=bad)
    work.redaction_box_remove(**ids, box=(0.1, 0.2, 0.5, 0.5))
    work.redaction_box_remove(**ids, box=(0.1, 0.2, 0.5, 0.5))  # a double click
    work.redaction_box_remove(**ids, box=())
    work.redaction_page_set(**ids, what="leave")
    file.refresh_from_db()
    assert (file.boxes["1"], file.left_pages) == ([[0.0, 0.9, 1.0, 1.0]], [1])
    work.redaction_page_set(**ids, what="back")
    work.redaction_page_set(**ids, what="cover")
    file.refresh_from_db()
    assert (file.boxes["1"], file.left_pages) == ([[0.0, 0.0, 1.0, 1.0]], [])


def test_a_change_of_a_file_that_was_replaced_since_is_refused() -> None:
    case = denunciation(*papers()).case
    started(case)
    file = RedactedFile.objects.get(position=1)
    ids = at(case) | {"public_id": file.attachment.public_id}
    looked_at = {"source": file.source.public_id}
    work.redaction_box_add(**ids, **looked_at, page=1, box=(0.1, 0.1, 0.5, 0.5))
    work.redaction_file_prepare(**ids, stream=io.BytesIO(papers()[1][0]))
    ids |= looked_at
    with pytest.raises(Stale):
        work.redaction_box_add(**ids, page=1, box=(0.1, 0.1, 0.5, 0.5))
    with pytest.raises(Stale):
        work.redaction_page_set(**ids, page=1, what="back")
    with pytest.raises(Stale):
        work.redaction_file_decide(**ids, decision="given")
    file.refresh_from_db()
    assert (file.boxes, file.decision) == ({}, "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (word(f"Tôi là {NAME}", "Nội dung"), "a.docx"),
        (excel(f"Tôi là {NAME}", "Nội dung"), "a.xlsx"),
        (f"\ufeffTôi là {NAME}\r\nNội dung".encode(), "a.txt"),
    ],
)
def test_a_file_of_text_is_covered_as_text(data: bytes, name: str) -> None:
    case = denunciation((data, name)).case
    draft = decided(case)
    with pytest.raises(InvalidInput):
        released(case, words=NAME)  # found in the file
    file = draft.files.get()
    work.redaction_file_text_save(
        **at(case),
        public_id=file.attachment.public_id,
        revision=revision(case),
        spans=[],
        phrases=NAME,
    )
    result = released(case, words=NAME).files.get().result
    assert result is not None
    assert (result.name, result.content_type) == ("ban-sao-01.txt", "text/plain")
    assert attachment_read(result).decode() == f"Tôi là {MARK}\nNội dung"


def test_sound_is_left_out_or_given_as_a_transcript() -> None:
    case = denunciation((b"ID3\x03\x00\x00" + b"\x00" * 50, "giong noi.mp3")).case
    started(case)
    ids = at(case) | {"public_id": RedactedFile.objects.get().attachment.public_id}
    with pytest.raises(InvalidInput):
        work.redaction_file_decide(**ids, decision="given")
    with pytest.raises(InvalidInput):
        work.redaction_file_decide(**ids, decision="left_out", reason=" ")
    with pytest.raises(InvalidInput):
        work.redaction_file_prepare(**ids, stream=io.BytesIO(b"ID3\x03\x00\x00\x01"))
    work.redaction_file_prepare(**ids, stream=io.BytesIO("Bản gỡ băng".encode()))
    work.redaction_file_decide(**ids, decision="given")
    result = released(case).files.get().result
    assert result is not None
    assert attachment_read(result).decode() == "Bản gỡ băng"


def test_a_broken_file_says_so_and_nothing_is_kept() -> None:
    case = denunciation((b"%PDF-1.7\n" + b"x" * 90, "hong.pdf"), papers()[1]).case
    decided(case)
    before = Attachment.objects.count()
    with pytest.raises(InvalidInput) as error:
        released(case)
    assert "1" in str(error.value.fields["files"])
    assert Attachment.objects.count() == before


def test_files_of_a_release_that_fails_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = denunciation(*papers()).case
    decided(case)
    gone: list[Attachment] = []
    path = "petitions.services.redaction_release"
    monkeypatch.setattr(f"{path}.attachment_forget", gone.append)

    def fail(*_args: Any) -> None:
        raise PagesError

    monkeypatch.setattr(f"{path}._named", fail)
    with pytest.raises(PagesError):
        released(case)
    assert len(gone) == 2
    assert draft_of(letter_of(case)) is not None


def test_a_new_version_begins_where_the_last_one_ended_and_replaces_it() -> None:
    case = denunciation(*papers()).case
    decided(case)
    cover_name(case)
    first = released(case)
    second = started(case)
    assert (second.number, second.spans) == (2, first.spans)
    assert [file.decision for file in second.files.all()] == ["given", "given"]
    assert second.files.filter(result=None).count() == 2
    released(case)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    assert events(case, "released")[1].data["replaces"] == 1


def test_a_withdrawn_copy_is_read_by_nobody() -> None:
    tale = denunciation()
    started(tale.case)
    released(tale.case)
    assert not has_unredacted(tale.case)
    redaction_withdraw(**at(tale.case))
    assert has_unredacted(tale.case)
    letters = selectors.case_letters(tale.case)
    assert redaction_read(access=access_make("handler"), case=tale.case, letters=letters) == {}
    with pytest.raises(NotVisible):
        redaction_withdraw(**at(tale.case))


def test_who_read_which_version_stays_in_the_history() -> None:
    case = denunciation().case
    started(case)
    released(case)
    for who in ("handler", "handler", "clerk"):
        letters = selectors.case_letters(case)
        redaction_read(access=access_make(who), case=case, letters=letters)
    assert [(one.actor.username, one.data["number"]) for one in events(case, "seen")] == [
        ("handler", 1)
    ]
    started(case)
    released(case)
    letters = selectors.case_letters(case)
    redaction_read(access=access_make("handler"), case=case, letters=letters)
    assert [one.data["number"] for one in events(case, "seen")] == [1, 2]
    assert list(table_check(CaseEvent)) == []


def test_history_holds_no_words_of_the_letter() -> None:
    case = denunciation(*papers()).case
    decided(case)
    cover_name(case)
    released(case)
    told = str(list(CaseEvent.objects.filter(case=case).values_list("data", flat=True)))
    for word_of_letter in (NAME, "Bí Mật", PHONE, "pdf", "jpg"):
        assert word_of_letter not in told


def test_the_database_keeps_what_was_released() -> None:
    case = denunciation().case
    started(case)
    copy = released(case)
    for statement in (
        "UPDATE petitions_redactedcopy SET content = 'khác' WHERE id = %s",
        "DELETE FROM petitions_redactedcopy WHERE id = %s",
        "UPDATE petitions_redactedcopy SET released_at = now() WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [copy.pk])


def test_the_check_of_data_finds_a_copy_that_is_not_whole() -> None:
    case = denunciation(*papers()).case
    decided(case)
    copy = released(case)
    assert list(released_copies_are_whole()) == []
    RedactedFile.objects.filter(copy=copy, position=1).update(result=None)
    assert list(released_copies_are_whole()) == [case.code]
