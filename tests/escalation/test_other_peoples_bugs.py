"""How escalation failed elsewhere, each failure under its own name. Those of dates, positions and
of two schedulers at once lie beside what they test (``tests/deadlines``, ``test_recipients``,
``tests/concurrency``, ``tests/faults``)."""

import datetime as dt
from collections.abc import Callable

import pytest

from common.errors import InvalidInput
from common.time import local_moment
from deadlines.models import Clock
from escalation.models import Escalation, EscalationState, SweepRun
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from notifications.models import MessageState, OutboxMessage
from petitions.services.messages import message_send
from tests.escalation.test_sweep import BREACH, DUE, FILED, clock_of
from tests.people import Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


def steps(tale: Story) -> list[str]:
    rows = Escalation.objects.filter(clock__case_clock__case=tale.case).order_by("id")
    return list(rows.values_list("step_code", flat=True))


def test_worker_down_three_days_loses_no_step_and_doubles_none(story: Make) -> None:
    """Elsewhere only what fell due in the last 24 hours was looked at."""
    tale = story(at=FILED)
    sweep_run(at=BREACH - dt.timedelta(days=2))
    sweep_run(at=BREACH + dt.timedelta(days=5))
    assert steps(tale) == ["due_in_3", "due_in_1", "breach", "board_urges"]
    due = Escalation.objects.filter(step_code="breach").values_list("due_at", flat=True)
    assert list(due) == [BREACH]


def test_the_sweep_run_for_yesterday_twice_does_nothing_twice(story: Make) -> None:
    """Elsewhere the guard against a second run was the day of the month."""
    tale = story(at=FILED)
    for _ in range(2):
        sweep_run(at=BREACH)
    told = OutboxMessage.objects.count()
    for _ in range(2):
        sweep_run(at=BREACH - dt.timedelta(days=1))
    assert steps(tale) == ["due_in_3", "due_in_1", "breach"]
    assert OutboxMessage.objects.count() == told
    assert SweepRun.objects.count() == 4


def test_the_same_day_of_the_next_month_counts(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    later = BREACH + dt.timedelta(days=30)
    assert later.day == BREACH.day
    sweep_run(at=later)
    assert {"city_chair", "inspector"} <= set(steps(tale))


def test_crash_between_row_and_mail_sends_it_afterwards(story: Make) -> None:
    """Elsewhere the row was saved and the mail lost, or sent and told again for ever."""
    story(at=FILED)
    sweep_run(at=BREACH)
    waiting = OutboxMessage.objects.filter(template="escalation", state=MessageState.PENDING)
    assert waiting.exists()
    outbox_deliver()
    outbox_deliver()
    assert not waiting.exists()


def test_a_merged_case_escalates_no_more(story: Make) -> None:
    """Elsewhere the duplicate went on reminding people of a case that nobody worked on."""
    main = story(at=FILED)
    tale = story(at=FILED, subject="Khiếu nại mức bồi thường khi thu hồi đất, lần nữa")
    for one in (main, tale):
        one.do("clerk", "receive", FILED, is_signed=True)
    tale.do("clerk", "mark_duplicate", FILED, main=main.filed.code)
    sweep_run(at=BREACH)
    assert steps(tale) == []
    assert steps(main)[-1] == "breach"


def test_suspended_over_the_due_date_nothing_escalates_and_afterwards_the_days_left_do(
    story: Make,
) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    pause(tale, clock.due_on - dt.timedelta(days=5))
    sweep_run(at=local_moment(clock.due_on + dt.timedelta(days=40)))
    assert "breach" not in steps(tale)
    on = clock.due_on + dt.timedelta(days=41)
    tale.do("chair", "resume", local_moment(on, 9), number="4/QĐ")
    clock.refresh_from_db()
    assert clock.due_on > on
    sweep_run(at=local_moment(clock.due_on + dt.timedelta(days=1)))
    assert steps(tale).count("breach") == 1


def pause(tale: Story, on: dt.date) -> None:
    tale.do("chair", "suspend", local_moment(on, 9), ground="other_result", number="3/QĐ",
            reason="Chờ kết quả giám định.")  # fmt: skip


def test_suspended_twice_reminds_again_for_the_date_that_moved(story: Make) -> None:
    """Elsewhere what was told for the old date silenced the new one for good."""
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    for _ in range(2):
        clock.refresh_from_db()
        sweep_run(at=clock.step_moments[1])
        on = clock.due_on
        pause(tale, on)
        back = on + dt.timedelta(days=20)
        tale.do("chair", "resume", local_moment(back, 9), number="4/QĐ")
    sweep_run(at=local_moment(back, 9))
    assert steps(tale).count("due_in_1") == 3
    assert "breach" not in steps(tale)
    clock.refresh_from_db()
    assert clock.step_round == 2


def test_an_extension_after_the_breach_is_refused_and_the_ladder_goes_on(story: Make) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    after = local_moment(clock.due_on + dt.timedelta(days=1), 9)
    sweep_run(at=after)
    with pytest.raises(InvalidInput):
        tale.do("chair", "extend", after, **extension())
    sweep_run(at=after + dt.timedelta(days=6))
    assert "board_urges" in steps(tale)


def extension() -> dict[str, str]:
    return {"finding": "complex", "number": "7/BC", "reason": "Nhiều ý kiến khác nhau."}


def test_an_extension_before_the_end_settles_what_was_put_before_somebody(story: Make) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    sweep_run(at=clock.step_moments[1])
    tale.do("chair", "extend", local_moment(clock.due_on, 9), **extension())
    states = Escalation.objects.filter(clock=clock).values_list("state", flat=True)
    assert set(states) == {EscalationState.SETTLED}
    clock.refresh_from_db()
    assert (clock.next_step, clock.step_round) == (0, 1)


def test_a_comment_one_minute_before_the_breach_postpones_nothing(story: Make) -> None:
    """Elsewhere time was counted from the last change, so that a remark reset the clock."""
    tale = story(at=FILED)
    minute = BREACH - dt.timedelta(minutes=1)
    message_send(
        access=access_make("clerk"),
        code=tale.filed.code,
        text="Chúng tôi đang xem.",
        is_internal=False,
        at=minute,
    )
    sweep_run(at=BREACH)
    assert steps(tale)[-1] == "breach"


def test_a_case_at_the_top_level_starves_no_other(story: Make) -> None:
    """Elsewhere cases that had nowhere to climb filled every batch."""
    top = [story(at=FILED - dt.timedelta(days=120)) for _ in range(5)]
    sweep_run(at=BREACH)
    fresh = story(at=FILED)
    assert sweep_run(at=BREACH, batch_size=2).escalations == 1
    assert steps(fresh)[-1] == "breach"
    assert all(clock_of(tale).next_action_at is None for tale in top)


def test_more_cases_than_one_batch_are_all_taken_in_one_run(story: Make) -> None:
    for _ in range(7):
        story(at=FILED)
    assert sweep_run(at=BREACH, batch_size=3).escalations == 7


def test_the_first_morning_after_nine_days_of_tet_is_no_storm(story: Make) -> None:
    """Elsewhere the days off shortened the window, so that everything open escalated at once."""
    before = dt.datetime(2026, 2, 11, 2, tzinfo=dt.UTC)
    tale = story(at=before)
    clock = clock_of(tale)
    sweep_run(at=local_moment(dt.date(2026, 2, 23), 8))
    assert clock.due_on == dt.date(2026, 2, 23)
    assert set(steps(tale)) <= {"due_in_3", "due_in_1"}
    assert not Escalation.objects.filter(kind="escalation").exists()


def test_a_breach_is_told_in_the_night_and_reminders_in_the_morning(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    hours = {
        row.step_code: row.due_at.astimezone(dt.timezone(dt.timedelta(hours=7))).hour
        for row in Escalation.objects.filter(clock__case_clock__case=tale.case)
    }
    assert hours == {"due_in_3": 8, "due_in_1": 8, "breach": 0}
    assert BREACH.astimezone(dt.timezone(dt.timedelta(hours=7))).date() > DUE
