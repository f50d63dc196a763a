from directives.services.assignments import assignments_create
from directives.services.progress import plan_record, report_review, report_submit
from directives.services.reference import directives_load

__all__ = [
    "assignments_create",
    "directives_load",
    "plan_record",
    "report_review",
    "report_submit",
]
