"""Rows of the permission matrix: the pages and the API of ``early_warning``."""

from tests.permissions.rows import Answer, Row

# Whoever sees cases or figures comes in; what one sees then is told by ``visible_to``.
LOOKS: dict[str, Answer] = dict.fromkeys(("ward", "others", "board", "watchers", "party"), 200)
LOOKS |= {"agency_head": 200, "service_head": 200}
SEES: dict[str, Answer] = dict.fromkeys(("ward", "board", "watchers", "party"), 200)
MAY_NOT: dict[str, Answer] = dict.fromkeys(SEES, 403)
# The unit's head and Party secretary, and bodies that urge or give tasks.
LEADS: dict[str, Answer] = MAY_NOT | dict.fromkeys(
    (
        "chair",
        "secretary",
        "board_head",
        "city_chair",
        "city_secretary",
        "party_office",
        "internal_affairs",
        "propaganda",
    ),
    422,
)
OF_PROJECT = SEES | {"front": 200}
KEEPS: dict[str, Answer] = MAY_NOT | {"ward": 200, "front": 200}
WRITES: dict[str, Answer] = MAY_NOT | {"ward": 422, "front": 422}
LINKS: dict[str, Answer] = MAY_NOT | {"ward": 422, "front": 403}
NO_SIGNALS: dict[str, Answer] = {"front": 403, "reception_officer": 403, "admin": 403}
REPORTS: dict[str, Answer] = {"ward": 200, "others": 200, "front": 200, "city_front": 200}


def _post(**row: object) -> Row:
    """An empty body of the API is refused before anything is looked up."""
    return Row(signed_in=400, anonymous=401, method="POST", **row)


EARLY_WARNING: dict[str, Row] = {
    "early_warning_staff:list": Row(but=LOOKS),
    "early_warning_staff:signals_export": Row(but=LOOKS),
    "early_warning_staff:projects_export": Row(signed_in=200),
    "early_warning_staff:rules": Row(but=LOOKS | {"admin": 200}),
    "early_warning_staff:rule": Row(but=LOOKS | {"admin": 200}, args=("DN-CUM-DON",)),
    "early_warning_staff:signal": Row(but=SEES, args=("signal",)),
    "early_warning_staff:appoint": Row(but=LEADS, args=("signal",), method="POST"),
    "early_warning_staff:close": Row(but=LEADS, args=("signal",), method="POST"),
    # Nobody follows it yet, and it is not closed.
    "early_warning_staff:follow": Row(but=MAY_NOT, args=("signal",), method="POST"),
    "early_warning_staff:reopen": Row(but=MAY_NOT, args=("signal",), method="POST"),
    "early_warning_staff:projects": Row(signed_in=200),
    "early_warning_staff:project_new": Row(signed_in=403, but=REPORTS),
    "early_warning_staff:project": Row(but=OF_PROJECT, args=("land_project",)),
    "early_warning_staff:project_edit": Row(but=KEEPS, args=("land_project",)),
    "early_warning_staff:stage": Row(but=KEEPS, args=("land_project", "announce")),
    "early_warning_staff:file": Row(args=("land_project", "unknown_uuid")),
    "early_warning_staff:dialogue": Row(but=WRITES, args=("land_project",), method="POST"),
    "early_warning_staff:dialogue_withdraw": Row(but=WRITES, args=("land_project",), method="POST"),
    "early_warning_staff:link": Row(but=LINKS, args=("land_project",), method="POST"),
    "early_warning_staff:unlink": Row(but=LINKS, args=("land_project",), method="POST"),
    "api:warnings": Row(signed_in=200, anonymous=401, but=NO_SIGNALS),
    "api:warning": Row(anonymous=401, but=SEES | NO_SIGNALS, args=("signal",)),
    "api:warning-owner": _post(but=NO_SIGNALS, args=("signal",)),
    "api:warning-follow-ups": _post(but=NO_SIGNALS, args=("signal",)),
    "api:warning-closure": _post(but=NO_SIGNALS, args=("signal",)),
    "api:warning-reopening": _post(but=NO_SIGNALS, args=("signal",)),
    "api:warning-rules": Row(
        signed_in=200, anonymous=401, but={"front": 403, "reception_officer": 403}
    ),
    "api:warning-rule-change": _post(
        but={"front": 403, "reception_officer": 403}, args=("DN-CUM-DON",)
    ),
    "api:warning-rule-trial": _post(
        but={"front": 403, "reception_officer": 403}, args=("DN-CUM-DON",)
    ),
    "api:land-projects": Row(signed_in=200, anonymous=401),
    "api:land-project": Row(anonymous=401, but=OF_PROJECT, args=("land_project",)),
    "api:land-project-change": _post(args=("land_project",)),
    "api:land-project-stage": _post(args=("land_project", "announce")),
    "api:land-project-dialogues": _post(args=("land_project",)),
    "api:land-project-dialogue-withdrawal": _post(args=("land_project", "unknown_uuid")),
    "api:land-project-petitions": _post(args=("land_project",)),
    "api:land-project-petition-removal": _post(args=("land_project",)),
}
