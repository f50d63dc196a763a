"""Plain words for petitioners: what a step means, what to do when a limit is missed.

Legal bases stand in the sentences: Law on Complaints 02/2011 (LC), Law on Denunciations 25/2018
(LD), Law on Citizen Reception 42/2013 (LR).
"""

from django.utils.translation import gettext as _

from common.errors import Text
from petitions.enums import Kind, OutcomeKind, Stage
from petitions.workflow import N_, Action, Status

# What the petitioner reads of an action. An action that is not here is not told.
STEPS: dict[Action, str] = {
    Action.RECEIVE: N_("The unit has received your petition and entered it in its register"),
    Action.REQUEST_SUPPLEMENT: N_("The unit asks you to supply something"),
    Action.SUPPLY: N_("The unit has received what you supplied"),
    Action.RECORD_SIGNATURE: N_("The unit has received your signed letter"),
    Action.ACCEPT: N_("Your petition is accepted and is being resolved"),
    Action.DECLINE: N_("The unit does not accept the petition for resolution"),
    Action.GUIDE: N_("Another body is competent: the unit tells you which one"),
    Action.FILE_AWAY: N_("The petition is filed without being handled"),
    Action.START_VERIFICATION: N_("Officers have started to verify what you wrote"),
    Action.HOLD_DIALOGUE: N_("A dialogue was held"),
    Action.SUSPEND: N_("The resolution is suspended; the limit stands still"),
    Action.RESUME: N_("The resolution continues"),
    Action.EXTEND: N_("The limit is extended; the unit says why"),
    Action.TERMINATE: N_("The resolution has been terminated"),
    Action.MARK_DUPLICATE: N_("The petition was joined to another one on the same matter"),
    Action.SPLIT: N_("One content of the petition was split off and is handled on its own"),
    Action.FORWARD: N_("The petition was sent on to the competent body"),
    Action.ACCEPT_FORWARD: N_("The competent body has taken the petition over"),
    Action.RECORD_RECEIVER_RESULT: N_("The unit tells you the result of the other body"),
    Action.URGE: N_("The unit has urged the competent body to resolve it"),
    Action.RETURN_TO_SENDER: N_("The petition was returned to the body that passed it on"),
    Action.REFER_TO_INVESTIGATION: N_("The file was sent to the investigation body"),
    Action.WITHDRAW: N_("Your withdrawal has been recorded"),
    Action.REOPEN: N_("The case has been reopened"),
    Action.TAKE_OVER: N_("The superior body has taken the case over"),
    Action.NOTIFY: N_("The result has been sent to you"),
    Action.PUBLISH: N_("The result has been published"),
    Action.ACT_ON_CONCLUSION: N_("The head has decided what follows from the conclusion"),
    Action.MARK_IN_FORCE: N_("The decision is in force"),
    Action.START_ENFORCEMENT: N_("The result is being carried out"),
    Action.FINISH_ENFORCEMENT: N_("The result has been carried out"),
    Action.OPEN_SECOND_INSTANCE: N_("Your second complaint is with the superior body"),
    Action.OPEN_FURTHER_DENUNCIATION: N_("Your further denunciation is with the superior body"),
    Action.RECORD_LAWSUIT: N_("The matter is before the court"),
    Action.CLOSE: N_("The case is closed"),
}
DECIDED: dict[str, str] = {
    Kind.COMPLAINT: N_("The decision on your complaint has been signed"),
    Kind.DENUNCIATION: N_("The conclusion on your denunciation has been signed"),
    Kind.RECOMMENDATION: N_("The reply has been signed"),
    Kind.FEEDBACK: N_("The reply has been signed"),
}
FILED = N_("You sent the petition")

# The main line that lies ahead: (statuses that have not reached it yet, words).
_EARLY = frozenset({Status.SUBMITTED})
_OPEN = _EARLY | {
    Status.RECEIVED,
    Status.AWAITING_SUPPLEMENT,
    Status.CLASSIFYING,
    Status.PROPOSED,
}
_WORK = _OPEN | {
    Status.ACCEPTED,
    Status.VERIFYING,
    Status.DIALOGUE,
    Status.SUSPENDED,
    Status.OUTCOME_DRAFTED,
    Status.TAKEN_OVER,
}
AHEAD: tuple[tuple[frozenset[Status], str], ...] = (
    (_EARLY, N_("The unit enters the petition in its register and reads it")),
    (_OPEN, N_("The unit accepts it, or tells you in writing why not")),
    (_WORK, N_("Officers verify, then the result is signed")),
    (_WORK | {Status.DECIDED}, N_("The result is sent to you")),
)


def step_title(action: Action, kind: str) -> str | None:
    """The sentence for an action, translated, or None when it is not told."""
    if action is Action.DECIDE:
        return _(DECIDED[kind])
    return _(STEPS[action]) if action in STEPS else None


# What is not (yet) a denunciation is looked at, not accepted (Article 25 LD).
INFORMATION_AHEAD = (
    AHEAD[0],
    (_OPEN, N_("The unit decides whether it uses the information or sends it to another body")),
)


def steps_ahead(status: str, *, is_information: bool = False) -> list[str]:
    """What still comes on the main line, translated."""
    if is_information:
        return [_(words) for waiting, words in INFORMATION_AHEAD if status in waiting]
    return [_(words) for waiting, words in AHEAD if status in waiting]


def if_missed(kind: str, stage: str) -> Text:
    """What the petitioner may do when this limit passes without an answer."""
    if kind == Kind.COMPLAINT and stage in (Stage.ACCEPTANCE, Stage.RESOLUTION):
        return _(
            "If the limit passes without an answer, the portal tells the next level up by itself."
            " You may also complain to the Chair of the City People's Committee or go to court"
            " (Law on Complaints, Article 33)."
        )
    if kind == Kind.DENUNCIATION and stage in (Stage.ACCEPTANCE, Stage.RESOLUTION):
        return _(
            "If the limit passes without an answer, the portal tells the next level up by itself."
            " You may also denounce further to the superior of the unit's head"
            " (Law on Denunciations, Article 38)."
        )
    return _(
        "If the limit passes without an answer, the portal tells the next level up by itself."
        " You may also ask the City Citizen Reception Board and give your code."
    )


def how_to_object(kind: str, outcome_kind: str) -> Text:
    """The way to object to a document that ends a stage."""
    if outcome_kind == OutcomeKind.DECISION:
        return _(
            "If you do not agree: within 30 days of receiving the decision you may complain a"
            " second time to the Chair of the City People's Committee, or go to the"
            " administrative court (Law on Complaints, Articles 7 and 33)."
        )
    if outcome_kind == OutcomeKind.CONCLUSION:
        return _(
            "If you have grounds to believe that the denunciation was not resolved according to"
            " law, you may denounce further to the superior of the head who resolved it"
            " (Law on Denunciations, Article 37)."
        )
    if kind == Kind.COMPLAINT and outcome_kind == OutcomeKind.REFUSAL:
        return _(
            "If you do not agree, you may ask the unit to explain, supply what is missing and"
            " send it again, or bring the decision or act itself before the administrative court"
            " (Law on Complaints, Article 7)."
        )
    return _(
        "If you do not agree, you may answer the unit in writing, meet its leader on a reception"
        " day, or turn to the City Citizen Reception Board."
    )
