"""Reading cases on behalf of a person. Everything starts from ``visible_to``."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from common.api import Keyset
from common.codes import code_clean
from common.crypto import unseal
from common.errors import NotVisible
from common.text import fold, storable
from common.time import today
from communes.selectors import unit_by_code
from deadlines.models import Clock, ClockState
from petitions.guards import first_refusal
from petitions.models import (
    Case,
    CaseClock,
    CaseEvent,
    IdentityOpening,
    InboxStart,
    Letter,
    Party,
    SavedFilter,
    SealedIdentity,
)
from petitions.models.case import CaseQuerySet
from petitions.models.events import LOOKED
from petitions.policies import may_act, may_review_openings
from petitions.references import field_by_code
from petitions.selectors_public import CODE_PREFIX
from petitions.workflow import AWAITING_HEAD, transitions_from

# due_on may be null, which a keyset cannot order by: "by due date" lists only cases that have one.
ORDERINGS = {
    "-submitted_at": Keyset("-submitted_at", "-id"),
    "submitted_at": Keyset("submitted_at", "id"),
    "due_on": Keyset("due_on", "id"),
    "-due_on": Keyset("-due_on", "-id"),
}


def case_get_for(access: Access, code: str) -> Case:
    """The case with this code, or the case of the letter with this code. Raises NotVisible."""
    code = storable(code)
    visible = Case.objects.visible_to(access).with_list_data()
    case = visible.filter(code=code).first() or visible.filter(letters__code=code).first()
    if case is None:
        raise NotVisible
    return case


def case_list_for(access: Access, filters: Mapping[str, Any]) -> CaseQuerySet:
    """The reader's cases narrowed by checked filters (``petitions.filters``); with ``forwarded``
    those that wait to be accepted by the reader's unit."""
    seen = Case.objects.offered_to if filters.get("forwarded") else Case.objects.held_for
    rows = seen(access).with_list_data()
    for name, value in filters.items():
        if value is not None and value != "":
            rows = _FILTERS[name](rows, value)
    return rows


def _search(rows: CaseQuerySet, text: str) -> CaseQuerySet:
    """A whole code, a number of the register, or words of the subject, accents or not."""
    code = code_clean(text, CODE_PREFIX)
    if code is not None:
        letters = Letter.objects.filter(code=code)
        return rows.filter(Q(code=code) | Q(pk__in=letters.values("case_id")))
    words = fold(text)
    number, _slash, year = words.partition("/")
    if number.strip().isdecimal() and len(number) <= 9:
        return rows.filter(pk__in=_numbered(int(number), year.strip(), words))
    vector = SearchVector("search_text", config="simple")
    return rows.annotate(words=vector).filter(words=_query(words))


def _query(words: str) -> SearchQuery:
    return SearchQuery(words, config="simple", search_type="plain")


def _numbered(number: int, year: str, words: str) -> QuerySet[Any, Any]:
    """Cases with this number in a register, or in the words of their subject."""
    register = Letter.objects.filter(register_number=number)
    if year.isdecimal() and len(year) == 4:
        return register.filter(register_year=int(year)).values("case_id")
    vector = SearchVector("search_text", config="simple")
    named = Case.objects.annotate(words=vector).filter(words=_query(words))
    return register.values("case_id").union(named.values("id"))


def _overdue(rows: CaseQuerySet, value: bool) -> CaseQuerySet:
    """Past its date, or everything else; a closed case has none (a check of the table)."""
    day = today()
    return rows.filter(due_on__lt=day) if value else rows.exclude(due_on__lt=day)


def _key(found: Model | None) -> int:
    """A primary key, or one that nothing has."""
    return int(found.pk) if found else 0


def _officer(username: str) -> User | None:
    return User.objects.filter(username=username).only("pk").first()


_NOT_ESCALATED = Q(escalation_level=0)
_FILTERS: dict[str, Any] = {
    "forwarded": lambda rows, v: rows,
    "status": lambda rows, v: rows.filter(status=v),
    "kind": lambda rows, v: rows.filter(kind=v),
    # A key, not a join: an index that starts with it then gives the list in its order.
    "field": lambda rows, v: rows.filter(field_id=_key(field_by_code(v))),
    "unit": lambda rows, v: rows.filter(unit_id=_key(unit_by_code(v))),
    "assignee": lambda rows, v: rows.filter(assignee_id=_key(_officer(v))),
    "due_before": lambda rows, v: rows.filter(due_on__lt=v),
    "overdue": _overdue,
    "escalation_level": lambda rows, v: rows.filter(escalation_level=v),
    "escalated": lambda rows, v: rows.filter(Q(escalation_level__gt=0) if v else _NOT_ESCALATED),
    "due_after": lambda rows, v: rows.filter(due_on__gte=v),
    # The second condition is implied; it names the index of a unit's marked cases.
    "unassigned": lambda rows, v: rows.filter(assignee_id__isnull=v),
    "approval": lambda rows, v: (
        rows.filter(status__in=AWAITING_HEAD) if v else rows.exclude(status__in=AWAITING_HEAD)
    ),
    "citizen_wrote": lambda rows, v: rows.filter(citizen_wrote_at__isnull=not v),
    "flag": lambda rows, v: rows.filter(flags__contains=[v]).exclude(flags=[]),
    "q": _search,
    "received_after": lambda rows, v: rows.filter(submitted_at__gte=v),
    "received_before": lambda rows, v: rows.filter(submitted_at__lt=v),
    "open": lambda rows, v: rows.filter(closed_at__isnull=v),
}


def saved_filters_for(access: Access) -> QuerySet[SavedFilter]:
    """The reader's own filters, then those that the reader's units keep for everybody;
    ``is_start``: the reader's inbox opens with it."""
    mine = Q(owner_id=access.user_id, unit=None)
    units = access.units(Permission.CASE_VIEW)
    start = InboxStart.objects.filter(Q(filter=OuterRef("pk"), user_id=access.user_id))
    rows = SavedFilter.objects.filter(mine | Q(unit_id__in=units))
    return rows.annotate(is_start=Exists(start)).order_by(
        F("unit").asc(nulls_first=True), "name", "id"
    )


def case_clocks(case: Case) -> list[CaseClock]:
    return list(CaseClock.objects.select_related("clock").filter(case=case).order_by("id"))


def nearest_clocks(cases: Iterable[Case]) -> dict[int, Clock]:
    """By case, the running clock that ends first: the one whose date is ``due_on``. One query."""
    links = (
        CaseClock.objects.filter(case__in=list(cases), clock__state=ClockState.RUNNING)
        .select_related("clock")
        .defer("clock__derivation", "clock__step_moments")
        .order_by("-clock__due_on", "-id")
    )
    return {link.case_id: link.clock for link in links}


def case_letters(case: Case) -> list[Letter]:
    return list(
        Letter.objects.filter(case=case)
        .select_related("addressed_unit")
        .prefetch_related("attachments")
        .order_by("id")
    )


def case_events(access: Access, case: Case) -> QuerySet[CaseEvent]:
    """The history as the reader may know it: who looked at what is sealed stands there for
    whoever decides in the unit, and for the one who looked."""
    rows = case.events.select_related("actor")
    if may_review_openings(access, case):
        return rows
    return rows.filter(~Q(action__in=LOOKED) | Q(actor_id=access.user_id))


def events_numbered(rows: QuerySet[CaseEvent]) -> QuerySet[CaseEvent]:
    """With ``place``: 1, 2, 3 … of what the reader sees, so that no gap tells of what he does
    not. For whoever sees everything it is the number in the chain."""
    return rows.annotate(place=Window(RowNumber(), order_by=F("sequence").asc()))


def case_parties(case: Case) -> list[Party]:
    """Parties of all letters with their sealed identities, petitioners first."""
    return list(
        Party.objects.filter(letter__case=case)
        .select_related("identity", "unit")
        .order_by("role", "letter_id", "number")
    )


def identity_openings(case: Case) -> list[IdentityOpening]:
    """Every opening of a protected identity of the case, newest first."""
    return list(
        IdentityOpening.objects.filter(identity__party__letter__case=case)
        .select_related("by", "identity__party")
        .order_by("-at", "-id")
    )


def identity_read(identity: SealedIdentity) -> dict[str, Any]:
    """The personal data of a party whose identity is not protected.

    Raises NotVisible for a protected one: that needs ``identity_open`` with a reason.
    """
    if identity.is_protected:
        raise NotVisible
    return identity_unseal(identity)


def identity_unseal(identity: SealedIdentity) -> dict[str, Any]:
    """Decrypt what the first ring opens; callers have checked the right and, where protected,
    recorded the opening. Raises KeyError for a box of the vault."""
    return unseal(identity.key_version, identity.box, context=identity.context)


def available_actions(access: Access, case: Case) -> list[dict[str, Any]]:
    """Every action of the table for this state, whether allowed and, if not, why."""
    found = []
    for row in transitions_from(case.status, case.kind):
        refusal = may_act(access, case, row) or first_refusal(row.guards, case, today())
        found.append({"row": row, "allowed": refusal is None, "why_not": refusal})
    return found
