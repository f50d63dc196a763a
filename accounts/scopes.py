"""Which scope of a token an operation of the API needs. What no row names is open to no token."""

from accounts.enums import Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# The name of the address without ``api:`` begins with … → (scope to read, scope to write)
GROUPS: tuple[tuple[tuple[str, ...], tuple[Scope, Scope | None]], ...] = (
    (("case", "letter"), (Scope.CASES_READ, Scope.CASES_WRITE)),
    # Rows of registers name people, as cases do; papers belong to cases.
    (("register", "paper"), (Scope.CASES_READ, None)),
    (("reception",), (Scope.RECEPTIONS_READ, Scope.RECEPTIONS_WRITE)),
    (
        (
            "directive",
            "assignment",
            "exemplar",
            "indices",
            "warning",
            "land-project",
            "programme",
            "democracy-rule",
            "opinion",
        ),
        (Scope.DIRECTIVES_READ, Scope.DIRECTIVES_WRITE),
    ),
    (("escalation",), (Scope.ESCALATIONS_READ, Scope.ESCALATIONS_WRITE)),
    (("overview", "continuity"), (Scope.REPORTS_READ, None)),
)
# Reading by POST, so that a name searched for stands in no address.
_READ_BY_POST = frozenset({"case-search"})


def scope_for(url_name: str, method: str) -> Scope | None:
    """The scope that an operation needs, or None when no token may use it."""
    is_reading = method in READING or url_name in _READ_BY_POST
    for prefixes, (read, write) in GROUPS:
        if url_name.startswith(prefixes):
            return read if is_reading else write
    return None
