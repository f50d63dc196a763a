"""Role → permission, the only table of rights. Code tests permissions, never role names.

A grant's ``unit`` permissions reach the unit of the membership, its ``city`` permissions every
unit.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    RECEPTION_URGE = "reception.urge"
    RECEPTION_TASKS = "reception.tasks"
    DIRECTIVE_VIEW = "directive.view"
    DIRECTIVE_ASSIGN = "directive.assign"
    DIRECTIVE_REPORT = "directive.report"
    # Confidential opinion reports of the unit; never handed over.
    OPINION_CONFIDENTIAL = "opinion.confidential"
    EXEMPLAR_RECOGNISE = "exemplar.recognise"
    OVERVIEW_VIEW = "overview.view"
    REFERENCE_EDIT = "reference.edit"
    ELEVATE = "account.elevate"
    ELEVATION_VIEW = "elevation.view"
    ACCOUNT_KEEP = "account.keep"
    REFERENCE_INSPECT = "reference.inspect"
    HISTORY_VIEW = "history.view"


P = Permission
PERMISSION_WORDS: dict[Permission, Promise] = {
    P.CASE_VIEW: _("see the cases of the unit"),
    P.CASE_TRIAGE: _("classify petitions"),
    P.CASE_ASSIGN: _("assign cases"),
    P.CASE_HANDLE: _("handle cases"),
    P.CASE_DECIDE: _("decide and sign"),
    P.ESCALATION_ANSWER: _("answer escalations"),
    P.RECEPTION_PLAN: _("plan reception days"),
    P.RECEPTION_HOLD: _("hold reception days"),
    P.RECEPTION_REGISTER: _("register visitors"),
    P.DIRECTIVE_REPORT: _("report on directives"),
    P.OVERVIEW_VIEW: _("see the figures of the unit"),
    P.DENUNCIATION_VIEW: _("see denunciations"),
    P.IDENTITY_OPEN: _("open sealed identities"),
    P.ACCOUNT_KEEP: _("accounts, roles, locks and lost second factors"),
    P.REFERENCE_INSPECT: _("the site of reference data, to read"),
}


class Grant(NamedTuple):
    unit: frozenset[Permission] = frozenset()
    city: frozenset[Permission] = frozenset()


def _grant(*unit: Permission, city: tuple[Permission, ...] = ()) -> Grant:
    return Grant(frozenset(unit), frozenset(city))


_DESK = (P.CASE_VIEW, P.RECEPTION_VIEW, P.DIRECTIVE_VIEW)
_HEAD_WITHOUT_CASES = _grant(
    P.RECEPTION_VIEW,
    P.DIRECTIVE_VIEW,
    P.ESCALATION_ANSWER,
    P.RECEPTION_PLAN,
    P.RECEPTION_HOLD,
    P.RECEPTION_REGISTER,
    P.OVERVIEW_VIEW,
)
_CITY_WATCH = (P.OVERVIEW_VIEW, P.DIRECTIVE_VIEW, P.RECEPTION_VIEW)

# What a deputy gets of the absent person's rights in the unit: being told, seeing and answering.
# Deciding, denunciations and identities are not delegated by an absence.
STAND_IN = frozenset({P.CASE_VIEW, P.ESCALATION_ANSWER, P.RECEPTION_TASKS})

# What an administrator holds while elevated, and at no other time: accounts and the admin site.
# Never cases, never identities.
ELEVATED = frozenset({P.ACCOUNT_KEEP, P.REFERENCE_INSPECT})

# Who learns at once that an administrator took elevated rights, and reads who took them.
TOLD_OF_ELEVATION = (Role.ADMIN, Role.INTERNAL_AFFAIRS, Role.BOARD_HEAD)

# What a head may hand over to a colleague of the unit for a while: work on cases and receptions.
DELEGABLE = frozenset(
    {
        P.CASE_VIEW,
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
        P.DENUNCIATION_VIEW,
        P.IDENTITY_OPEN,
    }
)
# Handed over only when named one by one (Article 56 of the Law on Denunciations).
NAMED_ONLY = frozenset({P.DENUNCIATION_VIEW, P.IDENTITY_OPEN})

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
        P.OPINION_CONFIDENTIAL,
        P.OVERVIEW_VIEW,
    ),
    Role.SECRETARY: _grant(
        *_DESK,
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        P.RECEPTION_REGISTER,
        P.DIRECTIVE_REPORT,
        P.OPINION_CONFIDENTIAL,
        # For the unit's Party committee.
        P.EXEMPLAR_RECOGNISE,
        P.OVERVIEW_VIEW,
    ),
    Role.FRONT: _grant(P.RECEPTION_VIEW, P.DIRECTIVE_VIEW, P.DIRECTIVE_REPORT, P.ESCALATION_ANSWER),
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
        city=(
            *_CITY_WATCH,
            P.CASE_VIEW,
            P.DENUNCIATION_VIEW,
            P.ELEVATION_VIEW,
            P.RECEPTION_URGE,
        ),
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
        city=(*_CITY_WATCH, P.CASE_VIEW, P.DENUNCIATION_VIEW, P.RECEPTION_URGE),
    ),
    # Tasks of his conclusions come back to him when they are late.
    Role.CITY_SECRETARY: _grant(
        P.ESCALATION_ANSWER,
        P.RECEPTION_PLAN,
        P.RECEPTION_HOLD,
        city=(*_CITY_WATCH, P.CASE_VIEW, P.RECEPTION_URGE),
    ),
    # Late tasks of directives climb to the body in charge, which answers; tasks that conclusions
    # of receptions give to these four bodies are theirs to do.
    Role.PARTY_OFFICE: _grant(
        P.RECEPTION_PLAN,
        P.RECEPTION_TASKS,
        P.ESCALATION_ANSWER,
        city=(*_CITY_WATCH, P.DIRECTIVE_ASSIGN, P.RECEPTION_URGE),
    ),
    Role.INTERNAL_AFFAIRS: _grant(
        P.RECEPTION_TASKS,
        P.ESCALATION_ANSWER,
        city=(*_CITY_WATCH, P.HISTORY_VIEW, P.ELEVATION_VIEW, P.RECEPTION_URGE),
    ),
    Role.PROPAGANDA: _grant(
        P.RECEPTION_TASKS, P.ESCALATION_ANSWER, city=(*_CITY_WATCH, P.DIRECTIVE_ASSIGN)
    ),
    Role.CITY_FRONT: _grant(
        P.RECEPTION_TASKS, P.DIRECTIVE_REPORT, P.ESCALATION_ANSWER, city=_CITY_WATCH
    ),
    Role.INSPECTOR: _grant(
        P.IDENTITY_OPEN,
        P.LETTER_REGISTER,
        P.CASE_TRIAGE,
        P.CASE_ASSIGN,
        P.CASE_HANDLE,
        P.CASE_DECIDE,
        P.ESCALATION_ANSWER,
        # The counter of the day; the day itself is the head's, who is ``AGENCY_HEAD`` there.
        P.RECEPTION_REGISTER,
        city=(*_CITY_WATCH, P.CASE_VIEW, P.DENUNCIATION_VIEW),
    ),
    Role.AGENCY_HEAD: _HEAD_WITHOUT_CASES,
    Role.SERVICE_HEAD: _HEAD_WITHOUT_CASES,
    Role.RECEPTION_OFFICER: _grant(
        P.RECEPTION_VIEW, P.DIRECTIVE_VIEW, P.RECEPTION_PLAN, P.RECEPTION_REGISTER
    ),
    # An administrator keeps the reference data and sees no case.
    Role.ADMIN: _grant(
        P.REFERENCE_EDIT, P.ELEVATE, city=(P.DIRECTIVE_VIEW, P.HISTORY_VIEW, P.ELEVATION_VIEW)
    ),
}
