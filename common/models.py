"""Tables without a domain word."""

from django.db import models


class ScheduledRun(models.Model):
    """One claim of a job for a business date: the unique key makes a second run harmless."""

    name = models.CharField(max_length=80)
    business_date = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "business_date"], name="scheduled_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.business_date}"


class IdempotencyKey(models.Model):
    """A request that must have one effect however often it is sent.

    Holds the HMAC of the key and of the body, never the body; ``answer`` holds no secret and no
    personal data. ``salt`` gives the same secret again (``common.codes.secret_from_salt``).
    """

    scope = models.CharField(max_length=40)
    key_hmac = models.BinaryField(max_length=32)
    body_hmac = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key_hmac"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.created_at:%Y-%m-%d}"
