"""One run over one channel: its connection and what it did."""

import datetime as dt
from dataclasses import asdict, dataclass

import structlog

from notifications.channels import Channel, Parcel, TryLater

log = structlog.get_logger(__name__)
# Connections that broke one after the other before a run gives up on a channel.
BREAKS_MAX = 2


@dataclass
class Delivery:
    """What one run did, in messages. ``unreachable``: a provider did not answer."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    suppressed: int = 0
    # Written out to the holders of a position.
    spread: int = 0
    # Put off to the morning or to the digest.
    deferred: int = 0
    unreachable: bool = False

    def as_dict(self) -> dict[str, int | bool]:
        return asdict(self)

    def count(self, name: str, number: int = 1) -> None:
        setattr(self, name, getattr(self, name) + number)


class Unreachable(Exception):
    """The provider cannot be talked to now; nothing was changed."""


@dataclass
class Run:
    """The connection is opened when it is first needed and given up after two breaks in a row."""

    name: str
    channel: Channel
    at: dt.datetime
    result: Delivery
    is_open: bool = False
    breaks: int = 0

    def send(self, parcel: Parcel) -> str:
        """The provider's answer. Raises TryLater, Refused, Unreachable."""
        self._connect()
        try:
            answer = self.channel.send(parcel)
        except TryLater as error:
            if error.is_down:
                self.close()
                self.breaks += 1
            raise
        self.breaks = 0
        return answer

    def close(self) -> None:
        """Hang up, when there is a connection."""
        if self.is_open:
            self.channel.close()
            self.is_open = False

    def _connect(self) -> None:
        if self.breaks >= BREAKS_MAX:
            raise Unreachable
        if self.is_open:
            return
        try:
            self.channel.open()
        except TryLater as error:
            log.warning("notifications.provider.unreachable", error=error.reason)
            raise Unreachable from error
        self.is_open = True
