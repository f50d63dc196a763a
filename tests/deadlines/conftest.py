from collections.abc import Iterator

import pytest

from common.reference import LoadReport
from communes.enums import UnitKind
from communes.models import Unit
from deadlines.calendars import calendar_cache_clear
from deadlines.recalculation import reference_load


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    """What a test loads is not seen by the next one."""
    calendar_cache_clear()
    yield
    calendar_cache_clear()


@pytest.fixture
def calendar(db: None) -> None:
    reference_load(LoadReport())


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(
        code="99001",
        kind=UnitKind.WARD,
        name="Phường Thử",
        full_name="Phường Thử",
        slug="phuong-thu",
    )
