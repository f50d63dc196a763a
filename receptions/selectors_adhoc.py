"""Live cases of a unit that ask for an ad hoc reception, for one reader."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.access import Access
from common.time import local_date, local_moment, now, today
from communes.models import Unit
from petitions.enums import Flag, Kind, OutcomeKind
from petitions.flags import Facts, final_date
from petitions.models import Case, Letter, Outcome
from petitions.workflow import Status
from receptions.adhoc import COMPLEX, CaseFacts, Reason, least_of, reasons
from receptions.enums import SessionKind, SessionStatus
from receptions.models import Registration
from receptions.policies import can_plan_sessions
from receptions.quotas import LEADS_CITY

LOOKED_AT = 200
PLANNED = (SessionStatus.DRAFT, SessionStatus.PUBLISHED)
# Every mark that a rule may follow from; 5 people and more are marked when the petition comes.
MARKS = [Flag.COLLECTIVE.value, *sorted(COMPLEX)]


class Proposed(NamedTuple):
    """A case with why it asks for a reception; ``trigger`` is that of the first reason."""

    case: Case
    reasons: list[Reason]

    @property
    def trigger(self) -> str:
        return self.reasons[0].trigger.value


def ad_hoc_cases(access: Access, unit: Unit, most: int) -> list[Proposed]:
    """Cases of a unit that ask for an ad hoc reception, those with the most reasons first; for the
    City's secretary and chair also those of every unit that were put before the City.

    For whoever plans there, of cases that the person may see: a denunciation that stays hidden is
    neither listed nor counted. Cases that are brought to a coming ad hoc session already are left
    out. Five queries at most.
    """
    if can_plan_sessions(access, unit.pk) is not None:
        return []
    cases = list(_candidates(access, unit))
    facts = case_facts(access, cases)
    found = []
    for case in cases:
        why = reasons(facts[case.pk], today())
        if why:
            found.append(Proposed(case, why))
    return sorted(found, key=lambda one: (-len(one.reasons), one.case.pk))[:most]


def case_facts(access: Access, cases: Sequence[Case]) -> dict[int, CaseFacts]:
    """What the rules look at, by case with its unit, as far as the reader sees what follows it;
    three queries at most."""
    joined, finals, letters = _joined(access, cases), _finals(cases), _letters(cases)
    return {
        case.pk: _facts(case, letters[case.pk], joined[case.pk], finals.get(case.pk))
        for case in cases
    }


def wanted(access: Access, scope: Q, followed_since: dt.date | None = None) -> QuerySet[Case, Any]:
    """Keys of the cases of a scope for which a rule may hold: late, marked and followed ones, each
    by an index of its own. ``followed_since``: of closed cases only those that a petition followed
    from this local date on."""
    late = Q(due_on__lt=today() - dt.timedelta(days=least_of("days_overdue") - 1))
    late |= Q(due_on__lt=today(), escalation_level__gte=least_of("escalated_overdue"))
    mine = Case.objects.filter(scope)
    marked = mine.filter(~Q(flags=[]), closed_at=None, flags__overlap=MARKS)
    followers = Case.objects.visible_to(access).filter(
        status=Status.DUPLICATE.value, merged_into__in=mine.values("pk")
    )
    if followed_since is not None:
        came = Q(submitted_at__gte=local_moment(followed_since))
        followers = followers.filter(came | Q(merged_into__closed_at=None))
    return (
        mine.filter(late).values("pk").union(marked.values("pk"), followers.values("merged_into"))
    )


def _scope(unit: Unit) -> Q:
    """Whose cases are a leader's: those of the unit; the City's leaders hear those of all units
    that went so far up that the rule about steps speaks of them (``data/ad_hoc.csv``)."""
    own = Q(unit=unit)
    if unit.code not in LEADS_CITY:
        return own
    return own | Q(escalation_level__gte=least_of("escalated_overdue"))


def _candidates(access: Access, unit: Unit) -> QuerySet[Case]:
    """Cases for which a rule may hold, the most escalated first."""
    # A denunciation that disappeared from the list would tell who wrote it
    coming = Registration.objects.filter(
        case__isnull=False,
        session__kind=SessionKind.AD_HOC,
        session__status__in=PLANNED,
        session__starts_at__gt=now(),
    ).exclude(case__kind=Kind.DENUNCIATION)
    rows = Case.objects.visible_to(access).filter(_scope(unit), pk__in=wanted(access, _scope(unit)))
    rows = rows.exclude(pk__in=coming.values("case")).exclude(status=Status.DUPLICATE.value)
    ordered = rows.order_by("-escalation_level", "due_on", "pk")
    return ordered.select_related("field", "unit")[:LOOKED_AT]


def _joined(access: Access, cases: Sequence[Case]) -> dict[int, list[dt.datetime]]:
    """When the petitions that follow each case came, as far as the reader sees them."""
    rows = Case.objects.visible_to(access).filter(merged_into__in=[case.pk for case in cases])
    found: dict[int, list[dt.datetime]] = defaultdict(list)
    for main, moment in rows.values_list("merged_into", "submitted_at"):
        if main is not None:
            found[main].append(moment)
    return found


def _finals(cases: Iterable[Case]) -> dict[int, dt.date]:
    """Since when the decision of a closed complaint is legally final."""
    closed = {case.pk: case for case in cases if not case.is_open and case.kind == Kind.COMPLAINT}
    issued = Outcome.objects.filter(
        case__in=closed, kind=OutcomeKind.DECISION, issued_on__isnull=False
    )
    newest: dict[int, dt.date] = {}
    for key, day in issued.values_list("case", "issued_on"):
        if day is not None:
            newest[key] = max(day, newest.get(key, day))
    return {
        key: final_date(day, is_remote=closed[key].unit.is_remote) for key, day in newest.items()
    }


def _letters(cases: Sequence[Case]) -> dict[int, list[tuple[int, dt.datetime]]]:
    """People behind each letter of a case and when it came, oldest first."""
    rows = Letter.objects.filter(case__in=[case.pk for case in cases]).order_by("pk")
    found: dict[int, list[tuple[int, dt.datetime]]] = defaultdict(list)
    for case, people, moment in rows.values_list("case", "people", "submitted_at"):
        found[case].append((people, moment))
    return found


def _facts(
    case: Case,
    letters: list[tuple[int, dt.datetime]],
    joined: list[dt.datetime],
    final_on: dt.date | None,
) -> CaseFacts:
    written = [moment for _people, moment in letters[1:]] + joined
    past = final_on if final_on and final_on <= today() else None
    marks = Facts(final_on=past, letters_on=tuple(sorted(map(local_date, written))))
    return CaseFacts(
        people=max((people for people, _moment in letters), default=1),
        letters=len(letters) + len(joined),
        flags=frozenset(case.flags),
        due_on=case.due_on,
        escalation_level=case.escalation_level,
        marks=marks,
    )
