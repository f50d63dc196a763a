"""No key and no secret stands in the database or in a cache, in whatever spelling."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.services import api_token_create
from petitions.models import Case
from petitions.services.intake import petition_file
from tests.accounts.factors import officer, set_up_app, sign_in
from tests.people import PASSWORD, filing_make, person_make
from tests.security.database import tables
from tests.strict import StrictClient
from tests.vault_keys import PRIVATE

pytestmark = pytest.mark.django_db
ACCUSED = {"name": "Ông Thử", "unit": "00008", "position": "officer"}


def stored(broker: redis.Redis) -> str:
    """Every row of every table and every value of the cache and the broker as text."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT t::text FROM {table} t")
            parts += [row[0] for row in cursor.fetchall()]
    for key in broker.scan_iter():
        value: Any = broker.get(key) if broker.type(key) == b"string" else b""
        parts += [key.decode("latin-1"), value.decode("latin-1")]
    return "\n".join(parts)


def spellings(secret: bytes | str) -> Iterator[str]:
    raw = secret.encode() if isinstance(secret, str) else secret
    yield raw.decode("latin-1")
    yield raw.hex()
    for text in (base64.b64encode(raw), base64.urlsafe_b64encode(raw), base64.b32encode(raw)):
        yield text.decode().rstrip("=")


def found(text: str, secret: bytes | str) -> bool:
    return any(one in text for one in spellings(secret))


@pytest.fixture
def secrets(broker: redis.Redis) -> dict[str, bytes | str]:
    """What must not be found, after most of what uses it has happened."""
    denounced = petition_file(filing=filing_make(kind="denunciation", respondent=ACCUSED))
    filed = petition_file(filing=filing_make())
    officer("clerk")
    client = StrictClient()
    sign_in(client, "clerk")
    set_up_app(client)
    visitor = Client()
    visitor.post(reverse("petitions:track"), {"code": filed.code, "secret": filed.secret})
    visitor.post(reverse("account_reset_password"), {"login": "clerk"})
    single = {
        name: getattr(settings, name)
        for name in ("SECRET_KEY", "TOKEN_HMAC_KEY", "BLIND_INDEX_KEY", "VAULT_AUTH_KEY")
    }
    rings = {
        f"{name} {number}": key
        for name, ring in (("identity", settings.IDENTITY_KEYS), ("denouncer", PRIVATE))
        for number, key in ring.items()
    }
    own = {
        "password": PASSWORD,
        "secret of a letter": filed.secret,
        "secret of a denunciation": denounced.secret,
        "token": api_token_create(user=person_make("clerk")),
        "session": str(client.session.session_key),
        "code": filed.code,
    }
    return {**single, **rings, **own}


def test_no_key_and_no_secret_lies_anywhere(
    secrets: dict[str, bytes | str], broker: redis.Redis
) -> None:
    text = stored(broker)
    assert [name for name, secret in secrets.items() if found(text, secret)] == ["session", "code"]
    assert len(secrets) >= 11


def test_it_would_be_found_in_any_spelling(broker: redis.Redis) -> None:
    """A key in a row, as bytes and as text, and one in the cache."""
    planted = b"k3y-\xff\x00-that-should-not-be-here"
    code = petition_file(filing=filing_make()).code
    for text in (planted.hex(), base64.b64encode(planted).decode()):
        assert not found(stored(broker), planted)
        Case.objects.filter(code=code).update(search_text=text)
        assert found(stored(broker), planted)
        Case.objects.filter(code=code).update(search_text="")
    broker.set("planted", b"before " + planted)
    assert found(stored(broker), planted)
