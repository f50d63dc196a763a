"""``python -m benchmarks.mails``: 10,000 e-mails by two workers to a mail server on this machine.

The server, in a process of its own, speaks just enough SMTP, takes every mail and counts identities:
what is measured is the portal. ``SCALE=2k`` is quicker. Texts are rendered, both parts are built,
every row is marked with the server's answer.
"""

import asyncio
import email
import json
import multiprocessing
import os
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from benchmarks import site

SCALES = {"2k": 2_000, "10k": 10_000}
PEOPLE, WORKERS, TARGET = 200, 2, 200


class Sink(asyncio.Protocol):
    """Enough of SMTP for smtplib; takes all, remembers who it was."""

    ANSWERS = {b"RCPT": b"250 2.1.5 ok", b"DATA": b"354 go ahead", b"QUIT": b"221 2.0.0 bye"}
    END = b"\r\n.\r\n"

    def __init__(self, taken: list[str]) -> None:
        self.taken, self.buffer, self.in_data = taken, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._say(b"220 bench ESMTP")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.END if self.in_data else b"\r\n"
        while end in self.buffer:
            part, self.buffer = self.buffer.split(end, 1)
            if self.in_data:
                self._mail(part)
            else:
                self._command(part[:4].upper())
            end = self.END if self.in_data else b"\r\n"

    def _command(self, verb: bytes) -> None:
        self.in_data = verb == b"DATA"
        self._say(self.ANSWERS.get(verb, b"250 2.0.0 ok"))

    def _mail(self, raw: bytes) -> None:
        self.in_data = False
        head = raw.partition(b"\r\n\r\n")[0]
        self.taken.append(str(email.message_from_bytes(head)["Message-ID"]))
        self._say(b"250 2.0.0 queued as %d" % len(self.taken))

    def _say(self, text: bytes) -> None:
        self.transport.write(text + b"\r\n")


def serve(port: int, barrier: Barrier, told: Any) -> None:
    """The mail server; it ends when ``told`` asks, and answers with what it took."""

    async def run() -> None:
        taken: list[str] = []
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Sink(taken), "127.0.0.1", port)
        await loop.run_in_executor(None, barrier.wait)
        await loop.run_in_executor(None, told.recv)
        server.close()
        told.send((len(taken), len(set(taken))))

    asyncio.run(run())


def work(barrier: Barrier) -> None:
    """One worker: run after run, as the beat would start them, until nothing is left."""
    import django

    django.setup()
    from notifications.delivery import outbox_deliver
    from notifications.models import OutboxMessage

    OutboxMessage.objects.exists()
    barrier.wait()
    while outbox_deliver(limit=1000).sent:
        pass


def main() -> None:
    count = SCALES.get(os.environ.get("SCALE", "10k").lower())
    if count is None:
        sys.exit(f"SCALE is one of {', '.join(SCALES)}.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data, port = Path(folder), site.free_port()
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, port)
            import django

            django.setup()
            print(json.dumps(measure(count, port), indent=1))


def fill(count: int) -> None:
    """Messages that go at any hour, to people in turn."""
    from accounts.models import User
    from notifications.previews import SAMPLE
    from notifications.services import NewMessage, outbox_write

    people = [
        User.objects.create(username=f"b{n}", full_name=f"Cán bộ {n}", email=f"b{n}@example.com").pk
        for n in range(PEOPLE)
    ]
    for start in range(0, count, 1000):
        outbox_write(
            [
                NewMessage(f"bench:{n}", "escalation", SAMPLE, recipient_id=people[n % PEOPLE])
                for n in range(start, min(start + 1000, count))
            ]
        )


def measure(count: int, port: int) -> dict[str, Any]:
    from notifications.models import OutboxMessage

    fill(count)
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(WORKERS + 2)
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=serve, args=(port, barrier, theirs), daemon=True)
    workers = [spawn.Process(target=work, args=(barrier,), daemon=True) for _ in range(WORKERS)]
    for process in (server, *workers):
        process.start()
    barrier.wait(120)
    began = time.perf_counter()
    for process in workers:
        process.join()
    seconds = time.perf_counter() - began
    ours.send("stop")
    taken, identities = ours.recv()
    sent = OutboxMessage.objects.filter(channel="email", state="sent").exclude(answer="").count()
    assert sent == taken == identities == count, (sent, taken, identities)
    return {
        "cpus": os.cpu_count(),
        "mails": count,
        "workers": WORKERS,
        "seconds": round(seconds, 1),
        "per_second": round(count / seconds),
        "target": f"≥ {TARGET}/s",
    }


if __name__ == "__main__":
    main()
