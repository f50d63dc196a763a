"""Names of files: what a citizen's machine called them, made harmless. Pure."""

import re
import unicodedata

NAME_MAX = 160  # characters
NAMELESS = "tep"
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "video/mp4": ("mp4", "m4v", "mov", "3gp"),
    "text/plain": ("txt",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
}
# Devices of Windows: a file of this name cannot be saved there, or does something else.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*%;]')
_SUFFIX = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,5})$")


def name_clean(name: str) -> str:
    """The last part of a file name, NFC, without control characters, marks of direction and
    characters that mean something to a shell or a system, at most 160 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(ch for ch in last if unicodedata.category(ch)[0] != "C")
    plain = _FORBIDDEN.sub("_", plain).strip(" .~")
    plain = _short(plain)
    if _RESERVED.fullmatch(plain.partition(".")[0].strip()):
        plain = f"{NAMELESS}-{plain}"[:NAME_MAX]
    return plain or NAMELESS


def _short(name: str) -> str:
    if len(name) <= NAME_MAX:
        return name
    stem, dot, suffix = name.rpartition(".")
    keep = NAME_MAX - len(dot + suffix)
    return stem[:keep] + dot + suffix if stem and len(suffix) <= 10 else name[:NAME_MAX]


def name_for(name: str, content_type: str) -> str:
    """The name of a download: its ending says what the content is, whatever it said before."""
    good = EXTENSIONS.get(content_type, ())
    plain = name_clean(name)
    found = _SUFFIX.search(plain)
    if not good or (found and found.group(1).lower() in good):
        return plain
    stem = plain[: found.start()].rstrip(" .") if found else plain
    again = _SUFFIX.search(stem)
    if again and again.group(1).lower() in good:
        return stem
    return f"{stem[: NAME_MAX - 6].rstrip(' .') or NAMELESS}.{good[0]}"
