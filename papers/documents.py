"""A paper as PDF, in Vietnamese whoever asks."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from common.papers import paper_pdf
from common.time import local_date, now
from communes.models import Unit
from papers.catalogue import KINDS
from papers.content import Content
from papers.facts import field_shown
from papers.heads import (
    PAPER_LANGUAGE,
    dated,
    head_post,
    issuer_of,
    own_post,
    parent_of,
    signing_of,
)
from papers.kinds import AS_ABOVE, Form, PaperKind, Signer
from papers.marks import mark_of
from papers.models import Paper
from papers.notation import articles_split, blocks_of, paragraph
from petitions.models import Case

DRAFT = "DỰ THẢO"
OFFICIAL_LETTER = "Công văn"


def paper_file(paper: Paper, case: Case, content: Content) -> bytes:
    """The PDF of a paper: with number, date and QR when it has them, else marked as a draft.

    ``case`` has its unit; at most three queries.
    """
    return paper_pdf("case_paper", facts_of(paper, case, content))


def facts_of(paper: Paper, case: Case, content: Content) -> dict[str, Any]:
    """Everything that stands on a paper, in Vietnamese; ``mark`` is empty once it is issued."""
    with translation.override(PAPER_LANGUAGE):
        return _facts(paper, case, content)


def _facts(paper: Paper, case: Case, content: Content) -> dict[str, Any]:
    kind, unit = KINDS[paper.kind], paper.unit or case.unit
    on = local_date(paper.issued_at) if paper.issued_at else None
    return {
        "form": kind.form.value,
        "form_number": kind.number_of_form,
        "title": kind.title,
        "about": content.about,
        "subject": _subject(kind, content),
        "parent": parent_of(unit),
        "issuer": issuer_of(unit),
        "authority": f"{head_post(unit)} {issuer_of(unit)}",
        "number": paper.shown_number or "……",
        "dated": dated(unit, on),
        "addressee": content.addressee,
        "grounds": content.grounds,
        **_text(kind, paper, content),
        "recipients": _lines(content.recipients) or ["Lưu: hồ sơ vụ việc"],
        "signatures": list(kind.signatures),
        **_signed(kind, paper, unit),
        "mark": "" if paper.is_issued else DRAFT,
        **mark_of(paper.check_code).facts,
    }


def _subject(kind: PaperKind, content: Content) -> str:
    """An official letter has no title: what it is about stands below its number (Decree 30/2020,
    annex I)."""
    if kind.title != OFFICIAL_LETTER:
        return ""
    return content.about.removeprefix("về việc ").removeprefix("Về việc ")


def _text(kind: PaperKind, paper: Paper, content: Content) -> dict[str, list[Any]]:
    """``findings`` stand above "QUYẾT ĐỊNH:" of a decision, ``lines`` (the fields of the kind, what
    it replaces) above ``blocks``. A decision says them as its articles do: fields below the first
    line of Article 1, what it replaces at the end."""
    told = [
        (one.label, joined(field_shown(one, content.fields.get(one.name, ""))))
        for one in kind.fields
    ]
    lines, old = [f"{label}: {text}" for label, text in told if text], _replaced(paper)
    blocks = blocks_of(content.body)
    if kind.form is not Form.DECISION:
        return {"findings": [], "lines": lines + old, "blocks": blocks}
    findings, articles = articles_split(blocks)
    end = [paragraph(old)] if old else []
    if not articles:
        return {"findings": [], "lines": lines, "blocks": blocks + end}
    first, *rest = articles[0]["lines"]
    opening = paragraph([first, *lines, *rest])
    return {"findings": findings, "lines": [], "blocks": [opening, *articles[1:], *end]}


def joined(text: str) -> str:
    """The lines of a text in one."""
    return "; ".join(line.strip() for line in text.split("\n") if line.strip())


def _signed(kind: PaperKind, paper: Paper, unit: Unit) -> dict[str, Any]:
    """Who signs; below an officer's own work there is room for the opinion of whoever decides."""
    head = {
        "signing": _signing(paper),
        "signer": paper.issued_by.full_name if paper.issued_by else "",
    }
    if kind.signer is Signer.HEAD:
        return head | {"opinion": [], "approver": ""}
    on = local_date(paper.issued_at or now())
    return {
        "signing": own_post(unit, paper.drafted_by_id, on),
        "signer": paper.drafted_by.full_name,
        "opinion": head["signing"],
        "approver": head["signer"],
    }


def _signing(paper: Paper) -> Sequence[str]:
    if paper.unit is None or paper.issued_by_id is None:
        return [head_post(paper.case.unit)]
    return signing_of(paper.unit, paper.issued_by_id, local_date(paper.issued_at or now()))


def _replaced(paper: Paper) -> list[str]:
    old = paper.replaces
    if old is None or old.issued_at is None:
        return []
    on = f"{local_date(old.issued_at):%d/%m/%Y}"
    return [f"Văn bản này thay thế văn bản số {old.shown_number} ngày {on}."]


def recipients_of(content: Content) -> list[str]:
    """To whom a paper goes, with the addressee where the paper says "as above"."""
    found = (
        _lines(content.addressee) if line == AS_ABOVE else [line]
        for line in _lines(content.recipients)
    )
    return [line for lines in found for line in lines]


def _lines(text: str) -> list[str]:
    lines = (line.strip(" -;.") for line in text.splitlines())
    return [line for line in lines if line]
