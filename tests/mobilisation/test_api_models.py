"""The API of models: published ones for anybody, the register and its steps for officers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mobilisation import services
from mobilisation.hub import tiles
from mobilisation.invariants_models import (
    copy_is_of_another_unit,
    index_version_is_number_of_events,
    model_version_is_number_of_events,
    published_says_consent_in_its_history,
    recognised_has_a_decision_of_its_level,
)
from mobilisation.models import Exemplar, IndexYear
from tests.mobilisation import models_made as m
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
PUBLIC, STAFF = "/api/v1/exemplars/", "/api/v1/exemplar-register/"
ByToken = Callable[[str], Client]
BODY = {
    "unit": WARD,
    "title": "Tổ dân phố không rác",
    "field": "environment",
    "carried_out_by": "Chi hội Phụ nữ",
    "starts_on": "2026-03-01",
    "description": "Mỗi hộ phân loại rác.",
}


def post(client: Client, url: str, body: dict[str, Any]) -> Any:
    return client.post(url, body, "application/json")


def test_anybody_reads_what_is_published(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shown, hidden = m.published(), m.recognised(title="Chưa công bố")
    with django_assert_max_num_queries(2):
        rows = client.get(PUBLIC, {"field": "environment", "year": "2026"}).json()["results"]
    assert [row["id"] for row in rows] == [str(shown.public_id)]
    one = client.get(f"{PUBLIC}{shown.public_id}/").json()
    assert (one["decisions"][0]["number"], one["copies"]) == ("15-QĐ/ĐU", 0)
    assert "version" not in one
    for wrong in (hidden.public_id, "x"):
        assert client.get(f"{PUBLIC}{wrong}/").status_code == 404
    said = client.get(PUBLIC, {"year": "0", "state": "draft"}).json()["fields"]
    assert said.keys() == {"year", "state"}


def test_the_whole_way_by_api(by_token: ByToken) -> None:
    clerk, secretary, other = by_token("clerk"), by_token("secretary"), by_token("other_clerk")
    made = post(clerk, PUBLIC, BODY)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    url = f"{STAFF}{made.json()['id']}/"
    change = {k: v for k, v in BODY.items() if k != "unit"} | {"version": 1, "results": "Tốt."}
    assert post(clerk, f"{url}change/", change).json()["version"] == 2
    picture = {"attachment": m.picture_upload(), "alt": "Phân loại rác", "version": 2}
    assert post(clerk, f"{url}pictures/", picture).status_code == 201
    assert post(clerk, f"{url}registration/", {"version": 3}).json()["state"] == "registered"
    said = {
        "level": "unit",
        "number": "15-QĐ/ĐU",
        "decided_on": "2026-11-02",
        "decided_by": "Đảng ủy phường",
        "version": 4,
    }
    assert post(clerk, f"{url}recognition/", said).status_code == 403
    assert post(secretary, f"{url}recognition/", said).json()["state"] == "recognised"
    agreed = {"people_agreed": False, "version": 5}
    assert post(clerk, f"{url}publication/", agreed).json()["fields"].keys() == {"people_agreed"}
    assert post(clerk, f"{url}publication/", agreed | {"people_agreed": True}).status_code == 200
    copy = {"unit": OTHER_WARD, "carried_out_by": "Đoàn", "starts_on": "2026-11-01"}
    copied = post(other, f"{url}copies/", copy)
    assert copied.status_code == 201
    assert post(other, f"{url}copies/", copy).status_code == 409
    whole = clerk.get(url).json()
    assert (whole["version"], len(whole["pictures"]), whole["copies"]) == (6, 1, 0)
    own = other.get(f"{STAFF}{copied.json()['id']}/").json()
    assert own["source"] == made.json()["id"]


def test_a_stale_version_is_a_conflict(by_token: ByToken) -> None:
    row = m.registered()
    url = f"{STAFF}{row.public_id}/giving-up/"
    answer = post(by_token("clerk"), url, {"version": 1, "reason": "Nhầm."})
    assert (answer.status_code, answer.json()["code"], answer.json()["version"]) == (
        409,
        "stale",
        2,
    )
    assert post(by_token("other_clerk"), url, {"version": 2, "reason": "x"}).status_code == 404


def test_the_register_shows_what_the_caller_may_see(by_token: ByToken) -> None:
    m.draft(title="Nháp")
    m.registered()
    listed = by_token("propaganda").get(STAFF, {"state": "registered"}).json()["results"]
    assert [row["state"] for row in listed] == ["registered"]
    assert by_token("propaganda").get(STAFF, {"state": "draft"}).json()["results"] == []
    assert len(by_token("clerk").get(STAFF).json()["results"]) == 2


# What hangs on the registers elsewhere


def test_the_hub_counts_what_the_person_sees(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    m.draft()
    m.do(services.exemplar_register, m.copied(m.published()), "other_clerk")
    m.registered()
    access = access_make("propaganda")
    with django_assert_max_num_queries(6):
        models, indices = tiles(access)[3:]
    assert (models.figure, models.warning) == (
        "3 mô hình đã đăng ký, 1 lượt nhân rộng",
        "2 mô hình chờ quyết định",
    )
    assert indices.figure == "PAR 2024: 92,57%; SIPAS 2024: 86,5%; DTI 2024: 0,8241"


def test_what_is_broken_is_named() -> None:
    row = m.published()
    checks = (
        model_version_is_number_of_events,
        recognised_has_a_decision_of_its_level,
        published_says_consent_in_its_history,
        copy_is_of_another_unit,
        index_version_is_number_of_events,
    )
    assert [list(check()) for check in checks] == [[], [], [], [], []]
    Exemplar.objects.filter(pk=row.pk).update(version=9, level="city")
    twin = m.copied(row)
    Exemplar.objects.filter(pk=twin.pk).update(unit=row.unit)
    IndexYear.objects.filter(kind="par", year=2024).update(version=3)
    assert list(checks[0]()) == list(checks[1]()) == [str(row.public_id)]
    assert list(checks[3]()) == [str(twin.public_id)]
    assert len(list(checks[4]())) == 1


@pytest.mark.parametrize(
    "query", ["year=9999", "year=0999", "q=%00", "field=%00", f"unit={'a' * 200}"]
)
def test_a_filter_that_cannot_be_is_refused(client: Client, query: str) -> None:
    assert client.get(f"{PUBLIC}?{query}").status_code == 400
