"""One word for one thing on the pages of directives."""

from collections.abc import Callable
from typing import Any

import polib
import pytest
from django.test import Client

from hanoi_portal import catalogs
from tests.directives.giving import AT, give, task_make
from tests.directives.keeping import SLUG, entered
from tests.directives.paging import text
from tests.people import WARD

pytestmark = pytest.mark.django_db
HOME = "/can-bo/chi-dao/tong-quan/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def head(client: Client, address: str) -> list[str]:
    """The first line of a CSV file."""
    lines = b"".join(client.get(address).streaming_content).decode("utf-8-sig").splitlines()
    return lines[0].split(",")


def test_the_record_of_a_document_is_named_as_such(enter: Enter) -> None:
    entered()
    client = enter("propaganda")
    record = text(client, f"{SLUG}/ho-so/")
    assert "Sửa hồ sơ văn bản" in record
    assert "Sửa kết quả" not in record
    assert "Trích yếu" in text(client, "")
    form = text(client, f"{SLUG}/sua/")
    assert "Sửa hồ sơ văn bản: " in form
    assert "Trích yếu" in form


def test_files_of_units_have_the_code_of_the_unit_first(enter: Enter) -> None:
    give(task_make(), WARD)
    client = enter("propaganda")
    assert head(client, f"{HOME}tep/bang/")[0] == "Mã đơn vị"
    assert head(client, f"{HOME}tep/cham/")[0] == "Mã đơn vị"


@pytest.mark.parametrize(
    "words", ["lùi thời hạn", "Hoạt động chung", "Buổi học tập này đã được rút"]
)
def test_a_step_has_one_name(words: str) -> None:
    """More time is "gia hạn", joint activities "hoạt động phối hợp", a mistake "hủy ghi nhận"."""
    found = polib.pofile(str(catalogs.catalog_path("vi")))
    assert [e.msgid for e in found if words.lower() in e.msgstr.lower()] == []
