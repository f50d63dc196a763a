"""Pages of signals and rules: who sees what, forms that keep their words, the map, trials."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.errors import InvalidInput, NotPermitted, Stale
from common.reference import LoadReport
from early_warning.models import Signal, WarningRule, WarningRuleEvent
from early_warning.services import (
    Thresholds,
    rule_change,
    rule_try,
    rules_load,
    signal_close,
)
from tests.early_warning.hot import MONDAY, NOW, cluster, crowd, ended, look, petition, signal
from tests.people import OTHER_WARD, access_make, person_make

pytestmark = pytest.mark.django_db
LIST, RULES = "/can-bo/canh-bao-som/", "/can-bo/canh-bao-som/quy-tac/"
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


def page(row: Signal) -> str:
    return f"{LIST}tin-hieu/{row.public_id}/"


def shown(client: Client, **query: str) -> list[str]:
    return [row["signal"].rule.code for row in client.get(LIST, query).context["rows"]]


def test_an_empty_list_says_so(enter: Enter) -> None:
    answer = enter("chair").get(LIST)
    assert answer.status_code == 200
    assert "Chưa có tín hiệu nào đang mở" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "here", "tabs"),
    [
        ("chair", "", ["", "quy-tac/", "du-an/"]),
        ("propaganda", "quy-tac/", ["", "quy-tac/", "du-an/"]),
        ("admin", "quy-tac/", ["quy-tac/", "du-an/"]),  # keeps the rules, sees no signals
        ("front", "du-an/", ["du-an/"]),
    ],
)
def test_only_tabs_that_open(enter: Enter, who: str, here: str, tabs: list[str]) -> None:
    client = enter(who)
    shown_tabs = (
        client.get(LIST + here).content.decode().split('<ul class="tabs')[1].split("</ul>")[0]
    )
    assert [link.split('"')[0] for link in shown_tabs.split(f'href="{LIST}')[1:]] == tabs
    for tab in ("", "quy-tac/", "du-an/"):
        assert client.get(LIST + tab).status_code == (200 if tab in tabs else 404), tab


def test_a_unit_sees_its_own_and_the_city_all(enter: Enter) -> None:
    cluster(12)
    cluster(12, first=40, unit=OTHER_WARD)
    look()
    assert len(shown(enter("clerk"))) == 2
    assert len(shown(enter("propaganda"))) == 4
    assert len(shown(enter("propaganda"), unit=OTHER_WARD)) == 2
    assert enter("front").get(LIST).status_code == 404
    assert enter("other_clerk").get(page(signal_of_ward())).status_code == 404


def signal_of_ward() -> Signal:
    return Signal.objects.filter(unit__code="00004")[0]


def test_filters_and_tiles(enter: Enter) -> None:
    cluster(12)
    crowd(12)
    look()
    row = signal("DN-VU-VIEC")
    signal_close(
        access=access_make("chair"), public_id=row.public_id, version=1, is_true=True, text="Xong"
    )
    client = enter("chair")
    assert set(shown(client)) == {"DN-CUM-DON", "TG-DOT-BIEN"}
    assert shown(client, state="settled") == ["DN-VU-VIEC"]
    assert shown(client, kind="rising") == ["TG-DOT-BIEN"]
    assert shown(client, age="7") == []
    assert len(shown(client, state="")) == 3
    for tile in client.get(LIST).context["tiles"]:
        assert len(client.get(LIST + tile["href"]).context["rows"]) == tile["value"], tile["label"]


def test_the_city_has_a_map_and_a_unit_none(enter: Enter) -> None:
    cluster(12)
    look()
    assert enter("chair").get(LIST).context["map"] is None
    cells = enter("inspector").get(LIST).context["map"].cells
    hot = {cell.unit.code: cell.unit.value for cell in cells if cell.unit.value != "0"}
    assert hot == {"00004": "2"}
    assert len(cells) == 126


def test_the_map_leaves_out_what_is_no_more(enter: Enter) -> None:
    cluster(12)
    look()
    ended(OTHER_WARD, by="00004")
    cells = enter("inspector").get(LIST).context["map"].cells
    assert OTHER_WARD not in {cell.unit.code for cell in cells}
    assert len(cells) == 125


def test_cases_are_for_those_who_see_them(enter: Enter) -> None:
    case = crowd(12)
    look()
    row = signal("DN-VU-VIEC")
    assert case.code in enter("clerk").get(page(row)).content.decode()
    other = enter("propaganda").get(page(row)).content.decode()
    assert case.code not in other
    assert case.subject not in other
    assert "12 người" in other


def test_a_refused_form_keeps_its_words(enter: Enter) -> None:
    cluster(12)
    look()
    row, client = signal(), enter("chair")
    person_make("handler")
    sent = {"appoint-owner": "handler", "appoint-next_look_on": "2026-11-01",
            "appoint-text": "Kiểm tra thực địa", "appoint-version": "1"}  # fmt: skip
    answer = client.post(f"{page(row)}phan-cong/", sent)
    assert answer.status_code == 422
    assert "Kiểm tra thực địa" in answer.content.decode()
    sent["appoint-next_look_on"] = "2026-11-30"
    assert client.post(f"{page(row)}phan-cong/", sent).status_code == 302
    stale = client.post(f"{page(row)}phan-cong/", sent)
    assert stale.status_code == 422
    assert 'name="appoint-version" value="2"' in stale.content.decode()


def test_what_may_not_be_done_is_refused_with_a_reason(enter: Enter) -> None:
    cluster(12)
    look()
    answer = enter("clerk").post(f"{page(signal())}ket-thuc/", {})
    assert answer.status_code == 403


def test_precision_is_shown_where_enough_was_judged(enter: Enter) -> None:
    for n in range(6):
        crowd(12, number=800 + n)
    look()
    rows = Signal.objects.filter(rule__code="DN-VU-VIEC").order_by("id")
    for place, row in enumerate(rows):
        signal_close(
            access=access_make("chair"), public_id=row.public_id, version=1,
            is_true=place < 4, text="Đã xem xét",
        )  # fmt: skip
    text = enter("chair").get(RULES).content.decode()
    assert "67% (4 đúng, 2 báo động giả)" in text


def test_too_few_judged_say_so(enter: Enter) -> None:
    crowd(12)
    look()
    signal_close(
        access=access_make("chair"), public_id=signal("DN-VU-VIEC").public_id, version=1,
        is_true=False, text="Đã xem",
    )  # fmt: skip
    assert "quá ít (1 tín hiệu đã kết luận)" in enter("chair").get(RULES).content.decode()


def rule(code: str = "DN-CUM-DON") -> WarningRule:
    return WarningRule.objects.get(code=code)


def change(who: str = "propaganda", code: str = "DN-CUM-DON", **values: Any) -> WarningRule:
    given = Thresholds(**({"least": 5, "step": 5, "window_days": 30} | values))
    return rule_change(
        access=access_make(who), code=code, version=rule(code).version, given=given,
        reason="Theo kết quả quý III",
    )  # fmt: skip


def test_a_changed_threshold_holds_from_the_next_run_and_is_in_history() -> None:
    cluster(6)
    look()
    assert not Signal.objects.filter(rule__code="DN-CUM-DON").exists()
    changed = change()
    assert (changed.least, changed.version, changed.valid_from) == (5, 2, MONDAY)
    look()
    assert signal().threshold == 5
    event = WarningRuleEvent.objects.filter(rule=changed).order_by("-sequence").first()
    assert event.data["fields"] == {"least": [12, 5], "step": [6, 5]}
    rules_load(LoadReport())
    assert rule().least == 5  # a person's from then on


def test_only_those_who_assign_or_keep_change_rules() -> None:
    assert change("admin").least == 5
    for who in ("chair", "clerk", "inspector", "city_front"):
        with pytest.raises(NotPermitted):
            change(who, least=7)


def test_wrong_thresholds_say_where() -> None:
    for values, field in (
        ({"least": 0}, "least"),
        ({"window_days": 3}, "window_days"),
        ({"fields": ("khong-co",)}, "fields"),
    ):
        with pytest.raises(InvalidInput) as caught:
            change(**values)
        assert list(caught.value.fields) == [field]
    with pytest.raises(InvalidInput) as caught:
        change(code="DN-VU-VIEC", least=3)
    assert list(caught.value.fields) == ["least"]
    with pytest.raises(Stale):
        rule_change(
            access=access_make("propaganda"), code="DN-CUM-DON", version=9,
            given=Thresholds(5, 5, 30), reason="Lý do",
        )  # fmt: skip


def test_a_trial_keeps_nothing() -> None:
    cluster(6)
    found = rule_try(
        access=access_make("propaganda"), code="DN-CUM-DON", given=Thresholds(5, 5, 30)
    )
    assert (found.found, found.before, found.is_now_only) == (1, 0, False)
    assert rule().least == 12
    assert not Signal.objects.exists()


def test_the_rule_page_tries_and_keeps(enter: Enter) -> None:
    cluster(6)
    client = enter("propaganda")
    sent = {"least": "5", "step": "5", "window_days": "30", "is_active": "on", "version": "1"}
    tried = client.post(f"{RULES}DN-CUM-DON/", sent | {"do": "try"})
    assert tried.status_code == 200
    assert "1 vấn đề" in tried.content.decode()
    refused = client.post(f"{RULES}DN-CUM-DON/", sent | {"do": "keep"})
    assert refused.status_code == 422
    kept = client.post(f"{RULES}DN-CUM-DON/", sent | {"do": "keep", "reason": "Thử nghiệm"})
    assert kept.status_code == 302
    assert rule().least == 5
    assert enter("chair").post(f"{RULES}DN-CUM-DON/", sent).status_code == 403


def test_the_list_takes_a_fixed_number_of_queries(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("inspector")
    crowd(12)
    look()
    client.get(LIST)
    with django_assert_max_num_queries(16) as few:
        client.get(LIST)
    for n in range(5):
        crowd(12, number=700 + n)
    look()
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def words(client: Client, rows: list[Signal]) -> list[bytes]:
    """Everything that a person reads of early warning; the token of a form is another each time."""
    urls = [LIST, f"{LIST}?state=", RULES, *(page(row) for row in rows)]
    found = []
    for url in urls:
        answer = client.get(url)
        lines = answer.content.splitlines()
        found.append(
            b"\n".join(line for line in lines if b"csrf" not in line and b"nonce" not in line)
        )
    return found


@pytest.mark.parametrize(
    "who", ["chair", "clerk", "secretary", "handler", "inspector", "propaganda"]
)
def test_no_page_and_no_number_tells_of_a_denunciation(who: str, client: Client) -> None:
    """Not even to those who see it: of signals no denunciation is a part."""
    cluster(12)
    crowd(12)
    look()
    rows = list(Signal.objects.order_by("id"))
    client.force_login(person_make(who))
    before = words(client, rows)
    accused = {"name": "Ông Thử", "unit": "00025"}
    for n in range(14):
        petition(
            500 + n, kind="denunciation", field="land_compensation", respondent=accused, people=20
        )
    assert look().new == 0
    assert list(Signal.objects.values_list("measured", flat=True)) == [row.measured for row in rows]
    assert words(client, rows) == before
    assert (
        rule_try(
            access=access_make("propaganda"), code="DN-CUM-DON", given=Thresholds(13, 5, 30)
        ).found
        == 0
    )


def test_api(by_token: Callable[[str], Client]) -> None:
    cluster(12)
    look()
    clerk, chair = by_token("clerk"), by_token("chair")
    answer = clerk.get("/api/v1/warnings/", {"kind": "mass"}).json()
    assert [one["rule"] for one in answer["results"]] == ["DN-CUM-DON"]
    assert clerk.get("/api/v1/warnings/", {"kind": "x"}).status_code == 400
    one = f"/api/v1/warnings/{answer['results'][0]['id']}/"
    assert len(clerk.get(one).json()["cases"]) == 12
    assert by_token("front").get("/api/v1/warnings/").status_code == 403
    assert by_token("other_clerk").get(one).status_code == 404
    person_make("handler")
    body = {"version": 1, "owner": "handler", "next_look_on": "2026-11-30"}
    assert clerk.post(f"{one}owner/", body, "application/json").status_code == 403
    assert chair.post(f"{one}owner/", body, "application/json").json()["state"] == "watched"
    assert chair.post(f"{one}owner/", body, "application/json").status_code == 409
    body = {"version": 2, "text": "Đã gặp dân", "next_look_on": "2026-12-01"}
    assert chair.post(f"{one}follow-ups/", body, "application/json").status_code == 200
    body = {"version": 3, "is_true": False, "text": "Đơn trùng nội dung"}
    assert chair.post(f"{one}closure/", body, "application/json").json()["state"] == "false_alarm"
    body = {"version": 4, "text": "Xem lại"}
    assert chair.post(f"{one}reopening/", body, "application/json").json()["state"] == "open"
    rules = clerk.get("/api/v1/warning-rules/").json()["results"]
    assert len(rules) == 10
    body = {"least": 5, "step": 5, "window_days": 30}
    trial = "/api/v1/warning-rules/DN-CUM-DON/trial/"
    assert clerk.post(trial, body, "application/json").status_code == 403
    assert by_token("propaganda").post(trial, body, "application/json").json()["found"] == 1
    kept = by_token("propaganda").post(
        "/api/v1/warning-rules/DN-CUM-DON/change/",
        body | {"version": 1, "reason": "Thử"}, "application/json",
    )  # fmt: skip
    assert kept.json()["version"] == 2
