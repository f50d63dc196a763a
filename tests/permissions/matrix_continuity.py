"""Rows of the permission matrix: the pages and the API of ``continuity``."""

from tests.permissions.rows import Row

# The City's bodies and whoever keeps the units; leaders of units see the board of their own.
_CITY = ("board", "watchers", "party", "admin")
CITY = dict.fromkeys(_CITY, 200)
LEADERS = dict.fromkeys(("chair", "secretary", "other_chair", "agency_head", "service_head"), 200)
URGES = dict.fromkeys(
    ("board_head", "city_chair", "city_secretary", "party_office", "internal_affairs",
     "propaganda"), 302,
)  # fmt: skip
SEEN = dict.fromkeys(_CITY, 403)
GAP = {"unit": "00004", "kind": "vacant", "key": "nobody"}
VERSION = {"version": "1"}
REASON = VERSION | {"reason": "Lý do thử nghiệm"}

CONTINUITY: dict[str, Row] = {
    "continuity_staff:board": Row(signed_in=403, but=CITY | LEADERS),
    "continuity_staff:board_export": Row(signed_in=403, but=CITY | LEADERS),
    "continuity_staff:urge": Row(signed_in=403, but=URGES, method="POST", data=GAP),
    "continuity_staff:reforms": Row(signed_in=403, but=CITY),
    "continuity_staff:reform_new": Row(signed_in=403, but={"admin": 200}),
    "continuity_staff:reform": Row(but=CITY, args=("reform",)),
    "continuity_staff:reform_change": Row(but=SEEN | {"admin": 200}, args=("reform",)),
    "continuity_staff:reform_file": Row(args=("reform",)),
    # Nobody works in its units, so that nothing is left to decide.
    "continuity_staff:reform_choose": Row(
        but=SEEN | {"admin": 302}, args=("reform",), method="POST", data=VERSION
    ),
    "continuity_staff:reform_submit": Row(
        but=SEEN | {"admin": 302}, args=("reform",), method="POST", data=VERSION
    ),
    # A draft is nobody's to approve.
    "continuity_staff:reform_approve": Row(
        but=SEEN, args=("reform",), method="POST", data=VERSION | {"digest": "0" * 32}
    ),
    "continuity_staff:reform_give_back": Row(
        but=SEEN, args=("reform",), method="POST", data=REASON
    ),
    "continuity_staff:reform_cancel": Row(
        but=SEEN | {"admin": 302, "party_office": 302, "propaganda": 302},
        args=("reform",),
        method="POST",
        data=REASON,
    ),
    "api:continuity": Row(signed_in=403, but=CITY | LEADERS, anonymous=401),
}
