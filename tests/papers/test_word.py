"""Papers as Word files: what was written prints as text, nobody is named beside it, and nothing
of a sealed paper is given to whoever may not read it."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Word

from papers.content import Content, content_read
from papers.documents import facts_of
from papers.models import READ, Paper, PaperEvent
from papers.word import NOT_THE_PAPER, TEMPLATE, WORD, paper_word
from scripts import paper_template
from tests.papers.making import (
    case_of,
    drafted,
    issued,
    issued_by_head,
    proposed,
    submitted,
    written,
)
from tests.people import access_make, person_make
from tests.strict import StrictClient

HOSTILE = [
    "{{ 7*7 }} {{ self }} {{ ''.__class__.__mro__ }}",
    "{% for x in (1, 2) %}hai lần{% endfor %} {# mất #} {%p if mark %} {%tr endfor %} {{r x}}",
    "{_{ 7*7 }_} {_% if x %_} a_b &#95; &amp;",
    "<w:p><w:r><w:t>đoạn</w:t></w:r></w:p> </w:t> <![CDATA[x]]> &nbsp; <b>đậm</b>",
    "tổ hợp: Nguyễn Thị Ước ‘nháy’ “kép” {{ “x” }} \u202etrái\u202c",
    "x" * 300,
]


def opened(data: bytes) -> Word:
    return Document(io.BytesIO(data))


def texts_of(data: bytes) -> list[str]:
    """Every paragraph, in cells as well."""
    found = opened(data).element.body.iter("{*}p")
    return ["".join(one.text or "" for one in line.iter("{*}t")) for line in found]


def downloaded(client: StrictClient, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def parts_of(data: bytes) -> dict[str, str]:
    """What a file holds, part by part; the time of the archive's entries left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()}


def test_the_template_is_what_the_script_makes(tmp_path: Path) -> None:
    assert paper_template.main(tmp_path / "made.docx") == 0
    assert parts_of((tmp_path / "made.docx").read_bytes()) == parts_of(TEMPLATE.read_bytes())


pytestmark = pytest.mark.django_db


def path_of(paper: Paper, last: str = "tep-word/") -> str:
    return f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/{last}"


def api_of(paper: Paper) -> str:
    return f"/api/v1/cases/{paper.case.code}/papers/{paper.public_id}/word/"


def word_of(paper: Paper) -> bytes:
    paper = Paper.objects.select_related("unit", "issued_by", "case__unit").get(pk=paper.pk)
    return paper_word(paper, paper.case, content_read(paper))


def test_everything_that_the_pdf_says() -> None:
    body = "Đoạn đầu.\nDòng hai.\n\n- một\n- hai\n\n| Nội dung | Kết quả | Ghi chú |\n| a | b |"
    paper = issued(case_of(), body=body, addressee="Ông A\nBà B", recipients="Như trên;\nLưu: VT.")
    data = word_of(paper)
    lines = texts_of(data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "THÀNH PHỐ HÀ NỘI",
        "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH", "Số: 01/ĐX-UBND-HS", "PHIẾU ĐỀ XUẤT",
        "Kính gửi: Ông A; Bà B", "Đoạn đầu.", "Dòng hai.", "một", "hai", "- Như trên;", "- Lưu: VT.",
        "CHỦ TỊCH", person_make("chair").full_name, NOT_THE_PAPER,
    ):  # fmt: skip
        assert words in lines, words
    table = opened(data).tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Nội dung", "Kết quả", "Ghi chú"], ["a", "b", ""],
    ]  # fmt: skip
    assert "QUYẾT ĐỊNH:" not in lines
    assert "NGƯỜI KHIẾU NẠI" not in lines


def test_a_draft_says_that_it_is_one() -> None:
    lines = texts_of(word_of(drafted(case_of())))
    assert "DỰ THẢO" in lines
    assert NOT_THE_PAPER not in lines
    assert "Số: ……" in lines


def test_a_decision_has_its_grounds() -> None:
    paper = drafted(proposed(), "acceptance")
    facts = facts_of(paper, paper.case, content_read(paper))
    assert facts["form"] == "letter"
    decision = case_of()
    made = {"form": "decision", "grounds": "Căn cứ A;\nCăn cứ B", "authority": "Chủ tịch"}
    lines = texts_of(_filled(facts_of(drafted(decision), decision, content_read(paper)) | made))
    at = lines.index("CHỦ TỊCH")
    assert lines[at : at + 4] == ["CHỦ TỊCH", "Căn cứ A;", "Căn cứ B.", "QUYẾT ĐỊNH:"]
    assert not [line for line in lines if line.startswith("Kính gửi")]


def test_what_was_found_stands_above_the_decision() -> None:
    case, body = (
        case_of(),
        "I. Nội dung: a\n\n| h |\n| b |\n\nII. Kết luận\nĐiều 1. Bác\n\nĐiều 2. Hết",
    )
    paper = Paper(case=case, kind="complaint_decision", drafted_by=person_make("chair"))
    lines = texts_of(paper_word(paper, case, Content(grounds="Căn cứ A", body=body)))
    wanted = ["Căn cứ A.", "I. Nội dung: a", "b", "II. Kết luận", "QUYẾT ĐỊNH:", "Điều 1. Bác",
              "Điều 2. Hết"]  # fmt: skip
    assert [line for line in lines if line in wanted] == wanted


def test_an_official_letter_has_a_subject_instead_of_a_title() -> None:
    lines = texts_of(word_of(drafted(case_of(), "supplement")))
    assert "V/v yêu cầu bổ sung thông tin, tài liệu" in lines
    assert "CÔNG VĂN" not in lines


def test_the_officer_signs_and_the_head_has_room_for_an_opinion() -> None:
    paper = issued_by_head(drafted(proposed(), "proposal", "handler"))
    lines = texts_of(word_of(paper))
    names = [person_make(who).full_name for who in ("handler", "chair")]
    wanted = ["CÁN BỘ XỬ LÝ", names[0], "Ý KIẾN CỦA NGƯỜI CÓ THẨM QUYỀN", "CHỦ TỊCH", names[1]]
    assert [line for line in lines if line in wanted] == wanted


def test_minutes_are_signed_by_both_sides() -> None:
    case = case_of()
    paper = drafted(case)
    facts = facts_of(paper, case, content_read(paper))
    signers = ["Người khiếu nại", "Người bị khiếu nại", "Người đại diện"]
    facts["opinion"] = []
    data = _filled(facts | {"form": "minutes", "signatures": signers})
    (row,) = opened(data).tables[1].rows
    assert [cell.paragraphs[0].text for cell in row.cells] == [who.upper() for who in signers]
    assert len(opened(data).tables[1].columns) == 3
    assert len(opened(_filled(facts)).tables) == 2


def _filled(facts: dict[str, Any]) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("papers.word.facts_of", lambda *args: facts)
        return paper_word(Paper(), None, None)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_typed_prints_as_text(words: str) -> None:
    paper = drafted(case_of())
    own = dict.fromkeys(content_read(paper).fields, words)
    body = f"{words}\n\n- {words}\n\n| đầu |\n| {words} |"
    changes = {"about": words, "addressee": words, "recipients": words, "fields": own}
    lines = texts_of(word_of(written(paper, body=body, **changes)))
    assert lines.count(words) >= 4  # about, paragraph, list, cell
    assert f"Kính gửi: {words}" in lines


def test_signs_that_no_file_can_hold_are_left_out() -> None:
    paper = written(drafted(case_of()), body="a\x0bb\x07c\x0cd\x1be\ufffef\tg")
    assert "a b c d e f g" in texts_of(word_of(paper))


def test_the_properties_name_nobody() -> None:
    data = word_of(issued(case_of()))
    core = opened(data).core_properties
    told = (core.author, core.last_modified_by, core.title, core.subject, core.comments)
    assert told == ("", "", "", "", "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rest = b"".join(archive.read(n) for n in archive.namelist() if n != "word/document.xml")
    for name in ("Thử Nghiệm", person_make("chair").full_name, "python-docx"):
        assert name.encode() not in rest, name


def test_page_and_api_give_it(client: StrictClient, by_token: Any) -> None:
    paper = issued(case_of(), body="Lời của văn bản.")
    draft = submitted(paper.case)
    client.force_login(person_make("chair"))
    assert path_of(paper) in client.get(path_of(paper, "")).content.decode()
    for one, name in ((paper, "01-%C4%90X-UBND-HS.docx"), (draft, "du-thao.docx")):
        answer = client.get(path_of(one))
        assert answer["Content-Type"] == WORD
        assert name in answer["Content-Disposition"]
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    assert "Lời của văn bản." in texts_of(downloaded(client, path_of(paper)))
    assert "Lời của văn bản." in texts_of(downloaded(by_token("clerk"), api_of(paper)))
    assert by_token("clerk").get(api_of(draft)).status_code == 200
    assert by_token("other_clerk").get(api_of(paper)).status_code == 404
    assert (
        by_token("clerk").get(api_of(paper).replace(str(paper.public_id), "x")).status_code == 404
    )


def test_a_sealed_paper_stays_sealed(client: StrictClient) -> None:
    case = proposed("denunciation")
    paper = issued(case)
    client.force_login(person_make("handler"))
    for path in (path_of(paper), api_of(paper)):
        assert client.get(path).status_code == 403
    for who in ("secretary", "other_chair", "front", "admin"):
        client.force_login(person_make(who))
        assert client.get(path_of(paper)).status_code == 404
    assert not PaperEvent.objects.filter(paper=paper, action=READ).exists()
    client.force_login(person_make("chair"))
    text = "\n".join(texts_of(downloaded(client, path_of(paper))))
    assert "Thử Nghiệm" not in text
    reader = access_make("chair").actor_id
    assert PaperEvent.objects.get(paper=paper, action=READ).actor_id == reader
