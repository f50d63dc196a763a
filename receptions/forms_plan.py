"""Forms of those who plan: sessions, their changes, patterns."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.forms import DateInput, PortalForm, TextField
from common.time import DATE_MAX, DATE_MIN, local_date, today
from communes.models import Unit
from receptions.enums import AdHocTrigger, SessionKind, SessionMode, post_label
from receptions.forms import CancelForm, TimeInput, TimesForm, VersionForm, is_day_off
from receptions.models import ReceptionSession, SessionPattern
from receptions.present import clock_time
from receptions.services.patterns import DAYS_MAX, PATTERN_KINDS, PatternPlan
from receptions.services.sessions import (
    CAPACITY_MAX,
    CONTENT_MAX,
    INVITED_MAX,
    INVITED_NAME_MAX,
    LINK_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    REASON_MAX,
    SLOT_MINUTES,
    SessionPlan,
)

Duties = list[tuple[User, str]]
KINDS = (
    SessionKind.PERIODIC,
    SessionKind.AD_HOC,
    SessionKind.DIALOGUE,
    SessionKind.CONTACT,
    SessionKind.REGULAR,
)
DATE = [MinValueValidator(DATE_MIN), MaxValueValidator(DATE_MAX)]


class PlaceFields(PortalForm):
    """Where, for how many, with whom, about what: alike for sessions, changes and patterns."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Where visitors are received"),
        choices=SessionMode.choices,
        initial=SessionMode.PLACE,
        required=False,
    )
    place = TextField(label=gettext_lazy("Place"), max_length=PLACE_MAX)
    capacity = forms.IntegerField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("A group takes one place."),
        min_value=1,
        max_value=CAPACITY_MAX,
        initial=10,
    )
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes a visit"),
        help_text=gettext_lazy("Each visitor gets a time. Empty: visitors wait for their number."),
        required=False,
        min_value=SLOT_MINUTES[0],
        max_value=SLOT_MINUTES[1],
    )
    participants = TextField(
        label=gettext_lazy("Who takes part"),
        help_text=gettext_lazy("Offices and posts beside the leader; public (Article 24(2))."),
        required=False,
        rows=2,
        max_length=PARTICIPANTS_MAX,
    )
    planned_content = TextField(
        label=gettext_lazy("Planned content"),
        help_text=gettext_lazy("Public, together with the place and the time (Article 24(2))."),
        rows=3,
        max_length=CONTENT_MAX,
    )

    def clean_mode(self) -> str:
        """At the place unless somebody says otherwise."""
        return self.cleaned_data["mode"] or SessionMode.PLACE.value


class InvitedFields(PortalForm):
    """Whom a contact with the Front and organisations is with."""

    invited = TextField(
        label=gettext_lazy("Who is invited"),
        help_text=gettext_lazy(
            "Only for a contact with the Front and organisations (Decision 2200-QĐ/TU): one"
            " organisation a line; public. Nobody registers for it."
        ),
        required=False,
        rows=3,
        max_length=INVITED_MAX * INVITED_NAME_MAX,
    )

    def clean_invited(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["invited"].splitlines() if line.strip()]


class LinkFields(PlaceFields, InvitedFields):
    meeting_link = TextField(
        label=gettext_lazy("Meeting link"),
        help_text=gettext_lazy(
            "In the City's own video system; shown only to those who come. Needed before"
            " publication."
        ),
        required=False,
        max_length=LINK_MAX,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )


class PlanForm(TimesForm, LinkFields):
    """A reception session as its planner fills it in."""

    duty = forms.ChoiceField(label=gettext_lazy("Who receives"))
    delegate = forms.ChoiceField(
        label=gettext_lazy("Stand-in"),
        help_text=gettext_lazy(
            "A day held by somebody else is recorded but never counts for the minimum."
        ),
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of reception"),
        initial=SessionKind.PERIODIC,
        choices=[(kind, kind.label) for kind in KINDS],
    )
    trigger = forms.ChoiceField(
        label=gettext_lazy("What asks for an ad hoc reception"),
        help_text=gettext_lazy("For ad hoc receptions only."),
        choices=[("", gettext_lazy("no ad hoc reception")), *AdHocTrigger.choices],
        required=False,
    )
    on_day_off = forms.BooleanField(label=gettext_lazy("This day off is meant"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = (
        "duty", "delegate", "kind", "trigger", "invited", "day", "on_day_off", "starts", "ends", "mode",
        "place", "meeting_link", "capacity", "slot_minutes",
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        *,
        duties: Duties,
        people: list[User],
        unit: Unit,
        by: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"place": place_of(unit)} | (initial or {}))
        self.duties = {f"{user.username}:{duty}": (user, duty) for user, duty in duties}
        mine = next((key for key in self.duties if key.startswith(f"{by}:")), None)
        self.initial.setdefault("duty", mine)
        self.people = {user.username: user for user in people}
        self.choose(
            "duty",
            [
                (key, f"{user.full_name} – {post_label(duty, unit.code, unit.kind)}")
                for key, (user, duty) in self.duties.items()
            ],
        )
        names = [(key, user.full_name) for key, user in self.people.items()]
        self.choose("delegate", [("", _("nobody, the leader receives in person")), *names])
        if not self._is_day_off():
            del self.fields["on_day_off"]

    def _is_day_off(self) -> bool:
        """Whether the day that was typed must be confirmed; asked only then."""
        return is_day_off(self.data.get("day", ""))

    def plan(self) -> SessionPlan:
        """The session that was typed."""
        data = self.cleaned_data
        leader, duty = self.duties[data["duty"]]
        stand_in = self.people.get(data["delegate"])
        starts_at, ends_at = self.moments()
        names = (
            "kind", "trigger", "mode", "place", "meeting_link", "capacity", "slot_minutes",
            "planned_content", "participants", "invited",
        )  # fmt: skip
        return SessionPlan(
            leader=stand_in or leader,
            duty_holder=duty,
            starts_at=starts_at,
            ends_at=ends_at,
            is_delegated=stand_in is not None and stand_in != leader,
            on_day_off=data.get("on_day_off", False),
            **{name: data[name] for name in names},
        )


def place_of(unit: Unit) -> str:
    """Where a unit receives unless somebody says otherwise."""
    named = _("Citizens' reception place of %(unit)s") % {"unit": unit.full_name}
    return (unit.address or named)[:PLACE_MAX]


def plan_initial(session: ReceptionSession, duties: Duties) -> dict[str, Any]:
    """A draft as the form shows it; a stand-in stands beside whoever holds the duty."""
    names = (
        "kind", "trigger", "mode", "place", "meeting_link", "capacity", "slot_minutes",
        "planned_content", "participants", "version",
    )  # fmt: skip
    keys = [f"{user.username}:{duty}" for user, duty in duties if duty == session.duty_holder]
    own = f"{session.leader.username}:{session.duty_holder}"
    return {name: getattr(session, name) for name in names} | {
        "duty": next(iter(keys), own) if session.is_delegated else own,
        "delegate": session.leader.username if session.is_delegated else "",
        "invited": "\n".join(session.invited),
        "day": local_date(session.starts_at),
        "starts": clock_time(session.starts_at),
        "ends": clock_time(session.ends_at),
    }


class ChangeForm(LinkFields):
    """What may change on a published session, with the reason that everybody reads."""

    reason = TextField(
        label=gettext_lazy("Reason of the change"),
        help_text=gettext_lazy("Shown to the public; everybody registered is told."),
        max_length=REASON_MAX,
        rows=2,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("mode", "place", "meeting_link", "capacity", "slot_minutes")

    def __init__(self, data: Any, *, session: ReceptionSession, initial: dict[str, Any]) -> None:
        invited = {"invited": "\n".join(session.invited)}
        super().__init__(data, initial=initial | invited)
        if not session.is_by_invitation:
            del self.fields["invited"]


class HoldForm(VersionForm):
    """Who received. Nobody is proposed to anybody but the planned leader: a day of a stand-in must
    not be taken for the leader's own by pressing a button."""

    received_by = forms.ChoiceField(
        label=gettext_lazy("Who received"),
        help_text=gettext_lazy(
            "Anybody but the holder of the post stood in: recorded, and never counted for the"
            " minimum."
        ),
    )

    def __init__(self, data: Any = None, *, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = ((person.username, person.full_name) for person in people)
        self.choose("received_by", [("", _("Choose…")), *names])


class MissForm(CancelForm):
    """Why the leader did not receive."""

    reason = TextField(
        label=gettext_lazy("Why the leader did not receive"),
        help_text=gettext_lazy("Shown to the public."),
        max_length=REASON_MAX,
        rows=2,
    )


class VisitorsMoveForm(VersionForm):
    """To which session those registered are moved."""

    to = forms.TypedChoiceField(label=gettext_lazy("To the session"), coerce=uuid.UUID)

    def __init__(self, data: Any = None, *, sessions: Sequence[ReceptionSession], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.choose("to", [(str(one.public_id), _session_words(one)) for one in sessions])


def _session_words(session: ReceptionSession) -> str:
    day = f"{local_date(session.starts_at):%d/%m/%Y} {clock_time(session.starts_at)}"
    free = session.capacity - session.places_taken
    values = {"day": day, "leader": session.leader.full_name, "free": free}
    return _("%(day)s, %(leader)s, %(free)s places free") % values


class SuccessorForm(VersionForm):
    """Which unit follows one that is no more, and where it receives."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit that follows"))
    place = TextField(label=gettext_lazy("Place"), max_length=PLACE_MAX)

    def __init__(self, data: Any = None, *, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.choose("unit", [("", _("Choose…")), *((one.code, one.full_name) for one in units)])


class PublishForm(PortalForm):
    """Several drafts at once; the reason is kept with those that need one."""

    reason = TextField(
        label=gettext_lazy("Reason for late and ad hoc sessions"),
        help_text=gettext_lazy("Shown to the public with those that need one."),
        required=False,
        max_length=REASON_MAX,
        rows=2,
    )


class PatternForm(PlaceFields):
    """How reception days recur."""

    duty_holder = forms.ChoiceField(label=gettext_lazy("Who receives"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of reception"),
        choices=[(kind, kind.label) for kind in PATTERN_KINDS],
    )
    days = forms.CharField(
        label=gettext_lazy("Days of the month"),
        help_text=gettext_lazy(
            "Such as 10, 25. A month without such a day takes its last day; a day off moves to the"
            " next working day."
        ),
        required=False,
        max_length=60,
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Or a weekday"),
        help_text=gettext_lazy("Of every week."),
        required=False,
        coerce=int,
        empty_value=None,
    )
    starts = forms.TimeField(label=gettext_lazy("Begins at"), widget=TimeInput, initial=dt.time(8))
    ends = forms.TimeField(label=gettext_lazy("Ends at"), widget=TimeInput, initial=dt.time(11, 30))
    valid_from = forms.DateField(
        label=gettext_lazy("From the day"), widget=DateInput, validators=DATE
    )
    valid_to = forms.DateField(
        label=gettext_lazy("To the day"),
        help_text=gettext_lazy("Empty: until it is ended."),
        widget=DateInput,
        validators=DATE,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = (
        "duty_holder", "kind", "days", "weekday", "starts", "ends", "valid_from", "valid_to",
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        *,
        duties: Sequence[str],
        unit: Unit,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose(
            "duty_holder", [(duty, post_label(duty, unit.code, unit.kind)) for duty in duties]
        )
        names = [(str(number), name) for number, name in WEEKDAYS.items()]
        self.choose("weekday", [("", _("no weekday")), *names])

    def clean_days(self) -> list[int]:
        """Numbers with commas, semicolons or spaces between."""
        words = self.cleaned_data["days"].replace(",", " ").replace(";", " ").split()
        if any(not (word.isascii() and word.isdigit()) for word in words) or len(words) > DAYS_MAX:
            message = _("Give days of the month from 1 to 31, such as 10, 25.")
            raise forms.ValidationError(message)
        return [int(word) for word in words]

    def plan(self) -> PatternPlan:
        """The pattern that was typed."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return PatternPlan(**data)


def pattern_initial(pattern: SessionPattern) -> dict[str, Any]:
    """A pattern as its form shows it."""
    names = [name for name in PatternForm.base_fields if name != "days"]
    values = {name: getattr(pattern, name) for name in names}
    weekday = "" if pattern.weekday is None else str(pattern.weekday)
    return values | {"days": ", ".join(map(str, pattern.days)), "weekday": weekday}


class PatternEndForm(VersionForm):
    """The last day that a pattern may name."""

    last_on = forms.DateField(
        label=gettext_lazy("Last day of the pattern"), widget=DateInput, validators=DATE
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"last_on": today()} | initial, auto_id="end_%s")

    def service_field(self, name: str) -> str | None:
        return "last_on" if name == "valid_to" else None
