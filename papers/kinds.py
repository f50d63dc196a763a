"""What a kind of paper is, as data: one declaration a kind (``papers/kinds_*.py``).

Titles and prefilled words are printed, hence Vietnamese; labels of fields are translated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.roles import Permission
from common.errors import Text
from petitions.enums import Kind
from petitions.models import Case
from petitions.workflow import Action, Status


class Form(StrEnum):
    """How the shared layout sets a paper."""

    LETTER = "letter"  # addressee, text, signature
    DECISION = "decision"  # grounds, "QUYẾT ĐỊNH:", articles
    MINUTES = "minutes"  # who was there, text, signatures of both sides


class Signer(StrEnum):
    """Whose name stands below a paper."""

    HEAD = "head"  # whoever issues it
    DRAFTER = "drafter"  # who wrote it; the head writes an opinion in a box below


@dataclass(frozen=True)
class Field:
    """What is asked for beside the text; printed as a line ``label: value`` above it. ``default``
    is filled with facts of the case (``papers.facts``). ``is_date``: a day, kept as ISO 8601, not
    before that of the issue."""

    name: str
    label: Text
    is_required: bool = True
    default: str = ""
    rows: int = 0  # a text area of so many lines
    is_date: bool = False


@dataclass(frozen=True)
class PaperKind:
    """``legal``: form and article, as screens show it; ``is_doubtful``: the official form was not
    seen. ``sign``: the abbreviation of its kind in the number, and the name of its book.

    ``instance`` of the complaint, 0 for any. ``signatures``: who signs minutes beside the unit.

    ``drafter``: who writes it, beside whoever decides in the unit, who alone issues it: also what
    an officer signs as the own work (``signer``), since number and date follow the head's assent.
    ``steps`` of the workflow are carried by it: they take its number and date, or it is written
    beside them. ``addressee``, ``body``, ``recipients`` and ``grounds`` are filled with facts of the
    case; the code of a case is ``{known_as}`` wherever such a paper of a denunciation may go to
    others than the denouncer (``papers.facts``).
    """

    code: str
    title: str
    about: str
    legal: str
    sign: str
    case_kinds: frozenset[str]
    states: frozenset[Status]
    body: str
    is_doubtful: bool = False
    number_of_form: str = ""
    form: Form = Form.LETTER
    drafter: Permission = Permission.CASE_HANDLE
    signer: Signer = Signer.HEAD
    addressee: str = ""
    grounds: str = ""
    recipients: str = ""
    fields: tuple[Field, ...] = ()
    steps: tuple[Action, ...] = ()
    instance: int = 0
    signatures: tuple[str, ...] = ()

    def suits(self, case: Case) -> bool:
        """Whether cases of this kind and instance have such papers at all."""
        return case.kind in self.case_kinds and self.instance in (0, case.instance)

    def hides_code(self, case: Case) -> bool:
        """Whether others than the denouncer may get such a paper of this case, so that no code of
        it stands there."""
        return case.is_denunciation and self.addressee != "{petitioner}"

    @property
    def needed(self) -> frozenset[str]:
        """Names of the texts without which it is not submitted."""
        own = {one.name for one in self.fields if one.is_required}
        held = {"about": self.about, "addressee": self.addressee}
        return frozenset({"body", *own, *(name for name, words in held.items() if words)})


COMPLAINT, DENUNCIATION = frozenset({Kind.COMPLAINT.value}), frozenset({Kind.DENUNCIATION.value})
OPINIONS = frozenset({Kind.RECOMMENDATION.value, Kind.FEEDBACK.value})
ANY_KIND = COMPLAINT | DENUNCIATION | OPINIONS
A, S = Action, Status
BEFORE_HEAD = frozenset({S.RECEIVED, S.AWAITING_SUPPLEMENT, S.CLASSIFYING, S.PROPOSED})
IN_WORK = frozenset({S.ACCEPTED, S.VERIFYING, S.DIALOGUE, S.OUTCOME_DRAFTED})
RESULT = frozenset({S.OUTCOME_DRAFTED, S.DECIDED, S.NOTIFIED})
AFTER_RESULT = frozenset(
    {S.DECIDED, S.NOTIFIED, S.PUBLISHED, S.IN_FORCE, S.ACTING_ON_CONCLUSION, S.AWAITING_RECEIVER}
)
# Recipients that most papers share: the last line is the archive's.
TO_FILE = "Lưu: VT, hồ sơ vụ việc"
AS_ABOVE = "Như trên"  # who stands below "Kính gửi" (Decree 30/2020, annex I)
TO_ADDRESSEE = f"{AS_ABOVE}\n{TO_FILE}"
TO_PETITIONER = f"{{petitioner}}\n{TO_FILE}"
COMPLAINT_DECREE = (
    "Nghị định số 124/2020/NĐ-CP (được sửa đổi, bổ sung bởi Nghị định số 155/2026/NĐ-CP)"
)
DENUNCIATION_DECREE = (
    "Nghị định số 31/2019/NĐ-CP (được sửa đổi, bổ sung bởi Nghị định số 156/2026/NĐ-CP)"
)
COMPLAINT_LAW = "Luật Khiếu nại số 02/2011/QH13 (được sửa đổi, bổ sung bởi Luật số 136/2025/QH15)"
DENUNCIATION_LAW = "Luật Tố cáo số 25/2018/QH14 (được sửa đổi, bổ sung bởi Luật số 136/2025/QH15)"
LETTERS_CIRCULAR = "Thông tư số 05/2021/TT-TTCP"


def by_code(kinds: Iterable[PaperKind]) -> dict[str, PaperKind]:
    """The kinds under their codes, in their order."""
    return {kind.code: kind for kind in kinds}
