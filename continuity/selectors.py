"""Reading reforms on behalf of a person."""

import uuid

from accounts.access import Access
from common.api import Keyset
from common.errors import NotVisible
from continuity.models import ReformEvent, UnitReform, UnitReformQuerySet

REFORM_ORDER = Keyset("-id")


def reforms_for(access: Access) -> UnitReformQuerySet:
    """Reforms that a person sees, with their units. Order: ``REFORM_ORDER``."""
    return UnitReform.objects.visible_to(access).prefetch_related("units")


def reform_get_for(access: Access, public_id: uuid.UUID | str) -> UnitReform:
    """Raises NotVisible."""
    rows = reforms_for(access).select_related(
        "made_by", "submitted_by", "approved_by", "attachment"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def events_of(reform: UnitReform) -> list[ReformEvent]:
    """The history, newest first, with who did it."""
    return list(reform.events.select_related("actor").order_by("-sequence"))
