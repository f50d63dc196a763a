"""A paper of a case: its words sealed, its number and file fixed once it is issued."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Model, Q

from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from papers.enums import UNISSUED, PaperState
from petitions.models import Case

READ = "papers.paper.read"
ISSUED = "papers.paper.issued"
ISSUED_FIXED = "paper_issued_fixed"
FILE_FIXED = "issued_file_fixed"
_NEVER_ISSUED = {
    "number": None, "unit": None, "year": None, "book": "", "shown_number": "",
    "issued_at": None, "issued_by": None, "check_code": None, "file": None, "sha256": None,
}  # fmt: skip
_IS_ISSUED = {
    f"{name}__isnull": False
    for name in ("number", "unit", "year", "issued_at", "issued_by", "check_code", "file", "sha256")
}
# What an issued paper keeps for ever.
_FIXED = (
    "public_id", "case_id", "kind", "drafted_by_id", "drafted_at", "replaces_id", "unit_id", "book",
    "year", "number", "shown_number", "issued_at", "issued_by_id", "check_code", "file_id", "sha256",
)  # fmt: skip

_FILE_FIXED = (
    "check_code", "subject", "unit_id", "is_party", "shown_number", "issued_at", "issued_by_id", "signed_by",
    "sha256", "replaces_id",
)  # fmt: skip


class IssuedFixed(pgtrigger.Trigger):
    """An issued paper stays as it is: it may be declared void or replaced, once and for good, and
    its box is sealed anew only under another key."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[Model] | Any) -> str:
        old, new = (", ".join(f"{row}.{name}" for name in _FIXED) for row in ("OLD", "NEW"))
        return f"""
            IF OLD.number IS NOT NULL AND (
                TG_OP = 'DELETE'
                OR ({old}) IS DISTINCT FROM ({new})
                OR (OLD.state <> NEW.state AND OLD.state <> '{PaperState.ISSUED}')
                OR (OLD.state <> NEW.state
                    AND NEW.state NOT IN ('{PaperState.REPLACED}', '{PaperState.VOIDED}'))
                OR (OLD.state = NEW.state AND OLD.void_reason <> NEW.void_reason)
                OR (OLD.key_version = NEW.key_version AND OLD.box <> NEW.box)
            ) THEN
                RAISE EXCEPTION 'an issued paper is not changed'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{ISSUED_FIXED}';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """


class Paper(models.Model):
    """An official document of a case, from draft to issue.

    The words lie in ``box`` (``papers.content``): names of people stand in them. ``number`` is
    gapless in unit, book and year; ``check_code`` stands in the QR. ``version`` grows with every change.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    # The issued paper that holds a mistake.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    book = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    shown_number = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    check_code = models.CharField(max_length=20, null=True, blank=True, unique=True)
    file = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="paper"
    )
    sha256 = models.BinaryField(max_length=32, null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PaperState.values), name="paper_state_known"
            ),
            models.CheckConstraint(
                condition=Q(**_NEVER_ISSUED)
                | (Q(**_IS_ISSUED) & ~Q(book="") & ~Q(shown_number="")),
                name="paper_issue_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNISSUED, number=None)
                | Q(state__in=(PaperState.ISSUED, PaperState.REPLACED), number__isnull=False)
                | Q(state=PaperState.VOIDED),
                name="paper_issued_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.VOIDED) ^ Q(void_reason=""),
                name="paper_void_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="paper_replaces_another"
            ),
            models.UniqueConstraint(
                fields=["unit", "book", "year", "number"], name="paper_number_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state=PaperState.VOIDED),
                name="paper_corrected_once",
            ),
        ]
        triggers = [IssuedFixed(name=ISSUED_FIXED)]
        indexes = [
            # The papers of a case, newest first.
            models.Index(fields=["case", "-id"], name="paper_of_case"),
            # Three lists of the unit's page, each in its order; what waits is few at any time.
            models.Index(
                fields=["unit", "-issued_at", "-id"],
                condition=Q(number__isnull=False),
                name="paper_issued_of_unit",
            ),
            models.Index(
                fields=["drafted_by", "-id"],
                condition=Q(state=PaperState.DRAFT),
                name="paper_drafts_of",
            ),
            models.Index(
                fields=["id"], condition=Q(state=PaperState.SUBMITTED), name="paper_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def is_issued(self) -> bool:
        """Whether it has ever been issued."""
        return self.number is not None

    @property
    def context(self) -> str:
        """What binds the box to this paper."""
        return f"paper:{self.public_id}"


class PaperEvent(HistoryEvent):
    """History of a paper, one hash chain a paper; numbers, kinds and whose
    certificate signed it, no words of it."""

    SUBJECT = "paper"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["paper", "sequence"], name="paper_event_chain")
        ]


class FileFixed(pgtrigger.Trigger):
    """A file that was issued stays as it is: it is replaced or declared void, once and for good. Its
    bytes may go under seal, and are sealed anew only under another key."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[Model] | Any) -> str:
        old, new = (", ".join(f"{row}.{name}" for name in _FILE_FIXED) for row in ("OLD", "NEW"))
        return f"""
            IF TG_OP = 'DELETE'
                OR ({old}) IS DISTINCT FROM ({new})
                OR (OLD.state <> NEW.state AND OLD.state <> '{PaperState.ISSUED}')
                OR (OLD.state = NEW.state AND OLD.void_reason <> NEW.void_reason)
                OR (OLD.file_id IS DISTINCT FROM NEW.file_id
                    AND (NEW.file_id IS NOT NULL OR NEW.box IS NULL))
                OR (OLD.box IS NOT NULL AND NEW.box IS NULL)
                OR (OLD.key_version = NEW.key_version AND OLD.box <> NEW.box)
            THEN
                RAISE EXCEPTION 'an issued file is not changed'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{FILE_FIXED}';
            END IF;
            RETURN NEW;
        """


class IssuedFile(models.Model):
    """The file of a paper that is no ``Paper``: of a reception, a receipt. Its words and its number
    live where it is made; here is what proves it.

    ``subject`` names what it was made of (``SubjectKind`` and a key that says nothing of a person);
    at most one file of a subject is in force. ``signed_by``: whose certificate signed, or "".
    """

    check_code = models.CharField(max_length=20, unique=True)
    subject = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # In the name of the unit's Party committee, not of its People's Committee.
    is_party = models.BooleanField(default=False)
    # As printed; "" on a paper without a number.
    shown_number = models.CharField(max_length=60, blank=True)
    issued_at = models.DateTimeField()
    # Nobody, where the portal answers by itself.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.CharField(max_length=200, blank=True)
    # Where its bytes lie: open, or in the box, since they say what is under seal.
    file = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="issued_file"
    )
    key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    box = models.BinaryField(null=True, blank=True)
    sha256 = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.ISSUED)
    void_reason = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=(PaperState.ISSUED, PaperState.REPLACED, PaperState.VOIDED)),
                name="issued_file_state_known",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="issued_file_has_subject"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, box=None, key_version=None)
                | Q(file=None, box__isnull=False, key_version__isnull=False),
                name="issued_file_lies_once",
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.VOIDED) ^ Q(void_reason=""),
                name="issued_file_void_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="issued_file_replaces_other"
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state=PaperState.ISSUED),
                name="issued_file_in_force_once",
            ),
        ]
        triggers = [FileFixed(name=FILE_FIXED)]
        indexes = [
            # The last file of a subject.
            models.Index(fields=["subject", "-id"], name="issued_file_of_subject")
        ]

    def __str__(self) -> str:
        return self.check_code

    @property
    def context(self) -> str:
        """What binds the box to this file."""
        return f"issued-file:{self.check_code}"
