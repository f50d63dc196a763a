"""Papers of denunciations: nobody is named, their words lie under the seal of the letters."""

import pytest

from attachments.services import attachment_read
from common.errors import InvalidInput
from common.time import local_date
from papers.catalogue import KINDS
from papers.content import Content, content_read
from papers.documents import paper_file
from papers.facts import content_begun
from papers.models import READ, Paper, PaperEvent
from papers.selectors import paper_events
from papers.services import _step
from papers.services.issuing import paper_issue, paper_void
from papers.services.writing import paper_read, paper_return, paper_submit
from papers.word import paper_word
from petitions.enums import Kind
from tests.papers.making import case_of, drafted, issued, proposed, step, submitted, written
from tests.papers.test_word import texts_of
from tests.people import PERSON, Story, access_make, person_make
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
TOLD = ["Vũ Thị Thử Nghiệm", "001099012345", "0912345678", "Số 5, ngõ 12, phố Tưởng Tượng"]
LETTER = "thửa đất số 12"


def test_no_kind_takes_anything_of_who_denounced() -> None:
    case = case_of("denunciation")
    for kind in KINDS.values():
        if Kind.DENUNCIATION.value not in kind.case_kinds:
            continue
        begun = str(content_begun(kind, case).every_text())
        assert not [word for word in (*TOLD, LETTER) if word in begun], kind.code


def test_the_code_of_the_receipt_stands_on_notices_to_the_denouncer_alone() -> None:
    """Whoever saw it on somebody's telephone would know who denounced; file and Word file too."""
    case = proposed("denunciation")
    named = set()
    for kind in KINDS.values():
        if not kind.suits(case):
            continue
        paper = Paper(case=case, kind=kind.code, drafted_by=person_make("handler"))
        begun = content_begun(kind, case)
        if case.code in str(begun.every_text()):
            named.add(kind.code)
        is_printed = squeezed(case.code) in text_of(paper_file(paper, case, begun))
        is_typed = squeezed(case.code) in squeezed(
            " ".join(texts_of(paper_word(paper, case, begun)))
        )
        assert is_printed == is_typed == (kind.code in named), kind.code
    assert named == {"denunciation_accepted_notice", "denunciation_declined_notice",
                     "denunciation_forwarded_notice", "supplement", "result_notice"}  # fmt: skip


def test_a_denunciation_goes_by_the_decision_that_accepted_it() -> None:
    case = proposed("denunciation")
    kind = KINDS["denounced_content_notice"]
    assert "thụ lý tố cáo." in content_begun(kind, case).body
    decision = issued(case, "denunciation_acceptance")
    assert decision.issued_at is not None
    on = f"ngày {local_date(decision.issued_at):%d/%m/%Y}"
    known = f"theo Quyết định thụ lý tố cáo số {decision.shown_number} {on}."
    assert known in content_begun(kind, case).body
    Story(case).do("chair", "accept", paper=str(decision.public_id))
    step(paper_void, decision, reason="Sai họ tên.")
    assert known in content_begun(kind, case).body


def test_the_code_is_refused_where_others_may_read_it() -> None:
    case = proposed("denunciation")
    words = f"Đề xuất thụ lý, hồ sơ {case.code.lower()}."
    with pytest.raises(InvalidInput) as refused:
        submitted(case, body=words)
    assert set(refused.value.fields) == {"body"}
    assert submitted(case, "denunciation_declined_notice", body=words).state == "submitted"
    assert submitted(proposed(), body=words).state == "submitted"


@pytest.mark.parametrize("word", TOLD)
@pytest.mark.parametrize("field", ["body", "addressee", "recipients", "about"])
def test_whoever_writes_the_name_is_refused(word: str, field: str) -> None:
    paper = drafted(case_of("denunciation"))
    with pytest.raises(InvalidInput) as refused:
        written(paper, **{field: f"Theo đơn của {word.upper()}."})
    assert set(refused.value.fields) == {field}
    assert word not in str(refused.value.fields)


def test_whoever_may_not_read_the_letters_cannot_try_names() -> None:
    """A refusal would tell a name that was guessed; the head's issue is what refuses it."""
    paper = drafted(proposed("denunciation"), "proposal", "handler")
    for words in (PERSON["full_name"], "Không tên nào"):
        paper = written(paper, "handler", body=f"Đơn của {words}.")
    paper = written(paper, "handler", body=f"Đơn của {PERSON['full_name']}.")
    step(paper_submit, paper, "handler")
    with pytest.raises(InvalidInput):
        step(paper_issue, paper)
    assert Paper.objects.get(pk=paper.pk).number is None


def test_the_own_draft_is_read_until_somebody_else_writes_there() -> None:
    case = proposed("denunciation")
    paper = written(drafted(case, "proposal", "handler"), "chair", body="Ý kiến của Chủ tịch.")
    assert paper_read(access=access_make("handler"), case=case, paper=paper) is None


def test_reasons_name_nobody_either() -> None:
    case = case_of("denunciation")
    with pytest.raises(InvalidInput):
        step(paper_return, submitted(case), reason=PERSON["full_name"])
    with pytest.raises(InvalidInput):
        step(paper_void, issued(case), reason=PERSON["full_name"])


def test_words_are_compared_again_when_it_is_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of("denunciation")
    with monkeypatch.context() as patch:
        patch.setattr(_step, "betrayed", lambda case, texts: [])
        paper = submitted(case, body=f"Đơn của {PERSON['full_name']}.")
    with pytest.raises(InvalidInput):
        step(paper_issue, paper)
    assert Paper.objects.get(pk=paper.pk).number is None


def test_the_issued_file_names_nobody() -> None:
    paper = issued(case_of("denunciation"))
    text = text_of(attachment_read(paper.file))
    assert not [word for word in TOLD if squeezed(word) in text]
    assert paper.file.name == "01-ĐX-UBND-VV.pdf"


def test_words_are_read_where_letters_are_and_the_reading_is_recorded() -> None:
    case = proposed("denunciation")
    paper = Paper.objects.get(pk=issued(case).pk)
    for who in ("clerk", "chair"):
        assert isinstance(paper_read(access=access_make(who), case=case, paper=paper), Content)
        paper_read(access=access_make(who), case=case, paper=paper)
    read = PaperEvent.objects.filter(paper=paper, action=READ)
    assert {event.actor.username for event in read} == {"clerk", "chair"}
    assert paper_read(access=access_make("handler"), case=case, paper=paper) is None
    assert read.count() == 2
    # Who looked is shown to whoever decides in the unit.
    assert paper_events(access_make("chair"), case, paper).filter(action=READ).count() == 2
    assert not paper_events(access_make("handler"), case, paper).filter(action=READ).exists()


def test_the_handler_reads_and_writes_the_own_draft_alone() -> None:
    case = proposed("denunciation")
    paper = drafted(case, "proposal", "handler")
    assert content_read(written(paper, "handler", body="Đề xuất.")).body == "Đề xuất."
    other = drafted(case)
    assert paper_read(access=access_make("handler"), case=case, paper=other) is None


def test_pages_of_a_sealed_paper(client: StrictClient) -> None:
    case = proposed("denunciation")
    paper = issued(case, body="Chuyện kín đáo.")
    base = f"/can-bo/vu-viec/{case.code}/van-ban/"
    client.force_login(person_make("handler"))
    page = client.get(f"{base}{paper.public_id}/").content.decode()
    assert "Chuyện kín đáo" not in page
    assert "01/ĐX-UBND-VV" in page
    assert client.get(f"{base}{paper.public_id}/tep/").status_code == 403
    assert (
        client.get(f"/api/v1/cases/{case.code}/papers/{paper.public_id}/").json()["content"] is None
    )
    assert (
        client.get(f"/api/v1/cases/{case.code}/papers/{paper.public_id}/file/").status_code == 403
    )
    for who in ("secretary", "other_chair", "front", "admin"):
        client.force_login(person_make(who))
        for path in ("", f"{paper.public_id}/", f"{paper.public_id}/tep/"):
            assert client.get(base + path).status_code == 404, (who, path)
