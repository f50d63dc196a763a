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
    FORWARDED = "forwarded", _("from another body")


class MessageKind(models.TextChoices):
    """What a petitioner's message is; officers write plain messages only."""

    MESSAGE = "message", _("message")
    SUPPLEMENT = "supplement", _("supplement")
    WITHDRAWAL = "withdrawal", _("wish to withdraw")


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
    ANONYMOUS = "anonymous", _("sender not named")
    COLLECTIVE = "collective", _("collective")
    REROUTED = "rerouted", _("received by a neutral body")
    COMPLEX = "complex", _("complex")
    VERY_COMPLEX = "very_complex", _("very complex")
    TAKEN_OVER = "taken_over", _("taken over by the superior")
    FURTHER = "further", _("further denunciation")
    WITHDRAWN = "withdrawn", _("withdrawn")
    WITHDRAWN_PART = "withdrawn_part", _("withdrawn in part")


class Finding(models.TextChoices):
    """Why a limit grows: each is a written finding kept in the file."""

    SEVERAL_PLACES = "several_places", _("to be verified in several places or by delegation")
    COMPLEX = "complex", _("complex: one criterion of the law")
    VERY_COMPLEX = "very_complex", _("very complex: two criteria or more")


class Stage(models.TextChoices):
    """What a clock of a case measures."""

    ACCEPTANCE = "acceptance", _("first answer")
    NOTICE = "notice", _("notice of what happens")
    FORWARDING = "forwarding", _("sending on to the competent body")
    REVIEW = "review", _("review of a further denunciation")
    RESOLUTION = "resolution", _("result")
    DECISION_SENT = "decision_sent", _("sending the result")
    PUBLICATION = "publication", _("publication")
    HANDLING = "handling_of_conclusion", _("acting on the conclusion")


class OutcomeKind(models.TextChoices):
    DECISION = "decision", _("decision on the complaint")
    CONCLUSION = "conclusion", _("conclusion on the denunciation")
    REPLY = "reply", _("written reply")
    REFUSAL = "refusal", _("notice of refusal")
    GUIDANCE = "guidance", _("letter of guidance")
    RETURN = "return", _("letter of return")
    FORWARDING = "forwarding", _("forwarding slip")
    URGING = "urging", _("urging letter")
    RECEIVER_RESULT = "result", _("result of the receiving body")
    PUBLICATION = "publication", _("published text")


class OpeningGround(models.TextChoices):
    """Why a protected identity is opened (Articles 47 to 58 of the Law on Denunciations)."""

    VERIFY = "verify", _("to verify the denouncer's identity with the denouncer (Article 24)")
    POST = "post", _("to send a notice or decision by post")
    INVITE = "invite", _("to invite the denouncer to work or to a dialogue")
    PROTECT = "protect", _("to protect the denouncer or relatives (Articles 47 to 58)")
    REQUEST = "request", _("written request of a court, inspection or investigating body")
    JURISDICTION = "jurisdiction", _("to check a duplicate or the competent body")
    OTHER = "other", _("another ground, given in the text")
    # Written by the portal itself when a search by number finds a denunciation.
    COUNTER_SEARCH = "counter_search", _("found by a search for phone or identity number")
    # Openings from before grounds were chosen from a list.
    EARLIER = "earlier", _("recorded before grounds were listed")


# Those that an officer may choose.
OPENING_GROUNDS = tuple(
    ground
    for ground in OpeningGround
    if ground not in (OpeningGround.COUNTER_SEARCH, OpeningGround.EARLIER)
)


class CopyState(models.TextChoices):
    """Of a redacted copy (Article 56 of the Law on Denunciations)."""

    DRAFT = "draft", _("being made")
    RELEASED = "released", _("released")
    WITHDRAWN = "withdrawn", _("withdrawn")


class FileDecision(models.TextChoices):
    GIVEN = "given", _("in the copy")
    LEFT_OUT = "left_out", _("left out")


# Registers of letters (``petitions/services/registers.py``)
REGISTER_BOOK = "letters"
DENUNCIATION_BOOK = "denunciations"
# After the name of a book: its last number of the time when one book held all letters
SHARED_BOOK = ":shared"
