"""Nothing leaks sideways: whoever must not know of a denunciation sees no byte change.

The crawl signs in as every role, opens what can be reached and keeps every answer, then
denunciations are filed and go through their whole life, and it is done again (Articles 12, 47 to
49 and 56 of the Law on Denunciations).
"""

import difflib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.accounts.factors import confirmed
from tests.leaks.cast import (
    DENOUNCER,
    NOW,
    SECRETS,
    WITHHELD,
    Sealed,
    about_the_ward,
    case_urls,
    denunciations,
    held_by_the_ward,
    ordinary,
    seeds,
)
from tests.leaks.crawler import Answer, Crawl, read
from tests.people import CAST, Story, person_make

pytestmark = pytest.mark.django_db
# No denunciation code is drawn like this: what is asked for before there is any.
NOWHERE = "HN-00000-00000-00"
WHO = ["anonymous", *CAST]
# The second life is looked at by those for whom it differs from the first: a crawl takes minutes.
NEAR = ["other_clerk", "other_chair", "board_officer", "handler", "clerk", "chair"]
LIVES = [(about_the_ward, WHO), (held_by_the_ward, NEAR)]


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(person_make(who))
        # Pages that ask for the password first are looked at behind it.
        confirmed(client, person_make(who))
    return client


def is_public(who: str) -> bool:
    return who in ("anonymous", "secretary")


def crawl(who: str, client: Client, codes: list[str]) -> dict[str, Answer]:
    """Public pages are the same for everybody signed in: two of them look there."""
    public = is_public(who)
    cache.clear()  # who looks at a case right now: the crawl's other visitors
    client.cookies.pop("messages", None)
    return Crawl(client, is_public=public).run(seeds(codes, public=public))


def crawl_all(clients: dict[str, Client]) -> dict[str, dict[str, Answer]]:
    """The same browsers both times: a second sign-in would show on the pages of the account."""
    return {who: crawl(who, client, [NOWHERE]) for who, client in clients.items()}


def difference(before: Answer, after: Answer) -> str:
    """The lines that changed, for whoever reads the failure."""
    if (before.status, before.headers) != (after.status, after.headers):
        return f"{before.status} {before.headers} -> {after.status} {after.headers}"
    old, new = (one.body.decode("utf-8", "replace").splitlines() for one in (before, after))
    return "\n".join(line for line in difflib.unified_diff(old, new, n=0, lineterm=""))[:1500]


def changes(before: dict[str, Answer], after: dict[str, Answer]) -> dict[str, str]:
    found = dict.fromkeys(before.keys() - after.keys(), "gone")
    found |= dict.fromkeys(after.keys() - before.keys(), "new")
    found |= {
        url: difference(before[url], after[url])
        for url in before.keys() & after.keys()
        if before[url] != after[url]
    }
    return found


@pytest.mark.parametrize(("life", "cast"), LIVES)
def test_no_role_learns_of_a_denunciation(
    life: Callable[[], list[Sealed]], cast: Sequence[str], time_machine: Any, caplog: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    ordinary()
    clients = {who: client_of(who) for who in cast}
    before = crawl_all(clients)
    for who, pages in before.items():
        wanted = set(seeds([NOWHERE], public=is_public(who)))
        assert wanted < set(pages), who
    mail.outbox.clear()
    caplog.clear()
    sealed = life()
    after = crawl_all(clients)
    knowing = frozenset[str]().union(*(one.known_to for one in sealed))
    found = {
        who: diff
        for who in cast
        if who not in knowing and (diff := changes(before[who], after[who]))
    }
    assert not found, report(found)
    for who in knowing.intersection(cast):
        assert changes(before[who], after[who]), f"{who} should have seen something"
    tell_nothing(after, sealed)
    mails_tell_nothing([one.story.filed.code for one in sealed])
    lines = "\n".join(str(line.msg) + line.getMessage() for line in caplog.records)
    assert not [word for word in WITHHELD if word in lines]


def tell_nothing(pages: dict[str, dict[str, Answer]], sealed: Sequence[Sealed]) -> None:
    for who, answers in pages.items():
        for url, answer in answers.items():
            # A search says again what was typed into it.
            asked = unquote(unquote(url))
            words = hidden_at(url, who, sealed)
            told = [word for word in words if word in answer.text and word not in asked]
            assert not told, f"{who} reads {told} at {url}"
            assert "q=" in asked or not [word for word in WITHHELD if word in asked], url


def hidden_at(url: str, who: str, sealed: Sequence[Sealed]) -> Sequence[str]:
    """Who handles a denunciation reads its letter on the case's own pages, and no more there."""
    is_own = any(one.story.filed.code in url for one in sealed if who in one.known_to)
    return identifying() if is_own else SECRETS


def mails_tell_nothing(codes: list[str]) -> None:
    """Neither subject nor text of a mail says who wrote what; subjects name no case either."""
    assert mail.outbox
    for one in mail.outbox:
        whole = one.message().as_string() + one.subject + str(one.body)
        whole += "".join(str(part[0]) for part in getattr(one, "alternatives", []))
        to_denouncer = DENOUNCER["email"] in one.to
        words = [word for word in WITHHELD if not (to_denouncer and word == DENOUNCER["email"])]
        assert not [word for word in words if word in whole], one.subject
        assert not [code for code in codes if code in one.subject]
        assert "tố cáo" not in one.subject.lower()


def test_who_knows_a_denunciation_reads_nothing_that_is_withheld(time_machine: Any) -> None:
    """On the pages of the cases themselves; text and identity open by their own steps alone."""
    time_machine.move_to(NOW, tick=False)
    ordinary()
    sealed = denunciations()
    codes = [one.story.filed.code for one in sealed]
    nowhere = {who: client_of(who) for who in WHO}
    openings_are_of_known_cases(nowhere, sealed)
    for who in WHO:
        for url in case_urls(codes):
            code = next(code for code in codes if code in url)
            knows = who in next(one.known_to for one in sealed if one.story.filed.code == code)
            # What the step before left to say belongs to the case before.
            nowhere[who].cookies.pop("messages", None)
            answer = read(nowhere[who].get(url))
            nowhere[who].cookies.pop("messages", None)
            if knows or who == "anonymous":
                assert answer.status in (200, 302, 401, 403), (who, url)
                told = [word for word in identifying() if word in answer.text]
                assert not told, f"{who} reads {told} at {url}"
            else:
                absent = read(nowhere[who].get(url.replace(code, NOWHERE)))
                assert answer.status == absent.status, (who, url)
                # The page names the address that was asked for.
                body = answer.body.replace(code.encode(), NOWHERE.encode())
                assert body == absent.body, (who, url)
                assert answer.headers == absent.headers


def openings_are_of_known_cases(clients: dict[str, Client], sealed: list[Sealed]) -> None:
    """Who opened an identity is read by who decides in that unit and sees the case."""
    shown = {who: read(client.get(reverse("cases:openings"))) for who, client in clients.items()}
    for one in sealed:
        for who, answer in shown.items():
            assert who in one.known_to or one.story.filed.code not in answer.text, who
    assert any(sealed[-1].story.filed.code in answer.text for answer in shown.values())


def identifying() -> list[str]:
    return [str(DENOUNCER[name]) for name in ("full_name", "identity_number", "phone", "email")]


def test_a_denunciation_leaves_no_gap_in_the_register(story: Callable[..., Story]) -> None:
    """Whoever counts the numbers of the other letters counts no denunciation (Article 49)."""
    about = {"name": "Ông Thử", "unit": "00008"}
    numbers = []
    for kind in ("complaint", "denunciation", "denunciation", "complaint"):
        tale = story(kind=kind, **({"respondent": about} if kind == "denunciation" else {}))
        tale.do("clerk", "receive", NOW, is_signed=True)
        numbers.append(tale.case.letters.get().register)
    assert numbers == ["1/2026", "1/2026-TC", "2/2026-TC", "2/2026"]


def report(found: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"== {who} {url}\n{words}" for who, diff in found.items() for url, words in diff.items()
    )
