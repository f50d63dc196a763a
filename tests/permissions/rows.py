"""The form of a row of the permission matrix."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

Answer = int | str
GROUPS: dict[str, tuple[str, ...]] = {
    # Whoever may see the ward's complaint.
    "ward": ("clerk", "handler", "chair", "secretary"),
    "watchers": ("board_head", "city_chair", "city_secretary", "inspector"),
    "others": ("other_clerk", "other_chair"),
    "board": ("board_officer",),
    "party": ("party_office", "internal_affairs", "propaganda", "city_front"),
    "front": ("front",),
    # Heads of bodies without cases, and an officer who prepares receptions.
    "bodies": ("agency_head", "service_head", "reception_officer"),
    "admin": ("admin",),
}


@dataclass(frozen=True)
class Row:
    """``everybody``: open to all with this answer. Else ``signed_in`` is the answer of every
    role that no group or name in ``but`` overrides, and anonymous visitors are sent to sign in
    (``anonymous``)."""

    everybody: Answer | None = None
    signed_in: Answer = 404
    anonymous: Answer = "login"
    but: dict[str, Answer] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    method: str = "GET"
    # Form data of a POST that is right in itself, so that only the permission decides.
    data: dict[str, str] = field(default_factory=dict)

    def expected(self, who: str) -> Answer:
        if self.everybody is not None:
            return self.everybody
        if who == "anonymous":
            return self.anonymous
        if who in self.but:
            return self.but[who]
        for name, people in GROUPS.items():
            if who in people and name in self.but:
                return self.but[name]
        return self.signed_in

    def path(self, name: str, objects: dict[str, Any]) -> str:
        return reverse(name, args=[objects.get(arg, arg) for arg in self.args])
