"""Steps in the wrong order: before the day, after the end, on a list that changed meanwhile."""

import datetime as dt

import pytest
from django.urls import reverse

from common.errors import Conflict, DomainError, InvalidInput, Stale
from common.time import local_moment
from receptions.enums import RegistrationStatus
from receptions.models import ConclusionTask, Refusal, Registration, VisitorTelling
from receptions.selectors_oversight import tasks_as_of, unreported_at
from receptions.services.conclusions import notice_issue
from receptions.services.misses import session_miss
from receptions.services.patterns import pattern_end
from receptions.services.places import places_fill
from receptions.services.refusals import PaperDetails, refusal_issue, refusal_prepare
from receptions.services.registrations import registration_create_for
from receptions.services.sessions import session_cancel
from receptions.services.tellings import visitor_told
from receptions.services.visit_entry import Entry
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, secretary, session_public, visitor
from tests.receptions.cast_day import MORNING, call_next, day_with, refuse, row_of
from tests.receptions.cast_plan import pattern_make_one
from tests.receptions.concluding import UNTIL, drafted, issued, row, step, task_of
from tests.receptions.test_changes import move
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


def test_a_tick_on_the_list_of_calls_is_about_the_change_that_was_read(
    client: StrictClient,
) -> None:
    session = session_public()
    made = register(session)
    move(session, dt.date(2026, 12, 14))
    read = VisitorTelling.objects.get().since
    VisitorTelling.objects.update(since=read + dt.timedelta(minutes=1))  # it moved again
    with pytest.raises(Stale):
        visitor_told(
            access=access_make("clerk"), session_id=session.public_id, code=made.code, since=read,
            at=NOW,
        )  # fmt: skip
    client.force_login(person_make("clerk"))
    page = f"/can-bo/tiep-dan/{session.public_id}/goi-bao/"
    told = client.post(f"{page}{made.code}/", {"since": read.isoformat()}, follow=True)
    assert "Thông tin đã thay đổi thêm lần nữa" in told.content.decode()
    assert VisitorTelling.objects.get().told_at is None
    now_read = VisitorTelling.objects.get().since.isoformat()
    assert now_read in client.get(page).content.decode()
    client.post(f"{page}{made.code}/", {"since": now_read})
    assert VisitorTelling.objects.get().told_at is not None


@pytest.mark.parametrize("seen", [RegistrationStatus.RECEIVED, RegistrationStatus.REFUSED])
def test_a_session_stays_once_somebody_was_received_or_refused(seen: RegistrationStatus) -> None:
    session = day_with(2)
    Registration.objects.filter(queue_number=1).update(status=seen)
    with pytest.raises(DomainError):
        move(session, dt.date(2026, 12, 14))
    with pytest.raises(DomainError):
        session_cancel(
            access=secretary(), public_id=session.public_id, version=session.version,
            reason="Bận", at=NOW,
        )  # fmt: skip


def test_a_moved_day_begins_anew() -> None:
    session = day_with(1)
    call_next(session, at=local_moment(DAY, 7, 30))
    session.refresh_from_db()
    assert session.opened_at is not None
    move(session, dt.date(2026, 12, 14))
    session.refresh_from_db()
    assert session.opened_at is None


def test_nothing_is_concluded_before_the_day_or_of_a_session_that_fell_out() -> None:
    draft = drafted()
    values = {"access": secretary(), "public_id": draft.public_id, "version": draft.version}
    with pytest.raises(DomainError) as early:
        notice_issue(**values, at=NOW)
    assert early.value.code == "too_early"
    session_miss(
        access=secretary(), public_id=draft.session.public_id, version=draft.session.version,
        reason="Ốm", at=MORNING,
    )  # fmt: skip
    with pytest.raises(DomainError) as over:
        notice_issue(**values, at=MORNING)
    assert over.value.code == "wrong_state"


def test_a_refusals_paper_is_owed_although_the_leader_did_not_come() -> None:
    session = day_with(1)
    refuse(session, 1, "settled")
    session.refresh_from_db()
    session_miss(
        access=secretary(), public_id=session.public_id, version=session.version, reason="Ốm",
        at=MORNING,
    )  # fmt: skip
    details = PaperDetails(particulars_missing="Không xuất trình.")
    for service, said in ((refusal_prepare, {"details": details}), (refusal_issue, {})):
        service(
            access=access_make("chair"), session_id=session.public_id, code=row_of(session, 1).code,
            version=row_of(session, 1).version, at=MORNING, **said,
        )  # fmt: skip
    assert Refusal.objects.get().number == "01/TB-UBND-TCD"


def test_nobody_moves_up_once_the_session_is_over() -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    register(session, 2, waiting_list=True)
    after = session.ends_at + dt.timedelta(hours=20)
    gone = {"status": RegistrationStatus.CANCELLED, "has_place": False, "slot_at": None}
    Registration.objects.filter(code=made.code).update(**gone)
    type(session).objects.filter(pk=session.pk).update(places_taken=0)
    session.refresh_from_db()
    places_fill(session, at=after, quiet=True)
    assert row_of(session, 2).status == RegistrationStatus.WAITING


def test_the_counter_registers_nobody_for_a_day_that_is_over() -> None:
    session = session_public()
    with pytest.raises(Conflict) as closed:
        registration_create_for(
            access=access_make("clerk"), session_id=session.public_id, visitor=visitor(1),
            topic="Hỏi", at=local_moment(DAY, 8) + dt.timedelta(days=3),
        )  # fmt: skip
    assert closed.value.code == "closed"
    assert not Registration.objects.exists()


def test_what_was_forwarded_went_somewhere_and_ended_by_now() -> None:
    session = session_public()
    made = register(session)
    later = Entry(ended_at=MORNING + dt.timedelta(hours=5))
    with pytest.raises(InvalidInput) as wrong:
        session_record(
            access=secretary(), session_id=session.public_id, code=made.code,
            visit=Visit("Hỏi", "forwarded", entry=later), at=MORNING,
        )  # fmt: skip
    assert {"sent_to", "ended_at"} <= set(wrong.value.fields)


def test_a_pattern_that_ended_does_not_grow_again() -> None:
    pattern = pattern_make_one(valid_to=dt.date(2026, 12, 31))
    with pytest.raises(InvalidInput) as wrong:
        pattern_end(
            access=secretary(), public_id=pattern.public_id, version=pattern.version,
            last_on=dt.date(2027, 3, 1),
        )  # fmt: skip
    assert "valid_to" in wrong.value.fields


def test_a_report_may_be_as_long_as_the_service_takes(client: StrictClient) -> None:
    task = task_of(issued(row(code=OTHER_WARD)))
    step(task, "receive", "other_clerk")
    task.refresh_from_db()
    client.force_login(person_make("other_clerk"))
    page = reverse("receptions_staff:task", args=[task.public_id])
    assert 'maxlength="10000"' in client.get(page).content.decode()


def test_a_closed_period_keeps_its_figures() -> None:
    task = task_of(issued(row()))
    step(task, "receive", "other_clerk")
    late_on = UNTIL + dt.timedelta(days=3)
    rows = ConclusionTask.objects.all()

    def is_late(on: dt.date) -> bool:
        return tasks_as_of(rows, on).filter(unreported_at(on)).exists()

    assert is_late(late_on)
    step(
        task, "extend", "secretary", local_moment(late_on + dt.timedelta(days=2), 9),
        text="Chờ đo đạc", until=UNTIL + dt.timedelta(days=30),
    )  # fmt: skip
    assert is_late(late_on)
    assert not is_late(late_on + dt.timedelta(days=4))
    step(task, "cancel", "secretary", local_moment(late_on + dt.timedelta(days=6), 9), text="Thôi")
    assert is_late(late_on)
    assert not tasks_as_of(rows, late_on + dt.timedelta(days=6)).exists()
