"""Reading the register of models, for officers and for anybody."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible, key_read
from common.text import fold
from common.time import local_date, local_moment
from communes.models import Unit
from communes.selectors import unit_by_id
from mobilisation.enums_models import COUNTED, ExemplarState
from mobilisation.models import (
    Exemplar,
    ExemplarEvent,
    ExemplarField,
    ExemplarPicture,
    Recognition,
)

REGISTER_ORDER = Keyset("-id")
PUBLIC_ORDER = Keyset("-published_at", "-id")
EVENT_ORDER = Keyset("-sequence")


@dataclass(frozen=True)
class ExemplarFilter:
    """``q``: words, accents or not; ``field``, ``unit``: codes; ``state``; ``year``: of the first
    day, or of the publication on public pages; "" for all. ``copied``: "yes" only copies."""

    q: str = ""
    field: str = ""
    unit: str = ""
    state: str = ""
    year: str = ""
    copied: str = ""


def exemplar_list(access: Access, chosen: ExemplarFilter) -> QuerySet[Exemplar]:
    """Visible models with ``n_copies``; order: ``REGISTER_ORDER``."""
    rows = _filtered(Exemplar.objects.visible_to(access), chosen)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.year:
        rows = rows.filter(starts_on__year=int(chosen.year))
    return _counted(rows).select_related("unit", "field", "source__unit")


def exemplar_list_public(chosen: ExemplarFilter) -> QuerySet[Exemplar]:
    """Published models with ``n_copies``; order: ``PUBLIC_ORDER``."""
    rows = _filtered(Exemplar.objects.published(), chosen)
    if chosen.year:
        first = int(chosen.year)
        since, until = (local_moment(date(year, 1, 1)) for year in (first, first + 1))
        rows = rows.filter(published_at__gte=since, published_at__lt=until)
    return _counted(rows).select_related("unit", "field")


def exemplar_get_for(access: Access, public_id: uuid.UUID | str) -> Exemplar:
    """Raises NotVisible, also when the identifier is malformed."""
    return _one(Exemplar.objects.visible_to(access), public_id)


def exemplar_get_public(public_id: uuid.UUID | str) -> Exemplar:
    """Raises NotVisible."""
    return _one(Exemplar.objects.published(), public_id)


def pictures_of(rows: Sequence[Exemplar]) -> dict[int, list[ExemplarPicture]]:
    """Pictures that are shown, by model, in the order in which they came; one query."""
    found: dict[int, list[ExemplarPicture]] = {row.pk: [] for row in rows}
    for picture in ExemplarPicture.objects.filter(exemplar__in=rows, removed_at=None):
        found[picture.exemplar_id].append(picture)
    return found


def picture_get(exemplar: Exemplar, picture: uuid.UUID | str) -> Attachment:
    """The file of a picture that is shown, of a model that the caller may see. Raises
    NotVisible."""
    rows = exemplar.pictures.filter(public_id=picture, removed_at=None)
    found = rows.select_related("attachment").first()
    if found is None:
        raise NotVisible
    return found.attachment


def recognitions_of(exemplar: Exemplar) -> list[Recognition]:
    """Decisions, the first one first, with their files."""
    return list(exemplar.recognitions.select_related("attachment", "by"))


def decision_file_get(exemplar: Exemplar, file_id: uuid.UUID | str) -> Attachment:
    """The file of a decision. Raises NotVisible."""
    found = Attachment.objects.filter(recognition__exemplar=exemplar, public_id=file_id).first()
    if found is None:
        raise NotVisible
    return found


def copies_of(exemplar: Exemplar, among: QuerySet[Exemplar]) -> list[Exemplar]:
    """The copies that the reader may see, by unit."""
    rows = among.filter(source=exemplar).select_related("unit", "field")
    return list(rows.order_by("unit__name", "pk"))


def source_of(exemplar: Exemplar, among: QuerySet[Exemplar]) -> Exemplar | None:
    """The model of which this is a copy, if the reader may see it."""
    if exemplar.source_id is None:
        return None
    return among.filter(pk=exemplar.source_id).select_related("unit").first()


def copies_count(exemplar: Exemplar) -> int:
    """How many units have taken the model over and registered it."""
    return exemplar.copies.filter(state__in=COUNTED).count()


def events_of(exemplar: Exemplar) -> QuerySet[ExemplarEvent]:
    """The history; order: ``EVENT_ORDER``."""
    return exemplar.events.select_related("actor")


def fields_all() -> list[ExemplarField]:
    """Fields in the order of the list."""
    return list(ExemplarField.objects.all())


def units_own(access: Access) -> list[Unit]:
    """Units in whose name the person keeps the register, by name."""
    found = [unit_by_id(pk) for pk in access.standing(Permission.DIRECTIVE_REPORT)]
    return sorted((unit for unit in found if unit is not None), key=lambda unit: unit.full_name)


def units_with(rows: QuerySet[Exemplar]) -> list[Unit]:
    """Units that have a model among these, by name."""
    return list(Unit.objects.filter(pk__in=rows.values("unit_id")).order_by("name", "code"))


def years_of(rows: QuerySet[Exemplar], name: str) -> list[int]:
    """The years in Hà Nội between the first and the last date or moment ``name``, the latest
    first."""
    ends = rows.aggregate(first=Min(name), last=Max(name))
    if ends["first"] is None:
        return []
    first, last = (_local_year(ends[end]) for end in ("first", "last"))
    return list(range(last, first - 1, -1))


def _local_year(value: date | datetime) -> int:
    return (local_date(value) if isinstance(value, datetime) else value).year


def exemplar_counts(access: Access, unit: Unit | None = None) -> dict[str, int]:
    """How many visible models, of a unit or of all, are registered, recognised (or more),
    published, copies, wait for a decision; one query."""
    rows = Exemplar.objects.visible_to(access)
    rows = rows if unit is None else rows.filter(unit=unit)
    return rows.aggregate(
        registered=Count("pk", filter=Q(state__in=COUNTED)),
        waiting=Count("pk", filter=Q(state=ExemplarState.REGISTERED)),
        recognised=Count("pk", filter=~Q(level="")),
        published=Count("pk", filter=Q(state=ExemplarState.PUBLISHED)),
        copies=Count("pk", filter=Q(state__in=COUNTED, source__isnull=False)),
    )


def _filtered(rows: QuerySet[Exemplar], chosen: ExemplarFilter) -> QuerySet[Exemplar]:
    for word in fold(chosen.q).split():
        rows = rows.filter(search_text__contains=word)
    if chosen.field:
        rows = rows.filter(field__code=chosen.field)
    if chosen.unit:
        rows = rows.filter(unit__code=chosen.unit)
    if chosen.copied:
        rows = rows.filter(source__isnull=False)
    return rows


def _counted(rows: QuerySet[Exemplar]) -> QuerySet[Exemplar]:
    counted = {"n_copies": Count("copies", filter=Q(copies__state__in=COUNTED))}
    return rows.annotate(**counted)


def _one(rows: QuerySet[Exemplar], public_id: uuid.UUID | str) -> Exemplar:
    found = rows.select_related("unit", "field").filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found
