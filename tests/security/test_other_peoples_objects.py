"""IDOR: the object of another person or unit, asked for by its true identifier, is not there.

Cases, reception days and tasks by their own addresses are in ``test_hostile.py``; here is what
hangs on them or on a person. Whoever may is asked afterwards: the object was there all the time.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, ApiToken, Delegation, SignIn
from accounts.services import api_token_create
from attachments.services import attachment_store
from communes.models import Unit
from escalation.keeping import LadderPlan, ladder_make, shipped_for
from escalation.models import Escalation, Ladder
from mobilisation.services import programme_file_add
from papers.models import Paper
from petitions.models import Letter, MessageAttachment, RedactedFile, RoutingRule, SavedFilter
from petitions.selectors_redaction import originals_of
from petitions.services.intake import petition_file
from petitions.services.messages import message_receive
from petitions.services.routing import Conditions, rule_add
from petitions.services.saved_filters import filter_save
from reports.models import RegisterBatch
from reports.services.batches import batch_start, batches_run
from tests.accounts.factors import signed_in
from tests.accounts.office import NOW, access_today, away, day, overdue
from tests.accounts.test_delegation import give
from tests.attachments.papers import pdf
from tests.early_warning.matters import project_of_ward, signal_make
from tests.mobilisation.keeping import do, drafted, opinion, opinion_sent, signed, upload
from tests.papers.making import case_of, issued, submitted
from tests.people import CAST, OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.petitions.redacting import decided, denunciation, letter_of, released
from tests.security.database import changed, state

pytestmark = pytest.mark.django_db
BATCH_STRANGERS = ("chair", "handler", "other_clerk", "front", "admin")


@dataclass(frozen=True)
class Thing:
    """``row``: what its owner changes by a POST. ``other``: the same address under the stranger's own case,
    for things that hang on one."""

    url: str
    owner: str
    row: Model
    strangers: tuple[str, ...] = ("other_clerk", "other_chair", "front", "admin")
    method: str = "GET"
    data: tuple[tuple[str, str], ...] = ()
    other: str = ""


def paper() -> str:
    return str(attachment_store(stream=io.BytesIO(pdf("Giấy tờ")), name="a.pdf").public_id)


def under(name: str, code: str, *rest: Any) -> str:
    return reverse(name, args=[code, *rest])


def strangers_case() -> str:
    """A case of the other ward, whose clerk puts its code before what hangs on another."""
    return petition_file(filing=filing_make(unit=OTHER_WARD)).code


def file_of_a_letter(_clock: Any) -> Thing:
    code = petition_file(filing=filing_make(attachments=[paper()])).code
    row = originals_of(Letter.objects.get(code=code))[0]
    url, other = (under("cases:attachment", c, row.public_id) for c in (code, strangers_case()))
    return Thing(url, "clerk", row, other=other)


def file_of_a_message(_clock: Any) -> Thing:
    code = petition_file(filing=filing_make()).code
    message_receive(letter=Letter.objects.get(code=code), text="Xin gửi.", attachments=[paper()])
    row = MessageAttachment.objects.get().attachment
    url, other = (under("cases:message_file", c, row.public_id) for c in (code, strangers_case()))
    return Thing(url, "clerk", row, other=other)


def redacted_file(_clock: Any) -> Thing:
    tale = denunciation((pdf("Trang một"), "don.pdf"))
    decided(tale.case)
    released(tale.case)
    row = RedactedFile.objects.get().result
    assert row is not None
    code = tale.filed.code
    url, other = (under("cases:redacted_file", c, row.public_id) for c in (code, strangers_case()))
    return Thing(url, "handler", row, strangers=("other_clerk", "front", "admin", "secretary"),
                 other=other)  # fmt: skip


def page_being_redacted(_clock: Any) -> Thing:
    tale = denunciation((pdf("Trang một"), "don.pdf"))
    code, row = tale.filed.code, originals_of(letter_of(tale.case))[0]
    decided(tale.case)
    rest = (code, row.public_id, 1)
    return Thing(
        under("cases:redaction_page", code, *rest), "clerk", row,
        strangers=("other_clerk", "secretary", "front", "admin"),
        other=under("cases:redaction_page", strangers_case(), *rest),
    )  # fmt: skip


def letter_of_another_case(_clock: Any) -> Thing:
    """A copy is made of a letter under the case to which it belongs, and no other."""
    tale = denunciation()
    code = tale.filed.code
    return Thing(under("cases:redaction", code, code), "clerk", letter_of(tale.case),
                 strangers=("other_clerk", "secretary", "front", "admin"),
                 other=under("cases:redaction", strangers_case(), code))  # fmt: skip


def sign_in(_clock: Any) -> Thing:
    row = SignIn.objects.create(
        user=person_make("clerk"), device="phone", browser="Safari", begun_at=NOW, seen_at=NOW
    )
    url = reverse("account_sign_in_gone", args=[row.public_id])
    return Thing(url, "clerk", row, ("handler", "chair", "admin"), "POST")


def token(_clock: Any) -> Thing:
    api_token_create(user=person_make("clerk"))
    row = ApiToken.objects.get()
    url = reverse("account_token_gone", args=[row.public_id])
    return Thing(url, "clerk", row, ("handler", "chair", "admin"), "POST")


def delegation(_clock: Any) -> Thing:
    row: Delegation = give()
    url = reverse("powers:delegation_gone", args=[row.public_id])
    return Thing(url, "chair", row, ("other_chair", "clerk", "front", "admin"), "POST")


def absence(_clock: Any) -> Thing:
    row: Absence = away("clerk")
    url = reverse("absences:end", args=[row.public_id])
    return Thing(url, "clerk", row, ("other_chair", "handler", "front"), "POST")


def ladder(_clock: Any) -> Thing:
    days = {step.code: step.offset for step in shipped_for("first_answer", "")}
    row: Ladder = ladder_make(
        access=access_today("admin"),
        plan=LadderPlan("Đơn đất đai", "first_answer", "", "", "Quyết định thử", day(8), days),
    )
    url = reverse("escalation:ladder_change", args=[row.public_id])
    strangers = ("chair", "city_chair", "inspector", "clerk")
    return Thing(url, "admin", row, strangers, "POST", (("do", "confirm"),))


def escalation(clock: Any) -> Thing:
    overdue(Story(petition_file(filing=filing_make())), clock)
    row = Escalation.objects.get(step_code="breach")
    return Thing(reverse("escalation:answer", args=[row.public_id]), "chair", row)


def saved_filter(_clock: Any) -> Thing:
    row: SavedFilter = filter_save(
        access=access_make("clerk"), name="Việc gấp", query="open=1", for_unit=False
    )
    url = reverse("cases:filter_gone", args=[row.pk])
    return Thing(url, "clerk", row, ("handler", "chair", "other_clerk"), "POST")


def filter_of_a_unit(_clock: Any) -> Thing:
    row: SavedFilter = filter_save(
        access=access_make("chair"), name="Cả phường", query="open=1", for_unit=True
    )
    url = reverse("cases:filter_change", args=[row.pk])
    data = (("do", "rename"), ("name", "Khác"))
    return Thing(url, "chair", row, ("other_chair", "other_clerk", "board_head"), "POST", data)


def routing_rule(_clock: Any) -> Thing:
    handler = person_make("handler").username
    row: RoutingRule = rule_add(
        access=access_make("chair"), conditions=Conditions(handler, words="đất")
    )
    url = reverse("cases:rule_change", args=[row.pk])
    return Thing(url, "chair", row, ("other_chair", "board_head"), "POST", (("do", "remove"),))


def file_of_a_confidential_report(_clock: Any) -> Thing:
    report = opinion_sent("secretary", secrecy="confidential", files=[upload()])
    row = report.files.get().attachment
    own = opinion("other_clerk", OTHER_WARD)
    url, other = (
        under("mobilisation_staff:opinion_file", str(r.public_id), row.public_id)
        for r in (report, own)
    )
    strangers = ("other_clerk", "front", "clerk", "admin", "internal_affairs", "city_secretary")
    return Thing(url, "chair", row, strangers, other=other)


def file_of_a_programme(_clock: Any) -> Thing:
    programme = signed()
    row = do(programme_file_add, programme, attachment=upload()).attachment
    own = drafted("other_clerk", OTHER_WARD)
    url, other = (
        under("mobilisation_staff:programme_file", str(p.public_id), row.public_id)
        for p in (programme, own)
    )
    return Thing(url, "clerk", row, ("other_clerk", "other_chair", "service_head"), other=other)


def warning_signal(_clock: Any) -> Thing:
    """Judged by the head of its unit."""
    row = signal_make()
    url = reverse("early_warning_staff:close", args=[row.public_id])
    sent = (("close-is_true", "yes"), ("close-text", "Đã xong."), ("close-version", "1"))
    return Thing(url, "chair", row, method="POST", data=sent)


def land_project(_clock: Any) -> Thing:
    row = project_of_ward()
    url = reverse("early_warning_staff:stage", args=[row.public_id, "announce"])
    strangers = ("other_clerk", "other_chair", "admin")
    sent = (("planned_on", "2026-12-01"), ("version", "1"))
    return Thing(url, "clerk", row, strangers, method="POST", data=sent)


def paper_submitted(_clock: Any) -> Thing:
    """Waits for the head of the ward."""
    row: Paper = submitted(case_of())
    url, other = (
        under("papers_staff:step", code, row.public_id, "ban-hanh")
        for code in (row.case.code, strangers_case())
    )
    sent = (("version", str(row.version)),)
    return Thing(url, "chair", row, method="POST", data=sent, other=other)


def file_of_an_issued_paper(_clock: Any) -> Thing:
    """Of a denunciation, for whoever reads its letters."""
    row = issued(case_of("denunciation"))
    url, other = (
        under("papers_staff:file", code, row.public_id)
        for code in (row.case.code, strangers_case())
    )
    strangers = ("other_clerk", "other_chair", "handler", "secretary", "front", "admin")
    return Thing(url, "clerk", row, strangers, other=other)


def batch_running(_clock: Any) -> Thing:
    """Of the clerk alone: it may hold sealed registers, which the head of the ward reads too."""
    row: RegisterBatch = batch_of("clerk")
    url = reverse("registers:batch", args=[row.public_id])
    return Thing(url, "clerk", row, BATCH_STRANGERS, "POST", (("do", "cancel"),))


def file_of_a_batch(_clock: Any) -> Thing:
    batch = batch_of("clerk")
    batches_run()
    url = reverse("registers:batch_file", args=[batch.public_id, 1])
    return Thing(url, "clerk", batch.files.get(number=1), BATCH_STRANGERS, "POST")


def batch_of(who: str) -> RegisterBatch:
    ward, books = Unit.objects.get(code=WARD), ["letters", "denunciations"]
    on = NOW.date()
    return batch_start(access=access_make(who), unit=ward, books=books, since=on, until=on)


MAKERS: list[Callable[[Any], Thing]] = [
    file_of_a_letter, file_of_a_message, redacted_file, page_being_redacted,
    letter_of_another_case, sign_in, token, delegation, absence, ladder, escalation, saved_filter,
    filter_of_a_unit, routing_rule, file_of_a_confidential_report, file_of_a_programme,
    warning_signal, land_project, paper_submitted, file_of_an_issued_paper, batch_running,
    file_of_a_batch,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in CAST:
        person_make(name)


def ask(who: str, thing: Thing, url: str) -> tuple[int, set[str]]:
    """The answer to somebody who has just typed the password again, and which tables changed."""
    client = signed_in(who, raise_request_exception=False)
    before = state()
    answer = client.generic(thing.method, url, *encoded(thing))
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code, changed(before)


def encoded(thing: Thing) -> tuple[str, str]:
    text = "&".join(f"{name}={value}" for name, value in thing.data)
    return text, "application/x-www-form-urlencoded"


@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_it_is_not_there_for_others(make: Callable[[Any], Thing], time_machine: Any) -> None:
    """And nothing at all is changed by asking, in whatever table."""
    thing = make(time_machine)
    for who in thing.strangers:
        assert ask(who, thing, thing.url) == (404, set()), who
    if thing.other:
        assert ask("other_clerk", thing, thing.other) == (404, set())
    before = state()
    anonymous = Client().generic(thing.method, thing.url, *encoded(thing))
    assert anonymous.status_code == 302
    assert "/tai-khoan/dang-nhap/" in anonymous["Location"]
    assert not changed(before)
    status, tables = ask(thing.owner, thing, thing.url)
    assert status in (200, 302)
    if thing.method == "POST":
        assert thing.row._meta.db_table in tables


def test_a_petitioner_reads_only_the_own_letter() -> None:
    """One secret opens one letter: by page and API, with the code of another."""
    one, two = (petition_file(filing=filing_make(unit=unit)) for unit in (WARD, OTHER_WARD))
    url = reverse("api:petition", args=[two.code])
    assert Client().get(url, headers={"X-Petition-Secret": one.secret}).status_code == 404
    assert Client().get(url, headers={"X-Petition-Secret": two.secret}).status_code == 200
    for name in ("messages", "withdrawal", "rating", "attachments"):
        url = reverse(f"api:petition-{name}", args=[two.code])
        answer = Client().post(
            url, {"text": "x"}, "application/json", headers={"X-Petition-Secret": one.secret}
        )
        assert answer.status_code in (400, 404, 415), name
        assert two.code not in answer.content.decode()
