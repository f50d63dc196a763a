"""Stored values of reports; labels are translated for screens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """Where a batch of registers stands."""

    RUNNING = "running", _("running (batch)")
    DONE = "done", _("done (batch)")
    FAILED = "failed", _("failed (batch)")
    CANCELLED = "cancelled", _("cancelled (batch)")


class BatchKind(models.TextChoices):
    """What a batch makes: registers of months as files, or the papers of a day as one to print."""

    REGISTERS = "registers", _("monthly registers")
    PAPERS = "papers", _("papers to print")


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    PDF = "pdf", "PDF"
