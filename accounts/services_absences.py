"""Recording absences, and ending them before their time."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.enums import AbsenceReason
from accounts.models import Absence, AccountEvent, Membership, User
from accounts.policies import can_record_absences_in, can_stand_in_by_own_word
from common.db import constraint_errors
from common.errors import Conflict, InvalidInput, NotVisible, Text
from common.history import NewEvent
from common.time import local_date, now

LONGEST = dt.timedelta(days=366)
_REFUSED: dict[str, Text] = {
    "absence_valid_range": gettext_lazy("The last day lies before the first."),
    "absence_reason_known": gettext_lazy("Choose one of the values of the list."),
    "absence_own_deputy": gettext_lazy("A person cannot stand in for themselves."),
    "absence_ended_within": gettext_lazy("This absence is over already."),
    "absence_once_at_a_time": gettext_lazy("An absence is already recorded for these days."),
}


@dataclass(frozen=True)
class AbsencePlan:
    """Absent between two local dates, both included. ``deputy``: a username, or "" for nobody."""

    from_on: dt.date
    to_on: dt.date
    reason: str
    deputy: str = ""


def absence_record(
    *, access: Access, plan: AbsencePlan, person: str = "", at: dt.datetime | None = None
) -> Absence:
    """Record that somebody is absent; ``person`` is a username, "" the caller.

    Raises NotVisible (no colleague whose absences the caller records), InvalidInput on
    ``from_on``, ``to_on``, ``reason`` or ``deputy``, Conflict when another absence of the person
    was recorded for these days in the meantime.
    """
    moment = at or now()
    on = local_date(moment)
    _check(plan, on)
    with _change():
        absent = _lock(_person_for(access, person, on))
        units = _units_of(absent.pk, on)
        _check_once(absent, plan)
        absence = Absence.objects.create(
            person=absent,
            from_on=plan.from_on,
            to_on=plan.to_on,
            reason=plan.reason,
            deputy=_deputy(access, absent, units, plan.deputy, on),
            recorded_by_id=access.actor_id,
            recorded_at=moment,
        )
        _note(access, absence, "recorded", moment)
    return absence


def absence_end(*, access: Access, public_id: UUID, at: dt.datetime | None = None) -> Absence:
    """The person is there again from the local date of ``at`` on, or does not go at all.

    Raises NotVisible, Conflict (over already).
    """
    moment = at or now()
    on = local_date(moment)
    with _change():
        absence = _absence_for(access, public_id, on)
        if absence.ended_on is not None or absence.to_on < on:
            raise Conflict(_REFUSED["absence_ended_within"])
        absence.ended_on = max(on, absence.from_on)
        absence.save(update_fields=["ended_on"])
        _note(access, absence, "cancelled" if on < absence.from_on else "ended", moment)
    return absence


@contextmanager
def _change() -> Iterator[None]:
    with constraint_errors(_REFUSED), transaction.atomic():
        yield


def _check(plan: AbsencePlan, on: dt.date) -> None:
    if plan.reason not in AbsenceReason.values:
        raise InvalidInput(fields={"reason": [_REFUSED["absence_reason_known"]]})
    if plan.to_on < plan.from_on:
        raise InvalidInput(fields={"to_on": [_REFUSED["absence_valid_range"]]})
    if plan.to_on < on:
        raise InvalidInput(fields={"to_on": [_("This day has passed already.")]})
    if plan.from_on > on + LONGEST:
        raise InvalidInput(fields={"from_on": [_("Record it at most one year ahead.")]})
    if plan.to_on - plan.from_on > LONGEST:
        raise InvalidInput(fields={"to_on": [_("An absence lasts at most one year.")]})


def _person_for(access: Access, username: str, on: dt.date) -> int:
    """The key of the caller or of a colleague whose absences the caller records."""
    found = User.objects.filter(is_active=True)
    wanted = {"username": username} if username else {"pk": access.actor_id}
    person = found.filter(**wanted).values_list("pk", flat=True).first()
    if person is None:
        raise NotVisible
    _permit(access, person, on)
    return person


def _permit(access: Access, person: int, on: dt.date) -> None:
    units = _units_of(person, on)
    is_own = person == access.actor_id
    if not units or not (is_own or can_record_absences_in(access, units)):
        raise NotVisible


def _absence_for(access: Access, public_id: UUID, on: dt.date) -> Absence:
    """An absence behind the lock on its person."""
    person = Absence.objects.filter(public_id=public_id).values_list("person", flat=True).first()
    if person is None:
        raise NotVisible
    _permit(access, person, on)
    _lock(person)
    return Absence.objects.get(public_id=public_id)


def _lock(person: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person)


def _units_of(person: int, on: dt.date) -> frozenset[int]:
    rows = Membership.objects.current(on).filter(user_id=person)
    return frozenset(rows.values_list("unit_id", flat=True))


def _check_once(absent: User, plan: AbsencePlan) -> None:
    known = Absence.objects.filter(person=absent).touching(plan.from_on, plan.to_on)
    other = known.order_by("from_on").first()
    if other is not None:
        words = {
            "first": date_format(other.from_on, "d/m/Y"),
            "last": date_format(other.last_on, "d/m/Y"),
        }
        text = _("An absence from %(first)s to %(last)s is already recorded: end it first.")
        raise InvalidInput(fields={"from_on": [text % words]})


def _deputy(
    access: Access, absent: User, units: frozenset[int], username: str, on: dt.date
) -> User | None:
    """The named deputy: a colleague with a position in every unit of the absent person."""
    if not username:
        return None
    deputy = User.objects.filter(username=username, is_active=True).first()
    if deputy is None or not units <= _units_of(deputy.pk, on):
        raise _no_deputy(_("Choose somebody with a position in the same unit."))
    if deputy == absent:
        raise _no_deputy(_REFUSED["absence_own_deputy"])
    is_own_word = deputy.pk == access.actor_id
    if is_own_word and not can_stand_in_by_own_word(access, units):
        raise _no_deputy(_("Only who decides in the unit may name the own person as deputy."))
    return deputy


def _no_deputy(text: Text) -> InvalidInput:
    return InvalidInput(fields={"deputy": [text]})


def _note(access: Access, absence: Absence, what: str, at: dt.datetime) -> None:
    """Into the history of the person; the reason stays out, it may be an illness."""
    data = {
        "absence": str(absence.public_id),
        "from": absence.from_on.isoformat(),
        "to": absence.to_on.isoformat(),
        "deputy": absence.deputy_id,
    }
    action = f"accounts.absence.{what}"
    AccountEvent.append(NewEvent(absence.person_id, action, data, access.actor_id, at))
