"""Writing to the unit and rating, from the opened petition."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from attachments.services import attachment_store
from common.errors import DomainError, InvalidInput
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from petitions.forms_lost import SecretForm
from petitions.forms_talk import RateForm, WriteForm
from petitions.models import Letter
from petitions.public.track import opened_letter, track_context
from petitions.selectors_public import secret_fits
from petitions.services.messages import message_receive, rating_give
from petitions.timeline import officers_words, public_record


@login_not_required
@never_cache
@require_POST
def track_read(request: HttpRequest) -> HttpResponse:
    """What the unit wrote about a denunciation, on this one answer, for who types the secret
    again: whoever finds the page open learns nothing."""
    letter = opened_letter(request)
    if letter is None:
        return redirect("petitions:track")
    limit("track", client_address(request))
    form = SecretForm(request.POST)
    record = public_record(letter)
    if form.is_valid() and secret_fits(letter, form.cleaned_data["secret"]):
        context = {"said": officers_words(record)}
        return render(request, "petitions/public/track_read.html", context)
    if form.is_valid():
        form.add_error(
            "secret", _("Code and secret do not fit together. Check both and try again.")
        )
    return _again(request, letter, read_form=form)


@login_not_required
@never_cache
@require_POST
def track_write(request: HttpRequest) -> HttpResponse:
    """A message, a supplement or a wish to withdraw, with files; a double click sends one."""
    letter = opened_letter(request)
    if letter is None:
        return redirect("petitions:track")
    limit("write", client_address(request))
    form = WriteForm(request.POST, request.FILES)
    if form.is_valid() and _write(request, letter, form):
        messages.success(request, _("Your message is with the unit."))
        return redirect("petitions:track_view")
    return _again(request, letter, write_form=form)


@login_not_required
@never_cache
@require_POST
def track_rate(request: HttpRequest) -> HttpResponse:
    """One rating a day at most."""
    letter = opened_letter(request)
    if letter is None:
        return redirect("petitions:track")
    limit("write", client_address(request))
    form = RateForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            rating_give(letter=letter, **{**data, "score": int(data["score"])})
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Thank you; your rating is recorded."))
            return redirect("petitions:track_view")
    return _again(request, letter, rate_form=form)


def _write(request: HttpRequest, letter: Letter, form: WriteForm) -> bool:
    data = form.cleaned_data
    try:
        files = [attachment_store(stream=f, name=f.name) for f in data["uploads"]]
        ids = [str(file.public_id) for file in files]
        body = {"kind": data["kind"], "text": data["text"], "files": [f.name for f in files]}
        once(
            f"message:{letter.pk}",
            data["key"],
            body,
            lambda _salt: {
                "id": message_receive(
                    letter=letter, text=data["text"], attachments=ids, kind=data["kind"]
                ).pk
            },
        )
    except InvalidInput as error:
        for name, reasons in error.fields.items():
            where = "uploads" if name in ("file", "attachments") else "text"
            form.add_error(where, [str(reason) for reason in reasons])
        return False
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    return True


def _fresh_key(form: WriteForm) -> None:
    """What is sent again is another message: the key of the one that failed is used up."""
    form.data = {**dict(form.data.items()), "key": secrets.token_hex(16)}


def _again(request: HttpRequest, letter: Letter, **forms: Any) -> HttpResponse:
    """The page with what was typed and what is wrong with it."""
    context = track_context(public_record(letter)) | forms
    if isinstance(forms.get("write_form"), WriteForm):
        _fresh_key(forms["write_form"])
    return render(request, "petitions/public/track_view.html", context, status=422)
