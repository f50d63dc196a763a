"""Loading the units: idempotent, never deleting."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.reference import LoadReport, csv_rows
from common.text import fold
from common.time import today
from communes.enums import COMMUNE_LEVEL
from communes.models import Unit
from communes.services import DATA, units_load

pytestmark = pytest.mark.django_db


def units_without(code: str) -> list[dict[str, str]]:
    return [row for row in csv_rows(DATA / "units.csv") if row["code"] != code]


def test_the_tree_is_whole() -> None:
    city = Unit.objects.get(code="CITY")
    assert city.parent is None
    assert Unit.objects.filter(parent=city, kind="ward").count() == 51
    assert Unit.objects.filter(parent=city, kind="commune").count() == 75
    assert Unit.objects.filter(parent=city).exclude(kind__in=COMMUNE_LEVEL).count() == 21
    assert Unit.objects.get(code="SXD").kind == "department"
    assert Unit.objects.get(code="TU").kind == "city_body"


def test_every_unit_has_a_basis_a_slug_and_folded_words() -> None:
    for unit in Unit.objects.all():
        assert unit.basis
        assert unit.slug
        assert unit.search_text == fold(unit.search_text)
    assert "lang ha" in Unit.objects.get(code="00025").search_text


def test_neighbours_are_units_and_see_each_other() -> None:
    near = {unit.code: set(unit.neighbours) for unit in Unit.objects.commune_level()}
    for code, others in near.items():
        assert others
        assert all(code in near[other] for other in others)


def test_a_second_load_changes_nothing_and_reads_only() -> None:
    report = LoadReport()
    with CaptureQueriesContext(connection) as queries:
        units_load(report)
    assert not report.has_changes
    assert report.unchanged["units"] == 148
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_changed_row_is_reported_with_its_fields() -> None:
    Unit.objects.filter(code="00004").update(population=1)
    report = LoadReport()
    units_load(report)
    assert report.changed == {"units": ["00004 (population)"]}
    assert Unit.objects.get(code="00004").population == 65023


def test_a_unit_that_the_file_drops_is_ended_not_deleted() -> None:
    report = LoadReport()
    units_load(report, units=units_without("10489"))
    unit = Unit.objects.get(code="10489")
    assert unit.valid_to == today() - dt.timedelta(days=1)
    assert report.ended == {"units": ["10489"]}
    again = LoadReport()
    units_load(again)
    assert again.changed == {"units": ["10489 (valid_to)"]}
    assert Unit.objects.get(code="10489").valid_to is None


def test_a_dropped_unit_with_petitions_is_kept_with_a_warning(story: Callable[..., Any]) -> None:
    story()
    report = LoadReport()
    units_load(report, units=units_without("00004"))
    assert Unit.objects.get(code="00004").valid_to is None
    assert len(report.warnings) == 1
    assert "00004" in report.warnings[0]
    assert not report.ended.get("units")


def test_the_command_says_when_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    out = capsys.readouterr().out
    assert "nothing changed" in out
    assert "units: 148 unchanged" in out


def test_the_command_needs_few_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command("load_reference", verbosity=0)
    assert len(queries) <= 60
