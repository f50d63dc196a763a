"""Files of a redacted copy: boxes on pictures of their pages, texts, and the files given out."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Access
from attachments.pages import PagesError, page_picture
from attachments.services import TooLarge, attachment_read
from attachments.shown import shown_as
from attachments.views import attachment_response
from common.errors import InvalidInput, NotVisible, Stale
from common.forms import PortalForm
from petitions import selectors
from petitions.enums import CopyState, FileDecision
from petitions.models import Case, Letter, RedactedFile
from petitions.policies import may_read_letters, may_redact
from petitions.selectors_redaction import file_of, letter_to_redact
from petitions.services import redaction as work
from petitions.services.redaction_reading import redaction_seen
from petitions.services.sealed import sealed_read
from petitions.staff.access import case_access
from petitions.staff.redaction import PhrasesForm, redaction_head, revision_of
from petitions.staff.redaction_pages import (
    PageView,
    box_named,
    box_of_numbers,
    drawing,
    numbers_of,
    point_of_click,
    ratios_of,
    view_of,
)
from petitions.staff.redaction_text import saved_words, spans_read, text_view
from petitions.validators import REASON_MAX


class BoxForm(PortalForm):
    """A rectangle in percent of the page, for whoever does not point."""

    left = forms.DecimalField(label=gettext_lazy("From the left (%)"), min_value=0, max_value=100)
    top = forms.DecimalField(label=gettext_lazy("From the top (%)"), min_value=0, max_value=100)
    width = forms.DecimalField(label=gettext_lazy("Width (%)"), min_value=0, max_value=100)
    height = forms.DecimalField(label=gettext_lazy("Height (%)"), min_value=0, max_value=100)


class LeaveForm(PortalForm):
    reason = forms.CharField(
        label=gettext_lazy("Why the file is left out"),
        help_text=gettext_lazy("Verifiers do not read this."),
        max_length=REASON_MAX,
    )


class PrepareForm(PortalForm):
    file = forms.FileField(
        label=gettext_lazy("Prepared copy"),
        help_text=gettext_lazy(
            "A picture, a PDF or a transcript as text; you can cover it here and it is written "
            "anew, without hidden data."
        ),
    )


FORMS: dict[str, type[PortalForm]] = {"box": BoxForm, "leave": LeaveForm, "prepare": PrepareForm}
PAGE_CHANGES = {"cover": "cover", "page_out": "leave", "page_back": "back"}


@require_http_methods(["GET", "POST"])
@never_cache
def redaction_file(request: HttpRequest, code: str, letter: str, public_id: str) -> HttpResponse:
    """One file: its pages or its text, and whether it is in the copy."""
    access = case_access(request)
    case, found = letter_to_redact(access, code, letter)
    desk = Desk(request, access, case, found, file_of(found, public_id))
    sealed_read(access=access, case=case)
    if request.method == "POST" and request.POST.get("do") == "text":
        return _text_changed(desk)
    return _changed(desk) if request.method == "POST" else _shown(desk)


@dataclass
class Desk:
    """Who works on which file; ``forms`` that were refused, by what they do. ``is_replaced``: the
    file was replaced, left out or put back since the form was opened; ``is_stale``: its text was
    saved by somebody else."""

    request: HttpRequest
    access: Access
    case: Case
    letter: Letter
    file: RedactedFile
    forms: dict[str, PortalForm] = field(default_factory=dict)
    is_replaced: bool = False
    is_stale: bool = False

    @cached_property
    def ratios(self) -> list[float]:
        return ratios_of(self.file)

    @property
    def view(self) -> PageView:
        return view_of(self.request, len(self.ratios))

    @property
    def status(self) -> int:
        if self.is_replaced or self.is_stale:
            return 409
        return 422 if self.forms else 200

    @property
    def names(self) -> dict[str, Any]:
        """The arguments that every service of a file takes."""
        return {
            "access": self.access,
            "code": self.case.code,
            "letter_code": self.letter.code,
            "public_id": self.file.attachment.public_id,
        }

    def refused(self, forms: dict[str, PortalForm]) -> "Desk":
        """The same with what was typed and what is wrong with it."""
        self.forms = forms
        return self

    def overtaken(self, forms: dict[str, PortalForm], **how: bool) -> "Desk":
        """With the file as somebody else left it, and what was typed."""
        file = file_of(self.letter, self.file.attachment.public_id)
        return Desk(self.request, self.access, self.case, self.letter, file, forms, **how)


def _shown(desk: Desk) -> HttpResponse:
    if shown_as(desk.file.source.content_type) == "text":
        return _text(desk)
    return _page(desk)


def _changed(desk: Desk) -> HttpResponse:
    """One change; a refused form is shown again with what was typed."""
    do = desk.request.POST.get("do", "corner")
    form = FORMS[do](desk.request.POST, desk.request.FILES) if do in FORMS else None
    forms = {do: form} if form else {}
    if form is not None and not form.is_valid():
        return _shown(desk.refused(forms))
    try:
        view = _do(desk, do, form)
    except Stale:
        return _shown(desk.overtaken(forms, is_replaced=True))
    except (InvalidInput, TooLarge) as error:
        return _shown(desk.refused(_refused(desk, do, form, error)))
    return redirect(_address(desk, view))


def _refused(
    desk: Desk, do: str, form: PortalForm | None, error: InvalidInput | TooLarge
) -> dict[str, PortalForm]:
    """The form with its error; two clicks are shown as the numbers that they are."""
    corner, point = desk.view.corner, point_of_click(desk.request)
    if form is None and corner is not None and point is not None:
        do, form = "box", BoxForm(numbers_of(corner, point))
    if form is None:
        texts = [str(text) for texts in error.fields.values() for text in texts]
        messages.error(desk.request, " ".join(texts) or str(error.message))
        return {}
    form.show_errors(error)
    return {do: form}


def _do(desk: Desk, do: str, form: PortalForm | None) -> PageView:
    """Returns where the page goes on."""
    view, names = desk.view, desk.names | {"source": desk.request.POST.get("source")}
    data = form.cleaned_data if form is not None else {}
    if do == "corner":
        return _corner(desk.request, names, view)
    if do == "box":
        work.redaction_box_add(**names, page=view.page, box=box_of_numbers(data))
    elif do == "remove":
        named = box_named(desk.request.POST.get("box", ""))
        work.redaction_box_remove(**names, page=view.page, box=named)
    elif do in PAGE_CHANGES:
        work.redaction_page_set(**names, page=view.page, what=PAGE_CHANGES[do])
    elif do == "leave":
        work.redaction_file_decide(**names, decision=FileDecision.LEFT_OUT, reason=data["reason"])
    elif do == "prepare":
        work.redaction_file_prepare(**names, stream=data["file"])
    elif do == "given":
        work.redaction_file_decide(**names, decision=FileDecision.GIVEN)
    else:
        raise NotVisible
    return view.without_corner()


def _corner(request: HttpRequest, names: dict[str, Any], view: PageView) -> PageView:
    """Two clicks on the picture are two opposite corners."""
    point = point_of_click(request)
    if point is None:
        messages.info(request, _("With the keyboard, use the fields with percents."))
        return view
    if view.corner is None:
        return view.at(point)
    work.redaction_box_add(**names, page=view.page, box=(*view.corner, *point))
    return view.without_corner()


def _address(desk: Desk, view: PageView) -> str:
    args = [desk.case.code, desk.letter.code, desk.file.attachment.public_id]
    return f"{reverse('cases:redaction_file', args=args)}?{view.query}#trang"


def _page(desk: Desk) -> HttpResponse:
    """The page with the picture, or only the choices where nothing can be shown."""
    file, view, pages = desk.file, desk.view, len(desk.ratios)
    context = _file_head(desk) | {
        "pages": pages,
        "view": view,
        "box_form": desk.forms.get("box") or BoxForm(),
        "boxes": [" ".join(map(str, box)) for box in file.boxes.get(str(view.page), [])],
        "is_left": view.page in file.left_pages,
    }
    context["is_open"] |= not pages
    if pages:
        args = [desk.case.code, desk.letter.code, file.attachment.public_id, view.page]
        picture = reverse("cases:redaction_page", args=args)
        context |= {
            "height": max(1, round(view.width * desk.ratios[view.page - 1])),
            "picture": f"{picture}?{view.query}&v={_state(file, view.page)}",
        }
    template = "petitions/staff/redaction/file.html"
    return render(desk.request, template, context, status=desk.status)


def _state(file: RedactedFile, page: int) -> str:
    """Changes the picture's address with its boxes, so that the old one is not shown again."""
    return f"{len(file.boxes.get(str(page), []))}-{int(page in file.left_pages)}"


def _file_head(desk: Desk) -> dict[str, Any]:
    title = _("File %(number)s") % {"number": desk.file.position}
    is_refused = "leave" in desk.forms or "prepare" in desk.forms
    reason = {"reason": desk.file.reason}
    return redaction_head(desk.case, desk.letter, title) | {
        "title": title,
        "file": desk.file,
        "is_replaced": desk.is_replaced,
        # Below the page: what was refused there stays in sight.
        "is_open": is_refused or desk.file.decision == FileDecision.LEFT_OUT,
        "leave_form": desk.forms.get("leave") or LeaveForm(initial=reason),
        "prepare_form": desk.forms.get("prepare") or PrepareForm(),
    }


def _text_changed(desk: Desk) -> HttpResponse:
    """The ticked places and the phrases are saved; what is refused stays ticked and typed."""
    form = PhrasesForm(desk.request.POST)
    forms: dict[str, PortalForm] = {"text": form}
    if not form.is_valid():
        return _shown(desk.refused(forms))
    try:
        saved = work.redaction_file_text_save(
            **desk.names,
            revision=revision_of(desk.request),
            spans=spans_read(desk.request.POST.getlist("place")).get("file", []),
            phrases=form.cleaned_data["phrases"],
        )
    except InvalidInput as error:
        form.show_errors(error)
        return _shown(desk.refused(forms))
    except Stale:
        return _shown(desk.overtaken(forms, is_stale=True))
    for words in saved_words(saved.places, saved.missed):
        messages.success(desk.request, words)
    args = [desk.case.code, desk.letter.code, desk.file.attachment.public_id]
    return redirect("cases:redaction_file", *args)


def _text(desk: Desk) -> HttpResponse:
    """A file without pages is covered as text, like the letter itself."""
    file = desk.file
    try:
        text = work.file_text(file)
    except InvalidInput as error:
        messages.warning(desk.request, str(error.message))
        return _page(desk)
    form = desk.forms.get("text")
    ticked = desk.request.POST.getlist("place") if form else None
    view = text_view("file", text, file.spans, ticked)
    if not file.decision and not form:
        view["places"] = [place | {"is_ticked": True} for place in view["places"]]
    context = _file_head(desk) | {
        "form": form or PhrasesForm(),
        "is_stale": desk.is_stale,
        "revision": file.copy.revision,
        "texts": [view],
    }
    template = "petitions/staff/redaction/file_text.html"
    return render(desk.request, template, context, status=desk.status)


@require_GET
@never_cache
def redaction_page(
    request: HttpRequest, code: str, letter: str, public_id: str, page: int
) -> HttpResponse:
    """The picture of a page with its boxes; ``xem=1``: black as verifiers will see it."""
    access = case_access(request)
    case, found = letter_to_redact(access, code, letter)
    file = file_of(found, public_id)
    if shown_as(file.source.content_type) != "pages":
        raise NotVisible
    sealed_read(access=access, case=case)
    view = view_of(request, page)
    boxes = file.boxes.get(str(page), [])
    draw = drawing(boxes, view, is_final="xem" in request.GET)
    source = file.source
    try:
        data = attachment_read(source)
        picture = page_picture(data, source.content_type, page, width=view.width, draw=draw)
    except PagesError:
        raise NotVisible from None
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@never_cache
def redacted_file(request: HttpRequest, code: str, public_id: str) -> FileResponse:
    """A file of a released copy, for whoever sees the case; of a withdrawn one only for whoever
    makes copies."""
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    file = (
        RedactedFile.objects.select_related("result", "copy__letter")
        .filter(copy__letter__case=case, result__public_id=public_id)
        .first()
    )
    if file is None or file.result is None:
        raise NotVisible
    if file.copy.state != CopyState.RELEASED and may_redact(access, case) is not None:
        raise NotVisible
    if may_read_letters(access, case) is not None:
        redaction_seen(access=access, case=case, copies=[file.copy])
    return attachment_response(file.result)
