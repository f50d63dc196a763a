"""What lies inside a backup: parts with a name, each in blocks, and a manifest at the end.

A block is its length (4 bytes) and its bytes; a block without length ends the part. A part begins
with a block of JSON that says what it is. Tables are compressed, files are not.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hanoi_portal.backup.sealed import NotReadable, SealedReader, SealedWriter

BLOCK = 256 * 1024
HEAD, TABLE, FILE, MANIFEST = "head", "table", "file", "manifest"
FAST = 1  # level of compression


class PartsWriter:
    """Writes parts and keeps what the manifest says of them."""

    def __init__(self, out: SealedWriter) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.tables: list[dict[str, Any]] = []
        self.files: dict[str, Any] = {"count": 0, "bytes": 0, "sha256": ""}

    def head(self, said: dict[str, Any]) -> None:
        self._begin({"part": HEAD, **said})
        self._out.write(b"\0\0\0\0")

    def table(self, name: str, columns: list[str], rows: Iterable[bytes | memoryview]) -> int:
        """One table as PostgreSQL's text rows; returns how many."""
        self._begin({"part": TABLE, "name": name, "columns": columns})
        digest, pack, waiting, count, size = hashlib.sha256(), zlib.compressobj(FAST), [], 0, 0
        for row in rows:
            waiting.append(bytes(row))
            count, size = count + 1, size + len(row)
            if size >= BLOCK:
                self._packed(b"".join(waiting), digest, pack)
                waiting, size = [], 0
        self._packed(b"".join(waiting), digest, pack)
        self._block(pack.flush())
        self._out.write(b"\0\0\0\0")
        self.tables.append({"name": name, "rows": count, "sha256": digest.hexdigest()})
        return count

    def file(self, name: str, blocks: Iterable[bytes]) -> tuple[int, bytes]:
        """One file; returns its size and SHA-256."""
        self._begin({"part": FILE, "name": name})
        digest, size = hashlib.sha256(), 0
        for block in blocks:
            digest.update(block)
            size += len(block)
            self._block(block)
        self._out.write(b"\0\0\0\0")
        self._digest.update(f"{name}\n{size}\n{digest.hexdigest()}\n".encode())
        self.files["count"] += 1
        self.files["bytes"] += size
        return size, digest.digest()

    def manifest(self, said: dict[str, Any]) -> dict[str, Any]:
        """What was written, at the very end: the list of files is under one hash."""
        self.files["sha256"] = self._digest.hexdigest()
        whole = {"tables": self.tables, "files": self.files, **said}
        self._begin({"part": MANIFEST, **whole})
        self._out.write(b"\0\0\0\0")
        self._out.close()
        return whole

    def _packed(self, data: bytes, digest: Any, pack: Any) -> None:
        digest.update(data)
        self._block(pack.compress(data))

    def _begin(self, said: dict[str, Any]) -> None:
        self._block(json.dumps(said, ensure_ascii=False).encode())

    def _block(self, data: bytes) -> None:
        if data:
            self._out.write(len(data).to_bytes(4, "big"))
            self._out.write(data)


@dataclass
class Part:
    """A part while it is read: take all of ``blocks`` before the next one."""

    said: dict[str, Any]
    blocks: Iterator[bytes]

    @property
    def kind(self) -> str:
        return str(self.said["part"])


def parts_read(reader: SealedReader) -> Iterator[Part]:
    """The parts in their order. After the last one everything has been held against the manifest.

    Raises NotReadable.
    """
    tables: list[dict[str, Any]] = []
    files: dict[str, Any] = {"count": 0, "bytes": 0}
    listed = hashlib.sha256()
    while not reader.at_end():
        said = json.loads(_block(reader))
        kind = said["part"]
        tally = _Tally(hashlib.sha256(), 0, 0)
        raw = _blocks(reader)
        part = Part(said, tally.over(_unpacked(raw) if kind == TABLE else raw))
        yield part
        for _rest in part.blocks:
            pass  # whoever had no use for it has not read it
        if kind == TABLE:
            tables.append({"name": said["name"], "rows": tally.rows, "sha256": tally.hex})
        elif kind == FILE:
            listed.update(f"{said['name']}\n{tally.size}\n{tally.hex}\n".encode())
            files = {"count": files["count"] + 1, "bytes": files["bytes"] + tally.size}
        elif kind == MANIFEST:
            _hold(said, tables, {**files, "sha256": listed.hexdigest()})
            return
    raise NotReadable("The backup has no manifest.")


@dataclass
class _Tally:
    digest: Any
    size: int
    rows: int

    def over(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.digest.update(block)
            self.size += len(block)
            self.rows += block.count(b"\n")  # inside values a line feed is written as \\n
            yield block

    @property
    def hex(self) -> str:
        return str(self.digest.hexdigest())


def _hold(said: dict[str, Any], tables: list[dict[str, Any]], files: dict[str, Any]) -> None:
    if said["tables"] != tables or said["files"] != files:
        raise NotReadable("The backup does not hold what its manifest says.")


def _blocks(reader: SealedReader) -> Iterator[bytes]:
    while block := _block(reader):
        yield block


def _block(reader: SealedReader) -> bytes:
    return reader.read(int.from_bytes(reader.read(4), "big"))


def _unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    for block in blocks:
        waiting = block
        while waiting:
            data = unpack.decompress(waiting, BLOCK)
            waiting = unpack.unconsumed_tail
            if data:
                yield data
    if data := unpack.flush():
        yield data
