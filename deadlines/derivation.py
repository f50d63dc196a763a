"""Why a limit ends on its day: a computed limit told day by day, and its compact stored form.

No Django. The sentences are part of the law's data and are Vietnamese.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from math import floor
from typing import Any, NamedTuple

from deadlines.clock import (
    SWAPPED_WORKING,
    Calendar,
    Day,
    Derivation,
    compute,
    each_day,
)
from deadlines.rules import WORKING_DAYS

EVENT_DAY = "event_day"
SAME_DAY = "same_day"
COUNTED = "counted"
PART_DAY = "part_day"
WEEKEND = "weekend"
SUSPENDED = "suspended"
MOVED = "moved"

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_EVENT = "Ngày xảy ra sự kiện không tính (khoản 3 Điều 147 Bộ luật Dân sự)"
_FROM_DAY_OFF = "; rơi vào ngày nghỉ ({reason}), thời hạn vẫn tính từ ngày tiếp theo"
_AT_ONCE = "Phải thực hiện ngay trong ngày"
_HOURS = "Tính theo giờ làm việc, trong ngày làm việc này"
_LAST = ", ngày cuối của thời hạn"
_MOVED = (
    "Ngày cuối của thời hạn rơi vào ngày nghỉ nên chuyển sang ngày làm việc tiếp theo"
    " (khoản 5 Điều 148 Bộ luật Dân sự)"
)
_MOVED_BACK = "Ngày cuối khi đếm ngược rơi vào ngày nghỉ nên lùi về ngày làm việc liền trước"
_STOPPED = "Thời gian tạm đình chỉ, không tính vào thời hạn"


class Step(NamedTuple):
    """One day of a limit; ``code`` is stable, ``why`` is for people."""

    date: dt.date
    counted: bool
    code: str
    why: str


def derivation_steps(limit: Derivation, calendar: Calendar) -> list[Step]:
    """Every day from the event to the effective end, in the direction of counting."""
    steps: list[Step] = []
    counted, whole = 0, floor(abs(limit.amount))
    for date in each_day(limit.start, limit.due_on):
        if date == limit.start:
            step = _event(limit, calendar)
        elif counted == whole:
            step = _after_end(date, limit, calendar)
        else:
            step = _idle(date, limit, calendar) or _counted(date, counted + 1, limit, calendar)
            counted += step.counted
        steps.append(step)
    return steps


def derivation_line(limit: Derivation, calendar: Calendar) -> str:
    """The same in one sentence: what was counted, what was skipped, where it ends."""
    if not limit.amount:
        return f"Phải thực hiện ngay trong ngày {_shown(limit.due_on)}."
    unit = "ngày làm việc" if limit.day_kind == WORKING_DAYS else "ngày"
    words = "trước" if limit.amount < 0 else "kể từ"
    amount = f"{abs(limit.amount):g}".replace(".", ",")
    parts = [f"{amount} {unit} {words} ngày {_shown(limit.start)} (không tính ngày này)"]
    if limit.day_kind == WORKING_DAYS:
        names = dict.fromkeys(day.name for day in _weekdays_off(limit, calendar))
        parts += [f"không tính {', '.join(names)}"] if names else []
    if any(_is_suspended(date, limit) for date in each_day(limit.start, limit.due_on)):
        parts.append("không tính thời gian tạm đình chỉ")
    if limit.due_on != limit.legal_due_on:
        parts.append(f"ngày cuối {_shown(limit.legal_due_on)} là ngày nghỉ")
    return f"{'; '.join(parts)}: hạn cuối là {_shown(limit.due_on)}."


def derivation_pack(limit: Derivation, calendar: Calendar) -> dict[str, Any]:
    """The stored form: inputs, results and the special days between them. Needs no calendar to be
    expanded again, so it shows what was known when it was computed."""
    first, last = sorted((limit.start, limit.due_on))
    return {
        "amount": limit.amount,
        "day_kind": limit.day_kind,
        "rolls": limit.rolls,
        "start": limit.start.isoformat(),
        "legal_due_on": limit.legal_due_on.isoformat(),
        "due_on": limit.due_on.isoformat(),
        "suspended": [[a.isoformat(), b.isoformat()] for a, b in limit.suspensions],
        "days": [
            [day.date.isoformat(), day.kind, day.name] for day in calendar.days_within(first, last)
        ],
    }


def derivation_unpack(packed: dict[str, Any]) -> tuple[Derivation, Calendar]:
    """The limit computed again from its stored form, with the days off known then."""
    date = dt.date.fromisoformat
    start = date(packed["start"])
    first, last = sorted((start, date(packed["due_on"])))
    days = [Day(date(on), kind, name) for on, kind, name in packed["days"]]
    calendar = Calendar(first, last, days)
    pauses = [(date(a), date(b)) for a, b in packed["suspended"]]
    limit = compute(packed["amount"], packed["day_kind"], packed["rolls"], start, calendar, pauses)
    return limit, calendar


def chain_pack(legs: Sequence[Derivation], calendar: Calendar) -> dict[str, Any]:
    """The stored form of a limit with its extensions: the last stretch, and those before it."""
    *earlier, last = (derivation_pack(leg, calendar) for leg in legs)
    return {**last, "earlier": earlier} if earlier else last


def chain_unpack(packed: dict[str, Any]) -> list[tuple[Derivation, Calendar]]:
    """Every stretch computed again from the stored form, the first one first."""
    return [derivation_unpack(leg) for leg in (*packed.get("earlier", ()), packed)]


def chain_steps(packed: dict[str, Any]) -> list[Step]:
    """Every day of a stored limit; the end of one stretch is the event day of the next."""
    first, *others = (derivation_steps(*leg) for leg in chain_unpack(packed))
    return [*first, *(step for steps in others for step in steps[1:])]


def chain_line(packed: dict[str, Any], kept: dict[str, str] | None = None) -> str:
    """One sentence for each stretch, and why a later date is kept (``Clock.kept``)."""
    first, *others = (derivation_line(*leg) for leg in chain_unpack(packed))
    lines = [first, *(f"Gia hạn: {line}" for line in others)]
    if kept:
        computed = _shown(dt.date.fromisoformat(kept["computed_due_on"]))
        lines.append(f"Tính lại ra {computed}, sớm hơn ngày đã báo nên giữ ngày đã báo.")
        lines.append(f"Lý do tính lại: {kept['reason']}.")
    return " ".join(lines)


def off_reason(date: dt.date, calendar: Calendar) -> tuple[str, str]:
    """Code and words of why the date is a day off; ("", "") on a working day."""
    if calendar.is_working(date):
        return "", ""
    day = calendar.days.get(date)
    return (day.kind if day else WEEKEND), _off_reason(date, calendar)


def _off_reason(date: dt.date, calendar: Calendar) -> str:
    day = calendar.days.get(date)
    if day is None:
        return f"Nghỉ hằng tuần: {_WEEKDAYS[date.weekday()]}"
    return f"Nghỉ lễ: {day.name}" if day.kind == "holiday" else day.name


def _event(limit: Derivation, calendar: Calendar) -> Step:
    if limit.due_on == limit.start:
        if limit.amount:
            return Step(limit.start, True, PART_DAY, _HOURS)
        return Step(limit.start, False, SAME_DAY, _AT_ONCE)
    why = _EVENT
    if limit.amount > 0 and not calendar.is_working(limit.start):
        why += _FROM_DAY_OFF.format(reason=_off_reason(limit.start, calendar))
    return Step(limit.start, False, EVENT_DAY, why)


def _idle(date: dt.date, limit: Derivation, calendar: Calendar) -> Step | None:
    """Why a day inside the limit is not counted, None when it is."""
    if _is_suspended(date, limit):
        return Step(date, False, SUSPENDED, _STOPPED)
    if limit.day_kind == WORKING_DAYS and not calendar.is_working(date):
        return Step(date, False, *off_reason(date, calendar))
    return None


def _counted(date: dt.date, number: int, limit: Derivation, calendar: Calendar) -> Step:
    unit = "Ngày làm việc" if limit.day_kind == WORKING_DAYS else "Ngày"
    why = f"{unit} thứ {number}" + (" trước sự kiện" if limit.amount < 0 else "")
    if limit.day_kind == WORKING_DAYS:
        day = calendar.days.get(date)
        why += f" ({day.name})" if day and day.kind == SWAPPED_WORKING else ""
    elif not calendar.is_working(date):
        why += f" ({_off_reason(date, calendar)}; ngày nghỉ vẫn tính)"
    return Step(date, True, COUNTED, why + (_LAST if date == limit.legal_due_on else ""))


def _after_end(date: dt.date, limit: Derivation, calendar: Calendar) -> Step:
    if date == limit.due_on:
        if limit.amount != floor(abs(limit.amount)) * (1 if limit.amount > 0 else -1):
            return Step(date, True, PART_DAY, _HOURS)
        return Step(date, False, MOVED, _MOVED_BACK if limit.amount < 0 else _MOVED)
    if _is_suspended(date, limit):
        return Step(date, False, SUSPENDED, _STOPPED)
    return Step(date, False, *off_reason(date, calendar))


def _is_suspended(date: dt.date, limit: Derivation) -> bool:
    return any(begin <= date < end for begin, end in limit.suspensions)


def _weekdays_off(limit: Derivation, calendar: Calendar) -> Iterator[Day]:
    first, last = sorted((limit.start, limit.due_on))
    return (
        day
        for day in calendar.days_within(first, last)
        if day.kind != SWAPPED_WORKING and day.date.weekday() < 5 and day.date != limit.start
    )


def _shown(date: dt.date) -> str:
    return f"{date:%d/%m/%Y}"
