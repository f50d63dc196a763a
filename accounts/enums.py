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
    ADMIN = "admin", _("system administrator")


class AbsenceReason(models.TextChoices):
    """Why somebody is absent; shown to that person and to who assigns the unit's work only."""

    LEAVE = "leave", _("on leave")
    MISSION = "mission", _("on a mission")
    ILLNESS = "illness", _("ill")
    OTHER = "other", _("another reason")
