"""What is typed about reforms of units and on the board. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField, choices_of
from common.text import fold
from communes.selectors import units_all
from continuity import validators as v
from continuity.enums import GapKind, ReformKind, Side
from continuity.models import UnitReform
from continuity.services import ReformPlan
from continuity.services.preview import Line

# What somebody may be in the new unit beside the same as before.
OTHER_POSTS = (Role.HANDLER, Role.CLERK)
ENDS = "end"


class ReformForm(PortalForm):
    """A decision on units as it stands on the paper."""

    kind = forms.ChoiceField(
        label=_("What is decided"),
        choices=choices_of(ReformKind.choices),
        widget=HintedRadioSelect(
            hints={
                ReformKind.MERGE: _("Several units become a new one, or one of them goes on."),
                ReformKind.SPLIT: _("A unit ends, several new ones take over."),
                ReformKind.RENAME: _("The unit goes on under another name."),
            }
        ),
    )
    number = TextField(label=_("Number and symbol of the decision"), max_length=v.NUMBER_MAX)
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DateInput)
    issuer = TextField(label=_("Issued by"), max_length=v.ISSUER_MAX)
    effective_on = forms.DateField(
        label=_("In force from"),
        help_text=_("The first day of the new order; at most one year back or ahead."),
        widget=DateInput,
    )
    sources = TextField(
        label=_("Units before, one a line"),
        help_text=_("Code or full name, for example 00004 or Phường Ba Đình."),
        rows=4,
        max_length=4000,
    )
    targets = TextField(
        label=_("Units afterwards, one a line"),
        help_text=_(
            "Code and full name, for example 00999 Phường Mới; of a unit that exists the code is"
            " enough. The first one keeps the files."
        ),
        rows=4,
        max_length=4000,
    )
    upload = forms.FileField(label=_("The decision as a file"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def service_field(self, name: str) -> str | None:
        """The field that shows what the service says of its own."""
        return super().service_field("upload" if name == "attachment" else name)

    def plan(self, attachment: str) -> ReformPlan:
        """The typed decision for the service."""
        data = self.cleaned_data
        return ReformPlan(
            kind=data["kind"],
            number=data["number"],
            decided_on=data["decided_on"],
            issuer=data["issuer"],
            effective_on=data["effective_on"],
            sources=[_code_of(line) for line in _lines(data["sources"])],
            targets=[_target(line) for line in _lines(data["targets"])],
            attachment=attachment,
        )


def reform_initial(reform: UnitReform) -> dict[str, Any]:
    """A reform as its form shows it."""
    rows = list(reform.units.all())
    names = ("kind", "number", "decided_on", "issuer", "effective_on", "version")
    return {name: getattr(reform, name) for name in names} | {
        side: "\n".join(f"{row.code} {row.full_name}" for row in rows if row.side == value)
        for side, value in (("sources", Side.FROM), ("targets", Side.TO))
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _code_of(line: str) -> str:
    """The code in front of a line, or that of the unit whose full name the line is."""
    first = line.split(maxsplit=1)[0]
    known = units_all()
    if any(unit.code == first for unit in known):
        return first
    words = fold(line)
    found = [unit.code for unit in known if fold(unit.full_name) == words and not unit.valid_to]
    return found[0] if len(found) == 1 else first


def _target(line: str) -> v.Target:
    code, _space, name = line.partition(" ")
    return v.Target(code, name.strip(" -–|,;:"))


class VersionForm(PortalForm):
    """A step on the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ApproveForm(VersionForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def fresh(self, digest: str) -> None:
        """Make the form that of the preview there is now, to be sent again on purpose."""
        typed: Any = self.data
        fresh = typed.copy()
        fresh["digest"] = digest
        self.data = fresh


class ReasonForm(VersionForm):
    reason = TextField(label=_("Reason"), rows=3, max_length=v.REASON_MAX)


class ChoicesForm(VersionForm):
    """Where every post goes and, after a split, which places belong to which unit."""

    def __init__(
        self, reform: UnitReform, lines: Sequence[Line], data: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"version": reform.version}, **kwargs)
        self.targets = [row for row in reform.units.all() if row.side == Side.TO]
        self.lines = list({line.key: line for line in lines}.values())
        self.posts = {f"p{number}": line.key for number, line in enumerate(self.lines)}
        for name, line in zip(self.posts, self.lines, strict=True):
            self.fields[name] = self._post(line)
        self.places = {f"t{n}": row.code for n, row in enumerate(self.targets)}
        if len(self.targets) < 2:
            self.places = {}
        said = reform.choices.get("places", {})
        for name, code in self.places.items():
            self.fields[name] = self._place(code, said.get(code, ""))

    def _post(self, line: Line) -> forms.ChoiceField:
        roles = dict.fromkeys((line.membership.role, line.post.role, *OTHER_POSTS))
        choices = [
            (f"{row.code}:{role}", f"{row.full_name}: {Role(role).label}")
            for row in self.targets
            for role in roles
            if role
        ]
        now = f"{line.post.unit}:{line.post.role}" if line.post.unit else ENDS
        label = f"{line.membership.user.full_name} ({line.membership.get_role_display()},"
        return forms.ChoiceField(
            label=f"{label} {line.membership.unit.full_name})",
            choices=[*choices, (ENDS, gettext("the post ends"))],
            initial=now,
        )

    def _place(self, code: str, words: str) -> TextField:
        name = next(row.full_name for row in self.targets if row.code == code)
        return TextField(
            label=gettext("Places of %(unit)s, one a line") % {"unit": name},
            help_text=_(
                "Open petitions that name one of them go there; others with their officer."
            ),
            rows=3,
            required=False,
            initial=words,
            max_length=4000,
        )

    def said_posts(self) -> dict[str, str]:
        """Where posts go, by the keys of the preview's lines; "" for one that ends."""
        data = self.cleaned_data
        return {k: data[n] if data[n] != ENDS else "" for n, k in self.posts.items()}

    def said_places(self) -> dict[str, str]:
        """Names of places, by the codes of the new units."""
        return {code: self.cleaned_data[name] for name, code in self.places.items()}


class BoardFilterForm(PortalForm):
    """Filters of the board; the query string is the state."""

    q = forms.CharField(label=_("Name of the unit"), required=False, max_length=120)
    kind = forms.ChoiceField(label=_("What is missing"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.choose("kind", [("", _("All")), *choices_of(GapKind.choices)])

    def chosen(self) -> tuple[str, str]:
        """Folded words and a kind; anything that is not a choice is left out."""
        self.is_valid()
        return fold(self.cleaned_data.get("q", "")), self.cleaned_data.get("kind", "")


class UrgeForm(PortalForm):
    """A row of the board, by unit, kind and key."""

    unit = forms.CharField(max_length=12)
    kind = forms.ChoiceField(choices=GapKind.choices)
    key = forms.CharField(max_length=120, required=False)
