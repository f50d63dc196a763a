"""Whom a signal is told. A notice says which rule speaks of which unit, and never of which case."""

from typing import Any

from accounts.enums import Role
from communes.models import Unit
from communes.selectors import unit_by_code
from early_warning.models import Signal
from escalation.recipients import lead_position
from notifications.services import NewMessage


def signal_found(signal: Signal) -> list[NewMessage]:
    """A new signal: the unit's head and Party secretary, and the body that the rule names."""
    return signal_tell_all(signal, "signal_found")


def signal_again(signal: Signal) -> list[NewMessage]:
    """Opened again by the portal, because it grew."""
    return signal_tell_all(signal, "signal_again")


def signal_grew(signal: Signal) -> list[NewMessage]:
    """One level up: its owner, without one the unit's head."""
    if signal.owner_id is not None:
        return [signal_tell(signal, "signal_grew", recipient_id=signal.owner_id)]
    unit, position = unit_posts(signal.unit)[0]
    return [signal_tell(signal, "signal_grew", unit_id=unit, position=position)]


def signal_unowned(signal: Signal) -> list[NewMessage]:
    """Nobody has taken a signal over: the unit's head."""
    unit, position = unit_posts(signal.unit)[0]
    return [signal_tell(signal, "signal_unowned", unit_id=unit, position=position)]


def signal_unowned_long(signal: Signal) -> list[NewMessage]:
    """Still nobody: the people of the unit and the City's body of the rule."""
    return signal_tell_all(signal, "signal_unowned_long")


def owner_appointed(signal: Signal) -> NewMessage:
    return NewMessage(
        key=f"signal:{signal.public_id}:{signal.version}:signal_owner",
        template="signal_owner",
        params=_params(signal),
        recipient_id=signal.owner_id,
    )


def look_due(signal: Signal) -> NewMessage:
    """The date of the next look has passed."""
    return NewMessage(
        key=f"signal:{signal.public_id}:{signal.next_look_on}:signal_look_due",
        template="signal_look_due",
        params=_params(signal),
        recipient_id=signal.owner_id,
    )


def unit_posts(unit: Unit) -> list[tuple[int, str]]:
    """Who answers for a unit: head and Party secretary, the one position of a body of the City."""
    if unit.is_commune_level:
        return [(unit.pk, Role.HEAD.value), (unit.pk, Role.SECRETARY.value)]
    return [(unit.pk, lead_position(unit))]


def signal_tell_all(signal: Signal, template: str) -> list[NewMessage]:
    """The people of the unit and the body of the rule."""
    posts = unit_posts(signal.unit)
    body = unit_by_code(signal.rule.body) if signal.rule.body else None
    if body is not None:
        posts.append((body.pk, lead_position(body)))
    return [
        signal_tell(signal, template, unit_id=unit, position=position)
        for unit, position in dict.fromkeys(posts)
    ]


def signal_tell(signal: Signal, template: str, **address: Any) -> NewMessage:
    """One message; its key is the version and level that it tells of."""
    key = f"signal:{signal.public_id}:{signal.version}.{signal.level}:{template}"
    return NewMessage(key=key, template=template, params=_params(signal), **address)


def _params(signal: Signal) -> dict[str, Any]:
    return {
        "unit": signal.unit.full_name,
        "name": signal.rule.title,
        "id": str(signal.public_id),
        "due_on": signal.next_look_on.isoformat() if signal.next_look_on else "",
    }
