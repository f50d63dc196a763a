"""The queue, calls, changes and walk-ins on officers' pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from common.time import local_moment
from petitions.models import Case
from receptions.models import ReceptionSession, Registration, VisitorTelling
from receptions.services.registrations import registration_cancel
from tests.people import Story
from tests.receptions.cast import (
    DAY,
    NOW,
    SECRET_WORDS,
    VISITOR,
    register,
    session_public,
    visitor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sign_in(person: Callable[[str], User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client = Client()
        client.force_login(person(name))
        return client

    return make


SignIn = Callable[[str], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queue(session: ReceptionSession) -> str:
    return f"/can-bo/tiep-dan/{session.public_id}/nguoi-dang-ky/"


def test_the_queue_has_its_order_marks_and_link(sign_in: SignIn) -> None:
    session = session_public(capacity=2)
    register(session, visitor=replace(VISITOR, needs=("sign_language",)))
    register(session, 2)
    register(session, 3, waiting_list=True)
    Registration.objects.filter(queue_number__in=(2, 3)).update(priority=["mass"])
    client = sign_in("clerk")
    assert queue(session) in text(client.get(f"/can-bo/tiep-dan/{session.public_id}/"))
    page = text(client.get(queue(session)))
    rows = page.split("<tbody>")[1]
    order = [rows.index(f">{name}</a>") for name in ("Người dân số 2", VISITOR.full_name)]
    assert order == sorted(order)
    assert rows.index("Người dân số 3") > order[1]
    assert "phiên dịch ngôn ngữ ký hiệu" in page
    assert "ưu tiên: " in page


def test_others_see_numbers_only(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session, visitor=replace(VISITOR, needs=("wheelchair",)))
    Registration.objects.update(priority=["mass"])
    for who in ("front", "city_chair", "internal_affairs"):
        client = sign_in(who)
        page = text(client.get(queue(session)))
        for word in (*SECRET_WORDS, made.code, "ưu tiên:", "flag"):
            assert word not in page.split("<main")[1], (who, word)
        assert client.get(f"{queue(session)}{made.code}/").status_code == 403
    assert sign_in("other_clerk").get(queue(session)).status_code == 404


def test_a_linked_denunciation_changes_no_byte(
    sign_in: SignIn, story: Callable[..., Story]
) -> None:
    """Beside a denunciation that the reader does not see, the pages are those of a registration
    without any case."""
    tale, session = story(kind="denunciation"), session_public()
    Case.objects.filter(pk=tale.case.pk).update(flags=["complex", "collective"])
    # What a denouncer types is sealed: the same as a field left empty.
    made = register(session, visitor=VISITOR, topic="")
    for who in ("clerk", "chair", "secretary"):
        client = sign_in(who)
        paths = [queue(session), f"{queue(session)}{made.code}/"]
        seen = []
        for case in (None, tale.case):
            Registration.objects.update(case=case)
            seen.append([text(client.get(path)).split("<main")[1] for path in paths])
        before, after = (_plain(pages) for pages in seen)
        assert before == after, who


def _plain(pages: list[str]) -> list[str]:
    import re

    return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page) for page in pages]


def test_an_officer_changes_after_comparing(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session, visitor=VISITOR)
    client, page = sign_in("clerk"), f"{queue(session)}{made.code}/"
    shown = text(client.get(page))
    for word in SECRET_WORDS:
        assert word in shown
    assert "Không đọc thông tin" in shown
    typed = {"topic": "Nói qua điện thoại", "people": "2", "version": "1"}
    assert client.post(page + "doi/", typed).status_code == 422
    assert Registration.objects.get().version == 1
    assert client.post(page + "doi/", typed | {"is_checked": "on"}).status_code == 302
    assert Registration.objects.get().topic == "Nói qua điện thoại"
    stale = client.post(page + "huy/", {"version": "1", "is_checked": "on"})
    assert stale.status_code == 422
    assert "đã được người khác sửa" in text(stale)
    assert client.post(page + "huy/", {"version": "2", "is_checked": "on"}).status_code == 302
    assert Registration.objects.get().status == "cancelled"


def test_calls_are_listed_until_told(sign_in: SignIn) -> None:
    session = session_public(capacity=1)
    first = register(session, 1)
    made = register(session, visitor=replace(visitor(2), full_name="Lê Văn Chờ"), waiting_list=True)
    registration_cancel(code=first.code, secret=first.secret, at=NOW)
    client = sign_in("clerk")
    calls = f"/can-bo/tiep-dan/{session.public_id}/goi-bao/"
    for path in (queue(session), f"{queue(session)}{made.code}/"):
        assert calls in text(client.get(path))
    listed = text(client.get(calls)).split("<tbody>")[1]
    assert "Lê Văn Chờ" in listed
    # Declining is cancelling, on the visitor's own page.
    assert f"{queue(session)}{made.code}/" in listed
    since = VisitorTelling.objects.get(told_at=None).since.isoformat()
    assert client.post(f"{calls}{made.code}/", {"since": since}).status_code == 302
    for path in (queue(session), f"{queue(session)}{made.code}/"):
        assert calls not in text(client.get(path))


def test_priority_with_a_reason(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session, people=6)
    client, page = sign_in("clerk"), f"{queue(session)}{made.code}/"
    assert "Căn cứ đề xuất ưu tiên" in text(client.get(page))
    typed = {"priority": ["mass"], "reason": "", "version": "1"}
    assert client.post(page + "uu-tien/", typed).status_code == 422
    assert client.post(page + "uu-tien/", typed | {"reason": "Đoàn đông"}).status_code == 302
    shown = text(client.get(page))
    assert "Đoàn đông" in shown
    assert "được ưu tiên tiếp trước" in shown


def test_a_walk_in_gets_a_slip(sign_in: SignIn) -> None:
    session = session_public(capacity=1)
    register(session, 1)
    client = sign_in("clerk")
    path = f"/can-bo/tiep-dan/{session.public_id}/dang-ky/"
    assert "cấp số ngay" not in text(client.get(path))
    typed = {
        "key": "k" * 32, "full_name": VISITOR.full_name, "identity_number": "001088000009",
        "phone": VISITOR.phone, "topic": "Đến trực tiếp", "people": "1", "walk_in": "on",
    }  # fmt: skip
    with time_machine.travel(local_moment(DAY, 9), tick=False):
        client = sign_in("clerk")
        page = text(client.post(path, typed))
        assert "hết chỗ" in page
        assert "Đến trực tiếp" in page
        answer = client.post(path, typed | {"leader_agrees": "on"})
        assert answer.status_code == 201
        assert "tiếp sau những người đã đăng ký" in text(answer)
    row = Registration.objects.get(queue_number=2)
    assert (row.source, row.status) == ("walk_in", "waiting")
