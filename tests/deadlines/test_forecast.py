"""Every date ahead of a petition: chains worked out by hand from the law and the calendar."""

import pytest

from deadlines import forecast as f
from deadlines import sentences
from deadlines.faults import CalendarMissing, RuleUnknown
from deadlines.rules import NORMAL, load_rules
from tests.deadlines.days import CALENDAR, on


def dates(kind: str, day: str, **asked: object) -> dict[str, str]:
    found = f.forecast(f.Question(kind, on(day), **asked), CALENDAR)  # type: ignore[arg-type]
    return {item.key: f"{item.due_on}" for item in found.milestones}


def test_a_first_complaint_received_on_a_holiday() -> None:
    # Tuesday 24/11/2026 is off; working days 25, 26, 27, 30, 1, 2, 3.
    # 3/12 + 30 days is Saturday 2/1/2027: Monday 4/1; sent within 5, 6, 7/1.
    # 4/1 + 30 days is Wednesday 3/2; 7/1 + 30 days is Saturday 6/2 in Tết: Friday 12/2.
    # 24/11 + 45 days is Friday 8/1.
    assert dates(f.COMPLAINT, "2026-11-24") == {
        "acceptance": "2026-12-03",
        "resolution": "2027-01-04",
        "decision_sent": "2027-01-07",
        "discipline": "2027-01-08",
        "in_force": "2027-02-03",
        "second_unresolved": "2027-02-03",
        "second_complaint": "2027-02-12",
    }


def test_each_limit_follows_the_law_of_the_day_that_starts_it() -> None:
    # Received 30/6/2026: the old 10 calendar days; the 45-day threshold came a day later.
    old = f.forecast(f.Question(f.COMPLAINT, on("2026-06-30")), CALENDAR)
    assert [m.rule.code for m in old.milestones][:2] == ["KN-ACC-OLD", "KN-RES1-N"]
    assert "discipline" not in {m.key for m in old.milestones}
    assert dates(f.COMPLAINT, "2026-06-30")["acceptance"] == "2026-07-10"
    assert dates(f.COMPLAINT, "2026-07-01")["acceptance"] == "2026-07-10"


def test_remote_and_complex_lengthen_what_the_law_lengthens() -> None:
    found = dates(f.COMPLAINT, "2026-11-24", is_remote=True, level=f.COMPLEX)
    # 3/12 + 60 days is Monday 1/2/2027; + 45 days is Thursday 18/3.
    assert (found["resolution"], found["in_force"]) == ("2027-02-01", "2027-03-18")
    # not resolved: 45 days too, from 1/2.
    assert found["second_unresolved"] == "2027-03-18"


def test_a_second_complaint() -> None:
    # 3/12 + 45 = Sunday 17/1/2027: Monday 18/1; + 7 = 25/1; 18/1 + 30 = Wednesday 17/2.
    assert dates(f.SECOND_COMPLAINT, "2026-11-24") == {
        "acceptance": "2026-12-03",
        "discipline": "2027-01-08",
        "resolution": "2027-01-18",
        "decision_sent": "2027-01-25",
        "in_force": "2027-02-17",
    }


@pytest.mark.parametrize(
    ("level", "resolution", "extended", "again", "told"),
    [
        (NORMAL, "2027-01-04", None, None, "2027-01-11"),
        # 4/1 + 30 = 3/2; told within 4/2 and, after Tết, 12, 15, 16, 17/2.
        (f.COMPLEX, "2027-01-04", "2027-02-03", None, "2027-02-17"),
        # 3/2 + 30 = Friday 5/3; 8, 9, 10, 11, 12/3.
        (f.VERY_COMPLEX, "2027-01-04", "2027-02-03", "2027-03-05", "2027-03-12"),
    ],
)
def test_an_extended_denunciation_moves_what_follows(
    level: str, resolution: str, extended: str | None, again: str | None, told: str
) -> None:
    found = dates(f.DENUNCIATION, "2026-11-24", level=level)
    assert found["resolution"] == resolution
    assert (found.get("extension"), found.get("extension_again")) == (extended, again)
    assert found["conclusion_sent"] == told
    # 25, 26, 27, 30/11, 1/12; three days more when checked in several places.
    assert (found["forwarding"], found["acceptance_longer"]) == ("2026-12-01", "2026-12-08")


def test_what_is_handed_over_at_a_reception_or_to_the_party() -> None:
    # 10 working days from 24/11: 25, 26, 27, 30, 1, 2, 3, 4, 7, 8/12.
    visit = dates(f.COMPLAINT, "2026-11-24", channel=f.RECEPTION)
    assert visit["reception_answer"] == "2026-12-08"
    party = dates(f.FEEDBACK, "2026-11-24", channel=f.PARTY)
    assert party["party_notice"] == "2026-12-08"
    assert "reception_answer" not in dates(f.FEEDBACK, "2026-11-24", channel=f.RECEPTION)


def test_a_recommendation_has_no_date_for_its_result() -> None:
    found = f.forecast(f.Question(f.RECOMMENDATION, on("2026-11-24")), CALENDAR)
    last = found.milestones[-1]
    assert (last.key, last.due_on, last.certainty) == ("result", None, f.Certainty.INTERNAL)
    assert f"{found.milestones[0].due_on}" == "2026-12-08"


def test_years_without_a_calendar_cut_what_comes_later() -> None:
    found = f.forecast(f.Question(f.DENUNCIATION, on("2027-11-01"), level=f.COMPLEX), CALENDAR)
    keys = {item.key for item in found.milestones}
    assert found.is_cut
    assert "resolution" in keys
    # The extension reaches into 2028, so nothing behind it is shown either.
    assert not keys & {"extension", "conclusion_sent", "publication"}
    with pytest.raises(CalendarMissing):
        f.forecast(f.Question(f.COMPLAINT, on("2027-12-30")), CALENDAR)


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(RuleUnknown):
        f.forecast(f.Question("petition", on("2026-11-24")), CALENDAR)
    with pytest.raises(RuleUnknown):
        f.forecast(f.Question(f.COMPLAINT, on("2026-11-24"), channel="fax"), CALENDAR)


@pytest.mark.parametrize("kind", sorted(f._CHAINS))
@pytest.mark.parametrize("channel", sorted(f._CHANNELS))
def test_every_milestone_has_its_words_and_a_rule_of_the_table(kind: str, channel: str) -> None:
    asked = f.Question(kind, on("2026-11-24"), channel, is_remote=True, level=f.VERY_COMPLEX)
    for item in f.forecast(asked, CALENDAR).milestones:
        assert item.rule.code in load_rules()
        assert sentences.title(item.key)
        if item.due_on and item.certainty is f.Certainty.CHAINED:
            assert item.limit is not None
            assert item.limit.start > asked.sent_on
