"""A mail server on the loopback that misbehaves as it is told."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

GOOD = "good"
# What may happen to one connection or one mail.
FAULTS = (
    "hang_at_greeting",
    "hang_at_data",
    "refuse_connection",
    "refuse_recipient",
    "refuse_data",
    "busy_recipient",
    "busy_data",
    "drop_at_recipient",
    "drop_in_data",
    "take_and_drop",
    "take_and_hang",
)
HANG_SECONDS = 30


@dataclass
class Taken:
    """A mail that reached the server, whatever the client heard."""

    message_id: str
    mail: EmailMessage
    fault: str


@dataclass
class Server:
    """``fault_of``: asked for each connection (with "connection"), and for each mail with the
    address of its recipient."""

    fault_of: Callable[[str], str] = lambda where: GOOD
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)

    def take(self, raw: bytes, fault: str) -> None:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        with self.lock:
            self.taken.append(Taken(str(mail["Message-ID"]), mail, fault))
        self.told.set()

    def asked(self, where: str) -> str:
        with self.lock:
            return self.fault_of(where)


class _Dropped(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    """One connection: enough of SMTP for smtplib."""

    scene: Server

    def handle(self) -> None:
        self.scene.connections += 1
        try:
            self._greet()
            while self._command():
                pass
        except (_Dropped, OSError):
            return

    def _greet(self) -> None:
        fault = self.scene.asked("connection")
        if fault == "hang_at_greeting":
            self._hang()
        if fault == "refuse_connection":
            self._say("554 5.3.2 not today")
            raise _Dropped
        self._say("220 test ESMTP")

    def _command(self) -> bool:
        line = self.rfile.readline().decode().strip()
        verb = line.partition(" ")[0].upper()
        if verb == "RCPT":
            self.fault = self.scene.asked(line.partition(":")[2].strip("<> "))
            self._recipient()
        elif verb == "DATA":
            self._data()
        elif verb == "QUIT":
            self._say("221 2.0.0 bye")
        elif line:
            self._say("250 2.0.0 ok")
        return bool(line) and verb != "QUIT"

    def _recipient(self) -> None:
        if self.fault == "drop_at_recipient":
            raise _Dropped
        answers = {
            "refuse_recipient": "550 5.1.1 no such user",
            "busy_recipient": "451 4.7.1 greylisted, come back",
        }
        self._say(answers.get(self.fault, "250 2.1.5 ok"))

    def _data(self) -> None:
        self._say("354 go ahead")
        if self.fault == "drop_in_data":
            self.rfile.readline()
            raise _Dropped
        raw = b"".join(iter(self._data_line, b""))
        if self.fault == "hang_at_data":
            self._hang()
        answers = {"refuse_data": "554 5.6.0 not wanted", "busy_data": "452 4.3.1 disk full"}
        if self.fault in answers:
            self._say(answers[self.fault])
            return
        self.scene.take(raw, self.fault)
        if self.fault == "take_and_drop":
            raise _Dropped
        if self.fault == "take_and_hang":
            self._hang()
        self._say(f"250 2.0.0 queued as {len(self.scene.taken)}")

    def _data_line(self) -> bytes:
        line = self.rfile.readline()
        if not line:
            raise _Dropped
        return b"" if line == b".\r\n" else line.removeprefix(b".")

    def _hang(self) -> None:
        self.scene.stopping.wait(HANG_SECONDS)
        raise _Dropped

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Sockets(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def serving(scene: Server) -> Iterator[Server]:
    """Run the server on a port of the loopback for the time of the block."""
    handler = type("Talk", (_Talk,), {"scene": scene})
    with _Sockets(("127.0.0.1", scene.port), handler) as sockets:
        scene.port = sockets.server_address[1]
        scene.stopping.clear()
        thread = threading.Thread(target=sockets.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield scene
        finally:
            scene.stopping.set()
            sockets.shutdown()
            thread.join(5)
