"""The cases' side of escalation: what a clock of a case means to the sweep.

Locks. A transition locks its case and then the case's clocks, and waits for both. The sweep
comes from the other end: it holds clocks and needs their cases. If it waited for a case whose
transition waits for one of these clocks, both would stand still. So it never waits: clocks and
cases are taken with SKIP LOCKED, and a clock whose case somebody else holds is ``busy`` and left
for the next pass. A transition may wait for the sweep, for the length of one batch; never the
other way round. The escalation rows come last in both: answering locks the case first, too.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Stale
from common.history import NewEvent
from escalation.enums import AnswerStep, StepKind
from escalation.registry import Answered, Choice, Claim, Subject, Taken
from notifications.services import NewMessage, outbox_write
from petitions.enums import Kind
from petitions.escalation_answers import case_choices, case_hand_over
from petitions.models import Case, CaseClock, CaseEvent, Forwarding, Letter
from petitions.references import fields_all

ACTIONS = {
    StepKind.REMINDER: "petitions.case.reminded",
    StepKind.ESCALATION: "petitions.case.escalated",
}
ANSWERED = "petitions.case.acknowledged"
_CLAIM = f"""
    SELECT link.clock_id, item.id, item.code, item.assignee_id, item.kind, sender.code
    FROM {CaseClock._meta.db_table} AS link JOIN {Case._meta.db_table} AS item
        ON item.id = link.case_id
    LEFT JOIN {Forwarding._meta.db_table} AS hop ON hop.new_case_id = item.id
    LEFT JOIN {Case._meta.db_table} AS sender ON sender.id = hop.case_id
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
            found = {clock_id: _claimed(*row) for clock_id, *row in cursor.fetchall()}
        missing = [pk for pk in clock_ids if pk not in found]
        busy = _links(missing).values_list("clock_id", flat=True) if missing else ()
        return Claim(found, frozenset(busy))

    def subjects(self, clock_ids: Sequence[int]) -> Mapping[int, Subject]:
        return {link.clock_id: _subject(link.case) for link in _links(clock_ids)}

    def on_steps(self, batch: Sequence[Taken]) -> None:
        """History and level; the version stays, so that no officer's open form goes stale."""
        CaseEvent.append_many([_event(item) for item in batch])
        _tell_petitioners([item for item in batch if item.tells_citizen])
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
            "answer_step": answered.answer_step,
            "until": answered.until.isoformat() if answered.until else "",
        }
        case_id = CaseClock.objects.values_list("case_id", flat=True).get(
            clock_id=answered.clock_id
        )
        CaseEvent.append(NewEvent(case_id, ANSWERED, data, answered.by_id, answered.at))

    def choices(self, access: Access, clock_id: int) -> Sequence[Choice]:
        """Of a case that the person sees; nothing of any other."""
        cases = Case.objects.visible_to(access).filter(clocks__clock_id=clock_id)
        case = cases.select_related("unit").first()
        return case_choices(access, case) if case else []

    def perform(
        self, access: Access, clock_id: int, step: AnswerStep, officer: str, at: dt.datetime
    ) -> None:
        case = Case.objects.select_related("unit").get(clocks__clock_id=clock_id)
        case_hand_over(access=access, case=case, step=step, officer=officer, at=at)

    def narrow(self, kind: str, field_code: str) -> Q:
        found = Q(case_clock__isnull=False)
        if kind:
            found &= Q(case_clock__case__kind=kind)
        else:
            # A difference of two numbers would give theirs (Article 49, Law on Denunciations).
            found &= ~Q(case_clock__case__kind=Kind.DENUNCIATION)
        return found & Q(case_clock__case__field__code=field_code) if field_code else found

    def is_secret_kind(self, kind: str) -> bool:
        return kind == Kind.DENUNCIATION

    def hidden(self, access: Access) -> Q:
        """Denunciations that the person does not see: deputies, the Party secretary."""
        units = {unit for unit, _position in access.positions}
        sees = access.units(Permission.DENUNCIATION_VIEW)
        if Permission.DENUNCIATION_VIEW in access.city or units <= sees:
            return Q()
        seen = Case.objects.visible_to(access)
        secret = Q(clock__case_clock__case__kind=Kind.DENUNCIATION)
        return secret & ~Q(clock__case_clock__case__in=seen)

    def kinds(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Kind.choices]

    def fields(self) -> list[tuple[str, str]]:
        return [(item.code, item.label_vi) for item in fields_all()]


def _links(clock_ids: Sequence[int]) -> QuerySet[CaseClock]:
    return (
        CaseClock.objects.filter(clock_id__in=clock_ids)
        .select_related("case__forwarded_by__case")
        .only(
            "clock_id",
            "case__code",
            "case__assignee_id",
            "case__kind",
            "case__forwarded_by__new_case",
            "case__forwarded_by__case__code",
        )
    )


def _claimed(pk: int, code: str, handler_id: int | None, kind: str, sender: str | None) -> Subject:
    return Subject(
        pk=pk,
        code=code,
        href=_href(code),
        handler_id=handler_id,
        sender_code=sender or "",
        sender_href=_href(sender) if sender else "",
        is_secret=kind == Kind.DENUNCIATION,
    )


def _subject(case: Case) -> Subject:
    hop = getattr(case, "forwarded_by", None)
    sender = hop.case.code if hop else None
    return _claimed(case.pk, case.code, case.assignee_id, case.kind, sender)


def _href(code: str) -> str:
    return _page().replace("CODE", code)


@cache
def _page() -> str:
    """Resolved once: a sweep names a hundred thousand cases."""
    return reverse("cases:case", args=["CODE"])


def _tell_petitioners(batch: Sequence[Taken]) -> None:
    """A limit of the result has passed: which ways are open now stands on the tracking page. One
    query; a denouncer's mail says only that there is news."""
    taken = {item.subject.pk: item for item in batch}
    if not taken:
        return
    letters = Letter.objects.filter(case_id__in=taken, contact_box__isnull=False)
    messages = []
    for letter in letters.select_related("origin", "case__unit").order_by("id"):
        item, own = taken[letter.case_id], letter.origin or letter
        secret = letter.kind == Kind.DENUNCIATION
        # After the second decision only the court is open; the tracking page says which.
        kind = letter.kind if letter.case.instance == 1 else ""
        messages.append(
            NewMessage(
                key=f"letter:{own.code}:overdue:{item.clock_id}.{item.round}",
                template="petition_news" if secret else "petition_overdue",
                params={"code": own.code, "unit": letter.case.unit.full_name, "kind": kind},
                address=letter.contact,
                language=own.language,
            )
        )
    outbox_write(messages, at=batch[0].at, suppress=batch[0].is_quiet)


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
    return NewEvent(taken.subject.pk, ACTIONS[taken.kind], data, taken.by_id, taken.at)
