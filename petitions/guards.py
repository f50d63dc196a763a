"""Named conditions of transitions: each returns why not, or None.

Apps above add guards by name (``register``), so that a case can ask whether it may close
without knowing who answers.
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from common.errors import Text
from petitions.enums import Finding, Flag
from petitions.models import Case
from petitions.workflow import Status

BEFORE_ACCEPTANCE = (Status.RECEIVED, Status.CLASSIFYING, Status.PROPOSED)
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


def findings_for(case: Case) -> list[Finding]:
    """The findings that lengthen the limit running now, none where the law knows no longer one."""
    if case.status not in BEFORE_ACCEPTANCE:
        both = [Finding.COMPLEX, Finding.VERY_COMPLEX]
        return both if case.is_denunciation else both[:1]
    return [Finding.SEVERAL_PLACES] if case.is_denunciation else []


@register("limit_can_grow")
def limit_can_grow(case: Case) -> Text | None:
    """A complaint has one limit for its acceptance; a denunciation has a longer one (Article 24.1
    LD)."""
    if findings_for(case):
        return None
    return _("The law knows no longer limit for accepting a complaint (Decree 124/2020, 16.1).")


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
