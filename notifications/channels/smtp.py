"""Django's SMTP backend, which throws away what the server answered: this one keeps it."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _AnswerKept:
    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, text = super().data(msg)  # type: ignore[misc]
        self.answer = f"{code} {text.decode(errors='replace')}"
        return code, text


class _Plain(_AnswerKept, smtplib.SMTP):
    pass


class _Encrypted(_AnswerKept, smtplib.SMTP_SSL):
    pass


class AnsweringBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    @property
    def answer(self) -> str:
        """What the server said to the last message that it took."""
        return str(getattr(self.connection, "answer", ""))
