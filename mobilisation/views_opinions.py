"""Opinion reports: the list, one topic over the units, one report with its steps, writing."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import NotVisible, allow
from common.forms import done
from common.ui import Crumb, page_href
from directives.forms_register import StepForm
from directives.views_register import page
from directives.views_staff import directive_access, export_query
from mobilisation import forms_opinions as f
from mobilisation import policies, services
from mobilisation import selectors_opinions as found
from mobilisation.enums import OpinionState
from mobilisation.lists import topic_or_first, topics
from mobilisation.models import OpinionReport
from mobilisation.presenters import edition_line, opinion_line, period_words
from mobilisation.selectors import opinion_figures, units_kept, units_with_opinions
from mobilisation.selectors_opinions import OpinionFilter
from mobilisation.views_hub import StepPage, crumbs_to, history_context, stored


@require_safe
@never_cache
def opinions(request: HttpRequest) -> HttpResponse:
    """Reports that the person may see, the newest period first."""
    access = directive_access(request)
    form, chosen = opinions_asked(request, access)
    rows = found.opinion_list(access, chosen)
    cursor = request.GET.get("cursor", "")
    shown, after, before = found.OPINION_ORDER.page(rows, cursor, PAGE_SIZE)
    named = found.topics_named(shown)
    context = {
        "form": form,
        "keeps": policies.may_begin(access) is None,
        "unread": opinion_figures(access).unread,
        "is_filtered": chosen != OpinionFilter(),
        "rows": [opinion_line(row, named.get(row.pk, [])) for row in shown],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "export_query": export_query(request),
        "crumbs": _crumbs(),
    }
    return render(request, "mobilisation/staff/opinions.html", context)


def opinions_asked(
    request: HttpRequest, access: Access
) -> tuple[f.OpinionFilterForm, OpinionFilter]:
    """What the address asks for, for the list and its files."""
    form = f.OpinionFilterForm(request.GET, units=units_with_opinions(access))
    return form, OpinionFilter(**form.search())


@require_safe
@never_cache
def opinion_topics(request: HttpRequest) -> HttpResponse:
    """What the units said on a topic in a period, unit by unit."""
    access = directive_access(request)
    query = request.GET.copy()
    query["topic"] = topic_or_first(query.get("topic", ""))
    form = f.OpinionFilterForm(query, units=units_with_opinions(access), by_topic=True)
    chosen = OpinionFilter(**form.search())
    cursor = request.GET.get("cursor", "")
    rows, after, before = found.TOPIC_ORDER.page(
        found.topic_texts(access, chosen), cursor, PAGE_SIZE
    )
    context = {
        "form": form,
        "topic": topics()[chosen.topic],
        "tabs": _tabs(access, chosen),
        "rows": [_said(row) for row in rows],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": _crumbs(_("By topic")),
    }
    return render(request, "mobilisation/staff/opinion_topics.html", context)


def _said(row: Any) -> dict[str, Any]:
    report = row.edition.report
    return {
        "report": report,
        "text": row.text,
        "period": period_words(report),
        "href": reverse("mobilisation_staff:opinion", args=[report.public_id]),
    }


def _tabs(access: Access, chosen: OpinionFilter) -> list[dict[str, Any]]:
    kept = {name: value for name, value in vars(chosen).items() if value and name != "topic"}
    return [
        {
            "label": topics()[code],
            "count": count,
            "href": f"?{urlencode(kept | {'topic': code})}",
            "is_current": code == chosen.topic,
        }
        for code, count in found.topic_counts(access, chosen).items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opinion_new(request: HttpRequest) -> HttpResponse:
    """Begin a report as a draft."""
    access = directive_access(request)
    allow(policies.may_begin(access))
    form = f.OpinionForm(request.POST or None, request.FILES or None, units=units_kept(access))
    made: list[OpinionReport] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            services.opinion_create(
                access=access, unit=form.chosen_unit(), words=form.words(_stored(form))
            )
        ),
    ):
        messages.success(request, _("The draft was saved. Send it when it is complete."))
        return redirect("mobilisation_staff:opinion", made[0].public_id)
    context = {"form": form, "report": None, "crumbs": _crumbs(_("Write a report"))}
    return page(request, "mobilisation/staff/opinion_form.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opinion_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write on a draft, or correct what was sent by a new edition."""
    access = directive_access(request)
    row = found.opinion_get_for(access, public_id)
    is_draft = row.state == OpinionState.DRAFT
    may = policies.may_write_opinion if is_draft else policies.may_correct_opinion
    allow(may(access, row))
    make = f.OpinionChangeForm if is_draft else f.OpinionCorrectForm
    initial = f.opinion_initial(row, found.editions_of(row)[0])
    form = make(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid() and done(form, lambda: _change(access, row, form, is_draft=is_draft)):
        said = _("The draft was saved.") if is_draft else _("The new edition was sent.")
        messages.success(request, said)
        return _after(access, public_id)
    label = _("Change the draft") if is_draft else _("Correct the report")
    context = {"form": form, "report": row, "label": label, "crumbs": _crumbs(_crumb(row), label)}
    return page(request, "mobilisation/staff/opinion_form.html", context, form)


def _change(
    access: Access, row: OpinionReport, form: f.OpinionChangeForm, *, is_draft: bool
) -> None:
    data = form.cleaned_data
    key = {"access": access, "public_id": row.public_id, "version": data["version"]}
    words = form.words(_stored(form))
    if is_draft:
        services.opinion_change(**key, words=words)
    else:
        services.opinion_correct(**key, words=words, reason=data["reason"])


def _after(access: Access, public_id: uuid.UUID) -> HttpResponse:
    """To the report, or to the list when a colleague's draft has just become confidential."""
    try:
        found.opinion_get_for(access, public_id)
    except NotVisible:
        return redirect("mobilisation_staff:opinions")
    return redirect("mobilisation_staff:opinion", public_id)


def _stored(form: f.OpinionForm) -> list[str]:
    return [stored(upload) for upload in form.cleaned_data["uploads"] if upload]


def _answer(*, decision: str, text: str, **key: Any) -> None:
    services.opinion_answer(is_read=decision == "read", text=text, **key)


STEPS: dict[str, StepPage] = {
    "send": StepPage(
        gettext_lazy("Send to the City"),
        gettext_lazy("The report was sent."),
        StepForm,
        policies.may_write_opinion,
        services.opinion_send,
    ),
    "answer": StepPage(
        gettext_lazy("Answer the report"),
        gettext_lazy("The answer was recorded."),
        f.AnswerForm,
        policies.may_answer_opinion,
        _answer,
    ),
    "file_gone": StepPage(
        gettext_lazy("Remove"),
        gettext_lazy("The file is no longer shown."),
        f.OpinionFileGoneForm,
        policies.may_write_opinion,
        services.opinion_file_remove,
    ),
}
ASIDE = ("send", "answer")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opinion(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A report: its words, earlier editions, files, history, and the steps that are possible."""
    access = directive_access(request)
    row = found.opinion_get_for(access, public_id)
    bound: dict[str, StepForm] = {}
    if request.method == "POST":
        do = request.POST.get("do", "")
        allow(STEPS[do if do in STEPS else "send"].may(access, row))
        if do in STEPS:
            form = _form(row, do, request.POST)
            if form.is_valid() and done(form, lambda: _act(access, public_id, do, form)):
                messages.success(request, str(STEPS[do].done))
                return redirect("mobilisation_staff:opinion", public_id)
            bound[do] = form
            row = found.opinion_get_for(access, public_id)
    return _page(request, access, row, bound)


@require_safe
@never_cache
def opinion_file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """A file of a report, for whoever sees the report."""
    access = directive_access(request)
    return attachment_response(found.opinion_file_get(access, public_id, file_id))


def _act(access: Access, public_id: uuid.UUID, do: str, form: StepForm) -> None:
    STEPS[do].act(access=access, public_id=public_id, **form.cleaned_data)


def _form(row: OpinionReport, do: str, *data: Any) -> StepForm:
    return STEPS[do].form(*data, initial={"version": row.version}, auto_id=f"{do}_%s")


def _page(
    request: HttpRequest, access: Access, row: OpinionReport, bound: dict[str, StepForm]
) -> HttpResponse:
    editions = [edition_line(edition) for edition in found.editions_of(row)]
    steps = [do for do in ASIDE if do in bound or STEPS[do].may(access, row) is None]
    line = opinion_line(row, [])
    context = {
        "report": row,
        "line": line,
        "newest": editions[0],
        "older": editions[1:],
        "files": found.opinion_files(row),
        "can_write": policies.may_write_opinion(access, row) is None,
        "can_correct": policies.may_correct_opinion(access, row) is None,
        "steps": [(do, STEPS[do].label, bound.get(do) or _form(row, do)) for do in steps],
        "lone": next((form for do, form in bound.items() if do not in ASIDE), None),
        "crumbs": _crumbs(line["period"]),
        **history_context(request, found.opinion_events(row), found.EVENT_ORDER),
    }
    form = next(iter(bound.values()), None)
    return page(request, "mobilisation/staff/opinion.html", context, form)


def _crumb(row: OpinionReport) -> Crumb:
    return Crumb(period_words(row), reverse("mobilisation_staff:opinion", args=[row.public_id]))


def _crumbs(*rest: str | Crumb) -> list[Crumb]:
    return crumbs_to("opinions", _("Opinion and situation reports"), *rest)
