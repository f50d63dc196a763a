"""The sweep: what is due is done, once, whatever it meets on the way."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from common.history_check import Finding, table_check
from common.time import local_moment
from deadlines.models import Clock
from escalation import registry
from escalation.models import Escalation, EscalationState, SweepRun
from escalation.sweep import SweepResult, runs_prune, sweep_run
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from petitions.escalations import CaseOwner
from petitions.models import CaseEvent
from tests.people import WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
# A Monday; seven working days later, over the day off of the 24th, is Thursday the 26th.
FILED = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
DUE = dt.date(2026, 11, 26)
BREACH = local_moment(DUE + dt.timedelta(days=1))
AFTER = ("reminded", "reminded", "escalated")


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


def clock_of(tale: Story) -> Clock:
    return Clock.objects.get(case_clock__case__code=tale.filed.code)


def actions(tale: Story) -> list[str]:
    names = CaseEvent.objects.filter(case=tale.case).order_by("sequence")
    return [name.rpartition(".")[2] for name in names.values_list("action", flat=True)]


def broken() -> list[Finding]:
    return list(table_check(CaseEvent))


def counts(result: SweepResult) -> tuple[int, int, int]:
    return result.examined, result.reminders, result.escalations


def test_nothing_happens_before_its_moment(story: Make) -> None:
    story(at=FILED)
    assert counts(sweep_run(at=local_moment(dt.date(2026, 11, 20), 7, 59))) == (0, 0, 0)


def test_the_reminders_go_to_the_desk_and_to_the_head(story: Make) -> None:
    tale = story(at=FILED)
    assert clock_of(tale).due_on == DUE
    assert counts(sweep_run(at=local_moment(dt.date(2026, 11, 20), 8))) == (1, 1, 0)
    first = Escalation.objects.get()
    assert (first.step_code, first.position, first.level) == ("due_in_3", "clerk", 0)
    assert counts(sweep_run(at=local_moment(dt.date(2026, 11, 25), 8))) == (1, 1, 0)
    second = Escalation.objects.get(step=1)
    assert (second.step_code, second.position) == ("due_in_1", "head")
    assert tale.case.escalation_level == 0


def test_a_passed_limit_is_in_history_outbox_mail_and_on_the_desk(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    assert actions(tale) == ["filed", *AFTER]
    assert tale.case.escalation_level == 1
    row = Escalation.objects.get(step_code="breach")
    assert (row.unit and row.unit.code, row.position, row.nobody_found) == (WARD, "head", False)
    event = CaseEvent.objects.get(action="petitions.case.escalated")
    assert event.data["level"] == 1
    assert event.data["rule"] == "KN-ACC"
    assert not broken()
    outbox_deliver()
    told = [m for m in mail.outbox if "báo cáo lên cấp 1" in m.body]
    assert sorted(m.to[0] for m in told) == [
        "chair@example.com",
        "clerk@example.com",
    ]
    assert all(tale.filed.code in m.body and tale.filed.code not in m.subject for m in told)


def test_running_it_twice_escalates_once(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    before = OutboxMessage.objects.count()
    assert counts(sweep_run(at=BREACH)) == (0, 0, 0)
    assert counts(sweep_run(at=BREACH - dt.timedelta(days=1))) == (0, 0, 0)
    assert actions(tale) == ["filed", *AFTER]
    assert OutboxMessage.objects.count() == before


def test_a_lost_position_in_the_ladder_takes_no_step_again(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    moments = clock_of(tale).step_moments
    Clock.objects.update(next_step=0, next_action_at=moments[0])
    result = sweep_run(at=BREACH)
    assert counts(result) == (1, 0, 0)
    assert result.skipped == {"already_taken": 3}
    assert actions(tale) == ["filed", *AFTER]


def test_after_an_outage_every_step_is_taken_in_order(story: Make) -> None:
    tale = story(at=FILED)
    late = BREACH + dt.timedelta(days=60)
    assert counts(sweep_run(at=late)) == (1, 3, 5)
    taken = list(Escalation.objects.order_by("step").values_list("position", "level"))
    assert taken == [
        ("clerk", 0),
        ("head", 0),
        ("head", 1),
        ("board_head", 2),
        ("city_chair", 3),
        ("inspector", 4),
        ("head", 4),
        ("city_chair", 4),
    ]
    clock = clock_of(tale)
    assert (clock.next_step, clock.next_action_at, clock.escalation_level) == (9, None, 4)
    assert tale.case.escalation_level == 4
    assert not broken()


def test_a_met_or_paused_clock_is_left_alone(story: Make) -> None:
    met, paused = story(at=FILED), story(at=FILED)
    met.accepted(at=FILED)
    paused.accepted(at=FILED)
    paused.do(
        "chair",
        "suspend",
        FILED,
        ground="other_result",
        number="3/QĐ",
        reason="Chờ kết quả giám định.",
    )
    sweep_run(at=BREACH)
    assert "escalated" not in actions(met) + actions(paused)


def test_meeting_the_limit_late_settles_what_was_open(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    tale.accepted(at=BREACH)
    assert tale.case.escalation_level == 0
    states = set(Escalation.objects.values_list("state", flat=True))
    assert states == {EscalationState.SETTLED}


def test_an_empty_position_goes_up_and_says_nobody_found(story: Make) -> None:
    tale = story(at=FILED)
    Membership.objects.filter(role="head").update(valid_to=dt.date(2026, 11, 1))
    sweep_run(at=BREACH)
    row = Escalation.objects.get(step_code="breach")
    assert (row.unit and row.unit.code, row.position) == ("BTCD", "board_head")
    assert row.nobody_found
    event = CaseEvent.objects.get(case=tale.case, action="petitions.case.escalated")
    assert event.data["nobody_found"] is True


def test_a_poisoned_clock_is_parked_and_the_others_go_on(story: Make) -> None:
    tales = [story(at=FILED) for _ in range(5)]
    ill = clock_of(tales[2])
    Clock.objects.filter(pk=ill.pk).update(ladder="of dreams")
    result = sweep_run(at=BREACH)
    assert (result.examined, result.escalations, result.parked) == (5, 4, 1)
    ill.refresh_from_db()
    assert (ill.parked_at is not None, ill.parked_reason) == (True, "KeyError")
    assert actions(tales[2]) == ["filed"]
    assert sweep_run(at=BREACH).parked == 0
    assert [actions(tale)[-1] for tale in tales].count("escalated") == 4


def test_an_owner_that_fails_for_one_case_harms_no_other(
    story: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tales = [story(at=FILED) for _ in range(3)]
    bad = tales[1].case.pk

    class Failing(CaseOwner):
        def on_steps(self, batch: Any) -> None:
            if any(item.subject.pk == bad for item in batch):
                raise RuntimeError(tales[1].filed.code)
            super().on_steps(batch)

    monkeypatch.setitem(registry._owners, "petitions", Failing())
    result = sweep_run(at=BREACH)
    assert (result.escalations, result.parked) == (2, 1)
    assert Clock.objects.get(parked_at__isnull=False).parked_reason == "RuntimeError"
    assert not OutboxMessage.objects.filter(params__code=tales[1].filed.code, template="escalation")


def test_a_dry_run_writes_nothing_and_foresees_the_same(story: Make) -> None:
    tale = story(at=FILED)
    clock = clock_of(tale)
    before = OutboxMessage.objects.count()
    foreseen = sweep_run(at=BREACH, dry_run=True)
    assert counts(foreseen) == (1, 2, 1)
    assert not Escalation.objects.exists()
    assert not SweepRun.objects.exists()
    assert OutboxMessage.objects.count() == before
    assert clock_of(tale).next_action_at == clock.next_action_at
    assert counts(sweep_run(at=BREACH)) == counts(foreseen)


def test_every_run_writes_a_row(story: Make) -> None:
    story(at=FILED)
    sweep_run(at=BREACH)
    sweep_run(at=BREACH, is_manual=True)
    first, second = SweepRun.objects.order_by("id")
    assert (first.examined, first.reminders, first.escalations) == (1, 2, 1)
    assert first.finished_at is not None
    assert (second.examined, second.is_manual) == (0, True)


def test_a_reminder_of_a_short_limit_on_its_first_day_is_skipped(story: Make) -> None:
    story(at=FILED).decided(at=FILED)
    clock = Clock.objects.get(rule_code="KN-SEND1")
    assert clock.step_moments[0] < local_moment(clock.started_on + dt.timedelta(days=1))
    result = sweep_run(at=FILED + dt.timedelta(hours=12))
    assert counts(result) == (1, 0, 0)
    assert result.skipped == {"before_start": 1}


def test_more_clocks_than_a_batch(story: Make) -> None:
    for _ in range(7):
        story(at=FILED)
    assert counts(sweep_run(at=BREACH, batch_size=2)) == (7, 14, 7)


def test_queries_do_not_grow_with_the_clocks(story: Make) -> None:
    def queries(count: int, at: dt.datetime) -> int:
        for _ in range(count):
            story(at=FILED)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert sweep_run(at=at).escalations >= count
        return len(seen)

    assert queries(3, BREACH) == queries(12, BREACH + dt.timedelta(minutes=1)) <= 23


def sweep_output(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("sweep", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def test_the_command_prints_exactly_one_object(story: Make) -> None:
    story(at=FILED)
    answer = sweep_output("--at", "2026-11-27T00:00+07:00", "--dry-run")
    assert list(answer) == [
        "examined",
        "reminders",
        "escalations",
        "skipped",
        "parked",
        "seconds",
    ]
    assert (answer["reminders"], answer["escalations"]) == (2, 1)
    assert not Escalation.objects.exists()
    assert sweep_output("--at", "2026-11-27T00:00:00")["escalations"] == 1


def test_the_command_refuses_nonsense_and_the_future_outside_demo(settings: Any) -> None:
    with pytest.raises(CommandError):
        call_command("sweep", "--at", "soon")
    with pytest.raises(CommandError):
        call_command("sweep", "--at", "2026-13-01T00:00")
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("sweep", "--at", "2099-01-01T00:00+07:00")


def test_an_escalation_leaves_open_forms_valid(story: Make) -> None:
    tale = story(at=FILED)
    version = tale.case.version
    sweep_run(at=BREACH)
    assert tale.case.version == version


def test_the_badge_counts_what_waits_for_the_position(story: Make, client: Any) -> None:
    from escalation.selectors import open_count, open_for

    tale = story(at=FILED)
    sweep_run(at=BREACH)
    assert open_count(access_make("chair")) == 1
    assert open_count(access_make("other_chair")) == 0
    (item,) = open_for(access_make("chair"))
    assert item.code == tale.filed.code
    client.force_login(person_make("chair"))
    page = client.get("/can-bo/").content.decode()
    assert "/can-bo/leo-thang/" in page
    assert tale.filed.code in client.get("/can-bo/leo-thang/").content.decode()


def test_rows_of_idle_runs_are_kept_for_a_month(story: Make) -> None:
    sweep_run(at=FILED)
    story(at=FILED)
    sweep_run(at=BREACH)
    SweepRun.objects.update(started_at=FILED)
    assert runs_prune(at=FILED + dt.timedelta(days=29)) == 0
    assert runs_prune(at=FILED + dt.timedelta(days=31)) == 1
    assert SweepRun.objects.get().escalations == 1
