"""Every kind of paper by its code."""

from papers.kinds import PaperKind, by_code
from papers.kinds_denunciation import DENUNCIATIONS
from papers.kinds_intake import INTAKE
from papers.kinds_work import WORK

KINDS: dict[str, PaperKind] = by_code((*INTAKE, *DENUNCIATIONS, *WORK))


def kind_title(kind: PaperKind) -> str:
    """What a kind is called on screens: its printed title."""
    return f"{kind.title} {kind.about}".strip()
