"""The hub of the registers, and what their pages share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attachments.services import attachment_store
from common.api import Keyset
from common.errors import Text
from common.ui import Crumb, TimelineItem, page_href
from directives.forms_register import StepForm
from directives.views_staff import directive_access
from mobilisation.hub import tiles
from mobilisation.presenters import history_items

VERSIONS = 20
History = Callable[[Sequence[Any]], list[TimelineItem]]


@require_safe
@never_cache
def hub(request: HttpRequest) -> HttpResponse:
    """Every register with its figures, as far as the person may see them."""
    access = directive_access(request)
    return render(request, "mobilisation/staff/hub.html", {"tiles": tiles(access)})


@dataclass(frozen=True)
class StepPage:
    """A step of a record's page: its name, what is said afterwards, its form, who may, what it
    does."""

    label: Text
    done: Text
    form: Callable[..., StepForm]
    may: Callable[..., Text | None]
    act: Callable[..., Any]


def crumbs_to(name: str, label: str, *rest: str | Crumb) -> list[Crumb]:
    """The way to a page of a register."""
    hub_crumb = Crumb(_("Mass mobilisation work"), reverse("mobilisation_staff:hub"))
    register = Crumb(label, reverse(f"mobilisation_staff:{name}") if rest else "")
    more = (item if isinstance(item, Crumb) else Crumb(item) for item in rest)
    return [hub_crumb, register, *more]


def history_context(
    request: HttpRequest, events: Any, order: Keyset, shown: History = history_items
) -> dict[str, Any]:
    """A page of a history in words, the newest first."""
    rows, after, before = order.page(events, request.GET.get("cursor", ""), VERSIONS)
    return {
        "history": shown(rows),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }


def stored(upload: Any) -> str:
    """The identifier of an upload as it was stored, "" for none."""
    if not upload:
        return ""
    return str(attachment_store(stream=upload, name=upload.name).public_id)
