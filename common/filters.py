"""Filters of a list, checked by name: one that was misspelt would silently show everything."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import is_storable

# What a filter means, or a ValueError with the words to show.
Reader = Callable[[str], Any]
# What every list takes beside its filters.
PASSIVE = frozenset({"cursor", "page_size", "format"})
NAME_MAX = 40


def filters_read(
    query: Mapping[str, str], readers: Mapping[str, Reader], beside: Collection[str] = PASSIVE
) -> dict[str, Any]:
    """What is asked, by filter, as its reader understands it. Raises InvalidInput naming every
    filter that is not known or cannot be used."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in query.items():
        if name in beside:
            continue
        try:
            found[name] = readers.get(name, _unknown)(value)
        except ValueError as error:
            errors[name[:NAME_MAX]] = [str(error)]
    if errors:
        raise InvalidInput(fields=errors)
    return found


def _unknown(value: str) -> Any:
    raise ValueError(_("This filter is not known."))


def one_of(values: Iterable[str]) -> Reader:
    """One of these values."""
    known = frozenset(values)
    return that(known.__contains__)


def that(fits: Callable[[str], bool]) -> Reader:
    """A value that names something of a list, as ``fits`` knows."""

    def read(value: str) -> str:
        if not fits(value):
            raise ValueError(_("Choose one of the values of the list."))
        return value

    return read


def words(most: int) -> Reader:
    """Up to so many characters that can be stored."""

    def read(value: str) -> str:
        if len(value) > most or not is_storable(value):
            raise ValueError(_("At most %(n)d characters.") % {"n": most})
        return value

    return read


def only_known(asked: Iterable[str], known: Collection[str]) -> None:
    """Raises InvalidInput naming parameters that are not known, twenty at most."""
    unknown = sorted(set(asked) - set(known))
    if unknown:
        message = _("This field is not known.")
        raise InvalidInput(fields={name[:80]: [message] for name in unknown[:20]})
