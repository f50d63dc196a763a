"""A signal and a land project of the ward, made without live cases: for tests of who may what."""

from common.history import NewEvent
from common.time import now
from communes.models import Unit
from early_warning.models import LandProject, Signal, SignalEvent, WarningRule
from early_warning.services import ProjectRecord, project_create
from early_warning.services.look import FOUND
from petitions.models import SubjectField
from tests.people import WARD, access_make


def signal_make(number: int = 0, unit: str = WARD) -> Signal:
    """An open signal of a field of the ward, or of another unit by its code."""
    rule, field = WarningRule.objects.get(code="DN-CUM-DON"), SubjectField.objects.all()[number]
    row = Signal.objects.create(
        key=f"{rule.code}:test:{unit}:{number}",
        rule=rule,
        unit=Unit.objects.get(code=unit),
        field=field,
        measured=12,
        threshold=12,
        facts={"measured": 12, "threshold": 12, "window": 30},
        found_at=now(),
    )
    SignalEvent.append(NewEvent(row.pk, FOUND, {"measured": 12, "threshold": 12, "level": 1}))
    return row


def project_of_ward(number: int = 0) -> LandProject:
    given = ProjectRecord(f"Dự án số {number}", "Tổ dân phố số 3", (WARD,))
    return project_create(access=access_make("secretary"), given=given)
