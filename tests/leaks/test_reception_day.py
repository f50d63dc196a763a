"""A reception day is lived twice, and whoever must not know reads the same both times.

In one life the second visitor says little and little is written down. In the other the visitor
named a denunciation when registering, is recorded as denouncing somebody, the leader concludes on
it, a case is made, the notice is carried out and the ladders climb (Articles 12 and 47 to 49 of the
Law on Denunciations).
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from communes.models import Unit
from directives.periods import Period
from directives.receptions_figures import book_read
from notifications.models import OutboxMessage
from receptions.models import SessionEvent
from receptions.selectors_conclusions import TaskFilter, tasks_of
from receptions.selectors_oversight import tasks_late
from tests.leaks.cast import SECRETS, book_urls
from tests.leaks.crawler import Answer, read
from tests.leaks.day import HASH, LATE, Day, denunciations, live
from tests.leaks.test_leak_crawl import changes, client_of, report
from tests.people import WARD, access_make

pytestmark = pytest.mark.django_db
# Who knows in the whole city sees nothing here that the ward's own people do not; of roles with the
# same sight of receptions one stands for all.
KNOWING = ("clerk", "chair")
WHO = ("anonymous", "secretary", "handler", "front", "other_clerk", "board_officer",
       "city_secretary", "party_office", "internal_affairs", "other_chair",
       "propaganda", "city_front", "admin", *KNOWING)  # fmt: skip
HIDDEN = (*SECRETS, "Zamboanga")
OF_SESSION = ("session", "day", "brief", "brief_paper", "registrants", "register", "calls",
              "notice_new", "screen", "change")  # fmt: skip
OF_VISITOR = ("record", "after", "after_paper", "minutes", "minutes_file", "visit_case", "brief_visit", "papers",
              "papers_receipt", "refusal", "registrant", "registrant_change",
              "registrant_priority")  # fmt: skip
OF_NOTICE = ("notice", "notice_file", "notice_edit")
MONTH = "month=2026-12"
PLAIN = (
    ("receptions_staff:desk", f"unit={WARD}&{MONTH}"), ("receptions_staff:month", MONTH),
    ("receptions_staff:ad_hoc", ""), ("receptions_staff:oversight", MONTH),
    ("receptions_staff:oversight_year", "year=2026"),
    ("receptions_staff:register_book", f"unit={WARD}&period=year&day=2026-12-10"),
    ("receptions_staff:register_book", f"unit={WARD}&period=day&day=2026-12-10"),
    ("receptions_staff:register_book", f"unit={WARD}&period=year&day=2026-12-10&kind=denunciation"),
    ("receptions_staff:register_book", f"unit={WARD}&period=year&day=2026-12-10&outcome=conclusion"),
    ("receptions_staff:tasks", f"unit={WARD}&side=taken"),
    ("receptions_staff:tasks", f"unit={WARD}&side=given&late=on"),
    ("receptions_staff:tasks", f"unit={WARD}&side=given&state="),
    ("receptions:calendar", f"unit={WARD}&{MONTH}"), ("receptions:data_json", "from=2026-12-01"),
    ("receptions:data_csv", "from=2026-12-01"), ("receptions:calendar_ics", ""),
    ("cases:desk", ""), ("cases:inbox", ""), ("notices:list", ""), ("escalation:open", ""),
    ("reports:overview", ""), ("reports:receptions", "period=year"),
    ("api:reception-sessions", "from=2026-12-01&announced=true"),
    ("api:reception-tasks", f"unit={WARD}&side=given"), ("api:reception-quotas", MONTH), ("api:reception-oversight", "year=2026"),
)  # fmt: skip


# The task of group 6 of 1699-CV/TU, whose figures are counted from receptions.
COUNTED = ("1699-cv-tu", "1699-cv-tu-6-reception")


def addresses(day: Day) -> Iterator[str]:
    for name, query in PLAIN:
        yield f"{reverse(name)}?{query}"
    yield from of_directive()
    yield from book_urls("2026-12-10")
    for name in OF_SESSION:
        yield reverse(f"receptions_staff:{name}", args=[day.session_id])
    for name in OF_VISITOR:
        for code in (*day.codes[:3], day.codes[4]):
            yield reverse(f"receptions_staff:{name}", args=[day.session_id, code])
    for notice in day.notices:
        yield from (reverse(f"receptions_staff:{name}", args=[notice]) for name in OF_NOTICE)
        yield f"{reverse('receptions_staff:notice_new', args=[day.session_id])}?thay={notice}"
    yield from (reverse("receptions_staff:task", args=[task]) for task in day.tasks)
    yield reverse("receptions_staff:oversight_unit", args=[WARD])
    yield reverse("receptions:session", args=[day.session_id])
    for name in ("registrations", "notices"):
        yield reverse(f"api:reception-{name}", args=[day.session_id])
    for code in (*day.codes[:3], day.codes[4]):
        yield reverse("api:reception-minutes", args=[day.session_id, code])
    yield from (f"/xac-thuc/{proof}" for proof in day.proofs)
    yield from (reverse("api:reception-notice", args=[notice]) for notice in day.notices)
    yield from (reverse("api:reception-task", args=[task]) for task in day.tasks)


def of_directive() -> Iterator[str]:
    for name in ("task_figures", "task_figures_export"):
        yield f"{reverse(f'directives_staff:{name}', args=COUNTED)}?ky=2026-12"
    yield f"{reverse('api:directive-task-figures', args=COUNTED)}?period=2026-12"


def looked_at(day: Day, who: str) -> dict[str, Answer]:
    """Every answer under a name that both lives share."""
    client = client_of(who)
    cache.clear()
    found = {neutral(day, url): shown(day, read(client.get(url))) for url in addresses(day)}
    form = {"unit": WARD, "period": "year", "day": "2026-12-10", "format": "csv"}
    export = client.post(reverse("receptions_staff:register_export"), form)
    return found | {"export": shown(day, read(export))}


def shown(day: Day, answer: Answer) -> Answer:
    """The answer with names in the place of codes, of a PDF its text and when it was made."""
    body = answer.body
    headers = tuple(
        (name, neutral(day, value)) for name, value in answer.headers if name not in UNLIKE
    )
    if ("Content-Type", "application/pdf") in headers and answer.status == 200:
        document = pypdfium2.PdfDocument(body)
        words = " ".join(page.get_textpage().get_text_bounded() for page in document)
        # Where a line breaks depends on how wide the letters of a code are.
        words = " ".join(words.replace("\u200b", "").split())
        body = f"{words} {document.get_metadata_value('CreationDate')}".encode()
    return Answer(answer.status, neutral(day, body.decode("utf-8", "replace")).encode(), headers)


# Made of every byte, codes too.
UNLIKE = ("ETag", "Last-Modified")


# Drawn by chance for every escalation and every notice.
CHANCE = re.compile(r'(?<=/leo-thang/)[0-9a-f-]{36}|(?<=name="notice" value=")[^"]*')


def neutral(day: Day, text: str) -> str:
    pattern = re.compile("|".join(re.escape(name) for name in day.names))
    return CHANCE.sub("CHANCE", pattern.sub(lambda found: day.names[found[0]], text))


def lived(time_machine: Any, *, is_sealed: bool) -> tuple[dict[str, dict[str, Answer]], list[str]]:
    """What everybody reads after a life, of which nothing stays."""
    with transaction.atomic():
        mail.outbox.clear()
        day = live(is_sealed=is_sealed)
        assert bool(denunciations()) == is_sealed
        time_machine.move_to(LATE, tick=False)
        pages = {who: looked_at(day, who) for who in WHO}
        codes = denunciations()
        outbox_names_nobody(day)
        lists_agree()
        transaction.set_rollback(True)
    return pages, codes


def test_a_day_with_a_denouncer_reads_like_any_other(time_machine: Any) -> None:
    time_machine.move_to(LATE, tick=False)
    plain, _codes = lived(time_machine, is_sealed=False)
    sealed, codes = lived(time_machine, is_sealed=True)
    found = {
        who: diff
        for who in WHO
        if who not in KNOWING and (diff := changes(plain[who], sealed[who]))
    }
    assert not found, report(found)
    # The pages were reached, and say what they say of a visit.
    assert sum(answer.status == 200 for answer in sealed["secretary"].values()) >= 60
    assert "Người dân số 2" in sealed["secretary"]["export"].text
    for who in KNOWING:
        assert changes(plain[who], sealed[who]), f"{who} should have seen something"
    for who, pages in sealed.items():
        if who not in KNOWING:
            told = [url for url, one in pages.items() if any(w in one.text for w in HIDDEN)]
            assert not told, f"{who} reads it at {told}"
            # The history keeps the hash of what is covered; the page behind a code alone shows one.
            hashes = [url for url, one in pages.items() if HASH in one.text]
            assert hashes
            assert all(url.startswith("/xac-thuc/") for url in hashes), hashes
    name_and_case_stand_apart(sealed, codes)


def name_and_case_stand_apart(pages: dict[str, dict[str, Answer]], codes: list[str]) -> None:
    """Whoever sees the denunciations comes from no page of a visitor to one."""
    for who in KNOWING:
        for url, answer in pages[who].items():
            if "VISITOR2" in url:
                assert not [code for code in codes if code in answer.text], (who, url)


def outbox_names_nobody(day: Day) -> None:
    """A key outlives its message: it holds neither code nor anything made of it in the open."""
    keys = "\n".join(OutboxMessage.objects.values_list("event", flat=True))
    assert not [code for code in day.codes if code in keys]


def lists_agree() -> None:
    """What the board counts, urging speaks of and a directive's figures say is what the unit's list
    shows."""
    ward = Unit.objects.get(code=WARD)
    late = set(tasks_late(LATE.date()).filter(unit=ward).values_list("pk", flat=True))
    for who in ("secretary", "chair"):
        rows = tasks_of(access_make(who), ward, TaskFilter(late=True))
        assert set(rows.values_list("pk", flat=True)) == late
        given = tasks_of(access_make(who), ward, TaskFilter(side="given", state=""))
        due = given.filter(due_on__month=12).count()
        december = Period(dt.date(2026, 12, 1), dt.date(2026, 12, 31))
        figures = book_read([ward.pk], [december], LATE.date()).of(ward.pk, december)
        assert figures.total.due == due > 0
    assert SessionEvent.objects.exists()
