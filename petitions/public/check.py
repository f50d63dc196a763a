"""Check the answers and send: one petition, however often the button is pressed."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotVisible, TooMany
from common.net import client_address
from common.ratelimit import limit
from common.ui import SummaryRow
from communes.models import Unit
from communes.selectors import unit_by_code
from petitions import forms_public as forms
from petitions.enums import Kind, RespondentPosition
from petitions.public.files import files_lost, files_of
from petitions.public.steps import CHECK, PAGES, Answers, Page, first_open_url, step_url
from petitions.public.visit import Visit
from petitions.receivers import receiver_of
from petitions.selectors_public import draft_open
from petitions.services.drafts import NAMED_KINDS, draft_send, is_unnamed


class CheckPage(Page):
    slug, title = CHECK, gettext_lazy("Check your answers")
    template = "petitions/public/check.html"
    form_class = forms.AnswersForm

    def get(self, visit: Visit) -> HttpResponse:
        url = first_open_url(visit)
        if url != step_url(CHECK):
            return visit.go(url)
        return self.show(visit, None, lost=files_lost(visit))

    def post(self, visit: Visit) -> HttpResponse:
        if visit.draft is None:
            return visit.go(reverse("petitions:file_start"))
        if first_open_url(visit) != step_url(CHECK):
            return visit.go(first_open_url(visit))
        lost = files_lost(visit)
        if lost:
            return self.show(visit, None, lost=lost)
        limit("file", client_address(visit.request))
        return self._send(visit, visit.draft.token)

    def expired(self, visit: Visit) -> HttpResponse:
        return self.show(visit, None, status=403, has_expired=True)

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        answers = visit.answers
        last = [page for page in PAGES if page.applies(answers)][-1]
        context = {
            "groups": summary(visit) if answers.get("kind") else [],
            "receiver": _receiver(answers),
            "is_denunciation": answers.get("kind") == Kind.DENUNCIATION,
            "is_unnamed": is_unnamed(answers),
            "mode": settings.DENUNCIATION_MODE,
            "lost": [],
            **extra,
            "back_href": step_url(last.slug),
            "total": len([page for page in PAGES if page.applies(answers)]) + 1,
        }
        context["number"] = context["total"]
        return super().show(visit, form, status, **context)

    def _send(self, visit: Visit, token: str) -> HttpResponse:
        try:
            draft_send(token=token)
        except NotVisible:
            return visit.go(reverse("petitions:file_start"))
        except TooMany:
            raise
        except InvalidInput as error:
            reasons = [str(text) for texts in error.fields.values() for text in texts]
            return self.show(visit, None, status=400, trouble=" ".join(reasons))
        except DomainError as error:
            return self.show(visit, None, status=error.status, trouble=str(error.message))
        visit.draft = draft_open(token)
        return visit.go(reverse("petitions:file_done"))


def summary(visit: Visit) -> list[tuple[str, list[SummaryRow]]]:
    """The answers by heading, each row with the way to change it."""
    answers = visit.answers
    groups = [(_("The petition"), _petition_rows(answers))]
    if answers["kind"] in NAMED_KINDS:
        is_denunciation = answers["kind"] == Kind.DENUNCIATION
        title = _("Whom you denounce") if is_denunciation else _("Whom it is about")
        groups.append((title, _respondent_rows(answers)))
    senders = [_unnamed_row()] if is_unnamed(answers) else _people_rows(answers)
    groups.append((_("Who sends it"), senders))
    names = "\n".join(file["name"] for file in files_of(visit)) or _("no files")
    groups.append((_("Photos and papers"), [SummaryRow(_("Files"), names, _change("tep"))]))
    return groups


def unit_name(code: str) -> str:
    unit = unit_by_code(code)
    return unit.full_name if unit else ""


def position_label(value: str) -> str:
    return capfirst(str(RespondentPosition(value).label)) if value else ""


def field_label(code: str) -> str:
    return dict(forms.field_choices()).get(code, "")


def _petition_rows(answers: Answers) -> list[SummaryRow]:
    content = _change("noi-dung")
    kind = str(dict(forms.KIND_CHOICES).get(answers["kind"], ""))
    return [
        SummaryRow(
            _("Kind"), f"{Kind(answers['kind']).label.capitalize()}: {kind}", _change("loai")
        ),
        SummaryRow(_("Sent to"), unit_name(answers["unit"]), _change("noi-nhan")),
        SummaryRow(_("Subject field"), field_label(answers["field"]), _change("linh-vuc")),
        SummaryRow(_("In one sentence"), answers["subject"], content),
        SummaryRow(_("What happened"), answers["content"], content),
        SummaryRow(_("What you ask for"), answers.get("request", ""), content),
    ]


def _respondent_rows(answers: Answers) -> list[SummaryRow]:
    about, href = answers["respondent"], _change("ve-ai")
    return [
        SummaryRow(_("Name"), about["name"], href),
        SummaryRow(_("Unit"), unit_name(about.get("unit", "")) or _("not said"), href),
        SummaryRow(_("Position"), position_label(about.get("position", "")) or _("not said"), href),
    ]


def _unnamed_row() -> SummaryRow:
    return SummaryRow(_("Name"), _("no name given"), _change("bao-ve"))


def _people_rows(answers: Answers) -> list[SummaryRow]:
    return [
        SummaryRow(
            person["full_name"],
            "\n".join(_person_lines(person)),
            f"{_change('nguoi-gui')}&nguoi={number}",
        )
        for number, person in enumerate(answers["petitioners"], start=1)
    ]


def _person_lines(person: dict[str, Any]) -> list[str]:
    labels = [
        ("address", "%s"),
        ("identity_number", _("Identity number: %s")),
        ("phone", _("Telephone: %s")),
        ("email", _("E-mail: %s")),
    ]
    lines = [words % person[name] for name, words in labels if person.get(name)]
    return [*lines, _("Speaks for all")] if person.get("representative") else lines


def _change(slug: str) -> str:
    return f"{step_url(slug)}?sua=1"


def _receiver(answers: Answers) -> Unit | None:
    """The body that takes the letter in, when it is not the addressed unit."""
    addressed = unit_by_code(answers.get("unit", ""))
    if addressed is None:
        return None
    about = (answers.get("respondent") or {}).get("unit") or ""
    found = receiver_of(answers.get("kind", ""), addressed, unit_by_code(about))
    return found if found != addressed else None
