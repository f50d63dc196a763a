"""What a row of the workflow table says: who, from where to where, with what, by which law."""

from enum import StrEnum
from typing import NamedTuple

from petitions.workflow.states import ALL_KINDS, N_, Status


class Action(StrEnum):
    RECEIVE = "receive"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLY = "supply"
    RECORD_SIGNATURE = "record_signature"
    CLASSIFY = "classify"
    MARK_DUPLICATE = "mark_duplicate"
    SPLIT = "split"
    PROPOSE = "propose"
    RETURN_PROPOSAL = "return_proposal"
    ACCEPT = "accept"
    DECLINE = "decline"
    GUIDE = "guide"
    FORWARD = "forward"
    ACCEPT_FORWARD = "accept_forward"
    RETURN_FORWARD = "return_forward"
    RECALL_FORWARD = "recall_forward"
    RECORD_RECEIVER_RESULT = "record_receiver_result"
    URGE = "urge"
    RETURN_TO_SENDER = "return_to_sender"
    FILE_AWAY = "file_away"
    REFER_TO_INVESTIGATION = "refer_to_investigation"
    START_VERIFICATION = "start_verification"
    HOLD_DIALOGUE = "hold_dialogue"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    REOPEN = "reopen"
    TAKE_OVER = "take_over"
    DRAFT_OUTCOME = "draft_outcome"
    RETURN_DRAFT = "return_draft"
    DECIDE = "decide"
    NOTIFY = "notify"
    PUBLISH = "publish"
    ACT_ON_CONCLUSION = "act_on_conclusion"
    MARK_IN_FORCE = "mark_in_force"
    START_ENFORCEMENT = "start_enforcement"
    FINISH_ENFORCEMENT = "finish_enforcement"
    OPEN_SECOND_INSTANCE = "open_second_instance"
    OPEN_FURTHER_DENUNCIATION = "open_further_denunciation"
    RECORD_LAWSUIT = "record_lawsuit"
    PROPOSE_CLOSING = "propose_closing"
    CLOSE = "close"
    ASSIGN = "assign"
    LINK = "link"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    CHOICE = "choice"
    OFFICER = "officer"
    BOOLEAN = "boolean"


class Field(NamedTuple):
    """An input of an action. ``choices`` names a list that the forms know. ``unless``: the field
    that, once filled, stands in for this one."""

    name: str
    label: str
    type: FieldType
    required: bool = True
    choices: str = ""
    max_length: int = 0
    unless: str = ""


class ClockEffect(StrEnum):
    NONE = "none"
    RECEIVED = "received"
    SIGNED = "signed"
    PROPOSED = "proposed"
    UNPROPOSED = "unproposed"
    MEET_FIRST = "meet_first"
    MEET_FORWARDED = "meet_forwarded"
    START_RESOLUTION = "start_resolution"
    PAUSE = "pause"
    EXTEND = "extend"
    RESUME = "resume"
    MEET_RESOLUTION = "meet_resolution"
    MEET_SENDING = "meet_sending"
    MEET_PUBLICATION = "meet_publication"
    MEET_HANDLING = "meet_handling"
    END_RESOLUTION = "end_resolution"
    CANCEL_ALL = "cancel_all"


class Side(StrEnum):
    """Where the permission must have been granted: in the unit that holds the case, in the one
    it was forwarded to, or in that of the superior head."""

    HOLDER = "holder"
    RECEIVER = "receiver"
    SUPERIOR = "superior"


class Transition(NamedTuple):
    """One row of the table: what ``action`` does to a case in one of ``sources``.

    ``target`` None keeps the status. ``permission`` is a value of ``accounts.roles.Permission``,
    to be held on ``side``. ``guards`` are names in ``petitions.guards``. ``papers``: the official
    documents that the step produces. ``is_public``: the petitioner sees the event.
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
    side: Side = Side.HOLDER
    papers: tuple[str, ...] = ()


TRIAGE, ASSIGN, HANDLE, DECIDE = (
    "case.triage",
    "case.assign",
    "case.handle",
    "case.decide",
)

NOTE = Field("note", N_("Note"), FieldType.LONG_TEXT, required=False, max_length=4000)
REASON = Field("reason", N_("Reason"), FieldType.LONG_TEXT, max_length=4000)
TEXT = Field("text", N_("Text of the document"), FieldType.LONG_TEXT, max_length=20000)
NUMBER = Field("number", N_("Document number"), FieldType.TEXT, max_length=40)
# An issued paper of the case gives number and date; the text then stands in the paper.
PAPER = Field("paper", N_("Issued paper"), FieldType.CHOICE, required=False, choices="papers")
NUMBERED = (PAPER, NUMBER._replace(unless=PAPER.name))
WRITTEN = (*NUMBERED, TEXT._replace(unless=PAPER.name))
SIGNED = Field(
    "is_signed", N_("The letter is signed or fingerprinted"), FieldType.BOOLEAN, required=False
)


def long_text(name: str, label: str, *, required: bool = True) -> Field:
    """A text of up to 20,000 characters."""
    return Field(name, label, FieldType.LONG_TEXT, required=required, max_length=20000)


def choice(name: str, label: str, choices: str, *, required: bool = True) -> Field:
    """One value of a list that ``petitions.choices`` knows by name."""
    return Field(name, label, FieldType.CHOICE, required=required, choices=choices)


def ground(choices: str, *, required: bool = True) -> Field:
    """The legal ground, from a list."""
    return choice("ground", N_("Legal ground"), choices, required=required)
