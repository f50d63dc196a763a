"""Rows of the permission matrix: the pages and the API of ``mobilisation``."""

from tests.permissions.rows import Row

MOBILISATION: dict[str, Row] = {}
