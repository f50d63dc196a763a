"""The compose file, the Dockerfile and the project name the same things.

No Docker engine is at hand where this runs: the files are read, and every command, health path
and environment name in them must be one that the project has.
"""

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from hanoi_portal.celery import app as celery_app
from hanoi_portal.settings import base

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ENVIRONMENT_READ = re.compile(
    r"(?:env(?:\.\w+)?|environ\.get|environ\.setdefault|secret_text)\(\s*\"([A-Z_]+)\""
)
LISTS = ("SECRETS", "REQUIRED")
BY_OTHERS = {"DJANGO_SETTINGS_MODULE"}


@cache
def names_read() -> set[str]:
    """Every environment name that the project package reads."""
    sources = (ROOT / "hanoi_portal").rglob("*.py")
    found = {n for f in sources for n in ENVIRONMENT_READ.findall(f.read_text(encoding="utf-8"))}
    return found | BY_OTHERS


def required_names() -> set[str]:
    source = (ROOT / "hanoi_portal/settings/production.py").read_text(encoding="utf-8")
    lists = [source.partition(f"\n{name} = (")[2].partition(")")[0] for name in LISTS]
    return {name for text in lists for name in re.findall(r"\"([A-Z_]+)\"", text)}


def test_every_needed_service_is_there() -> None:
    assert {"web", "worker", "beat", "vault", "postgres", "valkey", "proxy", "mail"} <= set(
        SERVICES
    )
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_read_by_the_project(name: str) -> None:
    given = set(OURS[name]["environment"])
    assert given <= names_read()
    assert required_names() <= given


@pytest.mark.parametrize("name", OURS)
def test_command_is_one_that_the_project_has(name: str) -> None:
    command = OURS[name]["command"]
    check = {"python": _python, "gunicorn": _gunicorn, "celery": _celery}[command[0]]
    check(command[1:])


def _python(arguments: list[str]) -> None:
    if arguments[0] == "manage.py":
        assert (ROOT / "manage.py").exists()
        assert arguments[1] in get_commands()
    else:
        assert arguments[0] == "-m"
        assert importlib.util.find_spec(arguments[1])


def _gunicorn(arguments: list[str]) -> None:
    assert arguments[0] == "-c"
    importlib.import_module(arguments[1].removeprefix("python:"))
    module, _, name = arguments[2].partition(":")
    assert callable(getattr(importlib.import_module(module), name or "application"))


def _celery(arguments: list[str]) -> None:
    assert arguments[0] == "-A"
    assert importlib.import_module(arguments[1]).app is celery_app
    assert arguments[2] in {"worker", "beat"}


def test_health_paths_exist() -> None:
    proxy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    texts = [str(COMPOSE), DOCKERFILE, proxy]
    paths = {path for text in texts for path in re.findall(r"/health/\w+/", text)}
    assert paths == {"/health/live/", "/health/ready/"}
    for path in paths:
        assert resolve(path).url_name


def test_processes_run_as_what_they_are() -> None:
    for name in ("web", "worker", "beat", "vault"):
        assert OURS[name]["environment"]["PORTAL_PROCESS"] == name
        assert name in base.STATEMENT_SECONDS


def test_only_the_migration_knows_the_owner() -> None:
    knowing = {n for n, service in OURS.items() if "portal_owner" in str(service["environment"])}
    assert knowing == {"migrate"}


def test_only_the_vault_knows_the_private_ring() -> None:
    knowing = {n for n, service in OURS.items() if "PRIVATE" in str(service["environment"])}
    assert knowing == {"vault"}


def test_dependencies_and_volumes_exist() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists()


def test_image_is_built_in_stages_and_runs_without_root() -> None:
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER portal$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\n\s+CMD .*/health/live/", last, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert all((ROOT / source).exists() for line in copied for source in line.split())
    environment = set(re.findall(r"^(?:ENV)?\s+([A-Z_]+)=", last, re.MULTILINE))
    assert environment - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= names_read()
