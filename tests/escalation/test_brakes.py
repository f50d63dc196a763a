"""Caps, switches and stops: what is kept back is counted, told, and comes later."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountEvent
from common.errors import Conflict, InvalidInput, NotVisible
from common.time import now, today
from communes.models import Unit
from deadlines.models import Clock
from escalation.brakes import Caps
from escalation.keeping import stop_confirm, switch_end, switch_off
from escalation.models import Escalation, LadderSwitch, SweepRun, SweepStop
from escalation.sweep import SweepResult, sweep_run
from notifications.models import OutboxMessage
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
SMALL = Caps(unit=2, run=100)


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "chair", "other_chair", "board_head", "city_chair", "admin"):
        person_make(name)


def ward(code: str = WARD) -> Unit:
    return Unit.objects.get(code=code)


def breaches(unit: str = WARD) -> int:
    return Escalation.objects.filter(step_code="breach", unit__code=unit).count()


def sweep(at: dt.datetime = BREACH, caps: Caps = SMALL) -> SweepResult:
    return sweep_run(at=at, caps=caps)


def test_above_the_cap_the_longest_overdue_are_taken_and_the_rest_waits(story: Make) -> None:
    tales = [story(at=FILED + dt.timedelta(days=day)) for day in (3, 0, 1, 2)]
    other = story(at=FILED, unit=OTHER_WARD)
    late = BREACH + dt.timedelta(days=10)
    result = sweep(late)
    assert result.skipped["capped"] == 2
    assert breaches() == 2
    assert breaches(OTHER_WARD) == 1
    taken = Escalation.objects.filter(step_code="breach", unit__code=WARD)
    codes = set(taken.values_list("clock__case_clock__case__code", flat=True))
    assert codes == {tales[1].filed.code, tales[2].filed.code}
    assert other.case.escalation_level > 0


def test_administrators_are_told_once_and_later_runs_wait(story: Make) -> None:
    for _ in range(3):
        story(at=FILED)
    sweep()
    again = sweep()
    assert (again.examined, again.skipped) == (0, {"capped": 1})
    assert SweepStop.objects.filter(confirmed_at=None).count() == 1
    told = OutboxMessage.objects.filter(template="sweep_stopped", position="admin")
    assert {message.params["due"] for message in told} == {3}
    assert len({message.params["unit"] for message in told}) == 1
    assert breaches() == 2


def test_after_confirmation_it_goes_on(story: Make) -> None:
    for _ in range(5):
        story(at=FILED)
    sweep()
    stop = SweepStop.objects.get()
    stop_confirm(access=access_make("admin"), public_id=stop.public_id, note="Nhập dữ liệu cũ.")
    assert sweep().skipped.get("capped", 0) == 0
    assert breaches() == 5
    with pytest.raises(Conflict):
        stop_confirm(access=access_make("admin"), public_id=stop.public_id, note="Lần nữa.")
    event = AccountEvent.objects.filter(user=person_make("admin")).latest("sequence")
    assert event.action == "escalation.stop.confirmed"


def test_the_whole_run_has_a_cap_of_its_own(story: Make) -> None:
    for unit in (WARD, OTHER_WARD):
        for _ in range(2):
            story(at=FILED, unit=unit)
    result = sweep(caps=Caps(unit=100, run=3))
    assert SweepStop.objects.get().unit is None
    assert breaches() + breaches(OTHER_WARD) == 3
    assert result.skipped["capped"] == 1
    stop = SweepStop.objects.get()
    stop_confirm(access=access_make("admin"), public_id=stop.public_id, note="Sau khi mất điện.")
    sweep(caps=Caps(unit=1, run=3))
    assert breaches() + breaches(OTHER_WARD) == 4


def test_below_the_cap_nothing_stops(story: Make) -> None:
    story(at=FILED)
    story(at=FILED)
    assert sweep().skipped == {"not_forwarded": 0} or not SweepStop.objects.exists()
    assert breaches() == 2


def test_a_dry_run_foresees_the_stop_and_writes_none(story: Make) -> None:
    for _ in range(3):
        story(at=FILED)
    result = sweep_run(at=BREACH, dry_run=True, caps=SMALL)
    assert result.skipped["capped"] == 3
    assert not SweepStop.objects.exists()
    assert not Escalation.objects.exists()


def test_a_switch_keeps_a_unit_back_and_what_fell_due_comes_afterwards(story: Make) -> None:
    story(at=FILED)
    story(at=FILED, unit=OTHER_WARD)
    admin = access_make("admin")
    switch = switch_off(
        access=admin, unit=ward(), ladder="", reason="Đang sáp nhập.", until=today()
    )
    LadderSwitch.objects.update(from_at=BREACH, until_at=BREACH + dt.timedelta(days=900))
    result = sweep()
    assert result.skipped["switched_off"] == 1
    assert (breaches(), breaches(OTHER_WARD)) == (0, 1)
    switch_end(access=admin, public_id=switch.public_id)
    LadderSwitch.objects.update(until_at=BREACH)
    sweep()
    assert breaches() == 1


def test_a_switch_for_one_ladder_leaves_the_others(story: Make) -> None:
    story(at=FILED).accepted(at=FILED)
    story(at=FILED)
    LadderSwitch.objects.create(
        ladder="first_answer",
        reason="Thử.",
        from_at=BREACH,
        until_at=BREACH + dt.timedelta(days=999),
        made_by=person_make("admin"),
        made_at=BREACH,
    )
    late = BREACH + dt.timedelta(days=60)
    assert sweep_run(at=late).skipped["switched_off"] == 1
    ladders = Clock.objects.filter(escalations__isnull=False).values_list("ladder", flat=True)
    assert set(ladders) == {"resolution"}


def test_only_administrators_switch_with_reason_and_end(story: Make) -> None:
    with pytest.raises(NotVisible):
        switch_off(access=access_make("chair"), unit=ward(), ladder="", reason="x", until=today())
    for given in (
        {"unit": None, "ladder": "", "reason": "Vì", "until": today()},
        {"unit": ward(), "ladder": "", "reason": " ", "until": today()},
        {"unit": ward(), "ladder": "", "reason": "Vì", "until": today() - dt.timedelta(days=1)},
        {"unit": ward(), "ladder": "", "reason": "Vì", "until": today() + dt.timedelta(days=91)},
    ):
        with pytest.raises(InvalidInput):
            switch_off(access=access_make("admin"), **given)  # type: ignore[arg-type]
    assert not LadderSwitch.objects.exists()


def test_the_database_keeps_one_open_stop_a_unit(story: Make) -> None:
    SweepStop.objects.create(due=5, cap=2, opened_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SweepStop.objects.create(due=6, cap=2, opened_at=now())


def test_the_run_keeps_examples_of_what_it_did_not_take(story: Make) -> None:
    tale = story(at=FILED)
    late = BREACH + dt.timedelta(days=6)
    sweep_run(at=late)
    run = SweepRun.objects.latest("id")
    clock = Clock.objects.get(case_clock__case=tale.case)
    assert run.examples == {"not_forwarded": [str(clock.public_id)]}
    assert run.skipped == {"not_forwarded": 1}


def test_a_stop_that_nobody_looks_at_is_told_again_every_day(story: Make) -> None:
    for _ in range(3):
        story(at=FILED)
    sweep()
    told = OutboxMessage.objects.filter(template="sweep_stopped", channel="email")
    first = told.count()
    sweep()
    assert told.count() == first
    SweepStop.objects.update(opened_at=now() - dt.timedelta(days=2))
    told.update(event="told-the-day-before-yesterday")
    sweep()
    sweep()
    assert told.count() == 2 * first


def test_the_health_page_warns_of_a_stop(story: Make, client: Any) -> None:
    assert "sweep_stopped" not in client.get("/health/ready/").json()["warnings"]
    SweepStop.objects.create(due=5, cap=2, opened_at=now())
    assert "sweep_stopped" in client.get("/health/ready/").json()["warnings"]


def test_a_run_by_hand_is_confirmed_in_advance(story: Make, settings: Any) -> None:
    settings.ESCALATION_CAP_UNIT = 1
    for _ in range(3):
        story(at=FILED)
    SweepStop.objects.create(due=5, cap=2, opened_at=now())
    assert sweep_run(at=BREACH, is_manual=True).escalations == 3
    assert SweepStop.objects.count() == 1


def test_switching_off_the_old_ladder_reaches_the_clocks_that_name_none(story: Make) -> None:
    story(at=FILED)
    Clock.objects.update(ladder="")
    LadderSwitch.objects.create(
        ladder="statutory",
        reason="Thử.",
        from_at=BREACH,
        until_at=BREACH + dt.timedelta(days=9),
        made_by=person_make("admin"),
        made_at=BREACH,
    )
    assert sweep().skipped == {"switched_off": 1}


def test_what_is_held_back_counts_nothing_that_administrators_must_not_know(story: Make) -> None:
    """Of five clocks above the cap two are of matters from which units are barred."""
    for _ in range(5):
        story(at=FILED)
    barred = list(Clock.objects.order_by("-pk").values_list("pk", flat=True)[:2])
    Clock.objects.filter(pk__in=barred).update(barred_units=[ward(OTHER_WARD).pk])
    result = sweep_run(at=BREACH, caps=SMALL)
    kept = SweepRun.objects.get()
    left = result.skipped["capped"]
    assert left == result.hidden["capped"] + kept.skipped.get("capped", 0)
    assert result.hidden["capped"] == 2
