"""Ladders of the City's own: tried before they hold, for limits that start afterwards."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import IntegrityError, transaction

from common.errors import Conflict, InvalidInput, NotVisible
from deadlines.models import Clock
from deadlines.rules import rule_get
from escalation.keeping import (
    LadderPlan,
    ladder_confirm,
    ladder_end,
    ladder_make,
    ladder_try,
    shipped_for,
)
from escalation.ladders import (
    ladder_choose,
    ladder_of,
    ladders_cache_clear,
    plan_for,
    steps_unpack,
)
from escalation.models import Escalation, Ladder
from escalation.sweep import sweep_run
from tests.escalation.test_sweep import FILED
from tests.people import OTHER_WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db(transaction=False)
Make = Callable[..., Story]
TODAY = dt.datetime(2026, 11, 10, 3, tzinfo=dt.UTC)
FIRST = dt.date(2026, 11, 12)


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    ladders_cache_clear()
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector", "admin"):
        person_make(name)


def plan(**changes: object) -> LadderPlan:
    steps = shipped_for(str(changes.get("group", "first_answer")), str(changes.get("kind", "")))
    values = {
        "name": "Đơn đất đai",
        "group": "first_answer",
        "kind": "",
        "field_code": "",
        "reason": "Quyết định thử nghiệm",
        "valid_from": FIRST,
        "days": {step.code: step.offset for step in steps},
        **changes,
    }
    return LadderPlan(**values)  # type: ignore[arg-type]


def make(**changes: object) -> Ladder:
    with time_machine.travel(TODAY, tick=False):
        return ladder_make(access=access_make("admin"), plan=plan(**changes))


def confirm(ladder: Ladder) -> None:
    with time_machine.travel(TODAY, tick=False):
        ladder_confirm(access=access_make("admin"), public_id=ladder.public_id)
    ladders_cache_clear()


def quicker() -> dict[str, int | None]:
    days: dict[str, int | None] = {s.code: s.offset for s in shipped_for("first_answer", "")}
    return days | {"forwarder_urges": 1, "board_urges": 1, "city_chair": 2}


def clock_of(tale: Story) -> Clock:
    return Clock.objects.get(case_clock__case=tale.case)


def test_a_draft_changes_nothing(story: Make) -> None:
    make(days=quicker())
    ladders_cache_clear()
    assert clock_of(story(at=FILED)).ladder == "first_answer"


def test_a_confirmed_ladder_holds_for_limits_that_start_from_its_first_day(story: Make) -> None:
    before = story(at=dt.datetime(2026, 11, 11, 3, tzinfo=dt.UTC))
    ladder = make(days=quicker())
    confirm(ladder)
    after = story(at=FILED)
    assert (clock_of(before).ladder, clock_of(after).ladder) == ("first_answer", ladder.code)
    clock = clock_of(after)
    assert clock.step_moments == plan_for(clock)
    offsets = {step.code: step.offset for step in ladder_of(clock)}
    assert (offsets["board_urges"], offsets["city_chair"]) == (1, 2)
    sweep_run(at=clock.step_moments[5])
    assert Escalation.objects.filter(clock=clock, step_code="city_chair").exists()


def test_by_field_goes_before_by_kind_goes_before_all(story: Make) -> None:
    every = make(name="Mọi đơn")
    kind = make(name="Khiếu nại", kind="complaint")
    field = make(name="Đất đai", field_code="land_compensation")
    for ladder in (every, kind, field):
        confirm(ladder)
    chosen = {
        clock_of(story(at=FILED)).ladder,
        clock_of(story(at=FILED, field="environment")).ladder,
        clock_of(story(at=FILED, kind="recommendation", field="environment")).ladder,
    }
    assert chosen == {field.code, kind.code, every.code}


def test_an_ended_ladder_keeps_its_running_limits(story: Make) -> None:
    ladder = make(days=quicker())
    confirm(ladder)
    running = story(at=FILED)
    with time_machine.travel(FILED + dt.timedelta(days=1), tick=False):
        ladder_end(access=access_make("admin"), public_id=ladder.public_id)
    ladders_cache_clear()
    later = story(at=FILED + dt.timedelta(days=3))
    assert clock_of(later).ladder == "first_answer"
    assert clock_of(running).ladder == ladder.code
    assert len(ladder_of(clock_of(running))) == 9


def test_the_dry_run_counts_what_it_would_do(story: Make) -> None:
    for _ in range(3):
        story(at=FILED)
    with time_machine.travel(FILED + dt.timedelta(days=1), tick=False):
        ladder = ladder_make(
            access=access_make("admin"),
            plan=plan(days=quicker(), valid_from=dt.date(2026, 12, 1)),
        )
    tried = ladder.tried
    assert tried is not None
    assert tried["limits"] == 3
    rows = {row["code"]: row for row in tried["steps"]}
    assert rows["breach"]["ahead"] == 3
    assert rows["city_chair"]["ahead"] == 3
    # With the shipped days the inspector comes on 14 December, too: the sums are equal.
    assert tried["escalations"] == tried["escalations_now"] > 0
    assert not Escalation.objects.exists()


def test_the_dry_run_says_where_nobody_would_be_found(story: Make) -> None:
    story(at=FILED)
    person_make("board_head").memberships.update(valid_to=dt.date(2026, 1, 1))
    with time_machine.travel(FILED + dt.timedelta(days=1), tick=False):
        ladder = ladder_make(
            access=access_make("admin"), plan=plan(valid_from=dt.date(2026, 12, 1))
        )
    assert ladder.tried is not None
    rows = {row["code"]: row for row in ladder.tried["steps"]}
    assert (rows["board_urges"]["nobody"], rows["breach"]["nobody"]) == (1, 0)


def test_what_is_confirmed_is_never_changed(story: Make) -> None:
    ladder = make()
    confirm(ladder)
    for service in (ladder_confirm, ladder_try):
        with pytest.raises(Conflict), time_machine.travel(TODAY, tick=False):
            service(access=access_make("admin"), public_id=ladder.public_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ladder.objects.filter(pk=ladder.pk).update(tried=None)


def test_it_begins_after_today(story: Make) -> None:
    with pytest.raises(InvalidInput) as error:
        make(valid_from=TODAY.date())
    assert set(error.value.fields) == {"valid_from"}
    ladder = make()
    with (
        pytest.raises(InvalidInput),
        time_machine.travel(TODAY + dt.timedelta(days=2), tick=False),
    ):
        ladder_confirm(access=access_make("admin"), public_id=ladder.public_id)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("breach", 1),
        ("breach", None),
        ("board_urges", None),
        ("city_chair", 1),
        ("due_in_3", 0),
        ("threshold_45", 44),
        ("inspector", 91),
    ],
)
def test_what_the_law_asks_for_stays(code: str, days: int | None, story: Make) -> None:
    with pytest.raises(InvalidInput) as error:
        make(days=plan().days | {code: days})  # type: ignore[operator]
    assert f"days_{code}" in error.value.fields


def test_a_step_of_the_citys_own_may_be_left_out(story: Make) -> None:
    ladder = make(days=plan().days | {"due_in_3": None})  # type: ignore[operator]
    assert steps_unpack(ladder.steps)[0].code == "due_in_1"


def test_only_administrators_set_ladders(story: Make) -> None:
    with pytest.raises(NotVisible):
        ladder_make(access=access_make("chair"), plan=plan())
    assert not Ladder.objects.exists()


def test_a_draft_is_thrown_away(story: Make) -> None:
    ladder = make()
    ladder_end(access=access_make("admin"), public_id=ladder.public_id)
    assert not Ladder.objects.exists()


def test_a_dry_run_counts_no_denunciation_among_others_and_few_as_none(story: Make) -> None:
    respondent = {"name": "Ông Lê Văn Giả", "unit": OTHER_WARD, "position": "officer"}
    story(at=FILED)
    with time_machine.travel(FILED + dt.timedelta(days=1), tick=False):
        before = ladder_make(
            access=access_make("admin"), plan=plan(valid_from=dt.date(2026, 12, 1))
        ).tried
        story(at=FILED, kind="denunciation", respondent=respondent)
        after = ladder_make(
            access=access_make("admin"), plan=plan(valid_from=dt.date(2026, 12, 1))
        ).tried
        own = ladder_make(
            access=access_make("admin"),
            plan=plan(kind="denunciation", valid_from=dt.date(2026, 12, 1)),
        ).tried
    assert before is not None
    assert after is not None
    assert own is not None
    assert (before["limits"], after["limits"], own["limits"]) == (1, 1, 0)
    assert before["steps"] == after["steps"]


def test_a_ladder_for_every_kind_leaves_denunciations_theirs(story: Make) -> None:
    confirm(make(name="Mọi loại", group="resolution"))
    rule = rule_get("TC-RES")
    chosen = ladder_choose(
        rule, kind="denunciation", field_code="", on=FILED.date(), is_internal=False
    )
    assert chosen == "resolution_denunciation"
    other = ladder_choose(
        rule_get("KN-RES1-N"), kind="complaint", field_code="", on=FILED.date(), is_internal=False
    )
    assert other.startswith("hn")
