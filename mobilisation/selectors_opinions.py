"""Reading opinion reports, always among those that the reader may see."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.access import Access
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible, key_read
from mobilisation.enums import OpinionState
from mobilisation.lists import topics
from mobilisation.models import (
    OpinionEdition,
    OpinionEvent,
    OpinionFile,
    OpinionReport,
    OpinionText,
)

OPINION_ORDER = Keyset("-ends_on", "-id")
TOPIC_ORDER = Keyset("-edition__report__ends_on", "edition__report__unit__code", "-id")
EVENT_ORDER = Keyset("-sequence")
# Behind the newest edition a topic is looked at no more.
_NEWEST = Q(edition__number=F("edition__report__edition"))


@dataclass(frozen=True)
class OpinionFilter:
    """Unit (code), topic (code), kind of period, state, and the local days between which the
    report's period lies, wholly or in part; "" and None for all."""

    unit: str = ""
    topic: str = ""
    period: str = ""
    state: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def opinion_list(access: Access, chosen: OpinionFilter) -> QuerySet[OpinionReport]:
    """Visible reports that fit."""
    rows = OpinionReport.objects.visible_to(access).select_related("unit", "by")
    if chosen.unit:
        rows = rows.filter(unit__code=chosen.unit)
    if chosen.period:
        rows = rows.filter(period=chosen.period)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.since:
        rows = rows.filter(ends_on__gte=chosen.since)
    if chosen.until:
        rows = rows.filter(starts_on__lte=chosen.until)
    if chosen.topic:
        spoken = OpinionText.objects.filter(_NEWEST, topic=chosen.topic)
        rows = rows.filter(pk__in=spoken.values("edition__report"))
    return rows


def topics_named(reports: list[OpinionReport]) -> dict[int, list[str]]:
    """Codes of the topics that the newest editions speak of, by report; one query."""
    rows = OpinionText.objects.filter(_NEWEST, edition__report__in=reports)
    found: dict[int, list[str]] = {}
    for report, topic in rows.order_by("pk").values_list("edition__report_id", "topic"):
        found.setdefault(report, []).append(topic)
    return found


def opinion_get_for(access: Access, public_id: uuid.UUID | str) -> OpinionReport:
    """Raises NotVisible, also when the identifier is malformed."""
    rows = OpinionReport.objects.visible_to(access).select_related("unit", "by", "answered_by")
    found = rows.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found


def editions_of(row: OpinionReport) -> list[OpinionEdition]:
    """Editions, the newest first, with their words; two queries."""
    return list(row.editions.select_related("by").prefetch_related("texts"))


def opinion_files(row: OpinionReport) -> list[OpinionFile]:
    """Files that are shown, in the order in which they came."""
    return list(row.files.filter(removed_at=None).select_related("attachment"))


def opinion_events(row: OpinionReport) -> QuerySet[OpinionEvent]:
    return row.events.select_related("actor")


def opinion_file_get(access: Access, public_id: uuid.UUID | str, file: uuid.UUID) -> Attachment:
    """A file of a report that the caller may see. Raises NotVisible."""
    row = opinion_get_for(access, public_id)
    rows = row.files.filter(removed_at=None, attachment__public_id=file)
    found = rows.select_related("attachment").first()
    if found is None:
        raise NotVisible
    return found.attachment


def topic_texts(access: Access, chosen: OpinionFilter) -> QuerySet[OpinionText]:
    """What units said on a topic in the newest editions of reports that fit; drafts are left out."""
    reports = opinion_list(access, OpinionFilter(**vars(chosen) | {"topic": ""}))
    sent = reports.exclude(state=OpinionState.DRAFT)
    rows = OpinionText.objects.filter(_NEWEST, topic=chosen.topic, edition__report__in=sent)
    return rows.select_related("edition__report__unit")


def topic_counts(access: Access, chosen: OpinionFilter) -> dict[str, int]:
    """In how many visible reports that fit a topic is spoken of, in the order of the list; one
    query."""
    reports = opinion_list(access, OpinionFilter(**vars(chosen) | {"topic": ""}))
    sent = reports.exclude(state=OpinionState.DRAFT)
    rows = OpinionText.objects.filter(_NEWEST, edition__report__in=sent)
    counted = dict(rows.order_by("topic").values_list("topic").annotate(n=Count("pk")))
    return {code: counted.get(code, 0) for code in topics()}
