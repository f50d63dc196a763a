"""Rows of the permission matrix: the API."""

from dataclasses import replace

from tests.permissions.rows import Row

CASE = {"ward": 200, "watchers": 200}
# An empty body is refused before anything is looked up.
DAY_STEP = Row(signed_in=400, anonymous=401, but={"admin": 403}, args=("session",), method="POST")
VISIT_STEP = replace(DAY_STEP, args=("session", "visit"))

API: dict[str, Row] = {
    "api:petitions": Row(everybody=400, method="POST"),
    "api:petition": Row(everybody=404, args=("case",)),
    "api:petition-messages": Row(everybody=404, args=("case",), method="POST"),
    "api:petition-attachments": Row(everybody=404, args=("case",), method="POST"),
    "api:petition-withdrawal": Row(everybody=404, args=("case",), method="POST"),
    "api:petition-rating": Row(everybody=404, args=("case",), method="POST"),
    "api:uploads": Row(everybody=400, method="POST"),
    "api:fields": Row(everybody=200),
    "api:units": Row(everybody=200),
    "api:unit": Row(everybody=200, args=("ward",)),
    "api:deadline-rules": Row(everybody=200),
    "api:deadlines": Row(everybody=400),
    "api:calendar": Row(everybody=200),
    "api:reception-sessions": Row(everybody=200),
    "api:reception-registrations": Row(everybody=400, args=("session",), method="POST"),
    "api:reception-confirm": Row(everybody=400, args=("visit",), method="POST"),
    "api:reception-publish": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("session",), method="POST"
    ),
    "api:reception-postpone": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("session",), method="POST"
    ),
    "api:reception-cancel": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("session",), method="POST"
    ),
    "api:reception-hold": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("session",), method="POST"
    ),
    "api:reception-record": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("session", "visit"), method="POST"
    ),
    # The day: its unit alone, and not before it has come.
    "api:reception-call-next": Row(
        signed_in=403,
        anonymous=401,
        but={"others": 404, "bodies": 404, "clerk": 422, "chair": 422, "secretary": 422},
        args=("session",),
        method="POST",
    ),
    "api:reception-counter": DAY_STEP,
    "api:reception-move": VISIT_STEP,
    "api:reception-refuse": VISIT_STEP,
    "api:reception-refusal-undo": VISIT_STEP,
    "api:reception-refusal-issue": VISIT_STEP,
    "api:reception-refusal-send": VISIT_STEP,
    "api:reception-refusal-void": VISIT_STEP,
    "api:reception-written-notice-issue": VISIT_STEP,
    "api:reception-written-notice-send": VISIT_STEP,
    "api:reception-written-notice-void": VISIT_STEP,
    "api:reception-minutes": VISIT_STEP,
    "api:reception-minutes-sign": VISIT_STEP,
    "api:reception-minutes-visitor-sign": VISIT_STEP,
    "api:reception-notices": Row(
        signed_in=403,
        anonymous=401,
        but={"others": 404, "bodies": 404, "clerk": 200, "chair": 200, "secretary": 200},
        args=("session",),
    ),
    "api:reception-notice": Row(anonymous=401, args=("unknown_uuid",)),
    "api:reception-notice-issue": Row(
        signed_in=400, anonymous=401, but={"admin": 403}, args=("unknown_uuid",), method="POST"
    ),
    "api:reception-tasks": Row(
        signed_in=200,
        anonymous=401,
        but=dict.fromkeys(
            ("handler", "front", "admin"),
            403,
        ),
    ),
    "api:reception-task": Row(anonymous=401, args=("unknown_uuid",)),
    "api:reception-task-step": Row(
        signed_in=400, anonymous=401, args=("unknown_uuid",), method="POST"
    ),
    "api:reception-quotas": Row(signed_in=200, anonymous=401, but={"admin": 403}),
    "api:reception-oversight": Row(
        signed_in=200,
        anonymous=401,
        but=dict.fromkeys(
            ("admin", "clerk", "handler", "front", "other_clerk", "reception_officer"), 403
        ),
    ),
    "api:cases": Row(signed_in=200, anonymous=401),
    "api:case": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-search": Row(signed_in=200, anonymous=401, method="POST"),
    "api:case-similar": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-events": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-actions": Row(but=CASE, anonymous=401, args=("case",)),
    # An empty body is refused before anything is looked up; who may act is tested with the service.
    "api:case-action": Row(signed_in=400, anonymous=401, args=("case", "receive"), method="POST"),
    "api:letters": Row(signed_in=400, anonymous=401, method="POST"),
    "api:directives": Row(signed_in=200, anonymous=401),
    "api:directive": Row(signed_in=200, anonymous=401, args=("1699-cv-tu",)),
    # An empty body is refused first; who may is tested with the service.
    "api:directive-change": Row(signed_in=400, anonymous=401, args=("1699-cv-tu",), method="POST"),
    "api:directive-assignments": Row(signed_in=200, anonymous=401, args=("1699-cv-tu",)),
    "api:assignments": Row(signed_in=200, anonymous=401),
    "api:assignment": Row(
        signed_in=200, anonymous=401, but={"others": 404, "bodies": 404}, args=("task",)
    ),
    "api:assignment-receipt": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-owner": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-studies": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-study-withdrawal": Row(
        signed_in=400, anonymous=401, args=("task", "unknown_uuid"), method="POST"
    ),
    "api:assignment-extension": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-extension-answer": Row(
        signed_in=400, anonymous=401, args=("task",), method="POST"
    ),
    "api:assignment-withdrawal": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-reports": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-plan": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:assignment-review": Row(signed_in=400, anonymous=401, args=("task",), method="POST"),
    "api:escalations": Row(
        signed_in=403,
        anonymous=401,
        but={
            "chair": 200,
            "secretary": 200,
            "other_chair": 200,
            "board_head": 200,
            "city_chair": 200,
            "city_secretary": 200,
            "inspector": 200,
            "front": 200,  # late tasks of directives
            "party": 200,
            "agency_head": 200,
            "service_head": 200,
        },
    ),
    "api:escalation-answer": Row(
        signed_in=400, anonymous=401, args=("unknown_uuid",), method="POST"
    ),
    "api:overview": Row(
        signed_in=200,
        anonymous=401,
        but={
            "clerk": 403,
            "handler": 403,
            "front": 403,
            "other_clerk": 403,
            "reception_officer": 403,
            "admin": 403,
        },
    ),
}
