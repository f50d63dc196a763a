"""How a file can be covered here: as pictures of its pages, as text, or not at all. Pure."""

from attachments.office import EXCEL, WORD, office_text
from attachments.pages import WITH_PAGES

TEXT = "text/plain"
WITH_TEXT = frozenset({TEXT, WORD, EXCEL})


def shown_as(content_type: str) -> str:
    """``pages``, ``text`` or "" (HEIC, sound and film)."""
    if content_type in WITH_PAGES:
        return "pages"
    return "text" if content_type in WITH_TEXT else ""


def text_of(data: bytes, content_type: str) -> str:
    """The text that is covered, with line feeds only. Raises OfficeError."""
    if content_type == TEXT:
        text = data.decode("utf-8-sig", errors="replace")
    else:
        text = office_text(data, content_type)
    return text.replace("\r\n", "\n").replace("\r", "\n")
