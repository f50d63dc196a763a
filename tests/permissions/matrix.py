"""The permission matrix: one row a named URL or API operation.

Rows marked ``everybody`` are open to the whole world; the test asks them as a visitor, a clerk
and the administrator. Everything else is asked as every role. Here are the pages of officers; the
others lie in ``matrix_public``, ``matrix_accounts``, ``matrix_receptions`` and ``matrix_api``.
"""

from tests.permissions.matrix_accounts import ACCOUNTS
from tests.permissions.matrix_api import API
from tests.permissions.matrix_continuity import CONTINUITY
from tests.permissions.matrix_directives import DIRECTIVES
from tests.permissions.matrix_early_warning import EARLY_WARNING
from tests.permissions.matrix_mobilisation import MOBILISATION
from tests.permissions.matrix_papers import PAPERS
from tests.permissions.matrix_public import OPEN, PUBLIC
from tests.permissions.matrix_receptions import RECEPTIONS
from tests.permissions.matrix_registers import REGISTERS
from tests.permissions.rows import Row

__all__ = ["MATRIX", "OPEN", "PARTS", "SKIPPED_PREFIXES"]

# Names that Django's own admin site brings along; who reaches it is tested in test_admin.py.
SKIPPED_PREFIXES = ("admin:",)

CASE = {"ward": 200, "watchers": 200}
INBOX = {"ward": 200, "watchers": 200, "others": 200, "board": 200}
OPENING = {"ground": "verify", "reason": "Xác minh danh tính theo quy định"}
OTHERS_NOT = {"others": 404, "bodies": 404}
# Who keeps the register of directives and gives tasks.
KEEPERS = {"propaganda": 200, "party_office": 200}
REPORTERS = {"ward": 302, "front": 302}
# Whoever gives tasks of directives to units.
GIVERS = ("propaganda", "party_office")

STAFF: dict[str, Row] = {
    # Cases
    "cases:desk": Row(signed_in=200),
    "cases:inbox": Row(but=INBOX),
    "cases:bulk": Row(signed_in=302, method="POST", data={"do": "assign"}),
    "cases:export": Row(but=INBOX),
    "cases:person_search": Row(but=INBOX, method="POST", data={"name": "Không Có Ai"}),
    # Who finds what is held in tests/petitions/test_inbox.py.
    "cases:denouncer_search": Row(
        but=dict.fromkeys(
            (
                "clerk",
                "chair",
                "other_clerk",
                "other_chair",
                "board_officer",
                "board_head",
                "city_chair",
                "inspector",
            ),
            200,
        )
    ),
    "cases:filter_new": Row(signed_in=302, method="POST", data={"name": "A", "query": "open=1"}),
    "cases:filter_change": Row(args=("0",), method="POST", data={"do": "start"}),
    "cases:filter_gone": Row(args=("0",), method="POST"),
    "cases:case": Row(but=CASE, args=("case",)),
    "cases:action": Row(
        but={"ward": 403, "watchers": 403, "clerk": 200, "chair": 200}, args=("case", "receive")
    ),
    # Who holds the right reaches the vault, which does not run here (503); who oversees all
    # denunciations sees this one and opens nobody.
    "cases:identity": Row(
        but={
            "clerk": 503,
            "chair": 503,
            "board_head": 403,
            "city_chair": 403,
            "inspector": 403,
        },
        args=("denunciation", "1"),
        method="POST",
        data=OPENING,
    ),
    "cases:renew": Row(but={"ward": 403, "watchers": 403, "clerk": 200}, args=("case",)),
    "cases:attachment": Row(args=("case", "unknown_uuid")),
    "cases:write": Row(
        but={"ward": 403, "watchers": 403, "clerk": 302, "chair": 302},
        args=("case",),
        method="POST",
        data={"to": "seen"},
    ),
    "cases:message_file": Row(args=("case", "unknown_uuid")),
    # Redacted copies exist for denunciations alone; who makes and who reads them is held in
    # tests/petitions/test_redaction_pages.py.
    "cases:redaction": Row(args=("case", "case")),
    "cases:redaction_text": Row(args=("case", "case")),
    "cases:redaction_file": Row(args=("case", "case", "unknown_uuid")),
    "cases:redaction_page": Row(args=("case", "case", "unknown_uuid", "1")),
    "cases:redaction_check": Row(args=("case", "case")),
    "cases:redaction_withdrawal": Row(args=("case", "case"), method="POST"),
    "cases:redacted_file": Row(args=("case", "unknown_uuid")),
    "cases:routing": Row(
        but={
            "chair": 200,
            "other_chair": 200,
            "board_head": 200,
            "city_chair": 200,
            "inspector": 200,
        }
    ),
    "cases:openings": Row(
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
            "city_secretary": 200,  # late tasks of his conclusions
            "inspector": 200,
            "front": 200,  # late tasks of directives
            "party": 200,
            "agency_head": 200,
            "service_head": 200,
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
    # Directives
    "directives_staff:list": Row(signed_in=200),
    "directives_staff:register_new": Row(signed_in=403, but=KEEPERS),
    "directives_staff:register_change": Row(signed_in=403, but=KEEPERS, args=("1699-cv-tu",)),
    "directives_staff:record": Row(signed_in=200, args=("1699-cv-tu",)),
    "directives_staff:record_file": Row(args=("1699-cv-tu", "unknown_uuid")),
    "directives_staff:content": Row(signed_in=200, args=("1699-cv-tu",)),
    "directives_staff:group_new": Row(signed_in=403, but=KEEPERS, args=("1699-cv-tu",)),
    "directives_staff:group": Row(signed_in=403, but=KEEPERS, args=("1699-cv-tu", "1699-cv-tu-1")),
    "directives_staff:task_new": Row(
        signed_in=403, but=KEEPERS, args=("1699-cv-tu", "1699-cv-tu-1")
    ),
    "directives_staff:task": Row(
        signed_in=403, but=KEEPERS, args=("1699-cv-tu", "1699-cv-tu-1-plan")
    ),
    "directives_staff:assign": Row(signed_in=403, but=KEEPERS, args=("1699-cv-tu",)),
    "directives_staff:detail": Row(
        signed_in=200, but={"ward": 302, "front": 302, "others": 302}, args=("1699-cv-tu",)
    ),
    "directives_staff:unit": Row(signed_in=200, but=OTHERS_NOT, args=("1699-cv-tu", "ward")),
    "directives_staff:desk": Row(signed_in=200),
    "directives_staff:waiting": Row(signed_in=403, but=dict.fromkeys(GIVERS, 200)),
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
            "plan-plan_version": "0",
            "plan-number": "12-KH/ĐU",
            "plan-issued_on": "2026-09-01",
            "plan-title": "Kế hoạch thực hiện Công văn 1699",
            "plan-origin": "new",
        },
    ),
    "directives_staff:review": Row(
        signed_in=403,
        but=OTHERS_NOT,
        args=("task",),
        method="POST",
        data={"review-version": "1", "review-decision": "accept", "review-text": "Đồng ý."},
    ),
    "directives_staff:receive": Row(
        signed_in=403,
        but=OTHERS_NOT | REPORTERS,
        args=("task",),
        method="POST",
        data={"receive-version": "1"},
    ),
    "directives_staff:owner": Row(
        signed_in=403,
        but=OTHERS_NOT | REPORTERS,
        args=("task",),
        method="POST",
        data={"owner-version": "1", "owner-owner": ""},
    ),
    "directives_staff:study": Row(
        signed_in=403,
        but=OTHERS_NOT | REPORTERS,
        args=("task",),
        method="POST",
        data={
            "study-version": "1",
            "study-held_on": "2026-09-01",
            "study-people": "35",
            "study-material": "Công văn 1699-CV/TU",
        },
    ),
    # No such session, to whoever may record one; the task has no date that could be moved.
    "directives_staff:study_withdraw": Row(
        signed_in=403,
        but=OTHERS_NOT | dict.fromkeys(REPORTERS, 404),
        args=("task",),
        method="POST",
        data={
            "study_withdraw-version": "1",
            "study_withdraw-study": "00000000-0000-0000-0000-000000000001",
        },
    ),
    "directives_staff:extension": Row(
        signed_in=403,
        but=OTHERS_NOT,
        args=("task",),
        method="POST",
        data={
            "extension-version": "1",
            "extension-wanted_on": "2026-12-31",
            "extension-reason": "Cần thêm thời gian.",
        },
    ),
    "directives_staff:extension_answer": Row(
        signed_in=403,
        but=OTHERS_NOT | dict.fromkeys(GIVERS, 422),
        args=("task",),
        method="POST",
        data={"extension_answer-version": "1", "extension_answer-is_granted": "yes"},
    ),
    "directives_staff:withdraw": Row(
        signed_in=403,
        but=OTHERS_NOT | dict.fromkeys(GIVERS, 302),
        args=("task",),
        method="POST",
        data={"withdraw-version": "1", "withdraw-reason": "Giao nhầm đơn vị."},
    ),
    "directives_staff:file": Row(args=("task", "unknown_uuid")),
    "reports:overview": Row(
        signed_in=200,
        but={
            "clerk": 404,
            "handler": 404,
            "front": 404,
            "other_clerk": 404,
            "reception_officer": 404,
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
            "bodies": 404,
            "admin": 404,
        },
    ),
    "system_jobs": Row(but={"admin": 200}),
    "system_roots": Row(but={"admin": 200, "internal_affairs": 200}),
    "system_roots_file": Row(but={"admin": 200, "internal_affairs": 200}),
    # Whoever decides in a unit reads who was given a position there.
    "system_changes": Row(
        but=dict.fromkeys(
            ("admin", "chair", "other_chair", "board_head", "city_chair", "inspector"), 200
        )
    ),
}

PARTS = (
    PUBLIC, ACCOUNTS, STAFF, RECEPTIONS, MOBILISATION, EARLY_WARNING, CONTINUITY, DIRECTIVES, PAPERS,
    REGISTERS, API,
)  # fmt: skip
MATRIX: dict[str, Row] = {name: row for part in PARTS for name, row in part.items()}
