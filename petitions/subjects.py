"""What a case is called where people read of it who may not read the letter."""

from common.text import clean, fold
from petitions.enums import Kind
from petitions.models import Case

SUBJECT_MAX = 300  # characters, as the column holds
NEUTRAL = "Tố cáo – lĩnh vực "


def subject_shown(kind: str, field_label: str, written: str) -> str:
    """The subject of a new case: what was written, of a denunciation its field alone.

    Words of a denouncer may give him away (Articles 47 and 56 of the Law on Denunciations): lists,
    search, exports and notices show them to nobody, whatever he may read in the letter.
    """
    return subject_neutral(field_label) if kind == Kind.DENUNCIATION else clean(written)


def subject_neutral(field_label: str) -> str:
    """What every denunciation of a field is called until a redacted copy of it is released."""
    return f"{NEUTRAL}{field_label}"[:SUBJECT_MAX]


def search_text_of(code: str, subject: str) -> str:
    """What the search of lists looks in: code and shown subject."""
    return fold(f"{code} {subject}")


def case_named(case: Case, subject: str) -> None:
    """Give a case this subject in memory; the caller saves it."""
    case.subject = subject[:SUBJECT_MAX]
    case.search_text = search_text_of(case.code, case.subject)
