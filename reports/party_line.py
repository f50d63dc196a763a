"""The list of overdue petitions in the commune secretary's monthly report.

It goes to the secretary of the City Party Committee, its Internal Affairs Commission and its
Commission for Propaganda and Mass Mobilisation (Regulation 11-QĐi/TW as amended by Conclusion
215-KL/TW; the content is the City's own). Denunciations are never in it, whether there are any or
not: their number in a small unit would betray them (Article 49 of the Law on Denunciations).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Prefetch, Q, QuerySet

from accounts.access import Access
from accounts.enums import Role
from accounts.roles import Permission
from common.models import ScheduledRun
from common.time import local_date, now
from communes.models import Unit
from communes.selectors import unit_by_code
from deadlines.calendars import calendar_current
from deadlines.clock import working_days_between
from deadlines.models import ClockState
from escalation.models import Escalation
from notifications.services import NewMessage, outbox_write
from petitions.enums import Kind
from petitions.models import Case, CaseClock

RUN = "party-line-list"
READERS = (("TU", Role.CITY_SECRETARY), ("BNC", Role.INTERNAL_AFFAIRS), ("BTGDV", Role.PROPAGANDA))


class Month(NamedTuple):
    """A calendar month by Hà Nội dates."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return cls(day.replace(day=1), following - dt.timedelta(days=1))

    @property
    def before(self) -> "Month":
        return Month.of(self.first - dt.timedelta(days=1))


@dataclass(frozen=True)
class Overdue:
    """A limit that was passed in a month: still open at its end, or met late within it.

    ``days_late``: working days up to the end of the month, to today in the running one.
    """

    case: Case
    clock_id: int
    basis: str
    due_on: dt.date
    days_late: int
    met_on: dt.date | None
    level: int
    answer: str
    is_visible: bool


def party_units(access: Access) -> list[Unit]:
    """The communes whose list the person may read, by name; [] for nobody's business."""
    units = Unit.objects.filter(kind__in=("ward", "commune"), valid_to=None)
    if Permission.OVERVIEW_VIEW not in access.city:
        units = units.filter(pk__in=access.units(Permission.OVERVIEW_VIEW))
    return sorted(units, key=lambda unit: unit.full_name)


def overdue_in(access: Access, unit: Unit, month: Month, *, on: dt.date) -> list[Overdue]:
    """The list of a unit, the longest overdue first; three queries. ``on``: Hà Nội date of today."""
    until = min(month.last, on)
    links = list(
        _passed(month, until)
        .filter(case__unit=unit)
        .select_related("case__field", "case__unit", "clock")
        .prefetch_related(Prefetch("clock__escalations", _answered_by_the_unit()))
        .order_by("clock__due_on", "id")
    )
    seen = Case.objects.visible_to(access).filter(pk__in=[link.case_id for link in links])
    visible = set(seen.values_list("pk", flat=True))
    return [_overdue(link, until, visible) for link in links]


def passed_by_unit(unit_ids: Collection[int], span: Month, *, on: dt.date) -> dict[int, int]:
    """How long the list of each unit is for some dates (a month, or any span); one query."""
    rows = _passed(span, min(span.last, on)).filter(case__unit_id__in=unit_ids).order_by()
    counted = rows.values("case__unit_id").annotate(n=Count("id"))
    return dict(counted.values_list("case__unit_id", "n"))


def _answered_by_the_unit() -> QuerySet[Escalation]:
    """What the City's bodies answered is not the commune's to report."""
    own = Escalation.objects.filter(unit=F("clock__holder_unit")).exclude(answer="")
    return own.order_by("-id")


def _passed(month: Month, until: dt.date) -> QuerySet[CaseClock]:
    late = Q(clock__state=ClockState.RUNNING) | Q(
        clock__state=ClockState.MISSED, clock__closed_on__gte=month.first
    )
    return (
        CaseClock.objects.filter(late, clock__due_on__lt=until, clock__is_internal=False)
        .exclude(case__kind=Kind.DENUNCIATION)
        .filter(Q(clock__closed_on=None) | Q(clock__closed_on__gt=F("clock__due_on")))
    )


def _overdue(link: CaseClock, until: dt.date, visible: set[int]) -> Overdue:
    clock = link.clock
    met_on = clock.closed_on if clock.closed_on and clock.closed_on <= until else None
    answers = list(clock.escalations.all())
    return Overdue(
        case=link.case,
        clock_id=clock.pk,
        basis=clock.basis,
        due_on=clock.due_on,
        days_late=working_days_between(clock.due_on, met_on or until, calendar_current()),
        met_on=met_on,
        level=clock.escalation_level,
        answer=answers[0].answer if answers else "",
        is_visible=link.case_id in visible,
    )


@transaction.atomic
def party_list_send(*, at: dt.datetime) -> int:
    """Tell secretaries and the three readers that last month's lists are ready; once a month.

    ``at``: UTC moment. Returns how many were told; 0 when it was done before.
    """
    month = Month.of(local_date(at)).before
    run, is_mine = ScheduledRun.objects.get_or_create(
        name=RUN, business_date=month.last, defaults={"started_at": at}
    )
    if not is_mine:
        return 0
    rows = _passed(month, month.last).values_list("case__unit", flat=True).distinct()
    units = Unit.objects.filter(pk__in=rows, kind__in=("ward", "commune")).order_by("id")
    receivers = [(unit.pk, Role.SECRETARY, unit.code) for unit in units]
    bodies = [(unit_by_code(code), role) for code, role in READERS]
    receivers += [(body.pk, role, "") for body, role in bodies if body is not None]
    outbox_write([_message(month, *receiver) for receiver in receivers], at=at)
    run.finished_at, run.result = now(), {"told": len(receivers)}
    run.save(update_fields=["finished_at", "result"])
    return len(receivers)


def _message(month: Month, unit_id: int, role: Role, code: str) -> NewMessage:
    href = f"/can-bo/tong-quan/qua-han/?thang={month.first:%Y-%m}"
    return NewMessage(
        key=f"party-list:{month.first:%Y-%m}:{unit_id}",
        template="party_list",
        params={
            "month": f"{month.first:%m/%Y}",
            "href": f"{href}&don_vi={code}" if code else href,
        },
        unit_id=unit_id,
        position=role.value,
    )
