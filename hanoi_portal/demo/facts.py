"""Concrete details of one letter: plots, dates, sums, streets. Drawn once, then kept."""

import datetime as dt
import random
from collections.abc import Callable

from hanoi_portal.demo.people import Person, neighbourhood_name, officer_name
from hanoi_portal.demo.phrasebook import choose, frame, officers
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.projects import Project

# Today's wards and communes exist since 1 July 2025: no letter tells of an earlier act of theirs.
FIRST_DAY = dt.date(2025, 7, 5)
# How many days before the letter each kind of date lies.
DAYS_BACK = {
    "ngay1": (120, 300),
    "ngay2": (50, 110),
    "ngay3": (8, 45),
    "ngay4": (1, 6),
    "ngay_qd": (5, 75),
    "ngay_truoc": (25, 60),
    "ngay_toi": (-14, -6),
}
NEAR_DATES = ("ngay3", "ngay4", "ngay_toi")
COUNTS = {
    "so": (11, 45),
    "so_it": (2, 9),
    "so_ho": (24, 310),
    "lan": (3, 6),
    "nhan_khau": (4, 8),
    "nhan_khau_it": (2, 3),
    "si_so": (47, 58),
    "thua": (3, 612),
    "to": (2, 48),
    "nam": (1986, 2014),
    "nam_cu": (1968, 1989),
    "nam_qh": (1998, 2010),
    "nam_gan": (2018, 2024),
    "nam_linh": (1967, 1984),
    "so_vb": (3, 96),
    "dang_vien": (180, 2400),
}
# What differs between two neighbours who write about one thing.
PERSONAL = frozenset(
    [
        "thua",
        "to",
        "dt",
        "dt_nho",
        "tien",
        "tien_nho",
        "nhan_khau",
        "nhan_khau_it",
        "nam",
        "nam_cu",
        "so",
        "ho_ten",
        "dia_chi",
        "nam_sinh",
        "nghe",
        "ho_so",
        "lan",
        "to_dp",
        "ngay3",
    ]
)


class Facts(dict[str, str]):
    """Slots of one letter. A slot is drawn when first asked for and stays the same after."""

    def __init__(
        self, rng: random.Random, *, on: dt.date, place: Place, project: Project | None = None
    ) -> None:
        super().__init__()
        self.rng, self.on, self.project = rng, on, project
        self.place = place
        self["dv"] = place.label
        self["UBND"] = f"UBND {place.label}"
        if project:
            self["du_an"], self["chu_dau_tu"] = project.name, project.owner

    def __missing__(self, slot: str) -> str:
        self[slot] = value = self._draw(slot)
        return value

    def describe(self, writer: Person) -> None:
        """Fill what the letter says about the person who writes it."""
        self["ho_ten"], self["nam_sinh"] = writer.full_name, str(writer.born)
        self["dia_chi"], self["to_dp"] = writer.address, writer.neighbourhood

    def for_neighbour(self, rng: random.Random, *, on: dt.date, writer: Person) -> "Facts":
        """The same matter told by somebody else: the personal details are drawn again."""
        facts = Facts(rng, on=on, place=self.place, project=self.project)
        facts.update({slot: text for slot, text in self.items() if slot not in PERSONAL})
        facts.describe(writer)
        return facts

    def later(self, on: dt.date) -> "Facts":
        """The same matter on a later date: near dates are drawn anew, all else stays."""
        facts = Facts(self.rng, on=on, place=self.place, project=self.project)
        facts.update({slot: text for slot, text in self.items() if slot not in NEAR_DATES})
        return facts

    def _draw(self, slot: str) -> str:
        """Raises ``KeyError`` for a slot that no book and no table knows."""
        if slot in DAYS_BACK:
            return self._date(slot)
        if slot in COUNTS:
            return str(self.rng.randint(*COUNTS[slot]))
        if slot in WRITERS:
            return WRITERS[slot](self.rng)
        for book in (frame(), officers()):
            if slot in book["slots"]:
                return choose(self.rng, book["slots"][slot]).format_map(self)
        if slot == "du_an":
            return self["cong_trinh"]
        if slot == "to_dp":
            return neighbourhood_name(self.rng, self.place)
        raise KeyError(slot)

    def _date(self, slot: str) -> str:
        nearest, farthest = DAYS_BACK[slot]
        day = self.on - dt.timedelta(days=self.rng.randint(nearest, farthest))
        return f"{max(day, FIRST_DAY):%d/%m/%Y}"


def money(amount: int) -> str:
    """Đồng with dots between thousands: 1245000 gives "1.245.000 đồng"."""
    return f"{dots(amount)} đồng"


def dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def area(rng: random.Random, low: int, high: int) -> str:
    """Square metres with one decimal after a comma."""
    return f"{rng.randint(low, high)},{rng.randint(1, 9)} m²"


def official(rng: random.Random) -> str:
    name, title = officer_name(rng)
    return f"{title} {name}"


def file_number(rng: random.Random) -> str:
    return f"H26.{rng.randint(10, 99)}-{rng.randint(250700, 261099)}-{rng.randint(1, 9999):04d}"


WRITERS: dict[str, Callable[[random.Random], str]] = {
    "dt": lambda rng: area(rng, 48, 420),
    "dt_nho": lambda rng: area(rng, 3, 32),
    "tien": lambda rng: money(rng.randint(180, 4800) * 1_000_000 + rng.randint(0, 999) * 1000),
    "tien_nho": lambda rng: money(rng.randint(12, 180) * 100_000),
    "don_gia": lambda rng: dots(rng.randint(252, 29_800) * 1000),
    "qd": lambda rng: f"{rng.randint(45, 4980)}/QĐ-UBND",
    "tb": lambda rng: f"{rng.randint(12, 890)}/TB-UBND",
    "ty_le": lambda rng: f"{rng.randint(61, 97)}%",
    "phan_tram": lambda rng: f"{rng.randint(8, 38)}%",
    "ngo": lambda rng: f"ngõ {rng.randint(2, 380)}",
    "ho_so": file_number,
    "can_bo": official,
}
