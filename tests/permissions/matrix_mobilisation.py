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
    "mobilisation_staff:programmes_export": Row(signed_in=200),
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
    "mobilisation_staff:opinions_export": Row(signed_in=200),
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
# Who reports for a unit keeps its register of models.
KEEPS = {"ward": 200, "front": 200, "others": 200, "city_front": 200}
# The bodies of the City that keep the indices.
INDICES = {"propaganda": 200, "party_office": 200}
TASK = ("1699-cv-tu", "1699-cv-tu-6-reception")
PUBLIC_MODELS: dict[str, Row] = {
    "mobilisation:exemplars": Row(everybody=200),
    "mobilisation:exemplar": Row(everybody=404, args=("unknown_uuid",)),
    "mobilisation:picture": Row(everybody=404, args=("unknown_uuid", "unknown_uuid")),
    "mobilisation:indices": Row(everybody=200),
    "api:exemplars": Row(everybody=200),
    "api:exemplar": Row(everybody=404, args=("unknown_uuid",)),
    "api:indices": Row(everybody=200),
}
STAFF_MODELS: dict[str, Row] = {
    "mobilisation_staff:exemplars": Row(signed_in=200),
    "mobilisation_staff:exemplars_export": Row(signed_in=200),
    "mobilisation_staff:exemplar_new": Row(signed_in=403, but=KEEPS),
    # A draft: who sees and changes what is held in tests/mobilisation.
    "mobilisation_staff:exemplar": Row(but={"ward": 200, "front": 200}, args=("model",)),
    "mobilisation_staff:exemplar_change": Row(but={"ward": 200, "front": 200}, args=("model",)),
    "mobilisation_staff:picture": Row(args=("model", "unknown_uuid")),
    "mobilisation_staff:decision_file": Row(args=("model", "unknown_uuid")),
    "mobilisation_staff:indices": Row(signed_in=200),
    "mobilisation_staff:indices_export": Row(signed_in=200),
    "mobilisation_staff:index_choose": Row(signed_in=403, but=INDICES),
    "mobilisation_staff:index": Row(signed_in=403, but=INDICES, args=("par", "2024", "CITY")),
    # What the reception calendar knows of a task of a directive.
    "directives_staff:task_figures": Row(signed_in=200, args=TASK),
    "directives_staff:task_figures_export": Row(signed_in=200, args=TASK),
    "api:directive-task-figures": Row(signed_in=200, anonymous=401, args=TASK),
    "api:exemplar-register": Row(signed_in=200, anonymous=401),
    "api:exemplar-register-one": Row(
        anonymous=401, but={"ward": 200, "front": 200}, args=("model",)
    ),
    # An empty body is refused first; who may is tested with the service.
    **{
        f"api:exemplar-{step}": Row(signed_in=400, anonymous=401, args=("model",), method="POST")
        for step in (
            "change", "registration", "recognition", "refusal", "publication", "withdrawal",
            "giving-up", "copies", "pictures",
        )
    },
    "api:exemplar-picture-removal": Row(
        signed_in=400, anonymous=401, args=("model", "unknown_uuid"), method="POST"
    ),
}  # fmt: skip
MOBILISATION |= PUBLIC_MODELS | STAFF_MODELS
