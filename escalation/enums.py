from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    REMINDER = "reminder", _("reminder")
    ESCALATION = "escalation", _("escalation")


class Place(StrEnum):
    """Places from the desk upwards; an empty or barred one passes the step to the next."""

    HANDLER = "handler"
    HEAD = "head"
    # The body that sent the petition on, if any: it urges (Decree 154/2026, Articles 6.4, 32.1).
    FORWARDER = "forwarder"
    # Of the unit that a task of a conclusion was given to; then who concluded, by whose post:
    # the head or the Party secretary of the unit that received the citizen.
    PARTY = "party"
    CONCLUDER = "concluder"
    CONCLUDER_PARTY = "concluder_party"
    # Tasks of directives: the Front of the commune, the City's body in charge of the task, the
    # Office of the City Party Committee, which is told, and the City's secretary.
    FRONT = "front"
    LEAD = "lead"
    PARTY_OFFICE = "party_office"
    CITY_SECRETARY = "city_secretary"
    BOARD = "board"
    CHAIR = "chair"
    INSPECTOR = "inspector"
    # Beside the ladder: told of what came through his own reception, never climbed to.
    SECRETARY = "secretary"


class LadderGroup(models.TextChoices):
    """What kind of clock a ladder is for."""

    FIRST_ANSWER = "first_answer", _("first answer: acceptance, notice, sending on")
    RESOLUTION = "resolution", _("result")
    DUTY = "duty", _("duties after the result")
    INTERNAL = "internal", _("internal targets")


class Anchor(StrEnum):
    """What the days of a step are counted from."""

    DUE = "due"
    START = "start"


class AnswerStep(models.TextChoices):
    """What the position that was escalated to does: it confirms with one of these."""

    ANSWER = "answer", _("answer why and by when")
    TAKE_OVER = "take_over", _("take it over")
    REASSIGN = "reassign", _("give it to another officer")
    EXTEND = "extend", _("extend as the law allows")
