"""What a letter is compared by. Holds no personal data: identities and addresses are HMACs."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from petitions.models.letter import Letter


class LetterSignature(models.Model):
    """``minima`` and ``bands``: ``petitions.similarity``. Hashes: 64 bits of an HMAC.

    Hashes of denunciations are made for another purpose than all others, so that no query can
    tell that a denouncer has also written something else (Article 47, Law on Denunciations).
    """

    letter = models.OneToOneField(
        Letter, primary_key=True, on_delete=models.CASCADE, related_name="signature"
    )
    bands = ArrayField(models.IntegerField())
    minima = models.BinaryField()
    identity_hashes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Telephone numbers of petitioners; null: not computed yet (``index_similar`` does).
    phone_hashes = ArrayField(models.BigIntegerField(), null=True, blank=True)
    # Whole names of petitioners, for the posted search alone; empty for denunciations.
    name_hashes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    respondent_hash = models.BigIntegerField(null=True, blank=True)
    address_hash = models.BigIntegerField(null=True, blank=True)
    document_numbers = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        indexes = [
            # Candidates by words: bands && those of the letter. Pending entries would be read by
            # every search, so they are not kept.
            GinIndex(fields=["bands"], name="signature_bands", fastupdate=False),
            # Candidates by sender.
            GinIndex(fields=["identity_hashes"], name="signature_people", fastupdate=False),
            # The posted search by telephone number.
            GinIndex(fields=["phone_hashes"], name="signature_phones", fastupdate=False),
            # What ``index_similar`` still has to do.
            models.Index(
                fields=["letter"],
                condition=models.Q(phone_hashes__isnull=True),
                name="signature_unfinished",
            ),
            # The posted search by name.
            GinIndex(fields=["name_hashes"], name="signature_names", fastupdate=False),
            # Candidates by decision.
            GinIndex(fields=["document_numbers"], name="signature_documents", fastupdate=False),
            # Candidates by address and by respondent, newest first.
            models.Index(
                "address_hash",
                models.F("letter").desc(),
                condition=models.Q(address_hash__isnull=False),
                name="signature_address",
            ),
            models.Index(
                "respondent_hash",
                models.F("letter").desc(),
                condition=models.Q(respondent_hash__isnull=False),
                name="signature_respondent",
            ),
        ]

    def __str__(self) -> str:
        return f"signature of letter {self.letter_id}"
