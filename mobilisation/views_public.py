"""What anybody may see: published models and indices."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attachments.views import attachment_response
from common.ui import Crumb, page_href
from mobilisation import selectors_models as found
from mobilisation.forms_models import ExemplarFilterForm
from mobilisation.models import Exemplar
from mobilisation.presenters_models import picture_lines, public_card
from mobilisation.selectors_models import ExemplarFilter

PAGE_SIZE = 20
# A model that is withdrawn from publication is gone from shared caches after so many seconds.
PICTURE_SECONDS = 300


@login_not_required
@require_safe
def exemplars(request: HttpRequest) -> HttpResponse:
    """Published models, the newest first, by words, field, unit and year."""
    published = Exemplar.objects.published()
    form = ExemplarFilterForm(
        request.GET or None,
        fields=found.fields_all(),
        units=found.units_with(published),
        years=found.years_of(published, "published_at"),
        is_public=True,
    )
    chosen = ExemplarFilter(**form.search()) if form.is_bound else ExemplarFilter()
    rows, after, before = found.PUBLIC_ORDER.page(
        found.exemplar_list_public(chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    pictures = found.pictures_of(rows)
    context = {
        "form": form,
        "is_filtered": chosen != ExemplarFilter(),
        "rows": [public_card(row, pictures[row.pk]) for row in rows],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "mobilisation/exemplars.html", context)


@login_not_required
@require_safe
def exemplar(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A published model with its pictures, its decisions, its source and its copies."""
    row = found.exemplar_get_public(public_id)
    published = Exemplar.objects.published()
    pictures = found.pictures_of([row])[row.pk]
    crumbs = [
        Crumb(_("Home"), "/"),
        Crumb(_("Models of “dân vận khéo”"), reverse("mobilisation:exemplars")),
        Crumb(row.title),
    ]
    context = {
        "exemplar": row,
        "recognitions": found.recognitions_of(row),
        "pictures": picture_lines(row, pictures, "mobilisation:picture"),
        "source": found.source_of(row, published),
        "copies": found.copies_of(row, published),
        "n_copies": found.copies_count(row),
        "crumbs": crumbs,
    }
    return render(request, "mobilisation/exemplar.html", context)


@login_not_required
@require_safe
def picture(request: HttpRequest, public_id: uuid.UUID, picture_id: uuid.UUID) -> FileResponse:
    """A picture of a published model; nothing but pixels was kept of it."""
    row = found.exemplar_get_public(public_id)
    answer = attachment_response(found.picture_get(row, picture_id))
    answer["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}"
    return answer
