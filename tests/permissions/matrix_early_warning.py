"""Rows of the permission matrix: the pages and the API of ``early_warning``."""

from tests.permissions.rows import Row

EARLY_WARNING: dict[str, Row] = {}
