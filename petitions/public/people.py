"""The page of the petitioners: one person a form, a list when there are several."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from petitions import forms_public as forms
from petitions.public.steps import Answers, Page, Uploads
from petitions.public.visit import Visit
from petitions.services.drafts import is_unnamed
from petitions.validators import PETITIONERS_MAX

Person = dict[str, Any]


class PeoplePage(Page):
    """``?nguoi=N`` asks for person N, counted from 1; without it the people are listed."""

    slug, title = "nguoi-gui", _("Who sends the petition?")
    template = "petitions/public/people.html"
    form_class = forms.PetitionerForm

    def applies(self, answers: Answers) -> bool:
        return not is_unnamed(answers)

    def is_done(self, answers: Answers) -> bool:
        people = answers.get("petitioners") or []
        named = len(people) == 1 or any(person.get("representative") for person in people)
        return (
            bool(people)
            and named
            and all(forms.PetitionerForm(person, answers=answers).is_valid() for person in people)
        )

    def get(self, visit: Visit) -> HttpResponse:
        number = self._number(visit)
        return self._list(visit) if number is None else self._person(visit, number)

    def post(self, visit: Visit) -> HttpResponse:
        posted = visit.request.POST
        if "remove" in posted:
            return self._remove(visit, posted["remove"])
        if "full_name" in posted:
            return self._save(visit)
        return self._choose(visit)

    def expired(self, visit: Visit) -> HttpResponse:
        if "full_name" not in visit.request.POST:
            return self._list(visit, status=403, has_expired=True)
        number = self._number(visit) or 1
        form = self._form(visit, number, visit.request.POST)
        return self.show(visit, form, status=403, has_expired=True, number_of_person=number)

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        context: dict[str, Any] = {"number_of_person": None, "people": _people(visit), **extra}
        number, count = context["number_of_person"], len(context["people"])
        context["may_add"] = count < PETITIONERS_MAX
        context["is_new_person"] = "added" in visit.request.POST or (number or 0) > count
        return super().show(visit, form, status, **context)

    def _number(self, visit: Visit) -> int | None:
        people = _people(visit)
        wanted = visit.request.GET.get("nguoi", "")
        if not people:
            return 1
        if not wanted.isdecimal() or len(wanted) > 3:
            return None
        return min(max(int(wanted), 1), len(people) + 1, PETITIONERS_MAX)

    def _form(
        self, visit: Visit, number: int, posted: QueryDict | None = None
    ) -> forms.PetitionerForm:
        people = _people(visit)
        initial = people[number - 1] if number <= len(people) else {}
        return forms.PetitionerForm(
            posted, answers=visit.answers, initial=initial, is_first=number == 1
        )

    def _person(self, visit: Visit, number: int) -> HttpResponse:
        return self.show(visit, self._form(visit, number), number_of_person=number)

    def _list(self, visit: Visit, form: Any = None, **extra: Any) -> HttpResponse:
        people = _people(visit)
        if form is None:
            chosen = [str(i) for i, person in enumerate(people) if person.get("representative")]
            initial = {"representatives": chosen}
            form = forms.RepresentativesForm(answers=visit.answers, initial=initial)
        return self.show(visit, form, **extra)

    def _save(self, visit: Visit) -> HttpResponse:
        number = self._number(visit) or 1
        form = self._form(visit, number, visit.request.POST)
        if not form.is_valid():
            return self.show(visit, form, number_of_person=number)
        typed = dict(form.cleaned_data)
        is_new = "added" in visit.request.POST
        visit.keep(lambda kept: {"petitioners": _with(_kept(kept), typed, number, is_new)})
        count = len(_people(visit))
        if "more" in visit.request.POST:
            return visit.go(self._url(visit, count + 1))
        return visit.go(self._url(visit)) if count > 1 else self.onward(visit)

    def _remove(self, visit: Visit, number: str) -> HttpResponse:
        people = _people(visit)
        if number.isdecimal() and 1 <= int(number[:4]) <= len(people):
            gone = people[int(number[:4]) - 1]
            visit.keep(lambda kept: {"petitioners": [p for p in _kept(kept) if p != gone]})
        return visit.go(self._url(visit))

    def _choose(self, visit: Visit) -> HttpResponse:
        """Continue from the list: several people need somebody who speaks for them."""
        people = _people(visit)
        if len(people) > 1:
            form = forms.RepresentativesForm(visit.request.POST, answers=visit.answers)
            if not form.is_valid():
                return self._list(visit, form)
            chosen = set(form.cleaned_data["representatives"])
            named = [person for index, person in enumerate(people) if str(index) in chosen]
            visit.keep(
                lambda kept: {
                    "petitioners": [p | {"representative": p in named} for p in _kept(kept)]
                }
            )
        return self.onward(visit) if people else visit.go(self._url(visit))

    def _url(self, visit: Visit, number: int | None = None) -> str:
        url = self.here(visit)
        if number is None:
            return url
        return f"{url}{'&' if '?' in url else '?'}nguoi={number}"

    def form(
        self, visit: Visit, posted: QueryDict | None = None, files: Uploads | None = None
    ) -> forms.PetitionerForm:
        return self._form(visit, 1, posted)


def _people(visit: Visit) -> list[Person]:
    return _kept(visit.answers)


def _kept(answers: Mapping[str, Any]) -> list[Person]:
    return [dict(person) for person in answers.get("petitioners") or []]


def _with(people: list[Person], typed: Person, number: int, is_new: bool) -> list[Person]:
    """``typed`` in its place. Somebody new never takes the place of a person whom another tab
    added meanwhile; a form that arrives twice adds one person."""
    if is_new and number <= len(people):
        if any(typed.items() <= person.items() for person in people):
            return people
        number = len(people) + 1
    if number > PETITIONERS_MAX:
        return people
    old = people[number - 1] if number <= len(people) else {}
    person = {**typed, "representative": bool(old.get("representative"))}
    return [*people[: number - 1], person, *people[number:]]
