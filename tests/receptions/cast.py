"""Sessions and visitors for the tests of reception days."""

import datetime as dt
from typing import Any

from accounts.access import Access
from accounts.models import User
from common.codes import digits_from_salt
from common.invariants import invariants_broken
from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from receptions.enums import AdHocTrigger, DutyHolder, SessionKind
from receptions.models import ReceptionSession
from receptions.services._change import outbox_mark
from receptions.services.registrations import Registered, Visitor, registration_create
from receptions.services.sessions import SessionPlan, session_plan, session_publish
from tests.people import WARD, access_make, person_make

NOW = dt.datetime(2026, 11, 30, 2, 0, tzinfo=dt.UTC)  # a Monday, 9 o'clock in Hà Nội
DAY = dt.date(2026, 12, 10)
VISITOR = Visitor("Nguyễn Thị Ví Dụ", "001088000001", "0912000001")
SECRET_WORDS = ("Nguyễn Thị Ví Dụ", "001088000001", "0912000001")


def visitor(number: int) -> Visitor:
    return Visitor(f"Người dân số {number}", f"0010880{number:05d}", "0912000001")


def plan_of(leader: User, **changes: Any) -> SessionPlan:
    day = changes.pop("day", DAY)
    values: dict[str, Any] = {
        "leader": leader,
        "duty_holder": DutyHolder.PARTY_SECRETARY,
        "kind": SessionKind.PERIODIC,
        "starts_at": local_moment(day, 8),
        "ends_at": local_moment(day, 11, 30),
        "place": "Trụ sở Ủy ban nhân dân phường",
        "capacity": 3,
        "planned_content": "Tiếp công dân định kỳ tháng 12.",
        # Most tests do not ask whether a day is a day off.
        "on_day_off": True,
    }
    if changes.get("kind") == SessionKind.AD_HOC:
        values["trigger"] = AdHocTrigger.MASS
    if changes.get("kind") == SessionKind.CONTACT:
        values["invited"] = ["Ủy ban Mặt trận Tổ quốc phường"]
    return SessionPlan(**(values | changes))


def session_draft(
    who: str = "secretary", *, at: dt.datetime | None = None, unit: str = WARD, **changes: Any
) -> ReceptionSession:
    return session_plan(
        access=access_make(who),
        unit=Unit.objects.get(code=unit),
        plan=plan_of(person_make(who), **changes),
        at=at or NOW,
    )


def session_public(
    who: str = "secretary", *, at: dt.datetime | None = None, **changes: Any
) -> ReceptionSession:
    draft = session_draft(who, at=at, **changes)
    return session_publish(
        access=access_make(who),
        public_id=draft.public_id,
        version=draft.version,
        reason="Vụ việc đông người" if draft.kind == SessionKind.AD_HOC else "",
        at=at or NOW,
    )


def register(session: ReceptionSession, number: int = 1, **changes: Any) -> Registered:
    values: dict[str, Any] = {
        "session_id": session.public_id,
        "visitor": visitor(number),
        "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
        "at": NOW,
    }
    return registration_create(**(values | changes))


def secretary() -> Access:
    return access_make("secretary")


def slotted(**changes: Any) -> ReceptionSession:
    """A public session that receives by the clock, every 30 minutes."""
    session = session_public(**changes)
    ReceptionSession.objects.filter(pk=session.pk).update(slot_minutes=30)
    session.refresh_from_db()
    return session


def with_mode(mode: str) -> ReceptionSession:
    session = session_public()
    ReceptionSession.objects.filter(pk=session.pk).update(mode=mode)
    session.refresh_from_db()
    return session


def digits_sent(code: str = "") -> str:
    """The six digits of the last mail, for a registration or any."""
    rows = OutboxMessage.objects.filter(template="registration_code")
    if code:
        rows = rows.filter(event__contains=outbox_mark(code))
    row = rows.latest("pk")
    return digits_from_salt(bytes.fromhex(row.params["salt"]))


def taken(session: ReceptionSession) -> int:
    session.refresh_from_db()
    return session.places_taken


def sums_hold() -> bool:
    """Whether places taken are those of registrations, holds and returns, and nobody waits beside
    a free place."""
    return not [name for name in invariants_broken() if name.startswith("receptions.")]
