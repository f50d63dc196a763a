"""A visit to the filing pages: the draft behind the cookie, keeping answers, moving on."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from common.errors import NotVisible
from common.net import client_address
from common.ratelimit import limit
from petitions.selectors_public import DRAFT_LIFE, OpenDraft, draft_open
from petitions.services.drafts import Changes, changes_of, draft_start, draft_update

COOKIE = "don"
COOKIE_PATH = "/gui-don/"


@dataclass
class Visit:
    """``draft`` is None before the first answer, and after a week without one."""

    request: HttpRequest
    draft: OpenDraft | None
    is_new: bool = False

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.data if self.draft else {}

    @property
    def had_cookie(self) -> bool:
        return COOKIE in self.request.COOKIES

    @property
    def is_change(self) -> bool:
        """Whether the page was opened from the check page, to change one answer."""
        return "sua" in self.request.GET

    def keep(self, changes: Changes) -> None:
        """Save answers; a lost draft starts anew with what was just typed."""
        with suppress(NotVisible):
            if self.draft is not None:
                draft_update(token=self.draft.token, changes=changes)
                self.draft = draft_open(self.draft.token)
                return
        limit("draft", client_address(self.request))
        self.draft = draft_open(draft_start(data=changes_of(changes, {})))
        self.is_new = True

    def go(self, url: str) -> HttpResponse:
        """Redirect, with the draft's cookie renewed."""
        response = HttpResponseRedirect(url)
        if self.draft is not None:
            cookie_set(response, self.draft)
        return response


def visit_of(request: HttpRequest) -> Visit:
    token = request.COOKIES.get(COOKIE, "")
    return Visit(request, draft_open(token) if token else None)


def cookie_set(response: HttpResponse, draft: OpenDraft) -> None:
    """A week while writing; after sending only as long as the browser stays open."""
    sent = draft.letter is not None
    response.set_cookie(
        COOKIE,
        draft.token,
        max_age=None if sent else DRAFT_LIFE,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def cookie_forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")


def code_shown(token: str) -> str:
    """A token in groups that can be copied by hand."""
    return "-".join((token[:6], token[6:11], token[11:16], token[16:21], token[21:]))
