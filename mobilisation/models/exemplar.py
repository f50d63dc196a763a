"""Models of "dân vận khéo": what a unit does well, who recognised it, its pictures, its copies."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from communes.models import Unit
from mobilisation.enums_models import COPYABLE, HONOURED, OWN, ExemplarState, RecognitionLevel


class ExemplarField(models.Model):
    """A field of life to which models belong; reference data."""

    code = models.SlugField(max_length=40, unique=True)
    label_vi = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label_vi

    @property
    def label(self) -> str:
        """In the language of the page."""
        return self.label_en if get_language() == "en" else self.label_vi


class ExemplarQuerySet(models.QuerySet["Exemplar"]):
    def published(self) -> Self:
        """What anybody may see."""
        return self.filter(state=ExemplarState.PUBLISHED)

    def visible_to(self, access: Access) -> Self:
        """City bodies see every model that its unit has registered; a unit's people their own, and
        of the others what may be copied."""
        units = access.units(Permission.DIRECTIVE_VIEW)
        own = Q(unit_id__in=units)
        if Permission.DIRECTIVE_VIEW in access.city:
            return self.filter(own | ~Q(state__in=OWN))
        if not units:
            return self.none()
        return self.filter(own | Q(state__in=COPYABLE))

    def with_list_data(self) -> Self:
        return self.select_related("unit", "field")


class Exemplar(models.Model):
    """A model of "dân vận khéo" of a unit. Dates are local; ``carried_out_by`` is a group or body.

    ``source``: the model of another unit of which this is a copy; it is worked on by itself.
    ``level``: the highest decision of ``recognitions``. ``people_agreed_at``: when somebody of the
    unit said that the people shown in texts and pictures agreed to the publication.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="exemplars")
    field = models.ForeignKey(ExemplarField, on_delete=models.PROTECT, related_name="exemplars")
    title = models.CharField(max_length=200)
    carried_out_by = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    description = models.TextField()
    results = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=ExemplarState, default=ExemplarState.DRAFT)
    level = models.CharField(max_length=4, choices=RecognitionLevel, blank=True, default="")
    # Why it was not recognised, taken off the public pages, or given up.
    reason = models.CharField(max_length=500, blank=True, default="")
    source = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    people_agreed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    search_text = models.TextField(blank=True, db_default="")
    n_copies: int  # of rows read as a list

    objects = ExemplarQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExemplarState.values), name="exemplar_state_known"
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(level__in=RecognitionLevel.values),
                name="exemplar_level_known",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=HONOURED) & ~Q(level=""))
                | (~Q(state__in=HONOURED) & Q(level="")),
                name="exemplar_recognised_has_level",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(ExemplarState.DRAFT, ExemplarState.DROPPED))
                | Q(registered_at__isnull=False, registered_by__isnull=False),
                name="exemplar_registered_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExemplarState.PUBLISHED)
                | Q(published_at__isnull=False, people_agreed_at__isnull=False),
                name="exemplar_published_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=(
                        ExemplarState.REFUSED,
                        ExemplarState.UNPUBLISHED,
                        ExemplarState.DROPPED,
                    )
                )
                | Q(reason__gt=""),
                name="exemplar_reason_said",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="exemplar_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(source=None) | ~Q(source=F("id")), name="exemplar_not_its_own_source"
            ),
            models.UniqueConstraint(
                fields=["unit", "source"],
                condition=~Q(state=ExemplarState.DROPPED),
                name="exemplar_copied_once",
            ),
        ]
        indexes = [
            # The public list, newest first; by field or unit.
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=ExemplarState.PUBLISHED),
                name="exemplar_public",
            ),
            # The register of officers: by unit, by state.
            models.Index(fields=["unit", "-id"], name="exemplar_unit"),
            models.Index(fields=["state", "-id"], name="exemplar_state"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Recognition(models.Model):
    """A decision that recognises a model: number and local date as on the paper, its file."""

    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="recognitions")
    level = models.CharField(max_length=4, choices=RecognitionLevel)
    number = models.CharField(max_length=60)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=160)
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="recognition"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["exemplar", "level"], name="recognition_once"),
            models.CheckConstraint(
                condition=Q(level__in=RecognitionLevel.values), name="recognition_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exemplar_id} {self.level}"


class ExemplarPicture(models.Model):
    """A picture of a model, kept as pixels alone: without place, time and owner of the camera.
    ``alt``: what it shows, for people who do not see it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="pictures")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="exemplar_picture"
    )
    alt = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="picture_has_words")]

    def __str__(self) -> str:
        return f"{self.exemplar_id} {self.public_id}"


class ExemplarEvent(HistoryEvent):
    """History of a model: created, changed (fields from and to), registered, recognised, …"""

    SUBJECT = "exemplar"

    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["exemplar", "sequence"], name="exemplar_event_chain")
        ]
