"""Links in messages only open a page: a mail scanner that follows them changes nothing."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from directives.models import Assignment
from notifications.delivery import outbox_deliver
from notifications.previews import SAMPLE
from notifications.rendering import words_of
from notifications.services import NewMessage, outbox_write
from notifications.texts import text_versions
from notifications.topics import TOPIC_OF
from tests.people import WARD, Story, person_make
from tests.receptions.cast import NOW, session_public
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
URL = re.compile(r"https?://[^\s\"<>]+")
# What signing in and asking for a page may write: nothing else may.
IGNORED = {"django_session"}


def fingerprint() -> dict[str, str]:
    """What stands in every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - IGNORED):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def real(time_machine: Any, story: Callable[..., Story]) -> dict[str, Any]:
    """Sample values that lead to a case, a reception day and a task that exist."""
    time_machine.move_to(NOW, tick=False)
    tale = story(at=NOW)
    task = Assignment.objects.filter(unit__code=WARD).order_by("id").first()
    assert task is not None
    session = session_public()
    items = [{"subject": "A", "text": "B", "links": words_of("reminder", SAMPLE).blocks[-1:]}]
    return SAMPLE | {
        "code": tale.filed.code,
        "id": str(task.public_id),
        "items": items,
        "session": f"/can-bo/tiep-dan/{session.public_id}/",
    }


def links_of(name: str, real: dict[str, Any]) -> set[str]:
    """Every address in the plain and the HTML part, in both languages."""
    is_session = TOPIC_OF[name].startswith("reception")
    params = real | {"href": real["session"] if is_session else ""}
    texts = [words_of(name, params, language=language) for language in ("vi", "en")]
    return {link for words in texts for link in URL.findall(words.text + words.html)}


def test_following_every_link_of_every_text_changes_nothing(
    client: StrictClient, real: dict[str, Any]
) -> None:
    links = {link for name in text_versions() for link in links_of(name, real)}
    paths = {urlsplit(link).path for link in links}
    assert {path.split("/")[1] for path in paths} == {
        "can-bo",
        "lich-tiep-dan",
        "tai-khoan",
        "tra-cuu",
    }
    assert len(paths) >= 5
    people = ["", *(person_make(name).username for name in ("clerk", "chair", "admin"))]
    before = fingerprint()
    opened = set()
    for name in people:
        client.logout()
        if name:
            client.force_login(person_make(name))
        last_login = fingerprint()
        for link in sorted(links):
            for ask in (client.head, client.get, client.options):
                status = ask(urlsplit(link).path, query_params={}).status_code
                assert status in {200, 302, 404, 405}
                if status == 200:
                    opened.add((name, urlsplit(link).path))
        assert fingerprint() == last_login, name
    after = fingerprint()
    signing_in = {"accounts_user", "accounts_signin", "accounts_accountevent", "common_historyhead"}
    assert {table for table in after if after[table] != before[table]} <= signing_in
    assert opened >= {
        ("", "/tra-cuu/"),
        ("clerk", f"/can-bo/vu-viec/{real['code']}/"),
        ("clerk", real["session"]),
        ("chair", f"/can-bo/chi-dao/viec/{real['id']}/"),
    }


def test_no_link_carries_more_than_an_address(real: dict[str, Any]) -> None:
    """No query, no fragment, no user: nothing that could be a token or follow the reader. Only the
    two mails that let somebody set a password carry a token, which opens a page once."""
    for name in text_versions():
        for link in links_of(name, real):
            parts = urlsplit(link)
            one_time = name in {"password_reset", "account_invitation"} and "ma=" in parts.query
            assert one_time or parts.query == "", link
            assert (parts.fragment, parts.username) == ("", None), link
            assert parts.netloc == "testserver", link


def test_the_mail_has_both_parts_and_one_recipient(
    real: dict[str, Any], mailoutbox: list[EmailMultiAlternatives]
) -> None:
    message = NewMessage(
        "a", "escalation", real | {"items": []}, recipient_id=person_make("chair").pk
    )
    outbox_write([message])
    outbox_deliver()
    (sent,) = [mail for mail in mailoutbox if mail.to == ["chair@example.com"]]
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    assert set(URL.findall(str(html))) == set(URL.findall(str(sent.body)))
    assert f"/can-bo/vu-viec/{real['code']}/" in str(html)
    assert (len(sent.to), sent.cc, sent.bcc) == (1, [], [])
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
