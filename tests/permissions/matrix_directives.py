"""Rows of the permission matrix: files of assignments, tables as files, answers to many reports."""

from tests.permissions.rows import Row

# Who keeps the register of directives and gives tasks.
KEEPERS = {"propaganda": 200, "party_office": 200}
OTHERS_NOT = {"others": 404, "bodies": 404}
DOCUMENT = ("1699-cv-tu",)

DIRECTIVES: dict[str, Row] = {
    "directives_staff:imports": Row(signed_in=403, but=KEEPERS, args=DOCUMENT),
    "directives_staff:import_template": Row(signed_in=403, but=KEEPERS, args=DOCUMENT),
    "directives_staff:import": Row(but=KEEPERS, args=("1699-cv-tu", "import")),
    "directives_staff:export_register": Row(signed_in=200),
    "directives_staff:export_content": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:export_assignments": Row(signed_in=200, args=DOCUMENT),
    "directives_staff:export_desk": Row(signed_in=200),
    # An empty body is refused first; who may is tested with the service.
    "api:directive-reviews": Row(signed_in=400, anonymous=401, method="POST"),
}
