"""Forms of those who plan: sessions and their changes."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.forms import PortalForm, TextField
from common.time import DATE_MAX, DATE_MIN, local_date
from communes.models import Unit
from receptions.enums import AdHocTrigger, SessionKind, SessionMode
from receptions.forms import CancelForm, TimesForm, VersionForm, is_day_off
from receptions.models import ReceptionSession
from receptions.posts import post_label
from receptions.present import clock_time
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
                (key, f"{user.full_name} – {post_label(unit, duty)}")
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


class StandInForm(CancelForm):
    """Who receives instead of whoever was announced, or received instead of whoever was
    recorded; ``session`` names whom nobody has to choose again."""

    received_by = forms.ChoiceField(
        label=gettext_lazy("Who receives instead"),
        help_text=gettext_lazy(
            "Anybody but the holder of the post stands in: recorded, and never counted for the"
            " minimum."
        ),
    )
    reason = TextField(
        label=gettext_lazy("Reason of the change"),
        help_text=gettext_lazy("Shown to the public; everybody registered is told."),
        max_length=REASON_MAX,
        rows=2,
    )
    field_order = ("received_by", "reason")

    def __init__(
        self, data: Any = None, *, session: ReceptionSession, people: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        others = [person for person in people if person.pk != session.leader_id]
        names = ((person.username, person.full_name) for person in others)
        self.choose("received_by", [("", _("Choose…")), *names])


class ReceiverForm(StandInForm):
    """The same, of a session that was held."""

    reason = TextField(
        label=gettext_lazy("Why it is put right"),
        help_text=gettext_lazy("Shown to the public; who stood there before stays in the history."),
        max_length=REASON_MAX,
        rows=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_by"].label = _("Who received")


class MissForm(CancelForm):
    """Why the leader did not receive."""

    reason = TextField(
        label=gettext_lazy("Why the leader did not receive"),
        help_text=gettext_lazy("Shown to the public."),
        max_length=REASON_MAX,
        rows=2,
    )


class MissUndoForm(CancelForm):
    """Why it was not so that the leader did not receive."""

    reason = TextField(
        label=gettext_lazy("Why this is taken back"),
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
