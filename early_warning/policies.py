"""Who may do what about signals, rules and land projects: None (allowed) or the reason why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from early_warning.enums import SignalState
from early_warning.models import LandProject, Signal

# Bodies that urge or give tasks for the whole City.
_CITY_LEADS = frozenset({Permission.RECEPTION_URGE, Permission.DIRECTIVE_ASSIGN})


def sees_signals(access: Access) -> bool:
    """The City's bodies, and in a unit whoever sees its cases or its figures."""
    return access.has(Permission.OVERVIEW_VIEW) or access.has(Permission.CASE_VIEW)


def sees_rules(access: Access) -> bool:
    return sees_signals(access) or may_change_rules(access) is None


def sees_projects(access: Access) -> bool:
    return Permission.OVERVIEW_VIEW in access.city or access.has(Permission.DIRECTIVE_VIEW)


def may_lead(access: Access, signal: Signal) -> Text | None:
    """Appointing and judging is of the unit's head and Party secretary, and of the City."""
    if access.city & _CITY_LEADS:
        return None
    if signal.unit_id in access.units(Permission.OVERVIEW_VIEW):
        return None
    return _("The unit's head or the City decides about a signal.")


def may_appoint(access: Access, signal: Signal) -> Text | None:
    """As long as the signal is not closed."""
    return may_lead(access, signal) or _closed(signal)


def may_follow(access: Access, signal: Signal) -> Text | None:
    """The owner, or whoever may appoint one, once somebody follows it."""
    if signal.state != SignalState.WATCHED:
        return _("Nobody follows this signal now; appoint an owner first.")
    if access.user_id is not None and signal.owner_id == access.user_id:
        return None
    return may_lead(access, signal)


def may_close(access: Access, signal: Signal) -> Text | None:
    """Settled or a false alarm: who judges is not who follows, unless it is the same head."""
    return may_lead(access, signal) or _closed(signal)


def may_reopen(access: Access, signal: Signal) -> Text | None:
    if signal.is_live:
        return _("The signal is not closed.")
    return may_lead(access, signal)


def may_change_rules(access: Access) -> Text | None:
    """Thresholds are set by bodies that give tasks for the City, or keep its reference data."""
    if Permission.DIRECTIVE_ASSIGN in access.city or access.has(Permission.REFERENCE_EDIT):
        return None
    return _("Your position does not include changing the rules.")


def may_enter_projects(access: Access) -> Text | None:
    """Land projects are entered by the wards and communes in force that report to the City."""
    if access.standing(Permission.DIRECTIVE_REPORT):
        return None
    return _("Your position does not include entering land projects.")


def may_change_project(access: Access, project: LandProject, units: frozenset[int]) -> Text | None:
    """The people who report for one of the units where it takes land (``units``)."""
    if units & access.units(Permission.DIRECTIVE_REPORT):
        return None
    return _("Only the units where the project takes land keep its record.")


def may_link_cases(access: Access, project: LandProject, units: frozenset[int]) -> Text | None:
    """Whoever keeps the record and sees the cases of one of its units."""
    if refusal := may_change_project(access, project, units):
        return refusal
    if units & access.units(Permission.CASE_VIEW):
        return None
    return _("Your position does not include seeing the cases of these units.")


def _closed(signal: Signal) -> Text | None:
    return None if signal.is_live else _("The signal is closed.")
