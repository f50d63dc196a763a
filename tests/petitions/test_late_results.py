"""A result that is late: the sender urges, the secretary hears of his own, the citizen learns
which ways are open."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common.time import local_moment
from deadlines.models import Clock
from escalation.models import Escalation, EscalationState
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from petitions.clocks import secretary_tell
from petitions.models import Case
from petitions.rights import ways_open
from petitions.selectors_public import letter_track
from petitions.timeline import public_record
from tests.people import PERSON, Story, person_make
from tests.petitions.test_forwarding import answer, at, forwarded, proposed

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "secretary", "other_clerk", "other_chair",
                 "board_head", "city_chair", "inspector"):  # fmt: skip
        person_make(name)


def at_receiver(story: Make) -> tuple[Story, Case]:
    """A recommendation that was sent on and accepted where it went, with its first limit there."""
    tale = proposed(story, kind="recommendation")
    tale.do("chair", "forward", at(8), unit="00008", number="5/PC", text="Chuyển đơn.")
    answer(tale, "accept_forward", 9)
    return tale, Case.objects.get(forwarded_by__case=tale.case)


def clock_of(case: Case) -> Clock:
    return Clock.objects.get(case_clock__case=case, state="running")


def test_the_sender_is_asked_to_urge_and_finds_the_letter_ready(story: Make, client: Any) -> None:
    tale, case = at_receiver(story)
    clock = clock_of(case)
    assert clock.forwarder_unit == tale.case.unit
    sweep_run(at=clock.step_moments[3])
    step = Escalation.objects.get(step_code="forwarder_urges")
    assert (step.unit, step.position) == (tale.case.unit, "head")
    told = OutboxMessage.objects.filter(template="escalation", params__step="forwarder_urges")
    assert {m.params["code"] for m in told.filter(position="head", unit=tale.case.unit)} == {
        tale.filed.code
    }
    client.force_login(person_make("chair"))
    page = client.get(f"/can-bo/vu-viec/{tale.filed.code}/buoc/urge/").content.decode()
    assert "Căn cứ khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP" in page


def test_issuing_the_urging_letter_confirms_the_step(story: Make) -> None:
    tale, case = at_receiver(story)
    sweep_run(at=clock_of(case).step_moments[3])
    moment = clock_of(case).step_moments[3] + dt.timedelta(hours=2)
    tale.do("chair", "urge", moment, number="7/CV", text="Đề nghị giải quyết.")
    step = Escalation.objects.get(step_code="forwarder_urges")
    assert (step.state, step.answer_step) == (EscalationState.ACKNOWLEDGED, "answer")
    assert step.acknowledged_by == person_make("chair")


def test_the_sender_reads_of_his_own_case_and_not_of_the_receivers(
    story: Make, client: Any
) -> None:
    tale, case = at_receiver(story)
    sweep_run(at=clock_of(case).step_moments[3])
    client.force_login(person_make("chair"))
    page = client.get("/can-bo/leo-thang/").content.decode()
    assert tale.filed.code in page
    assert case.code not in page


def test_a_sender_who_is_barred_is_not_asked_to_urge(story: Make) -> None:
    tale = forwarded(story)
    answer(tale, "accept_forward", 9)
    case = Case.objects.get(forwarded_by__case=tale.case)
    clock = clock_of(case)
    Clock.objects.filter(pk=clock.pk).update(barred_units=[tale.case.unit_id])
    sweep_run(at=clock.step_moments[4])
    assert not Escalation.objects.filter(clock=clock, step_code="forwarder_urges").exists()
    told = OutboxMessage.objects.filter(unit=tale.case.unit, template="escalation")
    assert not told.filter(params__code=case.code).exists()


def test_the_secretary_hears_of_what_came_through_his_reception(story: Make) -> None:
    brought, other = story(at=at(6)), story(at=at(6))
    secretary_tell(brought.case)
    sweep_run(at=clock_of(brought.case).step_moments[2])
    told = OutboxMessage.objects.filter(template="escalation", position="secretary")
    assert {message.params["code"] for message in told} == {brought.filed.code}
    assert not clock_of(other.case).tells_secretary


def test_the_next_limit_of_the_case_tells_the_same_people(story: Make) -> None:
    tale = story(at=at(6))
    secretary_tell(tale.case)
    assert clock_of(tale.accepted(at=at(8)).case).tells_secretary


def test_the_secretary_hears_of_no_denunciation(story: Make) -> None:
    tale = story(kind="denunciation", at=at(6))
    secretary_tell(tale.case)
    assert not clock_of(tale.case).tells_secretary


def late(tale: Story) -> dt.datetime:
    clock = Clock.objects.get(case_clock__case=tale.case, case_clock__stage="resolution")
    return local_moment(clock.due_on + dt.timedelta(days=1), 9)


def citizens(template: str) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(template=template, address_box__isnull=False)
    return list(rows.order_by("id"))


def test_the_petitioner_is_told_once_which_ways_are_open(
    story: Make, client: Any, time_machine: Any
) -> None:
    tale = story(at=at(6)).accepted(at=at(8))
    moment = late(tale)
    time_machine.move_to(moment, tick=False)
    sweep_run(at=moment)
    sweep_run(at=moment)
    (told,) = citizens("petition_overdue")
    assert told.params["code"] == tale.filed.code
    assert "Nguyễn" not in str(told.params)
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    page = client.get("/tra-cuu/don/").content.decode()
    assert "Khiếu nại lần hai đến Chủ tịch Ủy ban nhân dân Thành phố" in page
    assert "Điều 7, Điều 42 Luật Khiếu nại" in page


def test_before_the_limit_ends_no_way_is_named(story: Make, client: Any, time_machine: Any) -> None:
    tale = story(at=at(6)).accepted(at=at(8))
    time_machine.move_to(late(tale) - dt.timedelta(days=2), tick=False)
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    assert "Khiếu nại lần hai" not in client.get("/tra-cuu/don/").content.decode()


def test_a_denouncers_mail_says_only_that_there_is_news(
    story: Make, client: Any, time_machine: Any
) -> None:
    respondent = {"name": "Ông Lê Văn Giả", "unit": "00008", "position": "officer"}
    tale = story(kind="denunciation", at=at(6), respondent=respondent)
    tale.accepted(at=at(8))
    moment = late(tale)
    time_machine.move_to(moment, tick=False)
    before = len(citizens("petition_news"))
    sweep_run(at=moment)
    assert not citizens("petition_overdue")
    assert len(citizens("petition_news")) == before + 1
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    page = client.get("/tra-cuu/don/").content.decode()
    assert "Tố cáo tiếp đến cấp trên trực tiếp" in page


def test_at_second_instance_only_the_court_is_left(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(8))
    clock = Clock.objects.get(case_clock__case=tale.case, case_clock__stage="resolution")
    Clock.objects.filter(pk=clock.pk).update(
        due_on=dt.date(2026, 7, 20), legal_due_on=dt.date(2026, 7, 20)
    )
    Case.objects.filter(pk=tale.case.pk).update(instance=2)
    letter = letter_track(tale.filed.code, tale.filed.secret)
    ways = ways_open(public_record(letter))
    assert [way.basis for way in ways] == ["Điều 7, Điều 42 Luật Khiếu nại số 02/2011/QH13"]


def test_a_petitioner_who_wrote_in_english_is_told_in_english(story: Make, mailoutbox: Any) -> None:
    tale = story(at=at(6), language="en").accepted(at=at(8))
    sweep_run(at=late(tale))
    # In the morning: at night nothing goes out.
    outbox_deliver(at=late(tale) + dt.timedelta(days=1))
    citizens_mails = [mail for mail in mailoutbox if mail.to == [PERSON["email"]]]
    subjects = {mail.subject for mail in citizens_mails}
    assert "The time limit of your petition has passed" in subjects
    assert all("Cổng" not in subject for subject in subjects)
