"""The mail catcher of ``up``: every mail becomes a file, none leaves the machine.

``python -m hanoi_portal.mail_catcher PORT DIRECTORY [ADDRESS]``: the loopback by default.
"""

import asyncio
import signal
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SIZE_MAX = 30 * 1024 * 1024


class Catcher:
    """aiosmtpd's handler: one ``.eml`` a mail, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:12]}"
        draft = self.folder / f"{name}.part"
        content = envelope.content or b""
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
        draft.rename(draft.with_suffix(".eml"))
        return "250 OK"


async def serve(port: int, folder: Path, host: str = "127.0.0.1") -> None:
    """Catch mails on ``port`` until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=SIZE_MAX, enable_SMTPUTF8=True, hostname="localhost"),
        host,
        port,
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4]))
