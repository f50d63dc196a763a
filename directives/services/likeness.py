"""Reports whose texts are alike: found when they are sent, justified by a person of the City."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import advisory_wait
from common.errors import NotVisible, Stale, allow, key_read
from common.history import NewEvent
from common.time import now
from directives.enums import LikenessState
from directives.likeness import (
    EQUAL_UNITS_MIN,
    REPEATS_MIN,
    Print,
    are_alike,
    print_of,
    share_alike,
)
from directives.models import LikenessEvent, ProgressReport, ReportFingerprint, TextLikeness
from directives.policies import may_judge_likeness
from directives.validators import REASON_MAX, text_checked

FOUND = "directives.likeness.found"
JOINED = "directives.likeness.joined"
JUSTIFIED = "directives.likeness.justified"
REOPENED = "directives.likeness.reopened"
# Of more candidates the newest are enough: they are alike among themselves.
CANDIDATES_MAX = 200


def report_compare(report: ProgressReport, at: dt.datetime) -> TextLikeness | None:
    """Keep what a new report is compared by and tie it to reports that read alike, in the caller's
    transaction; the likeness, if there is one. Of short texts only the very same words and numbers
    of at least ``EQUAL_UNITS_MIN`` units are pointed out; those of one unit for ``REPEATS_MIN``
    periods or under as many tasks always."""
    made = print_of(report.text)
    if not made.is_compared:
        return None
    task_id, unit_id = report.assignment.task_id, report.assignment.unit_id
    # Reports on one task, and of one unit, are compared one after the other: two at once would
    # miss each other. Always in this order, so that nobody waits in a circle.
    advisory_wait(f"directives.likeness:{task_id}")
    advisory_wait(f"directives.likeness.unit:{unit_id}")
    others = _candidates(report, task_id, made)
    likeness = _equal(report, made, others, at) if made.is_short else _alike(made, others, at)
    likeness = _under_tasks(report, made, likeness, at)
    ReportFingerprint.objects.create(
        report=report,
        task_id=task_id,
        words=made.words,
        digest=made.digest,
        bands=list(made.bands),
        minima=made.minima,
        likeness=likeness,
    )
    if likeness is not None:
        _note(likeness, FOUND if likeness.version == 1 else JOINED, at, report=report.pk)
    return likeness


def _candidates(report: ProgressReport, task_id: int, made: Print) -> QuerySet[ReportFingerprint]:
    """Other reports on the task that share a band, of a short text those in the same words; never
    the same one, corrected."""
    again = Q(report__assignment=report.assignment_id, report__period=report.period_id)
    if report.period_id is None:
        again = Q(report__assignment=report.assignment_id, report__period__isnull=True)
    near = Q(digest=made.digest) if made.is_short else Q(bands__overlap=list(made.bands))
    rows = ReportFingerprint.objects.filter(near, task_id=task_id)
    return rows.exclude(again).order_by("-report_id")[:CANDIDATES_MAX]


def _equal(
    report: ProgressReport, made: Print, others: QuerySet[ReportFingerprint], at: dt.datetime
) -> TextLikeness | None:
    """The likeness of short reports in the same words: with the first that makes enough units, or
    enough periods of this unit."""
    rows = list(others.select_related("report__assignment"))
    unit_id = report.assignment.unit_id
    own = [row for row in rows if row.report.assignment.unit_id == unit_id]
    units = {row.report.assignment.unit_id for row in rows} | {unit_id}
    periods = {row.report.period_id for row in own} | {report.period_id}
    if not made.is_habit and len(units) >= EQUAL_UNITS_MIN:
        return _tied(rows, at)
    return _tied(own, at) if len(periods) >= REPEATS_MIN else None


def _under_tasks(
    report: ProgressReport, made: Print, likeness: TextLikeness | None, at: dt.datetime
) -> TextLikeness | None:
    """One text of a unit under several of its tasks: it is tied to them, too."""
    mine = ReportFingerprint.objects.filter(
        digest=made.digest, report__assignment__unit=report.assignment.unit_id
    )
    elsewhere = mine.exclude(task=report.assignment.task_id)
    rows = list(elsewhere.order_by("-report_id")[:CANDIDATES_MAX])
    if len({row.task_id for row in rows}) + 1 < REPEATS_MIN:
        return likeness
    if likeness is None:
        return _tied(rows, at)
    _tie(rows, likeness)
    return likeness


def _tied(rows: Sequence[ReportFingerprint], at: dt.datetime) -> TextLikeness:
    """The likeness of these reports with one more: that which one of them has, or a new one."""
    known = next((row for row in rows if row.likeness_id is not None), rows[0])
    likeness = _joined(known, at)
    _tie(rows, likeness)
    return likeness


def _tie(rows: Sequence[ReportFingerprint], likeness: TextLikeness) -> None:
    """What already stands in another likeness stays there."""
    loose = ReportFingerprint.objects.filter(pk__in=[row.pk for row in rows], likeness=None)
    loose.update(likeness=likeness)


def _alike(
    made: Print, others: QuerySet[ReportFingerprint], at: dt.datetime
) -> TextLikeness | None:
    best = _best(made, others)
    return _joined(best, at) if best is not None else None


def _best(made: Print, rows: Iterable[ReportFingerprint]) -> ReportFingerprint | None:
    """The one that is most alike, if any is alike enough."""
    alike = [row for row in rows if are_alike(made, row.digest, bytes(row.minima))]
    return max(
        alike, key=lambda row: share_alike(made, row.digest, bytes(row.minima)), default=None
    )


def _joined(other: ReportFingerprint, at: dt.datetime) -> TextLikeness:
    """The likeness of the other report with one report more, or a new one of the two."""
    if other.likeness_id is None:
        made = TextLikeness.objects.create(task_id=other.task_id, found_at=at)
        ReportFingerprint.objects.filter(pk=other.pk).update(likeness=made)
        return made
    found = TextLikeness.objects.select_for_update(no_key=True).get(pk=other.likeness_id)
    found.found_at, found.version = at, found.version + 1
    found.save(update_fields=["found_at", "version"])
    return found


@transaction.atomic
def likeness_justify(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> TextLikeness:
    """Say why reports that read alike are as they should be. Raises NotVisible, NotPermitted, Stale,
    InvalidInput on ``reason``."""
    row = _locked(access, public_id, version)
    row.reason = text_checked("reason", reason, REASON_MAX)
    row.state = LikenessState.JUSTIFIED
    row.decided_by_id, row.decided_at = access.actor_id, at or now()
    return _decided(row, JUSTIFIED, access, row.decided_at)


@transaction.atomic
def likeness_reopen(
    *, access: Access, public_id: uuid.UUID | str, version: int, at: dt.datetime | None = None
) -> TextLikeness:
    """Take the reason back: it is to be looked at again. Raises as ``likeness_justify``."""
    row = _locked(access, public_id, version)
    row.state, row.reason = LikenessState.OPEN, ""
    row.decided_by, row.decided_at = None, None
    return _decided(row, REOPENED, access, at or now())


def _locked(access: Access, public_id: uuid.UUID | str, version: int) -> TextLikeness:
    allow(may_judge_likeness(access))
    rows = TextLikeness.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    if found.version != version:
        raise Stale(
            _("Reports have come in or somebody has decided since you opened it."),
            extra={"version": found.version, "state": found.state},
        )
    return found


def _decided(row: TextLikeness, action: str, access: Access, at: dt.datetime) -> TextLikeness:
    row.version += 1
    row.save()
    _note(row, action, at, actor_id=access.user_id, version=row.version)
    return row


def _note(
    row: TextLikeness, action: str, at: dt.datetime, *, actor_id: int | None = None, **data: int
) -> None:
    """Append to the history. The reason stands in the row, words of people in no history."""
    LikenessEvent.append(NewEvent(row.pk, action, dict(data), actor_id, at))
