"""What becomes of the open work on a document that another one replaces."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput
from common.time import now
from directives.enums import OVER, DirectiveState, Owed
from directives.models import Assignment, Directive
from directives.policies import may_withdraw_rest
from directives.receivers import position_of
from directives.services._record import directive_locked, record_step, refuse, version_match
from directives.services.withdrawals import owed_withdraw
from directives.validators import REASON_MAX, text_checked
from notifications.services import NewMessage, outbox_write


def owed_words(directives: Iterable[Directive]) -> str:
    """How many tasks of how many units are still open on these documents, in words, or "" where
    none is; one query."""
    rows = Assignment.objects.filter(task__group__directive__in=list(directives))
    counted = rows.exclude(state__in=OVER).aggregate(
        tasks=Count("pk"), units=Count("unit", distinct=True)
    )
    if not counted["tasks"]:
        return ""
    return _("open tasks: %(tasks)d; units: %(units)d") % counted


def owed_checked(owed: str, replaced: Sequence[Directive]) -> str:
    """What becomes of the open work on documents that are about to be replaced. Raises
    InvalidInput on ``owed`` where nobody has said it although there is some."""
    words = owed_words(one for one in replaced if one.is_in_force)
    if words and owed not in Owed.values:
        message = _("Choose what becomes of what units still work on (%(words)s).")
        raise InvalidInput(fields={"owed": [message % {"words": words}]})
    return owed


def replaced_mark(
    access: Access, pk: int, by: Directive, owed: str, at: dt.datetime, *, quiet: bool
) -> None:
    """A document in force counts as replaced by another, in the caller's transaction. ``owed``: its
    open tasks go on, or are withdrawn with it; each unit is told of all of them at once."""
    rows = Directive.objects.select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=pk)
    if not found.is_in_force:
        return
    found.state = DirectiveState.REPLACED
    data = {"by": by.number}
    open_rows = Assignment.objects.of(found).exclude(state__in=OVER)
    choice = Owed.WITHDRAW if owed == Owed.WITHDRAW else Owed.KEEP
    if choice == Owed.WITHDRAW:
        reason = _("Replaced by %(number)s.") % {"number": by.number}
        told = owed_withdraw(access, open_rows, reason, at, quiet=quiet, each=False)
        count = {"assignments": len(told)}
    else:
        told = list(open_rows.select_related("unit").order_by("pk"))
        count = {"kept": len(told)}
    record_step(found, access, "replaced", data | (count if told else {}), at=at)
    outbox_write(_notes(found, by.number, choice, told), at=at, suppress=quiet)


@transaction.atomic
def replaced_withdraw(
    *,
    access: Access,
    slug: str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Directive:
    """Withdraw what units still owe on a document that was replaced, with a reason; each unit is
    told of all of it at once. Raises NotVisible, NotPermitted, Stale, DomainError ``wrong_state``
    (nothing is owed any more), InvalidInput on ``reason``."""
    moment = at or now()
    directive = directive_locked(access, slug)
    refuse(may_withdraw_rest(access, directive))
    version_match(directive, version)
    words = text_checked("reason", reason, REASON_MAX)
    rows = Assignment.objects.of(directive)
    taken = owed_withdraw(access, rows, words, moment, quiet=quiet, each=False)
    if not taken:
        raise DomainError(_("Nothing is owed on this document any more."), code="wrong_state")
    data = {"assignments": len(taken), "reason": words}
    record_step(directive, access, "rest_withdrawn", data, at=moment)
    outbox_write(_notes(directive, "", Owed.WITHDRAW, taken), at=moment, suppress=quiet)
    return directive


def _notes(
    directive: Directive, number: str, owed: Owed, rows: Sequence[Assignment]
) -> list[NewMessage]:
    """One for every position of a unit that has some of the tasks; ``number``: of what replaces the
    document, "" where that was told before."""
    counts: dict[tuple[int, str], int] = {}
    units = {row.unit_id: row.unit for row in rows}
    for row in rows:
        key = (row.unit_id, position_of(row.unit, row.addressee))
        counts[key] = counts.get(key, 0) + 1
    return [
        NewMessage(
            key=f"directive:{directive.slug}:{directive.version}:{unit}:{position}:replaced",
            template="directive_replaced",
            params={
                "unit": units[unit].full_name,
                "directive": directive.number,
                "number": number,
                "step": owed.value,
                "due": count,
                "href": reverse("directives_staff:unit", args=[directive.slug, units[unit].code]),
            },
            unit_id=unit,
            position=position,
        )
        for (unit, position), count in counts.items()
    ]
