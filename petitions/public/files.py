"""The page of photos and papers: several at once, each checked, each removable."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attachments.services import attachment_store
from common.errors import DomainError
from common.net import client_address
from common.ratelimit import limit
from petitions import forms_public as forms
from petitions.public.steps import Answers, Page
from petitions.public.visit import Visit
from petitions.selectors_public import files_waiting
from petitions.validators import ATTACHMENTS_MAX

File = dict[str, Any]


class FilesPage(Page):
    slug, title = "tep", _("Do you have photos or papers?")
    template = "petitions/public/files.html"
    form_class = forms.FilesForm

    def is_done(self, answers: Answers) -> bool:
        return True

    def stored(self, answers: Answers) -> Answers:
        return {}

    def post(self, visit: Visit) -> HttpResponse:
        form = self.form(visit, visit.request.POST, visit.request.FILES)
        given = form.cleaned_data["uploads"] if form.is_valid() else []
        if given:
            limit("upload", client_address(visit.request))
            self._store(visit, form, given)
        if form.errors:
            return self.show(visit, form)
        return visit.go(self.here(visit)) if "upload" in visit.request.POST else self.onward(visit)

    def show(self, visit: Visit, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        return super().show(visit, form, status, files=files_of(visit), **extra)

    def _store(self, visit: Visit, form: forms.FilesForm, given: list[Any]) -> None:
        """Keep what can be kept and say of each other file why not."""
        room = ATTACHMENTS_MAX - len(files_of(visit))
        added: list[File] = []
        for upload in given[:room]:
            try:
                stored = attachment_store(stream=upload, name=upload.name)
            except DomainError as error:
                form.add_error("uploads", _reason(upload.name, error))
                continue
            added.append({"id": str(stored.public_id), "name": stored.name, "size": stored.size})
        if added:
            visit.keep(lambda kept: {"files": [*_files(kept), *added][:ATTACHMENTS_MAX]})
        present = {file["id"] for file in files_of(visit)}
        if len(given) > room or any(file["id"] not in present for file in added):
            form.add_error("uploads", gettext("At most 20 files."))


def files_of(visit: Visit) -> list[File]:
    return _files(visit.answers)


def _files(answers: Mapping[str, Any]) -> list[File]:
    return [dict(file) for file in answers.get("files") or []]


def file_remove(visit: Visit, public_id: str) -> None:
    """Take a file out of the draft; the stored one goes with the other unclaimed ones."""
    if any(file["id"] == public_id for file in files_of(visit)):
        _drop(visit, {public_id})


def files_lost(visit: Visit) -> list[str]:
    """Drop files that are no longer stored from the draft; returns their names."""
    files = files_of(visit)
    waiting = files_waiting([file["id"] for file in files]) if files else set()
    lost = {file["id"]: file["name"] for file in files if file["id"] not in waiting}
    if lost:
        _drop(visit, set(lost))
    return list(lost.values())


def _drop(visit: Visit, gone: set[str]) -> None:
    visit.keep(lambda kept: {"files": [file for file in _files(kept) if file["id"] not in gone]})


def _reason(name: str, error: DomainError) -> str:
    reasons = [str(text) for texts in error.fields.values() for text in texts]
    return f"{name[:80]}: {' '.join(reasons) or error.message}"
