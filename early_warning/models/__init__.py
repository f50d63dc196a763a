"""Rules, signals, projects of land acquisition."""

from early_warning.models.project import (
    LandProject,
    LandProjectEvent,
    LandProjectUnit,
    ProjectCase,
    ProjectDialogue,
    ProjectStage,
)
from early_warning.models.rule import WarningRule, WarningRuleEvent
from early_warning.models.signal import Signal, SignalEvent, SignalNote

__all__ = [
    "LandProject",
    "LandProjectEvent",
    "LandProjectUnit",
    "ProjectCase",
    "ProjectDialogue",
    "ProjectStage",
    "Signal",
    "SignalEvent",
    "SignalNote",
    "WarningRule",
    "WarningRuleEvent",
]
