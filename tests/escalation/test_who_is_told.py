"""Who is told of a step and who is not: by name, through a deputy, once, and never too much."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from accounts.models import Absence, Membership
from common.time import local_date, now
from deadlines.models import Clock
from escalation.models import Escalation
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from notifications.rendering import render
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import OTHER_WARD, WARD, Story, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


def test_a_handler_is_told_by_name_of_the_assignment(story: Make) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    sweep_run(at=clock.step_moments[0])
    message = OutboxMessage.objects.get(template="reminder", channel="email")
    assert message.recipient == tale.case.assignee
    assert message.unit is None


def test_an_absent_handler_is_told_through_the_deputy(story: Make) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.get(rule_code="KN-RES1-N")
    moment = clock.step_moments[0]
    day = local_date(moment)
    Absence.objects.create(
        person=person_make("handler"),
        from_on=day,
        to_on=day,
        reason="leave",
        deputy=person_make("clerk"),
        recorded_by=person_make("chair"),
        recorded_at=FILED,
    )
    assert tale.case.assignee == person_make("handler")
    sweep_run(at=moment)
    told = OutboxMessage.objects.filter(template="reminder", recipient__isnull=False)
    assert {message.recipient for message in told} == {person_make("clerk")}


def test_a_person_with_two_positions_gets_one_mail(story: Make) -> None:
    story(at=FILED)
    chair = person_make("chair")
    Membership.objects.filter(user=person_make("clerk")).update(user=chair)
    sweep_run(at=BREACH)
    outbox_deliver()
    told = [m for m in mail.outbox if m.to == ["chair@example.com"] and "quá hạn" in m.subject]
    assert len(told) == 1


def test_the_accused_unit_is_never_escalated_to(story: Make) -> None:
    tale = story(
        at=FILED,
        kind="denunciation",
        unit=OTHER_WARD,
        respondent={"name": "Người bị tố cáo", "unit": WARD, "position": "head"},
    )
    Clock.objects.update(holder_unit=tale.case.respondent_unit)
    sweep_run(at=BREACH + dt.timedelta(days=60))
    barred = tale.case.respondent_unit
    assert tale.case.barred_units == [barred and barred.pk]
    assert not Escalation.objects.filter(unit=barred).exists()
    told = OutboxMessage.objects.filter(template__in=("reminder", "escalation"))
    assert told.exists()
    assert not told.filter(unit=barred).exists()


def test_a_notice_of_a_denunciation_does_not_say_what_kind_it_is(story: Make) -> None:
    tale = story(at=FILED, kind="denunciation")
    sweep_run(at=BREACH + dt.timedelta(days=3))
    told = OutboxMessage.objects.filter(params__code=tale.filed.code)
    told = told.filter(template__in=("reminder", "escalation"))
    assert told.exists()
    for message in told:
        subject, body = render(message.template, message.params)
        assert "ố cáo" not in subject + body


def test_a_deputy_without_the_right_sees_no_escalation_of_a_denunciation(
    story: Make, client: Any
) -> None:
    ours = {"name": "Ông Lê Văn Giả", "unit": OTHER_WARD, "position": "officer"}
    secret = story(at=FILED, kind="denunciation", respondent=ours)
    plain = story(at=FILED)
    sweep_run(at=BREACH + dt.timedelta(days=20))
    rows = {
        row.clock.case_clock.case.code: row
        for row in Escalation.objects.filter(step_code="breach", position="head")
    }
    assert set(rows) == {secret.filed.code, plain.filed.code}
    day = local_date(now())
    Absence.objects.create(
        person=person_make("chair"),
        from_on=day,
        to_on=day,
        reason="leave",
        deputy=person_make("handler"),
        recorded_by=person_make("chair"),
        recorded_at=FILED,
    )
    client.force_login(person_make("handler"))
    page = client.get("/can-bo/leo-thang/").content.decode()
    assert plain.filed.code in page
    assert secret.filed.code not in page
    assert client.get(f"/can-bo/leo-thang/{rows[secret.filed.code].public_id}/").status_code == 404
    client.force_login(person_make("chair"))
    assert secret.filed.code in client.get("/can-bo/leo-thang/").content.decode()
