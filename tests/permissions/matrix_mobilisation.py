"""Rows of the permission matrix: the pages and the API of ``mobilisation``."""

from tests.permissions.rows import Row

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
MOBILISATION: dict[str, Row] = PUBLIC_MODELS | STAFF_MODELS
