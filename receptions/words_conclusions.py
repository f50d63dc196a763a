"""What happened to minutes, notices and tasks, as the history of a session says it."""

from django.utils.translation import gettext_noop

CONCLUSION_EVENTS = {
    "receptions.visit.notice_issued": gettext_noop("Written notice to number %(number)s issued"),
    "receptions.visit.notice_sent": gettext_noop("Written notice to number %(number)s sent"),
    "receptions.visit.notice_voided": gettext_noop(
        "Written notice to number %(number)s declared void"
    ),
    "receptions.visit.reminded": gettext_noop("Reminder: written notice to number %(number)s"),
    "receptions.visit.escalated": gettext_noop("Written notice to number %(number)s is overdue"),
    "receptions.visit.answered": gettext_noop("Escalation answered, number %(number)s"),
    "receptions.visit.due_date_moved": gettext_noop(
        "Days off changed: new limit of the written notice to number %(number)s"
    ),
    "receptions.minutes.written": gettext_noop("Minutes of number %(number)s written"),
    "receptions.minutes.receiver_signed": gettext_noop(
        "Minutes of number %(number)s: the receiver signed off"
    ),
    "receptions.minutes.visitor_signed": gettext_noop(
        "Minutes of number %(number)s: the visitor's word recorded"
    ),
    "receptions.minutes.addendum": gettext_noop("Minutes of number %(number)s corrected"),
    "receptions.conclusion.drafted": gettext_noop("Conclusion notice drafted"),
    "receptions.conclusion.changed": gettext_noop("Draft of a conclusion notice changed"),
    "receptions.conclusion.discarded": gettext_noop("Draft of a conclusion notice thrown away"),
    "receptions.conclusion.issued": gettext_noop("Conclusion notice no. %(notice)s issued"),
    "receptions.conclusion.left": gettext_noop(
        "Record of number %(number)s corrected; the draft written by hand was left"
    ),
    "receptions.conclusion.withdrawn": gettext_noop(
        "Open tasks of conclusion notice no. %(notice)s ended"
    ),
    "receptions.task.receive": gettext_noop("Task %(row)s of notice no. %(notice)s received"),
    "receptions.task.report": gettext_noop("Task %(row)s of notice no. %(notice)s reported done"),
    "receptions.task.ask": gettext_noop(
        "More time asked for task %(row)s of notice no. %(notice)s"
    ),
    "receptions.task.receive_on_paper": gettext_noop(
        "Task %(row)s of notice no. %(notice)s received, by paper %(paper)s of the unit"
    ),
    "receptions.task.report_on_paper": gettext_noop(
        "Task %(row)s of notice no. %(notice)s reported done, by paper %(paper)s of the unit"
    ),
    "receptions.task.ask_on_paper": gettext_noop(
        "More time asked for task %(row)s of notice no. %(notice)s, by paper %(paper)s of the unit"
    ),
    "receptions.task.accept": gettext_noop("Task %(row)s of notice no. %(notice)s done"),
    "receptions.task.return": gettext_noop(
        "Report on task %(row)s of notice no. %(notice)s returned"
    ),
    "receptions.task.extend": gettext_noop("New date for task %(row)s of notice no. %(notice)s"),
    "receptions.task.keep_date": gettext_noop(
        "No more time for task %(row)s of notice no. %(notice)s"
    ),
    "receptions.task.cancel": gettext_noop("Task %(row)s of notice no. %(notice)s cancelled"),
    "receptions.task.reminded": gettext_noop("Reminder: task %(row)s of notice no. %(notice)s"),
    "receptions.task.escalated": gettext_noop("Task %(row)s of notice no. %(notice)s is overdue"),
    "receptions.task.answered": gettext_noop(
        "Escalation answered, task %(row)s of notice no. %(notice)s"
    ),
}
