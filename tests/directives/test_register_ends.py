"""Withdrawing a document, what comes with the portal, reading the register."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotPermitted
from common.reference import LoadReport
from common.time import local_moment
from communes.models import Unit
from directives import invariants, services
from directives import selectors_register as found
from directives.models import (
    Assignment,
    AssignmentEvent,
    Directive,
    Task,
)
from notifications.models import OutboxMessage
from tests.directives.giving import (
    AT,
    DUE,
    MONDAY,
    actions,
    all_told,
    clocks,
    give,
    later,
    report,
    running,
    units,
)
from tests.directives.keeping import (
    do,
    entered,
    group_of,
    in_force,
    last,
    record,
    sound,
    task_of,
)
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
KEEPERS = ("propaganda", "party_office")
TOMORROW = MONDAY + dt.timedelta(days=1)


# Withdrawing


def test_a_withdrawn_document_takes_back_what_is_owed() -> None:
    directive = in_force()
    group = group_of(directive)
    once, rhythm = (Task.objects.get(pk=task_of(group).pk) for _ in range(2))
    Task.objects.filter(pk=rhythm.pk).update(rhythm="monthly", starts_on=dt.date(2026, 11, 1))
    rhythm.refresh_from_db()
    owed, done = give(once, WARD, OTHER_WARD), give(rhythm, WARD)
    (other,) = Assignment.objects.filter(task=once, unit__code=OTHER_WARD)
    report(other, "other_chair")
    services.report_review(
        access=access_make("propaganda"),
        public_id=other.public_id,
        version=2,
        is_accepted=True,
        at=later(2),
    )
    services.extension_ask(
        access=access_make("secretary"),
        public_id=owed.public_id,
        version=1,
        wanted_on=DUE + dt.timedelta(days=7),
        reason="Cần thêm thời gian.",
        at=later(1),
    )
    assert running(done) == 1
    do(services.directive_withdraw, directive, reason="Ban hành nhầm.", at=later(3))
    directive.refresh_from_db()
    assert (directive.state, directive.withdrawn_reason) == ("withdrawn", "Ban hành nhầm.")
    assert last(directive)["assignments"] == 2
    for row in (owed, done):
        row.refresh_from_db()
        assert (row.state, row.withdrawn_reason) == ("withdrawn", "Ban hành nhầm.")
        assert running(row) == 0
        assert actions(row)[-1] == "assignment.withdrawn"
    other.refresh_from_db()
    assert other.state == "confirmed"
    _taken_back(owed, done)


def _taken_back(owed: Assignment, done: Assignment) -> None:
    """What ended with the document, and who was told."""
    assert owed.extensions.get().state == "lapsed"
    assert clocks(owed)[-1][0] == "cancelled"
    told = all_told("directive_withdrawn", OutboxMessage.objects.filter(channel="app"))
    assert told == [(WARD, "head"), (WARD, "head")]
    assert AssignmentEvent.objects.filter(assignment=done).latest("sequence").data == {
        "version": 2, "from": "assigned",
    }  # fmt: skip
    assert list(invariants.open_extension_is_of_open_work()) == []
    sound()


def test_withdrawing_from_all_units_takes_no_more_queries_than_from_two() -> None:
    counts = []
    for number, asked in (("22-CV/TU", (WARD, OTHER_WARD)), ("23-CV/TU", None)):
        directive = in_force(number=number)
        task = task_of(group_of(directive))
        every = list(Unit.objects.commune_level()) if asked is None else units(*asked)
        services.assignments_create(access=access_make("propaganda"), tasks=[task], units=every)
        with CaptureQueriesContext(connection) as caught:
            do(services.directive_withdraw, directive, reason="Thử.")
        counts.append(len(caught))
    assert counts[0] == counts[1]
    sound()


def test_a_document_is_withdrawn_once_and_with_a_reason() -> None:
    directive = entered()
    with pytest.raises(NotPermitted):
        do(services.directive_withdraw, directive, reason="Thử.")
    do(services.directive_publish, directive, at=AT)
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_withdraw, directive, reason=" ")
    assert list(caught.value.fields) == ["reason"]
    do(services.directive_withdraw, directive, reason="Thử.")
    with pytest.raises(NotPermitted):
        do(services.directive_withdraw, directive, reason="Thử.")
    with pytest.raises(NotPermitted):
        do(services.group_create, directive, title="A", text="B")
    sound()


# What comes with the portal


def test_loading_again_leaves_alone_what_people_have_worked_on() -> None:
    directive = Directive.objects.get(slug="1699-cv-tu")
    corrected = record(number=directive.number, subject="Đã sửa", issued_on=directive.issued_on)
    do(services.directive_change, directive, record=corrected)
    do(services.directive_withdraw, directive, reason="Thử.", at=local_moment(MONDAY, 10))
    before = list(Assignment.objects.order_by("pk").values())
    services.directives_load(LoadReport())
    directive.refresh_from_db()
    assert (directive.subject, directive.state) == ("Đã sửa", "withdrawn")
    assert list(Assignment.objects.order_by("pk").values()) == before
    sound()


def test_loading_again_does_not_give_anew_what_was_taken_back() -> None:
    row = Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code=WARD)
    services.assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Thử."
    )
    before = Assignment.objects.count()
    services.directives_load(LoadReport())
    assert Assignment.objects.count() == before


# Reading


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "doi thoai"}, True),
        ({"q": "21-cv/tu"}, True),
        ({"q": "Thành ủy đối"}, True),
        ({"q": "khong co"}, False),
        ({"kind": "official_letter"}, True),
        ({"kind": "plan"}, False),
        ({"state": "draft"}, True),
        ({"state": "in_force"}, False),
    ],
)
def test_the_register_is_searched(asked: dict[str, str], expected: bool) -> None:
    directive = entered()
    rows = found.register_list(access_make("propaganda"), **asked)
    assert (directive in rows) is expected
    assert directive not in found.register_list(access_make("clerk"), **asked)


def test_what_is_owed_is_counted() -> None:
    directive = in_force()
    task = task_of(group_of(directive))
    give(task, WARD, OTHER_WARD)
    assert (found.owed_count(directive), found.task_owed(task)) == (2, 2)
    assert found.owed_count(Directive.objects.get(slug="07-ct-tu")) == 0
