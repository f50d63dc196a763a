from django.db import models
from django.utils.translation import gettext_lazy as _


class ReformKind(models.TextChoices):
    MERGE = "merge", _("merge units into one")
    SPLIT = "split", _("split a unit")
    RENAME = "rename", _("rename a unit")


class ReformState(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    SUBMITTED = "submitted", _("waits for a second person")
    APPROVED = "approved", _("approved, waits for its day")
    DONE = "done", _("carried out")
    CANCELLED = "cancelled", _("cancelled")


OVER = (ReformState.DONE, ReformState.CANCELLED)


class Side(models.TextChoices):
    FROM = "from", _("before")
    TO = "to", _("afterwards")


class GapKind(models.TextChoices):
    """What lies untouched or without a holder."""

    VACANT = "vacant", _("Post without a holder")
    ENDING = "ending", _("Post that ends without a successor")
    ABSENT = "absent", _("Holder absent without a deputy")
    PETITIONS = "petitions", _("Petitions that nobody touches")
    OFFERED = "offered", _("Forwarded petitions without an answer")
    TASKS = "tasks", _("Tasks of directives not received")
    OFFICER = "officer", _("Petitions of somebody who left or is absent")
    OWNER = "owner", _("Tasks of somebody who left or is absent")
    LEADER = "leader", _("Reception day of somebody who left")
    ENDED = "ended", _("Work at a unit that is no more")
    REFORM = "reform", _("Reform of units not carried out")


DUTIES = (GapKind.VACANT, GapKind.ENDING, GapKind.ABSENT)
INBOXES = (GapKind.PETITIONS, GapKind.OFFERED, GapKind.TASKS)
HANDOVERS = (GapKind.OFFICER, GapKind.OWNER, GapKind.LEADER, GapKind.ENDED, GapKind.REFORM)
