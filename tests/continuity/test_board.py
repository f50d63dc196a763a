"""What lies untouched or without a holder, and who is told."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Absence, Membership
from common.errors import Conflict, NotPermitted, NotVisible
from common.time import local_moment
from communes.models import Unit
from continuity.enums import GapKind
from continuity.models import Gap, GapEvent
from continuity.selectors_board import Found, gaps_found
from continuity.services import gap_urge, gaps_watch
from directives.models import Assignment
from directives.services import owner_appoint
from early_warning.models import Signal, WarningRule
from early_warning.services import signal_appoint, signal_close
from notifications.models import OutboxMessage
from petitions.models import SubjectField
from petitions.services.intake import petition_file
from tests.directives.giving import give, task_make
from tests.people import OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast import session_public

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 25)  # Wednesday
AT = local_moment(TODAY, 9)
BOARD, URGE = "/can-bo/lien-tuc/", "/can-bo/lien-tuc/nhac/"


Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    Assignment.objects.update(state="confirmed")
    for name in ("clerk", "chair", "handler", "secretary"):
        person_make(name)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def found(kind: GapKind, code: str = WARD) -> list[Found]:
    return [row for row in gaps_found(AT) if row.kind == kind and row.unit.code == code]


def file(days: int, **changes: Any) -> Story:
    at = local_moment(TODAY - dt.timedelta(days=days), 9)
    return Story(petition_file(filing=filing_make(**changes), at=at))


def leave(name: str, on: dt.date = TODAY - dt.timedelta(days=1)) -> None:
    Membership.objects.filter(user=person_make(name)).update(valid_to=on)


def away(name: str, deputy: str = "") -> None:
    Absence.objects.create(
        person=person_make(name), from_on=TODAY, to_on=TODAY, reason="leave",
        deputy=person_make(deputy) if deputy else None, recorded_by=person_make(name),
        recorded_at=AT,
    )  # fmt: skip


def test_a_ward_with_its_people_lacks_nothing() -> None:
    assert [row for row in gaps_found(AT) if row.unit.code == WARD] == []


def test_a_post_is_vacant_when_its_holder_has_left() -> None:
    leave("chair")
    (row,) = found(GapKind.VACANT)
    assert row.key == "head"
    assert row.acts == (row.unit.pk, "secretary")


def test_a_post_that_ends_needs_a_successor() -> None:
    leave("chair", TODAY + dt.timedelta(days=10))
    (row,) = found(GapKind.ENDING)
    assert row.since == TODAY + dt.timedelta(days=10)
    unit = Unit.objects.get(code=WARD)
    Membership.objects.create(
        user=person_make("handler"), unit=unit, role="head",
        valid_from=TODAY + dt.timedelta(days=5),
    )  # fmt: skip
    assert found(GapKind.ENDING) == []


def test_a_post_that_ends_later_is_no_gap_yet() -> None:
    leave("chair", TODAY + dt.timedelta(days=11))
    assert found(GapKind.ENDING) == []


def test_an_absent_holder_needs_a_deputy() -> None:
    away("chair")
    assert [row.key for row in found(GapKind.ABSENT)] == ["head"]
    Absence.objects.update(deputy=person_make("secretary"))
    assert found(GapKind.ABSENT) == []


def test_petitions_lie_untouched_after_two_full_working_days() -> None:
    file(6)  # Thursday: Friday and Monday have passed, Tuesday 24 November is a day off
    (row,) = found(GapKind.PETITIONS)
    assert row.since == dt.date(2026, 11, 19)


def test_petitions_of_friday_are_no_gap_yet_on_wednesday() -> None:
    file(5)
    assert found(GapKind.PETITIONS) == []


def test_somebody_of_the_unit_touches_the_inbox() -> None:
    file(8)
    file(8).do("clerk", "receive", local_moment(TODAY, 8), is_signed=True)
    assert found(GapKind.PETITIONS) == []


def test_a_case_closed_yesterday_was_work_in_the_inbox() -> None:
    file(8)
    story = file(8)
    long_ago, yesterday = (local_moment(TODAY - dt.timedelta(days=d), 10) for d in (8, 1))
    story.do("clerk", "receive", long_ago, is_signed=True)
    said = {"ground": "time_bar", "text": "Hết thời hiệu."}
    story.do("chair", "propose", long_ago, proposal="decline", **said)
    assert len(found(GapKind.PETITIONS)) == 1
    story.do("chair", "decline", yesterday, number="3/TB", **said)
    assert story.case.closed_at == yesterday
    assert found(GapKind.PETITIONS) == []


def test_what_waits_for_somebody_else_is_no_gap() -> None:
    story = file(8)
    story.do("clerk", "receive", local_moment(TODAY - dt.timedelta(days=8), 10), is_signed=True)
    story.do(
        "clerk", "request_supplement", local_moment(TODAY - dt.timedelta(days=8), 11),
        reason="Bản sao giấy tờ.", due_on=(TODAY + dt.timedelta(days=9)).isoformat(),
    )  # fmt: skip
    assert found(GapKind.PETITIONS) == []


def test_the_board_does_not_know_denunciations() -> None:
    """Neither they nor the work on them change a row."""
    respondent = {"name": "Ông Thử", "unit": "00025", "position": "chair"}
    before = gaps_found(AT)
    story = file(8, kind="denunciation", respondent=respondent)
    assert gaps_found(AT) == before
    file(8)
    rows = gaps_found(AT)
    story.do("clerk", "receive", local_moment(TODAY, 8), is_signed=True)
    assert gaps_found(AT) == rows
    assert len(found(GapKind.PETITIONS)) == 1


def test_tasks_that_were_not_received() -> None:
    give(task_make(), at=local_moment(TODAY - dt.timedelta(days=6), 9))
    assert len(found(GapKind.TASKS)) == 1


def test_what_is_older_than_the_calendar_is_counted_in_calendar_days(client: Client) -> None:
    row = give(task_make())
    Assignment.objects.filter(pk=row.pk).update(assigned_at=local_moment(dt.date(2021, 10, 1), 9))
    client.force_login(person_make("chair"))
    days = (TODAY - dt.date(2021, 10, 1)).days
    text = client.get(BOARD, {"kind": "tasks"}).content.decode()
    assert f"{days:,}".replace(",", ".") in text or str(days) in text


def test_work_of_somebody_who_left_waits_for_a_handover() -> None:
    file(1).accepted(local_moment(TODAY - dt.timedelta(days=1), 9))
    task = give(task_make(), at=local_moment(TODAY - dt.timedelta(days=1), 9))
    owner_appoint(
        access=access_make("clerk"), public_id=task.public_id, version=1, owner="handler", at=AT
    )
    assert found(GapKind.OFFICER) == found(GapKind.OWNER) == []
    leave("handler")
    (row,) = found(GapKind.OFFICER)
    assert row.facts["count"] == 1
    assert len(found(GapKind.OWNER)) == 1


def followed(owner: str = "handler") -> Signal:
    """A signal in the ward that somebody follows."""
    row = Signal.objects.create(
        key="test", rule=WarningRule.objects.get(code="DN-CUM-DON"),
        unit=Unit.objects.get(code=WARD), field=SubjectField.objects.get(code="environment"),
        measured=12, threshold=12, facts={"measured": 12, "window": 30, "threshold": 12}, found_at=AT,
    )  # fmt: skip
    return signal_appoint(
        access=access_make("chair"), public_id=row.public_id, version=row.version, owner=owner,
        next_look_on=TODAY + dt.timedelta(days=7), at=AT,
    )  # fmt: skip


def test_a_signal_whose_owner_left_waits_for_another(enter: Enter) -> None:
    followed()
    assert found(GapKind.OWNER) == []
    moved = Membership.objects.get(user=person_make("handler"))
    moved.unit = Unit.objects.get(code=OTHER_WARD)
    moved.save()
    (row,) = found(GapKind.OWNER)
    assert (row.key, row.facts["count"]) == ("signals:handler", 1)
    assert row.acts == (row.unit.pk, "head")
    (line,) = enter("chair").get(BOARD, {"kind": "owner"}).context["rows"]
    assert "không còn ở đơn vị mà vẫn đang theo dõi tín hiệu" in line["words"]
    assert line["href"] == f"/can-bo/canh-bao-som/?unit={WARD}&state=watched"
    shown = enter("chair").get(line["href"]).context["rows"]
    assert [one["signal"].owner.username for one in shown] == ["handler"]


def test_a_signal_that_nobody_follows_has_no_owner_to_leave() -> None:
    row = followed()
    away("handler", "clerk")
    assert found(GapKind.OWNER) == []
    leave("handler")
    assert len(found(GapKind.OWNER)) == 1
    signal_close(
        access=access_make("chair"), public_id=row.public_id, version=row.version,
        is_true=True, text="Đã giải quyết.", at=AT,
    )  # fmt: skip
    assert found(GapKind.OWNER) == []


def test_somebody_absent_hands_over_to_a_deputy() -> None:
    file(1).accepted(local_moment(TODAY - dt.timedelta(days=1), 9))
    away("handler")
    assert len(found(GapKind.OFFICER)) == 1
    Absence.objects.update(deputy=person_make("clerk"))
    assert found(GapKind.OFFICER) == []


def test_a_session_whose_leader_left() -> None:
    session = session_public("secretary", at=AT)
    assert found(GapKind.LEADER) == []
    leave("secretary")
    assert [row.key for row in found(GapKind.LEADER)] == [str(session.public_id)]


def test_urged_once_a_day_by_who_may() -> None:
    leave("chair")
    asked = {"unit": WARD, "kind": "vacant", "key": "head"}
    gap = gap_urge(access=access_make("party_office"), at=AT, **asked)
    assert gap.urged_on == TODAY
    told = OutboxMessage.objects.filter(template="gap_urged", channel="app")
    assert [(row.unit.code, row.position) for row in told if row.unit] == [(WARD, "secretary")]
    with pytest.raises(Conflict):
        gap_urge(access=access_make("propaganda"), at=AT, **asked)
    gap_urge(access=access_make("party_office"), at=AT + dt.timedelta(days=1), **asked)
    assert GapEvent.objects.filter(gap=gap).count() == 2
    with pytest.raises(NotPermitted):
        gap_urge(access=access_make("chair"), at=AT, **asked)
    with pytest.raises(NotVisible):
        gap_urge(access=access_make("party_office"), at=AT, **asked | {"key": "clerk"})


def test_the_watch_tells_what_is_new_once() -> None:
    leave("chair")
    gaps_watch(AT)
    to_head = OutboxMessage.objects.filter(template="gap_found", channel="app", unit__code=WARD)
    assert to_head.count() == 1
    assert gaps_watch(AT) == 0
    assert to_head.count() == 1
    Membership.objects.filter(user=person_make("chair")).update(valid_to=None)
    gaps_watch(AT)
    gap = Gap.objects.get(unit__code=WARD, kind="vacant")
    assert gap.gone_on == TODAY
    actions = GapEvent.objects.filter(gap=gap).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["continuity.gap.found", "continuity.gap.gone"]


def test_the_office_is_told_in_one_notice() -> None:
    assert gaps_watch(AT) > 100
    told = OutboxMessage.objects.filter(template="gap_found", channel="app", unit__code="VPTU")
    assert told.count() == 1


def test_a_leader_sees_the_own_unit_the_city_every_unit(enter: Enter) -> None:
    Membership.objects.filter(user=person_make("clerk")).update(valid_to=TODAY)
    page = enter("chair").get(BOARD)
    assert {line["row"].unit.code for line in page.context["rows"]} == {WARD}
    page = enter("party_office").get(BOARD)
    assert len({line["row"].unit.code for line in page.context["rows"]}) > 1
    assert "Phường" in page.content.decode()
    assert enter("clerk").get(BOARD).status_code == 403


def test_pages_of_the_board_show_every_row_once(enter: Enter) -> None:
    client = enter("party_office")
    seen: list[tuple[str, str, str]] = []
    href = BOARD
    while href:
        page = client.get(href if href.startswith("/") else BOARD + href)
        seen += [(x["row"].unit.code, x["row"].kind, x["row"].key) for x in page.context["rows"]]
        href = page.context["next_href"]
    every = [(row.unit.code, row.kind, row.key) for row in gaps_found(AT)]
    assert seen == every


def test_filters_keep_what_fits(enter: Enter) -> None:
    client = enter("party_office")
    rows = client.get(BOARD, {"q": "ba dinh", "kind": "vacant"}).context["rows"]
    assert rows == []
    leave("chair")
    rows = client.get(BOARD, {"q": "ba dinh", "kind": "vacant"}).context["rows"]
    assert [line["row"].key for line in rows] == ["head"]
    assert client.get(BOARD, {"kind": "x"}).status_code == 200


def test_the_queries_do_not_depend_on_the_rows(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("party_office")
    client.get(BOARD)
    with django_assert_max_num_queries(26):
        client.get(BOARD)


def test_urging_by_the_page(enter: Enter) -> None:
    leave("chair")
    client = enter("party_office")
    data = {"unit": WARD, "kind": "vacant", "key": "head"}
    page = client.post(URGE, data, follow=True)
    assert "Đã đôn đốc" in page.content.decode()
    page = client.post(URGE, data, follow=True)
    assert "hôm nay" in page.content.decode()
    assert client.post(URGE, data | {"kind": "x"}).status_code == 404
    assert enter("chair").post(URGE, data).status_code == 403


def test_the_api_says_the_same(enter: Enter) -> None:
    leave("chair")
    client = enter("secretary")
    answer = client.get("/api/v1/continuity/", {"kind": "vacant"}).json()
    assert [(row["unit"]["code"], row["kind"]) for row in answer["results"]] == [(WARD, "vacant")]
    assert client.get("/api/v1/continuity/", {"kinds": "x"}).status_code == 400
    assert enter("clerk").get("/api/v1/continuity/").status_code == 403
    assert OTHER_WARD not in {row["unit"]["code"] for row in answer["results"]}
