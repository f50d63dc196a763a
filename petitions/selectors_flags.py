"""The facts that the computed marks of a case follow from, for one reader."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Q

from accounts.access import Access
from accounts.roles import Permission
from common.time import local_date, today
from communes.models import Unit
from communes.selectors import unit_by_id
from petitions.enums import Kind, OutcomeKind
from petitions.flags import Below, Facts, final_date
from petitions.models import Case, Letter, Outcome
from petitions.selectors_similar import Similar


def facts_of(
    access: Access,
    case: Case,
    letters: Sequence[Letter],
    outcomes: Sequence[Outcome],
    similar: Sequence[Similar],
) -> Facts:
    """Facts from what the page has read already, and one query for the visits.

    ``similar`` must be what ``similar_letters`` gave the same reader.
    """
    again = [found.case for found in similar if found.is_duplicate]
    written = [letter.submitted_at for letter in letters[1:]] + [c.submitted_at for c in again]
    return Facts(
        people=max((letter.people for letter in letters), default=1),
        letters=len(letters),
        visits=_visits(case),
        duplicates=tuple(other.code for other in again),
        is_sent_to_city=any(not letter.addressed_unit.is_commune_level for letter in letters),
        below=_below(access, case, again),
        final_on=_final_on(case, outcomes),
        letters_on=tuple(sorted(local_date(moment) for moment in written)),
    )


def _visits(case: Case) -> int:
    """Receptions at which the case was brought up: what a visit made or joined goes before what
    was linked when the visitor registered, unless that is a denunciation, which shows nowhere."""
    made = Q(registrations__visit__case=None) | (
        Q(registrations__visit__case__kind=Kind.DENUNCIATION)
        & ~Q(registrations__visit__case=case.pk)
    )
    linked = Q(registrations__visit__isnull=False) & made
    counted = Case.objects.filter(pk=case.pk).aggregate(
        own=Count("visits", distinct=True),
        linked=Count("registrations", filter=linked, distinct=True),
    )
    return int(counted["own"] + counted["linked"])


def _below(access: Access, case: Case, again: Sequence[Case]) -> Below:
    """Only first complaints have a competent unit that the letter itself names: the one whose
    decision or act it is about. Whoever does not see that unit's cases cannot tell.
    """
    is_first = case.kind == Kind.COMPLAINT and case.instance == 1
    unit = unit_by_id(case.respondent_unit_id) if is_first and case.respondent_unit_id else None
    if unit is None or not unit.is_commune_level or not _sees(access, unit):
        return Below.UNKNOWN
    there = [other for other in again if other.unit_id == unit.pk]
    if not there:
        return Below.NOTHING
    return Below.WITHIN_LIMIT if any(map(_is_in_time, there)) else Below.LATE_OR_DONE


def _sees(access: Access, unit: Unit) -> bool:
    return access.has(Permission.CASE_VIEW, unit.pk)


def _is_in_time(case: Case) -> bool:
    return case.is_open and (case.due_on is None or case.due_on >= today())


def _final_on(case: Case, outcomes: Sequence[Outcome]) -> dt.date | None:
    """Since when the decision of a closed complaint is legally final; no other kind ever is."""
    issued = [o.issued_on for o in outcomes if o.kind == OutcomeKind.DECISION and o.issued_on]
    if case.is_open or case.kind != Kind.COMPLAINT or not issued:
        return None
    final_on = final_date(max(issued), is_remote=case.unit.is_remote)
    return final_on if final_on <= today() else None
