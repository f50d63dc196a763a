"""What is refused in a file whose kind is accepted. Pure: bytes in, a word out.

What these checks do not find meets three more walls: a file is stored under a random name outside
the web root, served only as a download that no browser runs, and verifiers get pixels or text.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

from attachments.content import TEXT
from attachments.office import OFFICE, OfficeError, office_check
from attachments.pages import PDF, PICTURES, PagesError, picture_check

HEAD = 1024  # bytes in which browsers look for what a file is
OBJECT_STREAM_MAX = 4 * 1024 * 1024  # bytes of one unpacked object stream
OBJECT_STREAMS_COUNT = 10_000
OBJECT_STREAMS_MAX = 64 * 1024 * 1024  # of all of them
_MARKUP = re.compile(
    rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?php|\?xml|object|embed|xsl:)", re.IGNORECASE
)
# What runs, starts something or carries a file, as a whole name of PDF.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?=[\s/<>\[\]()]|$)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def fault_of(data: bytes, content_type: str) -> str | None:
    """One word for what is wrong (``polyglot``, ``active``, ``macro``, ``bomb``, ``broken``,
    ``locked``, ``name``, ``external``, ``xml``, ``picture``), or None."""
    if _is_polyglot(data, content_type):
        return "polyglot"
    if content_type == PDF:
        return "active" if pdf_is_active(data) else None
    try:
        if content_type in PICTURES:
            picture_check(data, content_type)
        elif content_type in OFFICE.values():
            office_check(data)
    except PagesError:
        return "picture"
    except OfficeError as error:
        return error.code
    return None


def _is_polyglot(data: bytes, content_type: str) -> bool:
    """Something else as well: a page, a PDF or an archive in the same bytes."""
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf")
    if content_type in OFFICE.values():
        return False
    if content_type != TEXT and _MARKUP.search(head.replace(b"\0", b"")):
        return True
    if content_type not in (PDF, TEXT) and b"%PDF-" in head:
        return True
    # Office files are the only archives; a zip behind a picture or a PDF is a second file.
    return zipfile.is_zipfile(io.BytesIO(data))


def pdf_is_active(data: bytes) -> bool:
    """Whether the PDF runs something or carries files, as far as it can be seen without opening
    it: by names in the bytes as they are and in unpacked object streams."""
    return any(_ACTIVE.search(_names(part)) for part in _parts(data))


def _names(part: bytes) -> bytes:
    """Names with ``#xx`` written out, as a reader reads them."""
    return _HEX.sub(lambda hit: bytes([int(hit.group(1), 16)]), part)


def _parts(data: bytes) -> Iterator[bytes]:
    yield data
    room, held = OBJECT_STREAMS_MAX, memoryview(data)
    for start in islice(_object_streams(data), OBJECT_STREAMS_COUNT):
        plain = _unpacked(held[start : start + OBJECT_STREAM_MAX])
        room -= len(plain)
        if room < 0:
            return
        yield plain


def _object_streams(data: bytes) -> Iterator[int]:
    """Where the packed bytes of each object stream begin."""
    at = 0
    while (at := data.find(b"/ObjStm", at)) >= 0:
        word = data.find(b"stream", at, at + 2_000)
        if word >= 0:
            line = data[word + 6 : word + 8]
            yield word + (8 if line == b"\r\n" else 7)
        at += 7


def _unpacked(packed: memoryview) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, OBJECT_STREAM_MAX)
    except zlib.error:
        return b""
