from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeState(models.TextChoices):
    """Where a coordination programme stands. One whose time has run out stays in force here and is
    shown as expired by its date."""

    DRAFT = "draft", _("draft (programme)")
    IN_FORCE = "in_force", _("in force (programme)")
    ENDED = "ended", _("ended early")
    RENEWED = "renewed", _("renewed by another programme")


class RuleState(models.TextChoices):
    """Where rules on grassroots democracy stand in a unit; without a row they are to be reviewed."""

    TO_REVIEW = "to_review", _("to be reviewed")
    UNDER_REVIEW = "under_review", _("under review")
    DRAFTING = "drafting", _("being drafted")
    PROMULGATED = "promulgated", _("promulgated")
    AMENDED = "amended", _("amended (rules)")
    REPEALED = "repealed", _("repealed")


class OpinionPeriod(models.TextChoices):
    WEEK = "week", _("week (report)")
    MONTH = "month", _("month (report)")
    QUARTER = "quarter", _("quarter (report)")
    AD_HOC = "ad_hoc", _("ad hoc (report)")


class OpinionState(models.TextChoices):
    DRAFT = "draft", _("draft (report)")
    SENT = "sent", _("sent, not read yet")
    READ = "read", _("read by the City")
    RETURNED = "returned", _("returned (report)")


class OpinionSecrecy(models.TextChoices):
    """Who may read an opinion report. State secrets do not belong here at all."""

    NORMAL = "normal", _("normal: the unit and the City's bodies")
    CONFIDENTIAL = (
        "confidential",
        _("confidential: the unit's leaders, its author, the City's Party bodies"),
    )


# Rules that hold.
RULES_HOLD = (RuleState.PROMULGATED, RuleState.AMENDED)
# The next states of rules.
RULE_NEXT: dict[str, tuple[RuleState, ...]] = {
    RuleState.TO_REVIEW: (RuleState.UNDER_REVIEW, RuleState.DRAFTING, RuleState.PROMULGATED),
    RuleState.UNDER_REVIEW: (
        RuleState.DRAFTING,
        RuleState.PROMULGATED,
        RuleState.AMENDED,
        RuleState.REPEALED,
    ),
    RuleState.DRAFTING: (RuleState.UNDER_REVIEW, RuleState.PROMULGATED, RuleState.AMENDED),
    RuleState.PROMULGATED: (
        RuleState.UNDER_REVIEW,
        RuleState.DRAFTING,
        RuleState.AMENDED,
        RuleState.REPEALED,
    ),
    RuleState.AMENDED: (RuleState.UNDER_REVIEW, RuleState.DRAFTING, RuleState.REPEALED),
    RuleState.REPEALED: (RuleState.DRAFTING, RuleState.PROMULGATED),
}
