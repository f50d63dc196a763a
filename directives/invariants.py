"""What must hold between assignments, clocks, periods, reports, plans and history."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from common.invariants import invariant
from deadlines.calendars import COVERED_FROM, calendar_current
from deadlines.models import OPEN_STATES
from directives.enums import (
    DONE,
    OPEN_WORK,
    OVER,
    OWED,
    TOLD,
    AssignmentState,
    PeriodState,
)
from directives.escalations import LADDER_ACTIONS
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentImport,
    AssignmentPeriod,
    Directive,
    DirectiveRelation,
    ProgressReport,
    ReportFingerprint,
    TextLikeness,
    UnitPlan,
)
from directives.selectors_late import URGED
from directives.services.periods import OPENED

SHOWN = 20
# Written beside people's work: a step of the ladder, a period that began, an urging.
WITHOUT_VERSION = (*LADDER_ACTIONS, OPENED, URGED)
_RUNS = Q(clocks__clock__state__in=OPEN_STATES)


@invariant("directives.done_was_reported")
def done_was_reported() -> Iterator[str]:
    """As a whole, or period by period up to the last."""
    told = ProgressReport.objects.filter(assignment=OuterRef("pk"), state="reported_done")
    periods = AssignmentPeriod.objects.filter(assignment=OuterRef("pk"))
    by_period = Q(Exists(periods)) & ~Q(Exists(periods.exclude(state="accepted")))
    rows = Assignment.objects.filter(state__in=DONE).exclude(Q(Exists(told)) | by_period)
    yield from map(str, rows[:SHOWN])


@invariant("directives.version_is_number_of_events")
def version_is_number_of_events() -> Iterator[str]:
    """Giving a task and every change of it by a person is one event and one version; the chain
    has no gap."""
    counted = Count("events", filter=~Q(events__action__in=WITHOUT_VERSION))
    rows = Assignment.objects.annotate(
        n=counted, every=Count("events"), top=Max("events__sequence")
    )
    broken = rows.exclude(n=F("version")) | rows.exclude(top=F("every"))
    yield from map(str, broken[:SHOWN])


@invariant("directives.directive_version_is_in_history")
def directive_version_is_in_history() -> Iterator[str]:
    """Every version of a directive's record is an event of its chain."""
    rows = Directive.objects.annotate(n=Count("events"))
    yield from rows.exclude(n__gte=F("version")).values_list("slug", flat=True)[:SHOWN]


@invariant("directives.replaced_has_a_successor")
def replaced_has_a_successor() -> Iterator[str]:
    """What counts as replaced is replaced by a document that the portal holds."""
    successor = DirectiveRelation.objects.filter(target=OuterRef("pk"), kind="replaces")
    rows = Directive.objects.filter(state="replaced").exclude(Exists(successor))
    yield from rows.values_list("slug", flat=True)[:SHOWN]


@invariant("directives.open_task_with_date_has_one_running_clock")
def open_task_with_date_has_one_running_clock() -> Iterator[str]:
    """What a unit still has to do until a date has one running clock, with that date; what is
    reported, confirmed, withdrawn or has no date has none."""
    rows = Assignment.objects.annotate(
        n=Count("clocks", filter=_RUNS), due=Max("clocks__clock__due_on", filter=_RUNS)
    )
    runs = Q(state__in=OPEN_WORK, due_on__isnull=False)
    wrong = (runs & (~Q(n=1) | ~Q(due=F("due_on")))) | (~runs & Q(n__gt=0))
    yield from _named(rows.filter(wrong))


@invariant("directives.owed_period_has_one_running_clock")
def owed_period_has_one_running_clock() -> Iterator[str]:
    """As far as the calendar is known; a period that was reported, or whose task is over, has
    none."""
    rows = AssignmentPeriod.objects.annotate(
        n=Count("clocks", filter=_RUNS), due=Max("clocks__clock__due_on", filter=_RUNS)
    )
    known = Q(due_on__gte=COVERED_FROM, due_on__lt=calendar_current().last)
    owed = Q(state__in=OWED) & ~Q(assignment__state__in=OVER)
    wrong = (owed & known & (~Q(n=1) | ~Q(due=F("due_on")))) | (~owed & Q(n__gt=0))
    yield from _named(rows.filter(wrong))


@invariant("directives.periods_belong_to_a_rhythm")
def periods_belong_to_a_rhythm() -> Iterator[str]:
    rows = AssignmentPeriod.objects.filter(assignment__task__rhythm="once")
    yield from _named(rows)


@invariant("directives.numbers_of_periods_are_right")
def numbers_of_periods_are_right() -> Iterator[str]:
    """What the overview adds up is what the periods say."""
    told = Count("periods", filter=Q(periods__state__in=TOLD))
    accepted = Count("periods", filter=Q(periods__state=PeriodState.ACCEPTED))
    rows = Assignment.objects.annotate(told=told, accepted=accepted)
    yield from _named(rows.exclude(periods_told=F("told"), periods_accepted=F("accepted")))


@invariant("directives.reported_period_has_a_report")
def reported_period_has_a_report() -> Iterator[str]:
    told = ProgressReport.objects.filter(period=OuterRef("pk"))
    rows = AssignmentPeriod.objects.exclude(state="open").exclude(Exists(told))
    yield from _named(rows)


@invariant("directives.open_extension_is_of_open_work")
def open_extension_is_of_open_work() -> Iterator[str]:
    """More time is asked for while the unit works; later nobody has to answer it."""
    rows = Assignment.objects.filter(extensions__state="asked").exclude(state__in=OPEN_WORK)
    yield from _named(rows)


@invariant("directives.withdrawn_was_told")
def withdrawn_was_told() -> Iterator[str]:
    told = AssignmentEvent.objects.filter(
        assignment=OuterRef("pk"), action="directives.assignment.withdrawn"
    )
    rows = Assignment.objects.filter(state=AssignmentState.WITHDRAWN).exclude(Exists(told))
    yield from _named(rows)


@invariant("directives.plan_has_history")
def plan_has_history() -> Iterator[str]:
    told = AssignmentEvent.objects.annotate(plan_number=KT("data__number")).filter(
        assignment__unit=OuterRef("unit"),
        assignment__task__group__directive=OuterRef("directive"),
        action="directives.plan.recorded",
        plan_number=OuterRef("number"),
    )
    rows = UnitPlan.objects.exclude(Exists(told)).select_related("unit")
    for plan in rows.order_by("unit__code")[:SHOWN]:
        yield f"{plan.unit.code} {plan.number}"


@invariant("directives.likeness_is_of_several_reports_on_its_task")
def likeness_is_of_several_reports_on_its_task() -> Iterator[str]:
    """Nothing is pointed out that stands alone; texts are compared within a task, the very same of
    one unit over its tasks; every change of a likeness is one event and one version."""
    rows = TextLikeness.objects.annotate(
        n=Count("members", distinct=True), every=Count("events", distinct=True)
    )
    others = ReportFingerprint.objects.filter(likeness=OuterRef("likeness")).exclude(
        pk=OuterRef("pk")
    )
    repeated = others.filter(
        digest=OuterRef("digest"),
        report__assignment__unit=OuterRef("report__assignment__unit"),
    )
    strange = ReportFingerprint.objects.filter(
        ~Exists(repeated), ~Exists(others.filter(task=OuterRef("task"))), likeness=OuterRef("pk")
    )
    wrong = rows.exclude(n__gte=2) | rows.exclude(every=F("version")) | rows.filter(Exists(strange))
    yield from _named(wrong)


@invariant("directives.fingerprint_is_of_its_task")
def fingerprint_is_of_its_task() -> Iterator[str]:
    rows = ReportFingerprint.objects.exclude(task=F("report__assignment__task"))
    for row in rows.order_by("pk")[:SHOWN]:
        yield str(row.report_id)


@invariant("directives.import_counts_are_its_rows")
def import_counts_are_its_rows() -> Iterator[str]:
    """What a file of assignments says of itself is what became of its rows."""
    rows = AssignmentImport.objects.annotate(
        given=Count("rows", filter=Q(rows__state="given")),
        left=Count("rows", filter=Q(rows__state="new")),
    )
    broken = rows.exclude(rows_given=F("given")) | rows.exclude(rows_new=F("rows_done") + F("left"))
    yield from _named(broken)


def _named(rows: QuerySet[Any]) -> Iterator[str]:
    keys = rows.order_by("pk").values_list("public_id", flat=True)
    yield from (str(key) for key in keys[:SHOWN])
