"""What every request asks about a signed-in person, in the query that reads the person."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from accounts.models import Delegation, Elevation, SignIn, Standing, User
from common.time import local_date, now

COLUMN = "standing_row"
# The access that was read for a person stays on the person until something changes.
ACCESS = "_access"


def standing_column(at: dt.datetime, person: str = "pk") -> JSONObject:
    """One column with everything; ``person`` leads from the row to the person's key."""
    me = OuterRef(person)
    sign_ins = SignIn.objects.filter(user=me, ended_at=None).order_by("id")
    return JSONObject(
        second=Exists(Authenticator.objects.filter(user=me).exclude(type="recovery_codes")),
        until=ArraySubquery(Elevation.objects.running(at).filter(user=me).values("ends_at")),
        sign_ins=ArraySubquery(
            sign_ins.values(row=JSONObject(id="id", begun="begun_at", seen="seen_at"))
        ),
        delegated=ArraySubquery(delegated(local_date(at)).filter(holder=me).values("row")),
    )


def standing_of(user: User) -> Standing:
    """The standing of a person; a query only when it was not read with the person."""
    # By attribute: ``request.user`` is a proxy, whose own dictionary is not the person's.
    raw = getattr(user, COLUMN, None)
    if raw is None:
        column = standing_column(now())
        raw = User.objects.filter(pk=user.pk).values_list(column, flat=True).get()
        setattr(user, COLUMN, raw)
    return _read(raw)


def standing_forget(user: User) -> None:
    """After a change in the same request."""
    for name in (COLUMN, ACCESS):
        if hasattr(user, name):
            delattr(user, name)


def delegated(on: dt.date) -> Any:
    """Rights handed over, one row for every position that the giver holds in the unit today."""
    holds = Q(giver__memberships__valid_to=None) | Q(giver__memberships__valid_to__gte=on)
    return (
        Delegation.objects.current(on)
        .filter(
            holds,
            giver__is_active=True,
            giver__memberships__unit=F("unit"),
            giver__memberships__valid_from__lte=on,
        )
        .order_by("id")
        .annotate(
            row=JSONObject(
                unit="unit_id", role="giver__memberships__role", permissions="permissions"
            )
        )
    )


def _read(raw: dict[str, Any]) -> Standing:
    return Standing(
        has_second_factor=raw["second"],
        elevated_until=_moment(raw["until"][0]) if raw["until"] else None,
        sign_ins=tuple(
            (row["id"], _moment(row["begun"]), _moment(row["seen"])) for row in raw["sign_ins"]
        ),
        delegated=tuple(
            (row["unit"], row["role"], tuple(row["permissions"])) for row in raw["delegated"]
        ),
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
