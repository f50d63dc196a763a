from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Positions that people hold in a unit. Code asks for permissions, never for these."""

    CLERK = "clerk", _("clerk")
    HANDLER = "handler", _("handling officer")
    HEAD = "head", _("chair of the People's Committee")
    SECRETARY = "secretary", _("Party secretary")
    FRONT = "front", _("commune Fatherland Front")
    BOARD_OFFICER = "board_officer", _("reception board officer")
    BOARD_HEAD = "board_head", _("head of the reception board")
    CITY_CHAIR = "city_chair", _("chair of the City People's Committee")
    CITY_SECRETARY = "city_secretary", _("secretary of the City Party Committee")
    PARTY_OFFICE = "party_office", _("Office of the City Party Committee")
    INTERNAL_AFFAIRS = "internal_affairs", _("City Internal Affairs Commission")
    PROPAGANDA = "propaganda", _("City Commission for Propaganda and Mass Mobilisation")
    CITY_FRONT = "city_front", _("City Fatherland Front")
    INSPECTOR = "inspector", _("inspector")
    # Bodies of the City that hold no cases: their heads receive citizens and do what conclusions
    # of receptions gave them to do.
    AGENCY_HEAD = "agency_head", _("head of a body of the City")
    SERVICE_HEAD = "service_head", _("head of a public service unit of the City")
    # Of the office behind a leader: of the City Party Committee, of the City's chair, of a body.
    RECEPTION_OFFICER = "reception_officer", _("officer who prepares receptions")
    ADMIN = "admin", _("system administrator")


# The posts without which a ward or commune cannot do its work.
COMMUNE_POSTS = (Role.SECRETARY.value, Role.HEAD.value, Role.CLERK.value)


class AbsenceReason(models.TextChoices):
    """Why somebody is absent; shown to that person and to who assigns the unit's work only."""

    LEAVE = "leave", _("on leave")
    MISSION = "mission", _("on a mission")
    ILLNESS = "illness", _("ill")
    OTHER = "other", _("another reason")


class Device(models.TextChoices):
    """The kind of device of a sign-in, in words; nothing finer is kept."""

    COMPUTER = "computer", _("computer")
    PHONE = "phone", _("telephone")
    TABLET = "tablet", _("tablet")
    UNKNOWN = "unknown", _("unknown device")


class SignInEnd(models.TextChoices):
    """Why a sign-in ended."""

    LEFT = "left", _("signed out")
    REVOKED = "revoked", _("ended from another device")
    IDLE = "idle", _("not used for an hour")
    TOO_LONG = "too_long", _("open for twelve hours")
    PASSWORD = "password", _("password changed")
    ADMIN = "admin", _("ended by an administrator")


class ElevationGround(models.TextChoices):
    """Why an administrator needs the rights for a while."""

    ACCOUNTS = "accounts", _("open, change or lock accounts and roles")
    RECOVERY = "recovery", _("a person lost password or second factor")
    REFERENCE = "reference", _("look at or check reference data")
    INCIDENT = "incident", _("an incident or a suspected attack")
    INSPECTION = "inspection", _("an inspection asked for it")


class Scope(models.TextChoices):
    """What an API token may be used for, inside the rights of its user."""

    CASES_READ = "cases.read", _("read petitions and cases")
    CASES_WRITE = "cases.write", _("enter petitions and take steps in cases")
    RECEPTIONS_READ = "receptions.read", _("read reception days")
    RECEPTIONS_WRITE = "receptions.write", _("plan and record reception days")
    DIRECTIVES_READ = "directives.read", _("read directives")
    DIRECTIVES_WRITE = "directives.write", _("report on directives")
    ESCALATIONS_READ = "escalations.read", _("read escalations")
    ESCALATIONS_WRITE = "escalations.write", _("answer escalations")
    REPORTS_READ = "reports.read", _("read figures and reports")
