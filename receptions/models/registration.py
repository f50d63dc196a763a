"""Who comes to a session, and places on their way to or from somebody."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from petitions.models import Case
from receptions.enums import RegistrationSource, RegistrationStatus
from receptions.models.session import ReceptionSession

WITHOUT_PLACE = (RegistrationStatus.WAITING, RegistrationStatus.CANCELLED)
# Nobody to be received: given back, or not confirmed yet.
GONE = (RegistrationStatus.CANCELLED, RegistrationStatus.UNCONFIRMED)


class Registration(models.Model):
    """Somebody, or a group with a spokesperson, who comes to a session.

    The person is sealed (``common.crypto``, context ``registration:CODE``); ``person_hmac``
    only tells whether the same identity number registered before. A number is never reused.
    """

    session = models.ForeignKey(
        ReceptionSession, on_delete=models.PROTECT, related_name="registrations"
    )
    queue_number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True)
    secret_hmac = models.BinaryField(max_length=32)
    status = models.CharField(max_length=12, choices=RegistrationStatus)
    has_place = models.BooleanField()
    topic = models.TextField()
    people = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(
        max_length=8, choices=RegistrationSource, default=RegistrationSource.CITIZEN
    )
    # Hà Nội begin of the visitor's slot; none where the session has no slots.
    slot_at = models.DateTimeField(null=True, blank=True)
    is_online = models.BooleanField(default=False)
    # Why this visitor goes first (Article 26 of Decree 154/2026): values of ``AdHocTrigger``.
    priority = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    # Until when a registration that waits for its code keeps the place.
    confirm_by = models.DateTimeField(null=True, blank=True)
    confirm_hmac = models.BinaryField(max_length=32, null=True, blank=True)
    confirm_tries = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    # When somebody who waited got a place, and when an officer told it by telephone.
    moved_up_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    # Of which Hà Nội day of the session the visitor was told: how to take part online, and the
    # reminder before it.
    invited_for = models.DateField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    person_hmac = models.BinaryField(max_length=32)
    # Of the telephone number: with ``person_hmac`` it tells the same visitor.
    phone_hmac = models.BinaryField(max_length=32, null=True, blank=True)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["session_id", "queue_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "queue_number"], name="registration_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values),
                name="registration_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.REGISTERED) | Q(has_place=True),
                name="registration_registered_has_place",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITHOUT_PLACE) | Q(has_place=False),
                name="registration_waiting_has_no_place",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="registration_has_people"),
            models.CheckConstraint(
                condition=Q(source__in=RegistrationSource.values), name="registration_source_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.UNCONFIRMED)
                | (Q(has_place=True) & Q(confirm_by__isnull=False)),
                name="registration_unconfirmed_has_place_and_limit",
            ),
            models.UniqueConstraint(
                fields=["session", "slot_at"],
                condition=Q(slot_at__isnull=False, has_place=True),
                name="registration_slot_once",
            ),
        ]
        indexes = [
            # How often this person has registered of late.
            models.Index(fields=["person_hmac", "registered_at"], name="registration_person"),
            # Places whose code never came.
            models.Index(
                fields=["confirm_by"],
                condition=Q(status=RegistrationStatus.UNCONFIRMED),
                name="registration_confirm_by",
            ),
            # Who waits on the matter of a case.
            models.Index(
                fields=["case"], condition=Q(case__isnull=False), name="registration_of_case"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PlaceHold(models.Model):
    """A place kept while somebody fills in the form; counted in ``places_taken``."""

    session = models.ForeignKey(ReceptionSession, on_delete=models.PROTECT, related_name="holds")
    key_hmac = models.BinaryField(max_length=32)
    until = models.DateTimeField()
    is_renewed = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key_hmac"], name="place_hold_once"),
        ]
        indexes = [
            # Holds that have ended.
            models.Index(fields=["until"], name="place_hold_until"),
        ]

    def __str__(self) -> str:
        return f"hold of {self.session_id}"


class PlaceReturn(models.Model):
    """A place that was given back and is offered again after a while nobody can guess; counted
    in ``places_taken`` until then."""

    session = models.ForeignKey(ReceptionSession, on_delete=models.PROTECT, related_name="returns")
    due_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # Places due to come back.
            models.Index(fields=["due_at"], name="place_return_due"),
        ]

    def __str__(self) -> str:
        return f"place of {self.session_id}"
