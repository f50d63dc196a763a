"""The static beat schedule. Every task may run twice, late or in parallel with itself."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Limits that passed are escalated within a minute; a missed minute is made up by the next.
    "escalation-sweep": {
        "task": "escalation.run_sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A clock may have been started with the days off of before a change: counted once more.
    "calendar-settle": {
        "task": "deadlines.settle_calendar_change",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    # Without next year's Tết no limit can reach into it: told every day from 1 November.
    "calendar-alarm": {
        "task": "escalation.check_calendar",
        "schedule": crontab(hour=7, minute=15),
        "options": {"expires": 3600},
    },
    # Last month's overdue petitions for the Party line; asked every day, told once a month.
    "party-list": {
        "task": "reports.send_party_list",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 3600},
    },
    # The outbox is the truth: what could not be sent is tried again.
    "outbox-delivery": {
        "task": "notifications.deliver_outbox",
        "schedule": 20.0,
        "options": {"expires": 18},
    },
    # Uploads that no petition took within eight days are removed.
    "attachments-prune": {
        "task": "attachments.prune_unclaimed",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    # What a citizen wrote is kept no longer than promised on the page.
    "draft-prune": {
        "task": "petitions.prune_drafts",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # A repeated request gets its first answer for a week.
    "idempotency-prune": {
        "task": "common.prune_idempotency_keys",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
}
