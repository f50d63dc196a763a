"""What a denunciation is called, who reads who looked, and what an assigned verifier meets."""

import importlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.services import api_token_create
from attachments.services import attachment_store
from petitions import selectors
from petitions.enums import OpeningGround
from petitions.invariants import denunciation_is_called_by_its_field
from petitions.models import Case, CaseEvent, Letter
from petitions.services.identity import Why, identity_open
from petitions.services.messages import message_receive
from petitions.services.redaction import redaction_text_save
from petitions.services.redaction_release import redaction_withdraw
from petitions.subjects import search_text_of
from tests.people import WARD, Story, access_make, person_make
from tests.petitions.redacting import (
    ACCUSED,
    NAME,
    PHONE,
    SUBJECT,
    at,
    decided,
    denunciation,
    letter_of,
    papers,
    released,
    revision,
    started,
)

pytestmark = pytest.mark.django_db
MARKERS = (NAME, "vu thi bi mat", PHONE, "anh mat")
LOOKS = ("petitions.sealed.read", "petitions.identity.opened", "petitions.redaction.seen")
Tell = Callable[..., Story]


@pytest.fixture(autouse=True)
def _vault(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it answers is of no matter here, only what is recorded."""
    answer = {"data": {"full_name": NAME}}
    monkeypatch.setattr("petitions.services.identity.vault_ask", lambda *_a, **_k: answer)


def neutral(case: Case) -> str:
    return f"Tố cáo – lĩnh vực {case.field.label_vi}"


def test_it_is_called_by_its_field_but_between_release_and_withdrawal() -> None:
    case = denunciation().case
    assert case.subject == neutral(case)
    assert case.search_text == search_text_of(case.code, case.subject)
    assert letter_of(case).subject == SUBJECT
    started(case)
    redaction_text_save(**at(case), revision=1, spans={}, phrases=f"{NAME}\n{PHONE}")
    released(case, words=NAME)
    case.refresh_from_db()
    assert case.subject == "Tố cáo của [đã che] về thu tiền sai"
    assert not list(denunciation_is_called_by_its_field())
    redaction_withdraw(**at(case))
    case.refresh_from_db()
    assert case.subject == neutral(case)
    assert case.search_text == search_text_of(case.code, case.subject)


def test_other_kinds_keep_their_words(story: Tell) -> None:
    tale = story(subject="Khiếu nại mức bồi thường")
    assert tale.case.subject == "Khiếu nại mức bồi thường"


def test_another_field_is_another_name(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ACCUSED)
    tale.do("clerk", "receive", is_signed=True)
    case = tale.do("clerk", "classify", field="corruption")
    assert case.field.code == "corruption"
    assert Case.objects.get(pk=case.pk).subject == neutral(case)


def test_the_letter_of_a_forwarded_case_keeps_the_words(story: Tell) -> None:
    tale = denunciation()
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    tale.do("chair", "forward", unit="00008", number="5/PC", text="Chuyển đơn.")
    tale.do("other_clerk", "accept_forward")
    new = Case.objects.get(letters__origin=letter_of(tale.case))
    assert new.subject == neutral(new)
    assert letter_of(new).subject == SUBJECT


def test_the_check_of_data_finds_a_case_with_the_words_of_its_letter() -> None:
    case = denunciation().case
    Case.objects.filter(pk=case.pk).update(subject=SUBJECT)
    assert list(denunciation_is_called_by_its_field()) == [case.code]


def test_cases_of_before_are_renamed_and_back() -> None:
    migration = importlib.import_module("petitions.migrations.0017_neutral_subjects")
    first, second = denunciation().case, denunciation().case
    started(second)
    released(second)
    second.refresh_from_db()
    kept = second.subject
    Case.objects.filter(pk=first.pk).update(subject=SUBJECT, search_text="cu")
    with connection.schema_editor(atomic=False) as editor:
        migration.neutral(apps, editor)
        for case in (first, second):
            case.refresh_from_db()
        assert (first.subject, second.subject) == (neutral(first), kept)
        assert first.search_text == search_text_of(first.code, first.subject)
        migration.written(apps, editor)
        first.refresh_from_db()
        assert (first.subject, first.search_text) == (SUBJECT, search_text_of(first.code, SUBJECT))


# Who looked


def api(who: str) -> Client:
    token = api_token_create(user=person_make(who))
    return Client(headers={"Authorization": f"Token {token}"})


def page(who: str, path: str) -> Any:
    client = Client()
    client.force_login(person_make(who))
    return client.get(path)


def looked(tale: Story) -> None:
    """The clerk reads and opens, the handler reads the copy."""
    started(tale.case)
    released(tale.case)
    for who in ("clerk", "handler"):
        page(who, f"/can-bo/vu-viec/{tale.filed.code}/")
    why = Why(OpeningGround.VERIFY.value, "Làm việc với người tố cáo.")
    identity_open(access=access_make("clerk"), code=tale.filed.code, party_number=1, why=why)


def shown(who: str, tale: Story, **query: Any) -> list[dict[str, Any]]:
    answer = api(who).get(f"/api/v1/cases/{tale.filed.code}/events/", query).json()
    return list(answer["results"])


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("chair", set(LOOKS)),
        ("clerk", {LOOKS[0], LOOKS[1]}),
        ("handler", {LOOKS[2]}),
        ("inspector", set()),
    ],
)
def test_who_looked_is_read_by_the_head_and_by_whoever_looked(who: str, sees: set[str]) -> None:
    tale = denunciation()
    looked(tale)
    rows = shown(who, tale)
    assert {row["action"] for row in rows} & set(LOOKS) == sees
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    html = page(who, f"/can-bo/vu-viec/{tale.filed.code}/").content.decode()
    assert ("Mở danh tính được bảo vệ" in html) is (LOOKS[1] in sees)


def test_pages_of_the_history_have_no_gap_either() -> None:
    tale = denunciation()
    looked(tale)
    path, found = f"/api/v1/cases/{tale.filed.code}/events/", []
    client, cursor = api("handler"), ""
    while True:
        answer = client.get(path, {"page_size": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += answer["results"]
        cursor = (answer["next"] or "").partition("cursor=")[2].partition("&")[0]
        if not cursor:
            break
    assert [row["sequence"] for row in found] == list(range(1, len(found) + 1))
    assert len(found) == CaseEvent.objects.filter(case=tale.case).count() - 2


# What the assigned verifier meets


def planted() -> Story:
    """A denunciation whose every part names its writer."""
    tale = denunciation(*papers())
    Letter.objects.filter(code=tale.filed.code).update(request=f"{NAME} đề nghị xác minh.")
    file = attachment_store(stream=io.BytesIO(papers()[1][0]), name=f"anh mat {NAME}.jpg")
    message_receive(
        letter=letter_of(tale.case), text=f"{NAME} xin bổ sung.", attachments=[str(file.public_id)]
    )
    return tale


def walked(who: str, case: Case) -> dict[str, str]:
    """Every page and answer about the case that opens for this person, with what it says."""
    code, staff = case.code, f"/can-bo/vu-viec/{case.code}/"
    actions = selectors.available_actions(access_make(who), case)
    pages = [
        "/can-bo/", "/can-bo/vu-viec/", "/can-bo/vu-viec/?q=thu+tien", "/can-bo/vu-viec/tai-ve/",
        "/can-bo/thong-bao/", staff, f"{staff}bao-cao-len/", f"{staff}cap-lai-ma/",
        f"{staff}ban-che/{code}/", *(f"{staff}buoc/{a['row'].action.value}/" for a in actions),
    ]  # fmt: skip
    base = "/api/v1/cases/"
    answers = [base, *(f"{base}{code}/{part}" for part in ("", "events/", "actions/", "similar/"))]
    said = {path: page(who, path) for path in pages} | {
        path: api(who).get(path) for path in answers
    }
    return {path: _text(answer) for path, answer in said.items()}


def _text(answer: Any) -> str:
    assert answer.status_code < 500
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode(errors="replace"))


@pytest.mark.parametrize("is_released", [False, True])
def test_no_page_and_no_answer_shows_a_verifier_who_wrote(is_released: bool) -> None:
    case = planted().case
    if is_released:
        decided(case)
        words = f"{NAME}\n{PHONE}"
        redaction_text_save(**at(case), revision=revision(case), spans={}, phrases=words)
        released(case, words=words)
        case.refresh_from_db()
    for path, words in walked("handler", case).items():
        for marker in MARKERS if is_released else (*MARKERS, "thu tiền sai"):
            assert marker.lower() not in words.lower(), path
    mine = walked("clerk", case)
    assert NAME in mine[f"/can-bo/vu-viec/{case.code}/"]  # the walk would find it
    assert "anh mat" in mine[f"/api/v1/cases/{case.code}/"]


# At the counter and with many at once


def test_the_counter_takes_a_denunciation_without_a_name() -> None:
    data = {
        "channel": "paper", "kind": "denunciation", "field": "housing", "subject": "Nhận tiền",
        "content": "Nhận tiền ngày 2/11.", "is_anonymous": "on", "respondent_name": "Ông Thử",
        "respondent_unit": "00025",
    }  # fmt: skip
    client = Client()
    client.force_login(person_make("clerk"))
    for wrong in ({"full_name": NAME}, {"is_signed": "on"}, {"kind": "complaint"}):
        again = client.post("/can-bo/don/moi/", data | wrong)
        assert again.status_code == 200
        assert "error-summary" in again.content.decode()
    assert not Letter.objects.exists()
    unticked = client.post("/can-bo/don/moi/", {**data, "is_anonymous": ""})
    assert set(unticked.context["form"].errors) == {"full_name", "address"}
    done = client.post("/can-bo/don/moi/", data)
    assert done.status_code == 201
    letter = Letter.objects.get()
    assert "anonymous" in letter.case.flags
    assert [party.role for party in letter.parties.all()] == ["respondent"]
    html = done.content.decode()
    assert "không có ai để giao biên nhận" in html
    assert "data-print" not in html
    assert letter.code in html


def test_assigning_many_warns_of_letters_without_a_copy(story: Tell) -> None:
    sealed, open_one = denunciation().case, story(unit=WARD)
    client = Client()
    client.force_login(person_make("clerk"))
    chosen = [f"{case.code}:{case.version}" for case in (sealed, open_one.case)]
    form = {"do": "assign", "assignee": "handler", "case": chosen}
    said = client.post("/can-bo/vu-viec/nhieu/", form)
    assert said.context["lacking"] == [sealed.code]
    assert "Chưa có bản đã che" in said.content.decode()
    started(sealed)
    released(sealed)
    sealed.refresh_from_db()
    chosen = [f"{sealed.code}:{sealed.version}"]
    assert client.post("/can-bo/vu-viec/nhieu/", form | {"case": chosen}).status_code == 302


def test_openings_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petitions.staff.openings.PAGE_SIZE", 2)
    tale = denunciation()
    for number in range(3):
        why = Why(OpeningGround.VERIFY.value, f"Làm việc lần {number} với người tố cáo.")
        identity_open(access=access_make("clerk"), code=tale.filed.code, party_number=1, why=why)
    client = Client()
    client.force_login(person_make("chair"))
    first = client.get("/can-bo/mo-danh-tinh/", {"by": "clerk"})
    second = client.get(f"/can-bo/mo-danh-tinh/{first.context['next_href']}")
    said = [row.reason for part in (first, second) for row in part.context["openings"]]
    assert said == [f"Làm việc lần {number} với người tố cáo." for number in (2, 1, 0)]
    assert not second.context["next_href"]
    wrong = client.get("/can-bo/mo-danh-tinh/", {"cursor": "x"})
    assert (wrong.status_code, wrong["Location"]) == (302, "/can-bo/mo-danh-tinh/")
