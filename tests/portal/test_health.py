"""Ready means: schema, reference data and demo data are in, database and broker answer."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from common.models import ScheduledRun
from common.time import now, today
from hanoi_portal import health
from hanoi_portal.probe import answers


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    health._lasting.clear()
    yield
    health._lasting.clear()


def checks(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get(reverse("health_ready"))
    return response.status_code, response.json()["checks"]


def test_live_asks_nobody(client: Client) -> None:
    assert client.get(reverse("health_live")).content == b"ok"


@pytest.mark.django_db
def test_an_empty_site_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "COMMUNE_LEVEL_UNITS", 1000)
    status, found = checks(client)
    assert status == 503
    assert found == {
        "database": "ok",
        "broker": "ok",
        "migrations": "ok",
        "reference_data": "failed",
        "demo_data": "failed",
    }


@pytest.mark.django_db
def test_demo_data_counts_when_it_is_complete(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "COMMUNE_LEVEL_UNITS", 0)
    run = ScheduledRun.objects.create(name=health.DEMO_RUN, business_date=today(), started_at=now())
    assert checks(client)[0] == 503
    run.finished_at = now()
    run.save()
    assert checks(client)[0] == 200


@pytest.mark.django_db
def test_outside_demonstration_no_demo_data_is_needed(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO_MODE = False
    monkeypatch.setattr(health, "COMMUNE_LEVEL_UNITS", 0)
    assert checks(client)[0] == 200


@pytest.mark.django_db
def test_without_a_broker_it_is_not_ready(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    status, found = checks(client)
    assert status == 503
    assert found["broker"] == "failed"


def test_probe_of_a_silent_port() -> None:
    assert not answers("/health/live/", 9)


@pytest.mark.django_db
def test_days_off_not_known_yet_are_a_warning_and_do_not_stop_the_site(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2027-11-01T00:00:00+07:00", tick=False)
    body = client.get(reverse("health_ready")).json()
    assert "calendar_missing_2028" in body["warnings"]
    assert "calendar_missing_2028" not in body["checks"]
