"""The diagrams in ``docs/`` are those of the workflow table."""

import pytest
from django.utils import translation

from petitions.workflow import ALL_KINDS
from scripts.diagrams import FOLDER, diagrams


@pytest.mark.parametrize("kind", sorted(ALL_KINDS))
def test_the_diagram_is_that_of_the_table(kind: str) -> None:
    name = f"workflow-{kind}.svg"
    with translation.override("vi"):
        wanted = diagrams()[name]
    stored = (FOLDER / name).read_text(encoding="utf-8")
    assert stored == wanted, "run: python scripts/diagrams.py"


def test_there_is_no_diagram_of_anything_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(diagrams())
