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
    # Decision 2200-QĐ/TU of the City Party Committee
    CONTACT = "contact", _("contact and dialogue with the Front and organisations")


class SessionMode(models.TextChoices):
    PLACE = "place", _("at the reception place")
    ONLINE = "online", _("online")
    BOTH = "both", _("at the reception place and online")


class AdHocTrigger(models.TextChoices):
    """Why a leader receives outside the calendar (Article 18(3) of the Law on Citizen Reception,
    Regulation 11-QĐi/TW)."""

    MASS = "mass", _("many people on one matter")
    COMPLEX = "complex", _("complex, several bodies responsible or of different opinions")
    PROLONGED = "prolonged", _("prolonged")
    SERIOUS = "serious", _("serious consequences feared unless something is done in time")


class SessionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    HELD = "held", _("held")
    MISSED = "missed", _("the leader did not receive")
    CANCELLED = "cancelled", _("cancelled")


class RegistrationStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("to be confirmed")
    REGISTERED = "registered", _("registered")
    WAITING = "waiting", _("on the waiting list")
    CANCELLED = "cancelled", _("cancelled")
    CALLED = "called", _("called in")
    PARKED = "parked", _("put back for now")
    RECEIVED = "received", _("received by the leader")
    REFUSED = "refused", _("not received, with a legal ground")
    ABSENT = "absent", _("did not come")


class RegistrationSource(models.TextChoices):
    CITIZEN = "citizen", _("registered online")
    OFFICER = "officer", _("registered by an officer")
    WALK_IN = "walk_in", _("came without registering")


class TellReason(models.TextChoices):
    """What somebody who is registered must be told by telephone."""

    MOVED = "moved", _("the session was moved")
    CHANGED = "changed", _("the session was changed")
    CANCELLED = "cancelled", _("the session was called off")
    MISSED = "missed", _("the leader did not receive")
    HANDED_OVER = "handed_over", _("another leader receives")
    OTHER_SESSION = "other_session", _("the registration was moved to another session")
    PLACE_FREE = "place_free", _("a place became free")
    ONLINE = "online", _("how to take part online")


class Need(models.TextChoices):
    """What a visitor needs to be heard."""

    SIGN_LANGUAGE = "sign_language", _("sign language interpreter")
    LANGUAGE = "language", _("interpreter of another language")
    WHEELCHAIR = "wheelchair", _("access without steps")
    HELP = "help", _("somebody who helps to read and write")


class VisitOutcome(models.TextChoices):
    """What a reception ended with (Article 25 of Decree 154/2026)."""

    ANSWERED = "answered", _("answered on the spot")
    TAKEN_IN = "taken_in", _("taken in, to be answered later")
    GUIDED = "guided", _("guided to the competent body")
    FORWARDED = "forwarded", _("forwarded to the competent body")
    CONCLUSION = "conclusion", _("conclusion with a task")


class TaskState(models.TextChoices):
    """A row of a conclusion notice on its way."""

    ASSIGNED = "assigned", _("assigned")
    RECEIVED = "received", _("received")
    REPORTED = "reported", _("reported done")
    RETURNED = "returned", _("returned")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")


class PaperCondition(models.TextChoices):
    """Form 02/TCD of Decree 154/2026."""

    ORIGINAL = "original", _("original")
    COPY = "copy", _("copy")
    CERTIFIED = "certified", _("certified copy")


class OnlineStep(models.TextChoices):
    """What comes before an online reception (Articles 23 and 24 of Decree 154/2026)."""

    NOTICE = "notice", _("those who take part are told")
    TEST = "test", _("the connection is tested")
    CONNECTED = "connected", _("all ends are connected")
    RECORDING = "recording", _("sound and picture are recorded")


class Recording(models.TextChoices):
    """What became of the recording of an online reception when somebody denounced in it."""

    STOPPED = "stopped", _("stopped when the visitor began to denounce")
    WAIVED = "waived", _("went on: the visitor asks for no protection of identity")


class SignedHow(models.TextChoices):
    PAPER = "paper", _("signed on paper")
    TICK = "tick", _("agreed on the screen")
    REFUSED = "refused", _("would not sign")
