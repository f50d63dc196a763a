"""Minutes, notices and tasks by API, with the tokens of both sides."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from attachments.services import attachment_store
from receptions.models import ConclusionNotice, ConclusionTask, Minutes, VisitRecord
from receptions.selectors_conclusions import task_files
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, access_make
from tests.receptions.cast import session_public
from tests.receptions.concluding import (
    DURING,
    drafted,
    issued,
    promised,
    row,
    task_of,
    visit_of,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/"
ByToken = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(DURING, tick=False):
        yield


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}{path}/", body, content_type="application/json")


def minutes_of(visit: VisitRecord) -> str:
    row = visit.registration
    return f"reception-sessions/{row.session.public_id}/registrations/{row.code}/minutes"


def test_minutes_from_the_proposal_to_both_words(by_token: ByToken) -> None:
    visit, clerk = visit_of("taken_in"), by_token("clerk")
    path = minutes_of(visit)
    proposed = clerk.get(f"{API}{path}/").json()
    assert (proposed["version"], proposed["is_fixed"]) == (0, False)
    assert "ngõ đi chung" in proposed["text"]
    assert not Minutes.objects.exists()
    written = post(clerk, path, version=0, text=proposed["text"])
    assert (written.status_code, written.json()["version"]) == (200, 1)
    leader = post(by_token("secretary"), f"{path}/sign", version=1).json()
    assert (leader["receiver"], leader["version"]) == ("Cán bộ secretary", 2)
    empty = post(clerk, f"{path}/visitor-sign", version=2, how="refused")
    assert (empty.status_code, list(empty.json()["fields"])) == (400, ["note"])
    both = post(clerk, f"{path}/visitor-sign", version=2, how="paper").json()
    assert (both["visitor_signed"], both["is_fixed"]) == ("paper", True)
    for name, body in (("", {"text": "Khác"}), ("/sign", {}), ("/visitor-sign", {"how": "tick"})):
        assert post(clerk, f"{path}{name}", version=3, **body).status_code == 409
    assert clerk.get(f"{API}{path}/").json() == both


def test_minutes_that_somebody_changed_are_a_conflict(by_token: ByToken) -> None:
    path = minutes_of(visit_of("taken_in"))
    post(by_token("clerk"), path, version=0, text="Một")
    stale = post(by_token("secretary"), path, version=0, text="Hai")
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "stale", 1)
    assert Minutes.objects.get().text == "Một"


def test_minutes_are_for_the_desk_and_of_a_recorded_visit(by_token: ByToken) -> None:
    path = minutes_of(visit_of("taken_in"))
    found = {
        who: by_token(who).get(f"{API}{path}/").status_code
        for who in ("handler", "other_clerk", "city_chair", "admin")
    }
    assert found == {"handler": 403, "other_clerk": 404, "city_chair": 403, "admin": 403}
    assert Client().get(f"{API}{path}/").status_code == 401
    nobody = path.replace(path.split("/")[3], "TD-X")
    assert by_token("clerk").get(f"{API}{nobody}/").status_code == 404


def test_minutes_of_a_denunciation_are_usual_ones_for_whoever_must_not_know(
    by_token: ByToken,
) -> None:
    """Who knows of it writes none; nobody else reads what was said, also in earlier minutes."""
    visit = visit_of("taken_in")
    path, said = minutes_of(visit), "Nhận Bryxol"
    written = post(by_token("secretary"), path, version=0, text=said).json()
    signed = post(by_token("secretary"), f"{path}/sign", version=written["version"]).json()
    word = {"how": "paper", "version": signed["version"]}
    assert post(by_token("clerk"), f"{path}/visitor-sign", **word).json()["is_fixed"] is True
    session_record(
        access=access_make("chair"),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        visit=Visit(said, "taken_in", entry={"kind": "denunciation"}, **promised("taken_in")),
        at=DURING + dt.timedelta(minutes=5),
    )
    read = by_token("secretary").get(f"{API}{path}/")
    assert (read.status_code, "Bryxol" in read.json()["text"]) == (200, False)
    assert read.json()["text"]
    assert by_token("chair").get(f"{API}{path}/").status_code == 403


def test_a_notice_is_read_and_issued(by_token: ByToken) -> None:
    draft = drafted(row(), row(what="Nội bộ", code=WARD, is_internal=True))
    listed = f"{API}reception-sessions/{draft.session.public_id}/notices/"
    path, issue = (
        f"reception-notices/{draft.public_id}",
        f"reception-notices/{draft.public_id}/issue",
    )
    (found,) = by_token("clerk").get(listed).json()["results"]
    assert (found["id"], found["state"], found["number"]) == (str(draft.public_id), "draft", "")
    assert [one["is_internal"] for one in found["rows"]] == [False, True]
    assert by_token("other_clerk").get(f"{API}{path}/").status_code == 404
    assert post(by_token("clerk"), issue, version=1).status_code == 403
    stale = post(by_token("secretary"), issue, version=9)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    done = post(by_token("secretary"), issue, version=1)
    assert (done.status_code, done.json()["state"]) == (200, "issued")
    assert done.json()["number"].startswith("01")
    assert post(by_token("secretary"), issue, version=2).status_code == 409
    # The unit that has a row reads it now; it names no visitor.
    read = by_token("other_clerk").get(f"{API}{path}/").json()
    assert read["rows"][0]["unit"]["code"] == OTHER_WARD
    assert "Người dân" not in str(read)
    assert ConclusionNotice.objects.get().is_issued


def test_a_task_goes_between_both_sides(by_token: ByToken) -> None:
    task = task_of(issued())
    doer, leader = by_token("other_clerk"), by_token("secretary")
    path = f"reception-tasks/{task.public_id}"

    def step(client: Client, name: str, **body: Any) -> Any:
        version = ConclusionTask.objects.get().version
        return post(client, f"{path}/steps", **({"step": name, "version": version} | body))

    assert doer.get(f"{API}{path}/").json()["steps"] == ["receive", "report", "ask"]
    assert leader.get(f"{API}{path}/").json()["steps"] == ["extend", "cancel"]
    assert step(doer, "receive").json()["state"] == "received"
    empty = step(doer, "report")
    assert (empty.status_code, list(empty.json()["fields"])) == (400, ["text"])
    assert step(leader, "report", text="x").status_code == 403
    assert step(doer, "report", text="Đã kiểm tra.").json()["state"] == "reported"
    assert step(doer, "accept").status_code == 403
    back = step(leader, "return", text="Chưa có văn bản.").json()
    assert (back["state"], back["returned_reason"]) == ("returned", "Chưa có văn bản.")
    stale = step(doer, "report", text="Đã có văn bản.", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    step(doer, "report", text="Đã có văn bản.")
    done = step(leader, "accept").json()
    assert (done["state"], done["closed_on"], done["steps"]) == ("done", "2026-12-10", [])
    over = step(leader, "cancel", text="Thôi")
    assert (over.status_code, over.json()["code"]) == (422, "wrong_state")


def test_a_report_by_api_carries_files(by_token: ByToken) -> None:
    task = task_of(issued())
    file = attachment_store(
        stream=io.BytesIO(b"%PDF-1.7\n" + b"x" * 100), name="anh.pdf", at=DURING
    )
    path, report = f"reception-tasks/{task.public_id}/steps", {"step": "report", "text": "Đã xong."}
    missing = post(
        by_token("other_clerk"), path, **report, version=1, attachments=[str(task.public_id)]
    )
    assert (missing.status_code, list(missing.json()["fields"])) == (400, ["attachments"])
    done = post(
        by_token("other_clerk"), path, **report, version=1, attachments=[str(file.public_id)]
    )
    assert (done.status_code, done.json()["state"]) == (200, "reported")
    assert [row.attachment for row in task_files(access_make("clerk"), task)] == [file]


def test_more_time_is_asked_for_and_given(by_token: ByToken) -> None:
    task = task_of(issued())
    path = f"reception-tasks/{task.public_id}/steps"
    asked = post(
        by_token("other_clerk"), path, step="ask", text="Chờ đo đạc", until="2026-12-30", version=1
    )
    assert asked.json()["asked_until"] == "2026-12-30"
    early = post(
        by_token("secretary"), path, step="extend", text="Được", until="2026-12-01", version=2
    )
    assert (early.status_code, list(early.json()["fields"])) == (400, ["until"])
    given = post(
        by_token("secretary"), path, step="extend", text="Được", until="2026-12-30", version=2
    )
    assert (given.json()["due_on"], given.json()["asked_until"]) == ("2026-12-30", None)


def test_tasks_of_either_side_with_filters(
    by_token: ByToken, django_assert_max_num_queries: Any
) -> None:
    session = session_public()
    rows = [row(what=f"Việc {number}") for number in range(1, 7)]
    issued(*rows, session=session)
    doer, leader = by_token("other_clerk"), by_token("secretary")
    url = f"{API}reception-tasks/"
    taken = doer.get(url, {"page_size": "4"}).json()
    assert [one["what"] for one in taken["results"]] == [f"Việc {n}" for n in range(1, 5)]
    rest = doer.get(taken["next"]).json()
    assert [one["what"] for one in rest["results"]] == ["Việc 5", "Việc 6"]
    assert leader.get(url).json()["results"] == []
    assert len(leader.get(url, {"side": "given"}).json()["results"]) == 6
    assert doer.get(url, {"late": "true"}).json()["results"] == []
    with time_machine.travel("2026-12-28T02:00:00Z", tick=False):
        assert len(doer.get(url, {"late": "true", "state": "open"}).json()["results"]) == 6
    with django_assert_max_num_queries(9):
        assert len(doer.get(url).json()["results"]) == 6


@pytest.mark.parametrize(
    "query",
    [{"side": "both"}, {"state": "lost"}, {"late": "maybe"}, {"unit": WARD}, {"wrong": "1"}],
)
def test_a_filter_that_cannot_be_used_is_named(by_token: ByToken, query: dict[str, str]) -> None:
    answer = by_token("other_clerk").get(f"{API}reception-tasks/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(query))


def test_tasks_are_for_who_works_on_them(by_token: ByToken) -> None:
    task = task_of(issued())
    path = f"reception-tasks/{task.public_id}"
    assert Client().get(f"{API}{path}/").status_code == 401
    for who in ("handler", "board_head", "admin"):
        assert by_token(who).get(f"{API}{path}/").status_code == 404
        answer = post(by_token(who), f"{path}/steps", step="receive", version=1)
        assert answer.status_code == 404
    assert by_token("handler").get(f"{API}reception-tasks/").status_code == 403
    for unknown in ("00000000-0000-0000-0000-000000000000", "not-an-id"):
        assert by_token("clerk").get(f"{API}reception-tasks/{unknown}/").status_code == 404
        assert by_token("clerk").get(f"{API}reception-notices/{unknown}/").status_code == 404
