"""A denunciation with files, and the steps of its redacted copy."""

import io
from typing import Any

from attachments.services import attachment_store
from petitions.models import Case, Letter, RedactedCopy
from petitions.redaction_rules import Span
from petitions.selectors_redaction import draft_of, files_of, fingerprint, originals_of
from petitions.services.intake import petition_file
from petitions.services.redaction import (
    redaction_file_decide,
    redaction_start,
    redaction_text_save,
)
from petitions.services.redaction_release import redaction_release
from tests.attachments.papers import pdf, photo
from tests.people import WARD, Story, access_make, filing_make, person_make

NAME, PHONE = "Vũ Thị Bí Mật", "0987654321"
SUBJECT = f"Tố cáo của {NAME} về thu tiền sai"
CONTENT = (
    f"Tôi là {NAME}, trú tại số nhà 7, ngõ 9, phố Giả Tưởng, điện thoại {PHONE}.\n"
    "Ông Đặng Văn Thử thu 5 triệu đồng không có biên lai ngày 3/4/2026."
)
ACCUSED = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}


def denunciation(*files: tuple[bytes, str], **changes: Any) -> Story:
    """A denunciation at the ward with these files, received and given to the handler; one
    without a name stays where it came in."""
    ids = [
        str(attachment_store(stream=io.BytesIO(data), name=name).public_id) for data, name in files
    ]
    person = {"full_name": NAME, "phone": PHONE, "address": "Số 7", "representative": True}
    values: dict[str, Any] = {
        "kind": "denunciation",
        "field": "corruption",
        "subject": SUBJECT,
        "content": CONTENT,
        "request": "Đề nghị xác minh.",
        "petitioners": [person],
        "respondent": ACCUSED,
        "attachments": ids,
        "unit": WARD,
    }
    filing = filing_make(**values | changes)
    tale = Story(petition_file(filing=filing))
    if not filing.petitioners:
        return tale
    tale.do("clerk", "receive", is_signed=True)
    tale.do("clerk", "assign", assignee=person_make("handler").username)
    return tale


def papers() -> list[tuple[bytes, str]]:
    """A scanned letter and a photo, with names that tell."""
    return [(pdf("Vu Thi Bi Mat", "Trang hai"), "don vu thi bi mat.pdf"), (photo(), "anh mat.jpg")]


def letter_of(case: Case) -> Letter:
    return Letter.objects.get(code=case.code)


def at(case: Case, who: str = "clerk") -> dict[str, Any]:
    """The arguments that every service of a copy takes."""
    return {"access": access_make(who), "code": case.code, "letter_code": case.code}


def started(case: Case, who: str = "clerk") -> RedactedCopy:
    return redaction_start(**at(case, who))


def decided(case: Case, decision: str = "given") -> RedactedCopy:
    """A draft in which every file is decided."""
    draft = started(case)
    for file in originals_of(letter_of(case)):
        redaction_file_decide(
            **at(case), public_id=file.public_id, decision=decision, reason="Không che được."
        )
    return draft


def seen_of(case: Case) -> str:
    draft = draft_of(letter_of(case))
    assert draft is not None
    return fingerprint(draft, files_of(draft))


def revision(case: Case) -> int:
    """Of the draft, as a page that is opened now has it."""
    draft = draft_of(letter_of(case))
    assert draft is not None
    return draft.revision


def cover_name(case: Case) -> None:
    """Cover the name in the texts, beside what is covered already."""
    draft = draft_of(letter_of(case))
    assert draft is not None
    kept = {name: [Span(*one) for one in places] for name, places in draft.spans.items()}
    redaction_text_save(
        **at(case), revision=draft.revision, spans=kept, phrases=f"{NAME.lower()}\n\nKhông có"
    )


def released(case: Case, who: str = "clerk", words: str = PHONE) -> RedactedCopy:
    """The draft with the name covered, released."""
    cover_name(case)
    return redaction_release(**at(case, who), seen=seen_of(case), words=words, is_confirmed=True)
