from directives.services.assignments import (
    assignment_receive,
    assignment_withdraw,
    assignments_create,
    assignments_give,
    owner_appoint,
)
from directives.services.extensions import extension_answer, extension_ask
from directives.services.periods import periods_open
from directives.services.progress import Report, report_review, report_submit
from directives.services.reference import directives_load
from directives.services.unit_work import Plan, plan_record, study_record, study_withdraw

__all__ = [
    "Plan",
    "Report",
    "assignment_receive",
    "assignment_withdraw",
    "assignments_create",
    "assignments_give",
    "directives_load",
    "extension_answer",
    "extension_ask",
    "owner_appoint",
    "periods_open",
    "plan_record",
    "report_review",
    "report_submit",
    "study_record",
    "study_withdraw",
]
