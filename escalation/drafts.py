"""What lies ready for the one who must act: an urging letter, a proposal to check responsibility.

A paper of the office, so it is Vietnamese whatever language the reader's screen has.
"""

from django.template.loader import render_to_string
from django.utils import translation

from escalation.ladders import ladder_of
from escalation.models import Escalation
from escalation.registry import Subject


def draft_text(escalation: Escalation, subject: Subject | None, days_late: int) -> str:
    """The draft of a step in plain text, or "" where it has none. ``days_late``: working days.

    Needs ``clock``, ``clock.holder_unit`` and ``unit`` of the escalation.
    """
    name = draft_of(escalation)
    if not name or subject is None:
        return ""
    context = {"escalation": escalation, "clock": escalation.clock, "subject": subject,
               "days_late": days_late}  # fmt: skip
    with translation.override("vi"):
        return render_to_string(f"escalation/drafts/{name}.txt", context).strip()


def draft_of(escalation: Escalation) -> str:
    """The draft that belongs to a step, "" for none or a ladder that is not known any more."""
    try:
        ladder = ladder_of(escalation.clock)
    except KeyError:
        return ""
    return next((s.drafts for s in ladder if s.code == escalation.step_code), "")
