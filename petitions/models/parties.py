"""Who stands in a letter, without saying who it is: the person is in the sealed identity."""

from django.db import models
from django.db.models import Q

from communes.models import Unit
from petitions.enums import PartyRole, RespondentPosition
from petitions.models.letter import Letter


class Party(models.Model):
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole)
    number = models.PositiveSmallIntegerField()
    is_representative = models.BooleanField(default=False)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.CharField(max_length=12, choices=RespondentPosition, blank=True)

    class Meta:
        ordering = ["letter_id", "role", "number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "role", "number"], name="party_number_once"),
            models.CheckConstraint(
                condition=Q(role=PartyRole.RESPONDENT) | Q(unit=None, position=""),
                name="party_only_respondents_have_posts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.role} {self.number}"
