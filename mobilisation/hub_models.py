"""Tiles of the hub: models and indices, as far as the person may see them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from mobilisation.enums_models import IndexKind
from mobilisation.presenters_indices import index_line
from mobilisation.selectors_indices import city, index_series
from mobilisation.selectors_models import exemplar_counts


def models_tiles(access: Access) -> list[dict[str, Any]]:
    """``label``, ``value``, ``hint``, ``href``, ``tone`` of each tile; two queries."""
    counts = exemplar_counts(access)
    models = reverse("mobilisation_staff:exemplars")
    return [
        _tile(_("Registered models"), counts["registered"], "", models),
        _tile(
            _("Models waiting for a decision"),
            counts["waiting"],
            "",
            f"{models}?state=registered",
            "info" if counts["waiting"] else "neutral",
        ),
        _tile(_("Copies in other units"), counts["copies"], "", f"{models}?copied=yes"),
        *_indices(),
    ]


def _indices() -> list[dict[str, Any]]:
    """The City's latest value of each index that 1699-CV/TU names."""
    href = reverse("mobilisation_staff:indices")
    shown = [one for one in index_series(city()) if one.kind != IndexKind.PAPI and one.latest]
    tiles = []
    for one in shown:
        assert one.latest is not None
        line = index_line(one.latest)
        hint = _("rank %(rank)s in %(year)s") % {
            "rank": line["rank"] or "–",
            "year": one.latest.year,
        }
        tiles.append(_tile(one.kind.name, line["value"] or "–", hint, href))
    return tiles


def _tile(label: str, value: Any, hint: str, href: str, tone: str = "neutral") -> dict[str, Any]:
    return {"label": label, "value": value, "hint": hint, "href": href, "tone": tone}
