"""Land projects: the record, the order of stages, dialogues, linked petitions, rises after stages."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from communes.models import Unit
from directives.models import Assignment
from early_warning.evidence import land_projects
from early_warning.models import LandProject, LandProjectEvent, ProjectCase, Signal
from early_warning.policies import may_enter_projects
from early_warning.selectors_projects import (
    project_get_for,
    suggestions,
    telling_words,
    units_enterable,
    weeks_of,
)
from early_warning.services import (
    DialogueRecord,
    ProjectRecord,
    StageRecord,
    case_unlink,
    cases_link,
    dialogue_record,
    dialogue_withdraw,
    project_change,
    project_create,
    stage_record,
)
from petitions.models import Case
from receptions.models import ReceptionSession
from tests.directives.giving import upload
from tests.early_warning.hot import (
    MONDAY,
    NOW,
    ended,
    look,
    petition,
    project_make,
    signal,
    stage_done,
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


def link(row: LandProject, codes: list[str], who: str = "clerk") -> LandProject:
    row.refresh_from_db()
    return cases_link(
        access=access_make(who), public_id=row.public_id, version=row.version, codes=codes
    )


def talk(row: LandProject, who: str = "secretary", **changes: Any) -> Any:
    row.refresh_from_db()
    values: dict[str, Any] = {
        "people": 60, "content": "Đối thoại về đơn giá", "held_on": MONDAY - dt.timedelta(days=3)
    }  # fmt: skip
    return dialogue_record(
        access=access_make(who), public_id=row.public_id, version=row.version,
        given=DialogueRecord(**(values | changes)),
    )  # fmt: skip


def test_a_project_is_entered_with_six_stages() -> None:
    row = project_make(
        hectares=Decimal("12.345"), households=80, decision_number="45/QĐ-UBND",
        decision_on=MONDAY, decision_file=upload("quyet-dinh.txt"), units=(WARD, OTHER_WARD),
    )  # fmt: skip
    assert row.hectares == Decimal("12.34")
    assert [one.position for one in row.stages.all()] == [1, 2, 3, 4, 5, 6]
    assert LandProjectEvent.objects.get(project=row).data["units"] == [WARD, OTHER_WARD]
    for who in ("clerk", "front", "other_chair", "propaganda", "inspector"):
        assert project_get_for(access_make(who), row.public_id).pk == row.pk


def test_who_may_enter_and_see() -> None:
    row = project_make()
    with pytest.raises(NotVisible):
        project_get_for(access_make("other_chair"), row.public_id)
    with pytest.raises(NotPermitted):
        project_create(access=access_make("propaganda"), given=ProjectRecord("Tên", "Nơi", (WARD,)))
    with pytest.raises(InvalidInput) as caught:
        project_make("other_clerk")
    assert list(caught.value.fields) == ["units"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"units": ()}, "units"),
        ({"units": (WARD, "BTCD")}, "units"),
        ({"hectares": Decimal("0.001")}, "hectares"),
        ({"decision_number": "1/QĐ"}, "decision_number"),
        ({"decision_number": "1/QĐ", "decision_on": dt.date(2027, 1, 1)}, "decision_on"),
        ({"households": -1}, "households"),
    ],
)
def test_a_wrong_record_says_where(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        project_make(**changes)
    assert list(caught.value.fields) == [field]


def test_a_change_says_what_from_and_to() -> None:
    row = project_make()
    given = ProjectRecord("Dự án Sen Vàng", row.area, (WARD,), households=5)
    row = project_change(
        access=access_make("clerk"), public_id=row.public_id, version=1, given=given
    )
    event = row.events.order_by("-sequence").first()
    assert event.data["fields"]["households"] == [None, 5]
    with pytest.raises(Stale):
        project_change(access=access_make("clerk"), public_id=row.public_id, version=1, given=given)


def test_stages_keep_their_order() -> None:
    row = project_make()
    with pytest.raises(InvalidInput):
        stage_done(row, "inventory", 10)
    stage_done(row, "announce", 60)
    row.refresh_from_db()
    row = stage_record(
        access=access_make("clerk"), public_id=row.public_id, version=row.version,
        stage="inventory", given=StageRecord(skipped_reason="Đất công, không kiểm đếm"),
    )  # fmt: skip
    stage_done(row, "plan_published", 20)
    with pytest.raises(InvalidInput):
        stage_done(row, "plan_approved", 30)
    row.refresh_from_db()
    with pytest.raises(InvalidInput):  # nothing was said
        stage_record(
            access=access_make("clerk"), public_id=row.public_id, version=row.version,
            stage="plan_approved", given=StageRecord(),
        )  # fmt: skip
    with pytest.raises(NotVisible):
        stage_done(row, "khong-co", 1)
    with pytest.raises(NotPermitted):
        stage_done(row, "plan_approved", 1, who="propaganda")


def test_dialogues_from_the_calendar_and_typed() -> None:
    row = project_make()
    day = MONDAY - dt.timedelta(days=20)
    session = ReceptionSession.objects.create(
        unit=Unit.objects.get(code=WARD), leader=person_make("secretary"),
        duty_holder="party_secretary", kind="dialogue", starts_at=local_moment(day, 8),
        ends_at=local_moment(day, 11), place="Nhà văn hóa", capacity=50,
        planned_content="Đối thoại", status="held",
        published_at=NOW - dt.timedelta(days=40),
    )  # fmt: skip
    found = talk(row, session=str(session.public_id), held_on=None)
    assert found.held_on == day
    with pytest.raises(Conflict):
        talk(row, session=str(session.public_id))
    typed = talk(row, attachment=upload())
    with pytest.raises(InvalidInput):
        talk(row, held_on=MONDAY + dt.timedelta(days=1))
    row.refresh_from_db()
    taken = dialogue_withdraw(
        access=access_make("secretary"), public_id=row.public_id, version=row.version,
        dialogue=typed.public_id,
    )  # fmt: skip
    with pytest.raises(DomainError):
        dialogue_withdraw(
            access=access_make("secretary"), public_id=row.public_id, version=taken.version,
            dialogue=typed.public_id,
        )  # fmt: skip


def test_petitions_are_linked_by_those_who_see_them() -> None:
    row = project_make()
    case, other = petition(1), petition(2, unit=OTHER_WARD)
    accused = {"name": "Ông Thử", "unit": "00025"}
    secret = petition(3, kind="denunciation", respondent=accused)
    row = link(row, [case.code, case.code.lower()])
    row = link(row, [case.code])
    assert ProjectCase.objects.counted().count() == 1
    for code in (other.code, secret.code, "HN-00000-00000-00"):
        with pytest.raises(InvalidInput) as caught:
            link(row, [code])
        assert "Không tìm thấy" in str(caught.value.fields["codes"][0])
    for who in ("front", "propaganda", "inspector"):
        with pytest.raises(NotPermitted):
            link(row, [case.code], who)
    row.refresh_from_db()
    case_unlink(
        access=access_make("clerk"), public_id=row.public_id, version=row.version, code=case.code
    )
    assert ProjectCase.objects.counted().count() == 0


def test_suggestions_share_the_words_of_the_project() -> None:
    row = project_make()
    petition(1, subject="Kiến nghị về đường đi chung")
    about = petition(2, subject="Kiến nghị về bồi thường dự án Sen Vàng")
    petition(3, field="environment", subject="Rác tại Sen Vàng")
    found = suggestions(access_make("clerk"), row, MONDAY)
    assert found[0].case.code == about.code
    assert {"sen", "vang"} <= set(found[0].words)
    assert len(found) == 2
    assert "duong" not in telling_words(row)
    link(row, [about.code])
    assert [one.case.code for one in suggestions(access_make("clerk"), row, MONDAY)] != [about.code]
    assert suggestions(access_make("front"), row, MONDAY) == []


def test_a_rise_after_a_stage_is_a_signal_of_the_unit() -> None:
    row = project_make()
    stage_done(row, "announce", 20)
    codes = [petition(n, before=15 - n).code for n in range(5)]
    codes.append(petition(9, before=40).code)
    link(row, codes[:4])
    look()
    assert not Signal.objects.filter(rule__code="DA-SAU-BUOC").exists()
    link(row, codes)
    look()
    found = signal("DA-SAU-BUOC")
    assert (found.project, found.stage.stage, found.measured) == (row, "announce", 5)
    weeks = weeks_of(project_get_for(access_make("clerk"), row.public_id), MONDAY)
    assert sum(count for _monday, count in weeks.counts) == 6
    assert [stage.stage for stage in weeks.stages] == ["announce"]


def test_one_burst_after_two_stages_is_one_signal() -> None:
    row = project_make()
    stage_done(row, "announce", 20)
    stage_done(row, "inventory", 12)
    link(row, [petition(n, before=10 - n).code for n in range(6)])
    look()
    assert signal("DA-SAU-BUOC").stage.stage == "inventory"


def test_a_link_goes_when_another_unit_holds_the_case() -> None:
    row = project_make()
    case = petition(1)
    row = link(row, [case.code])
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code=OTHER_WARD))
    taken = {"public_id": row.public_id, "version": row.version, "code": case.code}
    with pytest.raises(InvalidInput):
        case_unlink(access=access_make("clerk"), **taken)  # does not see it
    Membership.objects.create(
        user=person_make("clerk"), unit=Unit.objects.get(code=OTHER_WARD), role="clerk",
        valid_from=MONDAY,
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        case_unlink(access=access_make("clerk"), **taken | {"code": petition(2).code})
    case_unlink(access=access_make("clerk"), **taken)
    assert not ProjectCase.objects.counted().exists()


def test_nothing_new_begins_in_a_unit_that_is_no_more() -> None:
    row = project_make(units=(WARD, OTHER_WARD))
    ended(OTHER_WARD, by=WARD)
    access = access_make("clerk")
    offered = {unit.code for unit in units_enterable(access)}
    assert WARD in offered
    assert OTHER_WARD not in offered
    for units in ((OTHER_WARD,), (WARD, OTHER_WARD)):
        with pytest.raises(InvalidInput) as caught:
            project_create(access=access, given=ProjectRecord("Dự án", "Tổ 3", units))
        assert list(caught.value.fields) == ["units"]
    past = replace(access, past=access.unit_ids)
    assert may_enter_projects(access) is None
    assert may_enter_projects(past) is not None
    # What a project has stays, and is offered where it is corrected.
    given = ProjectRecord("Dự án Sen Vàng", row.area, (WARD, OTHER_WARD))
    project_change(access=access, public_id=row.public_id, version=1, given=given)
    known = [place.unit_id for place in row.places.all()]
    assert OTHER_WARD in {unit.code for unit in units_enterable(access, known)}


def test_suggestions_use_the_index_of_moments() -> None:
    row = project_make()
    petition(1, before=365)
    petition(2, before=366)
    with CaptureQueriesContext(connection) as asked:
        found = suggestions(access_make("clerk"), row, MONDAY)
    assert len(found) == 1
    assert not [query for query in asked.captured_queries if "AT TIME ZONE" in query["sql"]]


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


def test_evidence_of_a_task_is_the_unit_s_projects() -> None:
    row = project_make()
    tasks = Assignment.objects.filter(unit__code=WARD).select_related("task__group__directive")
    task = tasks.get(task__code="1699-cv-tu-4-petitions")
    other = tasks.get(task__code="1699-cv-tu-5-democracy")
    assert land_projects(access_make("propaganda"), other) == []
    found = land_projects(access_make("propaganda"), task)
    assert [one.url for one in found] == [f"{PAGES}{row.public_id}/"]
    assert land_projects(access_make("other_chair"), task) == []
