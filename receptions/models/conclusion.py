"""Minutes, conclusion notices and the tasks that grow out of them, each with its clock."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Model, Q

from attachments.models import Attachment
from common.history import AppendOnly
from communes.models import Unit
from deadlines.models import Clock
from receptions.enums import NoticeState, SignedHow, TaskState
from receptions.models.session import ReceptionSession
from receptions.models.visit import VisitRecord

WORDS_FIXED = "conclusion_words_fixed"
TASK_OVER = (TaskState.DONE, TaskState.CANCELLED)


class WordsFixed(pgtrigger.Trigger):
    """Rows of an issued notice keep what, who and their order, and stay; dates and states move."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: type[Model] | Any) -> str:
        notices = ConclusionNotice._meta.db_table
        return f"""
            IF EXISTS (
                SELECT FROM {notices} WHERE id = OLD.notice_id AND state = '{NoticeState.ISSUED}'
            ) AND (
                TG_OP = 'DELETE'
                OR (OLD.notice_id, OLD.position, OLD.what, OLD.unit_id, OLD.person, OLD.is_internal)
                IS DISTINCT FROM
                (NEW.notice_id, NEW.position, NEW.what, NEW.unit_id, NEW.person, NEW.is_internal)
            ) THEN
                RAISE EXCEPTION 'rows of an issued notice keep their words'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{WORDS_FIXED}';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """  # noqa: S608 -- the only inserted names are the model's own table and state


class Minutes(models.Model):
    """What was said, as both sides sign it. Signed minutes do not change any more."""

    visit = models.OneToOneField(VisitRecord, on_delete=models.PROTECT, related_name="minutes")
    text = models.TextField()
    # The receiver's and the visitor's word, or why the visitor gave none.
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver_signed_at = models.DateTimeField(null=True, blank=True)
    visitor_signed = models.CharField(max_length=8, choices=SignedHow, blank=True)
    visitor_signed_at = models.DateTimeField(null=True, blank=True)
    visitor_note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(visitor_signed="") | Q(visitor_signed__in=SignedHow.values),
                name="minutes_signed_known",
            ),
            models.CheckConstraint(
                condition=~Q(visitor_signed=SignedHow.REFUSED) | ~Q(visitor_note=""),
                name="minutes_refusal_has_note",
            ),
            models.CheckConstraint(
                condition=Q(visitor_signed="", visitor_signed_at=None)
                | (~Q(visitor_signed="") & Q(visitor_signed_at__isnull=False)),
                name="minutes_visitor_signed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(receiver=None, receiver_signed_at=None)
                | Q(receiver__isnull=False, receiver_signed_at__isnull=False),
                name="minutes_receiver_signed_has_moment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="minutes_signed_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__receiver_signed_at__isnull=False)
                & ~pgtrigger.Q(old__visitor_signed=""),
            )
        ]

    def __str__(self) -> str:
        return f"minutes of {self.visit_id}"

    @property
    def is_signed(self) -> bool:
        """Whether both sides have given their word: nothing changes any more."""
        return self.receiver_signed_at is not None and bool(self.visitor_signed)


class MinutesAddendum(AppendOnly):
    """A correction of signed minutes, printed behind them."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"addendum of {self.minutes_id}"


class ConclusionNotice(models.Model):
    """Thông báo kết luận việc tiếp công dân: what, who, by when (Article 25(2) of Decree
    154/2026). Of one visit, or of a whole session where ``visit`` is empty."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ReceptionSession, on_delete=models.PROTECT, related_name="notices")
    visit = models.ForeignKey(
        VisitRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    # A notice with a mistake is never changed: a new one names it and ends its open tasks.
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.DRAFT)
    # Of the session, kept from the issue on with the number.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="conclusion_notices"
    )
    # Papers of the Party have a book and numbers of their own, beside those of the State.
    is_party = models.BooleanField(default=False)
    # Gapless per unit, book and year, given at issue.
    number = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    opening = models.TextField(blank=True)
    recipients = models.TextField(blank=True)
    # Its words are of a denunciation: for whoever sees those, and for who carries it out.
    is_sealed = models.BooleanField(default=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    # What was printed at issue, in words: names of units and people may change later.
    facts = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="conclusion_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.ISSUED)
                | (Q(number__isnull=False) & Q(year__isnull=False) & Q(issued_at__isnull=False)),
                name="conclusion_issued_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.ISSUED)
                | (Q(unit__isnull=False, issued_by__isnull=False) & ~Q(facts={})),
                name="conclusion_issued_is_whole",
            ),
            models.UniqueConstraint(
                fields=["unit", "is_party", "year", "number"], name="conclusion_number_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="conclusion_issued_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=NoticeState.ISSUED.value),
            )
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def is_issued(self) -> bool:
        return self.state == NoticeState.ISSUED

    @property
    def shown_number(self) -> str:
        """Number and sign as printed, "" before the issue."""
        return str(self.facts.get("number", ""))


class ConclusionTask(models.Model):
    """A row of the notice: what is to be done, by which unit or person, until which local date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(ConclusionNotice, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="conclusion_tasks")
    person = models.CharField(max_length=120, blank=True)
    # Not shown to the citizen.
    is_internal = models.BooleanField(default=False)
    # The date that holds now; what was printed stands in the notice's ``facts``.
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.ASSIGNED)
    report = models.TextField(blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    # The unit's paper that the last step was recorded from, where nobody there has an account.
    paper_number = models.CharField(max_length=60, blank=True)
    paper_on = models.DateField(null=True, blank=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    # More time as the unit asks for it, and why the date was moved, or the asking refused.
    asked_until = models.DateField(null=True, blank=True)
    asked_reason = models.CharField(max_length=500, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["notice_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "position"], name="conclusion_task_position_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="conclusion_task_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(TaskState.REPORTED, TaskState.DONE)) | ~Q(report=""),
                name="conclusion_task_reported_has_report",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TASK_OVER, closed_on__isnull=False)
                | (~Q(state__in=TASK_OVER) & Q(closed_on=None)),
                name="conclusion_task_over_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.RETURNED) | ~Q(returned_reason=""),
                name="conclusion_task_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.CANCELLED) | ~Q(cancel_reason=""),
                name="conclusion_task_cancelled_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(paper_number="", paper_on=None)
                | (~Q(paper_number="") & Q(paper_on__isnull=False)),
                name="conclusion_task_paper_is_whole",
            ),
        ]
        triggers = [WordsFixed(name=WORDS_FIXED)]
        indexes = [
            # A unit's tasks, the most urgent first.
            models.Index(fields=["unit", "state", "due_on", "id"], name="conclusion_task_unit"),
            # Late ones of the whole city.
            models.Index(
                fields=["due_on", "id"],
                condition=~Q(state__in=(TaskState.DONE, TaskState.CANCELLED)),
                name="conclusion_task_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def is_over(self) -> bool:
        return self.state in TASK_OVER


class ConclusionTaskFile(AppendOnly):
    """A photo or paper that shows what was done, with the report; never for the visitor."""

    task = models.ForeignKey(ConclusionTask, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="conclusion_task_file"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"file of {self.task_id}"


class ConclusionClock(models.Model):
    """Ties a clock to the task it measures."""

    task = models.ForeignKey(ConclusionTask, on_delete=models.PROTECT, related_name="clocks")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="conclusion_clock")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"clock of {self.task_id}"


class VisitClock(models.Model):
    """Ties the clock of the written notice to the visit that started it: 10 working days
    (Regulation 11-QĐi/TW, Article 28(1) of the Law on Citizen Reception)."""

    visit = models.ForeignKey(VisitRecord, on_delete=models.PROTECT, related_name="clocks")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="visit_clock")
    # The written notice by which it was met, unless a conclusion notice is.
    paper_number = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"clock of {self.visit_id}"
