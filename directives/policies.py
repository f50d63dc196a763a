"""Who may do what with tasks of directives: None (allowed) or the reason why not."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from common.time import today
from directives.enums import (
    OPEN_WORK,
    OVER,
    OWED,
    AssignmentState,
    DirectiveState,
    ImportState,
    PeriodState,
)
from directives.models import Assignment, AssignmentImport, AssignmentPeriod, Directive

# A file that runs only when a person says so.
IMPORT_WAITS = (ImportState.CHECKED, ImportState.FAILED)


def may_assign(access: Access) -> Text | None:
    """Giving tasks, answering and withdrawing is of bodies that assign for the whole City."""
    if Permission.DIRECTIVE_ASSIGN in access.city:
        return None
    return _("Your position does not include giving tasks to units.")


def may_keep(access: Access) -> Text | None:
    """The register of documents is kept by the bodies that assign for the whole City."""
    if Permission.DIRECTIVE_ASSIGN in access.city:
        return None
    return _("Your position does not include keeping the register of directives.")


def may_change_record(access: Access, directive: Directive) -> Text | None:
    """Its record, files, relations, groups and tasks, as long as it is a draft or in force."""
    if refusal := may_keep(access):
        return refusal
    if directive.state not in (DirectiveState.DRAFT, DirectiveState.IN_FORCE):
        return _("A document that was withdrawn or replaced is not changed any more.")
    return None


def may_publish(access: Access, directive: Directive) -> Text | None:
    """A draft is put in force once."""
    if refusal := may_keep(access):
        return refusal
    if directive.state != DirectiveState.DRAFT:
        return _("Only a draft can be put in force.")
    return None


def may_withdraw_directive(access: Access, directive: Directive) -> Text | None:
    """What is in force may be withdrawn; a draft is seen by nobody else and stays one."""
    if refusal := may_keep(access):
        return refusal
    if not directive.is_in_force:
        return _("Only a document in force can be withdrawn.")
    return None


def may_withdraw_task(access: Access, directive: Directive) -> Text | None:
    """A task is withdrawn as long as the document may be changed, and of one that was replaced."""
    if directive.state == DirectiveState.REPLACED:
        return may_keep(access)
    return may_change_record(access, directive)


def may_withdraw_rest(access: Access, directive: Directive) -> Text | None:
    """What units still owe on a document that was replaced may be withdrawn at any later time."""
    if refusal := may_keep(access):
        return refusal
    if directive.state != DirectiveState.REPLACED:
        return _("Only of a document that was replaced the rest is withdrawn.")
    return None


def may_set_due(access: Access, directive: Directive) -> Text | None:
    """The date of tasks that units have is set by whoever gives them, also when the document
    expired or was replaced and its tasks go on."""
    if refusal := may_assign(access):
        return refusal
    if directive.state not in (DirectiveState.IN_FORCE, DirectiveState.REPLACED):
        return _("Dates are set for tasks of a document in force or replaced.")
    return None


def may_give(access: Access, directive: Directive, on: dt.date | None = None) -> Text | None:
    """Tasks of a document in force are given to units while it is in effect; ``on``: a local date,
    by default today."""
    return may_assign(access) or not_given(directive, on or today())


def may_start_import(
    access: Access, found: AssignmentImport, on: dt.date | None = None
) -> Text | None:
    """A file that was checked is confirmed by whoever may give, one that broke off goes on; ``on``
    as in ``may_give``."""
    if refusal := may_give(access, found.directive, on) or _moved_on(found, IMPORT_WAITS):
        return refusal
    if found.rows_new == found.rows_done:
        return _("There is nothing to give in this file.")
    return None


def may_stop_import(access: Access, found: AssignmentImport) -> Text | None:
    """A file that is not over is stopped by whoever gives tasks, also when giving itself is not
    possible any more."""
    return may_assign(access) or _moved_on(found, (*IMPORT_WAITS, ImportState.RUNNING))


def _moved_on(found: AssignmentImport, states: Collection[str]) -> Text | None:
    if found.state in states:
        return None
    words = gettext("This file is not where it was when you opened the page: %(state)s.")
    return words % {"state": found.get_state_display()}


def not_given(directive: Directive, on: dt.date) -> Text | None:
    """Why tasks of a document cannot be given on a local date, whoever asks."""
    if not directive.is_in_force:
        return _("Only tasks of a document in force can be given to units.")
    if directive.is_ahead(on):
        return _("The document is not in effect yet; its tasks can be given from its first day on.")
    if directive.is_expired(on):
        return _("The document is no longer in effect; its tasks cannot be given any more.")
    return None


def sees_desk(access: Access) -> bool:
    """Whoever works on tasks of a unit, and members of a body that may carry tasks of others; who
    sees all units has the overview."""
    if Permission.DIRECTIVE_VIEW in access.city:
        return access.has(Permission.DIRECTIVE_REPORT)
    return access.has(Permission.DIRECTIVE_VIEW)


def may_work(access: Access, assignment: Assignment) -> Text | None:
    """Only the unit that was asked works on a task; seeing it from the city gives no such
    right."""
    if assignment.unit_id not in access.units(Permission.DIRECTIVE_REPORT):
        return _("Your position does not include reporting for this unit.")
    if assignment.state == AssignmentState.WITHDRAWN:
        return _("The task was withdrawn; nothing more is asked.")
    return None


def may_receive(access: Access, assignment: Assignment) -> Text | None:
    """A unit notes once that it has received its task."""
    if refusal := may_work(access, assignment):
        return refusal
    if assignment.state != AssignmentState.ASSIGNED:
        return _("The task has already been received.")
    return None


def may_appoint(access: Access, assignment: Assignment) -> Text | None:
    """The unit says which of its people sees to the task, as long as it is not over."""
    if refusal := may_work(access, assignment):
        return refusal
    return _confirmed(assignment)


def may_report(access: Access, assignment: Assignment) -> Text | None:
    """On the whole task, while it does not lie with the city."""
    if refusal := may_work(access, assignment):
        return refusal
    if assignment.state == AssignmentState.REPORTED_DONE:
        return _("The task is reported as done; the answer of the City comes first.")
    return _confirmed(assignment)


def may_report_period(
    access: Access, assignment: Assignment, period: AssignmentPeriod
) -> Text | None:
    """On a period whose report is owed, or was returned."""
    if refusal := may_work(access, assignment) or _confirmed(assignment):
        return refusal
    if period.state not in OWED:
        return _("The report of this period has been sent; the answer of the City comes first.")
    return None


def may_record_plan(access: Access, assignment: Assignment) -> Text | None:
    """The plan of a unit is recorded by that unit, also after the task was confirmed."""
    if not assignment.task.is_plan:
        return _("This task is not about a plan.")
    return may_work(access, assignment)


def may_record_study(access: Access, assignment: Assignment) -> Text | None:
    """Sessions at which the documents were studied, also after the task was confirmed."""
    return may_work(access, assignment)


def may_ask_extension(
    access: Access, assignment: Assignment, period: AssignmentPeriod | None = None
) -> Text | None:
    """The unit asks for more time while it works, for a task with a date or for a period whose
    report is owed."""
    if refusal := may_work(access, assignment):
        return refusal
    if period is not None:
        return may_report_period(access, assignment, period)
    if assignment.due_on is None:
        return _("This task has no date that could be moved.")
    if assignment.state not in OPEN_WORK:
        return _("More time can be asked for only while the unit works on the task.")
    return None


def may_answer_extension(access: Access, assignment: Assignment) -> Text | None:
    """More time is given or refused by whoever gives tasks; the service looks for the request."""
    return may_assign(access)


def may_review(access: Access, assignment: Assignment) -> Text | None:
    """The issuer's side confirms or returns what a unit reported as done."""
    if refusal := _may_judge(access):
        return refusal
    if assignment.state != AssignmentState.REPORTED_DONE:
        return _("Only a task reported as done can be confirmed or returned.")
    return None


def may_review_period(
    access: Access, assignment: Assignment, period: AssignmentPeriod
) -> Text | None:
    """The issuer's side accepts or returns the report of a period."""
    if refusal := _may_judge(access):
        return refusal
    if period.state != PeriodState.REPORTED or assignment.state in OVER:
        return _("Only a period that was reported can be accepted or returned.")
    return None


def may_withdraw(access: Access, assignment: Assignment) -> Text | None:
    """A task may be taken back from a unit until it is confirmed as done."""
    if refusal := may_assign(access):
        return refusal
    if assignment.state in OVER:
        return _("A task that is confirmed or withdrawn cannot be withdrawn.")
    return None


def may_see_likeness(access: Access) -> Text | None:
    """What reads alike is pointed out to the bodies that see every unit, to no unit."""
    if Permission.DIRECTIVE_VIEW in access.city:
        return None
    return _("Only bodies of the City compare the reports of units.")


def may_judge_likeness(access: Access) -> Text | None:
    """Why reports read alike is judged by whoever gives tasks."""
    if Permission.DIRECTIVE_ASSIGN in access.city:
        return None
    return _("Your position does not include judging reports that read alike.")


def may_urge(access: Access) -> Text | None:
    """Units are urged about late tasks by whoever gives tasks."""
    if Permission.DIRECTIVE_ASSIGN in access.city:
        return None
    return _("Your position does not include urging units.")


def _may_judge(access: Access) -> Text | None:
    if Permission.DIRECTIVE_ASSIGN not in access.city:
        return _("Your position does not include confirming what units report.")
    return None


def _confirmed(assignment: Assignment) -> Text | None:
    if assignment.state == AssignmentState.CONFIRMED:
        return _("The task is confirmed as done; nothing more is to be reported.")
    return None
