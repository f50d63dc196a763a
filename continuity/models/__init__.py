"""Reforms of units, and what was found without a holder."""

from continuity.models.gap import Gap, GapEvent
from continuity.models.reform import ReformEvent, ReformUnit, UnitReform, UnitReformQuerySet

__all__ = ["Gap", "GapEvent", "ReformEvent", "ReformUnit", "UnitReform", "UnitReformQuerySet"]
