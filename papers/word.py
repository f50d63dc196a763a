"""A paper as a Word file, for offices that work on it there; what counts is the issued PDF.

``templates/papers/case_paper.docx`` is ours (``scripts/paper_template.py``) and filled in a sandbox;
what people wrote is a value of it, never a part: it prints as text.
"""

import io
import re
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from common.papers import ROOT
from common.time import now
from papers.content import Content
from papers.documents import facts_of, joined
from papers.models import Paper
from papers.notation import Block
from petitions.models import Case

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = ROOT / "case_paper.docx"
NOT_THE_PAPER = "BẢN WORD ĐỂ LÀM VIỆC, KHÔNG THAY VĂN BẢN ĐÃ BAN HÀNH"
_AS_THEY_ARE = ("form_number", "subject", "number", "dated", "signer", "approver")
# What XML cannot hold, and tabs and line ends that docxtpl would turn into marks of its own
_UNHELD = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _verbatim(value: object) -> Markup:
    """Exactly these letters: docxtpl would turn ``{_{`` into ``{{``."""
    text = str(escape(_UNHELD.sub(" ", str(value))))
    return Markup(text.replace("_", "&#95;"))  # noqa: S704 - escaped above


_SANDBOX = ImmutableSandboxedEnvironment(
    autoescape=True, undefined=StrictUndefined, finalize=_verbatim
)


def paper_word(paper: Paper, case: Case, content: Content) -> bytes:
    """The paper as ``paper_file`` prints it, marked as no issued paper; the properties of the file
    name nobody. ``case`` has its unit; at most three queries."""
    template = DocxTemplate(TEMPLATE)
    template.render(_words(facts_of(paper, case, content)), _SANDBOX, autoescape=True)
    core = template.core_properties
    core.created = core.modified = now()
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def word_name(paper: Paper) -> str:
    """The name of the file: the number, and of a draft that it is one."""
    stem = paper.shown_number.replace("/", "-") if paper.is_issued else "du-thao"
    return f"{stem}.docx"


def _words(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as the lines that the template sets."""
    grounds = [line.strip(" .;") for line in facts["grounds"].split("\n") if line.strip()]
    is_decision = facts["form"] == "decision"
    return {
        **{name: facts[name] for name in _AS_THEY_ARE},
        **{name: facts[name].upper() for name in ("parent", "issuer")},
        # An official letter has a subject instead of a title.
        "title": "" if facts["subject"] else facts["title"].upper(),
        "about": "" if facts["subject"] else facts["about"],
        "mark": facts["mark"] or NOT_THE_PAPER,
        "by_hand": bool(facts["mark"]),  # a draft: signed there, not above a printed name
        "authority": facts["authority"].upper() if is_decision else "",
        "grounds": _ended(grounds) if is_decision else [],
        "addressee": "" if is_decision else joined(facts["addressee"]),
        "lines": facts["lines"],
        "findings": [_block(block) for block in facts["findings"]],
        "blocks": [_block(block) for block in facts["blocks"]],
        "signatures": [who.upper() for who in facts["signatures"]],
        "recipients": _ended([f"- {name}" for name in facts["recipients"]]),
        "signing": [line.upper() for line in facts["signing"]],
        "opinion": [line.upper() for line in facts["opinion"]],
    }


def _block(block: Block) -> dict[str, Any]:
    head, *rows = block.get("rows", [[]])
    return {
        "lines": block.get("lines", []),
        "entries": block.get("entries", []),
        "head": head,
        "rows": rows,
    }


def _ended(lines: list[str]) -> list[str]:
    """Lines that end with a semicolon, the last with a full stop."""
    last = len(lines) - 1
    return [f"{line}{'.' if index == last else ';'}" for index, line in enumerate(lines)]
