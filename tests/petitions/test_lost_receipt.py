"""Code or secret lost: by e-mail, without telling anybody who has letters."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from common.crypto import is_vaulted
from common.time import local_moment
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from notifications.services import address_seal
from petitions.invariants import addresses_are_indexed
from petitions.models import CaseEvent, Draft, Letter, Recovery
from petitions.public.recovery import COOKIE
from petitions.selectors_public import draft_open, letter_track, recovery_indexes
from petitions.services.recovery import recoveries_prune, recovery_ask
from tests.people import PERSON, Story
from tests.petitions.public_walk import step, write
from tests.petitions.test_denunciation_modes import ELSEWHERE, text_of
from tests.vault import vault_here

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
LOST, CODE, CHOICE = "/tra-cuu/mat-ma/", "/tra-cuu/mat-ma/xac-nhan/", "/tra-cuu/mat-ma/chon/"
MAIL = str(PERSON["email"])
ONCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
NINE = local_moment(dt.date(2026, 11, 30), 9)


@pytest.fixture(autouse=True)
def _vault(monkeypatch: pytest.MonkeyPatch) -> None:
    vault_here(monkeypatch, "notifications.services")


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=True)


def the_code(mailoutbox: list[EmailMessage]) -> str:
    """The one-time code of the last mail."""
    outbox_deliver()
    found = ONCE.search(str(mailoutbox[-1].body))
    assert found
    return found.group()


def ask(client: Client, email: str = MAIL) -> Any:
    return client.post(LOST, {"email": email})


def confirmed(client: Client, mailoutbox: list[EmailMessage]) -> None:
    ask(client)
    answer = client.post(CODE, {"code": the_code(mailoutbox).lower()})
    assert answer["Location"] == CHOICE


def test_from_the_address_to_a_new_secret(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    tale = story()
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    confirmed(client, mailoutbox)
    listed = text_of(client.get(CHOICE))
    assert tale.filed.code in listed
    assert tale.case.subject not in listed
    shown = client.post(CHOICE, {"letter": tale.filed.code})
    secret = shown.context["secret"]
    assert "no-store" in shown["Cache-Control"]
    assert letter_track(tale.filed.code, secret) is not None
    assert letter_track(tale.filed.code, tale.filed.secret) is None
    # What the old secret opened is closed, and the way is used up.
    assert client.get("/tra-cuu/don/")["Location"] == "/tra-cuu/"
    assert client.post(CHOICE, {"letter": tale.filed.code})["Location"] == LOST
    event = CaseEvent.objects.filter(case=tale.case).latest("sequence")
    assert (event.action, event.data, event.actor) == (
        "petitions.letter.secret_renewed",
        {"by": "email"},
        None,
    )
    outbox_deliver()
    told = mailoutbox[-1]
    assert told.to == [MAIL]
    assert tale.filed.code in str(told.body)
    assert secret not in str(told.body)


def test_the_mail_says_nothing_but_the_code(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    ask(client)
    code = the_code(mailoutbox)
    mail = mailoutbox[-1]
    assert mail.subject == "Mã mà ông/bà đã yêu cầu"
    whole = f"{mail.subject}\n{mail.body}"
    for word in (tale.filed.code, "tố cáo", tale.case.subject, PERSON["full_name"]):
        assert word not in whole
    # Neither the outbox nor the asking holds the code or the address readably.
    row = OutboxMessage.objects.get(template="one_time_code")
    kept = str(row.params) + str(bytes(Recovery.objects.get().code_hmac))
    for secret in (code, code.replace("-", ""), MAIL):
        assert secret not in kept


def test_the_list_does_not_say_which_of_them_denounces(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story()
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    confirmed(client, mailoutbox)
    main = text_of(client.get(CHOICE)).split("<main")[1]
    assert tale.filed.code in main
    for kind in ("tố cáo", "khiếu nại"):
        assert kind not in main.lower()


def test_the_two_purposes_never_meet_in_a_row(story: Tell) -> None:
    story()
    story(kind="denunciation", respondent=ELSEWHERE)
    first, second = [bytes(letter.contact_index or b"") for letter in Letter.objects.all()]
    assert len(first) == len(second) == 32
    assert first != second


def test_nothing_kept_of_an_asking_ties_them_either(client: Client, story: Tell) -> None:
    story()
    story(kind="denunciation", respondent=ELSEWHERE)
    indexes = [bytes(letter.contact_index or b"") for letter in Letter.objects.all()]
    ask(client)
    values = Recovery.objects.values_list().get()
    binary = (bytes, memoryview)
    kept = "".join(bytes(v).hex() if isinstance(v, binary) else str(v) for v in values)
    for index in indexes:
        assert index.hex() not in kept
    # The token that opens them is in this browser, and in no table.
    token = client.cookies[COOKIE].value
    assert set(recovery_indexes(Recovery.objects.get(), token)) == set(indexes)
    assert not [s for s in Session.objects.all() if token in str(s.get_decoded())]
    with pytest.raises(InvalidTag):
        recovery_indexes(Recovery.objects.get(), "x" * 43)


def test_leaving_forgets_the_asking(client: Client, story: Tell) -> None:
    story()
    ask(client)
    client.get("/roi-trang/")
    assert client.get(CODE)["Location"] == LOST


def test_known_and_unknown_addresses_take_the_same_steps(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story()
    answers, queries = [], []
    for email in (MAIL, "nguoi.la@example.com"):
        client.cookies.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = ask(client, email)
        page = re.sub(r'value="[^"]{40,}"', "", text_of(client.get(answer["Location"])))
        answers.append((answer.status_code, answer["Location"], page))
        queries.append([re.sub(r"'[^']*'|\d+", "?", q["sql"])[:60] for q in captured])
    assert answers[0] == answers[1]
    assert queries[0] == queries[1]
    outbox_deliver()
    assert [mail.to for mail in mailoutbox if "Mã mà" in mail.subject] == [[MAIL]]
    states = OutboxMessage.objects.filter(template="one_time_code").values_list("state", flat=True)
    assert sorted(states) == ["sent", "suppressed"]


def test_only_the_vault_opens_where_the_code_goes_and_it_is_forgotten_when_sent(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story(kind="denunciation", respondent=ELSEWHERE)
    for email in (MAIL, "nguoi.la@example.com"):
        ask(client, email)
    rows = OutboxMessage.objects.filter(template="one_time_code")
    assert all(is_vaulted(row.address_key_version or 0) for row in rows)
    assert len(rows) == 2
    the_code(mailoutbox)
    sent = rows.get(state="sent")
    assert (sent.address_box, sent.address_key_version) == (None, None)


def test_a_closed_petition_is_not_found(client: Client, story: Tell) -> None:
    tale = story(kind="feedback").decided()
    tale.do("clerk", "notify")
    tale.closed()
    ask(client)
    assert OutboxMessage.objects.get(template="one_time_code").state == "suppressed"


def test_five_tries_then_even_the_right_code_is_refused(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story()
    ask(client)
    code = the_code(mailoutbox)
    for _turn in range(5):
        assert client.post(CODE, {"code": "0000-0000"}).status_code == 200
    assert client.post(CODE, {"code": code}).status_code == 200
    assert client.get(CHOICE)["Location"] == LOST


def test_the_code_holds_for_twenty_minutes_and_in_this_browser(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story()
    ask(client)
    code = the_code(mailoutbox)
    assert Client().post(CODE, {"code": code})["Location"] == LOST
    other = Client()
    ask(other)
    assert other.post(CODE, {"code": code}).status_code == 200
    with time_machine.travel(NINE + dt.timedelta(minutes=21)):
        assert client.post(CODE, {"code": code}).status_code == 200
    assert client.post(CODE, {"code": code})["Location"] == CHOICE


def test_nobody_elses_letter_can_be_chosen(
    client: Client, story: Tell, mailoutbox: list[EmailMessage]
) -> None:
    story()
    foreign = story(petitioners=[PERSON | {"email": "khac@example.com"}])
    confirmed(client, mailoutbox)
    assert foreign.filed.code not in text_of(client.get(CHOICE))
    assert client.post(CHOICE, {"letter": foreign.filed.code}).status_code == 200
    assert letter_track(foreign.filed.code, foreign.filed.secret) is not None


def test_the_way_cannot_be_skipped(client: Client, story: Tell) -> None:
    tale = story()
    ask(client)
    assert client.get(CHOICE)["Location"] == LOST
    ask(client)
    assert client.post(CHOICE, {"letter": tale.filed.code})["Location"] == LOST
    assert letter_track(tale.filed.code, tale.filed.secret) is not None


def test_asking_is_limited_by_address_and_by_mail(client: Client) -> None:
    with override_settings(RATE_LIMITS=True):
        answers = [ask(client, "mot@example.com").status_code for _turn in range(4)]
        assert answers == [302, 302, 302, 429]
        others = [ask(client, f"a{n}@example.com").status_code for n in range(8)]
    assert others[-1] == 429


def test_an_unreadable_address_is_said(client: Client) -> None:
    assert "error-summary" in text_of(ask(client, "khong-phai-thu"))
    assert not Recovery.objects.exists()


def test_the_confirmation_forgets_the_dead_secret(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    write(client)
    client.post(step("kiem-tra"))
    draft = draft_open(client.cookies["don"].value)
    assert draft is not None
    assert draft.letter is not None
    ask(client, "gia.dinh@example.com")
    client.post(CODE, {"code": the_code(mailoutbox)})
    client.post(CHOICE, {"letter": draft.letter.code})
    assert not Draft.objects.exists()
    assert draft.secret not in text_of(client.get("/gui-don/xong/", follow=True))


def test_askings_are_forgotten_after_a_day(story: Tell) -> None:
    recovery_ask(email=MAIL, at=NINE - dt.timedelta(days=1))
    recovery_ask(email=MAIL, at=NINE)
    assert recoveries_prune(at=NINE) == 1
    assert recoveries_prune(at=NINE) == 0
    assert Recovery.objects.count() == 1


def test_letters_of_before_are_indexed_by_command(story: Tell) -> None:
    """A denouncer's address is opened by the vault alone and stays without an index."""
    first, second = story(), story()
    sealed = story(kind="denunciation", respondent=ELSEWHERE)
    before = dict(Letter.objects.values_list("code", "contact_index"))
    version, box = address_seal(MAIL)
    Letter.objects.update(contact_index=None)
    open_ones = Letter.objects.exclude(code=sealed.filed.code)
    open_ones.update(contact_key_version=version, contact_box=box)
    told = sorted(f"{one.filed.code}: run manage.py index_contacts" for one in (first, second))
    assert list(addresses_are_indexed()) == told
    call_command("index_contacts", "--batch", "1", verbosity=0)
    assert list(addresses_are_indexed()) == []
    after = dict(Letter.objects.values_list("code", "contact_index"))
    assert after.pop(sealed.filed.code) is None
    del before[sealed.filed.code]
    assert {code: bytes(index) for code, index in after.items()} == {
        code: bytes(index) for code, index in before.items()
    }
    assert {first.filed.code, second.filed.code} == set(after)
