"""What a file is, told from its content. The name it came with is never believed."""

from attachments.office import office_type

# (offset, bytes, content type): every signature that can start an accepted file.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBPVP8", "image/webp"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
)
# Brands of ISO media files (ISO/IEC 14496-12), as they follow "ftyp".
BRANDS: dict[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"mif1"), "image/heic"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"),
        "video/mp4",
    ),
    **dict.fromkeys((b"3gp4", b"3gp5", b"qt  "), "video/mp4"),
}
TEXT = "text/plain"
# What a person reads as the list of accepted kinds, and the file dialog's hint.
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.docx,.xlsx,.txt,.mp3,.mp4,.m4a"


def content_type_of(data: bytes) -> str | None:
    """The accepted type that ``data`` (the whole file) has, or None when it has none."""
    for offset, magic, found in SIGNATURES:
        if data.startswith(magic, offset):
            return found
    if data[4:8] == b"ftyp":
        return BRANDS.get(data[8:12])
    if data.startswith(b"PK\x03\x04"):
        return office_type(data)
    return TEXT if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    """UTF-8 without control characters, and not markup that a browser might run."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ch < " " and ch not in "\t\n\r\f" for ch in text):
        return False
    return not text.lstrip().startswith("<")
