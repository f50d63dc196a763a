"""Where each known failure of escalation elsewhere is held by a test: none may get lost."""

from importlib import import_module

import pytest

_DATES = "tests.deadlines.test_other_peoples_bugs"
_HERE = "tests.escalation.test_other_peoples_bugs"
_WHO = "tests.escalation.test_recipients"
HELD = {
    "holiday lengthens, never shortens": (_DATES, "test_a_holiday_lengthens_and_never_shortens"),
    "nine-day Tết, first morning": (_DATES, "test_nine_day_tet_first_morning"),
    "working Saturday": (_DATES, "test_a_working_saturday_counts"),
    "worker down three days": (_HERE, "test_worker_down_three_days_loses_no_step_and_doubles_none"),
    "job run twice": (_HERE, "test_the_sweep_run_for_yesterday_twice_does_nothing_twice"),
    "two schedulers at once": ("tests.faults.test_storm", "test_two_beats"),
    "crash between row and mail": (_HERE, "test_crash_between_row_and_mail_sends_it_afterwards"),
    "reopen": (_DATES, "test_reopen_a_closed_clock_never_runs_again"),
    "merge": (_HERE, "test_a_merged_case_escalates_no_more"),
    "import of closed cases": (_DATES, "test_import_of_closed_cases_sets_off_nothing"),
    "suspended over the due date": (
        _HERE,
        "test_suspended_over_the_due_date_nothing_escalates_and_afterwards_the_days_left_do",
    ),
    "suspended twice": (_HERE, "test_suspended_twice_reminds_again_for_the_date_that_moved"),
    "extension after breach": (
        _HERE,
        "test_an_extension_after_the_breach_is_refused_and_the_ladder_goes_on",
    ),
    "calendar changed while open": (
        _DATES,
        "test_a_calendar_changed_while_the_clock_is_open_moves_it_and_escalates_nothing",
    ),
    "law changed between receipt and acceptance": (
        _DATES,
        "test_the_law_changed_between_receipt_and_acceptance",
    ),
    "receipt at 23:59": (_DATES, "test_receipt_at_23_59_counts_from_that_day"),
    "receipt on a Sunday": (_DATES, "test_receipt_on_a_sunday_counts_from_that_day_and_says_so"),
    "31 January plus a month": (
        _DATES,
        "test_31_january_plus_thirty_days_is_in_march_and_no_day_is_lost",
    ),
    "level with no holder": (_WHO, "test_a_level_with_no_holder"),
    "deputy of deputy": (_WHO, "test_an_absent_head_with_a_deputy_of_a_deputy"),
    "deputies in a loop": (_WHO, "test_deputies_in_a_loop_are_nobody"),
    "the accused unit is next": (_WHO, "test_the_accused_unit_is_next_on_the_ladder"),
    "comment one minute before the breach": (
        _HERE,
        "test_a_comment_one_minute_before_the_breach_postpones_nothing",
    ),
    "more cases than one batch": (
        _HERE,
        "test_more_cases_than_one_batch_are_all_taken_in_one_run",
    ),
    "case at the top level": (_HERE, "test_a_case_at_the_top_level_starves_no_other"),
    "time zone set wrong": (_DATES, "test_a_time_zone_set_wrong_moves_no_date"),
}


@pytest.mark.parametrize("name", HELD)
def test_the_failure_has_its_test(name: str) -> None:
    module, function = HELD[name]
    assert callable(getattr(import_module(module), function))
