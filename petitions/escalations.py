"""The cases' side of escalation: what a clock of a case means to the sweep.

Locks. A transition locks its case and then the case's clocks, and waits for both. The sweep
comes from the other end: it holds clocks and needs their cases. If it waited for a case whose
transition waits for one of these clocks, both would stand still. So it never waits: clocks and
cases are taken with SKIP LOCKED, and a clock whose case somebody else holds is ``busy`` and left
for the next pass. A transition may wait for the sweep, for the length of one batch; never the
other way round. The escalation rows come last in both: answering locks the case first, too.
"""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from common.errors import Stale
from common.history import NewEvent
from escalation.enums import StepKind
from escalation.registry import Answered, Claim, Subject, Taken
from petitions.models import Case, CaseClock, CaseEvent

ACTIONS = {
    StepKind.REMINDER: "petitions.case.reminded",
    StepKind.ESCALATION: "petitions.case.escalated",
}
ANSWERED = "petitions.case.acknowledged"
_CLAIM = f"""
    SELECT link.clock_id, item.id, item.code, item.assignee_id
    FROM {CaseClock._meta.db_table} AS link JOIN {Case._meta.db_table} AS item
        ON item.id = link.case_id
    WHERE link.clock_id = ANY(%s)
    ORDER BY item.id, link.id
    FOR NO KEY UPDATE OF item SKIP LOCKED
"""  # noqa: S608 -- the only inserted names are the models' own tables
_RAISE_LEVELS = f"""
    UPDATE {Case._meta.db_table} AS item
    SET escalation_level = greatest(item.escalation_level, v.level)
    FROM unnest(%s::bigint[], %s::int[]) AS v (id, level)
    WHERE item.id = v.id
"""  # noqa: S608


class CaseOwner:
    """Registered in ``escalation.registry`` when the app starts."""

    def claim(self, clock_ids: Sequence[int]) -> Claim:
        """Lock the cases of these clocks, in the order of their keys, without waiting."""
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [list(clock_ids)])
            found = {
                clock_id: Subject(pk=pk, code=code, handler_id=handler_id)
                for clock_id, pk, code, handler_id in cursor.fetchall()
            }
        missing = [pk for pk in clock_ids if pk not in found]
        busy = _links(missing).values_list("clock_id", flat=True) if missing else ()
        return Claim(found, frozenset(busy))

    def subjects(self, clock_ids: Sequence[int]) -> Mapping[int, Subject]:
        return {link.clock_id: _subject(link.case) for link in _links(clock_ids)}

    def on_steps(self, batch: Sequence[Taken]) -> None:
        """History and level; the version stays, so that no officer's open form goes stale."""
        CaseEvent.append_many([_event(item) for item in batch])
        levels: dict[int, int] = {}
        for item in batch:
            levels[item.subject.pk] = max(item.level, levels.get(item.subject.pk, 0))
        with connection.cursor() as cursor:
            cursor.execute(_RAISE_LEVELS, [list(levels), list(levels.values())])

    def hold(self, clock_id: int, version: int | None) -> bool:
        case = (
            Case.objects.filter(clocks__clock_id=clock_id)
            .select_for_update(of=("self",), no_key=True)
            .first()
        )
        if case is not None and version not in (None, case.version):
            raise Stale(extra={"version": case.version, "status": case.status})
        return case is not None

    def on_answer(self, answered: Answered) -> None:
        data = {
            "step": answered.step_code,
            "level": answered.level,
            "unit": answered.unit_code,
            "position": answered.position,
        }
        case_id = CaseClock.objects.values_list("case_id", flat=True).get(
            clock_id=answered.clock_id
        )
        CaseEvent.append(NewEvent(case_id, ANSWERED, data, answered.by_id, answered.at))


def _links(clock_ids: Sequence[int]) -> QuerySet[CaseClock]:
    return (
        CaseClock.objects.filter(clock_id__in=clock_ids)
        .select_related("case")
        .only("clock_id", "case__code", "case__assignee_id")
    )


def _subject(case: Case) -> Subject:
    return Subject(
        pk=case.pk,
        code=case.code,
        href=reverse("cases:case", args=[case.code]),
        handler_id=case.assignee_id,
    )


def _event(taken: Taken) -> NewEvent:
    data = {
        "step": taken.step_code,
        "level": taken.level,
        "rule": taken.rule_code,
        "due_on": taken.due_on.isoformat(),
        "unit": taken.unit_code,
        "position": taken.position,
        "nobody_found": taken.nobody_found,
        "basis": taken.basis,
    }
    return NewEvent(taken.subject.pk, ACTIONS[taken.kind], data, None, taken.at)
