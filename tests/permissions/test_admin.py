"""The admin site: reference data only, to read, for its keeper."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from tests.people import CAST

pytestmark = pytest.mark.django_db


def test_only_reference_data_is_registered() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert names == {
        "communes.Unit",
        "deadlines.CalendarChange",
        "deadlines.CalendarDay",
        "petitions.SubjectField",
    }


def test_only_the_administrator_reaches_it(person: Callable[[str], User]) -> None:
    for name in CAST:
        client = Client()
        client.force_login(person(name))
        answer = client.get("/quan-tri/communes/unit/")
        assert (answer.status_code == 200) == (name == "admin"), name
    assert Client().get("/quan-tri/").status_code == 302


def test_nothing_can_be_changed_there(person: Callable[[str], User]) -> None:
    client = Client()
    client.force_login(person("admin"))
    assert client.get("/quan-tri/communes/unit/add/").status_code == 403
