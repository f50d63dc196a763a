"""Every kind is whole, and makes a paper whose words, number, date and font are right."""

import datetime as dt
import re

import pytest
from django.utils import translation

from accounts.roles import Permission
from common.glyphs import printable
from communes.models import Unit
from papers import facts
from papers.catalogue import KINDS
from papers.content import Content
from papers.documents import paper_file
from papers.heads import MARK_CASES, MARK_SEALED, number_shown
from papers.kinds import Form, PaperKind
from papers.models import Paper
from papers.services.issuing import book_mark
from papers.word import paper_word
from petitions.enums import Kind
from petitions.models import Case
from petitions.workflow import Status
from receptions.conclusion_papers import _number
from receptions.models import ConclusionNotice
from tests.papers.making import case_of
from tests.papers.test_word import texts_of
from tests.people import person_make
from tests.receptions.test_papers_pdf import HOSTILE, fonts_of, squeezed, text_of

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 12, 4, 3, tzinfo=dt.UTC)
LISTED = {
    "acceptance", "non_acceptance", "proposal", "guidance", "forwarding", "return", "supplement",
    "urging", "dialogue_invitation", "dialogue_minutes", "suspension", "termination", "resumption",
    "extension", "verification", "verification_report", "complaint_decision",
    "denunciation_conclusion", "reply", "result_notice", "denunciation_acceptance",
    "denunciation_accepted_notice", "denounced_content_notice", "denunciation_declined_notice",
    "opinion_acceptance", "opinion_declined_notice", "complexity_finding", "withdrawal_minutes",
    "referral", "second_decision", "reopening", "denunciation_forwarded_notice",
}  # fmt: skip
TURNED = "\u202esố 123\u202c"
KNOWN = {
    "code", "subject", "unit", "head", "law", "received", "assignee", "receiver", "petitioner",
    "sender", "address", "respondent", "proposal", "outcome", "ground", "blank",
    "known_as",
}  # fmt: skip


def of_kind(kind: PaperKind) -> Case:
    return case_of(min(kind.case_kinds))


def paper_as_issued(case: Case, kind: PaperKind) -> Paper:
    """Not saved: what the PDF is made of."""
    return Paper(
        case=case, kind=kind.code, unit=case.unit, number=5, year=2026, check_code="VB-00000-00000-00",
        shown_number=number_shown(5, kind.sign, case.unit, book_mark(case)), issued_at=AT,
        issued_by=person_make("chair"), drafted_by=person_make("handler"), state="issued",
    )  # fmt: skip


def test_the_kinds() -> None:
    assert set(KINDS) == LISTED
    for kind in KINDS.values():
        assert kind.title
        assert kind.legal
        assert kind.states <= set(Status)
        assert kind.case_kinds <= set(Kind.values)
        assert kind.drafter in (Permission.CASE_HANDLE, Permission.CASE_TRIAGE)
        assert kind.recipients or kind.form is Form.MINUTES
        assert bool(kind.signatures) == (kind.form is Form.MINUTES)
        assert bool(kind.grounds) == (kind.form is Form.DECISION)
        if kind.addressee:  # below "Kính gửi" (Decree 30/2020, annex I)
            assert kind.recipients.startswith("Như trên\n"), kind.code
            assert kind.addressee not in kind.recipients
        assert "{unit}" not in kind.recipients
        assert kind.form is Form.MINUTES or kind.recipients.endswith("Lưu: VT, hồ sơ vụ việc")
        texts = (kind.body, kind.addressee, kind.recipients, kind.grounds)
        asked = re.findall(r"{(\w+)}", " ".join([*texts, *(one.default for one in kind.fields)]))
        assert set(asked) <= KNOWN, kind.code
        assert len(f"paper-tc:{kind.sign}") <= Paper._meta.get_field("book").max_length


def test_no_two_books_of_a_unit_show_the_same_number() -> None:
    """Papers of cases, of denunciations, notices of receptions: one sign, three books."""
    wards = case_of().unit, Unit(code="BTCD", kind="city_body")
    signs = {kind.sign for kind in KINDS.values()}
    for unit in wards:
        books = [(sign, mark) for sign in signs for mark in (MARK_CASES, MARK_SEALED)]
        shown = [number_shown(12, sign, unit, mark) for sign, mark in books]
        notice = ConclusionNotice(number=12, is_party=False)
        shown.append(_number(notice, unit))
        # What an office gives from books of its own, and the portal gave before there were marks.
        shown += [f"12/{sign}-{'UBND' if unit.is_commune_level else unit.code}" for sign in signs]
        assert len(set(shown)) == len(shown) == 3 * len(signs) + 1


def test_no_dialogue_about_a_denunciation() -> None:
    for code in ("dialogue_invitation", "dialogue_minutes", "acceptance", "complaint_decision"):
        assert KINDS[code].case_kinds == {Kind.COMPLAINT.value}
    assert KINDS["denunciation_conclusion"].case_kinds == {Kind.DENUNCIATION.value}


@pytest.mark.parametrize("code", sorted(LISTED))
def test_hostile_words_in_every_field_of_every_kind(code: str) -> None:
    """As they are written, in our font, in the PDF and in the Word file; nothing runs, nothing is
    read from elsewhere."""
    kind = KINDS[code]
    case = of_kind(kind)
    # A sign that turns the direction of what follows must turn nothing.
    words = "\n\n".join([*HOSTILE, f"trước {TURNED} sau"])
    paper = paper_as_issued(case, kind)
    content = Content(
        about=HOSTILE[0], addressee=words, grounds=words, body=words, recipients=words,
        fields={one.name: words for one in kind.fields},
    )  # fmt: skip
    pdf = paper_file(paper, case, content)
    text = text_of(pdf)
    for line in "\n".join(HOSTILE).splitlines():
        assert squeezed(line.removeprefix("- ")) in text, line
    assert "root:" not in text
    assert squeezed("trước số 123 sau") in text.replace("\u202e", "").replace("\u202c", "")
    assert {font.partition("-")[0] for font in fonts_of(pdf)} == {"LiberationSerif"}
    typed = squeezed(" ".join(texts_of(paper_word(paper, case, content))))
    assert squeezed(HOSTILE[1]) in typed


@pytest.mark.parametrize("code", sorted(LISTED))
def test_every_kind_prints(code: str) -> None:
    kind = KINDS[code]
    case = of_kind(kind)
    with translation.override("en"):  # the reader's language is not the paper's
        begun = facts.content_begun(kind, case)
        pdf = paper_file(paper_as_issued(case, kind), case, begun)
    text = text_of(pdf)
    if kind.title == "Công văn":  # an official letter has no title (Decree 30/2020)
        assert squeezed(kind.about.replace("về việc", "V/v")) in text
        assert squeezed(kind.title.upper()) not in text
    else:
        assert squeezed(kind.title.upper()) in text
        assert squeezed(kind.about) in text
    sign = "" if kind.sign == "CV" else f"{kind.sign}-"
    assert squeezed(f"Số: 05/{sign}UBND-{book_mark(case)}") in text
    assert squeezed("ngày 04 tháng 12 năm 2026") in text
    assert squeezed("CHỦ TỊCH") in text
    assert "VB-00000-00000-00" in text
    is_named = not kind.hides_code(case) and kind.code != "dialogue_minutes"
    assert (squeezed(case.code) in text) is is_named
    assert "DỰTHẢO" not in text
    assert {name.partition("-")[0] for name in fonts_of(pdf)} == {"LiberationSerif"}
    assert b"pdfaid:part" in pdf


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("code", ["acceptance", "suspension", "dialogue_minutes"])
def test_hostile_text_prints_as_text(code: str, hostile: str) -> None:
    kind = KINDS[code]
    case = of_kind(kind)
    line = hostile.replace("\n", " ")
    body = f"{line}\n\n- {line}\n\n| {line.replace('|', '')} | b |\n| c | {line} |"
    content = Content(line, line, line, body, line, {one.name: line for one in kind.fields})
    text = text_of(paper_file(paper_as_issued(case, kind), case, content))
    times = 4 + len(kind.fields)
    assert text.count(squeezed(printable(line)).replace("\u200b", "")) >= times


def test_a_draft_says_so_and_has_no_code() -> None:
    kind = KINDS["proposal"]
    case = of_kind(kind)
    paper = Paper(case=case, kind=kind.code, drafted_by=person_make("handler"))
    text = text_of(paper_file(paper, case, Content(body="Nội dung")))
    assert "DỰTHẢO" in text
    assert squeezed("Số: ……") in text
    assert "Kiểmtravănbản" not in text
