"""Invented people and how cases spread over units, fields and days."""

import datetime as dt
import random
import re
from collections import Counter

import pytest

from hanoi_portal.demo import people
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.projects import PROJECTS
from hanoi_portal.demo.spread import HANOI, Draw, Spread

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)
PLACES = [
    Place("00004", "Phường Ba Đình", 65023),
    Place("00331", "Phường Hoàng Mai", 98502),
    Place("09556", "Phường Hà Đông", 185205),
    Place("09661", "Xã Minh Châu", 6646),
    Place("09856", "Xã Dương Hòa", 58830),
]


@pytest.fixture(scope="module")
def draws() -> list[Draw]:
    spread = Spread(PLACES, seed=1, now=NOW)
    return [spread.draw(index) for index in range(2000)]


def test_people_have_the_right_form_and_cannot_be_reached() -> None:
    rng = random.Random(1)
    for _ in range(500):
        person = people.person(rng, rng.choice(PLACES))
        assert re.fullmatch(r"001[0-3]\d{2}99\d{4}", person.identity_number)
        assert not person.phone or re.fullmatch(r"0\d{2}000\d{4}", person.phone)
        domain = person.email.partition("@")[2]
        assert domain in ("", *people.MAIL_DOMAINS)
        assert person.email.isascii()
        assert len(person.full_name.split()) >= 3
        assert person.address.endswith("thành phố Hà Nội")


def test_same_seed_same_person() -> None:
    one, other = (people.person(random.Random(4), PLACES[0]) for _ in range(2))
    assert one == other


def test_kinds_and_fields_spread_as_in_life(draws: list[Draw]) -> None:
    kinds = Counter(draw.kind for draw in draws)
    assert 0.16 < kinds["complaint"] / 2000 < 0.24
    assert 0.09 < kinds["denunciation"] / 2000 < 0.15
    assert 0.38 < kinds["recommendation"] / 2000 < 0.48
    land = sum(draw.field.startswith("land_") for draw in draws)
    assert 0.3 < land / 2000 < 0.6


def test_hot_projects_draw_letters_told_by_neighbours(draws: list[Draw]) -> None:
    hot = [draw for draw in draws if draw.project]
    assert 0.1 < len(hot) / 2000 < 0.25
    assert {draw.place.code for draw in hot} <= {
        code for project in PROJECTS for code in project.codes
    }
    assert any(draw.story == "neighbour" for draw in hot)
    assert all(draw.project for draw in draws if draw.story == "neighbour")


def test_people_weigh(draws: list[Draw]) -> None:
    codes = Counter(draw.place.code for draw in draws if not draw.project)
    assert codes["09556"] > codes["00331"] > codes["09661"] > 0


def test_letters_come_within_a_year_mostly_on_working_days(draws: list[Draw]) -> None:
    moments = [draw.sent_at.astimezone(HANOI) for draw in draws]
    assert max(moments) < NOW
    assert min(moments) > NOW - dt.timedelta(days=366)
    assert sum(moment.weekday() < 5 for moment in moments) / 2000 > 0.85
    assert sum(7 <= moment.hour <= 17 for moment in moments) / 2000 > 0.75


def test_a_case_depends_on_seed_and_number_alone(draws: list[Draw]) -> None:
    again = Spread(list(reversed(PLACES)), seed=1, now=NOW)
    assert again.draw(137) == draws[137]
    assert Spread(PLACES, seed=2, now=NOW).draw(137) != draws[137]


def test_projects_touch_units_once_each() -> None:
    assert len({project.slug for project in PROJECTS}) == len(PROJECTS)
