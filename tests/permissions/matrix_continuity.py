"""Rows of the permission matrix: the pages and the API of ``continuity``."""

from tests.permissions.rows import Row

CONTINUITY: dict[str, Row] = {}
