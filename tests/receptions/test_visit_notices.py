"""The written notice within 10 working days, and what the visitor sees."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible
from common.time import local_moment
from deadlines.models import ClockState
from notifications.models import OutboxMessage
from petitions.selectors_public import letter_track
from receptions.models import Registration, VisitClock, VisitRecord
from receptions.progress import notice_public, progress_of, progress_of_letter
from receptions.services._change import Notes, keep
from receptions.services.confirmations import registration_confirm
from receptions.services.visit_notices import citizen_tell, visit_notice_send
from receptions.services.visits import Visit, session_record
from tests.people import PERSON, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    Visitor,
    digits_sent,
    register,
    session_public,
    visitor,
)
from tests.receptions.concluding import (
    DURING,
    UNTIL,
    issued,
    promised,
    record,
    registration_of,
    row,
    step,
    task_of,
    visit_of,
    ward,
)

pytestmark = pytest.mark.django_db


def send(visit: VisitRecord, who: str = "clerk", **changes: Any) -> VisitClock:
    values: dict[str, Any] = {"number": "25/TB-UBND", "sent_on": DAY, "at": DURING}
    return visit_notice_send(
        access=access_make(who),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        **(values | changes),
    )


def concluded(**changes: Any) -> dict[str, Any]:
    values = {
        "conclusion": "Kiểm tra thực địa và trả lời bằng văn bản.",
        "responsible_unit": ward(),
        "due_on": UNTIL,
    }
    return values | changes


def states_of(visit: VisitRecord) -> list[str]:
    return list(visit.clocks.order_by("id").values_list("clock__state", flat=True))


@pytest.mark.parametrize("outcome", ["taken_in", "forwarded"])
def test_ten_working_days_run_from_the_session(outcome: str) -> None:
    clock = VisitClock.objects.get(visit=visit_of(outcome)).clock
    assert (clock.started_on, clock.due_on) == (DAY, dt.date(2026, 12, 24))
    assert (clock.rule_code, clock.state) == ("DANG-NOTICE", ClockState.RUNNING)


def test_the_chairs_reception_follows_the_law_on_citizen_reception() -> None:
    session = session_public("chair", duty_holder="people_committee_chair")
    visit = visit_of("taken_in", who="chair", session=session)
    assert VisitClock.objects.get(visit=visit).clock.rule_code == "TCD-NOTICE"


@pytest.mark.parametrize("outcome", ["answered", "guided"])
def test_what_was_said_on_the_spot_owes_nothing(outcome: str) -> None:
    visit = visit_of(outcome)
    assert not VisitClock.objects.exists()
    with pytest.raises(Conflict):
        send(visit)


def test_a_corrected_outcome_ends_and_starts_the_limit() -> None:
    visit = visit_of("taken_in")
    record(visit, "answered")
    assert VisitClock.objects.get().clock.state == ClockState.CANCELLED
    record(visit, "forwarded")
    record(visit, "forwarded")
    states = VisitClock.objects.order_by("id").values_list("clock__state", flat=True)
    assert list(states) == ["cancelled", "running"]


def test_the_limit_runs_anew_when_the_conclusion_that_met_it_ends() -> None:
    visit = visit_of("conclusion", **concluded())
    record(visit, "conclusion", **concluded(conclusion="Đối thoại với các hộ."))
    record(visit, "taken_in")
    record(visit, "taken_in")
    assert states_of(visit) == ["met", "running"]
    assert visit.clocks.last().clock.due_on == dt.date(2026, 12, 24)
    send(visit, at=DURING + dt.timedelta(hours=1))
    record(visit, "forwarded")
    assert states_of(visit) == ["met", "met"]


def test_another_conclusion_meets_the_limit_that_runs_anew() -> None:
    visit = visit_of("conclusion", **concluded())
    record(visit, "answered")
    assert states_of(visit) == ["met"]
    record(visit, "conclusion", "clerk", **concluded())
    assert states_of(visit) == ["met", "running"]
    record(visit, "conclusion", **concluded(conclusion="Đối thoại với các hộ."))
    assert states_of(visit) == ["met", "met"]


def test_sending_the_notice_meets_the_limit_once() -> None:
    visit = visit_of("taken_in")
    link = send(visit)
    assert (link.paper_number, link.clock.state) == ("25/TB-UBND", ClockState.MET)
    with pytest.raises(Conflict):
        send(visit)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "x" * 61}, "number"),
        ({"number": ""}, "number"),
        ({"sent_on": DAY + dt.timedelta(days=1)}, "sent_on"),
        ({"sent_on": DAY - dt.timedelta(days=1)}, "sent_on"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    visit = visit_of("taken_in")
    with pytest.raises(InvalidInput) as caught:
        send(visit, **changes)
    assert field in caught.value.fields


def test_others_do_not_send() -> None:
    visit = visit_of("taken_in")
    for who, error in (("front", NotPermitted), ("other_clerk", NotVisible)):
        with pytest.raises(error):
            send(visit, who)


def test_the_visitor_sees_public_rows_and_their_state() -> None:
    visit = visit_of("conclusion", who="clerk", conclusion="Kiểm tra", due_on=DAY,
                     responsible_unit=session_unit())  # fmt: skip
    session = visit.registration.session
    notice = issued(row(), row(what="Việc nội bộ", is_internal=True), session=session,
                    code=visit.registration.code)  # fmt: skip
    progress = progress_of(registration_of(visit))
    assert progress is not None
    ((shown, tasks),) = progress.notices
    assert (shown.pk, [task.position for task in tasks]) == (notice.pk, [1])
    step(task_of(notice), "report", "other_clerk", text="Xong")
    again = progress_of(registration_of(visit))
    assert again is not None
    assert again.notices[0][1][0].state == "reported"
    assert notice_public(registration_of(visit), notice.public_id).pk == notice.pk


def session_unit() -> Any:
    return session_public(day=dt.date(2026, 12, 11)).unit


def test_a_visitor_sees_no_notice_of_another() -> None:
    session = session_public()
    first = visit_of("taken_in", session=session)
    second = visit_of("taken_in", session=session, registration={"number": 2})
    notice = issued(session=session, code=first.registration.code)
    progress = progress_of(registration_of(second))
    assert progress is not None
    assert progress.notices == []
    with pytest.raises(NotVisible):
        notice_public(registration_of(second), notice.public_id)


def test_of_a_denunciation_only_outcome_and_dates(story: Any) -> None:
    respondent = {"name": "Ông X", "unit": "00025", "position": "officer"}
    tale = story(kind="denunciation", respondent=respondent)
    petition = (tale.filed.code, tale.filed.secret)
    visit = visit_of("taken_in", registration={"petition": petition},
                     conclusion="Sẽ xác minh ông X", responsible_person="Bà Mẫu")  # fmt: skip
    issued(session=visit.registration.session, code=visit.registration.code)
    progress = progress_of(registration_of(visit))
    assert progress is not None
    assert (progress.is_secret, progress.answer, progress.contact) == (True, "", "")
    assert progress.notices == []
    letter = letter_track(*petition)
    assert letter is not None
    assert progress_of_letter(letter) == []


def test_a_petition_shows_only_its_writers_own_visits(story: Any) -> None:
    tale = story()
    petition = (tale.filed.code, tale.filed.secret)
    session = session_public()
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    visit_of("taken_in", session=session, registration={"petition": petition})
    letter = letter_track(*petition)
    assert letter is not None
    assert progress_of_letter(letter) == []
    mine = visit_of("taken_in", session=session,
                    registration={"petition": petition, "visitor": own})  # fmt: skip
    assert [p.visit for p in progress_of_letter(letter)] == [mine]


def test_queries_of_a_petition_do_not_grow_with_its_visits(story: Any) -> None:
    tale, counts = story(), []
    petition = (tale.filed.code, tale.filed.secret)
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    letter = letter_track(*petition)
    assert letter is not None
    for day in (DAY, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=4)):
        session = session_public(day=day)
        made = register(session, petition=petition, visitor=own)
        session_record(
            access=access_make("secretary"),
            session_id=session.public_id,
            code=made.code,
            visit=Visit("Công dân hỏi về ngõ đi chung.", "conclusion", **concluded()),
            at=local_moment(day, 9),
        )
        with CaptureQueriesContext(connection) as found:
            shown = progress_of_letter(letter)
        counts.append(len(found))
    assert len(shown) == 3
    assert all(len(one.notices) == 1 for one in shown)
    assert counts[0] == counts[2] <= 8


def visited(*, confirmed: bool = True, **registration: Any) -> OutboxMessage | None:
    """The mail after a visit of somebody who left an address."""
    session = session_public()
    person = replace(visitor(1), email="vi.du@example.com", language="en")
    made = register(session, visitor=person, **registration)
    if confirmed:
        registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(), at=NOW)
    # As somebody who changed the address and never typed the new code.
    Registration.objects.filter(code=made.code).update(status="registered")
    said = Visit("Công dân hỏi về ngõ đi chung.", "taken_in", **promised("taken_in"))
    session_record(
        access=access_make("secretary"),
        session_id=session.public_id,
        code=made.code,
        visit=said,
        at=DURING,
    )
    return OutboxMessage.objects.filter(template="visit_news").first()


def test_a_mail_says_only_that_there_is_news_in_the_visitors_language() -> None:
    message = visited()
    assert message is not None
    assert (message.params.keys(), message.language) == ({"unit", "session_on"}, "en")
    # The key outlives the mail: the code is half of the visitor's own.
    code = Registration.objects.get().code
    assert not [key for key in OutboxMessage.objects.values_list("event", flat=True) if code in key]


def test_the_longest_key_of_a_real_moment_fits() -> None:
    visited()
    visit = VisitRecord.objects.select_related("registration__case").get()
    session = visit.registration.session
    notes = Notes("receptions.task.extend", DURING + dt.timedelta(microseconds=654_321))
    citizen_tell(session, visit, notes, f"task:{uuid.uuid4()}:extended")
    keep(session, notes)
    keys = OutboxMessage.objects.filter(event__contains=":extended:").values_list(
        "event", flat=True
    )
    assert [len(key) <= 120 for key in keys] == [True]


def test_an_address_never_confirmed_gets_no_news() -> None:
    assert visited(confirmed=False) is None


def test_the_news_of_a_denouncer_name_neither_unit_nor_day(story: Any) -> None:
    tale = story(kind="denunciation")
    message = visited(petition=(tale.filed.code, tale.filed.secret))
    assert message is not None
    assert message.params == {}
    code = OutboxMessage.objects.get(template="registration_code")
    assert message.address_key_version == code.address_key_version
