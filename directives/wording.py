"""Words that are made from a directive's record."""

from common.text import fold

# What the actions of a document's history begin with.
RECORD_ACTION = "directives.directive."


def search_words(number: str, subject: str, summary: str, issuer: str) -> str:
    """What the register is searched in: folded, so that "dan van" finds "dân vận"."""
    return fold(f"{number} {subject} {summary} {issuer}")
