"""The admin site: reference data only, to read, for its keeper."""

from collections.abc import Callable
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from accounts.services_elevation import elevation_begin
from tests.people import CAST, access_make, person_make

pytestmark = pytest.mark.django_db


def test_only_reference_data_is_registered() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert names == {
        "communes.Unit",
        "deadlines.CalendarChange",
        "deadlines.CalendarDay",
        "petitions.SubjectField",
    }


def elevate(name: str) -> None:
    person_make(name)
    elevation_begin(
        access=access_make(name), ground="reference", text="Kiểm tra danh mục đơn vị", minutes=15
    )


def test_only_the_elevated_administrator_reaches_it(person: Callable[[str], User]) -> None:
    elevate("admin")
    for name in CAST:
        client = Client()
        client.force_login(person(name))
        answer = client.get("/quan-tri/communes/unit/")
        assert (answer.status_code == 200) == (name == "admin"), name
    assert Client().get("/quan-tri/").status_code == 302


def test_its_pages_speak_vietnamese(client: Client, person: Callable[[str], User]) -> None:
    elevate("admin")
    client.force_login(person("admin"))
    front = unescape(client.get("/quan-tri/").content.decode())
    for said in ("Danh mục của Cổng", "Chỉ để xem", "Đơn vị", "Ngày đặc biệt", 'href="/can-bo/"'):
        assert said in front
    table = unescape(client.get("/quan-tri/communes/unit/").content.decode())
    for said in ("Mã đơn vị", "Quận, huyện, thị xã cũ", "Có hiệu lực từ"):
        assert said in table
    for english in ("Former district", "Full name", "Django"):
        assert english not in front + table


def test_without_elevation_it_leads_there(person: Callable[[str], User]) -> None:
    client = Client()
    client.force_login(person("admin"))
    assert client.get("/quan-tri/communes/unit/").status_code == 302
    answer = client.get("/quan-tri/", follow=True)
    assert answer.redirect_chain[-1][0] == "/can-bo/quyen/nang-quyen/"


def test_django_s_own_flags_open_nothing(person: Callable[[str], User]) -> None:
    """``is_staff`` and ``is_superuser`` are not asked by anything."""
    User.objects.filter(pk=person("clerk").pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(person("clerk"))
    assert client.get("/quan-tri/communes/unit/").status_code == 302


def test_nothing_can_be_changed_there(person: Callable[[str], User]) -> None:
    elevate("admin")
    client = Client()
    client.force_login(person("admin"))
    assert client.get("/quan-tri/communes/unit/add/").status_code == 403
