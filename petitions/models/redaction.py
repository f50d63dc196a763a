"""The redacted copy of a denunciation: what verifiers read instead of letter and evidence.

Article 56 of the Law on Denunciations. A copy is stored on its own; it is never the original
looked at through a filter, so that no later fault of the filter can show the original.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from attachments.models import Attachment
from petitions.enums import CopyState, FileDecision
from petitions.models.letter import Letter

TEXTS = ("subject", "content", "request")


class RedactedCopy(models.Model):
    """A version of the copy of one letter.

    A draft holds places (``spans``: text → [[start, end, what], …], characters of the letter's
    text) and no text; releasing writes the texts and nothing changes them afterwards.
    """

    TEXTS: ClassVar[tuple[str, ...]] = TEXTS

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="redacted_copies")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=CopyState, default=CopyState.DRAFT)
    # Counts what was saved of the draft, so that two officers do not overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    spans = models.JSONField(default=dict)
    subject = models.TextField(blank=True)
    content = models.TextField(blank=True)
    request = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="redaction_number_once"),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(state=CopyState.DRAFT),
                name="redaction_one_draft",
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(state=CopyState.RELEASED),
                name="redaction_one_released",
            ),
            models.CheckConstraint(
                condition=Q(state=CopyState.DRAFT, released_at=None, released_by=None)
                | Q(
                    state__in=[CopyState.RELEASED, CopyState.WITHDRAWN],
                    released_at__isnull=False,
                    released_by__isnull=False,
                ),
                name="redaction_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=CopyState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=CopyState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="redaction_withdrawn_when",
            ),
        ]
        triggers = [
            # What was released is what was read: neither the text nor its place changes again.
            pgtrigger.Protect(
                name="released_text_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__isnull=False)
                & (
                    pgtrigger.Q(old__subject__df=pgtrigger.F("new__subject"))
                    | pgtrigger.Q(old__content__df=pgtrigger.F("new__content"))
                    | pgtrigger.Q(old__request__df=pgtrigger.F("new__request"))
                    | pgtrigger.Q(old__letter_id__df=pgtrigger.F("new__letter_id"))
                    | pgtrigger.Q(old__released_at__df=pgtrigger.F("new__released_at"))
                ),
            ),
            pgtrigger.Protect(
                name="released_copy_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} v{self.number} {self.state}"


class RedactedFile(models.Model):
    """What the copy holds of one file: covered, or left out with a reason.

    ``boxes``: page → [[left, top, right, bottom], …] in fractions of the page; ``left_pages``:
    pages that are not in the copy; ``spans``: places in the text of a file without pages.
    ``prepared``: a picture, PDF or text that the officer brought instead of a file that cannot be
    shown here; it is covered and written anew like the others. ``result``: the file of the copy.
    """

    copy = models.ForeignKey(RedactedCopy, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=12, choices=FileDecision, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    boxes = models.JSONField(default=dict)
    left_pages = models.JSONField(default=list)
    spans = models.JSONField(default=list)
    prepared = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["copy", "attachment"], name="redaction_file_once"),
            models.CheckConstraint(
                condition=Q(result=None) | Q(decision=FileDecision.GIVEN),
                name="redaction_result_was_given",
            ),
            models.CheckConstraint(
                condition=~Q(result=F("attachment")), name="redaction_result_is_new"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.position} {self.decision}"

    @property
    def source(self) -> Attachment:
        """What is covered: the prepared file where there is one."""
        return self.prepared or self.attachment

    @property
    def looked_at(self) -> str:
        """What a form about the file was made on: which file stands there, and whether it is left
        out. Whoever leaves it out is not overruled by a click on an older page."""
        left = self.decision == FileDecision.LEFT_OUT
        return f"{self.source.public_id}{'-left' if left else ''}"
