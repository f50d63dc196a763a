from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectiveKind(models.TextChoices):
    DIRECTIVE = "directive", _("directive (document)")
    OFFICIAL_LETTER = "official_letter", _("official letter")
    REGULATION = "regulation", _("regulation")
    CONCLUSION = "conclusion", _("conclusion document")
    PLAN = "plan", _("plan")


class RelationKind(models.TextChoices):
    CONTINUES = "continues", _("continues")
    AMENDS = "amends", _("amends")
    REPLACES = "replaces", _("replaces")
    CARRIES_OUT = "carries_out", _("carries out")


class Indicator(models.TextChoices):
    COUNT = "count", _("a number")
    PERCENTAGE = "percentage", _("a percentage")
    YES_NO = "yes_no", _("yes or no")
    DATE = "date", _("a date")


class Addressee(models.TextChoices):
    """Who in the unit a task is given to."""

    PARTY_COMMITTEE = "party_committee", _("Party committee")
    AUTHORITY = "authority", _("authority")
    FRONT = "front", _("Fatherland Front")


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("assigned")
    IN_PROGRESS = "in_progress", _("in progress")
    REPORTED_DONE = "reported_done", _("reported as done")
    CONFIRMED = "confirmed", _("confirmed as done")


REPORTABLE = (AssignmentState.IN_PROGRESS, AssignmentState.REPORTED_DONE)
DONE = (AssignmentState.REPORTED_DONE, AssignmentState.CONFIRMED)
