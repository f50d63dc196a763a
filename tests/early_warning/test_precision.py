"""How good the shipped rules are on seeded data with known answers; prints precision and recall.

A year of invented arrivals in 126 places: quiet ones, busy ones, ones with a season, and matters
that were planted. The answers were planted before any rule looked, with sizes drawn around the
thresholds, so that a rule can miss and can be wrong. Bounds lie close below the worst of the three
seeds; the results stand in docs/early_warning.md.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable

import pytest

from common.reference import csv_rows
from early_warning.rules import (
    CaseMatter,
    Matter,
    Measure,
    PlaceMatter,
    Rule,
    Span,
    StageMatter,
    matches,
    matter_key,
)
from early_warning.selectors_facts import matters_for
from early_warning.services.rules import DATA
from tests.early_warning.hot import MONDAY, cluster, crowd, petition
from tests.measured import MEASURED
from tests.people import OTHER_WARD

ON = dt.date(2026, 11, 30)
SEED, PLACES, DAYS = 1699, 126, 240
FIELDS = ("land_compensation", "environment", "infrastructure")
LOWEST = {
    Measure.PEOPLE: (0.92, 0.92),
    Measure.LETTERS: (0.95, 0.87),
    Measure.OPEN_PETITIONS: (0.98, 0.84),
    Measure.SENT_UP: (0.65, 0.74),
    Measure.ESCALATED_OVERDUE: (0.95, 0.95),
    Measure.DAYS_OVERDUE: (0.95, 0.92),
    Measure.PROLONGED: (0.95, 0.98),
    Measure.TRAITS: (0.94, 0.96),
    Measure.RISE: (0.93, 0.98),
    Measure.AFTER_STAGE: (0.77, 0.98),
}
Truth = dict[Measure, set[str]]


def shipped() -> list[Rule]:
    return [
        Rule(
            code=raw["code"],
            measure=Measure(raw["measure"]),
            least=int(raw["least"]),
            step=int(raw["step"]),
            window=int(raw["window_days"]),
            factor=int(raw["factor"]),
        )
        for raw in csv_rows(DATA)
    ]


def day(before: int) -> dt.date:
    return ON - dt.timedelta(days=before)


class World:
    """Matters with what is true of them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.matters: list[Matter] = []
        self.truth: Truth = {measure: set() for measure in Measure}

    def _true(self, measure: Measure, matter: Matter) -> None:
        self.truth[measure].add(matter_key(matter))

    def _background(self, a_month: float) -> list[Span]:
        """Petitions of the last months, most of them closed after some weeks."""
        rng, spans = self.rng, []
        for before in range(DAYS):
            if rng.random() < a_month / 30:
                closed = before - rng.randint(5, 60)
                spans.append(Span(day(before), day(closed) if closed >= 0 else None))
        return spans

    def place(self, unit: int, field: str) -> None:
        rng = self.rng
        usual = rng.choice((0.2, 0.5, 1, 2, 4))
        spans, sent_up = self._background(usual), []
        kind = rng.random()
        burst = [Span(day(rng.randint(0, 24))) for _n in range(rng.randint(10, 30))]
        if kind < 0.06:  # a hot matter: many people within weeks, nobody has answered yet
            spans += burst
        elif kind < 0.10:  # as many, but settled at once: no cluster
            spans += [Span(one.came_on, one.came_on + dt.timedelta(days=2)) for one in burst]
        elif kind < 0.14:  # a quarrel about the unit's own decisions, taken to the City
            sent_up = [day(rng.randint(0, 80)) for _n in range(rng.randint(2, 9))]
        elif kind < 0.20:  # single ones go to the City anywhere
            sent_up = [day(rng.randint(0, 80)) for _n in range(rng.choice((1, 1, 1, 2, 2, 3)))]
        matter = PlaceMatter(unit, field, tuple(spans), tuple(sent_up))
        self.matters.append(matter)
        if kind < 0.06:
            self._true(Measure.OPEN_PETITIONS, matter)
        if kind < 0.10:
            self._true(Measure.RISE, matter)
        if 0.10 <= kind < 0.14:
            self._true(Measure.SENT_UP, matter)

    def case(self, number: int) -> None:
        """People, letters, lateness as officers would have judged them."""
        rng = self.rng
        values = {
            Measure.PEOPLE: rng.choice((1, 1, 1, 2, 4, 6, 8, 11, 25, 60)),
            Measure.LETTERS: rng.choice((1, 1, 1, 2, 3, 5, 9)),
            Measure.DAYS_OVERDUE: rng.choice((0, 0, 0, 5, 20, 50, 65, 120)),
            Measure.PROLONGED: rng.choice((0, 0, 0, 0, 1)),
        }
        late = values[Measure.DAYS_OVERDUE] > 0
        values[Measure.ESCALATED_OVERDUE] = rng.choice((0, 1, 2, 3, 4)) if late else 0
        values[Measure.TRAITS] = rng.choice((0, 0, 1, 1, 2, 3))
        matter = CaseMatter(number, 1, "housing", {m.value: v for m, v in values.items()})
        self.matters.append(matter)
        worth = {Measure.PEOPLE: 10, Measure.LETTERS: 5, Measure.DAYS_OVERDUE: 60,
                 Measure.PROLONGED: 1, Measure.ESCALATED_OVERDUE: 3, Measure.TRAITS: 2}  # fmt: skip
        for measure, least in worth.items():
            # One in thirty is judged otherwise than its number says.
            if (values[measure] >= least) != (rng.random() < 0.03 and values[measure] > 0):
                self._true(measure, matter)

    def stage(self, number: int) -> None:
        rng = self.rng
        done = day(rng.randint(25, 55))
        is_hot = rng.random() < 0.4
        a_month = rng.choice((0.5, 1, 2, 4))
        usual = [done - dt.timedelta(days=n) for n in range(-30, 90) if rng.random() < a_month / 30]
        extra = rng.randint(5, 14) if is_hot else rng.randint(0, 2)
        more = [done + dt.timedelta(days=rng.randint(0, 24)) for _n in range(extra)]
        matter = StageMatter(number, number, 1, done, tuple(usual + more))
        self.matters.append(matter)
        if is_hot:
            self._true(Measure.AFTER_STAGE, matter)


def world_make(seed: int) -> World:
    world = World(seed)
    for unit in range(PLACES):
        for field in FIELDS:
            world.place(unit, field)
    for number in range(600):
        world.case(number)
    for number in range(120):
        world.stage(number)
    return world


def shares(found: set[str], true: set[str]) -> tuple[float, float]:
    hits = len(found & true)
    return hits / len(found) if found else 1.0, hits / len(true) if true else 1.0


def found_by(rules: Iterable[Rule], world: World) -> dict[str, tuple[Measure, set[str]]]:
    found = matches(rules, world.matters, ON)
    return {
        rule.code: (
            rule.measure,
            {matter_key(match.matter) for match in found if match.rule.code == rule.code},
        )
        for rule in rules
    }


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_precision_and_recall_of_the_shipped_rules(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """Each rule's line is printed at the end of every run (``pytest_terminal_summary``)."""
    world = world_make(seed)
    results = {
        code: (measure, *shares(found, world.truth[measure]))
        for code, (measure, found) in found_by(shipped(), world).items()
    }
    for code, (_measure, precision, recall) in results.items():
        line = f"seed {seed} {code:<18} precision {precision:6.1%}  recall {recall:6.1%}"
        record_property(MEASURED, line)
    for code, (measure, precision, recall) in results.items():
        least_precision, least_recall = LOWEST[measure]
        assert precision >= least_precision, (code, precision)
        assert recall >= least_recall, (code, recall)


def test_a_threshold_half_as_high_is_less_precise() -> None:
    """The measurement can fail: looser rules find more and are right less often."""
    world = world_make(SEED)
    rule = next(one for one in shipped() if one.measure is Measure.SENT_UP)
    loose = Rule(rule.code, rule.measure, 1, 1, rule.window)
    true = world.truth[rule.measure]
    strict_share, _recall = shares(found_by([rule], world)[rule.code][1], true)
    loose_share, _recall = shares(found_by([loose], world)[rule.code][1], true)
    assert loose_share < strict_share - 0.1


@pytest.mark.django_db
def test_known_answers_from_petitions_that_were_filed(time_machine: object) -> None:
    """End to end: of four stories filed through the services exactly the hot ones are found."""
    cluster(13)
    cluster(9, first=40, unit=OTHER_WARD, field="environment")
    crowd(15)
    crowd(4, number=950)
    for n in range(3):
        petition(960 + n, before=70 + n)
    found = matches(shipped(), matters_for(shipped(), MONDAY), MONDAY)
    assert sorted({match.rule.code for match in found}) == [
        "DN-CUM-DON", "DN-VU-VIEC", "TG-DOT-BIEN",
    ]  # fmt: skip
    assert sorted(match.measured for match in found if match.rule.code == "TG-DOT-BIEN") == [9, 13]
