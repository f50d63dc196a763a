"""Signals: found once, grown, lapsed, followed, judged, opened again, and told."""

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from communes.models import Unit
from deadlines.calendars import add_working_days
from early_warning.enums import SignalState
from early_warning.invariants import version_is_number_of_events
from early_warning.models import Signal, SignalEvent, SignalNote, WarningRule
from early_warning.selectors import SignalFilter, signals_filtered
from early_warning.selectors_facts import case_matters
from early_warning.services import (
    Looked,
    looks_remind,
    signal_appoint,
    signal_close,
    signal_follow_up,
    signal_reopen,
    unowned_remind,
)
from early_warning.services.unit_moves import SIGNAL_MOVED
from early_warning.services.unowned import waits_of
from notifications.models import OutboxMessage
from petitions.models import Case, Letter
from petitions.services.intake import Origin, petition_file
from tests.early_warning.hot import (
    MONDAY,
    NOW,
    cluster,
    crowd,
    ended,
    look,
    moment,
    petition,
    signal,
)
from tests.people import OTHER_WARD, Story, access_make, filing_make, person_make

pytestmark = pytest.mark.django_db
LATER = MONDAY + dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def appoint(row: Signal, who: str = "chair", **changes: Any) -> Signal:
    values: dict[str, Any] = {"owner": "handler", "next_look_on": LATER, "version": row.version}
    person_make("handler")
    return signal_appoint(access=access_make(who), public_id=row.public_id, **(values | changes))


def close(row: Signal, *, is_true: bool = True, who: str = "chair", **changes: Any) -> Signal:
    values: dict[str, Any] = {"text": "Đã đối thoại và giải quyết.", "version": row.version}
    return signal_close(
        access=access_make(who), public_id=row.public_id, is_true=is_true, **(values | changes)
    )


def told(template: str) -> set[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(template=template, channel="app").select_related("unit")
    return {(row.unit.code, row.position) for row in rows if row.unit}


def test_a_cluster_is_found_explained_and_told_once() -> None:
    cluster(12)
    assert look().new == 2  # twelve open, and twelve where there were none
    row = signal()
    assert (row.unit.code, row.field.code, row.measured, row.threshold) == (
        "00004", "land_compensation", 12, 12,
    )  # fmt: skip
    assert row.facts == {"measured": 12, "threshold": 12, "window": 30}
    expected = {("00004", Role.HEAD), ("00004", Role.SECRETARY), ("BTCD", Role.BOARD_HEAD)}
    assert told("signal_found") == expected
    before = OutboxMessage.objects.count(), SignalEvent.objects.count()
    assert look() == Looked()
    assert (OutboxMessage.objects.count(), SignalEvent.objects.count()) == before


def test_eleven_are_no_cluster_and_two_wards_are_not_one() -> None:
    cluster(11)
    cluster(8, first=50, unit=OTHER_WARD)
    look()
    assert not Signal.objects.filter(rule__code="DN-CUM-DON").exists()


def test_many_people_behind_one_matter() -> None:
    case = crowd(12)
    look()
    row = signal("DN-VU-VIEC")
    assert (row.case_id, row.measured, row.field) == (case.pk, 12, None)


def test_it_grows_by_levels_and_the_owner_is_told() -> None:
    cluster(12)
    look()
    appoint(signal())
    cluster(6, first=100)
    assert look().grown >= 1
    row = signal()
    assert (row.measured, row.level, row.state) == (18, 2, SignalState.WATCHED)
    assert OutboxMessage.objects.filter(
        template="signal_grew", recipient__username="handler"
    ).exists()


def test_it_lapses_and_holds_again_without_being_doubled() -> None:
    cases = cluster(12)
    look()
    Case.objects.filter(pk=cases[0].pk).update(submitted_at=moment(80))
    assert look().lapsed == 1
    assert signal().lapsed_on == MONDAY
    Case.objects.filter(pk=cases[0].pk).update(submitted_at=moment(1))
    look()
    assert signal().is_current
    assert Signal.objects.filter(rule__code="DN-CUM-DON").count() == 1


def test_the_life_of_a_signal() -> None:
    cluster(12)
    look()
    row = appoint(signal(), text="Kiểm tra tại tổ dân phố")
    row = signal_follow_up(
        access=access_make("handler"), public_id=row.public_id, version=row.version,
        text="Đã gặp các hộ dân.", next_look_on=LATER,
    )  # fmt: skip
    row = close(row)
    assert (row.state, row.closed_level, row.next_look_on) == (SignalState.SETTLED, 1, None)
    kinds = list(
        SignalNote.objects.filter(signal=row).order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["appointed", "follow_up", "settled"]
    row = signal_reopen(
        access=access_make("chair"), public_id=row.public_id, version=row.version, text="Còn hộ"
    )
    assert (row.state, row.owner, row.version) == (SignalState.OPEN, None, 5)


def test_what_was_judged_opens_again_only_when_it_grows() -> None:
    cluster(12)
    look()
    close(signal(), is_true=False)
    assert look().again == 0
    cluster(5, first=100)
    assert look().again == 0
    petition(200)
    assert look().again >= 1
    row = signal()
    assert (row.state, row.closed_at) == (SignalState.OPEN, None)
    assert told("signal_again")


def test_what_comes_back_after_a_quiet_month_is_new() -> None:
    cluster(12)
    look()
    close(signal())
    later = NOW + dt.timedelta(days=40)
    look(later)
    assert signal().lapsed_on is not None
    again = later + dt.timedelta(days=31)
    Case.objects.update(submitted_at=again - dt.timedelta(days=2))
    assert look(again).again >= 1
    assert signal().state == SignalState.OPEN


def test_the_unit_or_the_city_decides_and_the_owner_follows() -> None:
    cluster(12)
    look()
    for who in ("clerk", "handler", "inspector"):
        with pytest.raises(NotPermitted):
            appoint(signal(), who)
    with pytest.raises(NotVisible):
        appoint(signal(), "other_chair")
    row = appoint(signal(), "internal_affairs")
    for who in ("clerk", "city_front"):
        with pytest.raises(NotPermitted):
            signal_follow_up(
                access=access_make(who), public_id=row.public_id, version=row.version,
                text="Đã xem", next_look_on=LATER,
            )  # fmt: skip
    with pytest.raises(NotPermitted):
        close(row, who="handler")


def test_wrong_inputs_say_where() -> None:
    cluster(12)
    look()
    for changes, field in (
        ({"owner": "other_chair"}, "owner"),
        ({"next_look_on": MONDAY - dt.timedelta(days=1)}, "next_look_on"),
        ({"next_look_on": MONDAY + dt.timedelta(days=900)}, "next_look_on"),
    ):
        with pytest.raises(InvalidInput) as caught:
            appoint(signal(), **changes)
        assert list(caught.value.fields) == [field]
    with pytest.raises(InvalidInput) as caught:
        close(signal(), text=" ")
    assert list(caught.value.fields) == ["text"]
    with pytest.raises(Stale):
        appoint(signal(), version=7)


def test_a_look_that_has_passed_is_told_once_a_date() -> None:
    cluster(12)
    look()
    row = appoint(signal())
    due = NOW + dt.timedelta(days=8)
    assert looks_remind(at=NOW) == 0
    assert (looks_remind(at=due), looks_remind(at=due)) == (1, 0)
    row = signal_follow_up(
        access=access_make("handler"), public_id=row.public_id, version=row.version,
        text="Đã xem", next_look_on=LATER + dt.timedelta(days=7), at=due,
    )  # fmt: skip
    assert looks_remind(at=due + dt.timedelta(days=7)) == 1


def works(days: int) -> dt.datetime:
    """The UTC moment of an hour some working days after the Monday."""
    return local_moment(add_working_days(MONDAY, days), 9)


def test_a_signal_that_nobody_takes_over_is_told_the_head_then_the_city_once_each() -> None:
    cluster(12)
    look()
    row = signal()
    assert (unowned_remind(at=NOW), unowned_remind(at=works(2))) == (0, 0)
    assert (unowned_remind(at=works(3)), unowned_remind(at=works(4))) == (2, 0)
    assert told("signal_unowned") == {("00004", Role.HEAD)}
    assert told("signal_unowned_long") == set()
    assert (unowned_remind(at=works(7)), unowned_remind(at=works(40))) == (2, 0)
    assert ("BTCD", Role.BOARD_HEAD) in told("signal_unowned_long")
    assert ("00004", Role.HEAD) in told("signal_unowned_long")
    events = SignalEvent.objects.filter(signal=row, action="early_warning.signal.unowned")
    assert [event.data for event in events.order_by("sequence")] == [
        {"told": "head"}, {"told": "city"},
    ]  # fmt: skip
    assert signal().version == row.version
    assert list(version_is_number_of_events()) == []


def test_a_late_run_takes_the_last_step_alone_and_an_owner_ends_it() -> None:
    cluster(12)
    look()
    appoint(signal())  # of two
    assert unowned_remind(at=works(30)) == 1
    assert told("signal_unowned") == set()
    assert told("signal_unowned_long")


def test_a_signal_opened_again_waits_anew(time_machine: Any) -> None:
    cluster(12)
    look()
    unowned_remind(at=works(7))
    row = close(signal(), is_true=False)
    time_machine.move_to(works(10), tick=False)
    assert unowned_remind(at=works(10)) == 0
    signal_reopen(
        access=access_make("chair"), public_id=row.public_id, version=row.version, text="Đơn mới"
    )
    assert (unowned_remind(at=works(12)), unowned_remind(at=works(13))) == (0, 1)
    assert told("signal_unowned") == {("00004", Role.HEAD)}


def test_every_rule_says_when_a_signal_without_an_owner_is_told() -> None:
    waits = waits_of()
    assert set(waits) == set(WarningRule.objects.values_list("code", flat=True))
    assert all(0 < one.head < one.city for one in waits.values())


def test_complaints_past_the_unit() -> None:
    """About the ward's own decision, sent to the City; not of those whom the ward kept waiting."""
    about = {"kind": "complaint", "unit": "BTCD",
             "respondent": {"name": "UBND phường", "unit": "00004", "position": "unknown"}}  # fmt: skip
    for n in range(3):
        petition(n, **about)
    look()
    row = signal("VC-LEN-TP")
    assert (row.unit.code, row.measured) == ("00004", 3)


def test_who_waited_in_vain_is_not_past_the_unit() -> None:
    about = {
        "kind": "complaint",
        "respondent": {"name": "UBND phường", "unit": "00004", "position": "unknown"},
    }
    for n in range(3):
        own = petition(n, before=60, **about)
        Case.objects.filter(pk=own.pk).update(due_on=MONDAY - dt.timedelta(days=9))
        petition(n, **about | {"unit": "BTCD"})
    look()
    assert not Signal.objects.filter(rule__code="VC-LEN-TP").exists()


def sent_on(case: Case, to: str) -> None:
    """A case at a body that grew out of the letter of another, as a forwarding makes it."""
    letter, unit = Letter.objects.get(case=case), Unit.objects.get(code=to)
    about = {"name": "UBND phường", "unit": "00004", "position": "unknown"}
    filing = filing_make(unit=to, respondent=about)
    petition_file(filing=filing, at=moment(1), origin=Origin(letter=letter, holder=unit))


def test_one_complaint_counts_once_however_often_it_is_sent_on() -> None:
    about = {"name": "UBND phường", "unit": "00004", "position": "unknown"}
    for n in range(2):
        case = petition(n, kind="complaint", unit="BTCD", respondent=about)
        sent_on(case, "TTTP")
    # Those came to the ward, which sent them up itself.
    for n in range(2):
        sent_on(petition(10 + n, kind="complaint", respondent=about), "BTCD")
    look()
    assert not Signal.objects.filter(rule__code="VC-LEN-TP").exists()
    petition(20, kind="complaint", unit="BTCD", respondent=about)
    look()
    assert signal("VC-LEN-TP").measured == 3


def test_a_merger_alone_is_no_rise() -> None:
    for n in range(15):
        petition(n, before=31 + 6 * n, unit=OTHER_WARD)
    cluster(8, first=50)
    ended(OTHER_WARD, by="00004")
    look()
    assert not Signal.objects.filter(rule__code="TG-DOT-BIEN").exists()
    cluster(2, first=70)
    look()
    row = signal("TG-DOT-BIEN")
    assert (row.unit.code, row.measured, row.facts["usual"]) == ("00004", 10, "5")


def test_complaints_about_a_unit_that_is_no_more_are_of_the_one_that_keeps_its_files() -> None:
    about = {"kind": "complaint", "unit": "BTCD",
             "respondent": {"name": "UBND phường", "unit": OTHER_WARD, "position": "unknown"}}  # fmt: skip
    for n in range(3):
        petition(n, **about)
    ended(OTHER_WARD, by="00004")
    look()
    assert signal("VC-LEN-TP").unit.code == "00004"


def test_a_signal_goes_where_its_case_went() -> None:
    case = crowd(12)
    look()
    appoint(signal("DN-VU-VIEC"))
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code=OTHER_WARD))
    OutboxMessage.objects.all().delete()
    look()
    row = signal("DN-VU-VIEC")
    assert (row.unit.code, row.state, row.owner, row.version) == (
        OTHER_WARD, SignalState.OPEN, None, 3,
    )  # fmt: skip
    data = SignalEvent.objects.get(signal=row, action=SIGNAL_MOVED).data
    assert (data["from"], data["to"], data["version"]) == ("00004", OTHER_WARD, 3)
    assert (OTHER_WARD, Role.HEAD) in told("signal_found")
    assert not list(version_is_number_of_events())
    assert look() == Looked()
    assert signal("DN-VU-VIEC").version == 3


def test_many_signals_that_go_cost_no_more_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(4):
        crowd(12, number=900 + number)
    look()
    for row in Signal.objects.filter(rule__code="DN-VU-VIEC"):
        appoint(row)
    Case.objects.update(unit=Unit.objects.get(code=OTHER_WARD))
    with django_assert_max_num_queries(24):
        look()
    assert Signal.objects.filter(unit__code=OTHER_WARD, owner=None).count() >= 4


def test_a_closed_signal_goes_along_and_stays_closed() -> None:
    case = crowd(12)
    look()
    close(signal("DN-VU-VIEC"))
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code=OTHER_WARD))
    look()
    row = signal("DN-VU-VIEC")
    assert (row.unit.code, row.state) == (OTHER_WARD, SignalState.SETTLED)


def test_a_closed_case_is_looked_at_while_letters_follow_it() -> None:
    for name in ("clerk", "handler", "chair"):
        person_make(name)
    main = Story(petition_file(filing=filing_make(), at=moment(130)))
    other = Story(petition_file(filing=filing_make(), at=moment(120)))
    other.do("clerk", "receive", moment(119), is_signed=True)
    main.decided(moment(118))
    other.do("clerk", "mark_duplicate", moment(117), main=main.filed.code)

    def looked_at() -> list[int]:
        return [one.case for one in case_matters(MONDAY)]

    assert looked_at() == [main.case.pk]  # open: every letter counts
    main.do("clerk", "notify", moment(116))
    main.do("clerk", "mark_in_force", moment(80))
    main.closed(moment(79))
    assert looked_at() == []
    Case.objects.filter(pk=other.case.pk).update(submitted_at=moment(80))
    assert looked_at() == [main.case.pk]


def test_prolonged_and_complex_cases() -> None:
    case = crowd(6)
    Case.objects.filter(pk=case.pk).update(
        due_on=MONDAY - dt.timedelta(days=70), escalation_level=3
    )
    look()
    found = {row.rule.code: row.measured for row in Signal.objects.select_related("rule")}
    assert found == {"KD-QUA-HAN": 70, "VC-NHIEU-CAP": 3, "PT-NHIEU-DAU-HIEU": 2}


def test_a_rule_out_of_use_finds_nothing() -> None:
    cluster(12)
    WarningRule.objects.update(is_active=False)
    assert look() == Looked()


def test_a_signal_about_what_is_a_denunciation_is_nobody_s() -> None:
    """None is ever found; should a case become one, its signal is gone for everybody."""
    crowd(12)
    look()
    accused = {"name": "Ông Thử", "unit": "00025"}
    secret = petition(77, kind="denunciation", respondent=accused)
    Signal.objects.update(case=secret)
    for who in ("chair", "clerk", "inspector", "propaganda"):
        rows = signals_filtered(access_make(who), SignalFilter(state=""), MONDAY, NOW)
        assert not rows.exists(), who
    Signal.objects.update(
        state="watched", owner=person_make("chair"), next_look_on=MONDAY - dt.timedelta(days=2)
    )
    assert looks_remind(at=NOW) == 0
    Signal.objects.update(state="open", owner=None, next_look_on=None)
    assert unowned_remind(at=works(30)) == 0


def test_queries_do_not_depend_on_the_number_of_cases(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cluster(12)
    crowd(12)
    with django_assert_max_num_queries(32):
        look()
    with django_assert_max_num_queries(20):
        look()
