"""The letter (đơn): what came in, as it came in."""

from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from common.time import local_date
from communes.models import Unit
from petitions.enums import Channel, Kind


class SubjectField(models.Model):
    """Subject of a petition and the official report leaf it is counted under, per kind."""

    code = models.SlugField(max_length=40, unique=True)
    label_vi = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    leaf_complaint = models.CharField(max_length=60)
    leaf_denunciation = models.CharField(max_length=60)
    leaf_recommendation = models.CharField(max_length=60)
    directive = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label_vi


class Letter(models.Model):
    """One petition as sent. Its code and secret are the petitioner's; the secret is an HMAC."""

    code = models.CharField(max_length=20, unique=True)
    secret_hmac = models.BinaryField(max_length=32)
    case = models.ForeignKey("petitions.Case", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=16, choices=Kind)
    channel = models.CharField(max_length=12, choices=Channel)
    addressed_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=300)
    content = models.TextField()
    request = models.TextField(blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField()
    # Where the petitioner wants to be told of news: a sealed e-mail address, copied as it is
    # into the outbox, so that no service needs to open an identity to send a notice.
    contact_key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_box = models.BinaryField(null=True, blank=True)
    # By what the petitioner's letters are found when code and secret are lost
    # (``petitions.contacts``); of what the petitioner filed, not of its copies.
    contact_index = models.BinaryField(max_length=32, null=True, blank=True)
    # In which the petitioner wants to be told; empty for the site's own.
    language = models.CharField(max_length=5, blank=True)
    # Given by the clerk when the letter is entered in the register, not on filing.
    register_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    register_year = models.PositiveSmallIntegerField(null=True, blank=True)
    register_number = models.PositiveIntegerField(null=True, blank=True)
    # The petitioner's own letter, when this one is its copy at another body or after a split:
    # code and secret that the petitioner has are those of the origin.
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    attachments = models.ManyToManyField(Attachment, through="petitions.LetterAttachment")

    class Meta:
        constraints = [
            # A book for denunciations and one for everything else (``services/registers.py``).
            models.UniqueConstraint(
                fields=["register_unit", "register_year", "register_number"],
                condition=~Q(kind=Kind.DENUNCIATION),
                name="letter_register_number_once",
            ),
            models.UniqueConstraint(
                fields=["register_unit", "register_year", "register_number"],
                condition=Q(kind=Kind.DENUNCIATION),
                name="letter_denunciation_number_once",
            ),
            models.CheckConstraint(
                condition=Q(register_unit=None, register_year=None, register_number=None)
                | Q(
                    register_unit__isnull=False,
                    register_year__isnull=False,
                    register_number__isnull=False,
                ),
                name="letter_register_whole",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="letter_has_people"),
        ]
        indexes = [
            # A number of the register typed into the search.
            models.Index(
                fields=["register_number", "register_year"],
                condition=Q(register_number__isnull=False),
                name="letter_register_number",
            ),
            # The letters of a typed e-mail address.
            models.Index(
                fields=["contact_index"],
                condition=Q(contact_index__isnull=False),
                name="letter_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def contact(self) -> tuple[int, bytes] | None:
        """Key version and box of the address that the petitioner is told at, as the outbox takes
        them; None where none was given."""
        if self.contact_key_version is None or self.contact_box is None:
            return None
        return self.contact_key_version, bytes(self.contact_box)

    @property
    def addressed_name(self) -> str:
        """The unit that it was written to, as it was called then."""
        return self.addressed_unit.name_on(local_date(self.submitted_at))

    @property
    def register(self) -> str:
        """Number, year and, of denunciations, the mark of their own book; "" before it is given."""
        if self.register_number is None:
            return ""
        return register_words(self.kind, self.register_number, self.register_year or 0)


def register_words(kind: str, number: int, year: int) -> str:
    """A number of a register as it is written: ``12/2026``, ``3/2026-TC`` of a denunciation."""
    return f"{number}/{year}{'-TC' if kind == Kind.DENUNCIATION else ''}"


class LetterAttachment(models.Model):
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="letter_attachments")
    # Claimed once (``attachments_claim``); a copy of the letter at another body shows it too.
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "attachment"], name="letter_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.attachment_id}"


class Draft(models.Model):
    """A petition being written, sealed; found by the HMAC of the token in the writer's cookie.

    ``letter`` is set by sending: a second sending of the same draft finds it and changes nothing.
    """

    token_hmac = models.BinaryField(max_length=32, unique=True)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    letter = models.OneToOneField(
        Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["updated_at"], name="draft_updated")]

    def __str__(self) -> str:
        return f"draft {self.updated_at:%Y-%m-%d}"
