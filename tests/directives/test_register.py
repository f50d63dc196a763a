"""Keeping the register: entering, correcting, putting in force, relating, withdrawing."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.reference import LoadReport
from common.time import local_moment
from communes.models import Unit
from directives import invariants, services
from directives import selectors_register as found
from directives.models import (
    Assignment,
    AssignmentEvent,
    Directive,
    DirectiveEvent,
    DirectiveFile,
    Task,
)
from directives.services import register as register_service
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
    upload,
)
from tests.directives.keeping import (
    NUMBER,
    SLUG,
    do,
    entered,
    group_of,
    history,
    in_force,
    last,
    record,
    task_of,
)
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
KEEPERS = ("propaganda", "party_office")
TOMORROW = MONDAY + dt.timedelta(days=1)


def sound() -> None:
    assert list(table_check(DirectiveEvent)) == []
    assert list(table_check(AssignmentEvent)) == []
    assert list(invariants.directive_version_is_in_history()) == []
    assert list(invariants.replaced_has_a_successor()) == []
    assert list(invariants.version_is_number_of_events()) == []
    assert list(invariants.open_task_with_date_has_one_running_clock()) == []
    assert list(invariants.owed_period_has_one_running_clock()) == []
    assert list(invariants.withdrawn_was_told()) == []


# Entering and correcting


def test_a_document_is_entered_as_a_draft() -> None:
    directive = entered()
    assert (directive.slug, directive.state, directive.version) == (SLUG, "draft", 1)
    assert "doi thoai voi nhan dan" in directive.search_text
    assert history(directive) == ["created"]
    event = DirectiveEvent.objects.get(directive=directive)
    assert event.actor == person_make("propaganda")
    sound()


@pytest.mark.parametrize("who", ["secretary", "city_secretary", "city_front", "internal_affairs"])
def test_only_whoever_gives_tasks_keeps_the_register(who: str) -> None:
    with pytest.raises(NotPermitted):
        entered(who)
    directive = in_force(is_public=True)
    for service, values in (
        (services.directive_change, {"record": record()}),
        (services.directive_publish, {}),
        (services.directive_withdraw, {"reason": "Thử."}),
        (services.directive_relate, {"kind": "continues", "target": "07-ct-tu"}),
        (services.group_create, {"title": "A", "text": "B"}),
    ):
        with pytest.raises(NotPermitted):
            do(service, directive, who, **values)
    assert history(directive) == ["created", "published"]


def test_a_draft_is_not_there_for_others() -> None:
    directive = entered()
    with pytest.raises(NotVisible):
        do(services.directive_publish, directive, "internal_affairs")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "khong so"}, "number"),
        ({"number": "1699-cv/tu"}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"kind": "letter"}, "kind"),
        ({"issuer": ""}, "issuer"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"summary": "x" * 4001}, "summary"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"confidentiality": "internal", "is_public": True}, "is_public"),
        ({"valid_until": MONDAY - dt.timedelta(days=1)}, "valid_until"),
        ({"valid_from": TOMORROW, "valid_until": MONDAY}, "valid_until"),
    ],
)
def test_what_is_wrong_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        entered(**changes)
    assert list(caught.value.fields) == [field]
    directive = in_force()
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_change, directive, record=record(**changes))
    assert list(caught.value.fields) == [field]


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        entered(number="", issuer="", kind="x")
    assert set(caught.value.fields) == {"number", "issuer", "kind"}


def test_a_number_taken_in_the_same_moment_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    entered()
    monkeypatch.setattr(register_service, "_number_wrong", lambda *_: {})
    with pytest.raises(Conflict, match="directives_directive_number_key"):
        entered()
    other = entered(number="22-CV/TU")
    with pytest.raises(Conflict, match="directives_directive_number_key"):
        do(services.directive_change, other, record=record())


def test_like_numbers_have_addresses_of_their_own() -> None:
    entered()
    assert entered(number="21-CV-TU").slug == "21-cv-tu-b2"
    assert entered(number="21 CV TU").slug == "21-cv-tu-b3"


def test_a_correction_is_a_version_with_before_and_after() -> None:
    directive = entered()
    do(services.directive_change, directive, record=record(subject="Tiếp dân", valid_from=TOMORROW))
    directive.refresh_from_db()
    assert (directive.version, directive.subject) == (2, "Tiếp dân")
    assert "tiep dan" in directive.search_text
    assert last(directive) == {
        "fields": {
            "subject": ["Đối thoại với nhân dân", "Tiếp dân"],
            "valid_from": [None, "2026-11-17"],
        },
        "version": 2,
    }
    sound()


def test_nothing_to_correct_makes_no_version() -> None:
    directive = entered()
    assert do(services.directive_change, directive, record=record()).version == 1
    assert history(directive) == ["created"]


def test_a_stale_correction_changes_nothing() -> None:
    directive = entered()
    do(services.directive_change, directive, record=record(subject="Tiếp dân"))
    with pytest.raises(Stale) as caught:
        do(services.directive_change, directive, version=1, record=record(subject="Khác"))
    assert caught.value.extra["version"] == 2
    for service, values in (
        (services.directive_publish, {}),
        (services.directive_relate, {"kind": "continues", "target": "07-ct-tu"}),
        (services.directive_file_add, {"attachment": upload()}),
        (services.group_create, {"title": "A", "text": "B"}),
    ):
        with pytest.raises(Stale):
            do(service, directive, version=1, **values)
    assert Directive.objects.get(pk=directive.pk).subject == "Tiếp dân"


# In force


def test_a_draft_is_put_in_force_once() -> None:
    directive = in_force()
    assert (directive.state, directive.version) == ("in_force", 2)
    with pytest.raises(NotPermitted):
        do(services.directive_publish, directive)
    sound()


def test_a_document_of_the_future_is_not_in_force() -> None:
    directive = entered(issued_on=TOMORROW)
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_publish, directive, at=AT)
    assert list(caught.value.fields) == ["issued_on"]
    do(services.directive_publish, directive, at=later(1))


# Files


def test_files_come_and_go_and_stay_in_the_history() -> None:
    directive = in_force()
    file = do(services.directive_file_add, directive, attachment=upload(), role="annex")
    assert [row.role for row in found.directive_files(directive)] == ["annex"]
    key = file.attachment.public_id
    assert found.directive_file_get(directive, key) == file.attachment
    do(services.directive_file_remove, directive, file=key)
    assert found.directive_files(directive) == []
    with pytest.raises(NotVisible):
        found.directive_file_get(directive, key)
    with pytest.raises(NotVisible):
        do(services.directive_file_remove, directive, file=key)
    assert DirectiveFile.objects.count() == 1
    assert history(directive)[-2:] == ["file_added", "file_removed"]
    assert last(directive)["name"] == "bien-ban.txt"
    sound()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"attachment": "x"}, "attachment"), ({"role": "x"}, "role"), ({"title": "x" * 201}, "title")],
)
def test_a_wrong_file_names_its_field(changes: dict[str, Any], field: str) -> None:
    directive = entered()
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_file_add, directive, **({"attachment": upload()} | changes))
    assert list(caught.value.fields) == [field]


def test_a_file_of_another_document_is_not_there() -> None:
    one, other = in_force(), in_force(number="22-CV/TU")
    file = do(services.directive_file_add, one, attachment=upload())
    with pytest.raises(NotVisible):
        found.directive_file_get(other, file.attachment.public_id)
    with pytest.raises(NotVisible):
        do(services.directive_file_remove, other, file=file.attachment.public_id)


# Relations


def test_a_document_in_force_replaces_another_at_once() -> None:
    directive = in_force()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu", at=AT)
    replaced = Directive.objects.get(slug="07-ct-tu")
    assert replaced.state == "replaced"
    assert last(replaced) == {"by": NUMBER, "version": replaced.version}
    assert last(directive) == {"kind": "replaces", "target": "07-CT/TU", "version": 3}
    with pytest.raises(InvalidInput):
        do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")
    with pytest.raises(NotPermitted):
        do(services.directive_change, replaced, record=record(number="07-CT/TU"))
    sound()


def test_a_draft_replaces_when_it_is_put_in_force() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu")
    assert Directive.objects.get(slug="07-ct-tu").state == "in_force"
    do(services.directive_publish, directive, at=AT)
    assert Directive.objects.get(slug="07-ct-tu").state == "replaced"
    sound()


def test_a_relation_of_a_draft_is_taken_back() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu")
    do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")
    do(services.directive_publish, directive, at=AT)
    assert Directive.objects.get(slug="07-ct-tu").state == "in_force"
    assert history(directive) == ["created", "related", "unrelated", "published"]
    with pytest.raises(NotVisible):
        do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")


@pytest.mark.parametrize(
    ("kind", "target", "field"),
    [
        ("follows", "07-ct-tu", "kind"),
        ("continues", "99-ct-tu", "target"),
        ("continues", SLUG, "target"),
        ("continues", "36-ct-tu", "target"),
        ("replaces", "22-cv-tu", "target"),
    ],
)
def test_a_wrong_relation_names_its_field(kind: str, target: str, field: str) -> None:
    directive = in_force()
    entered(number="22-CV/TU")
    do(services.directive_relate, directive, kind="continues", target="36-ct-tu")
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_relate, directive, kind=kind, target=target)
    assert list(caught.value.fields) == [field]


def test_relations_are_read_from_both_sides() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="amends", target="07-ct-tu")
    other = Directive.objects.get(slug="07-ct-tu")
    seen = [row.source.slug for row in found.relations_to(other, access_make("propaganda"))]
    assert SLUG in seen
    hidden = [row.source.slug for row in found.relations_to(other, access_make("secretary"))]
    assert SLUG not in hidden


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
