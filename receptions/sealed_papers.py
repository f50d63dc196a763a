"""Papers of a visit that went under seal: who reads the originals, and what everybody else reads of
the names of those taken."""

from collections.abc import Iterable

from accounts.access import Access
from common.text import clean
from receptions.models import VisitPaper, VisitRecord
from receptions.policies import can_read_words
from receptions.sealing import knows

# Of a paper's name its kind alone stays: the rest may name whom it is about. Longer ones first.
_PAPERS = (
    "giấy chứng nhận", "bản án", "bản đồ", "bản sao", "biên bản", "biên lai", "báo cáo",
    "công văn", "hình ảnh", "hóa đơn", "hợp đồng", "kết luận", "quyết định", "sơ đồ", "thông báo",
    "tờ trình", "văn bản", "ảnh", "đơn", "giấy",
)  # fmt: skip
_ANY_PAPER = "Tài liệu"


def originals_covered(access: Access, visit: VisitRecord | None) -> bool:
    """Whether the person reads covers in the place of what was made before the visit went under
    seal. Beside the visitor's name the originals are for whoever sees the denunciations of the
    unit, and the case once there is one (Articles 47 to 49 of the Law on Denunciations). The caller
    has joined session and case."""
    if visit is None or visit.sealed_at is None:
        return False
    unit_id = visit.registration.session.unit_id
    return not (can_read_words(access, unit_id) and knows(access, visit))


def paper_kind(name: str) -> str:
    """The kind of a paper, as its name begins; "Tài liệu" where it begins with none."""
    words = f"{clean(name).lower()} "
    return next((kind.capitalize() for kind in _PAPERS if words.startswith(f"{kind} ")), _ANY_PAPER)


def lines_covered(lines: Iterable[VisitPaper]) -> list[VisitPaper]:
    """The lines of a receipt with kinds in the place of names; not to be saved."""
    found = list(lines)
    for line in found:
        line.name = paper_kind(line.name)
    return found
