"""Writing in the registers: one transaction a step, with its event and its notices."""

from mobilisation.services.exemplar_pictures import picture_add, picture_remove
from mobilisation.services.exemplar_steps import (
    Decision,
    exemplar_drop,
    exemplar_publish,
    exemplar_recognise,
    exemplar_refuse,
    exemplar_register,
    exemplar_unpublish,
)
from mobilisation.services.exemplars import Words, exemplar_change, exemplar_copy, exemplar_create
from mobilisation.services.indices import IndexFacts, index_record
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
from mobilisation.services.reference_models import models_load
from mobilisation.services.rules import RuleRecord, rule_record

__all__ = [
    "Activity",
    "Decision",
    "IndexFacts",
    "OpinionWords",
    "ProgrammeRecord",
    "RuleRecord",
    "Words",
    "activity_record",
    "activity_withdraw",
    "exemplar_change",
    "exemplar_copy",
    "exemplar_create",
    "exemplar_drop",
    "exemplar_publish",
    "exemplar_recognise",
    "exemplar_refuse",
    "exemplar_register",
    "exemplar_unpublish",
    "index_record",
    "models_load",
    "opinion_answer",
    "opinion_change",
    "opinion_correct",
    "opinion_create",
    "opinion_file_remove",
    "opinion_send",
    "picture_add",
    "picture_remove",
    "programme_change",
    "programme_create",
    "programme_end",
    "programme_file_add",
    "programme_file_remove",
    "programme_renew",
    "programme_sign",
    "rule_record",
]
