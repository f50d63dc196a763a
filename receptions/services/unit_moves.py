"""Coming sessions, patterns and limits of receptions of units that are reformed."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership
from common.time import local_date
from communes.models import Unit
from communes.moves import Amount, Problem, UnitMove
from deadlines.models import OPEN_STATES, Clock
from petitions.receivers import neutral_body
from receptions.enums import SessionStatus, TellReason
from receptions.holders import holders_among, posts_between
from receptions.models import (
    EXPECTING,
    ConclusionTask,
    ReceptionSession,
    Registration,
    SessionPattern,
)
from receptions.selectors_plan import COMING
from receptions.services._change import Notes, keep
from receptions.services.sessions import REASON_MAX
from receptions.services.tellings import telling_ask

AHEAD = dt.timedelta(days=400)


def receptions_amounts(move: UnitMove) -> list[Amount]:
    """What moves; four queries."""
    coming = _coming(move)
    expecting = Registration.objects.filter(session__in=coming, status__in=EXPECTING)
    tasks = ConclusionTask.objects.filter(
        unit_id__in=move.source_ids, notice__is_sealed=False, closed_on=None
    )
    return [
        Amount(_("Coming reception days"), coming.count()),
        Amount(_("People registered for them"), expecting.count()),
        Amount(_("Patterns of reception days"), _patterns(move).count()),
        Amount(_("Tasks of conclusions that are still open"), tasks.count()),
    ]


def receptions_problems(move: UnitMove) -> list[Problem]:
    """Two coming sessions at one time of which one person would hold both; three queries."""
    rows = list(_coming(move).select_related("unit", "leader").order_by("starts_at", "pk"))
    rows += _standing(move)
    found: list[Problem] = []
    for row, other in _clashes(rows, move):
        words = _(
            "%(first)s and %(second)s both receive on %(day)s at the same time: one holder of the"
            " post cannot hold both. The second is held by whoever held it before, standing in, or"
            " must be moved first."
        )
        names = {"first": row.unit.full_name, "second": other.unit.full_name}
        day = f"{local_date(other.starts_at):%d/%m/%Y}"
        stands_in = all(move.people.get(one.leader_id) for one in (row, other))
        found.append(Problem(words % (names | {"day": day}), is_blocking=not stands_in))
    return found


def receptions_move(move: UnitMove) -> dict[str, int]:
    """Move coming sessions with everybody registered, patterns, and who is reminded of what is not
    done. Tasks and conclusions that were issued keep the unit that stands on paper, whose files the
    new unit keeps."""
    rows = list(
        _coming(move)
        .select_related("unit")
        .select_for_update(of=("self",), no_key=True)
        .order_by("starts_at", "pk")
    )
    posts = {unit.pk: posts_between(unit.pk, move.on, move.on + AHEAD) for unit in move.targets}
    taken = [*rows, *_standing(move)]
    for row in rows:
        target = _target(row, move)
        _session_move(row, target, move, posts[target.pk], taken)
    patterns = _patterns_move(move)
    _clocks_move(move)
    return {"sessions": len(rows), "patterns": patterns}


def _coming(move: UnitMove) -> QuerySet[ReceptionSession]:
    return ReceptionSession.objects.filter(
        unit_id__in=move.source_ids, status__in=COMING, starts_at__gt=move.at
    )


def _standing(move: UnitMove) -> list[ReceptionSession]:
    """Coming sessions of targets that exist already."""
    ids = [unit.pk for unit in move.targets if unit.pk]
    rows = ReceptionSession.objects.filter(
        unit_id__in=ids, status__in=COMING, starts_at__gt=move.at
    )
    return list(rows.select_related("unit", "leader"))


def _target(session: ReceptionSession, move: UnitMove) -> Unit:
    return move.target_of_person(session.leader_id) or move.main


def _clashes(
    rows: Sequence[ReceptionSession], move: UnitMove
) -> list[tuple[ReceptionSession, ReceptionSession]]:
    """Pairs of sessions of different units for one duty in one target at overlapping times."""
    found = []
    for index, row in enumerate(rows):
        for other in rows[index + 1 :]:
            same = row.duty_holder == other.duty_holder and row.unit_id != other.unit_id
            same = same and _target(row, move).code == _target(other, move).code
            if same and _overlap(row, other) and not (row.is_delegated or other.is_delegated):
                found.append((row, other))
    return found


def _overlap(one: ReceptionSession, other: ReceptionSession) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _session_move(
    row: ReceptionSession,
    target: Unit,
    move: UnitMove,
    posts: Sequence[Membership],
    taken: Sequence[ReceptionSession],
) -> None:
    old = row.unit
    _leader_find(row, target, move, posts, taken)
    words = _("Units were reorganised (%(number)s): %(old)s, now %(new)s.")
    names = {"number": move.number, "old": old.full_name, "new": target.full_name}
    row.unit, row.change_reason = target, (words % names)[:REASON_MAX]
    row.version += 1
    row.save(update_fields=["unit", "leader", "is_delegated", "change_reason", "version"])
    notes = Notes("receptions.session.to_successor", move.at, move.by_id)
    notes.data = {
        "on": local_date(row.starts_at).isoformat(),
        "from": old.code,
        "to": target.code,
        "basis": move.number,
    }
    if row.status == SessionStatus.PUBLISHED:
        telling_ask(row, TellReason.HANDED_OVER, notes, "session_handed_over")
    key = f"session:{row.public_id}:{row.version}:new_leader"
    notes.tell(row, "session_handed_over", key=key, recipient_id=row.leader_id)
    keep(row, notes)


def _leader_find(
    row: ReceptionSession,
    target: Unit,
    move: UnitMove,
    posts: Sequence[Membership],
    taken: Sequence[ReceptionSession],
) -> None:
    """Whoever holds the duty in the new unit on the day, if free; else who was to receive stands
    in, as long as that person works there. Where neither can, it stays as it was planned, for the
    unit to decide."""
    day = local_date(row.starts_at)
    inside = move.people.get(row.leader_id) == target.code
    holders = list(holders_among(posts, row.duty_holder, day))
    if row.is_delegated and inside:
        return
    if any(holder.pk == row.leader_id for holder in holders):
        return
    busy = {t.leader_id for t in taken if t.pk != row.pk and _overlap(t, row)}
    free = [holder for holder in holders if holder.pk not in busy]
    if free:
        row.leader, row.is_delegated = free[0], False
    elif inside:
        row.is_delegated = True


def _patterns(move: UnitMove) -> QuerySet[SessionPattern]:
    current = Q(valid_to=None) | Q(valid_to__gte=move.on)
    return SessionPattern.objects.filter(current, unit_id__in=move.source_ids)


def _patterns_move(move: UnitMove) -> int:
    """Those of the first unit with a duty go on; others for the same duty end, their planned days
    stay."""
    own = SessionPattern.objects.filter(unit=move.main)
    current = own.filter(Q(valid_to=None) | Q(valid_to__gte=move.on))
    known = {(row.duty_holder, row.kind): row.unit_id for row in current}
    order = {unit.pk: number for number, unit in enumerate(move.sources)}
    rows = list(_patterns(move).select_for_update(of=("self",), no_key=True))
    rows.sort(key=lambda row: (order[row.unit_id], row.pk))
    last, moved = move.on - dt.timedelta(days=1), 0
    for row in rows:
        if known.setdefault((row.duty_holder, row.kind), row.unit_id) == row.unit_id:
            row.unit, moved = move.main, moved + 1
        else:
            row.valid_from, row.valid_to = min(row.valid_from, last), last
        row.version += 1
    fields = ["unit", "valid_from", "valid_to", "version"]
    SessionPattern.objects.bulk_update(rows, fields, batch_size=500)
    return moved


def _clocks_move(move: UnitMove) -> None:
    """Limits of tasks and written notices remind the people who keep the files now, a neutral body
    where those are barred."""
    owned = Q(conclusion_clock__isnull=False) | Q(visit_clock__isnull=False)
    rows = Clock.objects.filter(owned, state__in=OPEN_STATES, holder_unit_id__in=move.source_ids)
    keys = list(rows.values_list("pk", "barred_units"))
    free = [pk for pk, barred in keys if move.main.pk not in barred]
    Clock.objects.filter(pk__in=free).update(holder_unit=move.main)
    for pk, barred in keys:
        if move.main.pk in barred:
            Clock.objects.filter(pk=pk).update(holder_unit=neutral_body(barred))
