"""Officers' pages: the papers of a case, one paper from draft to issue."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Access
from attachments.pages import PDF
from attachments.views import attachment_response, file_response
from common.errors import (
    DomainError,
    Fields,
    InvalidInput,
    NotPermitted,
    NotVisible,
    Stale,
)
from common.time import local_date, now
from common.ui import Crumb
from papers.blanks import blank_file, blanks_for
from papers.catalogue import KINDS, kind_title
from papers.content import Content
from papers.documents import paper_file
from papers.enums import UNISSUED, PaperState
from papers.facts import field_shown
from papers.forms import PaperForm, ReasonForm, VersionForm, initial_of
from papers.models import Paper
from papers.notation import blocks_of
from papers.policies import issuable, may_write
from papers.presenters import history_of, paper_lines, papers_head, refusals_of, steps_of, taken_by
from papers.references import step_that_took
from papers.selectors import (
    choices_for,
    correction_of,
    drafts_of,
    paper_events,
    paper_get,
    papers_known,
    signed_by,
)
from papers.services._step import content_faults
from papers.services.issuing import paper_again, paper_correct, paper_issue, paper_void
from papers.services.writing import (
    paper_discard,
    paper_draft,
    paper_edit,
    paper_read,
    paper_recall,
    paper_return,
    paper_submit,
)
from papers.word import WORD, paper_word, word_name
from petitions.models import Case
from petitions.selectors import case_get_for
from petitions.staff.access import case_access

# The last part of an address → form and service.
STEPS: dict[str, tuple[type[VersionForm], Callable[..., Paper]]] = {
    "trinh": (VersionForm, paper_submit),
    "tra-lai": (ReasonForm, paper_return),
    "rut-lai": (VersionForm, paper_recall),
    "ban-hanh": (VersionForm, paper_issue),
    "huy": (ReasonForm, paper_void),
    "bo": (VersionForm, paper_discard),
    "thay-the": (VersionForm, paper_correct),
    "soan-lai": (VersionForm, paper_again),
}
# Two forms with a reason stand on one page.
PREFIXES = {"tra-lai": "return", "huy": "void"}


@require_GET
@never_cache
def paper_list(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of a case and the kinds that can be written now."""
    access = case_access(request)
    case = case_get_for(access, code)
    choices = choices_for(access, case)
    context = papers_head(case) | {
        "rows": paper_lines(reversed(papers_known(case))),
        "blanks": blanks_for(case),
        "choices": [(one, kind_title(one.kind)) for one in choices if one.why_not is None],
        "refused": refusals_of(choices),
    }
    return render(request, "papers/staff/list.html", context)


@require_POST
@never_cache
def paper_new(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a paper of the chosen kind; where a draft of it exists this leads there, unless another
    one is asked for."""
    access = case_access(request)
    case = case_get_for(access, code)
    another, kind = request.POST.get("another", ""), request.POST.get("kind", "")
    draft = None if another else drafts_of(case).get(kind)
    if draft is not None:
        messages.info(request, _("There is this draft already; no second one was begun."))
        return redirect("papers_staff:paper", case.code, draft.public_id)
    paper = paper_draft(access=access, code=case.code, kind_code=another or kind)
    return redirect("papers_staff:edit", case.code, paper.public_id)


@require_GET
@never_cache
def paper_page(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponse:
    """A paper: its words, number and state, what can be done with it, its history."""
    access, case, paper = _found(request, code, public_id)
    content = paper_read(access=access, case=case, paper=paper)
    return _paper_page(request, access, case, paper, content)


def _paper_page(
    request: HttpRequest,
    access: Access,
    case: Case,
    paper: Paper,
    content: Content | None,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    kind = KINDS[paper.kind]
    title = kind_title(kind)
    version = {"version": paper.version}
    context = (
        papers_head(case, Crumb(title, ""))
        | _words(paper, content)
        | steps_of(access, case, paper)
        | {"lacking": _lacking(access, case, paper, content), "refused": ""}
        | {
            "title": title,
            "paper": paper,
            "kind": kind,
            "state": PaperState(paper.state).label,
            "correction": correction_of(paper),
            "signed_by": signed_by(paper),
            "ended": paper.state == PaperState.VOIDED,
            "not_issuable": issuable(case, paper) if paper.state in UNISSUED else None,
            "taken_by": taken_by(step_that_took(paper)),
            "history": history_of(paper_events(access, case, paper)),
            "return_form": ReasonForm(initial=version, prefix="return"),
            "void_form": ReasonForm(initial=version, prefix="void"),
        }
        | forms
    )
    return render(request, "papers/staff/paper.html", context, status=status)


def _words(paper: Paper, content: Content | None) -> dict[str, Any]:
    if content is None:
        return {"content": None, "returned": "", "pairs": [], "blocks": []}
    pairs = [
        (one.label, field_shown(one, content.fields.get(one.name, "")))
        for one in KINDS[paper.kind].fields
    ]
    return {
        "content": content,
        "returned": content.returned,
        "pairs": [(label, value) for label, value in pairs if value],
        "blocks": blocks_of(content.body),
    }


@require_http_methods(["GET", "POST"])
@never_cache
def paper_change(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponse:
    """Write a draft; the button "look" shows it set out below the form and saves nothing."""
    access, case, paper = _found(request, code, public_id)
    refusal = may_write(access, case, paper)
    if refusal is not None:
        raise NotPermitted(refusal)
    content = paper_read(access=access, case=case, paper=paper)
    is_late = request.method == "GET" and paper.state != PaperState.DRAFT
    if content is None or is_late:
        return redirect("papers_staff:paper", case.code, paper.public_id)
    kind = KINDS[paper.kind]
    form = PaperForm(
        kind,
        request.POST if request.method == "POST" else None,
        initial=initial_of(content, paper.version),
    )
    status, looked = 200, None
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            looked = form.content.cleaned()
        else:
            status = _saved(access, case, paper, form)
            if not status:
                messages.success(request, _("The draft is saved."))
                return redirect("papers_staff:paper", case.code, paper.public_id)
    return _edit_page(request, case, paper, form, looked, status)


def _saved(access: Access, case: Case, paper: Paper, form: PaperForm) -> int:
    """0 when it was saved, else the status of the page that shows why not."""
    try:
        paper_edit(
            access=access,
            code=case.code,
            public_id=paper.public_id,
            version=form.cleaned_data["version"],
            content=form.content,
        )
    except (InvalidInput, Stale) as error:
        form.show_errors(error)
        return 409 if isinstance(error, Stale) else 422
    return 0


def _edit_page(
    request: HttpRequest,
    case: Case,
    paper: Paper,
    form: PaperForm,
    looked: Content | None,
    status: int,
) -> HttpResponse:
    kind = KINDS[paper.kind]
    title = kind_title(kind)
    status = 422 if status == 200 and form.errors else status
    context = (
        papers_head(case, Crumb(title, ""))
        | _words(paper, looked)
        | {"title": title, "paper": paper, "kind": kind, "form": form}
    )
    return render(request, "papers/staff/edit.html", context, status=status)


@require_POST
@never_cache
def paper_step(request: HttpRequest, code: str, public_id: uuid.UUID, step: str) -> HttpResponse:
    """Submit, take back, return, issue, void, lay aside, put right or begin again; a refusal comes
    back to the page of the paper."""
    access, case, paper = _found(request, code, public_id)
    if step not in STEPS:
        raise NotVisible
    form_class, service = STEPS[step]
    prefix = PREFIXES.get(step)
    form = form_class(request.POST, prefix=prefix)
    if not form.is_valid():
        return _refused(request, access, case, paper, form, InvalidInput())
    try:
        done = service(
            access=access, code=case.code, public_id=paper.public_id, **form.cleaned_data
        )
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        return _refused(request, access, case, paper, form, error)
    messages.success(request, _done_words(step, done))
    return redirect("papers_staff:paper", case.code, done.public_id)


def _refused(
    request: HttpRequest,
    access: Access,
    case: Case,
    paper: Paper,
    form: VersionForm,
    error: DomainError,
) -> HttpResponse:
    """The page of the paper as it is now, with the reason in its form, or what is lacking above the
    steps."""
    status = 422 if isinstance(error, InvalidInput) else error.status
    paper = paper_get(case, paper.public_id)
    content = paper_read(access=access, case=case, paper=paper)
    shown: dict[str, Any] = {"refused": error.message}
    if form.prefix is not None:
        if form.is_valid():
            form.show_errors(error)
        above = "" if isinstance(error, InvalidInput) else error.message
        shown = {"refused": above, f"{form.prefix}_form": form}
    elif error.fields:
        told = _places(case, paper, error.fields)
        shown = {"refused": _("The paper is not finished."), "lacking": told}
    return _paper_page(request, access, case, paper, content, status, **shown)


def _lacking(
    access: Access, case: Case, paper: Paper, content: Content | None
) -> list[dict[str, str]]:
    """What a draft would be refused for if it were put before the head today."""
    if paper.state != PaperState.DRAFT or content is None:
        return []
    if may_write(access, case, paper) is not None:
        return []
    words = replace(content, returned="")
    faults = content_faults(access, case, paper, words, on=local_date(now()))
    return _places(case, paper, faults)


def _places(case: Case, paper: Paper, faults: Fields) -> list[dict[str, str]]:
    """What is lacking, under the labels of the editor and with the way to each field of it."""
    form = PaperForm(KINDS[paper.kind])
    editor = reverse("papers_staff:edit", args=[case.code, paper.public_id])
    return [
        {
            "label": str(form.fields[name].label),
            "text": " ".join(str(text) for text in texts),
            "href": f"{editor}#id_{name}",
        }
        for field, texts in faults.items()
        if (name := form.service_field(field)) is not None
    ]


def _done_words(step: str, paper: Paper) -> str:
    words = {
        "trinh": _("The paper lies before the head."),
        "rut-lai": _("The paper is a draft again."),
        "tra-lai": _("The paper is given back."),
        "ban-hanh": _("Issued as %(number)s.") % {"number": paper.shown_number},
        "huy": _("The paper is void."),
        "bo": _("The draft is laid aside."),
        "soan-lai": _("A draft with these words is begun."),
        "thay-the": _("The paper that puts it right is begun."),
    }
    return words[step]


@require_GET
@never_cache
def paper_download(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponseBase:
    """The PDF: as it was issued, or of a draft as it is now, marked as one."""
    case, paper, content = _opened(request, code, public_id)
    if paper.file is not None:
        return attachment_response(paper.file)
    return file_response(paper_file(paper, case, content), "du-thao.pdf", PDF)


@require_GET
@never_cache
def paper_download_word(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponseBase:
    """The words as a Word file to work on, draft or issued."""
    case, paper, content = _opened(request, code, public_id)
    return file_response(paper_word(paper, case, content), word_name(paper), WORD)


def _opened(request: HttpRequest, code: str, public_id: uuid.UUID) -> tuple[Case, Paper, Content]:
    """Case, paper and words; raises NotPermitted where they are sealed."""
    access, case, paper = _found(request, code, public_id)
    content = paper_read(access=access, case=case, paper=paper)
    if content is None:
        raise NotPermitted(_("Sealed like the letters of the case."))
    return case, paper, content


@require_GET
@never_cache
def blank_download(request: HttpRequest, code: str, blank: str) -> HttpResponseBase:
    """A paper that a citizen signs, with what the case says; made anew for every reader."""
    case = case_get_for(case_access(request), code)
    wanted = next((one for one in blanks_for(case) if one.code == blank), None)
    if wanted is None:
        raise NotVisible
    return file_response(blank_file(wanted, case), f"{wanted.code}.pdf", PDF)


def _found(request: HttpRequest, code: str, public_id: uuid.UUID) -> tuple[Access, Case, Paper]:
    access = case_access(request)
    case = case_get_for(access, code)
    return access, case, paper_get(case, public_id)
