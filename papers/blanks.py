"""Papers that citizens write and sign themselves, printed with what the case says: they carry no
number and nothing of them is kept. A signed one is a paper of the file like any other.

Titles and words are printed, hence Vietnamese.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation

from common.papers import paper_pdf
from papers.facts import facts_known
from papers.heads import PAPER_LANGUAGE, place_of
from papers.kinds import (
    COMPLAINT,
    COMPLAINT_DECREE,
    COMPLAINT_LAW,
    DENUNCIATION,
    DENUNCIATION_DECREE,
    DENUNCIATION_LAW,
    OPINIONS,
)
from petitions.models import Case


@dataclass(frozen=True)
class Blank:
    """``pairs`` of label and words, ``addressee`` and ``body`` are filled with facts of the case;
    what it does not say becomes dots to write on. ``signatures``: who signs."""

    code: str
    title: str
    legal: str
    case_kinds: frozenset[str]
    pairs: tuple[tuple[str, str], ...]
    body: tuple[str, ...]
    signatures: tuple[str, ...]
    number_of_form: str = ""
    addressee: str = "{head} {unit}"
    is_doubtful: bool = False


_PERSON = (
    ("Họ và tên", "{full_name}"),
    ("Số căn cước/hộ chiếu, ngày cấp, nơi cấp", ""),
    ("Địa chỉ", "{address}"),
)
# Of a denunciation the portal writes no name: the denouncer does.
_UNNAMED = (("Họ và tên", ""), ("Địa chỉ", ""), ("Điện thoại", ""))
_WITHDRAWN = (
    "Nội dung đơn: {subject}.",
    "Tôi xin rút toàn bộ (một phần) nội dung sau đây: {blank}",
    "Lý do: {blank}",
    "Việc rút đơn là tự nguyện, không bị đe dọa, cưỡng ép hay mua chuộc.",
)
_SENT = (("Vụ việc có mã hồ sơ", "{code}"), ("Tiếp nhận ngày", "{received}"))

BLANKS: dict[str, Blank] = {
    blank.code: blank
    for blank in (
        Blank(
            code="rut-khieu-nai",
            title="Đơn rút khiếu nại",
            legal=f"Điều 10 {COMPLAINT_LAW}",
            case_kinds=COMPLAINT,
            pairs=(*_PERSON, *_SENT),
            body=_WITHDRAWN,
            signatures=("Người rút khiếu nại",),
            is_doubtful=True,
        ),
        Blank(
            code="rut-to-cao",
            title="Đơn rút tố cáo",
            legal=f"Mẫu số 02, {DENUNCIATION_DECREE}; Điều 33 {DENUNCIATION_LAW}",
            number_of_form="Mẫu số 02",
            case_kinds=DENUNCIATION,
            pairs=(*_UNNAMED, *_SENT),
            body=_WITHDRAWN[1:],
            signatures=("Người rút tố cáo",),
            is_doubtful=True,
        ),
        Blank(
            code="rut-kien-nghi",
            title="Đơn rút kiến nghị, phản ánh",
            legal="Luật Tiếp công dân số 42/2013/QH13",
            case_kinds=OPINIONS,
            pairs=(*_PERSON, *_SENT),
            body=_WITHDRAWN,
            signatures=("Người rút đơn",),
            is_doubtful=True,
        ),
        Blank(
            code="uy-quyen-khieu-nai",
            title="Giấy ủy quyền khiếu nại",
            legal=f"Mẫu số 02, {COMPLAINT_DECREE}; Điều 12 {COMPLAINT_LAW}",
            number_of_form="Mẫu số 02",
            case_kinds=COMPLAINT,
            addressee="",
            pairs=(
                ("Người ủy quyền", "{full_name}"),
                ("Số căn cước/hộ chiếu, ngày cấp, nơi cấp", ""),
                ("Địa chỉ", "{address}"),
                ("Người được ủy quyền", ""),
                ("Số căn cước/hộ chiếu, ngày cấp, nơi cấp", ""),
                ("Địa chỉ", ""),
                *_SENT,
            ),
            body=(
                "Nội dung khiếu nại: {subject}.",
                "Nội dung ủy quyền: {blank}",
                "Thời hạn ủy quyền: {blank}",
                "Xác nhận của công chứng hoặc chứng thực: {blank}",
            ),
            signatures=("Người được ủy quyền", "Người ủy quyền"),
        ),
    )
}


def blanks_for(case: Case) -> list[Blank]:
    """Those that people of such a case may have to write."""
    return [blank for blank in BLANKS.values() if case.kind in blank.case_kinds]


def blank_file(blank: Blank, case: Case) -> bytes:
    """The PDF to be signed, with the facts of the case. Six queries."""
    with translation.override(PAPER_LANGUAGE):
        return paper_pdf("citizen_paper", _facts(blank, case, facts_known(case)))


def _facts(blank: Blank, case: Case, known: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": blank.title,
        "form_number": blank.number_of_form,
        "place": place_of(case.unit),
        "addressee": blank.addressee.format_map(known),
        "pairs": [(label, words.format_map(known)) for label, words in blank.pairs],
        "body": [line.format_map(known) for line in blank.body],
        "signatures": list(blank.signatures),
    }
