"""The registers by the API: lists with filters, details, every step, refusals by name."""

from typing import Any

import pytest
from django.test import Client

from tests.mobilisation.keeping import AT, opinion_sent, signed, upload
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
PROGRAMME: dict[str, Any] = {
    "unit": WARD,
    "title": "Chương trình phối hợp",
    "parties": ["front", "police"],
    "number": "03-CTPH/ĐU",
    "signed_on": "2026-03-02",
    "valid_from": "2026-03-02",
}
REPORT: dict[str, Any] = {
    "period": "month",
    "starts_on": "2026-10-05",
    "texts": {"land": "Nhân dân quan tâm."},
    "assessment": "Ổn định.",
}


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def ask(client: Client) -> Any:
    """``ask(who, path, body=None)``: the status and what was answered."""

    def send(who: str, path: str, body: Any = None) -> tuple[int, Any]:
        client.force_login(person_make(who))
        if body is None:
            answer = client.get(ROOT + path)
        else:
            answer = client.post(ROOT + path, body, "application/json")
        return answer.status_code, answer.json()

    return send


def test_the_life_of_a_programme(ask: Any) -> None:
    status, made = ask("secretary", "programmes/", PROGRAMME)
    assert (status, made["state"], made["version"]) == (201, "draft", 1)
    here = f"programmes/{made['id']}/"
    assert ask("propaganda", here)[0] == 404
    changed = {name: value for name, value in PROGRAMME.items() if name != "unit"}
    status, row = ask("clerk", f"{here}change/", changed | {"title": "Tên mới", "version": 1})
    assert (status, row["version"], row["title"]) == (200, 2, "Tên mới")
    assert ask("clerk", f"{here}signing/", {"version": 2})[1]["state"] == "in_force"
    status, row = ask("clerk", f"{here}files/", {"version": 3, "attachment": upload()})
    assert status == 201
    gone = f"{here}files/{row['file']['id']}/removal/"
    assert ask("clerk", gone, {"version": 4})[0] == 200
    held = {"version": 5, "held_on": "2026-10-05", "place": "Tổ 4", "people": 9, "done": "Họp."}
    status, row = ask("clerk", f"{here}activities/", held)
    assert status == 201
    back = f"{here}activities/{row['activity']['id']}/withdrawal/"
    assert ask("clerk", back, {"version": 6, "reason": "Ghi nhầm."})[0] == 200
    new = signed()
    status, row = ask("clerk", f"{here}renewal/", {"version": 7, "successor": str(new.public_id)})
    assert (status, row["state"]) == (200, "renewed")
    status, row = ask("propaganda", here)
    assert (status, row["renewed_by"], row["files"]) == (200, str(new.public_id), [])
    assert row["activities"][0]["withdrawn_reason"] == "Ghi nhầm."
    assert ask("clerk", f"programmes/{new.public_id}/")[1]["renews"] == made["id"]
    ended = {"version": 2, "ended_on": "2026-11-01", "reason": "Sáp nhập."}
    assert ask("clerk", f"programmes/{new.public_id}/end/", ended)[1]["state"] == "ended"


def test_a_stale_step_is_a_conflict(ask: Any) -> None:
    row = signed()
    status, said = ask("clerk", f"programmes/{row.public_id}/signing/", {"version": 1})
    assert status == 403  # in force already
    body = {"version": 1, "ended_on": "2026-11-01", "reason": "Sáp nhập."}
    status, said = ask("clerk", f"programmes/{row.public_id}/end/", body)
    assert (status, said["code"], said["version"]) == (409, "stale", 2)


def test_lists_take_their_filters_and_refuse_others_by_name(ask: Any) -> None:
    row = signed()
    signed("other_chair", OTHER_WARD, parties=["union", "youth"])
    status, found = ask("propaganda", "programmes/?party=police&state=in_force")
    assert [one["id"] for one in found["results"]] == [str(row.public_id)]
    assert ask("clerk", "programmes/")[1]["results"][0]["unit"] == WARD
    for path, field in (
        ("programmes/?party=nobody", "party"),
        ("programmes/?unit=99999", "unit"),
        ("programmes/?colour=red", "colour"),
        ("democracy-rules/?kind=x", "kind"),
        ("opinion-reports/?since=hôm nay", "since"),
        ("opinion-topics/?state=sent", "state"),
    ):
        status, said = ask("propaganda", path)
        assert (status, list(said["fields"])) == (400, [field]), path


def test_rules_by_unit_and_kind(ask: Any) -> None:
    here = f"democracy-rules/{WARD}/community/"
    status, row = ask("chair", here)
    assert (status, row["state"], row["version"], row["files"]) == (200, "to_review", 0, [])
    body = {"version": 0, "state": "promulgated", "number": "12/QĐ", "issued_on": "2026-09-01",
            "approved_by": "UBND phường", "attachment": upload()}  # fmt: skip
    assert ask("chair", here, body)[1]["version"] == 1
    assert ask("chair", here)[1]["files"][0]["version"] == 1
    status, found = ask("propaganda", "democracy-rules/?state=promulgated&kind=community")
    assert [one["unit"] for one in found["results"]] == [WARD]
    assert len(found["results"][0]["rules"]) == 6
    assert ask("propaganda", here, body | {"version": 1})[0] == 403
    assert ask("other_chair", here)[0] == 404
    assert ask("chair", f"democracy-rules/{WARD}/none/")[0] == 404


def test_the_life_of_an_opinion_report(ask: Any) -> None:
    status, made = ask("front", "opinion-reports/", REPORT | {"unit": WARD})
    assert (status, made["state"], made["starts_on"]) == (201, "draft", "2026-10-01")
    here = f"opinion-reports/{made['id']}/"
    words = REPORT | {"version": 1, "proposals": "Sớm công bố."}
    assert ask("front", f"{here}change/", words)[1]["version"] == 2
    assert ask("front", f"{here}sending/", {"version": 2})[1]["state"] == "sent"
    back = {"version": 3, "is_read": False, "text": "Nêu rõ số hộ."}
    assert ask("propaganda", f"{here}answer/", back)[1]["state"] == "returned"
    again = words | {"version": 4, "assessment": "Rõ.", "reason": "Theo yêu cầu."}
    assert ask("front", f"{here}correction/", again)[1]["edition"] == 2
    status, row = ask("propaganda", here)
    assert [edition["assessment"] for edition in row["editions"]] == ["Rõ.", "Ổn định."]
    assert row["editions"][0]["texts"] == {"land": "Nhân dân quan tâm."}
    status, found = ask("propaganda", "opinion-topics/?topic=land")
    assert [one["report"] for one in found["results"]] == [made["id"]]
    status, found = ask("propaganda", f"opinion-reports/?unit={WARD}&topic=land")
    assert found["results"][0]["topics"] == ["land"]


def test_a_confidential_report_is_not_there_for_others(ask: Any) -> None:
    row = opinion_sent("secretary", secrecy="confidential")
    here = f"opinion-reports/{row.public_id}/"
    for who in ("front", "other_chair", "internal_affairs", "admin"):
        assert ask(who, here)[0] == 404
        assert ask(who, f"{here}answer/", {"version": 2, "is_read": True})[0] == 404
        assert ask(who, "opinion-reports/")[1]["results"] == []
    assert ask("party_office", here)[0] == 200


def test_an_unknown_topic_or_unit_is_named(ask: Any) -> None:
    body = REPORT | {"unit": WARD, "texts": {"weather": "Mưa."}}
    status, said = ask("front", "opinion-reports/", body)
    assert (status, list(said["fields"])) == (400, ["texts"])
    status, said = ask("front", "opinion-reports/", REPORT | {"unit": "99999"})
    assert (status, list(said["fields"])) == (400, ["unit"])
