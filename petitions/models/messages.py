"""What petitioner and officers write to each other about a case, and how the petitioner rates it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from petitions.enums import MessageKind
from petitions.models.case import Case
from petitions.models.letter import Letter


class CaseMessage(models.Model):
    """One message. ``letter`` is the petitioner's own (whose code and secret he has), ``case``
    the one that handles it now. ``by`` None: the petitioner wrote it. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=12, choices=MessageKind, default=MessageKind.MESSAGE)
    text = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField()
    attachments = models.ManyToManyField(Attachment, through="petitions.MessageAttachment")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(by=None) | Q(kind=MessageKind.MESSAGE), name="message_officers_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"

    @property
    def is_from_citizen(self) -> bool:
        return self.by_id is None


class MessageAttachment(models.Model):
    message = models.ForeignKey(
        CaseMessage, on_delete=models.PROTECT, related_name="message_attachments"
    )
    # A file belongs to one message: nobody can claim another's upload.
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"{self.message_id} {self.attachment_id}"


class Rating(models.Model):
    """How content the petitioner is, 1 to 5, and whether he objects. Rows are added, the last
    one counts."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField()
    objects_to_result = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five"
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.score}"
