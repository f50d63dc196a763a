"""Papers for tests: a case in a state, and a paper of it as far as it should go."""

import datetime as dt
from typing import Any

from common.time import local_date, now
from papers.catalogue import KINDS
from papers.content import TEXTS, Content, content_read
from papers.facts import BLANK
from papers.models import Paper
from papers.services.issuing import paper_correct, paper_issue
from papers.services.writing import paper_draft, paper_edit, paper_submit
from petitions.models import Case
from petitions.services.intake import petition_file
from tests.people import Story, access_make, filing_make, person_make

# Of another ward, so that the ward may know of the denunciation.
ACCUSED = {"name": "Ông Bị Tố", "unit": "00025", "position": "unknown"}


def case_of(kind: str = "complaint", **changes: Any) -> Case:
    """A case of the ward that was taken in."""
    if kind == "denunciation":
        changes.setdefault("respondent", ACCUSED)
    story = Story(petition_file(filing=filing_make(kind=kind, **changes)))
    story.do("clerk", "receive", is_signed=True)
    return story.case


def drafted(case: Case, kind: str = "proposal", who: str = "chair") -> Paper:
    return paper_draft(access=access_make(who), code=case.code, kind_code=kind)


def paper_drafted(number: int) -> Paper:
    """A paper of a case of its own."""
    return drafted(case_of(subject=f"Khiếu nại số {number}"))


def written(paper: Paper, who: str = "chair", **changes: Any) -> Paper:
    """The draft with other words; what is lacking is filled in, also where dots stand."""
    held = content_read(paper)
    values: dict[str, Any] = {name: filled(getattr(held, name)) for name in TEXTS}
    days = {one.name for one in KINDS[paper.kind].fields if one.is_date}
    values["fields"] = {
        name: filled(text) or (in_a_month() if name in days else "Ghi sau")
        for name, text in held.fields.items()
    }
    return paper_edit(
        access=access_make(who),
        code=paper.case.code,
        public_id=paper.public_id,
        version=paper.version,
        content=Content(**values | changes),
    )


def in_a_month() -> str:
    return (local_date(now()) + dt.timedelta(days=30)).isoformat()


def corrected(paper: Paper, who: str = "chair") -> Paper:
    """A paper that puts this one right, with other words, put before the head."""
    new = step(paper_correct, paper, who)
    about = f"{content_read(new).about} (đính chính)"
    return step(paper_submit, written(new, who, about=about), who)


def filled(text: str) -> str:
    return text.replace(BLANK, "đã ghi rõ")


def submitted(case: Case, kind: str = "proposal", who: str = "chair", **changes: Any) -> Paper:
    paper = written(drafted(case, kind, who), who, **changes)
    return step(paper_submit, paper, who)


def issued(case: Case, kind: str = "proposal", **changes: Any) -> Paper:
    return step(paper_issue, submitted(case, kind, **changes))


def issued_by_head(paper: Paper) -> Paper:
    """The handler's draft, put before the head and issued."""
    return step(paper_issue, step(paper_submit, written(paper, "handler"), "handler"))


def step(service: Any, paper: Paper, who: str = "chair", **more: Any) -> Paper:
    """A step by whoever decides, on the version there is."""
    version = Paper.objects.get(pk=paper.pk).version
    found: Paper = service(
        access=access_make(who),
        code=paper.case.code,
        public_id=paper.public_id,
        **{"version": version} | more,
    )
    return found


def proposed(kind: str = "complaint", **changes: Any) -> Case:
    """A case that the handler has proposed to accept."""
    case = case_of(kind, **changes)
    story = Story(case)
    story.do("clerk", "classify", field="land_compensation")
    story.do("clerk", "assign", assignee=person_make("handler").username)
    story.do("handler", "propose", proposal="accept", text="Đủ điều kiện thụ lý.")
    return story.case
