"""Signals, land projects and the continuity board as files: what the lists show."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.sheet_reader import xlsx_read
from early_warning.models import Signal
from tests.early_warning.hot import NOW, petition, project_make, stage_done
from tests.early_warning.matters import signal_make
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
SIGNALS, PROJECTS = "/can-bo/canh-bao-som/tai-ve/", "/can-bo/canh-bao-som/du-an/tai-ve/"
BOARD = "/can-bo/lien-tuc/tai-ve/"
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


def content(client: Client, path: str, **query: str) -> bytes:
    answer: Any = client.get(path, query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def lines(client: Client, path: str, **query: str) -> list[list[str]]:
    """Rows of a CSV file without its head."""
    text = content(client, path, format="csv", **query).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_signals_as_they_were_filtered(enter: Enter) -> None:
    row, other = signal_make(), signal_make(unit=OTHER_WARD)
    closed = signal_make(number=1)
    Signal.objects.filter(pk=closed.pk).update(state="settled", closed_at=NOW, closed_level=1)
    city = enter("propaganda")
    assert {line[0] for line in lines(city, SIGNALS)} == {WARD, OTHER_WARD}
    assert len(lines(city, SIGNALS, state="settled")) == 1
    (one,) = lines(city, SIGNALS, unit=OTHER_WARD)
    assert one[1:5] == [other.unit.full_name, row.rule.title, one[3], other.field.label_vi]
    assert one[8] == "16/11/2026"
    assert {line[0] for line in lines(enter("clerk"), SIGNALS)} == {WARD}
    assert "canh-bao-som" in city.get(SIGNALS)["Content-Disposition"]
    assert xlsx_read(content(enter("clerk"), SIGNALS, format="xlsx"))
    assert enter("clerk").get(SIGNALS, {"format": "pdf"}).status_code in (400, 422)


def test_no_denunciation_changes_the_file(enter: Enter) -> None:
    signal_make()
    client = enter("chair")
    before = content(client, SIGNALS, format="csv")
    accused = {"name": "Ông Thử", "unit": "00025"}
    secret = petition(77, kind="denunciation", respondent=accused)
    hidden = signal_make(number=1)
    Signal.objects.filter(pk=hidden.pk).update(case=secret, field=None)
    assert content(client, SIGNALS, format="csv") == before


def test_projects_with_their_stages(enter: Enter) -> None:
    row = project_make(decision_number="12/QĐ-UBND", decision_on=NOW.date())
    stage_done(row, "announce", 30)
    project_make(name="Dự án chợ Hoa Ban")
    client = enter("propaganda")
    assert len(lines(client, PROJECTS)) == 2
    (one,) = lines(client, PROJECTS, q="vanh dai", unit=WARD)
    assert one[:2] == [row.name, "Phường Ba Đình"]
    assert one[5] == "12/QĐ-UBND"
    assert one[8:10] == ["17/10/2026", ""]
    assert lines(enter("other_chair"), PROJECTS) == []


def test_the_board_without_names(enter: Enter) -> None:
    owner = person_make("handler")
    row = signal_make()
    Signal.objects.filter(pk=row.pk).update(state="watched", owner=owner, next_look_on=NOW.date())
    owner.memberships.all().delete()
    client = enter("propaganda")
    found = [line for line in lines(client, BOARD, kind="owner") if line[0] == WARD]
    assert len(found) == 1
    assert owner.full_name not in ",".join(found[0])
    assert owner.full_name in client.get("/can-bo/lien-tuc/", {"kind": "owner"}).content.decode()
    vacant = lines(client, BOARD, kind="vacant")
    assert vacant
    assert all(line[3] for line in vacant)
    assert {line[0] for line in lines(enter("chair"), BOARD)} == {WARD}
    assert enter("clerk").get(BOARD).status_code == 403
