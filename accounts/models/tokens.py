"""Tokens of other systems: what is kept of them, and nothing that opens anything."""

import datetime as dt
import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.enums import Scope
from accounts.models.people import User


class ApiToken(models.Model):
    """A token with the rights of its user inside its scopes. Only its HMAC is kept.

    ``last_used_on``: a day, not a moment: enough to find tokens that nobody uses.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    scopes = ArrayField(models.CharField(max_length=24), default=list)
    token_hmac = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values), name="api_token_scopes_known"
            ),
        ]

    def __str__(self) -> str:
        return f"token of {self.user_id}"

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and at < self.expires_at
