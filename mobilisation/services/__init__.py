"""Writing in the registers: one transaction a step, with its event and its notices."""

from mobilisation.services.opinions import (
    OpinionWords,
    opinion_answer,
    opinion_change,
    opinion_correct,
    opinion_create,
    opinion_file_remove,
    opinion_send,
)
from mobilisation.services.programme_work import (
    Activity,
    activity_record,
    activity_withdraw,
    programme_file_add,
    programme_file_remove,
)
from mobilisation.services.programmes import (
    ProgrammeRecord,
    programme_change,
    programme_create,
    programme_end,
    programme_renew,
    programme_sign,
)
from mobilisation.services.rules import RuleRecord, rule_record

__all__ = [
    "Activity",
    "OpinionWords",
    "ProgrammeRecord",
    "RuleRecord",
    "activity_record",
    "activity_withdraw",
    "opinion_answer",
    "opinion_change",
    "opinion_correct",
    "opinion_create",
    "opinion_file_remove",
    "opinion_send",
    "programme_change",
    "programme_create",
    "programme_end",
    "programme_file_add",
    "programme_file_remove",
    "programme_renew",
    "programme_sign",
    "rule_record",
]
