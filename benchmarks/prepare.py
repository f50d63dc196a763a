"""The database of the measurement: reference data, one ward's officers, filed cases."""

import datetime as dt
import random
import time
from dataclasses import dataclass, field

import psycopg
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from accounts.services import api_token_create, membership_add
from benchmarks.scenes import BODY
from common.time import now
from communes.models import Unit
from hanoi_portal import embedded
from petitions.models import Case
from petitions.services.intake import Filing, petition_file


@dataclass
class People:
    token: str
    cookie: str
    codes: list[str]
    seconds: float
    fresh: list[str] = field(default_factory=list)

    def take(self, number: int) -> list[str]:
        """Codes of petitions that nobody has received yet; each is given out once."""
        taken, self.fresh = self.fresh[:number], self.fresh[number:]
        return taken


def site_make(cases: int) -> People:
    """File ``cases`` petitions over a year, all to one ward, in a migrated and loaded site."""
    clerk = User.objects.create_user("bench.clerk", full_name="Cán bộ đo lường", is_demo=True)
    unit = Unit.objects.get(code="00004")
    membership_add(user=clerk, unit=unit, role=Role.CLERK, valid_from=dt.date(2025, 7, 1))
    start = time.perf_counter()
    _file(cases)
    seconds = time.perf_counter() - start
    analyze()
    codes = list(Case.objects.order_by("-id").values_list("code", flat=True)[:3000])
    return People(api_token_create(user=clerk), cookie_of(clerk), codes[:500], seconds, codes[500:])


def _file(cases: int) -> None:
    dice, moment = random.Random(1), now()
    filing = Filing(**{**BODY, "attachments": ()})  # type: ignore[arg-type]
    for chunk in range(0, cases, 500):
        with transaction.atomic():
            for _ in range(min(500, cases - chunk)):
                back = dt.timedelta(minutes=dice.randrange(60 * 24 * 300))
                petition_file(filing=filing, at=moment - back, quiet=True)


def analyze() -> None:
    """Statistics as a database in use has them; only the owner of the tables may gather them."""
    with psycopg.connect(embedded.database_url(embedded.OWNER), autocommit=True) as connection:
        connection.execute("ANALYZE")


def cookie_of(user: User) -> str:
    """A session as signing in gives it, with a sign-in of its own (``accounts.sign_in_signals``)."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"
