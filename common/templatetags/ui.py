"""The portal's components as template tags; docs/ui.md is the guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms, template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from common import ui
from common.ui import Text

register = template.Library()

TONES = ("neutral", "info", "progress", "success", "warning", "danger")
WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def _resolve(name: str, *args: Any, **kwargs: Any) -> str:
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def _path(context: Context) -> str:
    request: HttpRequest | None = context.get("request")
    return request.path if request is not None else ""


def _is_current(path: str, href: str, exact: bool) -> bool:
    return path == href or (not exact and href != "/" and path.startswith(href))


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named URL, or "" when the project has no such URL."""
    return _resolve(name, *args, **kwargs)


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: Text, exact: bool = False) -> str:
    """A list item with a link; nothing when the URL does not exist."""
    href = _resolve(name)
    if not href:
        return ""
    current = _is_current(_path(context), href, exact)
    mark = mark_safe(' aria-current="page"') if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', href, mark, label)


@register.simple_tag(takes_context=True)
def staff_link(context: Context, name: str, label: Text, exact: bool = False) -> str:
    """Like ``nav_link``, and nothing when ``nav_hidden`` of the context holds the URL's name."""
    if name in (context.get("nav_hidden") or ()):
        return ""
    return nav_link(context, name, label, exact)


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """A POST form that offers the other language and comes back to this page."""
    active = (get_language() or "vi").split("-")[0]
    other = "en" if active == "vi" else "vi"
    request: HttpRequest | None = context.get("request")
    return {
        "action": _resolve("set_language"),
        "language": other,
        "language_name": LANGUAGE_NAMES[other],
        "next": request.get_full_path() if request is not None else "/",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/person.html", takes_context=True)
def signed_in_person(context: Context) -> dict[str, Any]:
    """Name, unit and role of the signed-in person and the sign-out button.

    ``staff_identity`` in the context may be an object with ``name``, ``unit`` and ``role``.
    """
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    identity = context.get("staff_identity") or {}
    pick = identity.get if isinstance(identity, dict) else lambda key: getattr(identity, key, "")
    name = pick("name") or (user and (user.get_full_name() or user.get_username())) or ""
    return {
        "name": name,
        "unit": pick("unit") or "",
        "role": pick("role") or "",
        "account_url": _resolve("account_change_password"),
        "action": _resolve("account_logout"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/status_badge.html")
def status_badge(label: Text, tone: str = "neutral") -> dict[str, Any]:
    """A status as a word and a shape. Tones: see ``TONES``."""
    return {"label": label, "tone": tone if tone in TONES else "neutral"}


@register.inclusion_tag("components/due_bar.html")
def due_bar(bar: ui.DueBar, basis: Text = "") -> dict[str, Any]:
    """A running clock: words and a bar, optionally with its legal basis."""
    return {"bar": bar, "basis": basis}


@register.simple_tag
def due_words(due_on: date, today: date) -> str:
    """Calendar days until a date in words."""
    return ui.days_words((due_on - today).days, working=False)


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[ui.TimelineItem]) -> dict[str, Any]:
    """Events in order; the current one is marked."""
    return {"items": list(items)}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[ui.SummaryRow]) -> dict[str, Any]:
    """Label and value pairs, each with an optional "Change" link."""
    return {"rows": list(rows)}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: Text, text: Text = "", href: str = "", href_label: Text = ""
) -> dict[str, Any]:
    """What a list says when there is nothing in it, and where to go."""
    return {"title": title, "text": text, "href": href, "href_label": href_label}


@register.inclusion_tag("components/pager.html")
def pager(next_href: str | None = "", previous_href: str | None = "") -> dict[str, Any]:
    """Keyset pagination: newer and further, never page numbers."""
    return {"next_href": next_href, "previous_href": previous_href}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(crumbs: Iterable[ui.Crumb]) -> dict[str, Any]:
    """The trail from the home page; the last crumb is the page itself."""
    return {"crumbs": list(crumbs)}


@register.inclusion_tag("components/stat_tile.html")
def stat_tile(
    label: Text, value: Any, hint: Text = "", href: str = "", tone: str = "neutral"
) -> dict[str, Any]:
    """One figure with its name; a zero warns of nothing."""
    tone = "neutral" if value == 0 else tone
    return {"label": label, "value": value, "hint": hint, "href": href, "tone": tone}


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(value: float, maximum: float, label: Text) -> dict[str, Any]:
    """A share of a whole with its words, as a ``progress`` element; rounded down, as in every table
    and report: 100 only when everything is done."""
    percent = int(100 * value / maximum) if maximum else 0
    return {"value": value, "maximum": maximum or 1, "label": label, "percent": percent}


@register.inclusion_tag("components/month_calendar.html")
def month_calendar(
    grid: ui.MonthGrid, previous_href: str = "", next_href: str = ""
) -> dict[str, Any]:
    """A month as a table; on a phone as a list of the days that have entries."""
    weekdays = [_(name) for name in WEEKDAYS]
    return {
        "grid": grid,
        "weekdays": weekdays,
        "previous_href": previous_href,
        "next_href": next_href,
    }


@register.inclusion_tag("components/hexmap.html")
def hexmap(hexmap: Any, title: Text, legend: Sequence[Any] = ()) -> dict[str, Any]:
    """The schematic map of the units; the page shows its table twin beside it."""
    return {"map": hexmap, "title": title, "legend": legend or hexmap.legend}


@register.simple_block_tag(end_name="endalert")
def alert(content: str, tone: str = "info", title: Text = "") -> str:
    """``{% alert tone="warning" title=… %}…{% endalert %}``: a notice with a shape."""
    values = {"content": content, "tone": tone, "title": title}
    return render_to_string("components/alert.html", values)


@register.simple_block_tag(end_name="endconfirmation")
def confirmation(content: str, title: Text) -> str:
    """``{% confirmation title=… %}…{% endconfirmation %}``: something is done, with its code."""
    values = {"content": content, "title": title}
    return render_to_string("components/confirmation_panel.html", values)


@register.inclusion_tag("components/messages.html", takes_context=True)
def messages_list(context: Context) -> dict[str, Any]:
    """Django's one-time messages in a live region."""
    return {"messages": context.get("messages") or ()}


@register.inclusion_tag("components/form/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form at its top, each linked to its field."""
    return {"items": list(_error_items(form))}


def _error_items(form: forms.BaseForm) -> Iterable[dict[str, str]]:
    if not form.is_bound:
        return
    for error in form.non_field_errors():
        yield {"target": "", "text": str(error)}
    for name, errors in form.errors.items():
        if name not in form.fields:
            continue
        bound = form[name]
        for error in errors:
            yield {"target": bound.auto_id, "text": f"{bound.label} – {error}"}


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """ "Error: " at the head of the page's title when the form has errors."""
    form = context.get("form")
    has_errors = isinstance(form, forms.BaseForm) and form.is_bound and bool(form.errors)
    return f"{_('Error:')} " if has_errors else ""


@register.filter
def is_choice_group(field: forms.BoundField) -> bool:
    """Whether a field is a group of radio buttons or check boxes."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_optional(field: forms.BoundField) -> bool:
    """Whether a field may stay empty: not one that a draft may be saved without and is asked for at
    a later step (``asked_for_later`` of the field)."""
    return not field.field.required and not getattr(field.field, "asked_for_later", False)


@register.filter
def option_hint(option: Any) -> str:
    """The explanation of a radio option, see ``HintedRadioSelect``."""
    return str(option.data.get("hint", ""))
