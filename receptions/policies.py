"""Who may do what with reception days: predicates that return None (allowed) or why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text

RECORDERS = (Permission.RECEPTION_HOLD, Permission.RECEPTION_REGISTER)


def can_view_unit(access: Access, unit_id: int) -> bool:
    return access.has(Permission.RECEPTION_VIEW, unit_id)


def can_plan_sessions(access: Access, unit_id: int) -> Text | None:
    """Planning belongs to the unit's own people; city-wide sight gives no right to plan."""
    if unit_id in access.units(Permission.RECEPTION_PLAN):
        return None
    return _("Your position does not include planning receptions of this unit.")


def can_register_visitors(access: Access, unit_id: int) -> Text | None:
    if unit_id in access.units(Permission.RECEPTION_REGISTER):
        return None
    return _("Your position does not include registering visitors of this unit.")


def can_see_visitors(access: Access, unit_id: int) -> bool:
    """Names and what they come about: only who receives or registers in the unit itself
    (Article 12(2) of Decree 154/2026)."""
    return any(unit_id in access.units(permission) for permission in RECORDERS)


def can_record_visits(access: Access, unit_id: int) -> Text | None:
    if can_see_visitors(access, unit_id):
        return None
    return _("Your position does not include recording receptions of this unit.")


def can_hold_sessions(access: Access, unit_id: int) -> Text | None:
    if unit_id in access.units(Permission.RECEPTION_HOLD):
        return None
    return _("Only who receives in this unit may say that the session was held.")
