"""Message catalogues: what is translated, what is missing, compiling without system tools.

A fresh machine has no GNU gettext, so strings are found with Python's own parser and Django's
template reader, and ``.mo`` files are written by polib.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
LANGUAGES = ("vi", "en")
SOURCES = (
    "accounts",
    "attachments",
    "common",
    "communes",
    "continuity",
    "deadlines",
    "directives",
    "early_warning",
    "escalation",
    "hanoi_portal",
    "mobilisation",
    "notifications",
    "papers",
    "petitions",
    "receptions",
    "reports",
    "templates",
)
FUNCTIONS = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
CONTEXT_FUNCTIONS = {"pgettext", "pgettext_lazy"}
Message = tuple[str | None, str, str | None]
TEMPLATE_CALL = re.compile(
    r"""\b(?P<name>n?p?gettext|_)\(u?(?P<args>(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
        (?:,\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))*)""",
    re.VERBOSE,
)


def catalog_path(language: str) -> Path:
    return BASE / "locale" / language / "LC_MESSAGES" / "django.po"


def messages_in(paths: Iterable[str | Path] = SOURCES) -> dict[Message, set[str]]:
    """Every (context, msgid, plural) under ``paths`` with the files that use it."""
    found: dict[Message, set[str]] = {}
    for file in _files(paths):
        read = _python_messages if file.suffix == ".py" else _template_messages
        for message in read(file):
            found.setdefault(message, set()).add(str(file.relative_to(BASE)))
    return found


def missing(language: str, paths: Iterable[str | Path] = SOURCES) -> list[Message]:
    """Messages without a translation. English is its own source and misses nothing."""
    catalog = polib.pofile(str(catalog_path(language)))
    known = {(e.msgctxt, e.msgid) for e in catalog if e.translated()}
    return sorted(
        (m for m in messages_in(paths) if (m[0], m[1]) not in known), key=lambda m: m[1].lower()
    )


def compile_all() -> None:
    """Write every ``.mo`` whose ``.po`` is newer."""
    for language in LANGUAGES:
        po = catalog_path(language)
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in paths:
        full = BASE / path
        if full.is_file():
            yield full
        for suffix in ("py", "html", "txt"):
            for file in sorted(full.rglob(f"*.{suffix}")):
                if "migrations" not in file.parts and "management" not in file.parts:
                    yield file


def _python_messages(file: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        strings = [a.value for a in node.args if isinstance(a, ast.Constant)]
        texts = [s for s in strings if isinstance(s, str)]
        if not texts or not isinstance(node.args[0], ast.Constant):
            continue
        if name in CONTEXT_FUNCTIONS and len(texts) >= 2:
            yield texts[0], texts[1], None
        elif name in FUNCTIONS:
            plural = texts[1] if name.startswith("ngettext") and len(texts) > 1 else None
            yield None, texts[0], plural


def _template_messages(file: Path) -> Iterator[Message]:
    source = file.read_text(encoding="utf-8")
    if "{%" not in source:
        return
    for call in TEMPLATE_CALL.finditer(templatize(source)):
        name = call["name"]
        texts = [s for s in ast.literal_eval(f"[{call['args']}]") if isinstance(s, str)]
        context = texts.pop(0) if "p" in name else None
        plural = texts[1] if name.startswith("n") and len(texts) > 1 else None
        yield context, texts[0], plural
