"""Live cases that a rule speaks of, filed through the services."""

import datetime as dt
from typing import Any

from common.time import local_moment
from communes.models import Unit
from communes.selectors import unit_cache_clear
from early_warning.models import LandProject, Signal
from early_warning.services import (
    DialogueRecord,
    Looked,
    ProjectRecord,
    StageRecord,
    cases_link,
    dialogue_record,
    project_create,
    signals_look,
    stage_record,
)
from petitions.models import Case
from petitions.services.intake import petition_file
from tests.people import WARD, access_make, filing_make

MONDAY = dt.date(2026, 11, 16)
NOW = local_moment(MONDAY, 9)
PHONE = "0912345678"


def moment(before: int, hour: int = 8) -> dt.datetime:
    """The UTC moment of an hour in Hà Nội some days before the Monday."""
    return local_moment(MONDAY - dt.timedelta(days=before), hour)


def petition(number: int, before: int = 1, **changes: Any) -> Case:
    """A petition of a person of its own, ``before`` days before the Monday."""
    person = {
        "full_name": f"Trần Văn Số {number}",
        "identity_number": f"0010990{number:05d}",
        "address": f"Số {number}, phố Tưởng Tượng",
        "phone": PHONE,
        "representative": True,
    }
    values: dict[str, Any] = {
        "kind": "recommendation",
        "subject": f"Kiến nghị số {number} về bồi thường",
        "petitioners": [person],
        "respondent": None,
    }
    filed = petition_file(filing=filing_make(**(values | changes)), at=moment(before))
    return Case.objects.get(code=filed.code)


def cluster(count: int, *, first: int = 0, **changes: Any) -> list[Case]:
    """Many people on one field of one ward within the last days."""
    return [petition(first + n, before=1 + n % 9, **changes) for n in range(count)]


def crowd(people: int = 12, number: int = 900, **changes: Any) -> Case:
    """One matter behind which many people stand."""
    return petition(number, people=people, **({"field": "environment"} | changes))


def ended(code: str, by: str) -> None:
    """A ward or commune is no more since the day before; another keeps its files."""
    unit, keeper = Unit.objects.get(code=code), Unit.objects.get(code=by)
    unit.valid_to, keeper.keeps = MONDAY - dt.timedelta(days=1), [unit.pk]
    unit.save()
    keeper.save()
    unit_cache_clear()


def look(at: dt.datetime = NOW) -> Looked:
    return signals_look(at=at)


def signal(rule: str = "DN-CUM-DON") -> Signal:
    return Signal.objects.get(rule__code=rule)


def project_make(who: str = "secretary", **changes: Any) -> LandProject:
    values: dict[str, Any] = {
        "name": "Dự án đường vành đai Sen Vàng",
        "area": "Khu Sen Vàng, tổ dân phố số 3",
        "units": (WARD,),
    }
    return project_create(
        access=access_make(who), given=ProjectRecord(**(values | changes)), at=moment(200)
    )


def stage_done(row: LandProject, stage: str, before: int, who: str = "secretary") -> LandProject:
    row.refresh_from_db()
    return stage_record(
        access=access_make(who),
        public_id=row.public_id,
        version=row.version,
        stage=stage,
        given=StageRecord(done_on=MONDAY - dt.timedelta(days=before)),
        at=NOW,
    )


def link(row: LandProject, codes: list[str], who: str = "clerk") -> LandProject:
    row.refresh_from_db()
    return cases_link(
        access=access_make(who), public_id=row.public_id, version=row.version, codes=codes
    )


def talk(row: LandProject, who: str = "secretary", **changes: Any) -> Any:
    row.refresh_from_db()
    values: dict[str, Any] = {
        "people": 60, "content": "Đối thoại về đơn giá", "held_on": MONDAY - dt.timedelta(days=3)
    }  # fmt: skip
    return dialogue_record(
        access=access_make(who), public_id=row.public_id, version=row.version,
        given=DialogueRecord(**(values | changes)),
    )  # fmt: skip
