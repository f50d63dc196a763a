"""Land projects on pages and in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from early_warning.models import LandProject, ProjectCase
from early_warning.services import (
    ProjectRecord,
    StageRecord,
    project_change,
    stage_record,
)
from tests.directives.giving import upload
from tests.early_warning.hot import (
    NOW,
    link,
    petition,
    project_make,
    stage_done,
    talk,
)
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
PAGES = "/can-bo/canh-bao-som/du-an/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def test_the_pages_of_a_project(enter: Enter) -> None:
    row = project_make(decision_file=upload("quyet-dinh.txt"))
    stage_done(row, "announce", 20)
    case = petition(1, before=9)
    link(row, [case.code])
    talk(row)
    client = enter("clerk")
    assert "Sen Vàng" in client.get(PAGES).content.decode()
    answer = client.get(f"{PAGES}{row.public_id}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert case.code in text
    assert "<svg" in text
    row.refresh_from_db()
    file = client.get(f"{PAGES}{row.public_id}/tep/{row.decision_file.public_id}/")
    assert file.status_code == 200
    for who in ("propaganda", "front"):
        other = enter(who).get(f"{PAGES}{row.public_id}/").content.decode()
        assert case.code not in other
        assert "Đối thoại về đơn giá" in other
    assert enter("other_clerk").get(f"{PAGES}{row.public_id}/").status_code == 404
    assert enter("propaganda").get(f"{PAGES}moi/").status_code == 403


def test_words_are_those_of_a_project(enter: Enter) -> None:
    """Of a project, not of a document; a stage reads alike in the table and in the history."""
    row = project_make()
    stage_record(
        access=access_make("secretary"), public_id=row.public_id, version=1, stage="announce",
        given=StageRecord(skipped_reason="Đất công"),
    )  # fmt: skip
    given = ProjectRecord("Dự án Sen Vàng", row.area, (WARD,))
    project_change(access=access_make("clerk"), public_id=row.public_id, version=2, given=given)
    text = enter("clerk").get(f"{PAGES}{row.public_id}/").content.decode()
    assert "Sửa hồ sơ dự án" in text
    assert "Sửa hồ sơ văn bản" not in text
    assert "không thực hiện" in text.lower()
    assert "không đưa vào" not in text.lower()


def test_forms_of_a_project_keep_their_words(enter: Enter) -> None:
    client = enter("clerk")
    assert f'value="{WARD}" selected' in client.get(f"{PAGES}moi/").content.decode()
    sent = {"name": "Dự án cầu Hạc Trắng", "area": "Ven sông", "units": [OTHER_WARD],
            "version": "1", "hectares": "2.5"}  # fmt: skip
    answer = client.post(f"{PAGES}moi/", sent)
    assert answer.status_code == 422
    assert "Dự án cầu Hạc Trắng" in answer.content.decode()
    answer = client.post(f"{PAGES}moi/", sent | {"units": [WARD]})
    assert answer.status_code == 302
    row = LandProject.objects.get()
    page = f"{PAGES}{row.public_id}/"
    stage = client.post(f"{page}buoc/inventory/", {"done_on": "2026-11-01", "version": "1"})
    assert stage.status_code == 422
    stage = client.post(f"{page}buoc/announce/", {"done_on": "2026-11-01", "version": "1"})
    assert stage.status_code == 302
    bad = client.post(f"{page}doi-thoai/", {"dialogue-version": "2", "dialogue-people": "5",
                                            "dialogue-content": "Nội dung", "dialogue-session": ""})  # fmt: skip
    assert bad.status_code == 422
    assert "Nội dung" in bad.content.decode()
    case = petition(1)
    linked = client.post(f"{page}don/", {"link-version": "2", "link-chosen": [case.code]})
    assert linked.status_code == 302
    assert ProjectCase.objects.get().case == case
    edited = client.post(f"{page}sua/", sent | {"units": [WARD], "version": "1"})
    assert edited.status_code == 422  # stale
    edited = client.post(f"{page}sua/", sent | {"units": [WARD], "version": "3"})
    assert edited.status_code == 302


def test_a_denunciation_changes_no_page_of_a_project(client: Client) -> None:
    row = project_make()
    link(row, [petition(1).code])
    client.force_login(person_make("clerk"))
    page = f"{PAGES}{row.public_id}/"

    def words() -> list[bytes]:
        return [
            line
            for url in (PAGES, page)
            for line in client.get(url).content.splitlines()
            if b"csrf" not in line and b"nonce" not in line
        ]

    before = words()
    accused = {"name": "Ông Thử", "unit": "00025"}
    petition(7, kind="denunciation", respondent=accused, subject="Tố cáo tại dự án Sen Vàng")
    assert words() == before


def test_api(by_token: Callable[[str], Client]) -> None:
    clerk, url = by_token("clerk"), "/api/v1/land-projects/"
    body = {"name": "Dự án Sen Vàng", "area": "Tổ 3", "units": [WARD], "hectares": "3.20"}
    made = clerk.post(url, body, "application/json")
    assert made.status_code == 201, made.content
    one = f"{url}{made.json()['id']}/"
    done = clerk.post(
        f"{one}stages/announce/", {"version": 1, "done_on": "2026-11-02"}, "application/json"
    )
    assert done.json()["stages"][0]["done_on"] == "2026-11-02"
    talked = clerk.post(
        f"{one}dialogues/",
        {"version": 2, "held_on": "2026-11-10", "people": 20, "content": "Đối thoại"},
        "application/json",
    )
    assert talked.status_code == 201
    code = petition(1).code
    linked = clerk.post(f"{one}petitions/", {"version": 3, "codes": [code]}, "application/json")
    assert linked.status_code == 200
    assert clerk.get(one).json()["petitions"] == [code]
    gone = clerk.post(f"{one}petitions/removal/", {"version": 4, "code": code}, "application/json")
    assert gone.status_code == 200
    away = talked.json()["dialogue"]["id"]
    taken = clerk.post(f"{one}dialogues/{away}/withdrawal/", {"version": 5}, "application/json")
    assert taken.status_code == 200
    changed = clerk.post(
        f"{one}change/", body | {"version": 6, "households": 4}, "application/json"
    )
    assert changed.json()["households"] == 4
    assert by_token("other_clerk").get(one).status_code == 404
    assert by_token("propaganda").get(url).json()["results"][0]["name"] == "Dự án Sen Vàng"
