from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectiveKind(models.TextChoices):
    DIRECTIVE = "directive", _("directive (document)")
    OFFICIAL_LETTER = "official_letter", _("official letter")
    REGULATION = "regulation", _("regulation")
    CONCLUSION = "conclusion", _("conclusion document")
    PLAN = "plan", _("plan")
    DECISION = "decision", _("decision (document)")
    NOTICE = "notice", _("notice (document)")
    RESOLUTION = "resolution", _("resolution (document)")


class DirectiveState(models.TextChoices):
    """Where a document stands. Only what is in force can be given to units."""

    DRAFT = "draft", _("draft (document)")
    IN_FORCE = "in_force", _("in force")
    WITHDRAWN = "withdrawn", _("withdrawn (document)")
    REPLACED = "replaced", _("replaced (document)")


class Owed(models.TextChoices):
    """What becomes of the open tasks of a document when another replaces it."""

    KEEP = "keep", _("they go on as they are")
    WITHDRAW = "withdraw", _("they are withdrawn, their limits end")


class Confidentiality(models.TextChoices):
    """Who may read a document. State secrets do not belong here at all."""

    OPEN = "open", _("open (document)")
    INTERNAL = "internal", _("internal: never shown to the public")


class RelationKind(models.TextChoices):
    CONTINUES = "continues", _("continues")
    AMENDS = "amends", _("amends")
    REPLACES = "replaces", _("replaces")
    CARRIES_OUT = "carries_out", _("carries out")


class FileRole(models.TextChoices):
    """What a file of a directive is."""

    TEXT = "text", _("full text")
    ANNEX = "annex", _("annex")
    OTHER = "other", _("other paper")


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


class Rhythm(models.TextChoices):
    """How often a task is reported on: once, or after every period."""

    ONCE = "once", _("once")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every quarter")
    YEARLY = "yearly", _("every year")


class TaskSource(models.TextChoices):
    """Where the figure of a task comes from."""

    TYPED = "typed", _("reported by the unit")
    RECEPTIONS = "receptions", _("taken from the reception calendar")


class EvidenceSource(models.TextChoices):
    """Which register shows on a task what the unit holds."""

    PROGRAMMES = "programmes", _("coordination programmes (register)")
    RULES = "rules", _("rules on grassroots democracy (register)")
    OPINIONS = "opinions", _("opinion and situation reports (register)")
    MODELS = "models", _("models of “dân vận khéo” (register)")
    INDICES = "indices", _("indices (register)")
    PETITIONS = "petitions", _("early warnings and continuity (live)")


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("assigned")
    RECEIVED = "received", _("received (task)")
    IN_PROGRESS = "in_progress", _("in progress")
    REPORTED_DONE = "reported_done", _("reported as done")
    RETURNED = "returned", _("returned (task)")
    CONFIRMED = "confirmed", _("confirmed as done")
    WITHDRAWN = "withdrawn", _("withdrawn (task)")


class PeriodState(models.TextChoices):
    OPEN = "open", _("not reported yet")
    REPORTED = "reported", _("reported (period)")
    ACCEPTED = "accepted", _("accepted (period)")
    RETURNED = "returned", _("returned (period)")


class ReportKind(models.TextChoices):
    PROGRESS = "progress", _("progress report")
    COMPLETION = "completion", _("report of completion")
    PERIOD = "period", _("report of a period")


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("asked")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused (extension)")
    # Reported as done or withdrawn before anybody answered.
    LAPSED = "lapsed", _("no longer needed")


class PlanOrigin(models.TextChoices):
    NEW = "new", _("newly issued")
    REVIEWED = "reviewed", _("reviewed and amended")


class Verdict(models.TextChoices):
    """How a unit's figure stands to the target of its task."""

    MET = "met", _("target met")
    BELOW = "below", _("below the target")
    NONE = "none", _("no figure yet")


class LikenessState(models.TextChoices):
    """What the City says of reports that are alike."""

    OPEN = "open", _("to be looked at (likeness)")
    JUSTIFIED = "justified", _("justified (likeness)")


class ImportState(models.TextChoices):
    """Where a file of assignments stands."""

    CHECKED = "checked", _("checked (file)")
    RUNNING = "running", _("running (file)")
    DONE = "done", _("done (file)")
    FAILED = "failed", _("failed (file)")
    CANCELLED = "cancelled", _("cancelled (file)")


class ImportRowState(models.TextChoices):
    """What becomes of a row: ``existing`` the unit has the task already, ``refused`` something
    changed between the check and the run."""

    NEW = "new", _("new (row)")
    EXISTING = "existing", _("already given (row)")
    WRONG = "wrong", _("wrong (row)")
    GIVEN = "given", _("given (row)")
    REFUSED = "refused", _("refused (row)")


REPORTABLE = (AssignmentState.IN_PROGRESS, AssignmentState.REPORTED_DONE)
DONE = (AssignmentState.REPORTED_DONE, AssignmentState.CONFIRMED)
# The unit has still something to do.
OPEN_WORK = (
    AssignmentState.ASSIGNED,
    AssignmentState.RECEIVED,
    AssignmentState.IN_PROGRESS,
    AssignmentState.RETURNED,
)
NOT_BEGUN = (AssignmentState.ASSIGNED, AssignmentState.RECEIVED)
OVER = (AssignmentState.CONFIRMED, AssignmentState.WITHDRAWN)
# A period whose report was sent and stands.
TOLD = (PeriodState.REPORTED, PeriodState.ACCEPTED)
# A period whose report is owed.
OWED = (PeriodState.OPEN, PeriodState.RETURNED)
