"""Everything that writes about reforms of units and gaps."""

from continuity.services.carrying import reforms_due
from continuity.services.gaps import gap_urge, gaps_watch
from continuity.services.reforms import (
    ReformPlan,
    reform_approve,
    reform_cancel,
    reform_change,
    reform_choose,
    reform_draft,
    reform_return,
    reform_submit,
)

__all__ = [
    "ReformPlan",
    "gap_urge",
    "gaps_watch",
    "reform_approve",
    "reform_cancel",
    "reform_change",
    "reform_choose",
    "reform_draft",
    "reform_return",
    "reform_submit",
    "reforms_due",
]
