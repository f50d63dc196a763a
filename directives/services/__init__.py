from directives.services.assignments import (
    Preview,
    assignment_receive,
    assignment_withdraw,
    assignments_create,
    assignments_give,
    assignments_preview,
    owner_appoint,
)
from directives.services.breakdown import (
    TaskPlan,
    breakdown_copy,
    group_change,
    group_create,
    task_change,
    task_create,
)
from directives.services.due_dates import DueLook, NewDue, due_preview, due_set
from directives.services.extensions import extension_answer, extension_ask
from directives.services.likeness import likeness_justify, likeness_reopen
from directives.services.periods import periods_open
from directives.services.progress import Report, report_review, report_submit
from directives.services.reference import directives_load
from directives.services.register import (
    Record,
    directive_change,
    directive_create,
    directive_publish,
)
from directives.services.relations import (
    directive_file_add,
    directive_file_remove,
    directive_relate,
    directive_unrelate,
)
from directives.services.replacements import replaced_withdraw
from directives.services.unit_work import Plan, plan_record, study_record, study_withdraw
from directives.services.withdrawals import directive_withdraw, task_withdraw

__all__ = [
    "DueLook",
    "NewDue",
    "Plan",
    "Preview",
    "Record",
    "Report",
    "TaskPlan",
    "assignment_receive",
    "assignment_withdraw",
    "assignments_create",
    "assignments_give",
    "assignments_preview",
    "breakdown_copy",
    "directive_change",
    "directive_create",
    "directive_file_add",
    "directive_file_remove",
    "directive_publish",
    "directive_relate",
    "directive_unrelate",
    "directive_withdraw",
    "directives_load",
    "due_preview",
    "due_set",
    "extension_answer",
    "extension_ask",
    "group_change",
    "group_create",
    "likeness_justify",
    "likeness_reopen",
    "owner_appoint",
    "periods_open",
    "plan_record",
    "replaced_withdraw",
    "report_review",
    "report_submit",
    "study_record",
    "study_withdraw",
    "task_change",
    "task_create",
    "task_withdraw",
]
