"""People who work with the portal, what they hold where, and how they sign in."""

from accounts.models.people import (
    Absence,
    AbsenceQuerySet,
    AccountEvent,
    Membership,
    MembershipQuerySet,
    PortalUserManager,
    Standing,
    User,
    absent_on,
)
from accounts.models.powers import Delegation, DelegationQuerySet, Elevation, ElevationQuerySet
from accounts.models.resets import PasswordReset
from accounts.models.sign_ins import SignIn, SignInLock, SignInQuerySet
from accounts.models.tokens import ApiToken

__all__ = [
    "Absence",
    "AbsenceQuerySet",
    "AccountEvent",
    "ApiToken",
    "Delegation",
    "DelegationQuerySet",
    "Elevation",
    "ElevationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "PasswordReset",
    "PortalUserManager",
    "SignIn",
    "SignInLock",
    "SignInQuerySet",
    "Standing",
    "User",
    "absent_on",
]
