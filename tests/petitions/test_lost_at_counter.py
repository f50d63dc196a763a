"""A new secret at the counter: by whom, with which ground, who is told, who reads it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.time import local_moment
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from petitions.models import CaseEvent, Note
from petitions.selectors_public import letter_track
from petitions.services.renewals import secret_renew_at_counter
from tests.accounts.factors import confirmed as confirmed_now
from tests.people import Story, access_make, person_make
from tests.petitions.test_denunciation_modes import ELSEWHERE, text_of

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
NINE = local_moment(dt.date(2026, 11, 30), 9)
GROUND = "Người dân mất giấy biên nhận."


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=True)


def renew(tale: Story, who: str = "clerk", **changes: Any) -> str:
    values: dict[str, Any] = {
        "code": tale.filed.code,
        "letter": tale.filed.code,
        "version": tale.case.version,
        "ground": GROUND,
        "is_checked": True,
        **changes,
    }
    return secret_renew_at_counter(access=access_make(who), **values)


def test_the_clerk_issues_a_new_secret_that_is_recorded_and_told(story: Tell) -> None:
    tale = story()
    version = tale.case.version
    secret = renew(tale)
    assert letter_track(tale.filed.code, secret) is not None
    assert letter_track(tale.filed.code, tale.filed.secret) is None
    event = CaseEvent.objects.filter(case=tale.case).latest("sequence")
    assert event.data == {"by": "counter"}
    assert event.actor == person_make("clerk")
    assert GROUND in Note.objects.get(case=tale.case).text
    assert OutboxMessage.objects.filter(template="secret_renewed").count() == 1
    # No officer's open form went stale.
    assert tale.case.version == version
    assert list(table_check(CaseEvent)) == []


def test_of_a_denunciation_the_head_is_told_without_a_word_about_it(story: Tell) -> None:
    renew(story())
    told = OutboxMessage.objects.filter(template="secret_issued")
    assert not told.exists()
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    renew(tale)
    notice = told.get(channel="app")
    assert (notice.unit_id, notice.position) == (tale.case.unit_id, "head")
    assert told.filter(channel="email").count() == 1
    words = words_of("secret_issued", notice.params, on=NINE.date(), language="vi")
    for word in ("tố cáo", "danh tính", "mã bí mật"):
        assert word not in f"{words.subject}\n{words.text}".lower()


def test_the_ground_is_read_by_whoever_may_know_who_wrote(
    client: Client, story: Tell, person: Any
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    tale.do("clerk", "receive", is_signed=True)
    tale.do("clerk", "assign", assignee=person_make("handler").username)
    renew(tale, ground="Bà Nhân Chứng, nhà số 9, mất giấy.")
    for who, is_shown in (("clerk", True), ("chair", True), ("handler", False)):
        client.force_login(person(who))
        page = text_of(client.get(f"/can-bo/vu-viec/{tale.filed.code}/"))
        assert ("Bà Nhân Chứng" in page) is is_shown, who
    other = story()
    renew(other)
    client.force_login(person("chair"))
    assert GROUND in text_of(client.get(f"/can-bo/vu-viec/{other.filed.code}/"))


def test_the_password_is_typed_before_a_secret_is_issued(
    client: Client, story: Tell, person: Any
) -> None:
    tale = story()
    client.force_login(person("clerk"))
    path = f"/can-bo/vu-viec/{tale.filed.code}/cap-lai-ma/"
    assert client.get(path)["Location"].startswith("/tai-khoan/xac-nhan/")
    typed = {
        "letter": tale.filed.code,
        "ground": "Bà Nhân Chứng, nhà số 9, mất giấy.",
        "is_checked": "on",
        "version": tale.case.version,
        "key": "1" * 32,
    }
    assert client.post(path, typed)["Location"] == path
    assert letter_track(tale.filed.code, tale.filed.secret) is not None
    # Sessions lie in the database: what may say who came does not wait there.
    assert "Nhân Chứng" not in str(dict(client.session))
    confirmed_now(client, person("clerk"))
    assert client.post(path, typed).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": "mất"}, "ground"),
        ({"ground": "x" * 301}, "ground"),
        ({"is_checked": False}, "is_checked"),
        ({"letter": "HN-00000-00000-00"}, "letter"),
    ],
)
def test_without_check_or_ground_nothing_happens(
    story: Tell, changes: dict[str, Any], field: str
) -> None:
    tale = story()
    with pytest.raises(InvalidInput) as error:
        renew(tale, **changes)
    assert field in error.value.fields
    assert letter_track(tale.filed.code, tale.filed.secret) is not None


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("handler", NotPermitted), ("chair", NotPermitted), ("other_clerk", NotVisible)],
)
def test_only_the_counter_of_the_holder_issues_it(
    story: Tell, who: str, refusal: type[Exception]
) -> None:
    tale = story()
    with pytest.raises(refusal):
        renew(tale, who)


def test_an_old_form_issues_nothing(story: Tell) -> None:
    tale = story()
    version = tale.case.version
    tale.do("clerk", "receive")
    with pytest.raises(Stale):
        renew(tale, version=version)


def test_the_page_prints_it_once(client: Client, story: Tell, person: Any) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    client.force_login(person("clerk"))
    confirmed_now(client, person("clerk"))
    path = f"/can-bo/vu-viec/{tale.filed.code}/cap-lai-ma/"
    assert path in text_of(client.get(f"/can-bo/vu-viec/{tale.filed.code}/"))
    form = client.get(path).context["form"]
    typed = {
        "letter": tale.filed.code,
        "ground": GROUND,
        "version": form.initial["version"],
        "key": form.initial["key"],
    }
    assert client.post(path, typed).status_code == 422
    shown = client.post(path, {**typed, "is_checked": "on"})
    assert shown.status_code == 201
    assert "no-store" in shown["Cache-Control"]
    again = client.post(path, {**typed, "is_checked": "on"})
    assert again.context["secret"] == shown.context["secret"]
    assert letter_track(tale.filed.code, shown.context["secret"]) is not None
    events = CaseEvent.objects.filter(action="petitions.letter.secret_renewed")
    assert events.count() == 1
