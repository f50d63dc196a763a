"""The texts on disk and their versions: each holds from its date on.

``escalation@2027-01-01.txt`` holds for what happened from that day on, ``escalation.txt`` before.
"""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

FOLDER = "notifications"
# Frames of other texts, no texts themselves.
FRAMES = {
    "base", "base_public", "base_visitor", "directive_base", "exemplar_base", "opinion_base",
    "programme_base", "signal_base",
}  # fmt: skip
GENERIC = "generic"


class Version(NamedTuple):
    """``valid_from``: local date, None for the first. ``path`` as the template loader wants it."""

    valid_from: dt.date | None
    path: str


def text_versions() -> dict[str, tuple[Version, ...]]:
    """Every text by name with its versions, oldest first."""
    return _read(tuple(str(folder) for folder in settings.TEMPLATES[0]["DIRS"]))


def text_path(template: str, on: dt.date) -> str:
    """The template that holds on a local date; an unknown one falls back to the general text."""
    versions = text_versions()
    known = versions.get(template) or versions[GENERIC]
    held = [v for v in known if v.valid_from is None or v.valid_from <= on]
    return (held or known)[-1].path


@lru_cache(maxsize=8)
def _read(folders: tuple[str, ...]) -> dict[str, tuple[Version, ...]]:
    found: dict[str, set[Version]] = {}
    for folder in folders:
        for file in Path(folder, FOLDER).glob("*.txt"):
            name, _at, day = file.stem.partition("@")
            if name not in FRAMES:
                valid_from = dt.date.fromisoformat(day) if day else None
                found.setdefault(name, set()).add(Version(valid_from, f"{FOLDER}/{file.name}"))
    return {name: tuple(sorted(found[name], key=_age)) for name in sorted(found)}


def _age(version: Version) -> dt.date:
    return version.valid_from or dt.date.min
