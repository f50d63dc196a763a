"""Units that are merged, split and renamed on a Monday."""

import datetime as dt
from typing import Any

from common.time import local_moment
from continuity.models import UnitReform
from continuity.services import (
    ReformPlan,
    reform_approve,
    reform_choose,
    reform_draft,
    reform_submit,
)
from continuity.services.preview import preview
from continuity.validators import Target
from tests.people import OTHER_WARD, WARD, access_make

MONDAY = dt.date(2026, 11, 30)
AT = local_moment(MONDAY, 9)
NEW = "00999"
NEW_NAME = "Phường Hoàn Kiếm Mới"


def plan_make(**changes: Any) -> ReformPlan:
    """A merger of the two wards of the cast into a new one, from today."""
    values: dict[str, Any] = {
        "kind": "merge",
        "number": "12/NQ-HĐND",
        "decided_on": dt.date(2026, 11, 16),
        "issuer": "Hội đồng nhân dân thành phố Hà Nội",
        "effective_on": MONDAY,
        "sources": [WARD, OTHER_WARD],
        "targets": [Target(NEW, NEW_NAME)],
    }
    return ReformPlan(**(values | changes))


def draft(**changes: Any) -> UnitReform:
    return reform_draft(access=access_make("admin"), plan=plan_make(**changes), at=AT)


def choose(reform: UnitReform, **posts: str) -> UnitReform:
    """Say where posts go: ``clerk=""``; the key is the login of a person of the cast."""
    lines = {line.membership.user.username: line.key for line in preview(reform, AT).lines}
    return reform_choose(
        access=access_make("admin"),
        public_id=reform.public_id,
        version=reform.version,
        posts={lines[name]: post for name, post in posts.items()},
        places=reform.choices.get("places", {}),
        at=AT,
    )


def submit(reform: UnitReform) -> UnitReform:
    return reform_submit(
        access=access_make("admin"), public_id=reform.public_id, version=reform.version, at=AT
    )


def approve(reform: UnitReform, who: str = "party_office", **changes: Any) -> UnitReform:
    at = changes.pop("at", AT)
    values = {"version": reform.version, "digest": preview(reform, at).digest} | changes
    return reform_approve(access=access_make(who), public_id=reform.public_id, at=at, **values)


def merged(**changes: Any) -> UnitReform:
    """The two wards of the cast are one; the chair of the first leads it."""
    reform = draft(**changes)
    code = reform.units.get(side="to").code
    reform = choose(reform, other_chair=f"{code}:handler")
    return approve(submit(reform))
