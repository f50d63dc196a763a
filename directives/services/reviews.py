"""Several reports answered at once, each in a step of its own: one that fails leaves the others."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Access
from common.errors import DomainError, allow, key_read
from directives.models import Assignment
from directives.policies import may_assign
from directives.services.progress import report_review


@dataclass(frozen=True)
class Answer:
    """An answer to the report on an assignment, or on one of its periods; ``version`` is that of
    the assignment the report was read on. ``until``: a Hà Nội date, for what is returned."""

    assignment: uuid.UUID | str
    version: int
    is_accepted: bool
    text: str = ""
    period: uuid.UUID | str | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Answered:
    """What became of an answer: the assignment as far as it is visible, or why not."""

    answer: Answer
    assignment: Assignment | None
    error: DomainError | None = None

    @property
    def words(self) -> str:
        """Why it could not be done, "" when it was."""
        if self.error is None:
            return ""
        said = [str(text) for texts in self.error.fields.values() for text in texts]
        return " ".join(said) or str(self.error.message)


def reports_review(
    *,
    access: Access,
    answers: Sequence[Answer],
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> list[Answered]:
    """Answer reports in their order, each as ``report_review`` and in its own transaction; what
    became of each. Several periods of one task may be answered on one version. Raises NotPermitted
    when the person answers no reports at all."""
    allow(may_assign(access))
    moved: dict[tuple[str, int], int] = {}
    results = []
    for answer in answers:
        key = (str(answer.assignment), answer.version)
        version = moved.get(key, answer.version)
        result = _review(access, answer, version, at, quiet=quiet)
        if result.error is None and result.assignment is not None:
            moved[key] = result.assignment.version
        results.append(result)
    return results


def _review(
    access: Access, answer: Answer, version: int, at: dt.datetime | None, *, quiet: bool
) -> Answered:
    try:
        row = report_review(
            access=access,
            public_id=answer.assignment,
            version=version,
            is_accepted=answer.is_accepted,
            text=answer.text,
            period=answer.period,
            until=answer.until,
            at=at,
            quiet=quiet,
        )
    except DomainError as error:
        return Answered(answer, _seen(access, answer), error)
    return Answered(answer, row)


def _seen(access: Access, answer: Answer) -> Assignment | None:
    try:
        key = key_read(answer.assignment)
    except DomainError:
        return None
    rows = Assignment.objects.visible_to(access).with_list_data()
    return rows.filter(public_id=key).first()
