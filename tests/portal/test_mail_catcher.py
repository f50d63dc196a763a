"""The mail catcher writes every mail as a file."""

import email
import email.policy
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_mail_becomes_a_file(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hanoi_portal.mail_catcher", str(port), str(tmp_path / "mail")]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _send(port)
        (found,) = (tmp_path / "mail").glob("*.eml")
        mail = email.message_from_bytes(found.read_bytes(), policy=email.policy.default)
        assert mail["Subject"] == "Thông báo về thời hạn"
        assert "đúng hạn" in mail.get_content()
        assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        assert process.wait(10) == 0


def _send(port: int) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "portal@example.com", "clerk@example.com"
    message["Subject"] = "Thông báo về thời hạn"
    message.set_content("Việc cần làm đúng hạn.")
    deadline = time.monotonic() + 20
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
                smtp.send_message(message)
                return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
