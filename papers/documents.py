"""A paper as PDF, in Vietnamese whoever asks."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from common.papers import paper_pdf
from common.time import local_date, now
from papers.catalogue import KINDS
from papers.content import Content
from papers.heads import (
    PAPER_LANGUAGE,
    dated,
    head_post,
    issuer_of,
    parent_of,
    signing_of,
)
from papers.marks import mark_of
from papers.models import Paper
from papers.notation import blocks_of
from petitions.models import Case

DRAFT = "DỰ THẢO"


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
        "parent": parent_of(unit),
        "issuer": issuer_of(unit),
        "authority": f"{head_post(unit)} {issuer_of(unit)}",
        "number": paper.shown_number or "……",
        "dated": dated(unit, on),
        "addressee": content.addressee,
        "grounds": content.grounds,
        "pairs": [(str(one.label), content.fields.get(one.name, "")) for one in kind.fields],
        "blocks": blocks_of(content.body),
        "recipients": _lines(content.recipients) or ["Lưu: hồ sơ vụ việc"],
        "signatures": list(kind.signatures),
        "signing": _signing(paper),
        "signer": paper.issued_by.full_name if paper.issued_by else "",
        "mark": "" if paper.is_issued else DRAFT,
        **mark_of(paper.check_code).facts,
        **_replaced(paper),
    }


def _signing(paper: Paper) -> Sequence[str]:
    if paper.unit is None or paper.issued_by_id is None:
        return [head_post(paper.case.unit)]
    return signing_of(paper.unit, paper.issued_by_id, local_date(paper.issued_at or now()))


def _replaced(paper: Paper) -> dict[str, str]:
    old = paper.replaces
    if old is None or old.issued_at is None:
        return {"replaces": "", "replaces_on": ""}
    return {
        "replaces": old.shown_number,
        "replaces_on": f"{local_date(old.issued_at):%d/%m/%Y}",
    }


def _lines(text: str) -> list[str]:
    lines = (line.strip(" -;.") for line in text.splitlines())
    return [line for line in lines if line]
