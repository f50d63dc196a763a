"""A new secret at the counter, for who lost the receipt and shows an identity card."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from accounts.sensitive import sensitive_form
from common.codes import secret_from_salt
from common.errors import DomainError, NotPermitted, NotVisible
from common.idempotency import once
from petitions import selectors
from petitions.enums import Flag
from petitions.forms_lost import CounterForm
from petitions.models import Case, Letter
from petitions.policies import may_renew_secret
from petitions.services.renewals import secret_renew_at_counter
from petitions.staff import present
from petitions.staff.access import case_access


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_form
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for letter, check and ground, once the password was typed; the secret is shown on the one
    answer to the POST."""
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    refusal = may_renew_secret(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    if request.method != "POST":
        return _ask(request, case, _form(case))
    form = _form(case, request.POST)
    answer = _renewed(request, access, case, form) if form.is_valid() else None
    return answer or _ask(request, case, form, status=422)


def _form(case: Case, data: Any = None) -> CounterForm:
    letters = list(Letter.objects.filter(case=case, origin=None).order_by("id"))
    initial = {"version": case.version, "key": secrets.token_hex(16)}
    if len(letters) == 1:
        initial["letter"] = letters[0].code
    form = CounterForm(data, initial=initial)
    form.choose("letter", [(letter.code, letter.code) for letter in letters])
    return form


def _renewed(
    request: HttpRequest, access: Access, case: Case, form: CounterForm
) -> HttpResponse | None:
    """A double click issues one secret: the form carries the key of the request."""
    data = {name: form.cleaned_data[name] for name in ("letter", "version", "ground", "is_checked")}

    def work(salt: bytes) -> dict[str, Any]:
        secret_renew_at_counter(access=access, code=case.code, salt=salt, **data)
        return {"letter": data["letter"]}

    try:
        answer, salt = once(f"renew:{access.user_id}", form.cleaned_data["key"], data, work)
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        form.show_errors(error)
        return None
    context = {
        "code": answer["letter"],
        "secret": secret_from_salt(salt),
        "case": case,
        "track_url": settings.PUBLIC_BASE_URL + reverse("petitions:track"),
    }
    return render(request, "petitions/staff/renewed.html", context, status=201)


def _ask(request: HttpRequest, case: Case, form: CounterForm, status: int = 200) -> HttpResponse:
    context = present.case_head(case) | {
        "form": form,
        "looking": "",
        "title": _("New secret for a lost receipt"),
        "is_anonymous": Flag.ANONYMOUS in case.flags,
    }
    return render(request, "petitions/staff/renew.html", context, status=status)
