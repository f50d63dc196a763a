"""Registers as files: what the lists show, as far as the person sees it."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.text import capfirst
from pytest_django import DjangoAssertNumQueries

from common.sheet_reader import xlsx_read
from mobilisation.enums import OpinionSecrecy
from mobilisation.models import Exemplar
from mobilisation.selectors_models import years_of
from mobilisation.services import programme_renew
from tests.mobilisation import models_made as models
from tests.mobilisation.keeping import AT, do, drafted, opinion_sent, signed
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
ROOT = "/can-bo/dan-van/"
FILES = ["chuong-trinh/tai-ve/", "tinh-hinh/tai-ve/", "mo-hinh/tai-ve/"]
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def content(client: Client, path: str, **query: str) -> bytes:
    answer: Any = client.get(ROOT + path, query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def lines(client: Client, path: str, **query: str) -> list[list[str]]:
    """Rows of a CSV file without its head."""
    text = content(client, path, format="csv", **query).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_programmes_as_they_were_searched(enter: Enter) -> None:
    old, new = signed(title="Chương trình cũ"), signed(number="06-CTPH/ĐU")
    do(programme_renew, old, successor=new.public_id)
    signed("other_chair", OTHER_WARD)
    drafted("other_chair", OTHER_WARD, number="99-CTPH/ĐU")
    client = enter("propaganda")
    rows = lines(client, "chuong-trinh/tai-ve/")
    assert sorted(row[0] for row in rows) == sorted([WARD, WARD, OTHER_WARD])
    assert [row[8] for row in rows if row[2] == "Chương trình cũ"] == [
        "Đã có chương trình thay thế"
    ]
    assert lines(client, "chuong-trinh/tai-ve/", unit=OTHER_WARD)[0][3] == "05-CTPH/ĐU"
    assert {row[0] for row in lines(enter("clerk"), "chuong-trinh/tai-ve/")} == {WARD}


def test_of_opinion_reports_the_list_without_what_may_not_be_known(enter: Enter) -> None:
    opinion_sent()
    opinion_sent("secretary", secrecy="confidential", subject="Việc mật")
    city = lines(enter("propaganda"), "tinh-hinh/tai-ve/")
    assert {row[7] for row in city} == {capfirst(str(one.label)) for one in OpinionSecrecy}
    (own,) = lines(enter("clerk"), "tinh-hinh/tai-ve/")
    assert (own[0], own[3], own[4]) == (WARD, "01/10/2026", "31/10/2026")
    assert "Việc mật" not in content(enter("clerk"), "tinh-hinh/tai-ve/", format="csv").decode()
    assert "phương án bồi thường" not in ",".join(own)  # what it says stays on its page


def test_models_as_they_were_searched(enter: Enter) -> None:
    source = models.recognised()
    models.copied(source)
    models.draft(title="Chưa xong")
    rows = lines(enter("propaganda"), "mo-hinh/tai-ve/")
    assert [(row[0], row[2]) for row in rows] == [(WARD, models.TITLE)]
    assert rows[0][5] == "01/03/2026"
    own = lines(enter("clerk"), "mo-hinh/tai-ve/", state="draft")
    assert [row[2] for row in own] == ["Chưa xong"]


@pytest.mark.parametrize("path", FILES)
def test_files_of_both_kinds_stand_on_the_list(enter: Enter, path: str) -> None:
    signed()
    opinion_sent()
    models.registered()
    client = enter("clerk")
    page = client.get(ROOT + path.partition("/")[0] + "/").content.decode()
    assert f'href="{ROOT}{path}?format=xlsx"' in page
    assert WARD in str(xlsx_read(content(client, path, format="xlsx")).rows)
    assert client.get(ROOT + path, {"format": "doc"}).status_code == 400


def test_reading_does_not_depend_on_the_number_of_rows(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        signed()
        models.registered()
    opinion_sent()
    client = enter("propaganda")
    for path in FILES:
        with django_assert_max_num_queries(9):
            content(client, path, format="csv")


def test_the_year_of_a_moment_is_that_of_the_city() -> None:
    models.published()
    Exemplar.objects.update(published_at=datetime(2025, 12, 31, 17, 30, tzinfo=UTC))
    assert years_of(Exemplar.objects.all(), "published_at") == [2026]
    assert years_of(Exemplar.objects.all(), "starts_on") == [2026]
