"""What the rules look at, read from live cases. No denunciation takes part, whoever asks: the
sight used here has no permission on any."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from accounts.access import Access
from accounts.roles import Permission
from common.time import HANOI, local_date, local_moment
from communes.enums import COMMUNE_LEVEL
from communes.selectors import units_folded, units_in_force
from early_warning.models import LandProjectUnit, ProjectCase, ProjectStage
from early_warning.rules import (
    BEFORE_WINDOWS,
    CaseMatter,
    Matter,
    Measure,
    PlaceMatter,
    Rule,
    Scope,
    Span,
    StageMatter,
)
from petitions.enums import Kind
from petitions.flags import Below, Facts, bypassing
from petitions.models import Case, LetterSignature
from receptions.adhoc import CaseFacts, measured, reasons
from receptions.selectors_adhoc import case_facts, wanted

# Sees every ordinary case and no denunciation, as ``visible_to`` says.
SIGHT = Access(city=frozenset({Permission.CASE_VIEW}))
# Days for which the signal of a stage is looked at after the window of its rule.
STAGE_TAIL = 60
# For so long after the last letter that follows it, a closed case is looked at.
FOLLOWED_DAYS = 92
CASE_MEASURES = tuple(
    measure
    for measure in (
        Measure.PEOPLE,
        Measure.LETTERS,
        Measure.DAYS_OVERDUE,
        Measure.ESCALATED_OVERDUE,
    )
)


def matters_for(rules: Sequence[Rule], on: dt.date, *, back: int = 0) -> list[Matter]:
    """Every matter that the rules look at on a local date and up to ``back`` days before it; the
    number of queries does not depend on the number of cases."""
    scopes = {rule.scope for rule in rules}
    window = max((rule.window for rule in rules), default=0)
    found: list[Matter] = []
    if Scope.CASE in scopes:
        found += case_matters(on)
    if Scope.PLACE in scopes:
        found += place_matters(on - dt.timedelta(days=back + (BEFORE_WINDOWS + 1) * window), on)
    if Scope.STAGE in scopes:
        found += stage_matters(on - dt.timedelta(days=back + window + STAGE_TAIL))
    return found


def case_matters(on: dt.date) -> list[CaseMatter]:
    """Cases for which a rule may hold as they are now, of closed ones those that letters still
    follow; four queries. What an ended unit closed is a matter of the unit that keeps its files."""
    keys = wanted(SIGHT, Q(), followed_since=on - dt.timedelta(days=FOLLOWED_DAYS))
    rows = Case.objects.visible_to(SIGHT).filter(pk__in=keys)
    cases = list(rows.select_related("field", "unit").order_by("pk"))
    facts, folded = case_facts(SIGHT, cases), units_folded()
    return [
        CaseMatter(
            case.pk,
            folded.get(case.unit_id, case.unit_id),
            case.field.code,
            _values(case, facts[case.pk], on),
        )
        for case in cases
    ]


def _values(case: Case, facts: CaseFacts, on: dt.date) -> dict[str, int]:
    """By measure; of a closed case only what still comes in."""
    found = {Measure.PROLONGED.value: measured(Measure.PROLONGED.value, facts, on)}
    if case.is_open:
        found |= {one.value: measured(one.value, facts, on) for one in CASE_MEASURES}
        found[Measure.TRAITS.value] = len({why.trigger for why in reasons(facts, on)})
    return found


@dataclass
class _Place:
    spans: list[Span] = field(default_factory=list)
    sent_up: list[dt.date] = field(default_factory=list)


def place_matters(since: dt.date, on: dt.date) -> list[PlaceMatter]:
    """Petitions by ward or commune in force and subject field that came from a local date on.
    Those of a unit that is no more count where its files are kept: a reform alone is no rise."""
    places: dict[tuple[int, str], _Place] = defaultdict(_Place)
    folded, there = units_folded(), {unit.pk for unit in units_in_force()}
    for unit, code, came_on, closed_on, count in _arrivals(since):
        span = Span(came_on, closed_on, count)
        places[folded.get(unit, unit), code].spans.append(span)
    for unit, code, came_on in _sent_up(since, on, folded):
        places[unit, code].sent_up.append(came_on)
    return [
        PlaceMatter(unit, code, tuple(place.spans), tuple(place.sent_up))
        for (unit, code), place in sorted(places.items())
        if unit in there
    ]


def _arrivals(since: dt.date) -> Iterable[tuple[int, str, dt.date, dt.date | None, int]]:
    rows = Case.objects.visible_to(SIGHT).filter(submitted_at__gte=local_moment(since))
    return (
        rows.filter(unit__kind__in=COMMUNE_LEVEL)
        .order_by()
        .values_list(
            "unit_id",
            "field__code",
            TruncDate("submitted_at", tzinfo=HANOI),
            TruncDate("closed_at", tzinfo=HANOI),
            Count("pk"),
        )
    )


class _Sent(NamedTuple):
    """A first complaint about a ward's or commune's own decision that the City was sent."""

    case: int
    unit: int
    field: str
    came_on: dt.date


def _sent_up(
    since: dt.date, on: dt.date, folded: Mapping[int, int]
) -> list[tuple[int, str, dt.date]]:
    """Complaints that went past the unit whose decision they are about, by the petitions' own
    rule: the unit has no case of that person, or is within its limit."""
    sent = _sent(since, folded)
    below = _cases_below(sent, on, folded)
    found = []
    for one in sent:
        facts = Facts(is_sent_to_city=True, below=below.get(one.case, Below.NOTHING))
        if bypassing(facts) is not None:
            found.append((one.unit, one.field, one.came_on))
    return found


def _sent(since: dt.date, folded: Mapping[int, int]) -> list[_Sent]:
    """What the petitioner sent to the City. A case whose letter was copied from another (a
    forwarding, a part) is the same complaint, or one that came to the ward and was sent on."""
    rows = Case.objects.visible_to(SIGHT).filter(
        submitted_at__gte=local_moment(since),
        kind=Kind.COMPLAINT,
        instance=1,
        respondent_unit__kind__in=COMMUNE_LEVEL,
    )
    to_city = rows.exclude(letters__addressed_unit__kind__in=COMMUNE_LEVEL)
    first = to_city.exclude(letters__origin__isnull=False)
    listed = first.order_by("pk").values_list(
        "pk", "respondent_unit_id", "field__code", "submitted_at"
    )
    return [
        _Sent(key, folded.get(unit, unit), code, local_date(moment))
        for key, unit, code, moment in listed
        if unit
    ]


def _cases_below(sent: Sequence[_Sent], on: dt.date, folded: Mapping[int, int]) -> dict[int, Below]:
    """What the unit has of the same people on any matter; compared by HMACs, which of
    denunciations are made for another purpose and never meet these."""
    people: dict[int, set[int]] = defaultdict(set)
    rows = LetterSignature.objects.filter(letter__case__in=[one.case for one in sent])
    for case, hashes in rows.values_list("letter__case_id", "identity_hashes"):
        people[case].update(hashes)
    every = sorted(set().union(*people.values())) if people else []
    if not every:
        return {}
    there: dict[tuple[int, int], list[bool]] = defaultdict(list)
    units = {one.unit for one in sent}
    past = {old for old, unit in folded.items() if unit in units}
    for unit, hashes, is_in_time in _held_below(every, units | past, on):
        for number in hashes:
            there[folded.get(unit, unit), number].append(is_in_time)
    return {one.case: _below(there, one, people[one.case]) for one in sent}


def _held_below(
    hashes: Sequence[int], units: Iterable[int], on: dt.date
) -> list[tuple[int, list[int], bool]]:
    """Cases of the units with one of the people: unit, people, whether it is open and in time."""
    rows = LetterSignature.objects.filter(
        identity_hashes__overlap=list(hashes),
        letter__case__in=Case.objects.visible_to(SIGHT).filter(unit_id__in=list(units)),
    )
    listed = rows.values_list(
        "letter__case__unit_id",
        "identity_hashes",
        "letter__case__closed_at",
        "letter__case__due_on",
    )
    return [
        (unit, hashes_, closed_at is None and (due_on is None or due_on >= on))
        for unit, hashes_, closed_at, due_on in listed
    ]


def _below(there: dict[tuple[int, int], list[bool]], one: _Sent, people: Iterable[int]) -> Below:
    known = [state for number in people for state in there.get((one.unit, number), ())]
    if not known:
        return Below.NOTHING
    return Below.WITHIN_LIMIT if any(known) else Below.LATE_OR_DONE


def stage_matters(since: dt.date) -> list[StageMatter]:
    """Stages of land projects done from a local date on, with the petitions linked to them and the
    other stages done. The signal goes to the unit that most of these concern; three queries."""
    recent = ProjectStage.objects.filter(done_on__gte=since).values("project")
    done = ProjectStage.objects.filter(project__in=recent, done_on__isnull=False)
    stages = list(done.order_by("project_id", "position"))
    projects = {stage.project_id for stage in stages}
    folded = units_folded()
    days: dict[int, list[dt.date]] = defaultdict(list)
    units: dict[int, list[int]] = defaultdict(list)
    links = ProjectCase.objects.counted().filter(project_id__in=projects)
    for project, unit, moment in links.values_list(
        "project_id", "case__unit_id", "case__submitted_at"
    ):
        days[project].append(local_date(moment))
        units[project].append(folded.get(unit, unit))
    places, around = _places(projects), _around(stages)
    return [
        StageMatter(
            project=stage.project_id,
            stage=stage.pk,
            unit=_foremost(units[stage.project_id], places[stage.project_id]),
            done_on=stage.done_on,
            came_on=tuple(sorted(days[stage.project_id])),
            earlier=around[stage.pk][0],
            later=around[stage.pk][1],
            places=tuple(places[stage.project_id]),
        )
        for stage in stages
        if stage.done_on is not None and stage.done_on >= since and places.get(stage.project_id)
    ]


def _around(
    stages: Sequence[ProjectStage],
) -> dict[int, tuple[tuple[dt.date, ...], tuple[dt.date, ...]]]:
    """Local dates of the stages of the same project done before and after each, in their order;
    ``stages`` are done and stand by project and position."""
    found: dict[int, tuple[tuple[dt.date, ...], tuple[dt.date, ...]]] = {}
    for _project, own in groupby(stages, key=lambda stage: stage.project_id):
        rows = list(own)
        days = tuple(row.done_on for row in rows if row.done_on is not None)
        found |= {row.pk: (days[:n], days[n + 1 :]) for n, row in enumerate(rows)}
    return found


def _places(projects: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = LandProjectUnit.objects.filter(project_id__in=list(projects)).order_by("unit__code")
    for project, unit in rows.values_list("project_id", "unit_id"):
        found[project].append(unit)
    return found


def _foremost(seen: Sequence[int], places: Sequence[int]) -> int:
    """The place of the project that most petitions are held in, else its first."""
    return max(places, key=lambda unit: (seen.count(unit), -places.index(unit)))
