"""What pages and mails say about periodic jobs."""

from django import template

from hanoi_portal import schedule

register = template.Library()


@register.filter
def job_title(name: str) -> str:
    """The name of a job for people."""
    return schedule.job_title(name)
