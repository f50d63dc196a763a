from enum import StrEnum

from django.db import models


class StepKind(models.TextChoices):
    REMINDER = "reminder"
    ESCALATION = "escalation"


class Place(StrEnum):
    """Places from the desk upwards; an empty or barred one passes the step to the next."""

    HANDLER = "handler"
    HEAD = "head"
    BOARD = "board"
    CHAIR = "chair"
    INSPECTOR = "inspector"
