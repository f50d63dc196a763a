"""How letters spread in life: kinds, fields, units, moments and how far each one got."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hanoi_portal.demo.places import Place
from hanoi_portal.demo.projects import PROJECTS, Project

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS_BACK = 364
# The last weeks weigh more, so that the desks have work in every state.
RECENT_DAYS = 50
RECENT_RISE = 2.8
KINDS = {"complaint": 20, "denunciation": 12, "recommendation": 43, "feedback": 25}
# Land dominates; feedback is about the street; denunciations are about conduct.
FIELDS: dict[str, dict[str, float]] = {
    "complaint": {
        "land_compensation": 30, "land_title": 17, "land_planning": 9, "construction_order": 11,
        "housing": 6, "public_service": 6, "social_protection": 5, "merit": 4, "environment": 3,
        "infrastructure": 3, "education_health": 2, "judicial": 2, "corruption": 1, "party": 1,
        "other": 2,
    },
    "denunciation": {
        "land_compensation": 16, "land_title": 14, "construction_order": 15, "public_service": 16,
        "corruption": 16, "land_planning": 5, "housing": 5, "environment": 4,
        "social_protection": 3, "merit": 2, "infrastructure": 2, "education_health": 3,
        "judicial": 2, "party": 3, "other": 2,
    },
    "recommendation": {
        "land_compensation": 15, "land_planning": 11, "land_title": 12, "infrastructure": 17,
        "environment": 10, "housing": 8, "construction_order": 4, "education_health": 6,
        "public_service": 6, "social_protection": 4, "merit": 3, "corruption": 1, "judicial": 1,
        "party": 2, "other": 3,
    },
    "feedback": {
        "infrastructure": 25, "environment": 23, "construction_order": 15, "public_service": 10,
        "other": 9, "land_title": 4, "land_compensation": 4, "land_planning": 2, "housing": 4,
        "education_health": 3, "social_protection": 2, "merit": 1, "corruption": 1, "judicial": 0.5,
        "party": 0.5,
    },
}  # fmt: skip
# The ward of the accounts that the README and ``up`` name.
FIRST_SHOWN = "00004"
# One letter in five is about a hot project; most of those are told by many neighbours.
PROJECT_SHARE = 0.17
NEIGHBOUR_SHARE = 0.45
REPEAT_SHARE = 0.03
WEEKDAY_WEIGHTS = (11, 10, 10, 9, 9, 3, 2)
HOURS = {6: 1, 7: 5, 8: 14, 9: 15, 10: 12, 11: 6, 12: 3, 13: 7, 14: 12, 15: 11, 16: 8, 17: 3,
         18: 2, 19: 4, 20: 5, 21: 4, 22: 2}  # fmt: skip
# How a case goes on. The pace says when its next steps happen against the law's limits.
PACES = {"prompt": 66, "slow": 16, "late": 18}
ENDINGS = {"resolved": 78, "declined": 6, "guided": 7, "withdrawn": 4, "filed_away": 5}
LATE_UNITS_SHARE = 0.12


@dataclass(frozen=True)
class Draw:
    """One case before its words: what, where, when, and how it will go."""

    index: int
    kind: str
    field: str
    place: Place
    project: Project | None
    sent_at: dt.datetime
    pace: str
    ending: str
    story: str


class Spread:
    """Draws cases over places. Case ``index`` depends on the seed and its number alone."""

    def __init__(
        self,
        places: Sequence[Place],
        *,
        seed: int,
        now: dt.datetime,
        earliest: dt.date = dt.date.min,
    ) -> None:
        """``earliest``: no letter before this local date (the working calendar begins there)."""
        self.places = sorted(places, key=lambda place: place.code)
        self.by_code = {place.code: place for place in self.places}
        self.weights = [_weight(place) for place in self.places]
        self.seed, self.now, self.earliest = seed, now, earliest
        self.days = self._days()
        self.projects = [
            project for project in PROJECTS if any(code in self.by_code for code in project.codes)
        ]
        late = random.Random(f"{seed}:late-units")
        self.late_codes = {place.code for place in self.places if late.random() < LATE_UNITS_SHARE}

    def rng(self, index: int, purpose: str) -> random.Random:
        """A generator of its own for one purpose of one case."""
        return random.Random(f"{self.seed}:{index}:{purpose}")

    def draw(self, index: int) -> Draw:
        """Case number ``index`` (from 0), the same for the same seed and ``now``."""
        rng = self.rng(index, "spread")
        project = self._project(rng)
        kind = _weighted(rng, KINDS)
        if project:
            place = self.by_code[rng.choice([c for c in project.codes if c in self.by_code])]
            field = rng.choice(project.fields)
        else:
            place = rng.choices(self.places, weights=self.weights)[0]
            field = _weighted(rng, FIELDS[kind])
        return Draw(
            index=index,
            kind=kind,
            field=field,
            place=place,
            project=project,
            sent_at=self.moment(rng),
            pace=self._pace(rng, place),
            ending=_weighted(rng, ENDINGS),
            story=self._story(rng, project),
        )

    def moment(self, rng: random.Random) -> dt.datetime:
        """A moment in the past twelve months: more on working days, in the daytime, lately."""
        day = rng.choices(self.days[0], weights=self.days[1])[0]
        hour = _weighted(rng, {str(hour): weight for hour, weight in HOURS.items()})
        clock = dt.time(int(hour), rng.randrange(60), rng.randrange(60))
        moment = dt.datetime.combine(day, clock, tzinfo=HANOI).astimezone(dt.UTC)
        latest = self.now - dt.timedelta(minutes=rng.randint(5, 600))
        return min(moment, latest)

    def _days(self) -> tuple[list[dt.date], list[float]]:
        today = self.now.astimezone(HANOI).date()
        days = [today - dt.timedelta(days=back) for back in range(DAYS_BACK, -1, -1)]
        days = [day for day in days if day >= self.earliest]
        recent = today - dt.timedelta(days=RECENT_DAYS)
        return days, [
            WEEKDAY_WEIGHTS[day.weekday()] * (RECENT_RISE if day > recent else 1.0) for day in days
        ]

    def _project(self, rng: random.Random) -> Project | None:
        if not self.projects or rng.random() > PROJECT_SHARE:
            return None
        return rng.choices(self.projects, weights=[project.heat for project in self.projects])[0]

    def _pace(self, rng: random.Random, place: Place) -> str:
        if place.code in self.late_codes and rng.random() < 0.5:
            return "late"
        return _weighted(rng, PACES)

    def _story(self, rng: random.Random, project: Project | None) -> str:
        """``own`` words, a ``neighbour`` of an earlier letter, or a ``repeat`` of one."""
        if project and rng.random() < NEIGHBOUR_SHARE:
            return "neighbour"
        return "repeat" if rng.random() < REPEAT_SHARE else "own"


def _weight(place: Place) -> int:
    """People write; the ward that a visitor signs in to first always has work on its desks."""
    return max(place.population, 5000) * (10 if place.code == FIRST_SHOWN else 1)


def _weighted(rng: random.Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]
