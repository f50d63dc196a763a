"""What a channel is given and what may go wrong there."""

from dataclasses import dataclass

ANSWER_LENGTH = 200


@dataclass(frozen=True)
class Parcel:
    """One message to one address. ``key`` is the same in every attempt and says nothing about
    the message: a provider that gets the parcel twice recognises it."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    language: str


class ChannelError(Exception):
    """``reason``: a word for the row; ``answer``: what the provider said, without addresses."""

    def __init__(self, reason: str, answer: str = "") -> None:
        self.reason = reason
        self.answer = answer[:ANSWER_LENGTH]
        super().__init__(reason)


class Refused(ChannelError):
    """The provider will never take this message."""


class TryLater(ChannelError):
    """It did not work now. ``is_down``: the connection is lost, not only this message."""

    def __init__(self, reason: str, answer: str = "", *, is_down: bool = False) -> None:
        self.is_down = is_down
        super().__init__(reason, answer)
