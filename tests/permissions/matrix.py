"""The permission matrix: one row a named URL or API operation.

Rows marked ``everybody`` are open to the whole world; the test asks them as a visitor, a clerk
and the administrator. Everything else is asked as every role.
"""

from tests.permissions.rows import Row

# Names that Django's own admin site brings along; who reaches it is tested in test_admin.py.
SKIPPED_PREFIXES = ("admin:",)

CASE = {"ward": 200, "watchers": 200}
INBOX = {"ward": 200, "watchers": 200, "others": 200, "board": 200}
# A reception day is seen by its unit and the city; its steps belong to the unit alone.
DAY = {"others": 404, "admin": 404}
PLANS = {"chair": 422, "secretary": 422}
STEP = {"version": "2", "reason": "Lý do thử nghiệm"}
COUNTER = {"clerk": 200, "chair": 200, "secretary": 200}
OTHERS_NOT = {"others": 404}
REPORTERS = {"ward": 302, "front": 302}

MATRIX: dict[str, Row] = {
    # Public pages
    "home": Row(everybody=200),
    "help": Row(everybody=200),
    "accessibility": Row(everybody=200),
    "set_language": Row(everybody=302, method="POST"),
    "health_live": Row(everybody=200),
    "health_ready": Row(everybody=503),
    "health_jobs": Row(everybody=200),
    "docs": Row(everybody=200),
    "schema": Row(everybody=200),
    "api_unknown": Row(everybody=404),
    "petitions:file_start": Row(everybody=200),
    "petitions:file_step": Row(everybody=200, args=("loai",)),
    "petitions:file_done": Row(everybody=302),
    "petitions:denunciation_form": Row(everybody=302),
    "petitions:draft_resume": Row(everybody=200),
    "petitions:draft_discard": Row(everybody=302, method="POST"),
    "petitions:attachment_remove": Row(everybody=302, method="POST"),
    "petitions:track": Row(everybody=200),
    "petitions:track_view": Row(everybody=302),
    "petitions:track_write": Row(everybody=302, method="POST"),
    "petitions:track_rate": Row(everybody=302, method="POST"),
    "petitions:track_leave": Row(everybody=302),
    "petitions:receipt_qr": Row(everybody=200, args=("case",)),
    "receptions:calendar": Row(everybody=200),
    "receptions:calendar_ics": Row(everybody=200),
    "receptions:registration_lookup": Row(everybody=200),
    "receptions:registered": Row(everybody=302),
    "receptions:session": Row(everybody=200, args=("session",)),
    "receptions:session_ics": Row(everybody=200, args=("session",)),
    "receptions:register": Row(everybody=302, args=("session",)),
    "deadlines:calculator": Row(everybody=200),
    "deadlines:calculator_ics": Row(everybody=302),
    "communes:unit_list": Row(everybody=200),
    "communes:unit_detail": Row(everybody=200, args=("ward_slug",)),
    "directives:public_list": Row(everybody=200),
    "directives:public_detail": Row(everybody=200, args=("1699-cv-tu",)),
    # Sign-in
    "account_home": Row(everybody="login"),
    "account_login": Row(anonymous=200, signed_in=302),
    "account_logout": Row(anonymous=302, signed_in=200),
    "account_change_password": Row(signed_in=200),
    "account_reauthenticate": Row(signed_in=200),
    # Absences
    "absences:list": Row(signed_in=200),
    "absences:end": Row(args=("unknown_uuid",), method="POST"),
    # Cases
    "cases:desk": Row(signed_in=200),
    "cases:inbox": Row(but=INBOX),
    "cases:bulk": Row(signed_in=302, method="POST", data={"do": "assign"}),
    "cases:export": Row(but=INBOX),
    "cases:person_search": Row(but=INBOX, method="POST", data={"name": "Không Có Ai"}),
    "cases:filter_new": Row(signed_in=302, method="POST", data={"name": "A", "query": "open=1"}),
    "cases:filter_change": Row(args=("0",), method="POST", data={"do": "start"}),
    "cases:filter_gone": Row(args=("0",), method="POST"),
    "cases:case": Row(but=CASE, args=("case",)),
    "cases:action": Row(
        but={"ward": 403, "watchers": 403, "clerk": 200, "chair": 200}, args=("case", "receive")
    ),
    "cases:identity": Row(but=CASE, args=("case", "1"), method="POST"),
    "cases:attachment": Row(args=("case", "unknown_uuid")),
    "cases:write": Row(
        but={"ward": 403, "watchers": 403, "clerk": 302, "chair": 302},
        args=("case",),
        method="POST",
        data={"to": "seen"},
    ),
    "cases:message_file": Row(args=("case", "unknown_uuid")),
    "cases:routing": Row(
        but={
            "chair": 200,
            "other_chair": 200,
            "board_head": 200,
            "city_chair": 200,
            "inspector": 200,
        }
    ),
    "cases:rule_change": Row(args=("0",), method="POST"),
    "cases:letter_new": Row(
        but={
            "clerk": 200,
            "other_clerk": 200,
            "board_officer": 200,
            "city_chair": 200,
            "inspector": 200,
        }
    ),
    # Notices
    "notices:list": Row(signed_in=200),
    "notices:unread": Row(signed_in=200),
    "notices:read": Row(signed_in=302, method="POST", data={"all": "1"}),
    "notices:settings": Row(signed_in=200),
    "mailroom:undelivered": Row(but={"admin": 200}),
    "mailroom:resend": Row(but={"admin": 302}, method="POST"),
    "mailroom:texts": Row(but={"admin": 200}),
    "mailroom:text": Row(but={"admin": 200}, args=("escalation",)),
    "escalation:open": Row(
        but={
            "chair": 200,
            "secretary": 200,
            "other_chair": 200,
            "board_head": 200,
            "city_chair": 200,
            "inspector": 200,
        }
    ),
    "escalation:answer": Row(args=("unknown_uuid",)),
    # The ladder itself: administrators alone
    "escalation:keeping": Row(but={"admin": 200}),
    "escalation:ladder_new": Row(but={"admin": 200}),
    "escalation:ladder": Row(args=("unknown_uuid",)),
    "escalation:ladder_change": Row(args=("unknown_uuid",), method="POST", data={"do": "try"}),
    "escalation:switch_on": Row(args=("unknown_uuid",), method="POST"),
    "escalation:release": Row(args=("unknown_uuid",), method="POST", data={"note": "Thử"}),
    "escalation:run": Row(args=("0",)),
    "cases:ladder": Row(but=CASE, args=("case",)),
    # Reception days
    "receptions_staff:desk": Row(signed_in=200, but={"admin": 404}),
    "receptions_staff:plan": Row(
        signed_in=403,
        but={
            "admin": 404,
            "chair": 200,
            "secretary": 200,
            "other_chair": 200,
            "board_head": 200,
            "city_chair": 200,
            "city_secretary": 200,
            "party_office": 200,
        },
    ),
    "receptions_staff:session": Row(signed_in=200, but=DAY, args=("session",)),
    "receptions_staff:publish": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:postpone": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:cancel": Row(
        signed_in=403,
        but=DAY | {"chair": 302, "secretary": 302},
        args=("session",),
        method="POST",
        data=STEP,
    ),
    "receptions_staff:hold": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:register": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:record": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    # Directives
    "directives_staff:list": Row(signed_in=200),
    "directives_staff:detail": Row(
        signed_in=200, but={"ward": 302, "front": 302, "others": 302}, args=("1699-cv-tu",)
    ),
    "directives_staff:unit": Row(signed_in=200, but=OTHERS_NOT, args=("1699-cv-tu", "ward")),
    "directives_staff:assignment": Row(signed_in=200, but=OTHERS_NOT, args=("task",)),
    "directives_staff:report": Row(
        signed_in=403,
        but=OTHERS_NOT | REPORTERS,
        args=("task",),
        method="POST",
        data={"version": "1", "state": "in_progress", "text": "Đang xây dựng kế hoạch."},
    ),
    "directives_staff:plan": Row(
        signed_in=403,
        but=OTHERS_NOT | REPORTERS,
        args=("task",),
        method="POST",
        data={
            "plan-version": "1",
            "plan-number": "12-KH/ĐU",
            "plan-issued_on": "2026-09-01",
            "plan-title": "Kế hoạch thực hiện Công văn 1699",
        },
    ),
    "directives_staff:review": Row(
        signed_in=403,
        but=OTHERS_NOT,
        args=("task",),
        method="POST",
        data={"review-version": "1", "review-decision": "accept", "review-text": "Đồng ý."},
    ),
    "reports:overview": Row(
        signed_in=200,
        but={
            "clerk": 404,
            "handler": 404,
            "front": 404,
            "other_clerk": 404,
            "admin": 404,
        },
    ),
    "reports:party_line": Row(
        signed_in=200,
        but={
            "clerk": 404,
            "handler": 404,
            "front": 404,
            "other_clerk": 404,
            "admin": 404,
        },
    ),
    "system_jobs": Row(but={"admin": 200}),
    # API
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
    "api:reception-quotas": Row(signed_in=200, anonymous=401, but={"admin": 403}),
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
    "api:directive-assignments": Row(signed_in=200, anonymous=401, args=("1699-cv-tu",)),
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
            "inspector": 200,
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
            "admin": 403,
        },
    ),
}

# Whoever opens a page to everybody adds it here knowingly.
OPEN = {
    "accessibility", "account_home", "api:calendar", "api:deadline-rules", "api:deadlines",
    "api:fields", "api_unknown",
    "api:petition", "api:petition-attachments", "api:petition-messages", "api:petition-rating",
    "api:petition-withdrawal", "api:petitions", "api:reception-registrations", "api:reception-sessions",
    "api:unit", "api:units", "api:uploads", "communes:unit_detail", "communes:unit_list", "deadlines:calculator",
    "deadlines:calculator_ics",
    "directives:public_detail", "directives:public_list", "docs", "health_jobs", "health_live", "health_ready",
    "help", "home", "petitions:attachment_remove", "petitions:denunciation_form",
    "petitions:draft_discard", "petitions:draft_resume", "petitions:file_done",
    "petitions:file_start", "petitions:file_step", "petitions:receipt_qr", "petitions:track",
    "petitions:track_leave", "petitions:track_rate", "petitions:track_view", "petitions:track_write", "receptions:calendar",
    "receptions:calendar_ics", "receptions:register", "receptions:registered",
    "receptions:registration_lookup", "receptions:session", "receptions:session_ics", "schema",
    "set_language",
}  # fmt: skip
