"""The encryption of backups: any change, cut, exchange or other key is noticed."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_portal.backup import sealed
from hanoi_portal.backup.sealed import MAGIC, NotReadable, SealedReader, SealedWriter

KEY = bytes(range(32))
HEADER = len(MAGIC) + sealed.SALT_BYTES


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "PIECE", 64)


def shut(data: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, key)
    for start in range(0, len(data), 50):
        writer.write(data[start : start + 50])
    writer.close()
    return file.getvalue()


def opened(raw: bytes, size: int, key: bytes = KEY) -> bytes:
    reader = SealedReader(io.BytesIO(raw), key)
    data = reader.read(size)
    assert reader.at_end()
    return data


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129, 1000])
def test_there_and_back(size: int) -> None:
    data = os.urandom(size)
    raw = shut(data)
    assert opened(raw, size) == data
    # A byte alone stands somewhere in any file.
    assert size < 16 or data[:32] not in raw
    with pytest.raises(NotReadable, match="too early"):
        SealedReader(io.BytesIO(raw), KEY).read(size + 1)


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    raw = bytearray(shut(b"x" * 300))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NotReadable):
        opened(bytes(raw), 300)


@given(st.integers(0, 300 + 5 * 16 + HEADER - 1))
def test_a_cut_is_noticed_wherever_it_is(length: int) -> None:
    raw = shut(b"x" * 300)[:length]
    with pytest.raises(NotReadable):
        opened(raw, 300)


def test_pieces_cannot_be_exchanged_repeated_or_taken_from_another_file() -> None:
    raw, other, step = shut(b"x" * 300), shut(b"x" * 300), 64 + 16
    head, first, second = raw[:HEADER], raw[HEADER:][:step], raw[HEADER + step :][:step]
    rest = raw[HEADER + 2 * step :]
    for forged in (
        head + second + first + rest,
        head + first + first + second + rest,
        head + first + rest,
        head + first + other[HEADER + step :],
        raw + rest[-40:],
    ):
        with pytest.raises(NotReadable):
            opened(forged, 300)


def test_another_key_is_said_so() -> None:
    with pytest.raises(NotReadable, match="key is not that"):
        opened(shut(b"x"), 1, bytes(32))


def test_two_files_have_two_keys() -> None:
    assert shut(b"x" * 100)[HEADER:] != shut(b"x" * 100)[HEADER:]


def test_something_else_is_no_backup() -> None:
    with pytest.raises(NotReadable, match="not a backup"):
        SealedReader(io.BytesIO(b"PK\x03\x04" * 100), KEY)
