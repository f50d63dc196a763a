"""Models of "dân vận khéo" as pages show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Text
from common.time import day_words
from common.ui import TimelineItem
from mobilisation.enums_models import ExemplarState, RecognitionLevel
from mobilisation.models import Exemplar, ExemplarEvent, ExemplarPicture
from mobilisation.presenters import timeline

TONES = {
    ExemplarState.DRAFT: "neutral",
    ExemplarState.REGISTERED: "info",
    ExemplarState.RECOGNISED: "success",
    ExemplarState.REFUSED: "warning",
    ExemplarState.PUBLISHED: "success",
    ExemplarState.UNPUBLISHED: "warning",
    ExemplarState.DROPPED: "neutral",
}
ACTIONS: dict[str, Text] = {
    "exemplar.created": gettext_lazy("Entered as a draft"),
    "exemplar.copied": gettext_lazy("Taken over from another unit as a draft"),
    "exemplar.changed": gettext_lazy("Changed"),
    "exemplar.registered": gettext_lazy("The model was registered"),
    "exemplar.recognised": gettext_lazy("Recognised"),
    "exemplar.refused": gettext_lazy("Not recognised"),
    "exemplar.published": gettext_lazy("Published; the people shown agreed"),
    "exemplar.unpublished": gettext_lazy("Withdrawn from publication"),
    "exemplar.dropped": gettext_lazy("Given up"),
    "exemplar.picture_added": gettext_lazy("A picture was added"),
    "exemplar.picture_removed": gettext_lazy("A picture was removed"),
}
FIELDS: dict[str, Text] = {
    "title": gettext_lazy("Title of the model"),
    "field": gettext_lazy("Field of life"),
    "carried_out_by": gettext_lazy("Carried out by"),
    "starts_on": gettext_lazy("Carried out from"),
    "ends_on": gettext_lazy("Carried out until"),
    "description": gettext_lazy("How it works"),
    "results": gettext_lazy("Results"),
}


def exemplar_line(row: Exemplar) -> dict[str, Any]:
    """A row of the register; ``row`` as ``exemplar_list`` reads it."""
    return {
        "row": row,
        "href": reverse("mobilisation_staff:exemplar", args=[row.public_id]),
        "tone": TONES[ExemplarState(row.state)],
        "copies": row.n_copies,
    }


def public_card(row: Exemplar, pictures: Sequence[ExemplarPicture]) -> dict[str, Any]:
    """A published model in the public list, with its first picture if there is one."""
    return {
        "row": row,
        "href": reverse("mobilisation:exemplar", args=[row.public_id]),
        "picture": picture_lines(row, pictures[:1], "mobilisation:picture"),
        "copies": row.n_copies,
    }


def picture_lines(
    row: Exemplar, pictures: Sequence[ExemplarPicture], url: str
) -> list[dict[str, Any]]:
    return [
        {"src": reverse(url, args=[row.public_id, one.public_id]), "alt": one.alt, "picture": one}
        for one in pictures
    ]


def history_items(events: Sequence[ExemplarEvent]) -> list[TimelineItem]:
    """The history in words, newest first as given."""
    return timeline(events, ACTIONS, _details)


def _details(data: Mapping[str, Any]) -> list[str]:
    said = []
    if data.get("fields"):
        names = [str(FIELDS.get(name, name)) for name in data["fields"]]
        said.append(", ".join(names))
    if data.get("level"):
        said.append(capfirst(str(RecognitionLevel(data["level"]).label)))
    if data.get("number"):
        said.append(
            _("decision %(number)s of %(date)s")
            % {"number": data["number"], "date": day_words(data["decided_on"])}
        )
    if data.get("reason"):
        said.append(data["reason"])
    return said
