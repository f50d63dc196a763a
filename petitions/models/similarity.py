"""What makes a letter findable by letters like it; nothing of it can be read back."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from petitions.models.letter import Letter


class LetterSignature(models.Model):
    """``bins`` and ``bands`` of the text (``petitions.similarity``), and ``signals``: the first
    64 bits of an HMAC of each identity number, address, respondent and document number."""

    letter = models.OneToOneField(
        Letter, primary_key=True, on_delete=models.PROTECT, related_name="signature"
    )
    bins = models.BinaryField()
    bands = ArrayField(models.IntegerField())
    signals = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            # Candidates by text, candidates by an exact signal.
            GinIndex(fields=["bands"], name="signature_bands", fastupdate=False),
            GinIndex(fields=["signals"], name="signature_signals", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"signature of letter {self.letter_id}"
