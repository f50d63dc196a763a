"""Officers' pages: desk, inbox, case, counter."""

import datetime as dt
import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Access, access_of
from accounts.roles import Permission
from accounts.sensitive import sensitive_change
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.codes import secret_from_salt
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible
from common.idempotency import once
from common.time import today
from common.ui import page_href
from common.vault import VaultAway, VaultRefused
from communes.models import Unit
from deadlines.links import calculator_href
from escalation.selectors import open_for
from petitions import selectors
from petitions.escalation_answers import urging_draft
from petitions.filters import filters_clean, ordering_of
from petitions.law_words import basis_words
from petitions.models import Case, LetterAttachment
from petitions.policies import may_act, may_have_original, may_read_letters, may_redact
from petitions.selectors_redaction import has_unredacted
from petitions.services.actions import case_act
from petitions.services.identity import Why, identity_open
from petitions.services.intake import Filing, petition_file
from petitions.services.redaction_reading import redaction_read
from petitions.services.sealed import sealed_read
from petitions.staff import desk as desk_data
from petitions.staff import present
from petitions.staff.access import case_access, signed_in
from petitions.staff.forms import ActionForm, IdentityForm, InboxFilterForm, LetterForm
from petitions.staff.many import bulk_choices, kept_filters_of, start_href
from petitions.staff.narrowed import filter_words, kept_filters
from petitions.staff.presence import look, looking_at
from petitions.staff.similar import similar_panel
from petitions.staff.stale import changes_since, typed_against_now
from petitions.workflow import ACTIONS, BY_ACTION, Action, transition_find


@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What is due today, overdue, new and escalated, for whoever signs in."""
    access = access_of(request.user)
    if not access.unit_ids:
        return render(request, "accounts/no_role.html")
    context: dict[str, Any] = {"sees_cases": access.has(Permission.CASE_VIEW)}
    if context["sees_cases"]:
        context |= desk_data.desk_for(access, request.user.get_username())
    context["escalations"] = open_for(access)
    context["may_review"] = bool(access.units(Permission.CASE_DECIDE))
    context["may_route"] = len(access.standing(Permission.CASE_DECIDE)) == 1
    return render(request, "petitions/staff/desk.html", context)


@require_GET
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Cases with filters, keyset pages, one line a case."""
    access = case_access(request)
    query, saved = request.GET.dict(), kept_filters_of(access)
    start = "" if query else start_href(saved)
    if start:
        return redirect(start)
    form = InboxFilterForm(query or None)
    try:
        rows = selectors.case_list_for(access, filters_clean(query))
        ordering = ordering_of(query)
    except InvalidInput as error:
        messages.error(request, _("A filter is not valid and was left out."))
        del error
        return redirect("cases:inbox")
    if ordering.endswith("due_on"):
        rows = rows.filter(due_on__isnull=False)
    found, after, before = selectors.ORDERINGS[ordering].page(
        rows, query.get("cursor", ""), PAGE_SIZE
    )
    kept = kept_filters(query, form.fields)
    context = {
        "form": form,
        "kept": kept,
        "narrowed": filter_words(kept),
        "rows": present.case_lines(found, looking_at([c.pk for c in found], access.user_id)),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "is_filtered": bool(kept)
        or any(query.get(name) for name in form.fields if name != "ordering"),
        "saved": saved,
        "bulk": bulk_choices(access),
        "query": request.META.get("QUERY_STRING", ""),
        "may_register": access.has(Permission.LETTER_REGISTER),
    }
    return render(request, "petitions/staff/inbox.html", context)


@require_GET
@never_cache
def case_page(request: HttpRequest, code: str) -> HttpResponse:
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    if case.code != code:
        return redirect("cases:case", case.code)
    return render_case(request, access, case)


@require_http_methods(["GET", "POST"])
@never_cache
def action(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """One action on its own page: works without script, keeps everything on an error."""
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    row = transition_find(case.status, action, case.kind)
    if row is None:
        return _gone(request, access, case, action)
    refusal = may_act(access, case, row)
    if refusal is not None:
        raise NotPermitted(refusal)
    form = ActionForm(row, case, request.POST if request.method == "POST" else None)
    if row.action is Action.URGE and not form.is_bound:
        form.initial["text"] = urging_draft(case)
    if request.method == "POST" and form.is_valid():
        answer = _try_action(request, access, case, form)
        if answer is not None:
            return answer
    return _render_action(request, access, form)


def _render_action(
    request: HttpRequest, access: Access, form: ActionForm, *, is_gone: bool = False
) -> HttpResponse:
    """The form again; when others were faster, with what they did since it was opened."""
    case = selectors.case_get_for(access, form.case.code)
    context = present.case_head(case) | {
        "looking": look(case.pk, signed_in(request)),
        "form": form,
        "row": form.row,
        "title": _(form.row.label),
        "basis": basis_words(form.row.basis),
        "is_gone": is_gone,
        "changes": changes_since(access, case, form.opened_on),
        "lacks_copy": form.row.action is Action.ASSIGN and has_unredacted(case),
        "differences": typed_against_now(form, case) if form.opened_on < case.version else [],
    }
    return render(request, "petitions/staff/action.html", context, status=409 if is_gone else 200)


def _gone(request: HttpRequest, access: Access, case: Case, action: str) -> HttpResponse:
    """The step is no longer possible; what was typed for it is shown to be copied."""
    words = _(
        "Somebody else has moved this case on. This step is no longer possible; see the history."
    )
    row = BY_ACTION[Action(action)] if action in ACTIONS else None
    if request.method == "GET" or row is None or may_act(access, case, row) is not None:
        messages.warning(request, words)
        return redirect("cases:case", case.code)
    form = ActionForm(row, case, request.POST)
    form.add_error(None, words)
    return _render_action(request, access, form, is_gone=True)


def _try_action(
    request: HttpRequest, access: Access, case: Case, form: ActionForm
) -> HttpResponse | None:
    try:
        case_act(
            access=access,
            code=case.code,
            action=form.row.action.value,
            version=form.cleaned_data["version"],
            inputs=form.inputs(),
        )
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        form.show_errors(error)
    else:
        messages.success(request, _("Done: %(step)s.") % {"step": _(form.row.label)})
        return redirect(_after(access, case))
    return None


def _after(access: Access, case: Case) -> str:
    """The case; where it is no longer seen, what came out of it or the inbox."""
    seen = Case.objects.visible_to(access)
    if seen.filter(pk=case.pk).exists():
        return reverse("cases:case", args=[case.code])
    new = seen.filter(forwarded_by__case=case).first()
    return reverse("cases:case", args=[new.code]) if new else reverse("cases:inbox")


@require_http_methods(["GET", "POST"])
@never_cache
def identity(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Open a protected identity: recorded first, shown on this one answer, never cached. Whoever
    has not typed the password in the last minutes is asked for it once ground and reason are
    given, and comes back by GET when that page is loaded again."""
    if request.method == "GET":
        return redirect("cases:case", code)
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    form = IdentityForm(request.POST, auto_id=f"id_%s_{number}")
    if not form.is_valid():
        return render_case(request, access, case, refused={number: form})
    return _identity_open(request, access, case, number, form)


@sensitive_change
def _identity_open(
    request: HttpRequest, access: Access, case: Case, number: int, form: IdentityForm
) -> HttpResponse:
    why = Why(form.cleaned_data["ground"], form.cleaned_data["reason"])
    try:
        person = identity_open(access=access, code=case.code, party_number=number, why=why)
    except (VaultAway, VaultRefused) as error:
        form.add_error(None, str(error.message))
        return render_case(request, access, case, refused={number: form}, status=error.status)
    return render_case(request, access, case, opened={number: person})


@require_GET
@never_cache
def attachment(request: HttpRequest, code: str, public_id: str) -> FileResponse:
    """A file of a case, for whoever may read its letters."""
    access = case_access(request)
    case = selectors.case_get_for(access, code)
    link = (
        LetterAttachment.objects.select_related("attachment")
        .filter(letter__case=case, attachment__public_id=public_id)
        .first()
    )
    if link is None:
        raise NotVisible
    refusal = may_read_letters(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    sealed_read(access=access, case=case)
    return attachment_response(link.attachment, is_stripped=not may_have_original(access, case))


@require_http_methods(["GET", "POST"])
@never_cache
def letter_new(request: HttpRequest) -> HttpResponse:
    """Register a letter or a visit on somebody's behalf."""
    access = access_of(request.user)
    units = Unit.objects.filter(pk__in=access.standing(Permission.LETTER_REGISTER)).order_by("code")
    unit = units.first()
    if unit is None:
        raise NotVisible
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _register(request, access, unit, form)
    key = request.POST.get("key") or secrets.token_hex(16)
    context = {"form": form, "unit": unit, "key": key[:64]}
    return render(request, "petitions/staff/letter_new.html", context)


def _register(request: HttpRequest, access: Access, unit: Unit, form: LetterForm) -> HttpResponse:
    """A double click gives one letter: the form carries the key of the request."""
    filing = _filing(form.cleaned_data, unit)
    options = {
        "channel": form.cleaned_data["channel"],
        "is_signed": form.cleaned_data["is_signed"],
        "by_id": access.user_id,
    }
    answer, salt = once(
        f"letter:{access.user_id}",
        request.POST.get("key") or secrets.token_hex(16),
        form.cleaned_data,
        lambda salt: petition_file(filing=filing, salt=salt, **options).answer,
    )
    context = {
        "answer": answer,
        "due": [
            {**clock, "due_on": dt.date.fromisoformat(clock["due_on"])}
            for clock in answer["clocks"]
        ],
        "secret": secret_from_salt(salt),
        "filing": filing,
        "nobody": not filing.petitioners,
        "calculator_href": calculator_href(filing.kind, today()),
    }
    if Case.objects.visible_to(access).filter(code=answer["code"]).exists():
        context["case_href"] = reverse("cases:case", args=[answer["code"]])
    if "next" in request.POST:
        context |= _next_letter(unit, form)
        return render(request, "petitions/staff/letter_new.html", context, status=201)
    return render(request, "petitions/staff/letter_done.html", context, status=201)


def _next_letter(unit: Unit, form: LetterForm) -> dict[str, Any]:
    """An empty form for the next of a pile: what the letters of a pile share stays."""
    shared = {name: form.cleaned_data[name] for name in ("channel", "kind", "field")}
    return {"form": LetterForm(initial=shared), "unit": unit, "key": secrets.token_hex(16)}


def _filing(data: dict[str, Any], unit: Unit) -> Filing:
    respondent = None
    if data["respondent_name"]:
        respondent = {
            "name": data["respondent_name"],
            "unit": data["respondent_unit"],
            "position": data["respondent_position"],
        }
    names = ("full_name", "identity_number", "address", "phone", "email")
    person = {name: data[name] for name in names}
    people = [] if data["is_anonymous"] else [person, *data["others"]]
    return Filing(
        kind=data["kind"],
        subject=data["subject"],
        content=data["content"],
        request=data["request"],
        field=data["field"],
        unit=unit.code,
        petitioners=[
            one | {"representative": number < data["representatives"]}
            for number, one in enumerate(people)
        ],
        respondent=respondent,
    )


def render_case(
    request: HttpRequest,
    access: Access,
    case: Case,
    *,
    refused: dict[int, IdentityForm] | None = None,
    opened: dict[int, dict[str, Any]] | None = None,
    status: int = 200,
    forms: dict[str, Any] | None = None,
) -> HttpResponse:
    """The case page; ``forms`` replace its empty ones, with what was typed and what is wrong."""
    context = present.case_whole(access, case, opened or {})
    sealed_read(access=access, case=case, shown=(context["letters"], context["events"]))
    redaction_read(access=access, case=case, letters=context["letters"])
    context["may_redact"] = may_redact(access, case) is None
    context |= similar_panel(access, case, context["letters"], context["outcomes"])
    context["people"] = [_with_form(person, refused or {}) for person in context["people"]]
    context["looking"] = look(case.pk, signed_in(request))
    return render(request, "petitions/staff/case.html", context | (forms or {}), status=status)


def _with_form(person: present.PersonView, refused: dict[int, IdentityForm]) -> present.PersonView:
    """A person whose identity may be opened gets a form of its own, as it was refused or empty."""
    if not person.may_open:
        return person
    number = person.party.number
    return replace(person, form=refused.get(number) or IdentityForm(auto_id=f"id_%s_{number}"))
