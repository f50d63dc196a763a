"""The words of a paper: sealed beside it, opened for whoever may read them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from common.crypto import seal, unseal
from common.text import clean
from papers.models import Paper

TEXTS = ("about", "addressee", "grounds", "body", "recipients")


@dataclass(frozen=True)
class Content:
    """What was written. ``fields``: the kind's own, by name; ``returned``: why the head gave the
    draft back, read by whoever reads the paper."""

    about: str = ""
    addressee: str = ""
    grounds: str = ""
    body: str = ""
    recipients: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    returned: str = ""

    def cleaned(self) -> "Content":
        """The same in NFC without stray spaces, of strings alone."""
        texts = {name: clean(getattr(self, name)) for name in (*TEXTS, "returned")}
        return Content(**texts, fields={key: clean(value) for key, value in self.fields.items()})

    def every_text(self) -> dict[str, str]:
        """All that was written, by name of the field."""
        return {name: getattr(self, name) for name in (*TEXTS, "returned")} | dict(self.fields)


def content_read(paper: Paper) -> Content:
    """The words of a paper; callers have checked the right."""
    return Content(**unseal(paper.key_version, paper.box, context=paper.context))


def content_write(paper: Paper, content: Content) -> None:
    """Seal the words into the paper in memory; the caller saves it."""
    held: dict[str, Any] = asdict(content)
    paper.key_version, paper.box = seal(held, context=paper.context)
