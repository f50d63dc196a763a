"""Files and functions stay small enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LINES, TEMPLATE_LINES, FUNCTION_LINES = 500, 150, 40
PACKAGES = (
    "hanoi_portal", "reports", "continuity", "mobilisation", "early_warning", "directives",
    "receptions", "papers", "petitions", "escalation", "attachments", "notifications", "deadlines",
    "accounts", "communes", "common", "scripts",
)  # fmt: skip


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_python_files() -> None:
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in _files()}
    assert not {str(p.relative_to(ROOT)): n for p, n in sizes.items() if n > PYTHON_LINES}


def test_functions() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in _files()
        for name, lines in _functions(path)
        if lines > FUNCTION_LINES
    }
    assert not long


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_templates(suffix: str) -> None:
    found = [*(ROOT / "templates").rglob(f"*.{suffix}")]
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in found}
    assert not {str(p.relative_to(ROOT)): n for p, n in sizes.items() if n > TEMPLATE_LINES}
