"""What is asked of the overview; the query string is the state. Anything else is left out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm, TextField, choices_of
from communes.enums import UnitKind
from communes.models import Unit
from directives import validators as v
from directives.enums import Addressee, LikenessState
from directives.models import Directive, TaskGroup
from directives.selectors_late import LateFilter
from directives.selectors_likeness import LikenessFilter
from directives.selectors_overview import SORTS, Scope

Choices = list[tuple[str, Any]]
ALL = ("", _("All"))
MEASURES: Choices = [("done", _("Share done")), ("late", _("Share late"))]
SORTED: Choices = list(
    zip(
        SORTS,
        (_("Former district"), _("Most late first"), _("Least done first"), _("Name")),
        strict=True,
    )
)
KINDS: Choices = [ALL, (UnitKind.WARD, _("wards")), (UnitKind.COMMUNE, _("communes"))]
BY: Choices = [("group", _("Groups of tasks")), ("unit", _("Units"))]


def named(rows: Iterable[Directive]) -> Choices:
    return [ALL, *((row.slug, row.number) for row in rows)]


def group_choices(groups: Iterable[TaskGroup]) -> Choices:
    return [ALL, *((group.code, f"{group.number}. {group.title}") for group in groups)]


def month_choices(months: Iterable[dt.date]) -> Choices:
    """Months, the newest first, as ``2026-11``."""
    return [(f"{month:%Y-%m}", f"{month:%m/%Y}") for month in sorted(months, reverse=True)]


def month_read(text: str) -> dt.date | None:
    """The first day of a month chosen as ``2026-11``."""
    return dt.date.fromisoformat(f"{text}-01") if text else None


class AskedForm(PortalForm):
    """Choices from an address: a value that is none counts as not chosen."""

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ScopeForm(AskedForm):
    """Which part of the overview. The measure and the order are not part of the scope."""

    directive = forms.ChoiceField(label=_("Document"), required=False)
    group = forms.ChoiceField(label=_("Group of tasks"), required=False)
    addressee = forms.ChoiceField(
        label=_("Addressee"), required=False, choices=[ALL, *choices_of(Addressee.choices)]
    )
    district = forms.ChoiceField(label=_("Former district"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False, choices=KINDS)
    period = forms.ChoiceField(label=_("Reports of the month"), required=False)
    measure = forms.ChoiceField(label=_("Shade by"), required=False, choices=MEASURES)
    sort = forms.ChoiceField(label=_("Order of units"), required=False, choices=SORTED)

    def __init__(
        self,
        data: Any,
        *,
        directives: Sequence[Directive],
        groups: Sequence[TaskGroup],
        districts: Sequence[str],
        months: Iterable[dt.date],
    ) -> None:
        super().__init__(data)
        self.choose("directive", named(directives))
        self.choose("group", group_choices(groups))
        self.choose("district", [ALL, *((name, name) for name in districts)])
        self.choose("period", [("", _("as things stand now")), *month_choices(months)])

    def scope(self) -> Scope:
        asked = self.asked()
        return Scope(
            directive=asked["directive"],
            group=asked["group"] if asked["directive"] else "",
            addressee=asked["addressee"],
            district=asked["district"],
            kind=asked["kind"],
            period=month_read(asked["period"]),
        )


class LateFilterForm(AskedForm):
    q = forms.CharField(label=_("Unit name"), required=False, max_length=80)
    directive = forms.ChoiceField(label=_("Document"), required=False)
    addressee = forms.ChoiceField(
        label=_("Addressee"), required=False, choices=[ALL, *choices_of(Addressee.choices)]
    )
    body = forms.ChoiceField(label=_("Body in charge"), required=False)
    group = forms.ChoiceField(label=_("Group of tasks"), required=False)
    district = forms.ChoiceField(label=_("Former district"), required=False)
    unit_kind = forms.ChoiceField(label=_("Kind of unit"), required=False, choices=KINDS)

    def __init__(
        self,
        data: Any,
        *,
        directives: Sequence[Directive],
        groups: Sequence[TaskGroup],
        districts: Sequence[str],
        bodies: Sequence[Unit],
    ) -> None:
        super().__init__(data)
        self.choose("directive", named(directives))
        self.choose("group", group_choices(groups))
        self.choose("district", [ALL, *((name, name) for name in districts)])
        self.choose("body", [ALL, *((unit.code, unit.full_name) for unit in bodies)])

    def chosen(self, unit: str = "") -> LateFilter:
        return LateFilter(**self.asked(), unit=unit)


class LikenessFilterForm(AskedForm):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ALL, *choices_of(LikenessState.choices)]
    )
    directive = forms.ChoiceField(label=_("Document"), required=False)

    def __init__(self, data: Any, *, directives: Sequence[Directive]) -> None:
        super().__init__(data)
        self.choose("directive", named(directives))

    def chosen(self, unit: str = "") -> LikenessFilter:
        return LikenessFilter(**self.asked(), unit=unit)


class JustifyForm(PortalForm):
    """Why reports that read alike are as they should be."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = TextField(
        label=_("Why they read alike"),
        help_text=_("For example: the form was prescribed, or the units acted together."),
        max_length=v.REASON_MAX,
        rows=3,
    )


class CompareForm(AskedForm):
    """Months side by side: of the City or one unit, of all documents or one."""

    directive = forms.ChoiceField(label=_("Document"), required=False)
    unit = forms.ChoiceField(label=_("Unit name"), required=False)
    first = forms.ChoiceField(label=_("From month"), required=False)
    last = forms.ChoiceField(label=_("To month"), required=False)
    one = forms.ChoiceField(label=_("Compare month"), required=False)
    other = forms.ChoiceField(label=_("with month"), required=False)
    by = forms.ChoiceField(label=_("Compared by"), required=False, choices=BY)

    def __init__(
        self,
        data: Any,
        *,
        directives: Sequence[Directive],
        units: Sequence[Unit],
        months: Sequence[dt.date],
        sees_city: bool,
    ) -> None:
        super().__init__(data)
        self.choose("directive", named(directives))
        whole = [("", _("the whole City"))] if sees_city else []
        self.choose("unit", [*whole, *((unit.code, unit.full_name) for unit in units)])
        for name in ("first", "last", "one", "other"):
            self.choose(name, [("", _("usual")), *month_choices(months)])
