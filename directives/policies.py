"""Who may report, record a plan or judge a report: None (allowed) or the reason why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from directives.enums import AssignmentState
from directives.models import Assignment


def may_report(access: Access, assignment: Assignment) -> Text | None:
    """Only the unit that was asked reports; seeing it from the city gives no such right."""
    if assignment.unit_id not in access.units(Permission.DIRECTIVE_REPORT):
        return _("Your position does not include reporting for this unit.")
    if assignment.state == AssignmentState.CONFIRMED:
        return _("The task is confirmed as done; nothing more is to be reported.")
    return None


def may_record_plan(access: Access, assignment: Assignment) -> Text | None:
    """The plan of a unit is recorded by that unit, also after the task was confirmed."""
    if not assignment.task.is_plan:
        return _("This task is not about a plan.")
    if assignment.unit_id not in access.units(Permission.DIRECTIVE_REPORT):
        return _("Your position does not include reporting for this unit.")
    return None


def may_review(access: Access, assignment: Assignment) -> Text | None:
    """The issuer's side confirms or returns what a unit reported as done."""
    if Permission.DIRECTIVE_ASSIGN not in access.city:
        return _("Your position does not include confirming what units report.")
    if assignment.state != AssignmentState.REPORTED_DONE:
        return _("Only a task reported as done can be confirmed or returned.")
    return None
