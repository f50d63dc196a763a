"""The permission matrix: reception days, as officers see them."""

from tests.permissions.rows import Row

# A reception day is seen by its unit and the city; its steps belong to the unit alone.
DAY = {"others": 404, "bodies": 404, "admin": 404}
# Oversight is for who leads a unit and for the city; urging for some bodies of the city.
NO_LEADER = dict.fromkeys(
    ("admin", "clerk", "handler", "front", "other_clerk", "reception_officer"), 404
)
OTHER_LEADER = {"other_chair": 404, "bodies": 404}
URGES = dict.fromkeys(
    ("board_head", "city_chair", "city_secretary", "party_office", "internal_affairs"), 422
)
PLANS = {"chair": 422, "secretary": 422}
STEP = {"version": "2", "reason": "Lý do thử nghiệm"}
EARLY = {"clerk": 422, "chair": 422, "secretary": 422}
NOTHING = {"clerk": 404, "chair": 404, "secretary": 404}
COUNTER = {"clerk": 200, "chair": 200, "secretary": 200}
PLAN_PAGE = {"chair": 200, "secretary": 200}
PLANNERS = PLAN_PAGE | {
    "admin": 404,
    "other_chair": 200,
    "board_head": 200,
    "city_chair": 200,
    "city_secretary": 200,
    "party_office": 200,
    "bodies": 200,
}
# Bodies of the City that plan put the sessions of merged units in order.
RESCUES = dict.fromkeys(("board_head", "city_chair", "city_secretary", "party_office"), 422)
# Who receives or registers somewhere reads the register there.
REGISTERS = dict.fromkeys(("clerk", "chair", "secretary", "other_clerk", "other_chair", "board_officer", "board_head", "city_chair", "city_secretary", "inspector", "bodies"), 200)  # fmt: skip

RECEPTIONS: dict[str, Row] = {
    # Reception days
    "receptions_staff:desk": Row(signed_in=200, but={"admin": 404}),
    "receptions_staff:plan": Row(signed_in=403, but=PLANNERS),
    "receptions_staff:month": Row(signed_in=200, but={"admin": 404}),
    "receptions_staff:ad_hoc": Row(signed_in=403, but=PLANNERS),
    "receptions_staff:publish_many": Row(signed_in=403, but=PLANNERS),
    "receptions_staff:patterns": Row(signed_in=403, but=PLANNERS),
    "receptions_staff:pattern_new": Row(signed_in=403, but=PLANNERS),
    "receptions_staff:pattern": Row(signed_in=403, but=DAY | PLAN_PAGE, args=("pattern",)),
    "receptions_staff:pattern_edit": Row(signed_in=403, but=DAY | PLAN_PAGE, args=("pattern",)),
    "receptions_staff:pattern_stop": Row(
        signed_in=403,
        but=DAY | {"chair": 302, "secretary": 302},
        args=("pattern",),
        method="POST",
        data={"version": "1", "last_on": "2030-12-31"},
    ),
    "receptions_staff:change": Row(signed_in=403, but=DAY | PLAN_PAGE, args=("session",)),
    "receptions_staff:unpublish": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:miss": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:miss_undo": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:stand_in": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:receiver": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:hand_over": Row(
        signed_in=403, but=DAY | PLANS, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:to_successor": Row(
        signed_in=403, but=DAY | PLANS | RESCUES, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:visitors_on": Row(
        signed_in=403, but=DAY | PLANS | {"clerk": 422}, args=("session",), method="POST", data=STEP
    ),
    "receptions_staff:calls": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:called": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 302),
        args=("session", "visit"),
        method="POST",
    ),
    "receptions_staff:oversight": Row(signed_in=200, but=NO_LEADER),
    "receptions_staff:oversight_year": Row(signed_in=200, but=NO_LEADER),
    "receptions_staff:oversight_export": Row(signed_in=200, but=NO_LEADER),
    "receptions_staff:oversight_unit": Row(
        signed_in=200, but=NO_LEADER | OTHER_LEADER, args=("ward",)
    ),
    # What is sent is refused as incomplete, after the right was asked for.
    "receptions_staff:oversight_urge": Row(
        signed_in=403,
        but=NO_LEADER | OTHER_LEADER | URGES,
        args=("ward",),
        method="POST",
    ),
    "receptions_staff:oversight_urge_tasks": Row(
        signed_in=403,
        but=NO_LEADER | OTHER_LEADER | dict.fromkeys(URGES, 302),
        args=("ward",),
        method="POST",
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
    "receptions_staff:registrants": Row(signed_in=200, but=DAY, args=("session",)),
    "receptions_staff:registrant": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    "receptions_staff:registrant_change": Row(
        signed_in=403, but=DAY | COUNTER, args=("session", "visit")
    ),
    "receptions_staff:registrant_cancel": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 422),
        args=("session", "visit"),
        method="POST",
    ),
    "receptions_staff:registrant_priority": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 422),
        args=("session", "visit"),
        method="POST",
    ),
    "receptions_staff:record": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    # The day has not come yet: who may take the step is told so.
    "receptions_staff:day": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:day_next": Row(
        signed_in=403, but=DAY | EARLY, args=("session",), method="POST", data={"key": "a" * 32}
    ),
    "receptions_staff:day_move": Row(
        signed_in=403,
        but=DAY | EARLY,
        args=("session", "visit"),
        method="POST",
        data={"version": "1", "move": "call"},
    ),
    "receptions_staff:refusal": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    "receptions_staff:refusal_paper": Row(
        signed_in=403, but=DAY | NOTHING, args=("session", "visit")
    ),
    "receptions_staff:papers": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    "receptions_staff:paper_remove": Row(
        signed_in=403,
        but=DAY | {"clerk": 302, "chair": 302, "secretary": 302},
        args=("session", "visit", "1"),
        method="POST",
    ),
    "receptions_staff:papers_receipt": Row(
        signed_in=403, but=DAY | NOTHING, args=("session", "visit")
    ),
    "receptions_staff:online_step": Row(
        signed_in=403,
        but=DAY | {"clerk": 302, "chair": 302, "secretary": 302},
        args=("session",),
        method="POST",
        data={"step": "test"},
    ),
    "receptions_staff:screen": Row(signed_in=302, but=DAY, args=("session",)),
    "receptions_staff:visit_case": Row(signed_in=403, but=DAY | COUNTER, args=("session", "visit")),
    "receptions_staff:brief": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:brief_paper": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:brief_visit": Row(
        signed_in=403, but=DAY | COUNTER, args=("session", "visit")
    ),
    "receptions_staff:register_book": Row(signed_in=403, but=REGISTERS | {"admin": 404}),
    "receptions_staff:register_export": Row(
        signed_in=403,
        but=REGISTERS | {"admin": 404},
        method="POST",
        data={"format": "csv"},
    ),
    # What came of visits: nothing is recorded yet, so whoever may look finds nothing
    "receptions_staff:tasks": Row(
        signed_in=200,
        but=dict.fromkeys(("handler", "front", "admin"), 404),
    ),
    "receptions_staff:task": Row(args=("unknown_uuid",)),
    "receptions_staff:task_file": Row(args=("unknown_uuid", "unknown_uuid")),
    "receptions_staff:notice": Row(args=("unknown_uuid",)),
    "receptions_staff:notice_file": Row(args=("unknown_uuid",)),
    "receptions_staff:notice_edit": Row(args=("unknown_uuid",)),
    "receptions_staff:notice_issue": Row(args=("unknown_uuid",), method="POST"),
    "receptions_staff:notice_discard": Row(args=("unknown_uuid",), method="POST"),
    "receptions_staff:notice_new": Row(signed_in=403, but=DAY | COUNTER, args=("session",)),
    "receptions_staff:after": Row(args=("session", "visit")),
    "receptions_staff:after_paper": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 404),
        args=("session", "visit"),
    ),
    "receptions_staff:minutes": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 404),
        args=("session", "visit"),
    ),
    "receptions_staff:minutes_file": Row(
        signed_in=403,
        but=DAY | dict.fromkeys(COUNTER, 404),
        args=("session", "visit"),
    ),
    "reports:receptions": Row(signed_in=200, but=NO_LEADER | {"bodies": 404}),
    "reports:receptions_export": Row(signed_in=200, but=NO_LEADER | {"bodies": 404}),
}
