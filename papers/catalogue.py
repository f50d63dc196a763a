"""Every kind of paper by its code."""

from papers.kinds import PaperKind, by_code
from papers.kinds_intake import INTAKE
from papers.kinds_work import WORK

KINDS: dict[str, PaperKind] = by_code((*INTAKE, *WORK))
