"""People of units that are reformed: posts, and rights handed over, go on in the new units."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import COMMUNE_POSTS, Role
from accounts.models import AccountEvent, Delegation, DelegationQuerySet, Membership, User
from common.history import NewEvent
from communes.models import Unit
from communes.moves import Amount, Post, Problem, UnitMove

# One person holds each of these in a unit.
SINGLE = (
    Role.HEAD.value, Role.SECRETARY.value, Role.FRONT.value,
    Role.AGENCY_HEAD.value, Role.SERVICE_HEAD.value,
)  # fmt: skip


def posts_held(unit_ids: Collection[int], on: dt.date) -> QuerySet[Membership]:
    """The posts in these units that hold on a local date or later, and go on: people whose account
    was closed hold none."""
    return _running(unit_ids, on).filter(user__is_active=True)


def people_amounts(move: UnitMove) -> list[Amount]:
    """How many posts and handed-over rights go on; three queries."""
    posts = _held(move)
    rights = _delegations(move).count()
    moving = [row for row in posts if move.posts[row.pk].unit]
    return [
        Amount(_("Posts of people that go on"), len(moving)),
        Amount(_("Posts that end"), len(posts) - len(moving) + _closed(move).count()),
        Amount(_("Rights handed over to colleagues"), rights),
    ]


def people_problems(move: UnitMove) -> list[Problem]:
    """Two people in a post that one person holds; posts that will be vacant. One query."""
    found: list[Problem] = []
    holders: dict[tuple[str, str], list[Membership]] = defaultdict(list)
    for row in _all_held(move):
        post = move.posts[row.pk]
        if post.unit:
            holders[post.unit, post.role].append(row)
    for unit in move.targets:
        for role in SINGLE:
            if _overlap(holders[unit.code, role]):
                words = _("%(unit)s would have several people as “%(post)s”: choose one.")
                found.append(Problem(words % _named(unit, role)))
        for role in COMMUNE_POSTS if unit.is_commune_level else ():
            if not holders[unit.code, role]:
                words = _("Nobody will be “%(post)s” of %(unit)s.")
                found.append(Problem(words % _named(unit, role), is_blocking=False))
    return found


def _overlap(rows: list[Membership]) -> bool:
    """Whether two people hold a post on one day; a successor begins after the holder ends."""
    return any(
        one.user_id != other.user_id
        and (one.valid_to is None or other.valid_from <= one.valid_to)
        and (other.valid_to is None or one.valid_from <= other.valid_to)
        for number, one in enumerate(rows)
        for other in rows[:number]
    )


def people_move(move: UnitMove) -> dict[str, int]:
    """End the posts in the sources the day before, and begin those in the targets, with the history
    of each person; posts of closed accounts end; rights handed over go with giver and holder, or
    end. The number of queries does not depend on the people."""
    rows = [row for row in _all_held(move) if _changes(row, move)]
    ending = [*rows, *_closed(move)]
    people = sorted({row.user_id for row in ending})
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    begun = _begin(rows, move)
    events: list[NewEvent] = []
    for row in ending:
        _end(row, move)
        events.append(_event(move, row.user_id, "ended", row.unit.code, row.role))
    Membership.objects.bulk_update(ending, ["valid_from", "valid_to"], batch_size=500)
    Membership.objects.bulk_create(begun)
    events += [_event(move, m.user_id, "added", m.unit.code, m.role) for m in begun]
    AccountEvent.append_many(events)
    return {"posts": len(begun), "rights": _rights_move(move)}


def _held(move: UnitMove) -> list[Membership]:
    return [row for row in _all_held(move) if row.unit_id in move.source_ids]


def _all_held(move: UnitMove) -> list[Membership]:
    """Those over which the reform decides (``posts_held``)."""
    rows = Membership.objects.filter(pk__in=move.posts.keys())
    return list(rows.select_related("unit", "user").order_by("pk"))


def _closed(move: UnitMove) -> QuerySet[Membership]:
    """Posts in the sources of people whose account was closed: they end by themselves."""
    rows = _running(move.source_ids, move.on).filter(user__is_active=False)
    return rows.select_related("unit", "user").order_by("pk")


def _running(unit_ids: Collection[int], on: dt.date) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), unit_id__in=unit_ids)


def _changes(row: Membership, move: UnitMove) -> bool:
    return move.posts[row.pk] != Post(row.unit.code, row.role)


def _end(row: Membership, move: UnitMove) -> None:
    """The day before; what was only to begin later never did."""
    last = move.on.fromordinal(move.on.toordinal() - 1)
    row.valid_from, row.valid_to = min(row.valid_from, last), last


def _begin(rows: Sequence[Membership], move: UnitMove) -> list[Membership]:
    """Each post once, also of somebody who held it in two of the sources; ``rows`` have their own
    dates still."""
    targets = {unit.code: unit for unit in move.targets}
    ids = [unit.pk for unit in move.targets]
    ended = {row.pk for row in rows}
    held = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=move.on), unit_id__in=ids)
    known = {(m.user_id, m.unit_id, m.role) for m in held if m.pk not in ended}
    found: list[Membership] = []
    for row in rows:
        post = move.posts[row.pk]
        if not post.unit or (row.user_id, targets[post.unit].pk, post.role) in known:
            continue
        known.add((row.user_id, targets[post.unit].pk, post.role))
        found.append(
            Membership(
                user=row.user,
                unit=targets[post.unit],
                role=post.role,
                title=row.title if post.role == row.role else "",
                valid_from=max(row.valid_from, move.on),
                valid_to=row.valid_to,
            )
        )
    return found


def _delegations(move: UnitMove) -> DelegationQuerySet:
    return Delegation.objects.filter(
        unit_id__in=move.source_ids, revoked_at=None, valid_to__gte=move.on
    )


def _rights_move(move: UnitMove) -> int:
    rows = list(_delegations(move).select_for_update(of=("self",), no_key=True))
    events = []
    for row in rows:
        giver, holder = move.people.get(row.giver_id), move.people.get(row.holder_id)
        unit = move.target(giver)
        if unit is not None and giver == holder:
            row.unit = unit
        else:
            row.revoked_at = move.at
            data = {"delegation": str(row.public_id), "basis": move.number}
            action = "accounts.delegation.revoked"
            events.append(NewEvent(row.giver_id, action, data, move.by_id, move.at))
    Delegation.objects.bulk_update(rows, ["unit", "revoked_at"], batch_size=500)
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[e.subject_id for e in events]))
    AccountEvent.append_many(events)
    return len(rows) - len(events)


def _event(move: UnitMove, user_id: int, what: str, unit: str, role: str) -> NewEvent:
    data = {"unit": unit, "role": role, "on": move.on.isoformat(), "basis": move.number}
    return NewEvent(user_id, f"accounts.membership.{what}", data, move.by_id, move.at)


def _named(unit: Unit, role: str) -> dict[str, str]:
    return {"unit": unit.full_name, "post": str(Role(role).label)}
