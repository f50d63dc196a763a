"""What an issued file was made of, as ``IssuedFile.subject`` names it: a kind and a key."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """Stored; never changed. The key behind the kind is a number or a public identifier that alone
    opens nothing: no code of a petition or registration, which is half of somebody's key."""

    CONCLUSION = "conclusion"
    MINUTES = "minutes"
    PAPERS_TAKEN = "papers_taken"
    FILING_RECEIPT = "filing_receipt"
    REFUSAL = "refusal"
    VISIT_NOTICE = "visit_notice"


COVERED = "_covered"


def subject_of(kind: SubjectKind, key: object) -> str:
    return f"{kind}:{key}"


def covered(subject: str) -> str:
    """The subject of what whoever must not know of a denunciation reads in the place of this one."""
    kind, _colon, key = subject.partition(":")
    return f"{kind}{COVERED}:{key}"
