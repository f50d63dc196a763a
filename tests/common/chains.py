"""Subjects of every table of events, with a chain of a few events each, and a forger's hands."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from common.history import HistoryEvent, NewEvent
from common.time import local_moment
from communes.models import Unit
from continuity.models import Gap, UnitReform
from directives.models import Assignment, Directive, Task, TextLikeness
from early_warning.models import WarningRule
from mobilisation.models import IndexYear
from notifications.models import OutboxMessage
from petitions.models import Case
from petitions.services.intake import petition_file
from receptions.models import ReceptionSession
from reports.models import RegisterBatch
from tests.early_warning.matters import project_of_ward, signal_make
from tests.mobilisation.keeping import drafted, opinion, rules
from tests.mobilisation.models_made import draft
from tests.papers.making import paper_drafted
from tests.people import OTHER_WARD, WARD, filing_make, person_make
from tests.receptions.cast import plan_of

AT = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
LENGTH = 5


def _case(number: int) -> models.Model:
    filed = petition_file(filing=filing_make(subject=f"Đơn số {number}"), at=AT)
    return Case.objects.get(code=filed.code)


def _message(number: int) -> models.Model:
    return OutboxMessage.objects.create(
        event=f"e:{number}", recipient_key="u:1", channel="app", template="generic",
        state="failed", created_at=AT, next_attempt_at=AT,
    )  # fmt: skip


def _assignment(number: int) -> models.Model:
    return Assignment.objects.order_by("pk")[number]


def _directive(number: int) -> models.Model:
    return Directive.objects.order_by("pk")[number]


def _exemplar(number: int) -> models.Model:
    return draft(title=f"Mô hình số {number}")


def _index(number: int) -> models.Model:
    return IndexYear.objects.order_by("pk")[number]


def _likeness(number: int) -> models.Model:
    return TextLikeness.objects.create(task=Task.objects.order_by("pk")[number], found_at=AT)


def _session(number: int) -> models.Model:
    plan = plan_of(person_make("chair"), day=dt.date(2026, 12, 10 + number))
    return ReceptionSession.objects.create(
        unit=Unit.objects.get(code=WARD),
        leader=plan.leader,
        duty_holder=plan.duty_holder,
        kind=plan.kind,
        starts_at=local_moment(dt.date(2026, 12, 10 + number), 8),
        ends_at=local_moment(dt.date(2026, 12, 10 + number), 11),
        place=plan.place,
        capacity=3,
        planned_content="Tiếp công dân định kỳ.",
    )


def _reform(number: int) -> models.Model:
    return UnitReform.objects.create(
        kind="merge", number=f"{number}/NQ", decided_on=AT.date(), issuer="HĐND thành phố",
        effective_on=AT.date(), made_by=person_make("admin"), made_at=AT,
    )  # fmt: skip


def _gap(number: int) -> models.Model:
    unit = Unit.objects.get(code=WARD)
    return Gap.objects.create(unit=unit, kind="vacant", key=f"k{number}", seen_on=AT.date())


def _batch(number: int) -> models.Model:
    day = dt.date(2026, 11, 1)
    unit = Unit.objects.get(code=WARD)
    return RegisterBatch.objects.create(
        unit=unit, by=person_make(["clerk", "chair"][number]), since=day, until=day, at=AT
    )


MAKERS: dict[str, Callable[[int], models.Model]] = {
    "petitions_caseevent": _case,
    "accounts_accountevent": lambda number: person_make(["clerk", "handler"][number]),
    "notifications_messageevent": _message,
    "directives_assignmentevent": _assignment,
    "directives_directiveevent": _directive,
    "mobilisation_programmeevent": lambda number: drafted(title=f"Chương trình số {number}"),
    "mobilisation_ruleevent": lambda number: rules(kind=["community", "agency"][number]),
    "mobilisation_opinionevent": lambda number: opinion(subject=f"Tình hình số {number}"),
    "mobilisation_exemplarevent": _exemplar,
    "mobilisation_indexevent": _index,
    "directives_likenessevent": _likeness,
    "papers_paperevent": paper_drafted,
    "receptions_sessionevent": _session,
    "early_warning_signalevent": signal_make,
    "early_warning_landprojectevent": project_of_ward,
    "early_warning_warningruleevent": lambda number: WarningRule.objects.all()[number],
    "reports_registerbatchevent": _batch,
    "continuity_reformevent": _reform,
    "continuity_gapevent": _gap,
    "receptions_registerevent": lambda number: Unit.objects.get(code=[WARD, OTHER_WARD][number]),
}


def chain_make(model: type[HistoryEvent], number: int) -> Any:
    """A subject whose history has exactly ``LENGTH`` events."""
    subject = MAKERS[model._meta.db_table](number)
    have = model._base_manager.filter(**{model.SUBJECT: subject}).count()
    for step in range(have, LENGTH):
        model.append(NewEvent(subject.pk, "test.step", {"step": step, "text": "Đã làm"}, None, AT))
    return subject


@contextmanager
def forger(model: type[HistoryEvent]) -> Iterator[CursorWrapper]:
    """The owner's session with the triggers of a table off."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
