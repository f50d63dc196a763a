"""What happens to accounts is told by the app above that writes notices.

Imports point downwards, so that app registers itself here (``notifications.accounts_told``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class News:
    """A fact and the people to whom it is told.

    ``key`` names the fact: it is told to the same recipient once. No personal data in ``params``.
    """

    key: str
    template: str
    people: Sequence[int] = ()
    params: dict[str, Any] = field(default_factory=dict)
    # Written like any other and never sent: the steps must not tell known from unknown names.
    is_muted: bool = False


_listeners: list[Callable[[News], None]] = []


def listen(listener: Callable[[News], None]) -> None:
    """Register who tells; at start-up."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(news: News) -> None:
    """Hand a fact over, inside the transaction of the change."""
    for listener in _listeners:
        listener(news)
