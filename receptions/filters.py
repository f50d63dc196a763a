"""What programs may ask of the public calendar, checked once for API and open data."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import is_storable
from communes.selectors import unit_by_code, units_all
from receptions.enums import DutyHolder, SessionKind, SessionMode
from receptions.selectors import Window
from receptions.serializers import window_edge

CHOICES = {
    "kind": SessionKind.values,
    "duty_holder": DutyHolder.values,
    "mode": SessionMode.values,
}
WINDOW = ("unit", "district", "leader", *CHOICES, "from", "to")
NAME_MAX = 120


def window_clean(query: Mapping[str, str]) -> Window:
    """The asked window. Raises InvalidInput with the fields that cannot be used; never shows
    everything because a filter was misspelt."""
    unit, district = query.get("unit", ""), query.get("district", "")
    leader = query.get("leader", "")
    if unit and unit_by_code(unit) is None:
        raise _refused("unit", _("There is no unit with this code."))
    if district and district not in {known.former_district for known in units_all()}:
        raise _refused("district", _("There is no former district with this name."))
    if len(leader) > NAME_MAX or not is_storable(leader):
        raise _refused("leader", _("There is nobody with this name."))
    chosen = {name: _choice(name, query.get(name, "")) for name in CHOICES}
    return Window(
        unit=unit,
        district=district,
        leader=leader,
        since=window_edge("from", query.get("from")),
        until=window_edge("to", query.get("to"), ends=True),
        **chosen,
    )


def _choice(name: str, value: str) -> str:
    if value and value not in CHOICES[name]:
        raise _refused(name, _("Choose one of the values of the list."))
    return value


def _refused(name: str, message: str) -> InvalidInput:
    return InvalidInput(fields={name: [message]})
