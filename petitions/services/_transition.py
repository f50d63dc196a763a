"""The only place where a case changes its status."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, NotPermitted, NotVisible, Stale
from common.history import NewEvent
from common.time import local_date, now
from notifications.services import NewMessage, outbox_write
from petitions import guards
from petitions.clock_effects import clock_effect_apply
from petitions.issued_papers import IssuedPaper
from petitions.models import Case, CaseEvent, Proposal
from petitions.models.events import LOOKED
from petitions.policies import may_act
from petitions.services.locking import case_locked
from petitions.workflow import (
    ACTIONS,
    BY_ACTION,
    CLOSED_STATUSES,
    Action,
    Transition,
    transition_find,
)

CLOSING = BY_ACTION[Action.PROPOSE_CLOSING].sources


@dataclass
class Change:
    """One change of one case under its lock: what the service adds to the fixed procedure.

    ``data`` goes into the history (codes and dates, no personal data), ``messages`` into the
    outbox.
    """

    case: Case
    row: Transition
    access: Access
    at: dt.datetime
    quiet: bool = False
    # Since when limits count (Hà Nội date), where the step records what happened before it.
    counts_from: dt.date | None = None
    # Whose number and date the step takes over.
    paper: IssuedPaper | None = None
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    def tell(
        self,
        template: str,
        params: Mapping[str, Any] | None = None,
        to: str = "",
        **address: Any,
    ) -> None:
        """Queue a notice about this change; its key is the change itself, and ``to`` where it goes
        to several."""
        key = ":".join(
            part for part in ("case", self.case.code, str(self.case.version), template, to) if part
        )
        params = {"code": self.case.code, "unit": self.case.unit.full_name, **(params or {})}
        secret = self.case.is_denunciation and "position" in address
        self.messages.append(NewMessage(key, template, params, is_secret=secret, **address))


def case_transition(
    *,
    access: Access,
    code: str,
    action: str,
    version: int,
    prepare: Callable[[Change], None] = lambda change: None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Case:
    """Do ``action`` on the case with ``code``, in one transaction.

    Order: lock, check the expected version, find the row, ask the policy, run guards, prepare
    (inputs), change, clocks, save, history, outbox. Raises NotVisible, Stale (with
    the current version), DomainError ``wrong_state`` or ``guard``, or NotPermitted.
    """
    with transaction.atomic():
        case = case_locked(access, code)
        _check_version(case, version)
        row = _row(case, action)
        refusal = may_act(access, case, row)
        if refusal is not None:
            raise NotPermitted(refusal)
        change = Change(case, row, access, at or now(), quiet)
        refusal = guards.first_refusal(row.guards, case, local_date(change.at))
        if refusal is not None:
            raise DomainError(refusal, code="guard")
        prepare(change)
        _apply(change)
    return case


def _row(case: Case, action: str) -> Transition:
    if action not in ACTIONS:
        raise NotVisible
    row = transition_find(case.status, action, case.kind)
    if row is None:
        raise DomainError(
            _("This step is not possible in the present state of the case."),
            code="wrong_state",
        )
    return row


def _check_version(case: Case, expected: int) -> None:
    """A stale form gets the current version and what happened since, and changes nothing."""
    if case.version != expected:
        done = CaseEvent.objects.filter(case=case).exclude(action__in=LOOKED)
        since = done.order_by("-sequence").first()
        raise Stale(
            extra={
                "version": case.version,
                "status": case.status,
                "last_action": since.action if since else None,
            }
        )


def _apply(change: Change) -> None:
    case, row = change.case, change.row
    before = case.status
    case.version += 1
    if row.target is not None:
        case.status = row.target.value
        case.closed_at = change.at if case.status in CLOSED_STATUSES else None
    if row.target is not None and row.action is not Action.CLOSE and before in CLOSING:
        # What was proposed for another situation is no longer half of an end.
        Proposal.objects.filter(case=case, action=Action.CLOSE.value).update(is_current=False)
    clock_effect_apply(change.case, row.effect, change.counts_from or local_date(change.at))
    case.save()
    data = {"from": before, "to": case.status, "version": case.version, **change.data}
    CaseEvent.append(
        NewEvent(
            case.pk,
            f"petitions.case.{row.action.value}",
            data,
            change.access.user_id,
            change.at,
        )
    )
    outbox_write(change.messages, at=change.at, suppress=change.quiet)
