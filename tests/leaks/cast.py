"""The world of the leak crawl: ordinary business first, then denunciations and their whole life."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from common.time import local_moment
from common.vault import VaultAway
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from papers.models import Paper
from papers.services.issuing import paper_issue
from petitions.services.identity import Why, identity_open
from petitions.services.intake import petition_file
from reports.registers import BOOKS, BY_SLUG
from tests.papers.making import drafted, step, submitted
from tests.people import CAST, OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.permissions.matrix import OPEN

NOW = local_moment(dt.date(2026, 11, 25), 10)  # a Wednesday, in everybody's working hours
LONG_AGO = local_moment(dt.date(2026, 8, 3), 9)
LATER = local_moment(dt.date(2026, 8, 10), 9)
# Words that stand in the denunciations and nowhere else.
SUBJECT = "Zamboanga nhận quà khi cấp phép xây dựng"
CONTENT = "Quyxomex: ông ấy đã nhận một phong bì màu xanh."
DENOUNCER: dict[str, Any] = {
    "full_name": "Tịnh Xuyên Kwatz",
    "identity_number": "001077654321",
    "address": "Số 77, ngõ Vwazil",
    "phone": "0987123455",
    "email": "kwatz@example.org",
    "representative": True,
}
RESPONDENT = "Ông Bryxol"
SECRETS = (
    DENOUNCER["full_name"], DENOUNCER["identity_number"], "Vwazil", DENOUNCER["phone"],
    DENOUNCER["email"], "Quyxomex", "Bryxol",
)  # fmt: skip
WITHHELD = (*SECRETS, "Zamboanga")


@dataclass(frozen=True)
class Sealed:
    """A denunciation with the people who may know that it exists."""

    story: Story
    known_to: frozenset[str]


CITY = frozenset({"board_head", "city_chair", "inspector"})


def ordinary() -> None:
    """Complaints and a recommendation in both wards, some overdue and escalated, notices sent."""
    for name in CAST:
        person_make(name)
    for unit in (WARD, OTHER_WARD):
        for subject in ("Khiếu nại bồi thường", "Kiến nghị sửa đường"):
            kind = "complaint" if subject.startswith("Khiếu") else "recommendation"
            respondent = {"name": "UBND", "unit": unit, "position": "unknown"}
            changes = {"respondent": respondent} if kind == "complaint" else {}
            petition_file(
                filing=filing_make(kind=kind, subject=subject, unit=unit, **changes), at=LONG_AGO
            )
    one = Story(petition_file(filing=filing_make(), at=LONG_AGO))
    one.accepted(LATER)
    two = Story(petition_file(filing=filing_make(), at=LONG_AGO))
    two.do("clerk", "receive", LATER)
    _on_paper(two, "chair")
    settle()


def settle() -> None:
    """What the periodic jobs do: the ladder climbs, notices go out."""
    sweep_run(at=NOW, is_manual=True)
    outbox_deliver(at=NOW)


def about_the_ward() -> list[Sealed]:
    """A person of the ward and its chair are accused: nobody of the ward may learn of it."""
    about = {"name": RESPONDENT, "unit": WARD, "position": "staff"}
    chair = {**about, "position": "chair"}
    found = [
        # A whole life at the Citizen Reception Board, overdue on the way.
        Sealed(_decided(_file(about), "board_officer", "board_head"), CITY | {"board_officer"}),
        # Left lying: the ladder climbs over everybody.
        Sealed(_file(chair), CITY | {"board_officer"}),
        # Another ward holds what accuses somebody of this one.
        Sealed(_file(about, unit=OTHER_WARD), CITY | {"other_clerk", "other_chair"}),
    ]
    settle()
    return found


def held_by_the_ward() -> list[Sealed]:
    """Somebody of another ward is accused: nobody there may learn of it; in the ward the handler
    is not assigned and does not know either."""
    about = {"name": RESPONDENT, "unit": OTHER_WARD, "position": "staff"}
    found = [
        Sealed(_decided(_file(about), "clerk", "chair", "chair"), CITY | {"clerk", "chair"}),
        Sealed(_received(_file(about), "clerk"), CITY | {"clerk", "chair"}),
    ]
    settle()
    _opened(found[1].story)
    return found


def denunciations() -> list[Sealed]:
    """All of them."""
    return [*about_the_ward(), *held_by_the_ward()]


def _opened(story: Story) -> None:
    """The clerk asks for the identity: the vault is away, the record and the notice stay."""
    why = Why("verify", "Xác minh danh tính người tố cáo theo Điều 24.")
    with suppress(VaultAway):
        identity_open(
            access=access_make("clerk"), code=story.filed.code, party_number=1, why=why, at=NOW
        )
    outbox_deliver(at=NOW)


def _file(respondent: dict[str, Any], unit: str = WARD) -> Story:
    filing = filing_make(
        kind="denunciation",
        subject=SUBJECT,
        content=CONTENT,
        request="",
        unit=unit,
        petitioners=[DENOUNCER],
        respondent=respondent,
    )
    return Story(petition_file(filing=filing, at=LONG_AGO))


def _received(story: Story, clerk: str) -> Story:
    story.do(clerk, "receive", LATER, is_signed=True)
    return story


def _decided(story: Story, clerk: str, head: str, officer: str = "") -> Story:
    """Through acceptance to the conclusion; the sweep finds it late in between."""
    officer = officer or clerk
    _received(story, clerk)
    story.do(clerk, "classify", LATER, field="land_compensation")
    story.do(clerk, "assign", LATER, assignee=officer)
    story.do(officer, "propose", LATER, proposal="accept", text="Đủ điều kiện thụ lý.")
    _on_paper(story, head)
    story.do(head, "accept", LATER, number="7/QĐ")
    settle()
    story.do(officer, "start_verification", LATER)
    story.do(officer, "draft_outcome", NOW, text="Dự thảo kết luận.")
    story.do(head, "decide", NOW, number="9/KL")
    return story


def _on_paper(story: Story, head: str) -> None:
    """One paper issued, another begun."""
    step(paper_issue, submitted(story.case, "proposal", head), head)
    drafted(story.case, "proposal", head)


# What somebody might type who looks for a denunciation.
ASKED = {
    "cases:inbox": ("q=Zamboanga", "q=Kwatz", "q=0987123455", "q=1", "q=2", "q=3", "q=1%2F2026",
                    "kind=denunciation", "overdue=1", "escalated=1", "unassigned=1", "approval=1",
                    "open=1", "open=0", "forwarded=1", "citizen_wrote=1", "flag=unsigned",
                    "flag=information", "assignee=chair", "ordering=due_on", "unit=BTCD",
                    "unit=00004"),
    "cases:export": ("", "q=Zamboanga", "kind=denunciation"),
    "api:cases": ("q=Zamboanga", "q=1", "kind=denunciation", "page_size=1", "ordering=due_on"),
    "api:units": ("q=Zamboanga", "q=Kwatz"),
    "reports:overview": ("do=open", "do=soon", "do=escalated", "sort=open"),
    "reports:party_line": ("thang=2026-08", "thang=2026-09", "thang=2026-10&don_vi=00004",
                           "thang=2026-11&don_vi=00004", "thang=2026-09&don_vi=00008"),
    "petitions:track": ("ma=HN-00000-00000-00",),
}  # fmt: skip


def seeds(codes: list[str], *, public: bool) -> list[str]:
    """Every address without a parameter, searches, and the pages of cases that may be hidden.

    ``public``: with the pages that are open to the whole world.
    """
    urls = [reverse(name) for name in plain_names() if public or name not in OPEN]
    for name, queries in ASKED.items():
        urls += [f"{reverse(name)}?{query}" for query in queries]
    return urls + book_urls("2026-11-25") + case_urls(codes)


def book_urls(day: str) -> list[str]:
    """Every register of the own unit in the year of the day, the sealed ones too."""
    query = f"period=year&day={day}"
    urls = [reverse("registers:book", args=[book.slug]) for book in BY_SLUG.values()]
    for book in BOOKS:
        name = "api:reception-register-rows" if book.is_of_receptions else "api:register-rows"
        urls.append(reverse(name, args=[book.code]))
    return [f"{url}?{query}" for url in urls]


def case_urls(codes: list[str]) -> list[str]:
    """Every page and answer about one case and its papers."""
    names = ("cases:case", "cases:ladder", "cases:renew", "api:case", "api:case-events", "api:case-similar",
             "api:case-actions", "papers_staff:list", "api:case-papers")  # fmt: skip
    urls = [reverse(name, args=[code]) for code in codes for name in names]
    urls += [reverse("cases:action", args=[code, "decide"]) for code in codes]
    urls += [reverse("cases:redaction", args=[code, code]) for code in codes]
    return urls + list(paper_urls(codes))


def paper_urls(codes: list[str]) -> Iterator[str]:
    names = ("papers_staff:paper", "papers_staff:edit", "papers_staff:word", "api:case-paper",
             "api:case-paper-word")  # fmt: skip
    for paper in Paper.objects.filter(case__code__in=codes).select_related("case").order_by("pk"):
        yield from (reverse(name, args=[paper.case.code, paper.public_id]) for name in names)


def plain_names() -> list[str]:
    """Named addresses that need no argument, those of sign-out apart."""
    found = []

    def walk(patterns: Any, prefix: str = "") -> None:
        for item in patterns:
            if isinstance(item, URLResolver):
                walk(item.url_patterns, f"{prefix}{item.namespace}:" if item.namespace else prefix)
            elif isinstance(item, URLPattern) and item.name and not item.pattern.converters:
                found.append(f"{prefix}{item.name}")

    walk(get_resolver().url_patterns)
    hidden = ("account_logout", "petitions:track_leave", "admin:logout", "docs")
    return [name for name in found if name not in hidden and _reversible(name)]


def _reversible(name: str) -> bool:
    try:
        reverse(name)
    except Exception:  # noqa: BLE001 -- a pattern with a group of its own
        return False
    return True
