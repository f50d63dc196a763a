"""Who changed positions, days off and ladders: kept by triggers, read on a page."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from common.history_guard import append_only_tables
from common.models import HistoryRoot
from common.roots import root_make
from common.time import today
from communes.models import Unit
from deadlines.models import CalendarDay
from escalation.models import LadderSwitch
from hanoi_portal import models as tracked
from hanoi_portal.changes import KINDS, _label, _Names
from hanoi_portal.middleware import FieldHistory
from tests.people import OTHER_WARD, WARD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 10, 15)


def calendar_day(**changes: Any) -> CalendarDay:
    values = {"date": DAY, "kind": "holiday", "name": "Quốc khánh", "basis": "Thông báo số 1"}
    return CalendarDay.objects.create(**(values | {"status": "expected"} | changes))


def of(day: CalendarDay) -> list[Any]:
    model: Any = tracked.CalendarDayChange
    return list(model.objects.filter(pgh_obj_id=day.pk).order_by("pgh_id"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_is_append_only(kind: str) -> None:
    assert KINDS[kind][0]._meta.db_table in append_only_tables()


def test_every_way_of_writing_leaves_a_version() -> None:
    day = calendar_day()
    CalendarDay.objects.filter(pk=day.pk).update(name="Nghỉ bù")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deadlines_calendarday SET name = name WHERE id = %s", [day.pk])
        cursor.execute("UPDATE deadlines_calendarday SET basis = 'x' WHERE id = %s", [day.pk])
        cursor.execute("DELETE FROM deadlines_calendarday WHERE id = %s", [day.pk])
    versions = of(day)
    assert [v.pgh_label for v in versions] == ["insert", "update", "update", "delete"]
    assert [v.name for v in versions] == ["Quốc khánh", "Nghỉ bù", "Nghỉ bù", "Nghỉ bù"]
    assert {v.pgh_context for v in versions} == {None}


def test_counters_of_a_reception_day_and_tries_of_a_ladder_are_no_change() -> None:
    session = {f.name for f in tracked.SessionChange._meta.fields}
    assert not {"places_taken", "last_number", "version"} & session
    assert not {"tried", "tried_at"} & {f.name for f in tracked.LadderChange._meta.fields}


def test_cases_clocks_and_messages_have_no_such_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger_insert_insert%'"
        )
        found = {row[0] for row in cursor.fetchall()}
    assert found == {
        "accounts_membership", "communes_unit", "deadlines_calendarday", "directives_task",
        "escalation_ladder", "escalation_ladderswitch", "receptions_receptionsession",
        "receptions_sessionpattern",
    }  # fmt: skip


def test_a_change_on_a_page_names_the_person_and_nothing_else(client: StrictClient) -> None:
    """Neither address nor path nor what was typed."""
    client.force_login(person_make("admin"))
    reason = "Đợt kiểm tra nội bộ"
    until = (today() + dt.timedelta(days=3)).isoformat()
    form = {"unit": WARD, "ladder": "", "until": until, "reason": reason}
    answer = client.post(f"{reverse('escalation:keeping')}?next=x", form, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 302
    client.post(reverse("escalation:switch_on", args=[LadderSwitch.objects.get().public_id]))
    model: Any = tracked.LadderSwitchChange
    versions = list(model.objects.order_by("pgh_id"))
    assert [v.pgh_label for v in versions] == ["insert", "update"]
    assert {json.dumps(v.pgh_context, sort_keys=True) for v in versions} == {
        json.dumps({"process": "web", "user": person_make("admin").pk})
    }
    text = page(client, "admin", "switch")
    assert "Cán bộ admin" in text
    assert reason in text


def test_a_call_of_the_api_names_the_owner_of_the_token() -> None:
    """The person is known only inside the view, after the middleware."""
    seen: list[Any] = []

    def view(request: Any) -> Any:
        request.user = person_make("clerk")
        day = calendar_day()
        seen.extend(of(day))
        return HttpResponse()

    middleware: Any = FieldHistory
    middleware(view)(RequestFactory().post("/api/v1/x/"))
    assert seen[0].pgh_context == {"user": person_make("clerk").pk, "process": "web"}


def page(client: StrictClient, who: str, kind: str) -> str:
    client.force_login(person_make(who))
    answer = client.get(reverse("system_changes"), {"kind": kind})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_says_what_changed_from_and_to(client: StrictClient) -> None:
    day = calendar_day()
    CalendarDay.objects.filter(pk=day.pk).update(name="Nghỉ bù Quốc khánh", status="verified")
    text = page(client, "admin", "calendar")
    assert "<del>Quốc khánh</del>" in text
    assert "<ins>Nghỉ bù Quốc khánh</ins>" in text
    assert "15/10/2027" in text


def test_positions_and_ladders_are_shown_in_words(client: StrictClient) -> None:
    member = Membership.objects.get(user=person_make("clerk"))
    Membership.objects.filter(pk=member.pk).update(valid_to=dt.date(2026, 12, 31))
    text = page(client, "admin", "membership")
    assert "Cán bộ clerk" in text
    assert "<ins>31/12/2026</ins>" in text
    assert "văn thư" in text
    for kind in KINDS:
        page(client, "admin", kind)


def test_a_head_reads_the_positions_of_the_own_unit_only(client: StrictClient) -> None:
    person_make("clerk")
    person_make("other_clerk")
    text = page(client, "chair", "membership")
    assert "Cán bộ clerk" in text
    assert "other_clerk" not in text
    assert client.get(reverse("system_changes"), {"kind": "calendar"}).status_code == 404


def test_a_head_does_not_read_what_the_position_was_in_another_unit(client: StrictClient) -> None:
    """Somebody who moved: the title and the days there are the other unit's matter."""
    member = Membership.objects.get(user=person_make("other_clerk"))
    Membership.objects.filter(pk=member.pk).update(title="Chức danh nơi cũ")
    Membership.objects.filter(pk=member.pk).update(unit=Unit.objects.get(code=WARD), title="Mới")
    text = page(client, "chair", "membership")
    assert "<ins>Mới</ins>" in text
    assert "Chức danh nơi cũ" not in text
    assert str(Unit.objects.get(code=OTHER_WARD)) not in text
    assert "Chức danh nơi cũ" in page(client, "admin", "membership")


def test_the_roots_page_and_file(client: StrictClient) -> None:
    client.force_login(person_make("internal_affairs"))
    assert client.get(reverse("system_roots")).status_code == 200
    root_make()
    digest = bytes(HistoryRoot.objects.get().hash).hex()
    assert digest in client.get(reverse("system_roots")).content.decode()
    answer = client.get(reverse("system_roots_file"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.content)["hash"] == digest


def test_neither_page_nor_file_of_the_roots_counts_what_happened(client: StrictClient) -> None:
    """On a quiet day one more event would be a denunciation."""
    client.force_login(person_make("admin"))
    person_make("clerk")  # an account of events
    root = root_make()
    assert root is not None
    counted = str(root.events), *(str(entry["upto"]) for entry in root.tables.values())
    page = client.get(reverse("system_roots")).content.decode()
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    assert len(cells) == 2
    assert not [cell for cell in cells if cell.strip() in counted]
    line = json.loads(client.get(reverse("system_roots_file")).content)
    assert set(line) == {"since", "day", "made_at", "previous", "hash"}


def test_versions_cannot_be_changed() -> None:
    calendar_day()
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        tracked.CalendarDayChange.objects.update(name="x")


def test_the_unit_of_the_ward_is_tracked() -> None:
    unit = Unit.objects.get(code=WARD)
    Unit.objects.filter(pk=unit.pk).update(name="Ba Đình mới")
    last: Any = tracked.UnitChange.objects.filter(pgh_obj_id=unit.pk).latest("pgh_id")
    assert last.name == "Ba Đình mới"


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_named_in_vietnamese(kind: str) -> None:
    model = KINDS[kind][0]
    with translation.override("vi"):
        names = {one.name: _label(model, one) for one in _Names(model, []).fields}
    assert not [name for name, words in names.items() if words == name.replace("_", " ")]
