"""What officers write while they handle a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from petitions.enums import OutcomeKind
from petitions.grounds import ClosingGround, RefusalGround
from petitions.models.case import Case
from petitions.workflow import BY_ACTION, Action


class Proposal(models.Model):
    """Phiếu đề xuất: what the handler proposes to the head, and what became of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    action = models.CharField(max_length=30)
    ground = models.CharField(
        max_length=30, choices=[*RefusalGround.choices, *ClosingGround.choices], blank=True
    )
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    returned_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_current=True),
                name="proposal_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"

    @property
    def action_label(self) -> str:
        return gettext(BY_ACTION[Action(self.action)].label)


class Outcome(models.Model):
    """A document that ends a stage: refusal, guidance, decision, conclusion or reply."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=12, choices=OutcomeKind)
    number = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    ground = models.CharField(max_length=30, choices=RefusalGround, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None, signed_by=None)
                | Q(issued_on__isnull=False, signed_by__isnull=False),
                name="outcome_issued_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(notified_on=None) | Q(issued_on__isnull=False),
                name="outcome_notified_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Note(models.Model):
    """A reason or note given with an action, apart from the history so that it can be redacted.

    ``is_public``: written to the petitioner (what to supply, why it was suspended).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    action = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    text = models.TextField()
    is_public = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"
