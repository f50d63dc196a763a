"""Figures and words that several pages need stand in one place."""

import ast
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ONCE = {
    "page_href", "soon_period", "desk_of", "DESKS", "SOON_WORKING_DAYS", "allow", "key_read",
    "day_words", "month_after", "months_between", "filters_read",
}  # fmt: skip


def test_shared_names_are_defined_once() -> None:
    ours = [Path(a.path) for a in apps.get_app_configs() if Path(a.path).parent == ROOT]
    found = [name for app in ours for path in app.rglob("*.py") for name in _defined(path)]
    assert sorted(name for name in found if name.lstrip("_") in ONCE) == sorted(ONCE)


def _defined(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names
