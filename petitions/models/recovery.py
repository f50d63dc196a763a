"""A lost receipt: the one-time code that is sent to an e-mail address and typed back."""

from django.db import models


class Recovery(models.Model):
    """One asking for the letters of an e-mail address, of which only indexes are kept.

    Made in the same way whether there are such letters or not. ``token_hmac`` binds it to the
    browser that asked; ``used_at``: a new secret was issued by it. ``sealed_indexes`` opens by that
    browser's token alone: the two indexes of one address side by side would tie a denunciation to
    the open letters of the same person (Articles 47 and 56 of the Law on Denunciations).
    """

    token_hmac = models.BinaryField(max_length=32, unique=True)
    sealed_indexes = models.BinaryField()
    code_hmac = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery {self.asked_at:%Y-%m-%d %H:%M}"
