"""Indices by year, and the satisfaction figures beside them."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from common.errors import InvalidInput, NotPermitted, Stale
from common.time import local_moment
from communes.models import Unit
from mobilisation.charts import Reading, line_chart
from mobilisation.models import IndexEvent, IndexYear
from mobilisation.satisfaction import score_months, score_units, score_years
from mobilisation.services import IndexFacts, index_record
from petitions.models import Letter, Rating
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 20)
STAFF, PUBLIC = "/can-bo/dan-van/chi-so/", "/dan-van-kheo/chi-so/"
Tell = Callable[..., Story]


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(local_moment(ON, 9), tick=False):
        yield


def record(**changes: Any) -> IndexYear:
    facts = {"value": Decimal("93.1"), "source": "Bộ Nội vụ"} | changes.pop("facts", {})
    values: dict[str, Any] = {
        "access": access_make(changes.pop("who", "propaganda")),
        "kind": "par",
        "year": 2025,
        "unit": "CITY",
        "version": 0,
        "facts": IndexFacts(**facts),
    }
    return index_record(**(values | changes))


# Entering


def test_the_shipped_figures_are_those_that_were_published() -> None:
    rows = IndexYear.objects.filter(unit__code="CITY")
    found = {(r.kind, r.year): (r.value, r.rank, r.ranked_of) for r in rows}
    assert found == {
        ("par", 2023): (Decimal("91.43"), 3, 63),
        ("par", 2024): (Decimal("92.57"), 3, 63),
        ("sipas", 2024): (Decimal("86.5"), 11, None),
        ("dti", 2023): (None, 6, None),
        ("dti", 2024): (Decimal("0.8241"), 1, 34),
        ("papi", 2024): (Decimal("43.7"), 29, None),
    }
    assert rows.get(kind="sipas").country_value == Decimal("83.94")


def test_loading_again_leaves_what_a_person_corrected() -> None:
    row = IndexYear.objects.get(kind="par", year=2024)
    record(year=2024, version=1, facts={"value": Decimal("92.58")})
    call_command("load_reference", verbosity=0)
    row.refresh_from_db()
    assert (row.value, row.version) == (Decimal("92.58"), 2)
    event = IndexEvent.objects.filter(index=row).latest("sequence")
    assert event.data["fields"]["value"] == ["92.57", "92.58"]


def test_only_who_assigns_for_the_city_enters() -> None:
    for who in ("secretary", "board_head", "admin", "city_chair"):
        with pytest.raises(NotPermitted):
            record(who=who)


def test_a_year_is_entered_once_and_corrected_on_its_version() -> None:
    row = record()
    assert (row.version, row.scale) == (1, Decimal(100))
    with pytest.raises(Stale) as error:
        record(facts={"value": Decimal(94)})
    assert error.value.extra["version"] == 1
    assert record(version=1).version == 1  # nothing to change
    assert record(version=1, facts={"target": Decimal(95)}).version == 2


def test_a_year_may_have_a_target_before_it_has_a_value() -> None:
    row = record(year=2027, facts={"value": None, "source": "", "target": Decimal(95)})
    assert row.value is None
    with pytest.raises(InvalidInput) as error:
        record(year=2028, facts={"value": None})
    assert "value" in error.value.fields


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"value": Decimal("100.1")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"target": Decimal(-1)}, "target"),
        ({"source": " "}, "source"),
        ({"rank": 0}, "rank"),
        ({"rank": 12, "ranked_of": 10}, "ranked_of"),
        ({"ranked_of": 10}, "ranked_of"),
        ({"published_on": dt.date(2027, 1, 1)}, "published_on"),
    ],
)
def test_what_cannot_be_is_named(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        record(facts=facts)
    assert list(error.value.fields) == [field]
    assert not IndexYear.objects.filter(year=2025).exists()


def test_nor_does_the_database_take_it() -> None:
    for wrong in ({"value": 101}, {"rank": 70}, {"value": None, "rank": None}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndexYear.objects.filter(kind="par", year=2024).update(**wrong)
    for key in ({"kind": "abc"}, {"year": 1900}, {"unit": "nowhere"}):
        with pytest.raises(InvalidInput):
            record(**key)


# The chart


def test_a_chart_keeps_order_and_breaks_where_nothing_is_known() -> None:
    readings = [
        Reading("2022", Decimal(90), Decimal(92)),
        Reading("2023", Decimal(95)),
        Reading("2024"),
        Reading("2025", Decimal(91)),
    ]
    chart = line_chart(readings, Decimal(100))
    assert chart is not None
    heights = [Decimal(dot.y) for dot in chart.dots]
    assert heights[1] < heights[2] < heights[0]
    assert [len(line.split()) for line in chart.lines] == [2]
    assert len(chart.target_dots) == 1
    assert chart.target_lines == []
    near = line_chart([Reading("2025", Decimal("93.1"), Decimal("93.5"))], Decimal(100))
    assert near is not None
    assert Decimal(near.dots[0].label_y) > Decimal(near.dots[0].y)
    assert [tick.label for tick in chart.columns] == ["2022", "2023", "2024", "2025"]
    assert line_chart([Reading("2024")], Decimal(100)) is None
    one = line_chart([Reading("2024", Decimal(1))], Decimal(1))
    assert one is not None
    assert one.rows[-1].raw == 1


# Satisfaction


def rate(story: Tell, *scores: int, at: dt.date = ON, **changes: Any) -> Letter:
    """A petition that was rated, one day after the other."""
    letter = Letter.objects.get(code=story(**changes).filed.code)
    for number, score in enumerate(scores):
        moment = local_moment(at + dt.timedelta(days=number), 8)
        Rating.objects.create(letter=letter, score=score, at=moment)
    return letter


def ids(code: str = WARD) -> list[int]:
    return [Unit.objects.get(code=code).pk]


def test_the_last_rating_of_a_petition_counts_by_month_and_year(story: Tell) -> None:
    for _number in range(5):
        rate(story, 1, 5, at=dt.date(2026, 10, 5))
    rate(story, 4, at=dt.date(2026, 10, 31))
    october = score_months(ids(), 2026, ON)[10]
    assert (october.count, october.mean, october.content) == (6, Decimal("4.83"), Decimal("100.0"))
    year = score_years(ids(), [2026, 2025])[2026]
    assert (year.count, year.mean) == (6, Decimal("4.83"))
    assert set(score_months(ids(), 2026, ON)) == set(range(1, 12))


def test_small_numbers_stay_hidden_and_none_can_be_computed(story: Tell) -> None:
    for _number in range(4):
        rate(story, 5, at=dt.date(2026, 10, 5))
    assert score_years(ids(), [2026])[2026].is_hidden
    months = score_months(ids(), 2026, ON)
    assert months[10].is_hidden
    assert months[10].mean is None
    for _number in range(9):
        rate(story, 2, at=dt.date(2026, 9, 7))
    months = score_months(ids(), 2026, ON)
    assert (months[9].is_hidden, months[10].is_hidden) == (True, True)
    assert not months[8].is_hidden


def test_denunciations_are_in_no_figure(story: Tell) -> None:
    for _number in range(5):
        rate(story, 4)
    before = (score_years(None, [2026]), score_months(None, 2026, ON))
    letter = rate(
        story, 1, kind="denunciation",
        respondent={"name": "Ông Thử", "unit": OTHER_WARD, "position": "officer"},
    )  # fmt: skip
    assert letter.kind == "denunciation"
    assert (score_years(None, [2026]), score_months(None, 2026, ON)) == before


def test_units_stand_side_by_side(story: Tell) -> None:
    units = list(Unit.objects.filter(code__in=(WARD, OTHER_WARD)).order_by("code"))
    for _number in range(6):
        rate(story, 5)
        rate(story, 3, unit=OTHER_WARD, kind="feedback")
    found = score_units(units, 2026)
    assert [found[unit.pk].mean for unit in units] == [Decimal(5), Decimal(3)]


# Pages and API


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_draws_values_and_targets_with_a_table(client: StrictClient) -> None:
    record(facts={"target": Decimal(94), "rank": 2, "ranked_of": 34})
    client.force_login(person_make("clerk"))
    shown = text(client, STAFF)
    assert shown.count("<svg viewBox=") >= 3
    assert "92,57%" in shown
    assert "2/34" in shown
    assert "chưa đạt" in shown
    assert "0,8241" in shown
    assert "Nhập chỉ số" not in shown


def test_figures_of_a_unit_are_for_its_heads_and_the_city(client: StrictClient) -> None:
    for who, sees in (("chair", True), ("propaganda", True), ("clerk", False)):
        client.force_login(person_make(who))
        shown = text(client, STAFF, unit=WARD)
        assert ("chỉ hiển thị với lãnh đạo đơn vị" not in shown) is sees
    client.force_login(person_make("chair"))
    assert Unit.objects.get(code=OTHER_WARD).full_name not in text(client, STAFF, unit=OTHER_WARD)


def test_entering_on_the_page_keeps_what_was_typed(client: StrictClient) -> None:
    client.force_login(person_make("propaganda"))
    assert (
        client.post(f"{STAFF}nhap/", {"kind": "par", "year": "1900", "unit": "CITY"}).status_code
        == 422
    )
    chosen = client.post(f"{STAFF}nhap/", {"kind": "par", "year": "2025", "unit": "CITY"})
    url = chosen.headers["Location"]
    wrong = client.post(url, {"version": "0", "value": "101", "source": "Bộ Nội vụ"})
    assert wrong.status_code == 422
    assert "Bộ Nội vụ" in wrong.content.decode()
    right = {"version": "0", "value": "93,1", "source": "Bộ Nội vụ", "is_public": "on"}
    assert client.post(url, right).status_code == 302
    assert IndexYear.objects.get(year=2025).value == Decimal("93.1")
    stale = client.post(url, right)
    assert stale.status_code == 422
    assert "đã được người khác thay đổi" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()


def test_the_file_holds_what_the_page_shows(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    lines = client.get(f"{STAFF}tai-ve/").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert any(",DTI,2024,0.8241,1,1,34," in line for line in lines)


def test_anybody_sees_what_is_public(client: StrictClient, story: Tell) -> None:
    record(year=2025, facts={"value": Decimal("77.77")})
    shown = text(client, PUBLIC)
    assert "92,57%" in shown
    assert "77,77" not in shown
    assert "Chưa có lượt đánh giá" in shown
    for _number in range(5):
        rate(story, 5)
    assert "5,00" in text(client, PUBLIC)


def test_the_api_reads_what_is_public_and_takes_a_correction(
    client: StrictClient, by_token: Any
) -> None:
    rows = client.get("/api/v1/indices/", {"kind": "dti"}).json()["results"]
    assert [(row["year"], row["value"], row["rank"]) for row in rows] == [
        (2023, None, 6),
        (2024, 0.8241, 1),
    ]
    assert client.get("/api/v1/indices/", {"kind": "x", "y": "1"}).json()["fields"].keys() == {
        "kind",
        "y",
    }
    body = {"kind": "dti", "year": 2024, "unit": "CITY", "version": 1, "value": "0.83"}
    body |= {"rank": 1, "ranked_of": 34, "source": "Bộ Khoa học và Công nghệ"}
    assert client.post("/api/v1/indices/", body, "application/json").status_code == 401
    api = by_token("propaganda")
    done = api.post("/api/v1/indices/", body, "application/json")
    assert (done.status_code, done.json()["version"]) == (200, 2)
    assert api.post("/api/v1/indices/", body, "application/json").json()["code"] == "stale"
    assert by_token("clerk").post("/api/v1/indices/", body, "application/json").status_code == 403
