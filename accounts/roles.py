"""Role → permission, the only table of rights. Code tests permissions, never role names.

A grant's ``unit`` permissions reach the unit of the membership, its ``city`` permissions every
unit.
"""

from enum import StrEnum
from typing import NamedTuple

from accounts.enums import Role


class Permission(StrEnum):
    CASE_VIEW = "case.view"
    DENUNCIATION_VIEW = "denunciation.view"
    IDENTITY_OPEN = "identity.open"
    LETTER_REGISTER = "letter.register"
    CASE_TRIAGE = "case.triage"
    CASE_ASSIGN = "case.assign"
    CASE_HANDLE = "case.handle"
    CASE_DECIDE = "case.decide"
    ESCALATION_ANSWER = "escalation.answer"
    RECEPTION_VIEW = "reception.view"
    RECEPTION_PLAN = "reception.plan"
    RECEPTION_HOLD = "reception.hold"
    RECEPTION_REGISTER = "reception.register"
    DIRECTIVE_VIEW = "directive.view"
    DIRECTIVE_ASSIGN = "directive.assign"
    DIRECTIVE_REPORT = "directive.report"
    OVERVIEW_VIEW = "overview.view"
    REFERENCE_EDIT = "reference.edit"


P = Permission


class Grant(NamedTuple):
    unit: frozenset[Permission] = frozenset()
    city: frozenset[Permission] = frozenset()


def _grant(*unit: Permission, city: tuple[Permission, ...] = ()) -> Grant:
    return Grant(frozenset(unit), frozenset(city))


_DESK = (P.CASE_VIEW, P.RECEPTION_VIEW, P.DIRECTIVE_VIEW)
_CITY_WATCH = (P.OVERVIEW_VIEW, P.DIRECTIVE_VIEW, P.RECEPTION_VIEW)

# What a deputy gets of the absent person's rights in the unit: being told, seeing and answering.
# Deciding, denunciations and identities are not delegated by an absence.
STAND_IN = frozenset({P.CASE_VIEW, P.ESCALATION_ANSWER})

GRANTS: dict[Role, Grant] = {
    Role.CLERK: _grant(
        *_DESK,
        P.DENUNCIATION_VIEW,
        P.IDENTITY_OPEN,
        P.LETTER_REGISTER,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.RECEPTION_REGISTER,
        P.DIRECTIVE_REPORT,
    ),
    # Verifiers work on the redacted copy: no identity, and denunciations only when assigned
    # (Article 56 of the Law on Denunciations).
    Role.HANDLER: _grant(*_DESK, P.CASE_HANDLE, P.DIRECTIVE_REPORT),
    Role.HEAD: _grant(
        *_DESK,
        P.DENUNCIATION_VIEW,
        P.IDENTITY_OPEN,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.CASE_DECIDE,
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        P.RECEPTION_REGISTER,
        P.DIRECTIVE_REPORT,
        P.OVERVIEW_VIEW,
    ),
    Role.SECRETARY: _grant(
        *_DESK,
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        P.RECEPTION_REGISTER,
        P.DIRECTIVE_REPORT,
        P.OVERVIEW_VIEW,
    ),
    Role.FRONT: _grant(P.RECEPTION_VIEW, P.DIRECTIVE_VIEW, P.DIRECTIVE_REPORT),
    Role.BOARD_OFFICER: _grant(
        P.DENUNCIATION_VIEW,
        P.IDENTITY_OPEN,
        P.LETTER_REGISTER,
        P.CASE_VIEW,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.RECEPTION_REGISTER,
        city=_CITY_WATCH,
    ),
    Role.BOARD_HEAD: _grant(
        P.IDENTITY_OPEN,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.CASE_DECIDE,
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        P.RECEPTION_REGISTER,
        city=(*_CITY_WATCH, P.CASE_VIEW, P.DENUNCIATION_VIEW),
    ),
    # Two bodies with one position each: whoever holds it does every step of their cases.
    Role.CITY_CHAIR: _grant(
        P.IDENTITY_OPEN,
        P.LETTER_REGISTER,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.CASE_DECIDE,
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        city=(*_CITY_WATCH, P.CASE_VIEW, P.DENUNCIATION_VIEW),
    ),
    Role.CITY_SECRETARY: _grant(
        P.RECEPTION_PLAN, P.RECEPTION_HOLD, city=(*_CITY_WATCH, P.CASE_VIEW)
    ),
    Role.PARTY_OFFICE: _grant(P.RECEPTION_PLAN, city=(*_CITY_WATCH, P.DIRECTIVE_ASSIGN)),
    Role.INTERNAL_AFFAIRS: _grant(city=_CITY_WATCH),
    Role.PROPAGANDA: _grant(city=(*_CITY_WATCH, P.DIRECTIVE_ASSIGN)),
    Role.CITY_FRONT: _grant(P.DIRECTIVE_REPORT, city=_CITY_WATCH),
    Role.INSPECTOR: _grant(
        P.IDENTITY_OPEN,
        P.LETTER_REGISTER,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.CASE_DECIDE,
        P.ESCALATION_ANSWER,
        city=(*_CITY_WATCH, P.CASE_VIEW, P.DENUNCIATION_VIEW),
    ),
    # An administrator keeps the reference data and sees no case.
    Role.ADMIN: _grant(P.REFERENCE_EDIT, city=(P.DIRECTIVE_VIEW,)),
}
