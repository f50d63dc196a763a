"""``/api/v1/units/``."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
KEYS = {"code", "kind", "name", "slug", "former_district"}


def test_all_units_at_once(client: Client) -> None:
    body = client.get("/api/v1/units/").json()
    assert body["next"] is None
    assert len(body["results"]) == 148
    assert all(set(unit) == KEYS for unit in body["results"])
    assert sum(unit["kind"] in ("ward", "commune") for unit in body["results"]) == 126


def test_pages_when_asked_for(client: Client) -> None:
    seen = []
    href = "/api/v1/units/?page_size=60&kind=commune"
    while href:
        body = client.get(href).json()
        seen += [unit["code"] for unit in body["results"]]
        href = body["next"]
    assert len(seen) == len(set(seen)) == 75


def test_an_unknown_kind_is_refused(client: Client) -> None:
    answer = client.get("/api/v1/units/", {"kind": "village"})
    assert answer.status_code == 400
    assert answer.json()["fields"]["kind"]


def test_a_unit_with_its_neighbours(client: Client) -> None:
    body = client.get("/api/v1/units/00004/").json()
    assert set(body) > KEYS
    assert body["name"] == "Phường Ba Đình"
    assert body["parent"] == "CITY"
    assert body["population"] == 65023
    assert "00008" in [unit["code"] for unit in body["neighbours"]]


@pytest.mark.parametrize("code", ["99999", "%00", "x" * 300])
def test_an_unknown_unit_is_not_found(client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/units/{code}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
