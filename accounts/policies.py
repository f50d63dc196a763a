"""Who may do what with absences of colleagues, and who must have a second factor."""

from collections.abc import Set

from django.conf import settings

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.standing import standing_of


def can_record_absences_in(access: Access, unit_ids: Set[int]) -> bool:
    """Whether the absences of somebody who works in these units may be recorded and ended: by who
    gives out the work in one of them."""
    return bool(access.units(Permission.CASE_ASSIGN) & unit_ids)


def can_stand_in_by_own_word(access: Access, unit_ids: Set[int]) -> bool:
    """Whether somebody may name the own person as the deputy of a colleague of these units.

    Nobody gives the powers of another position to the own person, but for who has them already:
    who decides there.
    """
    return unit_ids <= access.units(Permission.CASE_DECIDE)


def needs_second_factor(user: User) -> bool:
    """Whether a signed-in person must set up a second factor before anything else.

    Accounts made by the demo's seed are excepted where the site is a demo, and nowhere else.
    """
    if settings.DEMO_MODE and user.is_demo:
        return False
    return not standing_of(user).has_second_factor
