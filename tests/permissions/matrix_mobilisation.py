"""Rows of the permission matrix: the pages and the API of ``mobilisation``."""

from tests.permissions.rows import Row

# Who keeps the registers of a unit: reporters of the wards and the Front, the City's bodies that
# give tasks for themselves.
KEEPERS = {
    "ward": 200, "front": 200, "others": 200,
    "propaganda": 200, "party_office": 200, "city_front": 200,
}  # fmt: skip
OTHERS_NOT = {"others": 404, "bodies": 404}
OWN_UNIT = {"ward": 302, "front": 302, "others": 302}
# What was sent, to whoever watches over the City; the administrator does not.
SEEN = {"others": 404, "bodies": 404, "admin": 404}
WARD_KEEPS = {"ward": 200, "front": 200}


def _step(*args: str) -> Row:
    return Row(signed_in=400, anonymous=401, args=args, method="POST")


MOBILISATION: dict[str, Row] = {
    "mobilisation_staff:hub": Row(signed_in=200),
    "mobilisation_staff:programmes": Row(signed_in=200),
    "mobilisation_staff:programme_new": Row(signed_in=403, but=KEEPERS),
    "mobilisation_staff:programme": Row(signed_in=200, but=OTHERS_NOT, args=("programme",)),
    "mobilisation_staff:programme_change": Row(
        signed_in=403, but=OTHERS_NOT | WARD_KEEPS, args=("programme",)
    ),
    "mobilisation_staff:programme_file": Row(args=("programme", "unknown_uuid")),
    "mobilisation_staff:rules": Row(signed_in=200, but=OWN_UNIT),
    "mobilisation_staff:rules_export": Row(signed_in=200),
    "mobilisation_staff:rules_unit": Row(signed_in=200, but=OTHERS_NOT, args=("ward",)),
    "mobilisation_staff:rule": Row(signed_in=200, but=OTHERS_NOT, args=("ward", "community")),
    "mobilisation_staff:rule_file": Row(args=("ward", "community", "unknown_uuid")),
    "mobilisation_staff:opinions": Row(signed_in=200),
    "mobilisation_staff:opinion_topics": Row(signed_in=200),
    "mobilisation_staff:opinion_new": Row(signed_in=403, but=KEEPERS),
    "mobilisation_staff:opinion": Row(signed_in=200, but=SEEN, args=("opinion",)),
    "mobilisation_staff:opinion_change": Row(
        signed_in=403, but=SEEN | WARD_KEEPS, args=("opinion",)
    ),
    "mobilisation_staff:opinion_file": Row(args=("opinion", "unknown_uuid")),
    # The API. An empty body is refused first; who may is tested with the services.
    "api:programmes": Row(signed_in=200, anonymous=401),
    "api:programme": Row(signed_in=200, anonymous=401, but=OTHERS_NOT, args=("programme",)),
    "api:programme-change": _step("programme"),
    "api:programme-signing": _step("programme"),
    "api:programme-end": _step("programme"),
    "api:programme-renewal": _step("programme"),
    "api:programme-files": _step("programme"),
    "api:programme-file-removal": _step("programme", "unknown_uuid"),
    "api:programme-activities": _step("programme"),
    "api:programme-activity-withdrawal": _step("programme", "unknown_uuid"),
    "api:democracy-rules": Row(signed_in=200, anonymous=401),
    "api:democracy-rule": Row(
        signed_in=200, anonymous=401, but=OTHERS_NOT, args=("ward", "community")
    ),
    "api:opinion-reports": Row(signed_in=200, anonymous=401),
    "api:opinion-topics": Row(signed_in=200, anonymous=401),
    "api:opinion-report": Row(signed_in=200, anonymous=401, but=SEEN, args=("opinion",)),
    "api:opinion-report-change": _step("opinion"),
    "api:opinion-report-sending": _step("opinion"),
    "api:opinion-report-correction": _step("opinion"),
    "api:opinion-report-answer": _step("opinion"),
}
