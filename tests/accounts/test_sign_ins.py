"""Sign-ins: short, seen, ended at once whatever a cache still holds."""

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from accounts.devices import device_of
from accounts.enums import Device
from accounts.models import AccountEvent, SignIn
from accounts.services_sign_ins import sign_ins_expire, sign_ins_revoke
from accounts.tasks import daily_care
from common.time import now
from tests.accounts.factors import confirmed, sign_in
from tests.people import PASSWORD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DESK, PAGE = "/can-bo/", "/tai-khoan/phien/"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"
SHORT = override_settings(
    SIGN_IN_IDLE=dt.timedelta(minutes=60), SIGN_IN_LONGEST=dt.timedelta(hours=12)
)


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


@pytest.fixture
def clerk(client: StrictClient) -> StrictClient:
    person_make("clerk")
    sign_in(client, "clerk")
    return client


def test_the_shipped_limits() -> None:
    from hanoi_portal.settings import base

    assert dt.timedelta(minutes=60) == base.SIGN_IN_IDLE
    assert dt.timedelta(hours=12) == base.SIGN_IN_LONGEST


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 302)])
@SHORT
def test_an_hour_unused_ends_it(
    clerk: StrictClient, time_machine: Any, minutes: int, status: int
) -> None:
    assert clerk.get(DESK).status_code == 200
    time_machine.shift(minutes * 60)
    assert clerk.get(DESK).status_code == status
    if status == 302:
        assert SignIn.objects.get().ended_as == "idle"


@SHORT
def test_use_keeps_it_open_for_twelve_hours(clerk: StrictClient, time_machine: Any) -> None:
    for _half_hour in range(24):
        assert clerk.get(DESK).status_code == 200
        time_machine.shift(1800)
    time_machine.shift(1)
    assert clerk.get(DESK).status_code == 302
    assert SignIn.objects.get().ended_as == "too_long"


@SHORT
def test_the_page_lists_what_is_really_open(clerk: StrictClient, time_machine: Any) -> None:
    """A browser that was closed and never used again is no place where one is signed in."""
    sign_in(StrictClient(), "clerk", HTTP_USER_AGENT=PHONE)
    for _half_hour in range(2):
        time_machine.shift(1800)
        page = unescape(clerk.get(PAGE).content.decode())
    assert "Điện thoại, Chrome" in page
    time_machine.shift(1)
    page = unescape(clerk.get(PAGE).content.decode())
    assert "Điện thoại, Chrome" not in page
    assert page.count("Thiết bị này") == 1


@SHORT
def test_what_ended_by_time_is_closed_by_the_daily_care(
    clerk: StrictClient, time_machine: Any
) -> None:
    person_make("chair")
    sign_in(StrictClient(), "chair")
    SignIn.objects.filter(user__username="chair").update(seen_at=now() + dt.timedelta(hours=13))
    time_machine.shift(3600)
    assert sign_ins_expire() == 0
    time_machine.shift(12 * 3600)
    sign_in(StrictClient(), "clerk")
    daily_care()
    ends = SignIn.objects.order_by("id").values_list("ended_as", flat=True)
    assert list(ends) == ["too_long", "too_long", ""]
    SignIn.objects.filter(user__username="chair").update(ended_at=None, ended_as="")
    SignIn.objects.filter(user__username="chair").update(begun_at=now() - dt.timedelta(hours=2))
    time_machine.shift(3601)
    assert sign_ins_expire() == 2
    ends = SignIn.objects.order_by("id").values_list("ended_as", flat=True)
    assert list(ends) == ["too_long", "idle", "idle"]
    rows = AccountEvent.objects.filter(action="accounts.sign_in.ended", user__username="clerk")
    assert [(row.data["reason"], row.actor_id) for row in rows] == [
        ("too_long", None),
        ("idle", None),
    ]
    assert sign_ins_expire() == 0


def test_the_session_gets_a_new_name_at_sign_in(client: StrictClient) -> None:
    """A name planted before is worth nothing afterwards (session fixation)."""
    person_make("clerk")
    session = client.session
    session["anything"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    planted = str(session.session_key)
    sign_in(client, "clerk")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get(DESK).status_code == 302


def test_one_and_all_others_are_ended_at_once(clerk: StrictClient) -> None:
    others = [StrictClient(), StrictClient()]
    for other in others:
        sign_in(other, "clerk", HTTP_USER_AGENT=PHONE)
        assert other.get(DESK).status_code == 200
    page = unescape(clerk.get(PAGE).content.decode())
    assert page.count("Điện thoại, Chrome") == 4  # in the heading and beside the button
    assert page.count("Thiết bị này") == 1
    confirmed(clerk, person_make("clerk"))
    first = SignIn.objects.filter(device="phone").order_by("id")[0]
    assert clerk.post(f"{PAGE}{first.public_id}/").url == PAGE
    assert [other.get(DESK).status_code for other in others] == [302, 200]
    assert clerk.post(f"{PAGE}khac/").url == PAGE
    assert others[1].get(DESK).status_code == 302
    assert clerk.get(DESK).status_code == 200


def test_nobody_ends_the_sign_in_of_another(clerk: StrictClient) -> None:
    other = StrictClient()
    person_make("chair")
    sign_in(other, "chair")
    theirs = SignIn.objects.get(user__username="chair")
    confirmed(clerk, person_make("clerk"))
    assert clerk.post(f"{PAGE}{theirs.public_id}/").status_code == 404
    assert other.get(DESK).status_code == 200


def test_a_session_that_the_cache_still_holds_is_not_believed(clerk: StrictClient) -> None:
    """The row decides, read from the database with the person."""
    key = clerk.session.session_key
    sign_ins_revoke(user=person_make("clerk"))
    assert clerk.session.session_key == key  # nothing was removed from the cache
    assert clerk.get("/api/v1/cases/").status_code in (401, 403)
    assert clerk.get(DESK).status_code == 302


def test_a_session_without_a_sign_in_is_not_believed(clerk: StrictClient) -> None:
    session = clerk.session
    del session["sign_in"]
    session.save()
    assert clerk.get(DESK).status_code == 302


def test_a_new_password_ends_the_others(clerk: StrictClient) -> None:
    other = StrictClient()
    sign_in(other, "clerk")
    typed = {
        "oldpassword": PASSWORD,
        "password1": "mot-mat-khau-khac-9",
        "password2": "mot-mat-khau-khac-9",
    }
    assert clerk.post("/tai-khoan/doi-mat-khau/", typed).status_code == 302
    assert clerk.get(DESK).status_code == 200
    assert other.get(DESK).status_code == 302
    assert SignIn.objects.filter(ended_as="password").count() == 1


def test_leaving_ends_it(clerk: StrictClient) -> None:
    clerk.post("/tai-khoan/dang-xuat/")
    assert SignIn.objects.get().ended_as == "left"


def test_it_costs_no_query(
    clerk: StrictClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Sign-in, second factor, elevation and received rights come with the person."""
    from accounts.access import access_of
    from accounts.backends import PortalBackend
    from accounts.policies import needs_second_factor
    from accounts.services_sign_ins import sign_in_holds

    row = SignIn.objects.get()
    with django_assert_num_queries(1):
        user = PortalBackend().get_user(row.user_id)
    assert user is not None
    with django_assert_num_queries(0):
        assert sign_in_holds(user, row.pk)
        assert not needs_second_factor(user)
    with django_assert_num_queries(1):
        access_of(user)


def test_no_address_is_kept(clerk: StrictClient) -> None:
    other = StrictClient()
    sign_in(other, "clerk", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=PHONE)
    rows = str(list(SignIn.objects.values())) + str(list(AccountEvent.objects.values("data")))
    assert "203.0.113" not in rows
    assert "Pixel" not in rows


def test_anonymous_visitors_keep_their_session(client: StrictClient, time_machine: Any) -> None:
    session = client.session
    session["draft"] = "x"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    with SHORT:
        time_machine.shift(3 * 3600)
        assert client.get("/").status_code == 200
    assert client.session["draft"] == "x"


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (PHONE, (Device.PHONE, "Chrome")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130 Edg/130", (Device.COMPUTER, "Edge")),
        ("Mozilla/5.0 (iPad; CPU OS 17) Safari/604", (Device.TABLET, "Safari")),
        ("Mozilla/5.0 (X11; Linux) coc_coc_browser/120 Chrome/110", (Device.COMPUTER, "Cốc Cốc")),
        ("curl/8", (Device.UNKNOWN, "")),
        ("", (Device.UNKNOWN, "")),
    ],
)
def test_a_device_in_words(agent: str, found: tuple[Device, str]) -> None:
    assert device_of(agent) == found
