"""Who holds which reception duty on which day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import Absence, Membership, User
from communes.models import Unit
from petitions.receivers import desk_of
from receptions.models import ReceptionSession
from receptions.quotas import DUTY_ROLES, duty_in

# Where one position is the whole body, an officer of its office prepares the receptions.
WITH_OFFICE = ("TU", "UBND")


def desks_of(unit: Unit) -> list[str]:
    """The positions that are told of what happens to the receptions of a unit."""
    office = [Role.RECEPTION_OFFICER.value] if unit.code in WITH_OFFICE else []
    return [desk_of(unit), *office]


def posts_between(unit_id: int, first: dt.date, last: dt.date) -> list[Membership]:
    """Posts with a reception duty in a unit that are held on a local date from ``first`` to
    ``last``, the newest first; one query."""
    rows = duty_posts([unit_id], first, last).filter(user__is_active=True)
    found = rows.order_by("-pk")
    return [post for post in found if duty_in(post.unit.kind, post.role) is not None]


def duty_posts(unit_ids: Iterable[int], first: dt.date, last: dt.date) -> QuerySet[Membership]:
    """Posts that can carry a reception duty (``quotas.duty_in`` says which, by kind of unit), in
    units, held on some local date from ``first`` to ``last``, with their people."""
    held = Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
    roles = sorted(role.value for role in DUTY_ROLES)
    rows = Membership.objects.filter(held, unit_id__in=list(unit_ids), role__in=roles)
    return rows.select_related("user", "unit")


def duty_of(post: Membership) -> str:
    """The duty of a post of ``posts_between``; "" for one without."""
    duty = duty_in(post.unit.kind, post.role)
    return duty.value if duty is not None else ""


def holders_among(posts: Iterable[Membership], duty: str, day: dt.date) -> Iterator[User]:
    """Who holds the duty on a day, in the order of the posts; nobody where the post is vacant."""
    for post in posts:
        in_force = post.valid_from <= day and (not post.valid_to or day <= post.valid_to)
        if in_force and duty_of(post) == duty:
            yield post.user


def holder_among(posts: Iterable[Membership], duty: str, day: dt.date) -> User | None:
    """The first of them."""
    return next(holders_among(posts, duty, day), None)


def holder_on(unit_id: int, duty: str, day: dt.date) -> User | None:
    """The same from the database; one query."""
    return holder_among(posts_between(unit_id, day, day), duty, day)


def absence_covers(absence: Absence, person_id: int, day: dt.date) -> bool:
    """Whether a recorded absence of a person holds on a local date."""
    ended = absence.ended_on
    inside = absence.from_on <= day <= absence.to_on and (ended is None or day < ended)
    return absence.person_id == person_id and inside


def may_receive(
    session: ReceptionSession, user_id: int, day: dt.date, *, is_delegated: bool, today: dt.date
) -> bool:
    """Whether somebody may receive in a session that lies on a local date: who holds its duty on
    that day or, standing in, works in its unit. Of a day past that is also who left since."""
    rows: QuerySet[Membership]
    if is_delegated:
        rows = Membership.objects.current(day).filter(unit_id=session.unit_id)
    else:
        rows = duty_posts([session.unit_id], day, day)
    rows = rows.filter(user_id=user_id)
    if day >= today:
        rows = rows.filter(user__is_active=True)
    return any(is_delegated or duty_of(post) == session.duty_holder for post in rows)


def follower_of(session: ReceptionSession, day: dt.date) -> dict[str, Any]:
    """The address of whoever follows on a day what a session led to: who received while in the
    post (a stand-in: in the unit), else who holds the duty; empty while that is vacant, for the
    desk of the unit."""
    posts = posts_between(session.unit_id, day, day)
    is_there = any(
        post.user_id == session.leader_id and duty_of(post) == session.duty_holder for post in posts
    )
    if session.is_delegated and not is_there:
        own = Membership.objects.current(day).filter(unit_id=session.unit_id, user__is_active=True)
        is_there = own.filter(user_id=session.leader_id).exists()
    if is_there:
        return {"recipient_id": session.leader_id}
    holder = holder_among(posts, session.duty_holder, day)
    return {"recipient_id": holder.pk} if holder is not None else {}


def duties_ahead(posts: Sequence[Membership]) -> list[tuple[User, str]]:
    """Each person and duty once, in the order of the posts."""
    return list(dict.fromkeys((post.user, duty_of(post)) for post in posts))
