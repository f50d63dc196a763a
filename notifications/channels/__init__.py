"""Ways out of the portal. A new one is a module with a class, its name in ``ChannelName`` and a
row in ``SENDING``; nothing above changes.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from notifications.channels.email import EmailChannel
from notifications.channels.parcel import Parcel, Refused, TryLater
from notifications.topics import ChannelName

__all__ = ["SENDING", "Channel", "Parcel", "Refused", "TryLater"]


class Channel(Protocol):
    """A connection to one provider; made anew for each run of the delivery."""

    def open(self) -> None:
        """Connect. Raises TryLater."""

    def send(self, parcel: Parcel) -> str:
        """Hand over one parcel; returns what the provider said. Raises TryLater, Refused."""

    def close(self) -> None:
        """Hang up; never raises."""

    def addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Where active people are reached; who has no address is left out."""

    def address_in(self, box: Mapping[str, Any]) -> str:
        """The address in an opened box of a citizen, or ""."""


# Notices in the portal are not sent: they are there when they are written.
SENDING: dict[ChannelName, Callable[[], Channel]] = {ChannelName.EMAIL: EmailChannel}
