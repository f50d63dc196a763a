"""What administrators set: ladders of the City's own, switches, the release of a stopped sweep."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import AccountEvent, User
from accounts.roles import Permission
from common.errors import Conflict, InvalidInput, NotVisible
from common.history import NewEvent
from common.text import clean
from common.time import local_moment, now, today
from communes.models import Unit
from escalation.enums import Anchor, LadderGroup, StepKind
from escalation.ladder import DEFAULTS, SHIPPED, Step, is_own_rule
from escalation.ladders import ladders_cache_clear, steps_pack, steps_unpack
from escalation.models import Ladder, LadderSwitch, SweepStop
from escalation.trials import ladder_trial

SWITCH_DAYS = 90
RELEASE = dt.timedelta(hours=24)
OFFSETS = range(-30, 91)


def keeper_check(access: Access) -> None:
    """Raises NotVisible for everybody but administrators."""
    if not access.has(Permission.REFERENCE_EDIT):
        raise NotVisible


@dataclass(frozen=True)
class LadderPlan:
    """A ladder as an administrator describes it: the steps of the shipped one with other days.

    ``days``: by the step's code; None leaves the step out, where no law asks for it.
    """

    name: str
    group: str
    kind: str
    field_code: str
    reason: str
    valid_from: dt.date
    days: Mapping[str, int | None]


def shipped_for(group: str, kind: str) -> tuple[Step, ...]:
    """The shipped steps that a ladder of a group and kind is made from."""
    code = DEFAULTS.get((group, kind)) or DEFAULTS[(group, "")]
    return SHIPPED[code]


def ladder_make(*, access: Access, plan: LadderPlan) -> Ladder:
    """Keep a draft and try it on the open limits; nothing follows from it yet.

    Raises NotVisible, InvalidInput naming the field or the step.
    """
    keeper_check(access)
    steps = _steps(plan)
    moment = now()
    with transaction.atomic():
        ladder = Ladder.objects.create(
            code=f"hn{moment:%y%m%d}{secrets.token_hex(4)}",
            name=clean(plan.name),
            group=plan.group,
            kind=plan.kind,
            field_code=plan.field_code,
            steps=steps_pack(steps),
            reason=clean(plan.reason),
            valid_from=plan.valid_from,
            made_by_id=access.actor_id,
            made_at=moment,
        )
        _try(ladder, moment)
        _record(access, "escalation.ladder.made", {"ladder": ladder.code})
    return ladder


def ladder_try(*, access: Access, public_id: UUID) -> Ladder:
    """Try a draft once more on the limits that are open now. Raises NotVisible, Conflict."""
    with transaction.atomic():
        ladder = _draft(access, public_id)
        _try(ladder, now())
    return ladder


def ladder_confirm(*, access: Access, public_id: UUID) -> Ladder:
    """Let a tried ladder hold for limits that start on or after its first day.

    Raises NotVisible, Conflict (confirmed already), InvalidInput when the first day has come: a
    limit keeps the ladder that it was started with.
    """
    with transaction.atomic():
        ladder = _draft(access, public_id)
        _day_ahead(ladder.valid_from)
        ladder.confirmed_by_id, ladder.confirmed_at = access.actor_id, now()
        ladder.save(update_fields=["confirmed_by", "confirmed_at"])
        data = {"ladder": ladder.code, "from": ladder.valid_from.isoformat()}
        _record(access, "escalation.ladder.confirmed", data)
        transaction.on_commit(ladders_cache_clear)
    return ladder


def ladder_end(*, access: Access, public_id: UUID) -> None:
    """End a ladder with this day (Hà Nội date): running limits keep it. A draft, and what has not
    begun, is thrown away. Raises NotVisible.
    """
    keeper_check(access)
    with transaction.atomic():
        ladder = _locked(public_id)
        if ladder.confirmed_at is None or ladder.valid_from > today():
            # It held for no limit.
            ladder.delete()
        elif ladder.valid_to is None:
            ladder.valid_to = today()
            ladder.save(update_fields=["valid_to"])
        _record(access, "escalation.ladder.ended", {"ladder": ladder.code})
        transaction.on_commit(ladders_cache_clear)


def switch_off(
    *,
    access: Access,
    unit: Unit | None,
    ladder: str,
    reason: str,
    until: dt.date,
) -> LadderSwitch:
    """Let the ladder rest for a unit, a ladder or both, up to the end of a Hà Nội date.

    What falls due meanwhile comes afterwards. Raises NotVisible, InvalidInput on ``unit``,
    ``reason`` or ``until`` (from today, 90 days at most).
    """
    keeper_check(access)
    moment = now()
    _switch_check(unit, ladder, reason, until)
    with transaction.atomic():
        switch = LadderSwitch.objects.create(
            unit=unit,
            ladder=ladder,
            reason=clean(reason),
            from_at=moment,
            until_at=_end_of(until),
            made_by_id=access.actor_id,
            made_at=moment,
        )
        data = {"unit": unit.code if unit else "", "ladder": ladder, "until": until.isoformat()}
        _record(access, "escalation.switch.off", data)
    return switch


def switch_end(*, access: Access, public_id: UUID) -> None:
    """Switch on again now; what fell due meanwhile is taken by the next run. Raises NotVisible,
    Conflict when it is over already."""
    keeper_check(access)
    moment = now()
    with transaction.atomic():
        rows = LadderSwitch.objects.filter(public_id=public_id)
        if not rows.exists():
            raise NotVisible
        done = rows.filter(until_at__gt=moment).update(until_at=moment, ended_by_id=access.actor_id)
        if not done:
            raise Conflict(_("It is switched on again already."))
        _record(access, "escalation.switch.on", {"switch": str(public_id)})


def stop_confirm(*, access: Access, public_id: UUID, note: str) -> SweepStop:
    """Let the sweep go on for a day where it stopped. Raises NotVisible, Conflict (confirmed
    already), InvalidInput on ``note``."""
    keeper_check(access)
    text, moment = clean(note), now()
    if not text:
        raise InvalidInput(fields={"note": [_("Say why it may go on.")]})
    with transaction.atomic():
        stop = SweepStop.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
        if stop is None:
            raise NotVisible
        if stop.confirmed_at is not None:
            raise Conflict(_("It goes on already."))
        stop.confirmed_by_id, stop.confirmed_at = access.actor_id, moment
        stop.released_until, stop.note = moment + RELEASE, text[:300]
        stop.save()
        _record(access, "escalation.stop.confirmed", {"stop": str(public_id), "due": stop.due})
    return stop


def _steps(plan: LadderPlan) -> tuple[Step, ...]:
    if plan.group not in LadderGroup.values:
        raise InvalidInput(fields={"group": [_("Choose one.")]})
    errors: dict[str, list[str]] = {
        name: [_("Fill this in.")] for name in ("name", "reason") if not clean(getattr(plan, name))
    }
    if plan.valid_from <= today():
        errors["valid_from"] = [_from_tomorrow()]
    steps: list[Step] = []
    for step in shipped_for(plan.group, plan.kind):
        days = plan.days.get(step.code, step.offset)
        if wrong := _step_wrong(step, days, steps):
            errors[f"days_{step.code}"] = [wrong]
        elif days is not None:
            steps.append(step._replace(offset=days))
    if errors:
        raise InvalidInput(fields=errors)
    return tuple(steps)


def _step_wrong(step: Step, days: int | None, before: list[Step]) -> str:
    if days is None:
        return (
            ""
            if is_own_rule(step) and step.code != "breach"
            else _("This step is asked for by law and cannot be left out.")
        )
    if days not in OFFSETS:
        return _("From 30 days before to 90 days after.")
    if step.code == "breach" and days != 0:
        return _("The limit passes when it passes: 0.")
    if step.anchor is Anchor.START and days != step.offset and step.kind is StepKind.ESCALATION:
        return _("The law gives this number of days.")
    earlier = [s.offset for s in before if s.anchor is step.anchor]
    if earlier and days < earlier[-1]:
        return _("A step cannot come before the one below it.")
    is_reminder = step.kind is StepKind.REMINDER and step.anchor is Anchor.DUE
    if is_reminder and days >= 0:
        return _("A reminder comes before the limit: less than 0.")
    return ""


def _from_tomorrow() -> str:
    return _("From tomorrow on: a limit keeps the ladder that it was started with.")


def _day_ahead(day: dt.date) -> None:
    if day <= today():
        raise InvalidInput(fields={"valid_from": [_from_tomorrow()]})


def _try(ladder: Ladder, at: dt.datetime) -> None:
    ladder.tried = ladder_trial(
        steps_unpack(ladder.steps),
        group=ladder.group,
        kind=ladder.kind,
        field_code=ladder.field_code,
        at=at,
    )
    ladder.tried_at = at
    ladder.save(update_fields=["tried", "tried_at"])


def _draft(access: Access, public_id: UUID) -> Ladder:
    keeper_check(access)
    ladder = _locked(public_id)
    if ladder.confirmed_at is not None or ladder.valid_to is not None:
        raise Conflict(_("It is confirmed or ended already; a change is a new ladder."))
    return ladder


def _locked(public_id: UUID) -> Ladder:
    ladder = Ladder.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if ladder is None:
        raise NotVisible
    return ladder


def _switch_check(unit: Unit | None, ladder: str, reason: str, until: dt.date) -> None:
    errors: dict[str, list[str]] = {}
    if unit is None and not ladder:
        errors["unit"] = [_("Choose a unit, a ladder or both.")]
    if not clean(reason):
        errors["reason"] = [_("Say why.")]
    if not today() <= until <= today() + dt.timedelta(days=SWITCH_DAYS):
        errors["until"] = [_("From today, 90 days at most.")]
    if errors:
        raise InvalidInput(fields=errors)


def _end_of(day: dt.date) -> dt.datetime:
    return local_moment(day + dt.timedelta(days=1))


def _record(access: Access, action: str, data: Mapping[str, object]) -> None:
    """What administrators do stands in the history of their account."""
    User.objects.select_for_update(no_key=True).get(pk=access.actor_id)
    AccountEvent.append(NewEvent(access.actor_id, action, dict(data), access.actor_id))
