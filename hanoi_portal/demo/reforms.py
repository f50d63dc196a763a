"""Two invented reforms of units: one being prepared, one that waits for a second person."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.enums import Role
from common.time import local_date
from continuity.models import UnitReform
from continuity.services import ReformPlan, reform_draft, reform_submit
from continuity.validators import Target
from hanoi_portal.demo.accounts import Cast

ISSUER = "Hội đồng nhân dân thành phố Hà Nội (dữ liệu minh họa)"
MERGED, RENAMED = ("00175", "00166"), "SYT"


@transaction.atomic
def reforms_make(cast: Cast, *, now: dt.datetime) -> int:
    """Prepare the reforms ahead of a UTC moment unless there are some; returns how many."""
    if UnitReform.objects.exists():
        return 0
    admin = cast.post(cast.units["CITY"].pk, Role.ADMIN).access
    on = local_date(now)
    names = [cast.units[code].full_name for code in MERGED if code in cast.units]
    values: dict[str, Any] = {"decided_on": on - dt.timedelta(days=5), "issuer": ISSUER}
    merge = ReformPlan(
        kind="merge", number="01/MH-NQ", effective_on=on + dt.timedelta(days=40),
        sources=[code for code in MERGED if code in cast.units],
        targets=[Target("09901", f"Phường {names[0].split(' ', 1)[1]} Mở Rộng")], **values,
    )  # fmt: skip
    reform_draft(access=admin, plan=merge, at=now)
    rename = ReformPlan(
        kind="rename", number="02/MH-QĐ", effective_on=on + dt.timedelta(days=30),
        sources=[RENAMED], targets=[Target(RENAMED, "Sở Y tế và Dân số")], **values,
    )  # fmt: skip
    waiting = reform_draft(access=admin, plan=rename, at=now)
    reform_submit(access=admin, public_id=waiting.public_id, version=waiting.version, at=now)
    return 2
