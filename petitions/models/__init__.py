from petitions.models.case import Case, CaseClock, RegisterCounter
from petitions.models.events import CaseEvent
from petitions.models.handling import Note, Outcome, Proposal
from petitions.models.identity import IdentityOpening, SealedIdentity
from petitions.models.letter import Draft, Letter, LetterAttachment, SubjectField
from petitions.models.links import CaseLink, Forwarding
from petitions.models.parties import Party
from petitions.models.similarity import LetterSignature

__all__ = [
    "Case",
    "CaseClock",
    "CaseEvent",
    "CaseLink",
    "Draft",
    "Forwarding",
    "IdentityOpening",
    "Letter",
    "LetterAttachment",
    "LetterSignature",
    "Note",
    "Outcome",
    "Party",
    "Proposal",
    "RegisterCounter",
    "SealedIdentity",
    "SubjectField",
]
