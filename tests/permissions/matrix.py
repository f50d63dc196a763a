"""The permission matrix: one row a named URL or API operation."""

from tests.permissions.rows import Row

# Names that Django's own admin site brings along; its pages are tested as a whole below it.
SKIPPED_PREFIXES = ("admin:",)

CASE = {"ward": 200, "watchers": 200}
UNITS = {"ward": 200, "watchers": 200, "others": 200, "board": 200}

MATRIX: dict[str, Row] = {
    "home": Row(everybody=200),
    "help": Row(everybody=200),
    "accessibility": Row(everybody=200),
    "set_language": Row(everybody=302, method="POST"),
    "health_live": Row(everybody=200),
    "docs": Row(everybody=200),
    "schema": Row(everybody=200),
    # Cases
    "cases:desk": Row(signed_in=200),
    "cases:inbox": Row(but=UNITS),
    "cases:case": Row(but=CASE, args=("case",)),
    "cases:action": Row(but=CASE, args=("case", "receive")),
    "cases:identity": Row(but={"ward": 200, "watchers": 200}, args=("case", "1"), method="POST"),
    "cases:attachment": Row(args=("case", "unknown_uuid")),
    "cases:letter_new": Row(but={"clerk": 200, "other_clerk": 200, "board_officer": 200}),
    # API
    "api:petitions": Row(everybody=400, method="POST"),
    "api:petition": Row(everybody=404, args=("case",)),
    "api:fields": Row(everybody=200),
    "api:cases": Row(signed_in=200, anonymous=401),
    "api:case": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-events": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-actions": Row(but=CASE, anonymous=401, args=("case",)),
    "api:case-action": Row(
        signed_in=400, anonymous=401, args=("case", "receive"), method="POST"
    ),
    "api:letters": Row(signed_in=400, anonymous=401, method="POST"),
}

OPEN = {name for name, row in MATRIX.items() if row.everybody is not None}
