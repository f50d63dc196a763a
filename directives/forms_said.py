"""What is asked of the lists over reports and study sessions; the query string is the state."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from directives.forms_overview import ALL, AskedForm, month_choices, month_read, named
from directives.models import Directive, Task, TaskGroup
from directives.selectors_said import DIFFICULTIES, PROPOSALS, SaidFilter, StudyFilter


class SaidFilterForm(AskedForm):
    q = forms.CharField(label=_("Words looked for"), required=False, max_length=80)
    what = forms.ChoiceField(
        label=_("What was said"),
        required=False,
        choices=[ALL, (DIFFICULTIES, _("Difficulties")), (PROPOSALS, _("Proposals to the City"))],
    )
    directive = forms.ChoiceField(label=_("Document"), required=False)
    group = forms.ChoiceField(label=_("Group of tasks"), required=False)
    unit = forms.ChoiceField(label=_("Unit name"), required=False)
    month = forms.ChoiceField(label=_("Month of the report"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        directives: Sequence[Directive],
        groups: Sequence[TaskGroup],
        units: Sequence[Unit],
        months: Iterable[dt.date],
    ) -> None:
        super().__init__(data)
        self.choose("directive", named(directives))
        self.choose("group", [ALL, *((g.code, f"{g.number}. {g.title}") for g in groups)])
        self.choose("unit", [ALL, *((unit.code, unit.full_name) for unit in units)])
        self.choose("month", [ALL, *month_choices(months)])

    def chosen(self) -> SaidFilter:
        asked = self.asked()
        return SaidFilter(**asked | {"month": month_read(asked["month"])})


class StudyFilterForm(AskedForm):
    q = forms.CharField(label=_("Unit name"), required=False, max_length=80)
    task = forms.ChoiceField(label=_("Task"), required=False)
    held = forms.ChoiceField(
        label=_("Study sessions"),
        required=False,
        choices=[ALL, ("yes", _("held a session")), ("no", _("none yet"))],
    )

    def __init__(self, data: Any, *, tasks: Sequence[Task]) -> None:
        super().__init__(data)
        names = ((task.code, f"{task.group.number}.{task.position} {task.title}") for task in tasks)
        self.choose("task", [ALL, *names])

    def chosen(self) -> StudyFilter:
        return StudyFilter(**self.asked())
