"""Officers make the redacted copy of a denunciation: overview, texts, release."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access
from attachments.shown import shown_as
from common.errors import InvalidInput, NotVisible, Stale
from common.forms import PortalForm, TextField
from common.ui import Crumb
from petitions.enums import CopyState, FileDecision
from petitions.models import Case, Letter, RedactedCopy, RedactedFile
from petitions.redaction_rules import covered
from petitions.selectors_redaction import (
    copies_of,
    draft_of,
    files_of,
    fingerprint,
    letter_to_redact,
    names_denouncer,
    originals_of,
    texts_covered,
)
from petitions.services.redaction import file_text, redaction_start, redaction_text_save
from petitions.services.redaction_release import redaction_release, redaction_withdraw
from petitions.services.sealed import sealed_read
from petitions.staff import present
from petitions.staff.access import case_access
from petitions.staff.redaction_pages import WIDTHS, sheets
from petitions.staff.redaction_text import FIELDS, saved_words, spans_read, text_view

REVISION_MAX = 10  # digits
SHEET_WIDTH = WIDTHS[1]


class PhrasesForm(PortalForm):
    """What else is to be covered, beside the ticked places."""

    phrases = TextField(
        label=gettext_lazy("Cover this too"),
        help_text=gettext_lazy(
            "One word or phrase a line, for instance the name of the denouncer and of the family. "
            "Every occurrence is covered; accents and capitals do not matter."
        ),
        required=False,
        rows=4,
        max_length=5_000,
    )


class ReleaseForm(PortalForm):
    """The last look before others read the copy."""

    words = TextField(
        label=gettext_lazy("Words that may stand nowhere in the copy"),
        help_text=gettext_lazy(
            "Name, phone, address of the denouncer, one a line. They are looked for in all texts "
            "of the copy and are not kept."
        ),
        rows=4,
        max_length=5_000,
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy(
            "I have read the covered text and looked at every page: nothing shows who wrote it, "
            "neither name and address nor handwriting, signature, voice or picture"
        )
    )

    def __init__(self, *args: Any, is_named: bool, **kwargs: Any) -> None:
        """``is_named``: whether the letter says who wrote it, so that there is a word to look for."""
        super().__init__(*args, **kwargs)
        self.fields["words"].required = is_named


def redaction_head(case: Case, letter: Letter, here: str = "") -> dict[str, Any]:
    """What every page about a copy shows on top; ``here`` is the page below the overview."""
    overview = reverse("cases:redaction", args=[case.code, letter.code])
    context = present.case_head(case) | {"letter": letter}
    crumbs = [*context["crumbs"], Crumb(_("Redacted copy"), overview)]
    context["crumbs"] = [*crumbs, Crumb(here, "")] if here else crumbs
    return context


@require_http_methods(["GET", "POST"])
@never_cache
def redaction(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """Versions of the copy, and what is still to be done; ``POST`` starts a draft."""
    access = case_access(request)
    case, found = letter_to_redact(access, code, letter)
    if request.method == "POST":
        redaction_start(access=access, code=code, letter_code=letter)
        return redirect("cases:redaction", code, letter)
    copies, draft = copies_of(found), draft_of(found)
    if draft:  # the names of the original files
        sealed_read(access=access, case=case)
    files = files_of(draft) if draft else []
    context = redaction_head(case, found) | {
        "copies": copies,
        "draft": draft,
        "files": files,
        "places": sum(len(one) for one in draft.spans.values()) if draft else 0,
        "new_files": len(originals_of(found)) - len(files) if draft else 0,
        "undecided": sum(not file.decision for file in files),
        "released": next((one for one in copies if one.state == CopyState.RELEASED), None),
    }
    return render(request, "petitions/staff/redaction/overview.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def redaction_text(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """Subject, content and request: tick what is covered, type what else is."""
    access = case_access(request)
    case, found = letter_to_redact(access, code, letter)
    form = PhrasesForm(request.POST if request.method == "POST" else None)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            saved = redaction_text_save(
                access=access,
                code=code,
                letter_code=letter,
                revision=revision_of(request),
                spans=spans_read(request.POST.getlist("place")),
                phrases=form.cleaned_data["phrases"],
            )
        except InvalidInput as error:
            form.show_errors(error)
        except Stale:
            is_stale = True
        else:
            for words in saved_words(saved.places, saved.missed):
                messages.success(request, words)
            return redirect("cases:redaction_text", code, letter)
    return _text_page(request, case, found, form, is_stale=is_stale)


def _text_page(
    request: HttpRequest, case: Case, letter: Letter, form: PhrasesForm, *, is_stale: bool
) -> HttpResponse:
    draft = draft_of(letter)
    if draft is None:
        raise NotVisible
    sealed_read(access=case_access(request), case=case)
    ticked = request.POST.getlist("place") if request.method == "POST" else None
    title = _("Cover the text")
    context = redaction_head(case, letter, title) | {
        "title": title,
        "form": form,
        "revision": draft.revision,
        "is_stale": is_stale,
        "texts": [
            text_view(name, getattr(letter, name), draft.spans.get(name, []), ticked)
            for name in draft.TEXTS
            if getattr(letter, name)
        ],
    }
    status = 409 if is_stale else 200
    return render(request, "petitions/staff/redaction/text.html", context, status=status)


def revision_of(request: HttpRequest) -> int:
    """The revision that a form was opened on; 0, which no draft has, for nonsense."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < REVISION_MAX else 0


@require_http_methods(["GET", "POST"])
@never_cache
def redaction_check(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """The check list before a release, and the release."""
    access = case_access(request)
    case, found = letter_to_redact(access, code, letter)
    draft = draft_of(found)
    if draft is None:
        raise NotVisible
    sealed_read(access=access, case=case)
    data = request.POST if request.method == "POST" else None
    form = ReleaseForm(data, is_named=names_denouncer(found))
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            _release(access, code, letter, request, form)
        except InvalidInput as error:
            form.show_errors(error)
        except Stale:
            is_stale = True
        else:
            messages.success(request, _("The copy is released: verifiers read it now."))
            return redirect("cases:case", case.code)
    context = redaction_head(case, found, _("Check and release")) | _release_context(found, draft)
    status = 409 if is_stale else 200
    context |= {"form": form, "is_stale": is_stale}
    return render(request, "petitions/staff/redaction/check.html", context, status=status)


def _release(
    access: Access, code: str, letter: str, request: HttpRequest, form: ReleaseForm
) -> None:
    redaction_release(
        access=access,
        code=code,
        letter_code=letter,
        seen=request.POST.get("seen", ""),
        words=form.cleaned_data["words"],
        is_confirmed=form.cleaned_data["confirmed"],
    )


def _release_context(letter: Letter, draft: RedactedCopy) -> dict[str, Any]:
    files = files_of(draft)
    texts = texts_covered(draft, letter)
    seen = fingerprint(draft, files)
    return {
        "draft": draft,
        "seen": seen,
        "texts": [(FIELDS[name], text) for name, text in texts.items() if text],
        "offered": _offered(draft, letter),
        "width": SHEET_WIDTH,
        "given": [
            {
                "file": file,
                "sheets": sheets(file, letter, SHEET_WIDTH, seen),
                "text": _text_of(file),
            }
            for file in files
            if file.decision == FileDecision.GIVEN
        ],
        "left_out": [file for file in files if file.decision == FileDecision.LEFT_OUT],
        "undecided": [file for file in files if not file.decision],
        "uncovered": [file for file in files if _is_uncovered(file)],
    }


def _text_of(file: RedactedFile) -> str:
    """The covered text of a file without pages, as it will be released."""
    if shown_as(file.source.content_type) != "text":
        return ""
    try:
        return covered(file_text(file), file.spans)
    except InvalidInput:  # the release says so
        return ""


def _offered(draft: RedactedCopy, letter: Letter) -> int:
    """Places that look like personal data and are not covered."""
    views = [
        text_view(name, getattr(letter, name), draft.spans.get(name, []), None)
        for name in draft.TEXTS
    ]
    return sum(not place["is_ticked"] for view in views for place in view["places"])


def _is_uncovered(file: RedactedFile) -> bool:
    """Given without a single place covered: perhaps forgotten."""
    covered = any(file.boxes.values()) or file.left_pages or file.spans
    return file.decision == FileDecision.GIVEN and not covered


@require_POST
@never_cache
def redaction_withdrawal(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """Withdraw the released copy."""
    redaction_withdraw(access=case_access(request), code=code, letter_code=letter)
    messages.success(request, _("The copy is withdrawn: nobody reads it any longer."))
    return redirect("cases:redaction", code, letter)
