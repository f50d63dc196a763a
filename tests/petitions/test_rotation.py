"""``rotate_identity_keys``: everything on the newest key, nothing lost, while people file and read."""

import threading
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import override_settings

from accounts.mfa_adapter import MFAAdapter
from common.crypto import VAULT, seal, unseal, vault_unseal
from common.time import today
from communes.models import Unit
from hanoi_portal.rotation import STORES, Rotation, missing_keys, versions
from notifications.models import OutboxMessage
from notifications.services import ADDRESS_CONTEXT, address_seal
from papers.content import content_read
from papers.selectors_proofs import file_read
from papers.services.proving import file_cover, proved
from petitions.contacts import contact_index
from petitions.invariants import denouncers_are_sealed_for_the_vault
from petitions.models import Letter, LetterSignature, Party, SealedIdentity
from petitions.selectors import identity_unseal
from petitions.selectors_public import draft_open
from petitions.services.drafts import draft_start
from petitions.services.intake import petition_file
from petitions.services.recovery import recovery_ask
from petitions.services.tells import betrays
from reports.services.batches import batch_fetch, batch_start, batches_run, file_bytes
from tests.papers.making import case_of, issued
from tests.papers.test_proving import drawn
from tests.papers.test_proving import issued as file_issued
from tests.people import PERSON, WARD, access_make, filing_make, person_make
from tests.vault import vault_running
from tests.vault_keys import PRIVATE

pytestmark = pytest.mark.django_db(transaction=True)
ACCUSED = {"name": "Ông Thử", "unit": "00025"}
FIRST = settings.IDENTITY_KEYS
PUBLIC = settings.DENOUNCER_PUBLIC_KEYS
OLD: dict[str, Any] = {
    "IDENTITY_KEYS": {1: FIRST[1]},
    "DENOUNCER_PUBLIC_KEYS": {1: PUBLIC[1]},
}


@pytest.fixture
def vault(reference_data: None) -> Iterator[None]:
    with vault_running():
        yield


def file(**changes: Any) -> str:
    return petition_file(filing=filing_make(**changes)).code


def denounce() -> str:
    return file(kind="denunciation", respondent=ACCUSED)


def rotate(batch: int = 3) -> str:
    out = StringIO()
    call_command("rotate_identity_keys", "--batch", str(batch), stdout=out)
    return out.getvalue()


def opened(identity: SealedIdentity) -> dict[str, Any]:
    """By whichever key it is under."""
    if identity.key_version > VAULT:
        box = bytes(identity.box)
        return vault_unseal(PRIVATE, identity.key_version, box, context=identity.context)
    return identity_unseal(identity)


def as_before_the_vault(code: str) -> None:
    """What a denunciation of an installation without a vault looked like."""
    for party in Party.objects.filter(letter__code=code, role="petitioner"):
        version, box = seal(dict(PERSON), context=f"party:{party.pk}")
        SealedIdentity.objects.filter(party=party).update(key_version=version, box=box, tells=[])
    version, box = address_seal(PERSON["email"])
    letter = Letter.objects.filter(code=code)
    letter.update(contact_key_version=version, contact_box=box, contact_index=None)
    OutboxMessage.objects.filter(template="petition_filed", params__code=code).update(
        address_key_version=version, address_box=box
    )
    LetterSignature.objects.filter(letter__code=code).update(phone_hashes=None, identity_hashes=[])


def test_everything_comes_under_the_newest_keys_and_opens(vault: None) -> None:
    with override_settings(**OLD):
        codes = [file(), denounce(), file(kind="feedback"), denounce()]
        token = draft_start(data={"kind": "feedback"})
    assert {1, VAULT + 1} == set(versions())
    told = rotate()
    assert "key 1 of the first ring: needed by no box: may be taken out" in told
    assert "key 1 of the vault: needed by no box: may be taken out" in told
    assert set(versions()) == {2, VAULT + 2}
    for identity in SealedIdentity.objects.filter(party__role="petitioner"):
        assert opened(identity)["full_name"] == PERSON["full_name"]
        assert identity.is_protected is (identity.key_version > VAULT)
    kept = draft_open(token)
    assert kept is not None
    assert kept.data == {"kind": "feedback"}
    assert Letter.objects.filter(code__in=codes).count() == len(codes)
    assert "Sealed again" not in rotate()


def test_denouncers_of_before_move_to_the_vault_with_all_that_is_compared(vault: None) -> None:
    code = denounce()
    before = LetterSignature.objects.values().get()
    as_before_the_vault(code)
    assert list(denouncers_are_sealed_for_the_vault()) == [
        f"{code}: run manage.py rotate_identity_keys"
    ]
    rotate()
    assert list(denouncers_are_sealed_for_the_vault()) == []
    identity = SealedIdentity.objects.get(is_protected=True)
    assert identity.key_version == VAULT + 2
    assert opened(identity)["phone"] == PERSON["phone"]
    assert betrays(f"Người viết là {PERSON['full_name']}.", identity.tells, identity.sealed_for)
    letter, after = Letter.objects.get(), LetterSignature.objects.values().get()
    assert after["phone_hashes"] == before["phone_hashes"] != []
    assert after["identity_hashes"] == before["identity_hashes"] != []
    # Nothing else would find the letter of a lost receipt: the vault gives no address to index.
    assert bytes(letter.contact_index or b"") == contact_index(PERSON["email"], "denunciation")
    message = OutboxMessage.objects.get(template="petition_filed")
    for version, box in (
        (letter.contact_key_version, letter.contact_box),
        (message.address_key_version, message.address_box),
    ):
        assert version == VAULT + 2
        data = vault_unseal(PRIVATE, version, bytes(box or b""), context=ADDRESS_CONTEXT)
        assert data == {"email": PERSON["email"]}


def test_codes_for_lost_receipts_of_before_move_to_the_vault(vault: None) -> None:
    recovery_ask(email=PERSON["email"])
    version, box = address_seal(PERSON["email"])
    asked = OutboxMessage.objects.filter(template="one_time_code")
    asked.update(address_key_version=version, address_box=box)
    rotate()
    assert asked.get().address_key_version == VAULT + 2


def test_a_run_that_was_broken_off_is_taken_up(vault: None) -> None:
    with override_settings(**OLD):
        for _number in range(4):
            denounce()
    rotation = Rotation(1)
    for _batch, _pass in zip(range(2), rotation.passes(), strict=False):
        pass
    assert {1, 2} <= {v % VAULT for v in versions()}
    assert "Every box is under the newest key" in rotate()


def test_a_missing_key_is_told_before_anything_changes(vault: None) -> None:
    file()
    told = "Keys are missing: key 2 of the first ring"
    with override_settings(IDENTITY_KEYS={3: b"3" * 32}), pytest.raises(CommandError, match=told):
        rotate()
    assert 2 in versions()


def test_a_vault_without_the_new_private_key_is_refused(reference_data: None) -> None:
    denounce()
    with vault_running({1: PRIVATE[1]}), pytest.raises(CommandError, match="private key"):
        rotate()
    with pytest.raises(CommandError, match="does not answer"):
        rotate()


def test_a_box_that_no_key_opens_is_told_and_left_alone(vault: None) -> None:
    with override_settings(**OLD):
        file()
        bad, good = file(), file()
    SealedIdentity.objects.filter(party__letter__code=bad).update(box=b"x" * 60)
    with pytest.raises(
        CommandError, match="Could not be opened and were left as they are: 2 identities"
    ):
        rotate(batch=1)
    for identity in SealedIdentity.objects.filter(party__letter__code=good):
        assert identity.key_version == 2


def test_every_box_of_the_site_is_rotated() -> None:
    """A new model with a box needs a row in ``STORES``."""
    boxes = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField) and field.name.endswith("box")
    }
    boxes |= {("mfa.Authenticator", "data")}  # a text inside the JSON of allauth
    assert {(store.rows().model._meta.label, store.box) for store in STORES} == boxes


def test_second_factors_come_along(vault: None) -> None:
    """The app's secret and the seed of the recovery codes; a passkey stays as it is, and so does
    which codes were used."""
    user = person_make("clerk")
    with override_settings(**OLD):
        sealed = MFAAdapter().encrypt("JBSWY3DP")
        Authenticator.objects.create(user=user, type="totp", data={"secret": sealed})
        codes = RecoveryCodes.activate(user)
        used, *left = codes.get_unused_codes()
        assert codes.validate_code(used)
    Authenticator.objects.create(user=user, type="webauthn", data={"credential": {"id": "x"}})
    other = person_make("chair")
    bad = Authenticator.objects.create(user=other, type="totp", data={"secret": "1:eHh4"})
    assert versions()[1] == 3
    with pytest.raises(CommandError, match="left as they are: 1 second factors"):
        rotate(batch=1)
    assert versions() == {1: 1, 2: 2}
    bad.delete()
    app = Authenticator.objects.get(user=user, type="totp")
    assert app.data["secret"].startswith("2:")
    assert MFAAdapter().decrypt(app.data["secret"]) == "JBSWY3DP"
    assert RecoveryCodes.activate(user).get_unused_codes() == left
    assert "needed by no box: may be taken out" in rotate()
    with override_settings(IDENTITY_KEYS={3: b"3" * 32}):
        assert missing_keys([]) == [2]


def test_issued_papers_and_files_of_registers_come_along(vault: None) -> None:
    """The trigger that keeps an issued paper as it is lets its words under another key."""
    ward = Unit.objects.get(code=WARD)
    with override_settings(**OLD):
        paper = issued(case_of("denunciation"), body="Chuyện kín đáo.")
        batch = batch_start(
            access=access_make("clerk"), unit=ward, books=["letters"], since=today(), until=today()
        )
        batches_run()
        file = file_issued()
        data = file_read(file)
        with proved():
            file_cover(file, render=drawn)
    rotate()
    file.refresh_from_db()
    assert file.key_version == 2
    assert file_read(file) == data
    paper.refresh_from_db()
    assert paper.key_version == 2
    assert content_read(paper).body == "Chuyện kín đáo."
    assert set(batch.files.values_list("key_version", flat=True)) == {2}
    fetched = batch_fetch(access=access_make("clerk"), public_id=batch.public_id, number=1)
    assert file_bytes(fetched).startswith(b"PK")


class Load:
    """People who file and read until it is over; errors come back to the test."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.filed: list[str] = []
        self.errors: list[Exception] = []
        self.read = 0

    def __enter__(self) -> "Load":
        works = (self.filing, self.filing, self.reading)
        self.threads = [threading.Thread(target=self.run, args=(work,)) for work in works]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def run(self, work: Callable[[], None]) -> None:
        try:
            while not self.over.is_set():
                work()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            self.errors.append(error)
        finally:
            connection.close()

    def filing(self) -> None:
        self.filed.append(denounce() if len(self.filed) % 2 else file())

    def reading(self) -> None:
        self.read += everybody_opens()


def everybody_opens() -> int:
    """Open every petitioner's box; how many there are."""
    people = list(SealedIdentity.objects.filter(party__role="petitioner"))
    assert all(opened(one)["full_name"] == PERSON["full_name"] for one in people)
    return len(people)


def addresses() -> list[dict[str, Any]]:
    """Of the outbox, opened by whichever key they are under."""
    found = []
    for message in OutboxMessage.objects.filter(template="petition_filed"):
        version, box = message.address_key_version or 0, bytes(message.address_box or b"")
        if version > VAULT:
            found.append(vault_unseal(PRIVATE, version, box, context=ADDRESS_CONTEXT))
        else:
            found.append(unseal(version, box, context=ADDRESS_CONTEXT))
    return found


def test_keys_are_rotated_under_load(vault: None) -> None:
    """Filing and reading go on in threads: nothing is lost, all of it opens, all on the newest."""
    with override_settings(**OLD):
        for _number in range(15):
            file()
            denounce()
    with Load() as load:
        rotate(batch=2)
    assert not load.errors
    assert load.filed
    assert load.read >= 30
    assert set(versions()) == {2, VAULT + 2}
    count = 30 + len(load.filed)
    assert Letter.objects.count() == count
    assert Party.objects.count() == SealedIdentity.objects.count() == 2 * count
    assert everybody_opens() == count
    assert addresses() == [{"email": PERSON["email"]}] * count
