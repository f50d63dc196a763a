from early_warning.services.dialogues import DialogueRecord, dialogue_record, dialogue_withdraw
from early_warning.services.links import case_unlink, cases_link
from early_warning.services.look import Looked, looks_remind, signals_look
from early_warning.services.projects import (
    ProjectRecord,
    StageRecord,
    project_change,
    project_create,
    stage_record,
)
from early_warning.services.rules import (
    Thresholds,
    Trial,
    rule_change,
    rule_get,
    rule_try,
    rules_load,
)
from early_warning.services.signals import (
    signal_appoint,
    signal_close,
    signal_follow_up,
    signal_reopen,
)
from early_warning.services.unowned import unowned_remind

__all__ = [
    "DialogueRecord",
    "Looked",
    "ProjectRecord",
    "StageRecord",
    "Thresholds",
    "Trial",
    "case_unlink",
    "cases_link",
    "dialogue_record",
    "dialogue_withdraw",
    "looks_remind",
    "project_change",
    "project_create",
    "rule_change",
    "rule_get",
    "rule_try",
    "rules_load",
    "signal_appoint",
    "signal_close",
    "signal_follow_up",
    "signal_reopen",
    "signals_look",
    "stage_record",
    "unowned_remind",
]
