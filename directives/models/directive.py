"""Documents that ask something of the units, and their history."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.history import HistoryEvent
from directives.enums import (
    Confidentiality,
    DirectiveKind,
    DirectiveState,
    FileRole,
    RelationKind,
)


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def published(self) -> Self:
        """What anybody may see; a document that was withdrawn or replaced stays readable."""
        return self.filter(is_public=True).exclude(state=DirectiveState.DRAFT)

    def visible_to(self, access: Access) -> Self:
        """City bodies see every directive, drafts only whoever may give tasks; a unit's people the
        public ones, their own, and those of tasks that their body is in charge of or supports."""
        if Permission.DIRECTIVE_ASSIGN in access.city:
            return self
        issued = self.exclude(state=DirectiveState.DRAFT)
        if Permission.DIRECTIVE_VIEW in access.city:
            return issued
        units = access.units(Permission.DIRECTIVE_VIEW)
        if not units:
            return self.none()
        seen = Q(is_public=True)
        for part in ("assignments__unit_id", "lead_unit_id", "supports__unit_id"):
            mine = Directive.objects.filter(**{f"groups__tasks__{part}__in": units})
            seen |= Q(pk__in=mine.values("pk"))
        return issued.filter(seen)


class Directive(models.Model):
    """A document that asks something of the units. The words are those of its record.

    ``valid_from`` and ``valid_until`` are local dates; without the first it holds from
    ``issued_on``. ``search_text`` is kept by the services (``directives.wording``).
    """

    slug = models.SlugField(max_length=60, unique=True)
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=DirectiveKind)
    issued_on = models.DateField()
    issuer = models.CharField(max_length=160)
    signer = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    # The full text may not be public although the existence of the document is.
    is_text_public = models.BooleanField(default=False)
    text_note = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    source = models.CharField(max_length=240, blank=True)
    state = models.CharField(max_length=10, choices=DirectiveState, default=DirectiveState.IN_FORCE)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    confidentiality = models.CharField(
        max_length=10, choices=Confidentiality, default=Confidentiality.OPEN
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(blank=True, db_default="")

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DirectiveKind.values), name="directive_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DirectiveState.values), name="directive_state_known"
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values),
                name="directive_confidentiality_known",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality=Confidentiality.INTERNAL, is_public=True),
                name="directive_internal_never_public",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=DirectiveState.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_reason__gt="",
                )
                | (~Q(state=DirectiveState.WITHDRAWN) & Q(withdrawn_at=None, withdrawn_reason="")),
                name="directive_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None)
                | Q(valid_from=None, valid_until__gte=F("issued_on"))
                | Q(valid_from__isnull=False, valid_until__gte=F("valid_from")),
                name="directive_valid_range",
            ),
        ]
        indexes = [
            # The register, newest first, by state.
            models.Index(fields=["state", "-issued_on", "slug"], name="directive_register"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_force(self) -> bool:
        """Whether it is neither a draft nor withdrawn or replaced; its dates are asked beside it."""
        return self.state == DirectiveState.IN_FORCE

    def is_ahead(self, on: dt.date) -> bool:
        """Whether it is in force, but takes effect only after a local date."""
        return self.is_in_force and self.valid_from is not None and on < self.valid_from

    def is_expired(self, on: dt.date) -> bool:
        """Whether it is in force, but its last day lies before a local date."""
        return self.is_in_force and self.valid_until is not None and self.valid_until < on


class DirectiveRelation(models.Model):
    """``source`` continues, amends, replaces or carries out ``target``."""

    source = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=12, choices=RelationKind)
    target = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="related_from")
    is_seen: bool  # of rows read as successors

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "target"], name="directive_relation_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")),
                name="directive_relation_not_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class DirectiveFile(models.Model):
    """A file of a directive and what it is. ``removed_at``: no longer shown, kept for history."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="files")
    # A file belongs to one document: nobody can claim another's upload.
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="directive_file"
    )
    role = models.CharField(max_length=8, choices=FileRole, default=FileRole.TEXT)
    title = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=FileRole.values), name="directive_file_role_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.directive_id} {self.role}"


class DirectiveEvent(HistoryEvent):
    """History of a directive: created, changed (fields from and to), related, file added,
    withdrawn, replaced. It is the list of versions of the document's record."""

    SUBJECT = "directive"

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["directive", "sequence"], name="directive_event_chain")
        ]
