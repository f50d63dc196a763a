"""Openings of protected identities, as whoever decides in the unit or above reads them."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.access import Access
from accounts.models import Membership
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from common.time import HANOI, local_moment
from communes.selectors import unit_by_code
from petitions.models import Case, IdentityOpening
from petitions.receivers import DECIDERS, OVERSEERS

OPENINGS_ORDER = Keyset("-at", "-id")


def openings_for(access: Access) -> QuerySet[IdentityOpening]:
    """Every opening recorded in the units where the reader decides, and what those who decide in
    units that the reader's body oversees opened themselves; of cases that the reader may see.
    Raises NotVisible for who decides nowhere."""
    units = access.units(Permission.CASE_DECIDE)
    if not units:
        raise NotVisible
    seen = Case.objects.visible_to(access).values("pk")
    rows = IdentityOpening.objects.alias(day=TruncDate("at", tzinfo=HANOI))
    return rows.filter(
        Q(unit_id__in=units) | _overseen(units), identity__party__letter__case__in=seen
    ).select_related("by", "unit", "identity__party__letter__case")


def _overseen(units: Collection[int]) -> Q:
    """Openings by a decider whom one of these units oversees (``receivers.overseer_of``)."""
    passed_over, found = Q(), Q(pk__in=[])
    for body in filter(None, map(unit_by_code, OVERSEERS)):
        barred = Q(unit=body) | Q(identity__party__letter__case__barred_units__contains=[body.pk])
        if body.pk in units:
            found |= passed_over & ~barred
        passed_over &= barred
    return found & Q(Exists(_deciders()))


def _deciders() -> QuerySet[Membership]:
    """That who opened decided in the unit on that day in Hà Nội, by the own position."""
    decides = Q(role="head") & ~Q(unit__code__in=DECIDERS)
    for code, role in DECIDERS.items():
        decides |= Q(unit__code=code, role=role)
    held = Membership.objects.filter(user=OuterRef("by"), unit=OuterRef("unit"))
    return held.filter(
        decides,
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("day")),
        valid_from__lte=OuterRef("day"),
    )


def openings_filtered(
    rows: QuerySet[IdentityOpening], asked: Mapping[str, Any]
) -> QuerySet[IdentityOpening]:
    """Narrowed by username and by Hà Nội dates, both included."""
    if asked.get("by"):
        rows = rows.filter(by__username=asked["by"])
    if asked.get("first"):
        rows = rows.filter(at__gte=local_moment(asked["first"]))
    if asked.get("last"):
        rows = rows.filter(at__lt=local_moment(asked["last"] + dt.timedelta(days=1)))
    return rows
