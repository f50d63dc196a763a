"""No header of a mail and no line of a calendar file is written by who fills in a form; files that
the upload refuses are refused on the pages, too."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from attachments.models import Attachment
from common.errors import InvalidInput
from common.time import now
from notifications.delivery import outbox_deliver
from petitions.models import Letter
from tests.attachments.test_hostile_uploads import REFUSED
from tests.people import PERSON, WARD, Story, person_make
from tests.petitions.public_walk import step, write
from tests.receptions.cast import NOW, session_public
from tests.security import payloads as p
from tests.security.test_hostile import log

__all__ = ["log"]
pytestmark = pytest.mark.django_db
# What the portal and the mail library write themselves
HEADERS = {
    "content-type", "content-language", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date",
    "message-id", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post", "reply-to",
    "precedence", "references", "in-reply-to", "list-id", "x-auto-response-suppress",
}  # fmt: skip


def mails_are_ours() -> None:
    """After delivery: recipients that the portal chose, headers that it writes."""
    outbox_deliver(at=now())
    for one in mail.outbox:
        message = one.message()
        assert {name.lower() for name in message.keys()} <= HEADERS, message.keys()  # noqa: SIM118
        assert not [to for to in one.recipients() if "evil.example" in to]
        assert "\n" not in one.subject
        assert "\r" not in one.subject


def file_by_api(**changes: Any) -> Any:
    body = {
        "kind": "complaint", "subject": "Đơn thử", "content": "Nội dung.", "request": "Xem xét.",
        "field": "land_compensation", "unit": WARD, "petitioners": [PERSON],
        "respondent": {"name": "UBND", "unit": WARD, "position": "unknown"},
    } | changes  # fmt: skip
    return Client().post(reverse("api:petitions"), json.dumps(body), "application/json")


@pytest.mark.parametrize("text", p.LINES)
def test_no_header_of_a_mail_comes_from_a_text(text: str) -> None:
    """The subject of a petition, a name and a request reach the mails of officers and citizens."""
    for name in ("clerk", "chair"):
        person_make(name)
    answers = [
        file_by_api(subject=text),
        file_by_api(petitioners=[PERSON | {"full_name": text, "address": text}]),
    ]
    assert {answer.status_code for answer in answers} <= {201, 400}
    for letter in Letter.objects.all():
        Client().post(
            reverse("petitions:lost"), {"email": PERSON["email"], "name": text, "subject": text}
        )
        assert letter.code
    mails_are_ours()
    assert mail.outbox or not Letter.objects.exists()


@pytest.mark.parametrize("address", p.ADDRESSES)
def test_no_mail_goes_to_an_address_inside_an_address(address: str) -> None:
    person_make("clerk")
    assert file_by_api(petitioners=[PERSON | {"email": address}]).status_code == 400
    for name, field in (("petitions:lost", "email"), ("account_reset_password", "login")):
        assert Client().post(reverse(name), {field: address}).status_code in (200, 302, 422)
    mails_are_ours()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("text", p.LINES)
def test_no_line_of_a_calendar_comes_from_a_text(text: str, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    try:
        session = session_public(place=text[:200], planned_content=text)
    except InvalidInput:
        return
    for url in (
        reverse("receptions:session_ics", args=[session.public_id]),
        reverse("receptions:calendar_ics"),
        reverse("receptions:unit_ics", args=[WARD]),
    ):
        sent = Client().get(url).content
        lines = sent.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").split(b"\r\n")
        names = [line.partition(b":")[0].partition(b";")[0].upper() for line in lines]
        assert not {b"ATTACH", b"X-ZQX7", b"BCC"} & set(names)
        # The calendar, its zone with one time, the event.
        assert names.count(b"BEGIN") == names.count(b"END") == 4
        # Whoever takes other signs for the end of a line finds no more of them.
        assert sent.count(b"\n") == sent.count(b"\r") == sent.count(b"\r\n")
        (event,) = Calendar.from_ical(sent).walk("VEVENT")
        assert "https://evil" not in str(event.get("attach", ""))


UPLOADS = [
    "program of Windows", "page", "drawing with script", "XML with an entity", "PHP", "archive",
    "photo with an archive behind it", "PDF that is a page", "PDF with JavaScript packed",
    "PNG bomb", "Word with macros", "Word with a template from elsewhere",
    "Word with a million laughs", "Word bomb of one part", "locked Word",
]  # fmt: skip


@pytest.mark.parametrize("what", UPLOADS)
def test_no_page_takes_a_hostile_file(what: str, story: Callable[..., Story]) -> None:
    """While filing, in a message to the officer, and at the counter."""
    data = REFUSED[what][0]()

    def paper() -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{p.MARK}.pdf", data, "application/pdf")

    citizen = Client()
    write(citizen, "nguoi-gui")
    answers = [citizen.post(step("tep"), {"uploads": [paper()], "upload": "1"})]
    tale = story()
    citizen.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    answers.append(
        citizen.post(reverse("petitions:track_write"), {"text": "Xin gửi.", "uploads": [paper()]})
    )
    url = reverse("api:petition-attachments", args=[tale.filed.code])
    headers = {"X-Petition-Secret": tale.filed.secret}
    answers.append(citizen.post(url, {"file": paper()}, headers=headers))
    assert all(answer.status_code < 500 for answer in answers)
    assert not Attachment.objects.exists()
    assert not tale.case.messages.exists()
