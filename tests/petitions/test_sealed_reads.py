"""Reading the text or files of a denunciation is an event, once a person, letter and day."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from attachments.services import attachment_store
from common.history_check import table_check
from common.time import local_moment
from petitions.models import CaseEvent
from petitions.services.sealed import READ_EVENT, sealed_read
from tests.accounts.factors import signed_in
from tests.people import Story, access_make
from tests.petitions.redacting import denunciation, papers, started
from tests.petitions.test_staff_pages import text
from tests.receptions.cast import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
ACCUSED = {"name": "A", "unit": "00008"}


def denounce(story: Make, **changes: Any) -> Story:
    return story(kind="denunciation", respondent=ACCUSED, **changes)


def reads(tale: Story) -> list[str]:
    found = CaseEvent.objects.filter(case=tale.case, action=READ_EVENT).order_by("sequence")
    return [event.actor.username for event in found]


def url(tale: Story) -> str:
    return reverse("cases:case", args=[tale.case.code])


def test_the_page_records_a_reader_once_a_day(
    story: Make, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    tale = denounce(story)
    clerk = signed_in("clerk")
    assert "Thư mật" not in text(clerk.get(url(tale)))
    clerk.get(url(tale))
    assert reads(tale) == ["clerk"]
    event = CaseEvent.objects.get(case=tale.case, action=READ_EVENT)
    assert event.data == {"letters": [tale.case.code]}
    signed_in("chair").get(url(tale))
    assert reads(tale) == ["clerk", "chair"]
    # Past midnight in Hà Nội, which is 17:00 in UTC.
    time_machine.move_to(local_moment(NOW.date(), 23, 59), tick=False)
    clerk.get(url(tale))
    assert reads(tale) == ["clerk", "chair"]
    time_machine.move_to(
        local_moment(NOW.date(), 24 - 1, 59).replace(hour=17, minute=1), tick=False
    )
    signed_in("clerk").get(url(tale))
    assert reads(tale) == ["clerk", "chair", "clerk"]
    assert not list(table_check(CaseEvent))


def test_whoever_decides_sees_the_reader_in_the_history(story: Make) -> None:
    tale = denounce(story)
    signed_in("clerk").get(url(tale))
    page = text(signed_in("chair").get(url(tale)))
    assert "Đã đọc đơn được giữ bí mật" in page
    assert "Cán bộ clerk" in page


def test_files_and_the_api_are_recorded_too(story: Make, by_token: Callable[[str], Client]) -> None:
    file = attachment_store(stream=io.BytesIO(b"%PDF-1.7\nx"), name="a.pdf")
    tale = denounce(story, attachments=[str(file.public_id)])
    link = reverse("cases:attachment", args=[tale.case.code, file.public_id])
    assert signed_in("chair").get(link).status_code == 200
    assert by_token("clerk").get(f"/api/v1/cases/{tale.case.code}/").status_code == 200
    assert reads(tale) == ["chair", "clerk"]


@pytest.mark.parametrize("page", ["", "noi-dung/", "phat-hanh/", "tep/{}/", "tep/{}/trang/1/"])
def test_whoever_makes_the_copy_reads_the_original(page: str) -> None:
    case = denunciation(*papers()).case
    file = started(case).files.all()[0].attachment.public_id
    path = f"{reverse('cases:redaction', args=[case.code, case.code])}{page.format(file)}"
    assert signed_in("chair").get(path).status_code == 200
    assert signed_in("handler").get(path).status_code == 403
    found = CaseEvent.objects.filter(case=case, action=READ_EVENT)
    assert [event.actor.username for event in found] == ["chair"]


def test_a_copy_that_is_not_begun_shows_nothing_of_the_original() -> None:
    case = denunciation(*papers()).case
    path = reverse("cases:redaction", args=[case.code, case.code])
    assert signed_in("chair").get(path).status_code == 200
    for page in ("noi-dung/", "phat-hanh/"):
        assert signed_in("chair").get(path + page).status_code == 404
    assert not CaseEvent.objects.filter(case=case, action=READ_EVENT).exists()


def test_whoever_does_not_get_to_read_is_not_recorded(story: Make) -> None:
    tale = denounce(story)
    for name in ("board_head", "handler", "other_clerk"):
        signed_in(name).get(url(tale))
    assert reads(tale) == []


def test_other_kinds_leave_no_trace(story: Make) -> None:
    tale = story()
    signed_in("clerk").get(url(tale))
    assert reads(tale) == []


def test_a_second_letter_is_read_by_itself(story: Make) -> None:
    tale = denounce(story)
    sealed_read(access=access_make("clerk"), case=tale.case)
    other = denounce(story)
    letter = other.case.letters.get()
    letter.case = tale.case
    letter.save()
    sealed_read(access=access_make("clerk"), case=tale.case)
    found = CaseEvent.objects.filter(case=tale.case, action=READ_EVENT).order_by("sequence")
    assert [event.data["letters"] for event in found] == [[tale.case.code], [letter.code]]


def test_reading_again_costs_one_query(story: Make, django_assert_num_queries: Any) -> None:
    tale = denounce(story)
    access, case = access_make("clerk"), tale.case
    sealed_read(access=access, case=case)
    with django_assert_num_queries(1):
        sealed_read(access=access, case=case)


@pytest.mark.parametrize("first", [True, False])
def test_the_page_of_a_denunciation_stays_in_its_budget(
    story: Make, first: bool, django_assert_max_num_queries: Any
) -> None:
    """24 queries; the first reading of the day records itself as well."""
    tale = denounce(story)
    client = signed_in("clerk")
    if not first:
        client.get(url(tale))
    with django_assert_max_num_queries(30 if first else 24):
        client.get(url(tale))
