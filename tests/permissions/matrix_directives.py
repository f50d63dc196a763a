"""Rows of the permission matrix: the overview of directives, files, answers to many reports."""

from tests.permissions.rows import Row

# Whoever sees what every unit was asked.
CITY = dict.fromkeys(
    (
        "board_head",
        "city_chair",
        "city_secretary",
        "inspector",
        "board_officer",
        "party_office",
        "internal_affairs",
        "propaganda",
        "city_front",
        "admin",
    ),
    200,
)
UNIT = {"others": 404, "bodies": 404}

# Who keeps the register of directives and gives tasks.
KEEPERS = {"propaganda": 200, "party_office": 200}
DOCUMENT = ("1699-cv-tu",)

DIRECTIVES: dict[str, Row] = {
    "directives_staff:overview": Row(signed_in=200),
    "directives_staff:late": Row(signed_in=200),
    "directives_staff:compare": Row(signed_in=200),
    "directives_staff:overview_export": Row(signed_in=200, args=("bang",)),
    "directives_staff:likenesses": Row(signed_in=403, but=CITY),
    "directives_staff:likeness": Row(
        signed_in=403, but=dict.fromkeys(CITY, 404), args=("unknown_uuid",)
    ),
    "directives_staff:city_brief": Row(signed_in=403, but=CITY),
    "directives_staff:city_paper": Row(signed_in=403, but=CITY),
    "directives_staff:overview_unit": Row(signed_in=200, but=UNIT, args=("ward",)),
    "directives_staff:unit_brief": Row(signed_in=200, but=UNIT, args=("ward",)),
    "directives_staff:unit_paper": Row(signed_in=200, but=UNIT, args=("ward",)),
    "directives_staff:urge": Row(
        signed_in=403,
        but=UNIT | {"propaganda": 302, "party_office": 302},
        args=("ward",),
        method="POST",
    ),
    "directives_staff:task_due": Row(
        signed_in=403, but=KEEPERS, args=("1699-cv-tu", "1699-cv-tu-1-plan")
    ),
    "api:directive-overview": Row(signed_in=200, anonymous=401, args=("1699-cv-tu",)),
    "api:assignments-late": Row(signed_in=200, anonymous=401),
    "directives_staff:imports": Row(signed_in=403, but=KEEPERS, args=DOCUMENT),
    "directives_staff:import_template": Row(signed_in=403, but=KEEPERS, args=DOCUMENT),
    "directives_staff:import": Row(but=KEEPERS, args=("1699-cv-tu", "import")),
    "directives_staff:said": Row(signed_in=200),
    "directives_staff:said_export": Row(signed_in=200),
    "directives_staff:studies": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:studies_export": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:export_register": Row(signed_in=200),
    "directives_staff:export_content": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:export_assignments": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:export_desk": Row(signed_in=200),
    "api:directive-task-due": Row(
        signed_in=400, anonymous=401, args=("1699-cv-tu", "1699-cv-tu-1-plan"), method="POST"
    ),
    # An empty body is refused first; who may is tested with the service.
    "api:directive-reviews": Row(signed_in=400, anonymous=401, method="POST"),
}
