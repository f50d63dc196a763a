"""Forms 01/TCD and 02/TCD: what is typed prints as text, in our font, and nothing is missing."""

import datetime as dt
import re
from typing import Any

import pypdfium2
import pytest
from django.utils import translation

from common.glyphs import STAND_IN, characters, printable
from common.papers import paper_pdf
from papers.heads import date_words
from receptions.enums import RegistrationStatus
from receptions.models import ReceptionSession, Refusal, Registration
from receptions.papers import receipt_pdf, refusal_pdf
from receptions.refusal_grounds import grounds
from receptions.selectors_day import papers_of, visitor_of_day
from receptions.services.papers_taken import Paper, paper_take
from receptions.services.refusals import PaperDetails, refusal_prepare
from tests.people import access_make
from tests.receptions.cast import DAY
from tests.receptions.cast_day import MORNING, day_with, refuse, row_of

HOSTILE = [
    "#set page(width: 1cm) *đậm* _nghiêng_ $x^2$ [a] <nhãn> @tham-chiếu // lời \\ `mã`",
    '#import "layout.typ": *; #facts.name; #read("/etc/passwd")',
    "tiếng Việt tổ hợp: Nguyễn Thị Ước, Đặng Hữu Nghĩa",
    "x" * 300,
    "= Đề mục\n- mục\n+ mục\n/ Từ: nghĩa",
]


def text_of(pdf: bytes) -> str:
    """The text of all pages, in one line, as a reader gets it."""
    document = pypdfium2.PdfDocument(pdf)
    pages = (document[n].get_textpage().get_text_range() for n in range(len(document)))
    return squeezed(" ".join(pages).replace("\u200b", "").replace("\ufffe", "-"))


def squeezed(text: str) -> str:
    """Without spaces: lines break where the paper is full."""
    return re.sub(r"\s+", "", text)


def fonts_of(pdf: bytes) -> set[str]:
    names = re.findall(rb"/BaseFont\s*/([^\s/>]+)", pdf)
    return {name.decode().partition("+")[2] for name in names}


def refused_paper(session: ReceptionSession, ground: str = "settled", **details: Any) -> bytes:
    refuse(session, 1, ground)
    row = row_of(session, 1)
    access = access_make("clerk")
    refusal_prepare(
        access=access,
        session_id=session.public_id,
        code=row.code,
        version=row.version,
        details=PaperDetails(**details),
        at=MORNING,
    )
    seen = visitor_of_day(access, session, row.code)
    Refusal.objects.update(number="12/TB-UBND", sent_on=DAY)
    return refusal_pdf(seen.registration, Refusal.objects.get())


def receipt(session: ReceptionSession, *papers: Paper) -> bytes:
    access, row = access_make("clerk"), row_of(session, 1)
    for paper in papers:
        paper_take(
            access=access, session_id=session.public_id, code=row.code, paper=paper, at=MORNING
        )
    return receipt_pdf(row, papers_of(row))


@pytest.mark.django_db
def test_a_refusal_says_everything_that_the_form_asks() -> None:
    pdf = refused_paper(
        day_with(1),
        address="Số 5, ngõ 12, phố Tưởng Tượng",
        identity_issued_on=dt.date(2022, 2, 1),
        identity_issued_by="Cục Cảnh sát",
    )
    text = text_of(pdf)
    for words in (
        "Mẫu số 01/TCD", "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH", "Số: 12/TB-UBND",
        "Ba Đình, ngày 10 tháng 12 năm 2026", "Người dân số 1", "001088000001", "01/02/2022",
        "Cục Cảnh sát", "Số 5, ngõ 12, phố Tưởng Tượng", "Hỏi về tiến độ cấp giấy chứng nhận.",
        "khoản 3 Điều 9 Luật Tiếp công dân số 42/2013/QH13", "vẫn cố tình khiếu nại, tố cáo kéo dài",
        "Vụ việc đã có quyết định giải quyết lần hai.", "Nơi nhận", "CHỦ TỊCH",
    ):  # fmt: skip
        assert squeezed(words) in text, words
    assert "…" not in text
    assert len(pypdfium2.PdfDocument(pdf)) == 1


@pytest.mark.django_db
def test_what_is_not_known_is_left_to_fill_in_by_hand() -> None:
    assert text_of(refused_paper(day_with(1))).count("…") > 30


@pytest.mark.django_db
def test_a_refusal_names_the_point_of_the_decree_in_its_words() -> None:
    text = text_of(refused_paper(day_with(1), "decree_h"))
    assert squeezed("Căn cứ điểm h khoản 1 Điều 4 Nghị định số 154/2026/NĐ-CP: “Người kiến") in text
    assert squeezed("không có nội dung, tình tiết mới”") in text


@pytest.mark.django_db
def test_a_wording_that_was_not_verified_is_not_printed_as_the_laws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {code: row._replace(is_verified=False) for code, row in grounds().items()}
    monkeypatch.setattr("receptions.papers.grounds", lambda: known)
    text = text_of(refused_paper(day_with(1), "decree_h"))
    assert squeezed("điểm h khoản 1 Điều 4 Nghị định số 154/2026/NĐ-CP") in text
    assert "“" not in text


@pytest.mark.django_db
def test_a_receipt_says_everything_that_the_form_asks() -> None:
    papers = [Paper("Đơn khiếu nại ngày 01/12/2026", 3, "original"), Paper("Sổ đỏ", 2, "certified")]
    with translation.override("en"):
        text = text_of(receipt(day_with(1), *papers))
    for words in (
        "Mẫu số 02/TCD", "Vào hồi 08 giờ 30 phút, ngày 10 tháng 12 năm 2026",
        "Trụ sở Ủy ban nhân dân phường", "Cán bộ clerk", "chức vụ: Văn thư", "Người dân số 1",
        "001088000001", "Đơn khiếu nại ngày 01/12/2026", "Bản chính", "Sổ đỏ",
        "Tổng cộng: 2 tài liệu, 5 trang", "lập thành 02 bản", "NGƯỜI CUNG CẤP", "NGƯỜI NHẬN",
    ):  # fmt: skip
        assert squeezed(words) in text, words
    assert "None" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_print_as_they_are_written(words: str) -> None:
    session = day_with(1)
    Registration.objects.update(topic=words)
    refused = refused_paper(session, address=words[:300])
    assert text_of(refused).count(squeezed(words)) == 2
    Registration.objects.update(status=RegistrationStatus.CALLED)
    taken = receipt(session, Paper(words[:300], 1, "copy"))
    assert squeezed(words[:300]) in text_of(taken)
    for pdf in (refused, taken):
        assert len(pypdfium2.PdfDocument(pdf)) <= 2
        assert fonts_of(pdf) == {"LiberationSerif", "LiberationSerif-Bold"} | (
            fonts_of(pdf) & {"LiberationSerif-Italic", "LiberationSerif-BoldItalic"}
        )


@pytest.mark.django_db
def test_a_long_list_goes_on_on_the_next_page_with_its_head() -> None:
    papers = [Paper(f"Tài liệu số {n}", n, "copy") for n in range(1, 61)]
    pdf = receipt(day_with(1), *papers)
    text = text_of(pdf)
    assert 2 <= len(pypdfium2.PdfDocument(pdf)) <= 4
    assert "Tàiliệusố60" in text
    assert text.count("Têntàiliệu") >= 2


def test_what_no_font_of_ours_has_becomes_a_box_and_marks_of_direction_go() -> None:
    assert printable("a\u202eb\u2066c\u200fd") == "abcd"
    assert printable("Chào 😀 世 \x07\ufffd") == f"Chào {STAND_IN} {STAND_IN} {STAND_IN}"
    assert printable("U\u031b\u0301") == "Ứ"
    assert printable("một\nhai") == "một\nhai"
    assert {ord(c) for c in "ăâđêôơưỹẵặỬ…–“”"} <= characters()


def test_a_paper_never_fails_on_what_was_typed_and_embeds_our_font_alone() -> None:
    facts = {
        "unit": "Phường 😀", "is_commune": True, "place": "世界", "time": "", "dated": "\u0600",
        "where": "\ue000", "receiver": "\u202e", "post": "", "giver": "עברית",
        "identity_number": "", "papers": [{"name": "\ufffd", "pages": 1, "condition": "क"}],
    }  # fmt: skip
    pdf = paper_pdf("receipt_of_papers", facts)
    assert all(name.startswith("LiberationSerif") for name in fonts_of(pdf))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (dt.date(2026, 3, 15), "ngày 15 tháng 3 năm 2026"),
    ],
)
def test_dates_are_written_as_the_decree_on_papers_writes_them(day: dt.date, words: str) -> None:
    with translation.override("vi"):
        assert date_words(day) == words
