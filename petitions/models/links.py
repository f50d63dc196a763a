"""How cases belong together, and what went from one body to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communes.models import Unit
from petitions.grounds import Relation, ReturnGround
from petitions.models.case import Case


class CaseLink(models.Model):
    """``case`` is, in the words of ``relation``, … ``other``. Recorded once, kept for good."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    relation = models.CharField(max_length=20, choices=Relation)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "relation"], name="link_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="link_to_another"),
            models.CheckConstraint(
                condition=Q(relation__in=Relation.values), name="link_relation_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.relation} {self.other_id}"


class Forwarding(models.Model):
    """One hop of a petition. The sender stays responsible until the receiver accepts.

    ``hop`` counts the bodies that the content has been sent on to, this one included.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="forwardings")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    hop = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # Set by acceptance: the case at the receiver.
    new_case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="forwarded_by"
    )
    return_ground = models.CharField(max_length=20, choices=ReturnGround, blank=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="forwarding_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, new_case=None, return_ground="")
                | Q(answered_at__isnull=False, new_case__isnull=False, return_ground="")
                | (Q(answered_at__isnull=False, new_case=None) & ~Q(return_ground="")),
                name="forwarding_accepted_or_returned_with_ground",
            ),
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")), name="forwarding_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.to_unit_id}"
