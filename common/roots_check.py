"""Holding the database against roots that were exported, and a proof against a root."""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from common.history import HistoryEvent, history_models
from common.history_check import Finding, code_field, subject_model
from common.merkle import path_of, root_from_path
from common.models import HistoryRoot
from common.roots import leaf_of, leaves, root_hash, root_line, tree_of

Line = dict[str, Any]
ROOTS = HistoryRoot._meta.db_table


class NotReadable(ValueError):
    """A file of roots or a proof is not of the form in which they are exported."""


def lines_stored() -> list[Line]:
    """The roots in the database, the oldest first."""
    return [root_line(root) for root in HistoryRoot.objects.order_by("day")]


def lines_read(path: Path) -> list[Line]:
    """Exported roots, one a line, whole or short (``roots.root_short``). Raises NotReadable."""
    try:
        lines = [json.loads(text) for text in path.read_text().splitlines() if text.strip()]
        for line in lines:
            root_hash(line)
            _ = line["day"], bytes.fromhex(line["hash"]), line.get("tables", {}).items()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotReadable(f"{path.name}: {type(error).__name__}") from error
    return lines


def lines_check(lines: Sequence[Line]) -> Iterator[Finding]:
    """Roots by themselves: each hash, and the chain from each to the next. A short line does not
    say what its hash is made of; its hash is held against the root that is stored."""
    for line in lines:
        if "tables" in line and root_hash(line).hex() != line["hash"]:
            yield Finding(ROOTS, line["day"], 0, "the root does not fit its own hash")
    for earlier, later in itertools.pairwise(lines):
        if later["previous"] != earlier["hash"] or later["day"] <= earlier["day"]:
            yield Finding(ROOTS, later["day"], 0, f"does not follow the root of {earlier['day']}")
        if "tables" not in later or "tables" not in earlier:
            continue
        for table, entry in later["tables"].items():
            if entry["after"] != earlier["tables"].get(table, {}).get("upto", 0):
                yield Finding(ROOTS, later["day"], 0, f"{table}: events left out between roots")


def stored_check(lines: Iterable[Line]) -> Iterator[Finding]:
    """Exported roots against those in the database."""
    stored = {line["day"]: line for line in lines_stored()}
    for line in lines:
        if line["day"] not in stored:
            yield Finding(ROOTS, line["day"], 0, "the database no longer has this root")
        elif any(stored[line["day"]].get(name) != value for name, value in line.items()):
            yield Finding(ROOTS, line["day"], 0, "the database has another root of this day")


def events_check(lines: Iterable[Line]) -> Iterator[Finding]:
    """The events in the database against roots: which table and days do not fit, and how."""
    models = {model._meta.db_table: model for model in history_models()}
    for line in lines:
        for table, entry in line.get("tables", {}).items():
            days = f"{line['since']}/{line['day']}"
            if table not in models:
                yield Finding(table, days, 0, "the table is gone")
                continue
            tree = tree_of(models[table], entry["after"], entry["upto"])
            if tree.size != entry["events"]:
                what = f"{tree.size} events where the root has {entry['events']}"
                yield Finding(table, days, 0, what)
            elif tree.root.hex() != entry["root"]:
                yield Finding(table, days, 0, "events are not those of the root")


def proof_make(code: str, sequence: int, table: str = "") -> Line:
    """The proof that one event is in the root of its day. Raises LookupError with the reason."""
    model, event = _event(code, sequence, table)
    name = model._meta.db_table
    root = next((line for line in lines_stored() if _covers(line, name, event.pk)), None)
    if root is None:
        raise LookupError("No root holds this event yet; the next one is made in the night.")
    entry = root["tables"][name]
    found = list(leaves(model, entry["after"], entry["upto"]))
    index = next(number for number, (pk, _leaf) in enumerate(found) if pk == event.pk)
    return {
        "table": name,
        "code": code,
        "subject": event.subject_id,
        "sequence": sequence,
        "action": event.action,
        "at": event.at.isoformat(),
        "hash": bytes(event.hash).hex(),
        "index": index,
        "size": len(found),
        "path": [step.hex() for step in path_of([leaf for _pk, leaf in found], index)],
        "root": root,
    }


def proof_check(proof: Line, roots: Sequence[Line] = ()) -> str:
    """ "" when the proof leads to its root, and to one of ``roots`` when there are any; else why
    not. Needs no database. Raises NotReadable."""
    try:
        digest = bytes.fromhex(proof["hash"])
        leaf = leaf_of(proof["table"], proof["subject"], proof["sequence"], digest)
        path = [bytes.fromhex(step) for step in proof["path"]]
        top = root_from_path(leaf, proof["index"], proof["size"], path)
        root, entry = proof["root"], proof["root"]["tables"][proof["table"]]
        own = root_hash(root).hex()
        if top is None or top.hex() != entry["root"] or entry["events"] != proof["size"]:
            return "The event does not lead to the root."
        if own != root["hash"]:
            return "The root in the proof does not fit its own hash."
    except (KeyError, TypeError, ValueError) as error:
        raise NotReadable(type(error).__name__) from error
    if roots and own not in {line["hash"] for line in roots}:
        return "The root in the proof is not among the roots given."
    return ""


def _event(code: str, sequence: int, table: str) -> tuple[type[HistoryEvent], HistoryEvent]:
    for model in history_models():
        if table not in ("", model._meta.db_table):
            continue
        field = code_field(subject_model(model))
        if field == "public_id" and len(code) not in (32, 36):
            continue
        if field == "pk" and not code.isdigit():
            continue
        query = {f"{model.SUBJECT}__{field}": code, "sequence": sequence}
        event = model._base_manager.filter(**query).first()
        if event is not None:
            return model, event
    raise LookupError(f"There is no event {sequence} of {code}.")


def _covers(line: Line, table: str, pk: int) -> bool:
    entry = line["tables"].get(table)
    return entry is not None and entry["after"] < pk <= entry["upto"]
