"""A visit about a denunciation: what everybody reads of it, and who reads more.

Beside the visitor's name stand the words of a sparse, usual record for everybody, so that no page
differs from that of another visit (Articles 47 to 49 of the Law on Denunciations). What was said
lies in ``VisitRecord.sealed_words`` until a case is made of it, then in its letter alone.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import NOBODY, Access
from accounts.roles import Permission
from common.time import local_date
from communes.models import Unit
from communes.selectors import reform_days
from petitions.enums import Kind
from petitions.models import Case
from receptions.clocks import is_sealed
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    ReceptionSession,
    VisitRecord,
)
from receptions.notice_recipients import recipients_of
from receptions.policies import can_read_words, works_in

# What goes under seal, of everything that a record says.
HIDDEN = ("said", "content", "kind", "handled_before", "note", "conclusion")
# And beside them, what became of the recording of an online reception.
RECORDING = "recording"
# Where an earlier version of a record keeps what was under seal.
SEALED = "sealed"
# Of a task, the words that come after it was given.
_REASONS = ("returned_reason", "asked_reason", "extension_reason", "cancel_reason")
_BEHIND = re.compile(r"\D.*", re.DOTALL)
# Several, so that none of them is a mark.
_SAID = (
    gettext_noop("The citizen spoke about %(field)s."),
    gettext_noop("The citizen told of the matter and handed in a petition about %(field)s."),
    gettext_noop("The citizen asked for a matter of %(field)s to be looked into."),
    gettext_noop("The citizen explained a petition about %(field)s."),
)
_SAID_SHORT = (
    gettext_noop("The citizen told of the matter."),
    gettext_noop("The citizen explained a matter and asked for it to be looked into."),
    gettext_noop("The citizen told of the matter and asked for an answer."),
    gettext_noop("The citizen explained what the matter is about."),
)


def said_sparsely(number: int, field: str = "") -> str:
    """What was said, as a sparse record puts it, in Vietnamese; ``number`` chooses among several
    sentences, ``field`` names the subject field."""
    with translation.override("vi"):
        if not field:
            return _(_SAID_SHORT[number % len(_SAID_SHORT)])
        return _(_SAID[number % len(_SAID)]) % {"field": field[:1].lower() + field[1:]}


def concluded_sparsely(unit: Unit) -> str:
    """What a unit is to do, as a sparse conclusion puts it, in Vietnamese."""
    with translation.override("vi"):
        words = _("%(unit)s is to consider the matter and answer as the law provides.")
        return words % {"unit": unit.full_name}


def is_recorded_sealed(visit: VisitRecord) -> bool:
    """Whether the record is of a denunciation of which no case was made yet."""
    return bool(visit.sealed_words) and not is_sealed(visit)


def knows(access: Access, visit: VisitRecord) -> bool:
    """Whether a person may know that a sealed visit was about a denunciation; False of any other
    visit. The caller has joined session and case."""
    if visit.case is not None and is_sealed(visit):
        return Case.objects.visible_to(access).filter(pk=visit.case.pk).exists()
    return bool(visit.sealed_words) and reads_words(access, visit, visit.registration.session)


def reads_words(access: Access, visit: VisitRecord, session: ReceptionSession) -> bool:
    """Whether the person reads what was recorded as a denunciation, as long as no case was made of
    it. Nobody knows of which unit the accused is: what was recorded before units became one is read
    by who recorded it then and by who sees denunciations of the whole City. A query for whoever
    reads for a unit that took over from another."""
    return words_reader(access)(visit, session)


def words_reader(access: Access) -> Callable[[VisitRecord, ReceptionSession], bool]:
    """``reads_words`` for many visits with one query."""
    days = _reform_days(access)
    return lambda visit, session: _reads(access, visit, session, days)


def _reads(
    access: Access, visit: VisitRecord, session: ReceptionSession, days: Mapping[int, dt.date]
) -> bool:
    if not can_read_words(access, session.unit_id):
        return False
    day = days.get(session.unit_id)
    since = local_date(visit.sealed_at or session.starts_at)
    if day is None or since >= day or Permission.DENUNCIATION_VIEW in access.city:
        return True
    return visit.recorded_by_id == access.user_id and local_date(visit.recorded_at) < day


def _reform_days(access: Access) -> dict[int, dt.date]:
    return reform_days(access.unit_ids) if access.past else {}


def words_of(access: Access, visit: VisitRecord) -> dict[str, Any]:
    """``HIDDEN`` fields of a record as the person reads them. Callers have checked the right to
    see visitors."""
    found = {name: getattr(visit, name) for name in HIDDEN}
    if is_recorded_sealed(visit) and knows(access, visit):
        found |= visit.sealed_words
    return found


def concluded_on(visit: VisitRecord) -> str:
    """The words of the conclusion themselves, for its notice."""
    return str(visit.sealed_words.get("conclusion", visit.conclusion))


def is_covered(visit: VisitRecord, minutes: Minutes) -> bool:
    """Whether minutes were signed before the visit went under seal: they cannot change, and are
    shown in the words of its record."""
    moments = (minutes.receiver_signed_at, minutes.visitor_signed_at)
    signed = max((moment for moment in moments if moment is not None), default=None)
    if visit.sealed_at is None or signed is None:
        return False
    return minutes.is_signed and signed <= visit.sealed_at


def tasks_cover(
    access: Access, tasks: Iterable[ConclusionTask], *, beside_names: bool = False
) -> list[ConclusionTask]:
    """The tasks with sparse words where theirs are of a denunciation that the person must not
    know; not to be saved. Callers have joined notice with its session and visit, and unit; one
    query where a visit became a denunciation.

    ``beside_names``: the list stands beside the visitors' names, where nobody reads them.
    """
    rows = list(tasks)
    covered = _covered(access, rows, beside_names=beside_names)
    for task in rows:
        if task.pk in covered:
            _cover(task)
    return rows


def task_is_covered(access: Access, task: ConclusionTask) -> bool:
    """Whether the person must not know of what the task is, nor see what was handed in with it."""
    return bool(_covered(access, [task], beside_names=False))


def _covered(access: Access, rows: list[ConclusionTask], *, beside_names: bool) -> set[int]:
    hidden = _hidden(access, [task.notice for task in rows], beside_names=beside_names)
    works = works_in(access)
    return {
        task.pk
        for task in rows
        if task.notice_id in hidden
        and not (task.unit_id in works and task.unit_id != task.notice.session.unit_id)
    }


def notice_cover(access: Access, notice: ConclusionNotice) -> list[ConclusionTask]:
    """The rows of a notice as the person reads them; its own words are covered in place. Not to
    be saved."""
    rows = list(notice.tasks.select_related("unit"))
    _notices_cover(access, [(notice, rows)], beside_names=False)
    return rows


def notice_is_covered(access: Access, notice: ConclusionNotice) -> bool:
    """Whether the person reads a notice in covered words alone. Callers have joined session and
    visit; three queries where the visit went under seal."""
    if not _hidden(access, [notice], beside_names=False):
        return False
    return not _works_on_it(access, notice)


def notice_covered(notice: ConclusionNotice) -> ConclusionNotice:
    """An issued notice in covered words, to be printed and not saved."""
    found = copy.copy(notice)
    _words_cover(found, list(notice.tasks.select_related("unit")))
    return found


def _works_on_it(access: Access, notice: ConclusionNotice) -> bool:
    units = set(notice.tasks.values_list("unit_id", flat=True))
    return bool(units & works_in(access) - {notice.session.unit_id})


def notices_cover(access: Access, notices: Iterable[ConclusionNotice]) -> None:
    """As ``notice_cover``, of a list beside the visitors' names, where not even who knows reads the
    words. Callers have joined session and visit, and prefetched the rows with their units; one
    query at most."""
    rows = [(notice, list(notice.tasks.all())) for notice in notices]
    _notices_cover(access, rows, beside_names=True)


def _notices_cover(
    access: Access,
    listed: list[tuple[ConclusionNotice, list[ConclusionTask]]],
    *,
    beside_names: bool,
) -> None:
    hidden = _hidden(access, [notice for notice, _rows in listed], beside_names=beside_names)
    works = works_in(access) if hidden else frozenset()
    for notice, rows in listed:
        elsewhere = {task.unit_id for task in rows} & works - {notice.session.unit_id}
        if notice.pk in hidden and not elsewhere:
            _words_cover(notice, rows)


def _words_cover(notice: ConclusionNotice, rows: list[ConclusionTask]) -> None:
    """Introduction, rows and typed recipients, as stored and as printed."""
    notice.opening = notice.recipients = ""
    for task in rows:
        _cover(task)
    if notice.is_issued:
        printed = [
            row | {"what": task.what} for row, task in zip(notice.facts["rows"], rows, strict=True)
        ]
        units = [row["unit"] for row in printed]
        kept = recipients_of(units, of_visit=notice.visit is not None)
        notice.facts = notice.facts | {"opening": "", "rows": printed, "recipients": kept}


def _cover(task: ConclusionTask) -> None:
    task.what = concluded_sparsely(task.unit)
    # The sign behind the number may name the matter.
    task.paper_number = _BEHIND.sub("", task.paper_number)
    with translation.override("vi"):
        task.report = task.report and _("The unit has reported the result.")
        for name in _REASONS:
            if getattr(task, name):
                setattr(task, name, _("As the law provides."))


def _hidden(
    access: Access, notices: Iterable[ConclusionNotice], *, beside_names: bool
) -> frozenset[int]:
    """Keys of the notices whose words are of a denunciation that the person must not know."""
    sealed = [
        (notice, notice.visit) for notice in notices if notice.visit and is_of_denunciation(notice)
    ]
    cases = {visit.case.pk for _notice, visit in sealed if visit.case and is_sealed(visit)}
    seen: set[int] = set()
    if cases and not beside_names:
        visible = Case.objects.visible_to(access).filter(pk__in=cases, kind=Kind.DENUNCIATION)
        seen = set(visible.values_list("pk", flat=True))
    reads = words_reader(access if sealed else NOBODY)
    return frozenset(
        notice.pk
        for notice, visit in sealed
        if not (visit.case_id in seen if is_sealed(visit) else reads(visit, notice.session))
    )


def is_of_denunciation(notice: ConclusionNotice) -> bool:
    """Whether the words were written of a denunciation, or before the visit went under seal."""
    sealed_at = notice.visit.sealed_at if notice.visit else None
    if sealed_at is None:
        return False
    return notice.is_sealed or (notice.issued_at is not None and notice.issued_at <= sealed_at)
