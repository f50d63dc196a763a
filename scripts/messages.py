#!/usr/bin/env python
"""Translations without system tools.

messages.py missing LANG [PATH...]   JSON of msgid -> "" that LANG lacks
messages.py fill LANG FILE.json      merge translations into the catalogue, under a lock
messages.py compile                  write the .mo files
messages.py check                    exit 1 when Vietnamese lacks a string or keeps an unused one
"""

import fcntl
import json
import sys
from collections.abc import Callable
from pathlib import Path

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from hanoi_portal import catalogs

CONTEXT_SEPARATOR = "\x04"


def _key(context: str | None, msgid: str) -> str:
    return f"{context}{CONTEXT_SEPARATOR}{msgid}" if context else msgid


def missing(language: str, *paths: str) -> int:
    wanted = catalogs.missing(language, paths or catalogs.SOURCES)
    print(json.dumps({_key(c, m): "" for c, m, _ in wanted}, ensure_ascii=False, indent=1))
    return 0


def fill(language: str, source: str) -> int:
    """Merge, then sort by msgid so that parallel work conflicts rarely."""
    given = json.loads(Path(source).read_text(encoding="utf-8"))
    plurals = {_key(c, m): p for c, m, p in catalogs.messages_in()}
    path = catalogs.catalog_path(language)
    with open(path.parent / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        catalog = polib.pofile(str(path))
        for key, text in given.items():
            if text:
                _put(catalog, key, text, plurals.get(key))
        catalog.sort(key=lambda e: (e.msgid.lower(), e.msgctxt or ""))
        catalog.save(str(path))
    return 0


def _put(catalog: polib.POFile, key: str, text: str, plural: str | None) -> None:
    context, _, msgid = key.rpartition(CONTEXT_SEPARATOR)
    old = catalog.find(msgid, msgctxt=context or False)
    if old is not None and (old.msgctxt or "") == context:
        catalog.remove(old)
    entry = polib.POEntry(msgid=msgid, msgctxt=context or None)
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = {0: text}
    else:
        entry.msgstr = text
    catalog.append(entry)


def check() -> int:
    lacking = catalogs.missing("vi")
    used = {(c, m) for c, m, _ in catalogs.messages_in()}
    stale = [
        e.msgid
        for e in polib.pofile(str(catalogs.catalog_path("vi")))
        if (e.msgctxt, e.msgid) not in used
    ]
    for _, msgid, _ in lacking:
        print(f"no Vietnamese: {msgid!r}")
    for msgid in stale:
        print(f"not used any more: {msgid!r}")
    return 1 if lacking or stale else 0


def prune(language: str) -> int:
    path = catalogs.catalog_path(language)
    used = {(c, m) for c, m, _ in catalogs.messages_in()}
    catalog = polib.pofile(str(path))
    for entry in [e for e in catalog if (e.msgctxt, e.msgid) not in used]:
        catalog.remove(entry)
    catalog.save(str(path))
    return 0


def main(command: str, *arguments: str) -> int:
    if command == "compile":
        catalogs.compile_all()
        return 0
    commands: dict[str, Callable[..., int]] = {
        "missing": missing,
        "fill": fill,
        "check": check,
        "prune": prune,
    }
    return commands[command](*arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
