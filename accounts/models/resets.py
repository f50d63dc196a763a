"""One-time links for a new password."""

from typing import ClassVar

from django.db import models

from accounts.models.people import User


class PasswordReset(models.Model):
    """A link that was asked for. The secret follows from ``salt`` and the server's key; only its
    HMAC is looked up."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_resets")
    secret_hmac = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # What is old is deleted.
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="password_reset_age")]

    def __str__(self) -> str:
        return f"password reset of {self.user_id}"
