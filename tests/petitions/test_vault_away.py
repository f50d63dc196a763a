"""Without the vault: what the other processes cannot do, and what stays on record."""

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from common.crypto import is_vaulted, unseal
from common.time import now
from common.vault import vault_answers, vault_ask
from hanoi_portal import embedded, grants
from petitions.models import Draft, IdentityOpening, Letter, SealedIdentity, VaultUse
from petitions.selectors import identity_unseal
from petitions.selectors_public import draft_open
from petitions.services.drafts import draft_send, draft_start
from petitions.services.identity import Why
from petitions.services.intake import petition_file
from tests.people import PASSWORD, PERSON, Story, filing_make, person_make
from tests.vault import PRIVATE

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds
ACCUSED = {"name": "Ông Thử", "unit": "00025"}
REASON = "Xác minh danh tính người tố cáo theo Điều 24."
WHY = Why("verify", REASON)
ASKED = {"ground": "verify", "reason": REASON}


@pytest.fixture
def tale(db: None) -> Story:
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


SQL = (
    "DELETE FROM petitions_identityopening",
    "UPDATE petitions_identityopening SET reason = 'x'",
    "TRUNCATE petitions_identityopening CASCADE",
    "DELETE FROM petitions_vaultuse",
    "UPDATE petitions_vaultuse SET at = now()",
)


@pytest.fixture
def opening(tale: Story) -> IdentityOpening:
    """An opening that was recorded and used."""
    identity = SealedIdentity.objects.get(is_protected=True)
    row = IdentityOpening.objects.create(
        identity=identity, by=person_make("clerk"), at=now(), ground="verify", reason=REASON
    )
    VaultUse.objects.create(opening=row, at=now())
    return row


@pytest.mark.parametrize("role", [embedded.APPLICATION, embedded.OWNER])
@pytest.mark.parametrize("sql", SQL)
def test_no_record_is_removed_or_changed_by_sql(
    opening: IdentityOpening, sql: str, role: str
) -> None:
    """The application has no right to it; the owner of the schema is stopped by the trigger."""
    grants.apply("default")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(sql)
    assert IdentityOpening.objects.get().reason == REASON
    assert VaultUse.objects.count() == 1


def test_no_other_process_can_open_what_is_sealed_for_the_vault(tale: Story) -> None:
    identity = SealedIdentity.objects.get(is_protected=True)
    letter = Letter.objects.get(code=tale.filed.code)
    assert is_vaulted(identity.key_version)
    assert letter.contact_key_version is not None
    assert is_vaulted(letter.contact_key_version)
    assert PERSON["full_name"].encode() not in bytes(identity.box)
    with pytest.raises(KeyError):
        identity_unseal(identity)
    assert not settings.DENOUNCER_PRIVATE_KEYS
    # Nor with the private key in another one's hands but for another party.
    with pytest.raises(KeyError):
        unseal(identity.key_version, identity.box, context="party:0")


def test_when_the_vault_is_away_the_page_says_so_and_the_attempt_stays(
    tale: Story, clerk: Client
) -> None:
    answer = clerk.post(identity_url(tale), ASKED)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "két danh tính không trả lời" in page
    assert REASON in page
    assert PERSON["full_name"] not in page
    assert IdentityOpening.objects.get().by.username == "clerk"
    assert not vault_answers()


@pytest.mark.parametrize(
    ("who", "extra", "told"),
    [
        ("", {}, True),  # the probe of this machine
        ("", {"REMOTE_ADDR": "203.0.113.9"}, False),
        ("", {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ("clerk", {"REMOTE_ADDR": "203.0.113.9"}, False),
        ("admin", {"REMOTE_ADDR": "203.0.113.9"}, True),
    ],
)
def test_only_the_probe_and_administrators_learn_that_it_is_away(
    db: None, who: str, extra: dict[str, str], told: bool
) -> None:
    client = Client()
    if who:
        client.force_login(person_make(who))
    health = client.get("/health/ready/", **extra).json()  # type: ignore[arg-type]
    assert ("vault_away" in health["warnings"]) is told


def test_a_sent_denunciation_opens_by_the_writers_token_alone(db: None) -> None:
    person = {key: value for key, value in PERSON.items() if key != "representative"}
    data = {
        "kind": "denunciation", "unit": "00004", "field": "housing", "subject": "Tố cáo",
        "content": "Nội dung.", "petitioners": [person], "respondent": ACCUSED,
    }  # fmt: skip
    token = draft_start(data=data)
    draft_send(token=token)
    kept = draft_open(token)
    assert kept is not None
    assert kept.data["petitioners"][0]["full_name"] == PERSON["full_name"]
    draft = Draft.objects.get()
    with pytest.raises(KeyError):
        unseal(draft.key_version, bytes(draft.box), context="draft")


@pytest.mark.parametrize("kind", ["vault", "web", "worker", "beat", "command"])
def test_only_the_vaults_process_holds_the_private_ring(kind: str, tmp_path: Path) -> None:
    code = (
        "import json, django; django.setup(); from django.conf import settings as s;"
        "print(json.dumps([sorted(s.DENOUNCER_PRIVATE_KEYS), sorted(s.DENOUNCER_PUBLIC_KEYS),"
        "'PRIVATE' in str(vars(s._wrapped)) and any('PRIVATE' in str(k) for k in"
        " __import__('hanoi_portal.settings.dev').settings.dev._secrets)]))"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.dev",
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_PROCESS": kind,
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    private, public, in_secrets = json.loads(done.stdout)
    assert public == [1]
    assert private == ([1] if kind == "vault" else [])
    assert in_secrets is (kind == "vault")


def test_the_command_is_a_vault(tmp_path: Path, monkeypatch: Any) -> None:
    """As a process of its own, the way ``up`` and the compose file start it, on a machine where
    Python holds output back."""
    monkeypatch.setattr(settings, "VAULT_ADDRESS", str(tmp_path / "v.sock"))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.vault_settings",
        "PORTAL_PROCESS": "vault",
        "VAULT_ADDRESS": str(tmp_path / "v.sock"),
        "PYTEST_XDIST_WORKER": "",
        "PYTHONUNBUFFERED": "",
    }
    command = [sys.executable, "manage.py", "vault"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], PATIENCE)[0], "nothing was said"
            assert b"Vault: keys" in process.stdout.readline()
            assert vault_ask("ping")["versions"] == sorted(PRIVATE)
            assert (tmp_path / "v.sock").stat().st_mode & 0o077 == 0
        finally:
            process.terminate()
        assert process.wait(15) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "", "reason": REASON},
        {"ground": "counter_search", "reason": REASON},
        {"ground": "verify", "reason": "ngắn"},
        {"ground": "verify", "reason": "x" * 301},
    ],
)
def test_without_ground_and_reason_nothing_is_opened_or_recorded(
    tale: Story, clerk: Client, wrong: dict[str, str]
) -> None:
    page = clerk.post(identity_url(tale), wrong).content.decode()
    assert PERSON["full_name"] not in page
    assert not IdentityOpening.objects.exists()
