"""What was said at a reception and what was decided on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Unit
from petitions.enums import Kind
from petitions.models import Case
from receptions.enums import VisitOutcome
from receptions.models.registration import Registration


class VisitRecord(models.Model):
    """What was said at a reception and what was decided on it.

    A conclusion says what is to be done, by which unit or person and until when (Article 25(2)
    of Decree 154/2026).
    """

    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="visit"
    )
    said = models.TextField()
    # What the visitor brought up, in one line of register 03/TCD.
    content = models.TextField(blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    # The body that has handled the matter already, and how (Article 25(2) of the Law).
    handled_before = models.TextField(blank=True)
    is_competent = models.BooleanField(null=True, blank=True)
    # Guidance or forwarding, with the number of its paper.
    sent_to = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    paper_number = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Gapless per unit and year, given when the visit is recorded.
    register_number = models.PositiveIntegerField(null=True, blank=True)
    register_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # The case that the visit made or joined.
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=12, choices=VisitOutcome)
    conclusion = models.TextField(blank=True)
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible_person = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    # When the words went under seal: recorded as a denunciation, or made one. What was written of
    # the visit before that moment is shown in the words of a sparse record.
    sealed_at = models.DateTimeField(null=True, blank=True)
    # Field → what was said of a denunciation; the fields above then hold a sparse record.
    sealed_words = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=VisitOutcome.values), name="visit_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=VisitOutcome.CONCLUSION)
                | (~Q(conclusion="") & Q(responsible_unit__isnull=False) & Q(due_on__isnull=False)),
                name="visit_conclusion_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(kind__in=Kind.values), name="visit_kind_known"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_has_people"),
            # Beside the visitor's name no column says that somebody was denounced.
            models.CheckConstraint(
                condition=~Q(kind=Kind.DENUNCIATION), name="visit_kind_tells_of_no_denunciation"
            ),
            models.CheckConstraint(
                condition=Q(sealed_words={}) | Q(sealed_at__isnull=False),
                name="visit_sealed_has_moment",
            ),
        ]
        indexes = [
            # How often a case was brought to a reception.
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="visit_of_case"),
            # What a unit has to do.
            models.Index(fields=["responsible_unit", "-recorded_at"], name="visit_task_unit"),
        ]

    def __str__(self) -> str:
        return f"visit of {self.registration_id}"
