"""Named conditions of transitions: each returns why not, or None.

Apps above add guards by name (``register``), so that a case can ask whether it may close
without knowing who answers.
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from common.errors import Text
from petitions.enums import Flag
from petitions.models import Case

Guard = Callable[[Case], Text | None]
_guards: dict[str, Guard] = {}


def register(name: str) -> Callable[[Guard], Guard]:
    """Decorator: make a guard known under ``name``."""

    def add(guard: Guard) -> Guard:
        _guards[name] = guard
        return guard

    return add


def first_refusal(names: tuple[str, ...], case: Case) -> Text | None:
    """Why the first failing guard says no, or None when all agree."""
    for name in names:
        refusal = _guards[name](case)
        if refusal is not None:
            return refusal
    return None


@register("is_signed")
def is_signed(case: Case) -> Text | None:
    """No acceptance without a signature (Article 11.5 LC, Article 22 LD)."""
    if Flag.UNSIGNED in case.flags:
        return _("The letter must be signed or fingerprinted before it can be accepted.")
    return None


@register("is_not_information")
def is_not_information(case: Case) -> Text | None:
    """Information with accusations is not handled as a denunciation (Article 25 LD)."""
    if Flag.INFORMATION in case.flags:
        return _("This is information with accusations until the denouncer signs it.")
    return None
