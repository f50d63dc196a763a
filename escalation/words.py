"""The names of steps, places and reasons on screens."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.errors import Text

STEPS: dict[str, Text] = {
    "due_in_3": _("reminder three working days before the limit"),
    "due_in_1": _("reminder one working day before the limit"),
    "breach": _("the limit has passed"),
    "forwarder_urges": _("the body that sent it on urges"),
    "board_urges": _("the reception board urges"),
    "city_chair": _("to the City's chair, with the proposal to check responsibility"),
    "inspector": _("to the City Inspectorate"),
    "threshold_near": _("five days before 45 days without handling"),
    "threshold_45": _("45 days without handling"),
    "unit_secretary": _("to the Party secretary of the unit"),
    "concluder": _("to the leader who concluded"),
    "lead_body": _("to the body of the City in charge of the task"),
    "city_secretary": _("to the secretary of the City Party Committee"),
    "manual": _("put before you by hand"),
}
PLACES: dict[str, Text] = {
    "handler": _("officer or desk that handles it"),
    "head": _("head of the unit"),
    "forwarder": _("body that sent it on"),
    "party": _("Party secretary of the unit"),
    "concluder": _("leader who concluded"),
    "concluder_party": _("Party secretary who concluded"),
    "front": _("Fatherland Front of the unit"),
    "lead": _("body of the City in charge of the task"),
    "party_office": _("Office of the City Party Committee (told)"),
    "city_secretary": _("secretary of the City Party Committee"),
    "board": _("head of the City's reception board"),
    "chair": _("chair of the City People's Committee"),
    "inspector": _("City Inspectorate"),
    "secretary": _("Party secretary (his reception)"),
}
REASONS: dict[str, Text] = {
    "already_taken": _("the step had been taken before"),
    "before_start": _("a reminder on or before the first day of the limit"),
    "not_forwarded": _("no other body sent it here, so nobody urges"),
    "own_conclusion": _("the leader who concluded was told when the limit passed"),
    "own_lead": _("the body in charge has the task itself and was told when the limit passed"),
    "nothing_left": _("the ladder has no further step"),
    "busy": _("somebody worked on the case at that moment; the next run takes it"),
    "switched_off": _("the ladder is switched off for the unit or for this kind"),
    "capped": _("more was due than the cap allows; waits for an administrator"),
}


def step_words(code: str) -> str:
    """What a step is; a code that is not known stands for itself."""
    return str(STEPS.get(code, code))


def reason_words(code: str) -> str:
    """Why a step was not taken."""
    return str(REASONS.get(code, code))


def position_words(position: str) -> str:
    """The office of a position."""
    return str(Role(position).label) if position in Role.values else gettext("nobody")
