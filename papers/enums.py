"""Stored values of papers; labels are translated for screens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting to be issued")
    ISSUED = "issued", _("issued")
    REPLACED = "replaced", _("replaced by another paper")
    VOIDED = "voided", _("void")


UNISSUED = (PaperState.DRAFT, PaperState.SUBMITTED)
# What another paper puts right: also one whose replacement is void by now.
CORRECTED = (PaperState.ISSUED, PaperState.REPLACED)
