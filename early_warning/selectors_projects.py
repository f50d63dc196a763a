"""Land projects for one reader, and the petitions that concern or may concern them."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible, key_read
from common.text import fold
from common.time import local_date, local_moment, now, today
from communes.models import Unit
from communes.selectors import unit_by_id, units_all
from early_warning.enums import LAND_FIELDS
from early_warning.models import (
    LandProject,
    LandProjectEvent,
    ProjectCase,
    ProjectDialogue,
    ProjectStage,
    Signal,
)
from early_warning.rules import by_week
from petitions.enums import Kind
from petitions.models import Case
from petitions.models.case import CaseQuerySet
from receptions.enums import SessionKind, SessionStatus
from receptions.models import ReceptionSession

LIST_ORDER = Keyset("-created_at", "-id")
SUGGESTED, LOOKED_AT = 10, 200
LINKED_SHOWN = 50
SUGGESTED_DAYS = 365
SESSIONS_SHOWN = 50
# Words that say nothing of which project is meant.
_PLAIN = (
    "so du an xay dung tuyen duong khu vuc doan qua va cua tai thuoc dia ban phuong xa thon to dan"
    " pho moi cai tao nang cap dau tu thanh cum cong trinh giai phong mat bang thu hoi dat"
)
PLAIN_WORDS = frozenset(_PLAIN.split())
WEEKS_BACK = 52


@dataclass(frozen=True)
class ProjectFilter:
    """``q``: words of name or area, folded; ``unit``: a code; ``is_going_on``: not all stages are
    over."""

    q: str = ""
    unit: str = ""
    is_going_on: bool = False


def projects_filtered(access: Access, chosen: ProjectFilter) -> QuerySet[LandProject]:
    """What fits, with stages and places."""
    rows = LandProject.objects.visible_to(access).prefetch_related("stages", "places__unit")
    for word in fold(chosen.q).split():
        rows = rows.filter(search_text__contains=word)
    if chosen.unit:
        rows = rows.filter(places__unit__code=chosen.unit)
    if chosen.is_going_on:
        todo = ProjectStage.objects.filter(project=OuterRef("pk"), done_on=None, skipped_reason="")
        rows = rows.filter(Exists(todo))
    return rows


def project_get_for(access: Access, public_id: uuid.UUID | str) -> LandProject:
    """The project with its places and stages. Raises NotVisible."""
    rows = LandProject.objects.visible_to(access).select_related("decision_file")
    found = (
        rows.prefetch_related("stages", "places__unit")
        .filter(public_id=key_read(public_id))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def places_known(project: LandProject) -> frozenset[int]:
    """Keys of the units of a project that was read with its places."""
    return frozenset(place.unit_id for place in project.places.all())


def units_enterable(access: Access, known: Collection[int] = ()) -> list[Unit]:
    """Wards and communes in force that a project may touch, and the ``known`` ones (keys) that it
    has, by name; one's own first."""
    own, on = access.standing(Permission.DIRECTIVE_REPORT), today()
    units = [
        unit
        for unit in units_all()
        if unit.is_commune_level and (unit.is_in_force(on) or unit.pk in known)
    ]
    return sorted(units, key=lambda unit: (unit.pk not in own, fold(unit.name), unit.code))


def project_units(access: Access) -> list[Unit]:
    """Units of the projects that the reader sees, by name."""
    rows = LandProject.objects.visible_to(access).order_by()
    found = [
        unit_by_id(pk) for pk in rows.values_list("places__unit_id", flat=True).distinct() if pk
    ]
    return sorted((unit for unit in found if unit), key=lambda unit: fold(unit.full_name))


def dialogues_of(project: LandProject) -> list[ProjectDialogue]:
    """Dialogues that count, newest first."""
    rows = project.dialogues.filter(withdrawn_at=None)
    return list(rows.select_related("session", "by", "attachment"))


def dialogue_sessions(project: LandProject) -> list[ReceptionSession]:
    """Dialogues of the project's units in the calendar that have begun, newest first."""
    rows = ReceptionSession.objects.filter(
        unit_id__in=project.places.values("unit_id"),
        kind__in=(SessionKind.DIALOGUE, SessionKind.CONTACT),
        starts_at__lte=now(),
    ).exclude(status__in=(SessionStatus.DRAFT, SessionStatus.MISSED, SessionStatus.CANCELLED))
    return list(rows.select_related("unit").order_by("-starts_at", "-id")[:SESSIONS_SHOWN])


def linkable(access: Access, project: LandProject) -> CaseQuerySet:
    """Ordinary cases of the project's units that the reader sees."""
    units = frozenset(project.places.values_list("unit_id", flat=True))
    seen = (
        units if Permission.CASE_VIEW in access.city else units & access.units(Permission.CASE_VIEW)
    )
    rows = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
    return rows.filter(unit_id__in=seen)


def linked_visible(access: Access, project: LandProject) -> CaseQuerySet:
    """Ordinary cases linked to the project that the reader sees, whichever unit holds them."""
    rows = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
    return rows.filter(land_links__project=project, land_links__removed_at=None)


def linked_cases(access: Access, project: LandProject) -> tuple[list[Case], bool]:
    """Cases linked to the project that the reader may see, newest first, and whether there are
    more than are shown."""
    rows = linked_visible(access, project).select_related("unit", "field")
    ordered = rows.order_by("-submitted_at", "-id")
    found = list(ordered[: LINKED_SHOWN + 1])
    return found[:LINKED_SHOWN], len(found) > LINKED_SHOWN


class Suggestion(NamedTuple):
    """A case that may concern the project: which of its own words the case has, too."""

    case: Case
    words: tuple[str, ...]


def suggestions(access: Access, project: LandProject, on: dt.date) -> list[Suggestion]:
    """Land cases of the project's units within a year that nobody has linked, those that share
    most words with its name and area first. The portal proposes, an officer decides."""
    linked = ProjectCase.objects.filter(case=OuterRef("pk"), removed_at=None)
    since = on - dt.timedelta(days=SUGGESTED_DAYS)
    rows = linkable(access, project).filter(
        ~Exists(linked), field__code__in=LAND_FIELDS, submitted_at__gte=local_moment(since)
    )
    recent = rows.select_related("unit", "field").order_by("-submitted_at", "-id")[:LOOKED_AT]
    words = telling_words(project)
    found = [Suggestion(case, _shared(words, case.search_text)) for case in recent]
    return sorted(found, key=lambda one: -len(one.words))[:SUGGESTED]


def telling_words(project: LandProject) -> tuple[str, ...]:
    """The words of name and area that tell the project from others, folded, without repeats."""
    words = fold(f"{project.name} {project.area}").replace(",", " ").split()
    return tuple(
        dict.fromkeys(
            word
            for word in words
            if word not in PLAIN_WORDS and len(word) > 1 and not word.isdecimal()
        )
    )


def _shared(words: Sequence[str], text: str) -> tuple[str, ...]:
    there = set(fold(text).replace(",", " ").split())
    return tuple(word for word in words if word in there)


class Weeks(NamedTuple):
    """Petitions by week (its Monday), and the stages that were done in between."""

    counts: list[tuple[dt.date, int]]
    stages: list[ProjectStage]


def weeks_of(project: LandProject, on: dt.date) -> Weeks:
    """Petitions linked to a project week by week, from the first stage or petition on, a year at
    most. Counts every ordinary petition, also those that the reader may not open."""
    moments = ProjectCase.objects.counted().filter(project=project)
    days = sorted(local_date(at) for at in moments.values_list("case__submitted_at", flat=True))
    stages = [stage for stage in project.stages.all() if stage.done_on is not None]
    earliest = on - dt.timedelta(weeks=WEEKS_BACK)
    known = [*days[:1], *(stage.done_on for stage in stages if stage.done_on)]
    air = dt.timedelta(days=28)
    first = max(earliest + air, min(known, default=on)) - air
    shown = [stage for stage in stages if stage.done_on and stage.done_on >= first]
    return Weeks(by_week([day for day in days if first <= day <= on], first, on), shown)


def project_events(project: LandProject) -> list[LandProjectEvent]:
    """Its history, newest first."""
    return list(project.events.select_related("actor").order_by("-sequence"))


def signals_of(access: Access, project: LandProject) -> list[Signal]:
    """Signals after stages of the project that the reader may see, newest first."""
    rows = Signal.objects.visible_to(access).filter(project=project).with_list_data()
    return list(rows.order_by("-found_at", "-id"))


def file_of(project: LandProject, file_id: uuid.UUID) -> Attachment:
    """The decision, or the minutes of a dialogue that counts. Raises NotVisible."""
    own = Q(land_project=project) | Q(
        land_dialogue__project=project, land_dialogue__withdrawn_at=None
    )
    found = Attachment.objects.filter(own, public_id=file_id).first()
    if found is None:
        raise NotVisible
    return found
