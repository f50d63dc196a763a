"""The workflow as data: states, actions, who, what is needed, what the clocks do.

No Django here. Pages, API, tests and database constraints are derived from these tables or held
against them. Legal bases: Law on Complaints 02/2011 (LC), Law on Denunciations 25/2018 (LD), Law
on Citizen Reception 42/2013 (LR), Decree 124/2020 as amended by 155/2026 (D124).
"""

from enum import StrEnum
from typing import NamedTuple

COMPLAINT, DENUNCIATION = "complaint", "denunciation"
RECOMMENDATION, FEEDBACK = "recommendation", "feedback"
ALL_KINDS = frozenset({COMPLAINT, DENUNCIATION, RECOMMENDATION, FEEDBACK})


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name
    """Mark a message for translation; it is translated where it is shown."""
    return text


class Status(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    CLASSIFYING = "classifying"
    PROPOSED = "proposed"
    GUIDED = "guided"
    FILED_AWAY = "filed_away"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    DIALOGUE = "dialogue"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    OUTCOME_DRAFTED = "outcome_drafted"
    DECIDED = "decided"
    NOTIFIED = "notified"
    CLOSED = "closed"


STATUS_LABELS = [
    (Status.SUBMITTED.value, N_("Sent, waiting to be taken in")),
    (Status.RECEIVED.value, N_("Received")),
    (Status.AWAITING_SUPPLEMENT.value, N_("Supplement requested")),
    (Status.CLASSIFYING.value, N_("Being classified")),
    (Status.PROPOSED.value, N_("Proposal with the head")),
    (Status.GUIDED.value, N_("Guided to the competent body")),
    (Status.FILED_AWAY.value, N_("Filed without handling")),
    (Status.DECLINED.value, N_("Not accepted")),
    (Status.ACCEPTED.value, N_("Accepted")),
    (Status.VERIFYING.value, N_("Being verified")),
    (Status.DIALOGUE.value, N_("Dialogue held")),
    (Status.SUSPENDED.value, N_("Suspended")),
    (Status.TERMINATED.value, N_("Terminated")),
    (Status.OUTCOME_DRAFTED.value, N_("Draft result with the head")),
    (Status.DECIDED.value, N_("Decided")),
    (Status.NOTIFIED.value, N_("Result sent")),
    (Status.CLOSED.value, N_("Closed")),
]

CLOSED_STATUSES = [
    Status.GUIDED.value,
    Status.FILED_AWAY.value,
    Status.DECLINED.value,
    Status.TERMINATED.value,
    Status.CLOSED.value,
]


class Action(StrEnum):
    RECEIVE = "receive"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLY = "supply"
    CLASSIFY = "classify"
    PROPOSE = "propose"
    RETURN_PROPOSAL = "return_proposal"
    ACCEPT = "accept"
    DECLINE = "decline"
    GUIDE = "guide"
    FILE_AWAY = "file_away"
    START_VERIFICATION = "start_verification"
    HOLD_DIALOGUE = "hold_dialogue"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    TERMINATE = "terminate"
    DRAFT_OUTCOME = "draft_outcome"
    RETURN_DRAFT = "return_draft"
    DECIDE = "decide"
    NOTIFY = "notify"
    CLOSE = "close"
    ASSIGN = "assign"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    CHOICE = "choice"
    OFFICER = "officer"
    BOOLEAN = "boolean"


class Field(NamedTuple):
    """An input of an action. ``choices`` names a list that the forms know."""

    name: str
    label: str
    type: FieldType
    required: bool = True
    choices: str = ""
    max_length: int = 0


class ClockEffect(StrEnum):
    NONE = "none"
    RECEIVED = "received"
    MEET_FIRST = "meet_first"
    START_RESOLUTION = "start_resolution"
    PAUSE = "pause"
    EXTEND = "extend"
    RESUME = "resume"
    MEET_RESOLUTION = "meet_resolution"
    MEET_SENDING = "meet_sending"
    CANCEL_ALL = "cancel_all"


class Transition(NamedTuple):
    """One row of the table: what ``action`` does to a case in one of ``sources``.

    ``target`` None keeps the status. ``permission`` is a value of ``accounts.roles.Permission``.
    ``guards`` are names in ``petitions.guards``. ``is_public``: the petitioner sees the event.
    """

    action: Action
    label: str
    sources: frozenset[Status]
    target: Status | None
    permission: str
    basis: str
    kinds: frozenset[str] = ALL_KINDS
    fields: tuple[Field, ...] = ()
    guards: tuple[str, ...] = ()
    effect: ClockEffect = ClockEffect.NONE
    is_public: bool = True


TRIAGE, ASSIGN, HANDLE, DECIDE = (
    "case.triage",
    "case.assign",
    "case.handle",
    "case.decide",
)
S = Status
_BEFORE_HEAD = frozenset({S.RECEIVED, S.CLASSIFYING, S.PROPOSED})
_IN_WORK = frozenset({S.ACCEPTED, S.VERIFYING, S.DIALOGUE})
_OPEN = frozenset(s for s in S if s.value not in CLOSED_STATUSES)

NOTE = Field("note", N_("Note"), FieldType.LONG_TEXT, required=False, max_length=4000)
REASON = Field("reason", N_("Reason"), FieldType.LONG_TEXT, max_length=4000)
TEXT = Field("text", N_("Text of the document"), FieldType.LONG_TEXT, max_length=20000)
NUMBER = Field("number", N_("Document number"), FieldType.TEXT, max_length=40)
GROUND = Field("ground", N_("Legal ground"), FieldType.CHOICE, choices="refusal_grounds")

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.RECEIVE,
        N_("Take in and enter in the register"),
        frozenset({S.SUBMITTED}),
        S.RECEIVED,
        TRIAGE,
        "LR 25; LD 24.1",
        fields=(
            Field(
                "is_signed",
                N_("The letter is signed or fingerprinted"),
                FieldType.BOOLEAN,
                required=False,
            ),
            NOTE,
        ),
        effect=ClockEffect.RECEIVED,
    ),
    Transition(
        Action.REQUEST_SUPPLEMENT,
        N_("Request a supplement"),
        frozenset({S.RECEIVED, S.CLASSIFYING}),
        S.AWAITING_SUPPLEMENT,
        TRIAGE,
        "Circular 07/2014 7.2",
        fields=(REASON,),
    ),
    Transition(
        Action.SUPPLY,
        N_("Record the supplement"),
        frozenset({S.AWAITING_SUPPLEMENT}),
        S.CLASSIFYING,
        TRIAGE,
        "Circular 07/2014 7.2",
        fields=(
            Field(
                "is_signed",
                N_("The letter is signed or fingerprinted"),
                FieldType.BOOLEAN,
                required=False,
            ),
            NOTE,
        ),
        effect=ClockEffect.RECEIVED,
    ),
    Transition(
        Action.CLASSIFY,
        N_("Classify"),
        frozenset({S.RECEIVED, S.CLASSIFYING}),
        S.CLASSIFYING,
        TRIAGE,
        "LR 26",
        fields=(
            Field("field", N_("Subject field"), FieldType.CHOICE, choices="fields"),
            NOTE,
        ),
        is_public=False,
    ),
    Transition(
        Action.PROPOSE,
        N_("Propose to the head"),
        frozenset({S.RECEIVED, S.CLASSIFYING}),
        S.PROPOSED,
        HANDLE,
        "Circular 05/2021 13",
        fields=(
            Field(
                "proposal",
                N_("What is proposed"),
                FieldType.CHOICE,
                choices="proposals",
            ),
            Field(
                "ground",
                N_("Legal ground"),
                FieldType.CHOICE,
                required=False,
                choices="refusal_grounds",
            ),
            Field(
                "text",
                N_("Findings and reasons"),
                FieldType.LONG_TEXT,
                max_length=20000,
            ),
        ),
        is_public=False,
    ),
    Transition(
        Action.RETURN_PROPOSAL,
        N_("Return the proposal"),
        frozenset({S.PROPOSED}),
        S.CLASSIFYING,
        DECIDE,
        "Circular 05/2021 13",
        fields=(REASON,),
        is_public=False,
    ),
    Transition(
        Action.ACCEPT,
        N_("Accept for resolution"),
        frozenset({S.PROPOSED}),
        S.ACCEPTED,
        DECIDE,
        "LC 27, 36; D124 16.1; LD 29",
        fields=(NUMBER, NOTE),
        guards=("is_signed", "is_not_information"),
        effect=ClockEffect.START_RESOLUTION,
    ),
    Transition(
        Action.DECLINE,
        N_("Do not accept"),
        frozenset({S.PROPOSED}),
        S.DECLINED,
        DECIDE,
        "LC 11; LD 24.1",
        fields=(GROUND, NUMBER, TEXT),
        effect=ClockEffect.MEET_FIRST,
    ),
    Transition(
        Action.GUIDE,
        N_("Guide to the competent body"),
        frozenset({S.PROPOSED}),
        S.GUIDED,
        DECIDE,
        "LR 26.1.b",
        kinds=frozenset({COMPLAINT, RECOMMENDATION, FEEDBACK}),
        fields=(NUMBER, TEXT),
        effect=ClockEffect.MEET_FIRST,
    ),
    Transition(
        Action.FILE_AWAY,
        N_("File without handling"),
        frozenset({S.PROPOSED}),
        S.FILED_AWAY,
        DECIDE,
        "Circular 05/2021 28",
        fields=(REASON,),
        effect=ClockEffect.MEET_FIRST,
    ),
    Transition(
        Action.START_VERIFICATION,
        N_("Start verification"),
        frozenset({S.ACCEPTED}),
        S.VERIFYING,
        HANDLE,
        "LC 29; LD 31",
        fields=(NOTE,),
    ),
    Transition(
        Action.HOLD_DIALOGUE,
        N_("Record the dialogue"),
        frozenset({S.VERIFYING}),
        S.DIALOGUE,
        HANDLE,
        "LC 30, 39",
        kinds=frozenset({COMPLAINT}),
        fields=(
            Field("held_on", N_("Held on"), FieldType.DATE),
            Field(
                "text",
                N_("What was said and agreed"),
                FieldType.LONG_TEXT,
                max_length=20000,
            ),
        ),
    ),
    Transition(
        Action.SUSPEND,
        N_("Suspend"),
        _IN_WORK,
        S.SUSPENDED,
        DECIDE,
        "LC 11a; LD 34.1",
        kinds=frozenset({COMPLAINT, DENUNCIATION}),
        fields=(NUMBER, REASON),
        effect=ClockEffect.PAUSE,
    ),
    Transition(
        Action.RESUME,
        N_("Continue"),
        frozenset({S.SUSPENDED}),
        S.VERIFYING,
        DECIDE,
        "D124 28b.2; LD 34.2",
        kinds=frozenset({COMPLAINT, DENUNCIATION}),
        fields=(NUMBER, NOTE),
        effect=ClockEffect.RESUME,
    ),
    Transition(
        Action.EXTEND,
        N_("Record complexity and extend the limit"),
        _BEFORE_HEAD | _IN_WORK | {S.OUTCOME_DRAFTED},
        None,
        DECIDE,
        "LC 28, 37; D124 3a; LD 24.1, 30; Decree 31/2019 3",
        kinds=frozenset({COMPLAINT, DENUNCIATION}),
        fields=(
            Field("finding", N_("What was found"), FieldType.CHOICE, choices="findings"),
            NUMBER,
            REASON,
        ),
        guards=("limit_can_grow",),
        effect=ClockEffect.EXTEND,
    ),
    Transition(
        Action.TERMINATE,
        N_("Terminate"),
        _IN_WORK | {S.SUSPENDED},
        S.TERMINATED,
        DECIDE,
        "LC 11a; LD 34.3",
        kinds=frozenset({COMPLAINT, DENUNCIATION}),
        fields=(NUMBER, REASON),
        effect=ClockEffect.CANCEL_ALL,
    ),
    Transition(
        Action.DRAFT_OUTCOME,
        N_("Submit the draft result"),
        frozenset({S.VERIFYING, S.DIALOGUE}),
        S.OUTCOME_DRAFTED,
        HANDLE,
        "LC 31, 40; LD 35",
        fields=(TEXT,),
        is_public=False,
    ),
    Transition(
        Action.RETURN_DRAFT,
        N_("Return the draft"),
        frozenset({S.OUTCOME_DRAFTED}),
        S.VERIFYING,
        DECIDE,
        "LC 31; LD 35",
        fields=(REASON,),
        is_public=False,
    ),
    Transition(
        Action.DECIDE,
        N_("Sign the result"),
        frozenset({S.OUTCOME_DRAFTED}),
        S.DECIDED,
        DECIDE,
        "LC 31, 40; LD 35",
        fields=(NUMBER, NOTE),
        effect=ClockEffect.MEET_RESOLUTION,
    ),
    Transition(
        Action.NOTIFY,
        N_("Record that the result was sent"),
        frozenset({S.DECIDED}),
        S.NOTIFIED,
        TRIAGE,
        "LC 32, 41; LD 35.3",
        fields=(NOTE,),
        effect=ClockEffect.MEET_SENDING,
    ),
    Transition(
        Action.CLOSE,
        N_("Close the case"),
        frozenset({S.NOTIFIED}),
        S.CLOSED,
        TRIAGE,
        "LR 9.3",
        fields=(NOTE,),
        effect=ClockEffect.CANCEL_ALL,
    ),
    Transition(
        Action.ASSIGN,
        N_("Assign to an officer"),
        _OPEN,
        None,
        ASSIGN,
        "LR 26; LC 29",
        fields=(Field("assignee", N_("Officer"), FieldType.OFFICER), NOTE),
        is_public=False,
    ),
)

ACTIONS = frozenset(action.value for action in Action)
BY_ACTION: dict[Action, Transition] = {t.action: t for t in TRANSITIONS}


def transition_find(status: str, action: str, kind: str) -> Transition | None:
    """The row that applies to a case of ``kind`` in ``status``, or None."""
    if action not in ACTIONS:
        return None
    row = BY_ACTION[Action(action)]
    return row if status in row.sources and kind in row.kinds else None


def transitions_from(status: str, kind: str) -> list[Transition]:
    """The rows that may start in ``status`` for ``kind``, in the order of the table."""
    return [row for row in TRANSITIONS if status in row.sources and kind in row.kinds]


def status_label(status: str) -> str:
    """The message to translate for a status."""
    return dict(STATUS_LABELS)[status]
