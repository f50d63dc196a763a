"""What the portal tells, as data: which text belongs to which topic, how urgent, by what ways.

Every text in ``templates/notifications`` has a row in ``TOPIC_OF``; a test holds the two together.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ChannelName(models.TextChoices):
    APP = "app", _("In the portal")
    EMAIL = "email", _("E-mail")


class EmailMode(models.TextChoices):
    NOW = "now", _("At once")
    DIGEST = "digest", _("Once a day, together")
    OFF = "off", _("Not by e-mail")


class Importance(models.TextChoices):
    # Sent at any hour.
    HIGH = "high", _("High")
    # Sent at once outside the quiet hours.
    NORMAL = "normal", _("Normal")
    # Collected in one mail a day unless the person wants it otherwise.
    LOW = "low", _("Low")


STAFF = (ChannelName.APP, ChannelName.EMAIL)
CITIZEN = (ChannelName.EMAIL,)


@dataclass(frozen=True)
class Topic:
    """``is_legal``: the law wants it told; no person can switch it off or put it off a day."""

    code: str
    label: Promise
    importance: Importance = Importance.NORMAL
    is_legal: bool = False
    channels: tuple[ChannelName, ...] = STAFF

    @property
    def default_mode(self) -> EmailMode:
        low = self.importance is Importance.LOW and not self.is_legal
        return EmailMode.DIGEST if low else EmailMode.NOW

    @property
    def is_for_staff(self) -> bool:
        return ChannelName.APP in self.channels


TOPICS: tuple[Topic, ...] = (
    Topic("overdue", _("Limits that passed"), Importance.HIGH, is_legal=True),
    Topic("due_soon", _("Limits that end soon"), is_legal=True),
    Topic("arrivals", _("Petitions that arrive, are forwarded or given back"), is_legal=True),
    Topic("openings", _("Protected identities that were opened"), is_legal=True),
    Topic("work", _("Work given to you")),
    Topic("decisions", _("What waits for your decision")),
    Topic("progress", _("Steps taken by others on your cases"), Importance.LOW),
    Topic("citizens", _("What petitioners write and how they rate")),
    Topic("receptions", _("Changes and tasks of reception days")),
    Topic("reception_news", _("Reception days: publications and registrations"), Importance.LOW),
    Topic("reception_duty", _("Reception days that are lacking"), is_legal=True),
    Topic("directives", _("Tasks of directives: given, returned, withdrawn, more time")),
    Topic("directive_news", _("Directives: reports and confirmations"), Importance.LOW),
    Topic("warnings", _("Early warning: signals found and grown"), Importance.LOW),
    Topic("warning_work", _("Early warning: signals that you follow")),
    Topic("continuity", _("Work without a holder, reforms of units")),
    Topic("registers", _("Registers of mass mobilisation: reports and programmes")),
    Topic("party_line", _("Monthly list of overdue petitions"), is_legal=True),
    Topic("stops", _("Escalation has stopped"), Importance.HIGH, is_legal=True),
    Topic("calendar", _("Days off that are missing or not confirmed")),
    Topic("security", _("Safety of accounts"), Importance.HIGH),
    Topic("general", _("Other news")),
    Topic(
        "new_password",
        _("Link for a new password"),
        Importance.HIGH,
        channels=CITIZEN,
    ),
    Topic(
        "receipt",
        _("To petitioners: the receipt"),
        Importance.HIGH,
        is_legal=True,
        channels=CITIZEN,
    ),
    Topic(
        "recovery",
        _("To petitioners: lost code or secret"),
        Importance.HIGH,
        is_legal=True,
        channels=CITIZEN,
    ),
    Topic(
        "reception_visitor",
        _("To visitors of reception days"),
        Importance.HIGH,
        is_legal=True,
        channels=CITIZEN,
    ),
    Topic("answer", _("To petitioners: steps and answers"), is_legal=True, channels=CITIZEN),
    Topic("visit", _("To visitors: what came of a reception"), is_legal=True, channels=CITIZEN),
)
TOPIC_OF: dict[str, str] = {
    "escalation": "overdue",
    "reminder": "due_soon",
    "petition_arrived": "arrivals",
    "forward_arrived": "arrivals",
    "forward_returned": "arrivals",
    "case_assigned": "work",
    "case_decided": "work",
    "case_taken_over": "work",
    "case_withdrawn": "work",
    "copy_released": "work",
    "draft_returned": "work",
    "paper_returned": "work",
    "proposal_returned": "work",
    "closing_waiting": "decisions",
    "identity_opened": "openings",
    "secret_issued": "openings",
    "draft_waiting": "decisions",
    "paper_waiting": "decisions",
    "proposal_waiting": "decisions",
    "case_accepted": "progress",
    "forward_accepted": "progress",
    "paper_issued": "progress",
    "bad_rating": "citizens",
    "citizen_wrote": "citizens",
    "reception_task": "receptions",
    "reception_task_step": "receptions",
    "conclusion_waiting": "receptions",
    "conclusion_draft_left": "receptions",
    "registration_moved_up": "receptions",
    "online_step_due": "receptions",
    "online_calls": "receptions",
    "session_cancelled": "receptions",
    "session_changed": "receptions",
    "session_day_off": "receptions",
    "session_handed_over": "receptions",
    "session_missed": "receptions",
    "session_postponed": "receptions",
    "session_receiver_corrected": "receptions",
    "session_stand_in": "receptions",
    "registration_arrived": "reception_news",
    "registration_code": "reception_visitor",
    "registration_news": "reception_visitor",
    "registration_online": "reception_visitor",
    "registration_place": "reception_visitor",
    "reception_reminder": "reception_visitor",
    "session_published": "reception_news",
    "quota_warning": "reception_duty",
    "quota_urged": "reception_duty",
    "conclusions_urged": "reception_duty",
    "signal_found": "warnings",
    "signal_again": "warnings",
    "signal_grew": "warnings",
    "signal_unowned": "warnings",
    "signal_unowned_long": "warnings",
    "signal_owner": "warning_work",
    "signal_look_due": "warning_work",
    "directive_assigned": "directives",
    "directive_lead": "directives",
    "directive_support": "directives",
    "directive_returned": "directives",
    "directive_owner": "directives",
    "directive_withdrawn": "directives",
    "directive_due_set": "directives",
    "directive_replaced": "directives",
    "directive_urged": "directives",
    "directive_extension_asked": "directives",
    "directive_extension_answered": "directives",
    "directive_confirmed": "directive_news",
    "directive_report": "directive_news",
    "directive_plan_changed": "directive_news",
    "opinion_arrived": "registers",
    "opinion_read": "registers",
    "opinion_returned": "registers",
    "exemplar_registered": "decisions",
    "exemplar_answered": "directive_news",
    "exemplar_copied": "directive_news",
    "programme_ends": "registers",
    "calendar_missing": "calendar",
    "calendar_unconfirmed": "calendar",
    "account_locked": "security",
    "account_opened": "security",
    "elevation_begun": "security",
    "role_given": "security",
    "delegation_given": "security",
    "delegation_received": "security",
    "second_factor_cleared": "security",
    "token_ends": "security",
    "account_invitation": "new_password",
    "password_reset": "new_password",
    "digest": "general",
    "generic": "general",
    "petition_filed": "receipt",
    "petition_news": "answer",
    "petition_overdue": "answer",
    "petition_moved": "answer",
    "visit_news": "visit",
    "one_time_code": "recovery",
    "secret_renewed": "recovery",
    "party_list": "party_line",
    "reform_waiting": "continuity",
    "reform_returned": "continuity",
    "reform_blocked": "continuity",
    "reform_done": "continuity",
    "gap_found": "continuity",
    "gap_urged": "continuity",
    "sweep_stopped": "stops",
}
_BY_CODE = {topic.code: topic for topic in TOPICS}
# What a person may choose about.
STAFF_TOPICS = tuple(topic for topic in TOPICS if topic.is_for_staff)


def topic_of(template: str) -> Topic:
    """The topic of a text; one without a row is told like other news."""
    return _BY_CODE[TOPIC_OF.get(template, "general")]
