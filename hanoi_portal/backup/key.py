"""The key of the backups: apart from every other key and never in the database."""

import base64
import os
from pathlib import Path

KEY_BYTES = 32


class NoKey(ValueError):
    """There is no usable key; the message says what to set."""


def key_find(file: Path | None = None) -> bytes:
    """The key from the file given, ``BACKUP_KEY_FILE`` or ``BACKUP_KEY``. Raises NoKey."""
    named = file or Path(os.environ.get("BACKUP_KEY_FILE", ""))
    text = os.environ.get("BACKUP_KEY", "")
    if file is not None or str(named) != ".":
        try:
            text = named.read_text(encoding="ascii")
        except (OSError, ValueError):
            raise NoKey("The file of the backup key cannot be read.") from None
    if not text.strip():
        raise NoKey(
            "Set BACKUP_KEY or BACKUP_KEY_FILE, or give --key-file."
            " A key is made by: openssl rand -base64 32"
        )
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise NoKey("The backup key is not base64.") from None
    if len(key) != KEY_BYTES:
        raise NoKey("The backup key holds 32 bytes.")
    return key
