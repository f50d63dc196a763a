"""Whether the words of a notice are under seal, and what is kept of them when it is written anew
by somebody who could not read them."""

from dataclasses import replace

from accounts.access import Access
from common.text import clean
from receptions.models import ConclusionNotice, VisitRecord, VisitVersion
from receptions.sealing import SEALED, knows, notice_cover
from receptions.services.notice_text import NoticeText


def notice_seal(access: Access, notice: ConclusionNotice, *, is_kept: bool) -> None:
    """What is written by whoever knows that the visit was about a denunciation is under seal, and
    what was kept of it (``words_kept``)."""
    visit = notice.visit
    seal_set(notice, is_sealed=is_kept or (visit is not None and knows(access, visit)))


def seal_set(notice: ConclusionNotice, *, is_sealed: bool) -> None:
    """Put a draft under seal, or take it from there."""
    if notice.is_sealed != is_sealed:
        notice.is_sealed = is_sealed
        notice.save(update_fields=["is_sealed"])


def words_kept(
    access: Access, notice: ConclusionNotice, text: NoticeText
) -> tuple[NoticeText, bool]:
    """The text with what was covered and comes back unchanged as it is stored, and whether there
    is any. ``notice``: the draft itself, locked, or the issued notice that is replaced, of whose
    rows those that are over do not come back."""
    stored = {task.pk: task.what for task in notice.tasks.all()}
    opening, recipients, facts = notice.opening, notice.recipients, notice.facts
    covered = notice_cover(access, notice)
    notice.opening, notice.recipients, notice.facts = opening, recipients, facts
    if all(task.what == stored[task.pk] for task in covered):
        return text, False
    # Rows of one unit are covered by the same words: they come back in their order.
    known: dict[str, list[str]] = {}
    for task in covered:
        if not task.is_over:
            known.setdefault(task.what, []).append(stored[task.pk])
    rows = [replace(row, what=_taken(known, clean(row.what)) or row.what) for row in text.rows]
    kept = replace(
        text,
        rows=rows,
        opening=clean(text.opening) or opening,
        recipients=clean(text.recipients) or recipients,
    )
    return kept, kept != text


def _taken(known: dict[str, list[str]], typed: str) -> str:
    left = known.get(typed)
    return left.pop(0) if left else ""


def is_of_record(draft: ConclusionNotice, visit: VisitRecord) -> bool:
    """Whether a draft says what the record said before its correction, and nothing more."""
    if draft.opening or draft.recipients:
        return False
    kept = VisitVersion.objects.filter(visit=visit).order_by("-version").first()
    said = kept.kept if kept else {}
    said = said | said.get(SEALED, {})
    names = ("conclusion", "responsible_unit_id", "responsible_person", "due_on")
    rows = draft.tasks.values_list("what", "unit_id", "person", "due_on", "is_internal")
    found = [(what, unit, who, due.isoformat(), hid) for what, unit, who, due, hid in rows]
    return found == [(*(said.get(name) for name in names), False)]
