"""Files as they came in: private, checked, served only through a view that knows the right."""

import uuid

from django.db import models
from django.db.models import Q


class AttachmentState(models.TextChoices):
    STORED = "stored"
    REFUSED = "refused"


def storage_path(instance: "Attachment", filename: str) -> str:
    """The stored name says nothing about the file or its sender."""
    return f"attachments/{instance.public_id.hex[:2]}/{instance.public_id.hex}"


class Attachment(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    file = models.FileField(upload_to=storage_path, max_length=120)
    state = models.CharField(max_length=12, choices=AttachmentState, default=AttachmentState.STORED)
    uploaded_at = models.DateTimeField()
    # Set once, when a letter takes the file; an unclaimed upload is removed after eight days.
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty")]
        indexes = [
            # Removal of uploads that no letter took.
            models.Index(
                fields=["uploaded_at"], condition=Q(claimed_at=None), name="attachment_unclaimed"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
