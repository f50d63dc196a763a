"""Everybody registered is told of a change: by e-mail who confirmed an address, the others by
telephone, from a list that the desk ticks off."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, NotVisible, Stale, allow
from common.time import now
from receptions.enums import TellReason
from receptions.models import EXPECTING, ReceptionSession, Registration, VisitorTelling
from receptions.policies import can_record_visits
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.visitor_notices import visitor_tell


def telling_ask(
    session: ReceptionSession, reason: TellReason, notes: Notes, template: str
) -> list[Registration]:
    """Write to everybody who counts on a locked session, put those without a confirmed address on
    its list of calls, and tell the desk.

    The notice leads to the list where there is somebody to call. Returns who that is.
    """
    rows = session.registrations.filter(status__in=EXPECTING).select_related("case")
    called = visitors_tell(session, rows.order_by("queue_number"), reason, notes)
    notes.tell(session, template, href=calls_href(session) if called else "")
    return called


def expecting_count(session: ReceptionSession) -> int:
    """How many registrations of a session count on being received."""
    return session.registrations.filter(status__in=EXPECTING).count()


def calls_href(session: ReceptionSession) -> str:
    """The list of calls of a session."""
    return reverse("receptions_staff:calls", args=[session.public_id])


def visitors_tell(
    session: ReceptionSession,
    rows: Iterable[Registration],
    reason: TellReason,
    notes: Notes,
    template: str = "registration_news",
    facts: Mapping[str, Any] | None = None,
) -> list[Registration]:
    """Write to these visitors of a locked session; returns those who must be called instead.

    Who is written to now need not be called about what came before: the newest state is the one
    to look up.
    """
    written: list[Registration] = []
    called: list[Registration] = []
    for row in rows:
        is_written = visitor_tell(session, row, notes, template, facts=facts)
        (written if is_written else called).append(row)
    VisitorTelling.objects.filter(registration__in=written, told_at=None).delete()
    tellings_open(called, reason, notes.at)
    return called


def tellings_open(rows: list[Registration], reason: TellReason, at: dt.datetime) -> None:
    """One open telling a registration: the newest change takes the place of an untold one."""
    waiting: QuerySet[VisitorTelling] = VisitorTelling.objects.filter(
        registration__in=rows, told_at=None
    )
    waiting.update(reason=reason, since=at)
    known = set(waiting.values_list("registration_id", flat=True))
    VisitorTelling.objects.bulk_create(
        VisitorTelling(registration=row, reason=reason, since=at)
        for row in rows
        if row.pk not in known
    )


def visitor_told(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    since: dt.datetime,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> VisitorTelling:
    """Say that a visitor was told of the newest change, the one of ``since`` (a UTC moment).

    Raises NotVisible, NotPermitted, Stale when something changed again after the list was opened,
    DomainError ``wrong_state`` when there is nothing to tell (any more): a colleague called
    already.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        registration = session.registrations.filter(code=code).first()
        if registration is None:
            raise NotVisible
        telling = registration.tellings.filter(told_at=None).first()
        if telling is None:
            raise DomainError(_("This visitor has been told already."), code="wrong_state")
        if telling.since != since:
            raise Stale(_("Something changed again meanwhile. Read the new line and call again."))
        telling.told_at, telling.told_by_id = moment, access.actor_id
        telling.save(update_fields=["told_at", "told_by"])
        if telling.reason == TellReason.PLACE_FREE:
            registration.told_at = moment
            registration.save(update_fields=["told_at"])
        notes = Notes("receptions.registration.told", moment, access.user_id, quiet)
        notes.data = {"number": registration.queue_number, "about": telling.reason}
        keep(session, notes)
    return telling
