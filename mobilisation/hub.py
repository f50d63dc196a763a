"""The tiles of the hub: one a register, in the order of the page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from mobilisation.enums_models import IndexKind
from mobilisation.presenters_indices import latest_words
from mobilisation.selectors import opinion_figures, programme_figures, rule_figures
from mobilisation.selectors_indices import city, index_series
from mobilisation.selectors_models import exemplar_counts


@dataclass(frozen=True)
class Tile:
    """A register on the hub: its name, what it is for, its address, its main figure in words, and
    what asks for attention, "" when nothing does."""

    title: str
    text: str
    url: str
    figure: str = ""
    warning: str = ""


def _programmes(access: Access) -> Tile:
    found = programme_figures(access)
    return Tile(
        _("Coordination programmes"),
        _(
            "Signed by Party bodies, authorities, the Front and the armed forces; what they did together."
        ),
        reverse("mobilisation_staff:programmes"),
        _("%(n)d in force") % {"n": found.in_force},
        _warning(found.soon, found.expired),
    )


def _warning(soon: int, expired: int) -> str:
    said = [
        words % {"n": n}
        for words, n in (
            (_("%(n)d run out within 30 days"), soon),
            (_("%(n)d have expired"), expired),
        )
        if n
    ]
    return "; ".join(said)


def _rules(access: Access) -> Tile:
    found = rule_figures(access)
    missing = found.expected - found.hold
    return Tile(
        _("Rules on grassroots democracy"),
        _("What each unit has promulgated, what is being drafted, what is missing."),
        reverse("mobilisation_staff:rules"),
        _("%(n)d of %(total)d in force") % {"n": found.hold, "total": found.expected},
        _("%(n)d missing") % {"n": missing} if missing else "",
    )


def _opinions(access: Access) -> Tile:
    found = opinion_figures(access)
    return Tile(
        _("Opinion and situation reports"),
        _("What units report on the people's situation and public opinion, by topic."),
        reverse("mobilisation_staff:opinions"),
        _("%(n)d sent") % {"n": found.sent},
        _("%(n)d not read yet") % {"n": found.unread} if found.unread else "",
    )


def _exemplars(access: Access) -> Tile:
    found = exemplar_counts(access)
    waiting, copies = found["waiting"], found["copies"]
    return Tile(
        _("Models of “dân vận khéo”"),
        _("Registered by units, recognised by decision, published, taken up elsewhere."),
        reverse("mobilisation_staff:exemplars"),
        _("%(n)d registered, %(copies)d copies") % {"n": found["registered"], "copies": copies},
        _("%(n)d wait for a decision") % {"n": waiting} if waiting else "",
    )


def _indices(_access: Access) -> Tile:
    return Tile(
        _("Indices of administrative reform"),
        _("PAR, DTI and SIPAS by year beside the portal's own ratings."),
        reverse("mobilisation_staff:indices"),
        latest_words(one for one in index_series(city()) if one.kind != IndexKind.PAPI),
    )


# A register more is a function more.
TILES: tuple[Callable[[Access], Tile], ...] = (
    _programmes, _rules, _opinions, _exemplars, _indices,
)  # fmt: skip


def tiles(access: Access) -> list[Tile]:
    """The hub as a person sees it; one query a register."""
    return [make(access) for make in TILES]
