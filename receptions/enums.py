"""Stored values of reception days; labels are translated for screens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyHolder(models.TextChoices):
    """In which capacity a leader receives; a person with two posts has two duties."""

    PARTY_SECRETARY = "party_secretary", _("Party secretary")
    PEOPLE_COMMITTEE_CHAIR = "people_committee_chair", _("chair of the People's Committee")
    HEAD_OF_AGENCY = "head_of_agency", _("head of the agency")
    HEAD_OF_PUBLIC_SERVICE_UNIT = (
        "head_of_public_service_unit",
        _("head of the public service unit"),
    )


class Level(models.TextChoices):
    CITY = "city", _("city")
    COMMUNE = "commune", _("ward or commune")
    ANY = "any", _("any level")


class Per(models.TextChoices):
    MONTH = "month", _("a month")
    WEEK = "week", _("a week")


class SessionKind(models.TextChoices):
    REGULAR = "regular", _("regular reception")
    PERIODIC = "periodic", _("periodic reception")
    AD_HOC = "ad_hoc", _("ad hoc reception")
    DIALOGUE = "dialogue", _("dialogue with citizens")


class SessionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class RegistrationStatus(models.TextChoices):
    REGISTERED = "registered", _("registered")
    WAITING = "waiting", _("on the waiting list")
    CANCELLED = "cancelled", _("cancelled")
    RECEIVED = "received", _("received by the leader")
    ABSENT = "absent", _("did not come")


class VisitOutcome(models.TextChoices):
    """What a reception ended with (Article 25 of Decree 154/2026)."""

    ANSWERED = "answered", _("answered on the spot")
    TAKEN_IN = "taken_in", _("taken in, to be answered later")
    GUIDED = "guided", _("guided to the competent body")
    CONCLUSION = "conclusion", _("conclusion with a task")
