"""Registers of mass mobilisation."""

from mobilisation.models.opinion import (
    OpinionEdition,
    OpinionEvent,
    OpinionFile,
    OpinionReport,
    OpinionText,
)
from mobilisation.models.programme import (
    Programme,
    ProgrammeActivity,
    ProgrammeEvent,
    ProgrammeFile,
)
from mobilisation.models.rule import DemocracyRule, RuleEvent, RuleFile

__all__ = [
    "DemocracyRule",
    "OpinionEdition",
    "OpinionEvent",
    "OpinionFile",
    "OpinionReport",
    "OpinionText",
    "Programme",
    "ProgrammeActivity",
    "ProgrammeEvent",
    "ProgrammeFile",
    "RuleEvent",
    "RuleFile",
]
