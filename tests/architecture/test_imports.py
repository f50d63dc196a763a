"""Imports point downwards: the contracts in ``pyproject.toml`` hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from importlinter import api

ROOT = Path(__file__).resolve().parents[2]
OURS = [Path(a.path) for a in apps.get_app_configs() if Path(a.path).parent == ROOT]
REQUESTS = ("django.http", "django.shortcuts", "rest_framework")
WITHOUT_REQUESTS = re.compile(
    r"^(models|services|selectors|policies|workflow|sweep|tasks|ladder)\b"
)


def test_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_of_ours_has_a_layer() -> None:
    contracts = api.read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    named = {name.strip() for layer in layers for name in layer.split("|")}
    ours = {a.name for a in apps.get_app_configs() if Path(a.path).parent == ROOT}
    assert ours == named


def test_rules_know_no_requests() -> None:
    """Models, services, selectors, policies and tasks work without a web request."""
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for app in OURS
        for path in app.rglob("*.py")
        if WITHOUT_REQUESTS.match(path.relative_to(app).parts[0])
        for name in _imported(path)
        if name.startswith(REQUESTS)
    ]
    assert not found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
