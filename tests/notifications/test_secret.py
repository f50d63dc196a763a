"""Notices of denunciations reach only those in a position who see denunciations."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from accounts.access import access_of
from accounts.models import Absence, Delegation, User
from common.time import local_date, local_moment, now
from communes.models import Unit
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage, is_secret
from notifications.rendering import words_of
from notifications.selectors import notices_for, unread_count
from notifications.services import NewMessage, outbox_write
from tests.people import WARD, Story, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
OURS = {"name": "Ông Lê Văn Giả", "unit": "00008", "position": "officer"}


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(local_moment(dt.date(2026, 11, 30), 9), tick=False)


def away(who: str, deputy: str) -> None:
    """Absent today, with a deputy."""
    day = local_date(now())
    Absence.objects.create(
        person=person_make(who),
        from_on=day,
        to_on=day,
        reason="leave",
        deputy=person_make(deputy),
        recorded_by=person_make(who),
        recorded_at=now(),
    )


def told(position: str, *, is_secret: bool) -> None:
    ward = Unit.objects.get(code=WARD).pk
    outbox_write(
        [NewMessage("fact", "case_decided", unit_id=ward, position=position, is_secret=is_secret)]
    )


def bell(who: str) -> int:
    access = access_of(User.objects.get(pk=person_make(who).pk))
    assert unread_count(access) == notices_for(access).count()
    return unread_count(access)


def mails() -> list[str]:
    outbox_deliver()
    return sorted(message.to[0] for message in mail.outbox)


@pytest.mark.parametrize(
    ("is_secret", "reader"), [(False, "handler@example.com"), (True, "chair@example.com")]
)
def test_a_deputy_is_told_of_denunciations_by_nobody(is_secret: bool, reader: str) -> None:
    away("chair", "handler")
    told("head", is_secret=is_secret)
    assert mails() == [reader]
    assert (bell("chair"), bell("handler")) == (1, int(not is_secret))


def test_a_deputy_who_sees_denunciations_is_told() -> None:
    away("chair", "clerk")
    told("head", is_secret=True)
    assert mails() == ["clerk@example.com"]
    assert bell("clerk") == 1


def test_a_deputy_with_the_right_handed_over_is_told() -> None:
    away("chair", "handler")
    Delegation.objects.create(
        giver=person_make("chair"),
        holder=person_make("handler"),
        unit=Unit.objects.get(code=WARD),
        permissions=["denunciation.view"],
        valid_from=local_date(now()),
        valid_to=local_date(now()),
        ground="Nghỉ phép",
        given_at=now(),
    )
    told("head", is_secret=True)
    assert mails() == ["handler@example.com"]
    assert bell("handler") == 1


def test_a_position_without_that_sight_is_not_told_and_nothing_is_to_be_mended() -> None:
    person_make("secretary")
    told("secretary", is_secret=True)
    assert mails() == []
    assert bell("secretary") == 0
    assert OutboxMessage.objects.get(channel="email").error == "not_seen"


def test_what_a_denunciation_sets_going_is_marked(story: Make) -> None:
    codes = {story().case.code: False}
    codes |= {story(kind="denunciation", respondent=OURS).case.code: True}
    rows = OutboxMessage.objects.filter(unit__isnull=False)
    assert {(row.params["code"], is_secret(row)) for row in rows} == set(codes.items())


def test_an_empty_position_is_caught_up_when_somebody_holds_it() -> None:
    told("head", is_secret=True)
    assert mails() == []
    assert OutboxMessage.objects.get(channel="email").error == "no_address"


@pytest.mark.parametrize("template", ["identity_opened", "copy_released"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_mail_about_a_denunciation_is_like_any_other(template: str, language: str) -> None:
    params = {"code": "HN-1", "unit": "Phường Ba Đình"}
    words = words_of(template, params, language=language)
    plain = words_of("generic", params, language=language)
    assert (words.subject, words.text) == (plain.subject, plain.text)
    for word in ("danh tính", "bản sao", "identity", "copy", "Ba Đình"):
        assert word not in words.subject + words.text
