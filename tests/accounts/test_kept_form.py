"""A form sent after the sign-in ended: kept for the same person, led back to a page that opens."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.test import Client, override_settings

from accounts.kept import KEEP, KEPT_KEY, LONGEST, KeptForm, form_keep, form_kept
from accounts.models import Elevation
from common.middleware import NEVER_SHOWN
from common.time import now
from tests.accounts.elevated import PAGE as ELEVATE
from tests.accounts.elevated import TYPED
from tests.accounts.factors import sign_in
from tests.people import PASSWORD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DESK, KEPT = "/can-bo/", "/tai-khoan/da-giu/"
FORM = KeptForm("/can-bo/a/", DESK, {"text": ["Đã gọi điện hai lần"]})
WRITE = "/can-bo/vu-viec/KN-X/trao-doi/"
PAGE = "/can-bo/vu-viec/KN-X/"
NOTE = {"to": "note", "text": "Đã gọi điện hai lần, không ai nghe máy", "password": "hoa-hong"}


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


@pytest.fixture
def too_late(client: StrictClient, time_machine: Any) -> StrictClient:
    for name in ("clerk", "chair"):
        person_make(name)
    sign_in(client, "clerk")
    time_machine.shift(3700)
    return client


def _after(answer: Any) -> str:
    assert answer.status_code == 302
    return str(parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0])


@override_settings(SIGN_IN_IDLE=KEEP)
def test_what_was_written_comes_back_to_its_writer(too_late: StrictClient) -> None:
    answer = too_late.post(WRITE, NOTE, headers={"referer": f"http://testserver{PAGE}"})
    assert _after(answer) == KEPT
    assert NOTE["text"] not in str(dict(too_late.session.items()))
    assert sign_in(too_late, "clerk", QUERY_STRING=f"next={KEPT}").headers["Location"] == KEPT
    page = too_late.get(KEPT).content.decode()
    assert NOTE["text"] in page
    assert f'action="{WRITE}"' in page
    assert f'href="{PAGE}"' in page
    assert NOTE["password"] not in page


@override_settings(SIGN_IN_IDLE=KEEP)
def test_somebody_else_on_this_device_does_not_see_it(too_late: StrictClient) -> None:
    too_late.post(WRITE, NOTE)
    sign_in(too_late, "chair")
    assert too_late.get(KEPT).headers["Location"] == DESK
    sign_in(too_late, "clerk")
    assert too_late.get(KEPT).headers["Location"] == DESK


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        (f"http://testserver{PAGE}", PAGE),
        ("", DESK),
        ("https://elsewhere.example/can-bo/x/", DESK),
        ("http://testserver/tra-cuu/", DESK),
    ],
)
def test_a_visitor_is_led_to_the_page_and_nothing_is_kept(
    client: StrictClient, referer: str, page: str
) -> None:
    answer = client.post(WRITE, NOTE, headers={"referer": referer})
    assert _after(answer) == page
    assert not list(client.session.items())


def test_for_half_an_hour_one_person_and_one_size() -> None:
    at = now()
    kept = form_keep(7, FORM, at)
    assert form_kept(kept, 7, at + KEEP) == FORM
    assert form_kept(kept, 8, at) is None
    assert form_kept(kept, 7, at + 2 * KEEP) is None
    assert kept is not None
    assert form_kept({**kept, "box": kept["box"][:-8] + "AAAAAAA="}, 7, at) is None
    assert form_keep(7, FORM._replace(fields={"text": ["a" * (LONGEST + 1)]}), at) is None


@override_settings(SIGN_IN_IDLE=KEEP)
def test_what_is_never_shown_is_not_kept_but_for_what_must_be_sent_again(
    too_late: StrictClient,
) -> None:
    typed = {name: f"gia-tri-cua-{name}-dai-hon" for name in NEVER_SHOWN} | {"text": NOTE["text"]}
    too_late.post(WRITE, typed)
    sign_in(too_late, "clerk")
    page = too_late.get(KEPT).content.decode()
    back = {name for name in NEVER_SHOWN if typed[name] in page}
    assert back == {"key", "identity_number"}
    # These two in hidden fields only.
    assert all(
        page.count(typed[name]) == page.count(f'value="{typed[name]}"') == 1 for name in back
    )


@override_settings(SIGN_IN_IDLE=KEEP)
def test_nobody_finds_it_after_half_an_hour(too_late: StrictClient, time_machine: Any) -> None:
    too_late.post(WRITE, NOTE)
    sign_in(too_late, "clerk")
    assert KEPT_KEY in too_late.session
    time_machine.shift(1000)
    too_late.get(DESK)
    assert KEPT_KEY in too_late.session
    time_machine.shift(801)
    too_late.get(DESK)
    assert KEPT_KEY not in too_late.session


@pytest.mark.parametrize(("seconds", "is_done"), [(1799, True), (1802, False)])
def test_what_waits_for_the_password_waits_for_half_an_hour(
    client: StrictClient, time_machine: Any, seconds: int, is_done: bool
) -> None:
    """Whoever finds the screen an hour later sends nothing that somebody else had typed."""
    client.force_login(person_make("admin"))
    asked = client.post(ELEVATE, TYPED)
    client.get(asked.url)
    time_machine.shift(seconds)
    client.post(asked.url, {"password": PASSWORD})
    assert Elevation.objects.exists() is is_done
    assert STATE_SESSION_KEY not in client.session


def test_an_address_for_forms_says_so_in_our_look(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    answer = client.get("/can-bo/vu-viec/tim-nguoi/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "<h1>" in answer.content.decode()
    assert 'href="/can-bo/"' in answer.content.decode()
    assert Client().get("/api/v1/petitions/").headers["Content-Type"] == "application/json"
