"""The vault: what it opens, what it refuses, and what the other processes cannot do."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client, override_settings

from accounts.access import access_of
from accounts.models import Delegation, Membership, User
from accounts.roles import Permission
from common.crypto import is_vaulted
from common.history import NewEvent
from common.time import now
from common.vault import VaultAway, VaultRefused, vault_answers, vault_ask
from communes.models import Unit
from hanoi_portal.vault import USES_OF_MESSAGE
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from petitions.models import (
    Case,
    CaseEvent,
    Forwarding,
    IdentityOpening,
    LetterSignature,
    SealedIdentity,
    VaultUse,
)
from petitions.models.events import OPENED
from petitions.services.identity import Why, identity_open
from petitions.services.intake import petition_file
from tests.people import PASSWORD, PERSON, Story, access_make, filing_make, person_make
from tests.vault import vault_running

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
ACCUSED = {"name": "Ông Thử", "unit": "00025"}
REASON = "Xác minh danh tính người tố cáo theo Điều 24."
WHY = Why("verify", REASON)
READERS = ("chair", "other_chair", "city_chair", "inspector", "board_head")
ASKED = {"ground": "verify", "reason": REASON}


@pytest.fixture
def vault(reference_data: None) -> Iterator[None]:
    with vault_running():
        yield


@pytest.fixture
def tale(reference_data: None) -> Story:
    return Story(petition_file(filing=filing_make(kind="denunciation", respondent=ACCUSED)))


@pytest.fixture
def clerk(client: Client) -> Client:
    """Signed in, with the password just typed."""
    return sure(client, person_make("clerk"))


def sure(client: Client, user: User) -> Client:
    client.force_login(user)
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    return client


def case_url(tale: Story) -> str:
    return f"/can-bo/vu-viec/{tale.filed.code}/"


def identity_url(tale: Story) -> str:
    return f"{case_url(tale)}danh-tinh/1/"


def opened(tale: Story, who: str = "clerk", at: dt.datetime | None = None) -> dict[str, Any]:
    code = tale.filed.code
    return identity_open(access=access_make(who), code=code, party_number=1, why=WHY, at=at)


def test_an_identity_is_shown_once_after_ground_password_and_record(
    vault: None, tale: Story, client: Client
) -> None:
    client.force_login(person_make("clerk"))
    name = PERSON["full_name"]
    asked = client.post(identity_url(tale), ASKED)
    assert asked.status_code == 302
    assert not IdentityOpening.objects.exists()
    wrong = client.post(asked.headers["Location"], {"password": "sai-mat-khau"})
    assert name not in wrong.content.decode()
    answer = client.post(asked.headers["Location"], {"password": PASSWORD})
    page = answer.content.decode()
    assert name in page
    assert PERSON["phone"] in page
    assert "no-store" in answer.headers["Cache-Control"]
    opening = IdentityOpening.objects.get()
    assert (opening.by.username, opening.ground, opening.reason) == ("clerk", "verify", REASON)
    assert opening.unit_id == tale.case.unit_id
    assert VaultUse.objects.get().opening == opening
    assert CaseEvent.objects.filter(action="petitions.identity.opened").count() == 1
    assert name not in client.get(case_url(tale)).content.decode()


def test_the_head_reads_who_opened_and_is_told_and_nobody_else(
    vault: None, tale: Story, client: Client
) -> None:
    opened(tale)
    notice = OutboxMessage.objects.get(template="identity_opened", channel="app")
    assert (notice.unit_id, notice.position) == (tale.case.unit_id, "head")
    opened(tale, "chair")
    assert OutboxMessage.objects.filter(template="identity_opened", channel="app").count() == 2
    client.force_login(person_make("chair"))
    page = client.get("/can-bo/mo-danh-tinh/").content.decode()
    assert page.count(REASON) == 2
    assert page.count(tale.filed.code) >= 2
    narrowed = {"by": "clerk", "first": now().date().isoformat()}
    assert client.get("/can-bo/mo-danh-tinh/", narrowed).content.decode().count(REASON) == 1
    late = {"first": (now() + dt.timedelta(days=2)).date().isoformat()}
    assert REASON not in client.get("/can-bo/mo-danh-tinh/", late).content.decode()
    assert REASON in client.get(case_url(tale)).content.decode()
    for who, status in (("clerk", 404), ("handler", 404), ("other_chair", 200)):
        client.force_login(person_make(who))
        answer = client.get("/can-bo/mo-danh-tinh/")
        assert answer.status_code == status, who
        assert REASON not in answer.content.decode()
    client.force_login(person_make("clerk"))
    assert REASON not in client.get(case_url(tale)).content.decode()


def listed(client: Client, who: str) -> bool:
    client.force_login(person_make(who))
    return REASON in client.get("/can-bo/mo-danh-tinh/").content.decode()


def overseers() -> list[tuple[str, str]]:
    """(unit, position) told of openings."""
    told = OutboxMessage.objects.filter(template="identity_opened", channel="app").order_by("pk")
    return list(told.values_list("unit__code", "position"))


def test_the_superior_is_told_of_what_the_head_opens_and_reads_why(
    vault: None, tale: Story, client: Client
) -> None:
    opened(tale, "chair")
    assert overseers() == [("UBND", "city_chair")]
    client.force_login(person_make("city_chair"))
    assert REASON in client.get(case_url(tale)).content.decode()
    client.force_login(person_make("board_head"))
    assert REASON not in client.get(case_url(tale)).content.decode()


def test_a_head_is_told_of_an_opening_by_rights_handed_over(vault: None, tale: Story) -> None:
    Delegation.objects.create(
        giver=person_make("chair"),
        holder=person_make("clerk"),
        unit=tale.case.unit,
        permissions=["case.decide", "identity.open"],
        valid_from=now().date(),
        valid_to=now().date() + dt.timedelta(days=1),
        ground="Nghỉ phép",
        given_at=now(),
    )
    access = access_of(User.objects.get(username=person_make("clerk").username))
    assert tale.case.unit_id in access.units(Permission.CASE_DECIDE)
    identity_open(access=access, code=tale.filed.code, party_number=1, why=WHY)
    assert overseers() == [(tale.case.unit.code, "head")]


@pytest.mark.parametrize(
    ("holder", "who", "barred", "told"),
    [
        ("UBND", "city_chair", [], ("TTTP", "inspector")),
        ("TTTP", "inspector", [], ("UBND", "city_chair")),
        ("BTCD", "board_head", [], ("UBND", "city_chair")),
        ("BTCD", "board_head", ["UBND"], ("TTTP", "inspector")),
    ],
)
def test_nobody_who_decides_opens_unseen(
    vault: None,
    tale: Story,
    client: Client,
    holder: str,
    who: str,
    barred: list[str],
    told: tuple[str, str],
) -> None:
    keys = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=[holder, *barred])}
    Case.objects.filter(pk=tale.case.pk).update(
        unit_id=keys[holder], barred_units=[keys[code] for code in barred]
    )
    opened(tale, who)
    assert overseers() == [told]
    readers = {reader for reader in READERS if listed(client, reader)}
    assert readers == {who, told[1]}
    # What somebody else opens there is for whoever decides there alone.
    Membership.objects.filter(user__username=who).update(
        valid_to=now().date() - dt.timedelta(days=2)
    )
    assert not listed(client, told[1])


def test_one_record_opens_once_and_soon(vault: None, tale: Story) -> None:
    opened(tale)
    opening = IdentityOpening.objects.get()
    for asked in ({"opening": opening.pk}, {"opening": opening.pk + 1}, {"opening": "x"}, {}):
        with pytest.raises(VaultRefused):
            vault_ask("open", **asked)
    with pytest.raises(VaultRefused):
        opened(tale, at=now() - dt.timedelta(seconds=61))
    with pytest.raises(VaultRefused):
        opened(tale, at=now() + dt.timedelta(hours=1))
    # Recorded all the same.
    assert IdentityOpening.objects.count() == 3
    assert VaultUse.objects.count() == 1


def test_a_search_by_number_is_no_ground_to_open(vault: None, tale: Story) -> None:
    identity = SealedIdentity.objects.get(is_protected=True)
    opening = IdentityOpening.objects.create(
        identity=identity, by=person_make("clerk"), at=now(), ground="counter_search", reason="x"
    )
    with pytest.raises(VaultRefused):
        vault_ask("open", opening=opening.pk)


@pytest.mark.parametrize("lacks", ["event", "unit", "other_unit", "other_words"])
def test_a_record_that_the_head_or_the_history_does_not_show_opens_nothing(
    vault: None, tale: Story, lacks: str
) -> None:
    """Written by a process that was taken over: past the list of the unit, or past the history."""
    identity = SealedIdentity.objects.get(is_protected=True)
    unit = {"unit": None, "other_unit": Unit.objects.get(code="00008").pk}
    row = IdentityOpening.objects.create(
        identity=identity,
        by=person_make("clerk"),
        at=now(),
        ground="verify",
        reason=REASON,
        unit_id=unit.get(lacks, tale.case.unit_id),
    )
    said = "0" * 32 if lacks == "other_words" else row.digest
    if lacks != "event":
        data = {"parties": [1], "ground": "verify", "openings": [said]}
        with transaction.atomic():
            CaseEvent.append(NewEvent(tale.case.pk, OPENED, data, row.by_id))
    with pytest.raises(VaultRefused):
        vault_ask("open", opening=row.pk)
    assert not VaultUse.objects.exists()


def test_a_box_of_another_letter_is_not_opened(vault: None, tale: Story) -> None:
    other = Story(petition_file(filing=filing_make(kind="denunciation", respondent=ACCUSED)))
    theirs = SealedIdentity.objects.get(party__letter__code=other.filed.code, is_protected=True)
    SealedIdentity.objects.filter(party__letter__code=tale.filed.code, is_protected=True).update(
        box=theirs.box, made_for=theirs.party
    )
    with pytest.raises(VaultRefused):
        opened(tale)


def test_who_lacks_the_key_or_talks_nonsense_gets_nothing(vault: None, tale: Story) -> None:
    assert vault_answers()
    with override_settings(VAULT_AUTH_KEY=b"x" * 32), pytest.raises(VaultAway):
        vault_ask("ping")
    for what in ("identity", "", "__init__"):
        with pytest.raises(VaultRefused):
            vault_ask(what)
    assert vault_answers()


def test_a_denouncer_is_told_by_mail_through_the_vault(
    vault: None, tale: Story, mailoutbox: list[EmailMessage]
) -> None:
    later = now() + dt.timedelta(seconds=1)
    message = OutboxMessage.objects.get(template="petition_filed")
    assert is_vaulted(message.address_key_version or 0)
    outbox_deliver(at=later)
    assert [mail.to for mail in mailoutbox if PERSON["email"] in mail.to] == [[PERSON["email"]]]
    assert VaultUse.objects.get().message == message.pk
    # What was sent is no ground to read the address again.
    with pytest.raises(VaultRefused):
        vault_ask("address", message=message.pk)


def test_an_address_is_not_given_without_end(vault: None, tale: Story) -> None:
    message = OutboxMessage.objects.get(template="petition_filed")
    for _number in range(USES_OF_MESSAGE):
        vault_ask("address", message=message.pk)
    with pytest.raises(VaultRefused):
        vault_ask("address", message=message.pk)


def test_a_mail_waits_for_the_vault(tale: Story, mailoutbox: list[EmailMessage]) -> None:
    outbox_deliver(at=now() + dt.timedelta(seconds=1))
    message = OutboxMessage.objects.get(template="petition_filed")
    assert (message.state, message.error, message.attempts) == ("pending", "temporary", 1)
    with vault_running():
        OutboxMessage.objects.filter(pk=message.pk).update(next_attempt_at=now())
        outbox_deliver(at=now() + dt.timedelta(seconds=1))
    message.refresh_from_db()
    assert message.state == "sent"


def test_the_receiver_of_a_forwarding_opens_the_box_that_was_taken_over(
    vault: None, tale: Story
) -> None:
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    tale.do("chair", "forward", unit="00008", number="5/PC", text="Chuyển đơn.")
    tale.do("other_clerk", "accept_forward")
    new = Forwarding.objects.get().new_case
    copied = SealedIdentity.objects.get(party__letter__case=new, is_protected=True)
    first = SealedIdentity.objects.get(party__letter__code=tale.filed.code, is_protected=True)
    assert bytes(copied.box) == bytes(first.box)
    assert (copied.made_for, copied.tells) == (first.party, first.tells)
    old, fresh = LetterSignature.objects.order_by("pk")
    assert (old.phone_hashes, old.identity_hashes) == (fresh.phone_hashes, fresh.identity_hashes)
    person = identity_open(
        access=access_make("other_clerk"), code=new.code, party_number=1, why=WHY
    )
    assert person["phone"] == PERSON["phone"]
    with pytest.raises(VaultRefused):
        vault_ask("open", opening=IdentityOpening.objects.get().pk)
