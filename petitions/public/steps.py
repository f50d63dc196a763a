"""The pages of the wizard in their order: what they ask, what they keep, when they are done."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from common.errors import Text
from communes.models import Unit
from communes.selectors import unit_get
from petitions import forms_public as forms
from petitions.enums import Kind
from petitions.public.visit import Visit
from petitions.receivers import takes_cases
from petitions.services.drafts import NAMED_KINDS, is_unnamed

Answers = dict[str, Any]
Uploads = MultiValueDict[str, Any]
CHECK = "kiem-tra"


class Page:
    """One question. ``names`` are the answers that its form keeps."""

    slug: ClassVar[str]
    title: ClassVar[Text]
    template: ClassVar[str] = "petitions/public/step.html"
    form_class: ClassVar[type[forms.AnswersForm]]
    names: ClassVar[tuple[str, ...]] = ()

    def applies(self, answers: Answers) -> bool:
        return True

    def stored(self, answers: Answers) -> Answers:
        """The kept answers as input of the form."""
        return {name: answers.get(name, "") for name in self.names}

    def form(
        self, visit: Visit, posted: QueryDict | None = None, files: Uploads | None = None
    ) -> Any:
        return self.form_class(
            posted, files, answers=visit.answers, initial=self.stored(visit.answers)
        )

    def is_done(self, answers: Answers) -> bool:
        """Whether the kept answers would pass the form today."""
        return self.form_class(self.stored(answers), answers=answers).is_valid()

    def changes(self, form: Any, visit: Visit) -> Answers:
        return {name: form.cleaned_data[name] for name in self.names}

    def heading(self, answers: Answers) -> Text:
        return self.title

    def get(self, visit: Visit) -> HttpResponse:
        return self.show(visit, self.form(visit))

    def post(self, visit: Visit) -> HttpResponse:
        form = self.form(visit, visit.request.POST, visit.request.FILES)
        if not form.is_valid():
            return self.show(visit, form)
        visit.keep(self.changes(form, visit))
        return self.onward(visit)

    def expired(self, visit: Visit) -> HttpResponse:
        """The form's token is too old: show it again with everything that was typed."""
        form = self.form(visit, visit.request.POST, visit.request.FILES)
        return self.show(visit, form, status=403, has_expired=True)

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        answers = visit.answers
        pages = [page for page in PAGES if page.applies(answers)]
        context = {
            "form": form,
            "page": self,
            "heading": self.heading(answers),
            "answers": answers,
            "back_href": self._back(visit, pages),
            "number": pages.index(self) + 1 if self in pages else 1,
            "total": len(pages) + 1,
            "is_sensitive": answers.get("kind") == Kind.DENUNCIATION,
            "has_draft": visit.draft is not None,
            "has_expired": False,
            "trouble": "",
            **extra,
        }
        return render(visit.request, self.template, context, status=status)

    def onward(self, visit: Visit) -> HttpResponse:
        """To the next question; after a change or a lost draft, to the first that is open."""
        jumps = visit.is_change or visit.is_new
        return visit.go(first_open_url(visit) if jumps else self._next(visit))

    def here(self, visit: Visit) -> str:
        """This page, still on the way from and to the check page."""
        return step_url(self.slug) + ("?sua=1" if visit.is_change else "")

    def _next(self, visit: Visit) -> str:
        later = PAGES[PAGES.index(self) + 1 :]
        page = next((p for p in later if p.applies(visit.answers)), None)
        return step_url(page.slug) if page else first_open_url(visit)

    def _back(self, visit: Visit, pages: "list[Page]") -> str:
        if visit.is_change:
            return step_url(CHECK)
        position = pages.index(self) if self in pages else 0
        return step_url(pages[position - 1].slug) if position else reverse("petitions:file_start")


class KindPage(Page):
    slug, title = "loai", _("What is it about?")
    form_class, names = forms.KindForm, ("kind",)

    def changes(self, form: Any, visit: Visit) -> Answers:
        """The form goes to its own address, which may name the unit that was looked at."""
        unit = unit_wished(visit.request)
        wish = {"wished_unit": unit.code} if unit else {}
        return super().changes(form, visit) | wish

    def post(self, visit: Visit) -> HttpResponse:
        """Where denunciations are not taken online, not even the choice is kept."""
        if settings.DENUNCIATION_MODE == "off":
            form = self.form(visit, visit.request.POST)
            if form.is_valid() and form.cleaned_data["kind"] == Kind.DENUNCIATION:
                return HttpResponseRedirect(paper_url(visit.request))
        return super().post(visit)


class ProtectionPage(Page):
    """Before a denunciation: what is hidden from whom, what it is in law, with a name or without.

    Where denunciations are not taken online, a draft of before leads to the letter to print.
    """

    slug, title = "bao-ve", _("Before you denounce")
    template = "petitions/public/protection.html"
    form_class = forms.NamingForm

    def applies(self, answers: Answers) -> bool:
        return answers.get("kind") == Kind.DENUNCIATION

    def is_done(self, answers: Answers) -> bool:
        return settings.DENUNCIATION_MODE != "off" and bool(answers.get("is_warned"))

    def stored(self, answers: Answers) -> Answers:
        return {"naming": forms.UNNAMED if is_unnamed(answers) else forms.NAMED}

    def changes(self, form: Any, visit: Visit) -> Answers:
        """Who gives no name leaves none behind: also what was typed before is forgotten."""
        if form.cleaned_data["naming"] == forms.UNNAMED:
            return {"is_warned": True, "is_unnamed": True, "petitioners": []}
        return {"is_warned": True, "is_unnamed": False}

    def get(self, visit: Visit) -> HttpResponse:
        if settings.DENUNCIATION_MODE == "off":
            return HttpResponseRedirect(paper_url(visit.request))
        return super().get(visit)

    def post(self, visit: Visit) -> HttpResponse:
        return self.get(visit) if settings.DENUNCIATION_MODE == "off" else super().post(visit)

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        mode = settings.DENUNCIATION_MODE
        return super().show(visit, form, status, mode=mode, **extra)


class UnitPage(Page):
    slug, title = "noi-nhan", _("Which unit should answer you?")
    template = "petitions/public/unit.html"
    form_class, names = forms.UnitForm, ("unit",)

    def form(
        self, visit: Visit, posted: QueryDict | None = None, files: Uploads | None = None
    ) -> forms.UnitForm:
        return forms.UnitForm(
            posted,
            answers=visit.answers,
            initial={"unit": visit.answers.get("unit") or visit.answers.get("wished_unit", "")},
            q=self.words(visit),
        )

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        return super().show(visit, form, status, q=self.words(visit), **extra)

    @staticmethod
    def words(visit: Visit) -> str:
        """What is searched for, in the address or carried along by the form."""
        return (visit.request.GET.get("q") or "").strip()[:80]


class FieldPage(Page):
    slug, title = "linh-vuc", _("Which subject comes closest?")
    form_class, names = forms.FieldForm, ("field",)


class ContentPage(Page):
    slug, title = "noi-dung", _("What happened, and what do you ask for?")
    form_class, names = forms.ContentForm, ("subject", "content", "request")


class RespondentPage(Page):
    slug, title = "ve-ai", _("Whom is it about?")
    form_class = forms.RespondentForm

    def applies(self, answers: Answers) -> bool:
        return answers.get("kind") in NAMED_KINDS

    def stored(self, answers: Answers) -> Answers:
        return dict(answers.get("respondent") or {})

    def changes(self, form: Any, visit: Visit) -> Answers:
        return {"respondent": dict(form.cleaned_data)}


PAGES: list[Page] = []


def step_url(slug: str) -> str:
    return reverse("petitions:file_step", args=[slug])


def paper_url(request: HttpRequest) -> str:
    """The letter to print, for the unit that was looked at before."""
    unit = unit_wished(request)
    return reverse("petitions:paper_form") + (f"?don-vi={unit.slug}" if unit else "")


def unit_wished(request: HttpRequest) -> Unit | None:
    """The unit of ``?don-vi=<slug>``, when petitions may be sent to it today."""
    slug = request.GET.get("don-vi", "")
    unit = unit_get(slug) if slug.isascii() and slug.isprintable() else None
    return unit if unit and unit.valid_to is None and takes_cases(unit) else None


def page_by_slug(slug: str) -> Page | None:
    return next((page for page in PAGES if page.slug == slug), None)


def first_open_url(visit: Visit) -> str:
    """The first question without a usable answer, or the check page."""
    answers = visit.answers
    open_pages = (p for p in PAGES if p.applies(answers) and not p.is_done(answers))
    page = next(open_pages, None)
    return step_url(page.slug if page else CHECK)
