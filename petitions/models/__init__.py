from petitions.models.case import Case, CaseClock, RegisterCounter
from petitions.models.events import CaseEvent
from petitions.models.handling import Note, Outcome, Proposal
from petitions.models.identity import IdentityOpening, SealedIdentity, VaultUse
from petitions.models.inbox import InboxStart, SavedFilter
from petitions.models.letter import Draft, Letter, LetterAttachment, SubjectField
from petitions.models.links import CaseLink, Forwarding
from petitions.models.messages import CaseMessage, MessageAttachment, Rating
from petitions.models.parties import Party
from petitions.models.recovery import Recovery
from petitions.models.redaction import RedactedCopy, RedactedFile
from petitions.models.routing import RoutingRule
from petitions.models.similarity import LetterSignature

__all__ = [
    "Case",
    "CaseClock",
    "CaseEvent",
    "CaseLink",
    "CaseMessage",
    "Draft",
    "Forwarding",
    "IdentityOpening",
    "InboxStart",
    "Letter",
    "LetterAttachment",
    "LetterSignature",
    "MessageAttachment",
    "Note",
    "Outcome",
    "Party",
    "Proposal",
    "Rating",
    "Recovery",
    "RedactedCopy",
    "RedactedFile",
    "RegisterCounter",
    "RoutingRule",
    "SavedFilter",
    "SealedIdentity",
    "SubjectField",
    "VaultUse",
]
