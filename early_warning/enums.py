"""Stored values of signals and land projects; labels are translated for screens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WarningKind(models.TextChoices):
    MASS = "mass", _("mass")
    CROSS_LEVEL = "cross_level", _("cross-level")
    PROLONGED = "prolonged", _("prolonged (signal)")
    COMPLEX = "complex", _("complex (signal)")
    RISING = "rising", _("sudden rise")
    LAND_STAGE = "land_stage", _("rise after a stage of land acquisition")


class SignalState(models.TextChoices):
    OPEN = "open", _("new (signal)")
    WATCHED = "watched", _("being followed")
    SETTLED = "settled", _("settled (signal)")
    FALSE_ALARM = "false_alarm", _("false alarm")


class NoteKind(models.TextChoices):
    """What was done about a signal."""

    APPOINTED = "appointed", _("owner appointed")
    FOLLOW_UP = "follow_up", _("follow-up")
    SETTLED = "settled", _("settled (signal)")
    FALSE_ALARM = "false_alarm", _("false alarm")
    REOPENED = "reopened", _("opened again")


class LandStage(models.TextChoices):
    """Stages of acquiring land, in their order."""

    ANNOUNCE = "announce", _("acquisition announced")
    INVENTORY = "inventory", _("inventory made")
    PLAN_PUBLISHED = "plan_published", _("compensation plan published for comment")
    PLAN_APPROVED = "plan_approved", _("compensation plan approved")
    PAY = "pay", _("compensation paid")
    RESETTLE = "resettle", _("resettlement and handing over of land")


LIVE = (SignalState.OPEN, SignalState.WATCHED)
CLOSED = (SignalState.SETTLED, SignalState.FALSE_ALARM)
JUDGED = (NoteKind.SETTLED, NoteKind.FALSE_ALARM)
STAGES = tuple(LandStage)
# Subject fields of petitions that a land project may draw.
LAND_FIELDS = ("land_compensation", "land_planning", "land_title")
