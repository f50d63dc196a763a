"""Registers of mass mobilisation."""

from mobilisation.models.exemplar import (
    Exemplar,
    ExemplarEvent,
    ExemplarField,
    ExemplarPicture,
    Recognition,
)
from mobilisation.models.indices import IndexEvent, IndexYear
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
    "Exemplar",
    "ExemplarEvent",
    "ExemplarField",
    "ExemplarPicture",
    "IndexEvent",
    "IndexYear",
    "OpinionEdition",
    "OpinionEvent",
    "OpinionFile",
    "OpinionReport",
    "OpinionText",
    "Programme",
    "ProgrammeActivity",
    "ProgrammeEvent",
    "ProgrammeFile",
    "Recognition",
    "RuleEvent",
    "RuleFile",
]
