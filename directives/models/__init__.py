"""Directives, what they ask, who was asked, and what was done."""

from directives.models.assignment import (
    Assignment,
    AssignmentClock,
    AssignmentEvent,
    AssignmentPeriod,
    ExtensionRequest,
    PeriodClock,
)
from directives.models.directive import (
    Directive,
    DirectiveEvent,
    DirectiveFile,
    DirectiveRelation,
)
from directives.models.imports import NOTE_MAX, AssignmentImport, ImportRow
from directives.models.likeness import LikenessEvent, ReportFingerprint, TextLikeness
from directives.models.report import ProgressReport, ReportFile
from directives.models.task import REPORT_DAYS, Task, TaskField, TaskGroup, TaskSupport
from directives.models.unit_work import PlanEdition, StudySession, UnitPlan

__all__ = [
    "NOTE_MAX",
    "REPORT_DAYS",
    "Assignment",
    "AssignmentClock",
    "AssignmentEvent",
    "AssignmentImport",
    "AssignmentPeriod",
    "Directive",
    "DirectiveEvent",
    "DirectiveFile",
    "DirectiveRelation",
    "ExtensionRequest",
    "ImportRow",
    "LikenessEvent",
    "PeriodClock",
    "PlanEdition",
    "ProgressReport",
    "ReportFile",
    "ReportFingerprint",
    "StudySession",
    "Task",
    "TaskField",
    "TaskGroup",
    "TaskSupport",
    "TextLikeness",
    "UnitPlan",
]
