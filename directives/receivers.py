"""Which position in a unit a task speaks to, and which body of the City it answers to."""

from accounts.enums import Role
from communes.models import Unit
from communes.selectors import unit_by_code, unit_by_id
from directives.enums import Addressee
from directives.models import Task
from escalation.recipients import lead_position

# Mass mobilisation is followed for the City by this body, where a task names no other.
FOLLOWER = "BTGDV"
ADDRESSEE_POSITION = {
    Addressee.PARTY_COMMITTEE: Role.SECRETARY,
    Addressee.AUTHORITY: Role.HEAD,
    Addressee.FRONT: Role.FRONT,
}
LADDERS = {
    Addressee.PARTY_COMMITTEE: "directive_party",
    Addressee.AUTHORITY: "directive",
    Addressee.FRONT: "directive_front",
}


def position_of(unit: Unit, addressee: str) -> str:
    """The position that a task is given to; bodies of the City have one each."""
    if unit.is_commune_level:
        return ADDRESSEE_POSITION[Addressee(addressee)]
    return lead_position(unit)


def workplace_of(unit: Unit) -> str:
    """Where the work lands until an owner is appointed."""
    return Role.CLERK if unit.is_commune_level else lead_position(unit)


def lead_of(task: Task) -> Unit | None:
    """The body of the City in charge of a task; no query."""
    if task.lead_unit_id is not None:
        return unit_by_id(task.lead_unit_id)
    return unit_by_code(FOLLOWER)
