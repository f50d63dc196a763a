"""Stored values of petitions and cases; labels are translated for screens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMPLAINT = "complaint", _("complaint")
    DENUNCIATION = "denunciation", _("denunciation")
    RECOMMENDATION = "recommendation", _("recommendation")
    FEEDBACK = "feedback", _("feedback")


class Channel(models.TextChoices):
    ONLINE = "online", _("online")
    PAPER = "paper", _("on paper")
    RECEPTION = "reception", _("at a reception")


class PartyRole(models.TextChoices):
    PETITIONER = "petitioner", _("petitioner")
    RESPONDENT = "respondent", _("respondent")


class RespondentPosition(models.TextChoices):
    HEAD = "head", _("head of the unit")
    DEPUTY = "deputy", _("deputy head of the unit")
    OFFICER = "officer", _("officer of the unit")
    UNKNOWN = "unknown", _("not known")


class Flag(models.TextChoices):
    """Marks on a case that are not states."""

    UNSIGNED = "unsigned", _("not signed yet")
    INFORMATION = "information", _("information with accusations")
    COLLECTIVE = "collective", _("collective")
    REROUTED = "rerouted", _("received by a neutral body")
    COMPLEX = "complex", _("complex")
    VERY_COMPLEX = "very_complex", _("very complex")


class Finding(models.TextChoices):
    """Why a limit grows: each is a written finding kept in the file."""

    SEVERAL_PLACES = "several_places", _("to be verified in several places or by delegation")
    COMPLEX = "complex", _("complex: one criterion of the law")
    VERY_COMPLEX = "very_complex", _("very complex: two criteria or more")


class Stage(models.TextChoices):
    """What a clock of a case measures."""

    ACCEPTANCE = "acceptance", _("first answer")
    NOTICE = "notice", _("notice of what happens")
    RESOLUTION = "resolution", _("result")
    DECISION_SENT = "decision_sent", _("sending the result")


class OutcomeKind(models.TextChoices):
    DECISION = "decision", _("decision on the complaint")
    CONCLUSION = "conclusion", _("conclusion on the denunciation")
    REPLY = "reply", _("written reply")
    REFUSAL = "refusal", _("notice of refusal")
    GUIDANCE = "guidance", _("letter of guidance")


class RefusalGround(models.TextChoices):
    """The nine grounds not to accept a complaint, Article 11 of the Law on Complaints."""

    INTERNAL_DECISION = "internal_decision", _("internal or normative decision")
    NO_DIRECT_EFFECT = (
        "no_direct_effect",
        _("no direct effect on the complainant's rights"),
    )
    NO_CAPACITY = "no_capacity", _("no legal capacity and no lawful representative")
    REPRESENTATIVE_UNLAWFUL = (
        "representative_unlawful",
        _("the representative is not lawful"),
    )
    UNSIGNED = "unsigned", _("no signature or fingerprint")
    TIME_BAR = "time_bar", _("time bar or time limit passed without good reason")
    SECOND_DECISION = "second_decision", _("a second-instance decision exists")
    TERMINATED = "terminated", _("terminated and not resumed within 30 days")
    IN_COURT = "in_court", _("accepted or decided by a court")
