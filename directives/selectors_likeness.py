"""Reports that read alike, for the bodies of the City that see every unit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from directives.enums import LikenessState
from directives.likeness import Places, places_of
from directives.models import ReportFingerprint, TextLikeness

LIKENESS_ORDER = Keyset("-found_at", "-id")
# Texts shown side by side on one page.
SHOWN = 12


@dataclass(frozen=True)
class LikenessFilter:
    """``state``: open, justified or "" for both; ``directive``: a slug; ``unit``: a code."""

    state: str = ""
    directive: str = ""
    unit: str = ""


def likenesses(access: Access, chosen: LikenessFilter) -> QuerySet[TextLikeness]:
    """Groups of reports with ``reports`` and ``units`` counted; nothing for people of a unit."""
    return _chosen(access, chosen).annotate(
        reports=Count("members"), units=Count("members__report__assignment__unit", distinct=True)
    )


def _chosen(access: Access, chosen: LikenessFilter) -> QuerySet[TextLikeness]:
    if Permission.DIRECTIVE_VIEW not in access.city:
        return TextLikeness.objects.none()
    rows = TextLikeness.objects.select_related("task__group__directive", "decided_by")
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.directive:
        rows = rows.filter(task__group__directive__slug=chosen.directive)
    if chosen.unit:
        mine = ReportFingerprint.objects.filter(report__assignment__unit__code=chosen.unit)
        rows = rows.filter(pk__in=mine.values("likeness_id"))
    return rows


def likeness_get_for(access: Access, public_id: uuid.UUID | str) -> TextLikeness:
    """One group of reports that read alike. Raises NotVisible."""
    found = likenesses(access, LikenessFilter()).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def members_of(likeness: TextLikeness, count: int = SHOWN) -> list[ReportFingerprint]:
    """Its reports, the first sent first."""
    rows = likeness.members.select_related("report__assignment__unit", "report__period", "task")
    return list(rows.order_by("report_id")[:count])


def units_named(likenesses: Sequence[TextLikeness]) -> dict[int, list[str]]:
    """Names of the units of each group, in the order in which they reported; one query."""
    rows = ReportFingerprint.objects.filter(likeness__in=likenesses).order_by("report_id")
    found: dict[int, dict[str, None]] = {}
    for pk, name in rows.values_list("likeness_id", "report__assignment__unit__full_name"):
        found.setdefault(pk, {})[name] = None
    return {pk: list(names) for pk, names in found.items()}


def places_named(likenesses: Sequence[TextLikeness]) -> dict[int, Places]:
    """Across what the reports of each group are alike; one query."""
    rows = ReportFingerprint.objects.filter(likeness__in=likenesses)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for pk, unit, task, period in rows.values_list(
        "likeness_id", "report__assignment__unit_id", "task_id", "report__period_id"
    ):
        found.setdefault(pk, []).append((unit, task, period or 0))
    return {pk: places_of(reports) for pk, reports in found.items()}


def open_count(access: Access, directive: str = "", unit: str = "") -> int:
    """How many groups are to be looked at."""
    return _chosen(access, LikenessFilter(LikenessState.OPEN, directive, unit)).count()
