"""Encryption of a stream of any length in flat memory: AES-256-GCM by pieces.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of a piece is its
number and whether it is the last one, so that pieces cannot be left out, repeated, reordered or
cut off. Each file has a key of its own, derived from the backup key and a random salt; the header
is authenticated with every piece.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"hanoi-portal backup 1\n"
SALT_BYTES, TAG_BYTES = 32, 16
PIECE = 1024 * 1024  # bytes of plain text in a piece


class NotReadable(ValueError):
    """The file is not a backup, the key is another one, or it was cut or changed."""


class SealedWriter:
    """Encrypts what is written to it; ``close`` writes the last piece."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        header = MAGIC + os.urandom(SALT_BYTES)
        self._cipher, self._header = _cipher(key, header), header
        self._waiting, self._number = bytearray(), 0
        file.write(header)

    def write(self, data: bytes | memoryview) -> None:
        self._waiting += data
        # The last piece is known only at the end: one full piece is held back.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class SealedReader:
    """Reads a sealed stream; every byte it gives has been authenticated. Raises NotReadable."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        header = file.read(len(MAGIC) + SALT_BYTES)
        if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES:
            raise NotReadable("This file is not a backup of the portal.")
        self._pieces = _pieces(file, _cipher(key, header), header)
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes. Raises NotReadable when the stream ends before."""
        found = bytearray()
        while len(found) < size:
            if not self._ready:
                piece = next(self._pieces, None)
                if piece is None:
                    raise NotReadable("The backup ends too early.")
                self._ready = memoryview(piece)
                continue
            taken = self._ready[: size - len(found)]
            found += taken
            self._ready = self._ready[len(taken) :]
        return bytes(found)

    def at_end(self) -> bool:
        """Whether nothing follows; the last piece has then been authenticated."""
        while not self._ready:
            with suppress(StopIteration):
                self._ready = memoryview(next(self._pieces))
                continue
            return True
        return False


def _pieces(file: IO[bytes], cipher: AESGCM, header: bytes) -> Iterator[bytes]:
    piece, number = file.read(PIECE + TAG_BYTES), 0
    while True:
        following = file.read(PIECE + TAG_BYTES)
        try:
            nonce = _nonce(number, is_last=not following)
            yield cipher.decrypt(nonce, piece, header)
        except InvalidTag:
            words = "The key is not that of this backup, or its beginning was changed."
            if number:
                words = f"The backup was cut or changed after {number} MiB."
            raise NotReadable(words) from None
        if not following:
            return
        piece, number = following, number + 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes, header: bytes) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=header[len(MAGIC) :], info=MAGIC)
    return AESGCM(derive.derive(key))
