"""Who may prepare and approve reforms of units, see the board and urge: None, or why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from continuity.enums import OVER, ReformState
from continuity.models import UnitReform

WATCHES = (Permission.OVERVIEW_VIEW, Permission.DIRECTIVE_VIEW)


def sees_city(access: Access) -> bool:
    """Whether the board shows every unit to this person."""
    return bool(access.city & set(WATCHES))


def may_see_board(access: Access) -> Text | None:
    """The City's bodies see every unit, whoever leads a unit sees that one."""
    if sees_city(access) or access.units(Permission.OVERVIEW_VIEW):
        return None
    return _("The board is for whoever leads a unit and for the City's bodies.")


def may_urge(access: Access) -> Text | None:
    """Urging is of the bodies of the City that lead or watch the units."""
    if access.city & {Permission.DIRECTIVE_ASSIGN, Permission.RECEPTION_URGE}:
        return None
    return _("Your position does not include urging units.")


def may_prepare(access: Access) -> Text | None:
    """Reforms are prepared by whoever keeps the reference data."""
    if access.has(Permission.REFERENCE_EDIT):
        return None
    return _("Your position does not include preparing reforms of units.")


def may_see_reforms(access: Access) -> Text | None:
    """The list: whoever keeps the units, and the City's bodies."""
    if access.has(Permission.REFERENCE_EDIT) or Permission.DIRECTIVE_VIEW in access.city:
        return None
    return _("Reforms of units are prepared and approved by the City.")


def may_change(access: Access, reform: UnitReform) -> Text | None:
    """What has not been submitted."""
    if refusal := may_prepare(access):
        return refusal
    if reform.state != ReformState.DRAFT:
        return _("Only what has not been submitted can be changed.")
    return None


def may_approve(access: Access, reform: UnitReform) -> Text | None:
    """A second person, who assigns for the whole City."""
    if Permission.DIRECTIVE_ASSIGN not in access.city:
        return _("Your position does not include approving reforms of units.")
    if access.user_id in (reform.made_by_id, reform.submitted_by_id):
        return _("Whoever prepared a reform cannot approve it.")
    if reform.state != ReformState.SUBMITTED:
        return _("Only what was submitted can be approved.")
    return None


def may_cancel(access: Access, reform: UnitReform) -> Text | None:
    """Until it is carried out; afterwards only a reform in the other direction helps."""
    if may_prepare(access) and Permission.DIRECTIVE_ASSIGN not in access.city:
        return may_prepare(access)
    if reform.state in OVER:
        return _("What was carried out or cancelled cannot be cancelled.")
    return None
