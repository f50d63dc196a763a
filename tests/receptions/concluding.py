"""Visits that were concluded on, and people who work on what came of them."""

import datetime as dt
from typing import Any

from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    ReceptionSession,
    Registration,
    VisitRecord,
)
from receptions.services.conclusions import notice_draft, notice_issue
from receptions.services.notice_text import NoticeText, Row
from receptions.services.task_steps import StepInput, TaskStep, task_step
from receptions.services.visit_entry import Entry
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, access_make
from tests.receptions.cast import DAY, register, session_public

DURING = local_moment(DAY, 9)
UNTIL = DAY + dt.timedelta(days=14)  # Thursday 24 December 2026
SAID = "Công dân đề nghị kiểm tra ngõ đi chung."
CONTACT = "Bà Mẫu, bộ phận một cửa"


def row(**changes: Any) -> Row:
    values: dict[str, Any] = {
        "what": "Kiểm tra thực địa ngõ đi chung và trả lời công dân bằng văn bản.",
        "unit": Unit.objects.get(code=changes.pop("code", OTHER_WARD)),
        "person": "Địa chính",
        "due_on": UNTIL,
    }
    return Row(**(values | changes))


def promised(outcome: str) -> dict[str, Any]:
    """What the citizen is told of a matter that needs longer, or of where it went."""
    if outcome == "forwarded":
        return {"entry": Entry(sent_to=Unit.objects.get(code=OTHER_WARD))}
    if outcome != "taken_in":
        return {}
    return {"responsible_person": CONTACT, "due_on": UNTIL}


def visit_of(outcome: str = "taken_in", *, who: str = "secretary", **changes: Any) -> VisitRecord:
    """A visit recorded on the day, of a session of the secretary; ``made`` gets code and secret."""
    session = changes.pop("session", None) or session_public()
    kept: dict[str, str] = changes.pop("made", {})
    made = register(session, **changes.pop("registration", {}))
    kept |= {"code": made.code, "secret": made.secret}
    said = Visit(SAID, outcome, **(promised(outcome) | changes))
    session_record(
        access=access_make(who), session_id=session.public_id, code=made.code, visit=said, at=DURING
    )
    return VisitRecord.objects.select_related("registration__session").get(
        registration__code=made.code
    )


def record(visit: VisitRecord, outcome: str, who: str = "secretary", **changes: Any) -> None:
    """Correct the record of a visit."""
    session_record(
        access=access_make(who),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        visit=Visit(SAID, outcome, **(promised(outcome) | changes)),
        at=DURING + dt.timedelta(minutes=5),
    )


def drafted(
    *rows: Row, session: ReceptionSession | None = None, who: str = "clerk", **changes: Any
) -> ConclusionNotice:
    found = session or session_public()
    text = NoticeText(list(rows) or [row()], "Qua tiếp công dân, nhận thấy:", "Ban Tiếp công dân")
    return notice_draft(
        access=access_make(who),
        session_id=found.public_id,
        text=changes.pop("text", text),
        at=DURING,
        **changes,
    )


def issued(
    *rows: Row, session: ReceptionSession | None = None, who: str = "secretary", **changes: Any
) -> ConclusionNotice:
    """A notice of the secretary, issued on the day."""
    draft = drafted(*rows, session=session, **changes)
    notice_issue(
        access=access_make(who), public_id=draft.public_id, version=draft.version, at=DURING
    )
    return ConclusionNotice.objects.select_related("session").get(pk=draft.pk)


def task_of(notice: ConclusionNotice, position: int = 1) -> ConclusionTask:
    return ConclusionTask.objects.get(notice=notice, position=position)


def clock_of(task: ConclusionTask) -> Clock:
    return Clock.objects.get(conclusion_clock__task=task, closed_on=None)


def step(
    task: ConclusionTask, name: str, who: str, at: dt.datetime | None = None, **said: Any
) -> ConclusionTask:
    task.refresh_from_db()
    return task_step(
        access=access_make(who),
        public_id=task.public_id,
        version=task.version,
        step=TaskStep(name),
        said=StepInput(**said),
        at=at or DURING + dt.timedelta(hours=1),
    )


def ward() -> Unit:
    return Unit.objects.get(code=WARD)


def registration_of(visit: VisitRecord) -> Registration:
    return Registration.objects.get(pk=visit.registration_id)
