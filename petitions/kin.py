"""What a case has to do with others, as far as the reader sees them; and its way between bodies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from petitions.grounds import REVERSED, Relation, ReturnGround
from petitions.models import Case, CaseLink, Forwarding, Letter
from petitions.workflow import status_label


@dataclass(frozen=True)
class Kin:
    """Another case and what it is to this one, in words."""

    words: str
    case: Case
    status: str


@dataclass(frozen=True)
class Hop:
    """One sending on: to whom, and what became of it."""

    forwarding: Forwarding
    state: str


def case_kin(access: Access, case: Case) -> list[Kin]:
    """The linked cases that the reader may see, in the order of linking: two queries."""
    links = list(CaseLink.objects.filter(Q(case=case) | Q(other=case)))
    ids = {link.other_id if link.case_id == case.pk else link.case_id for link in links}
    if not ids:
        return []
    seen = Case.objects.visible_to(access).with_list_data().in_bulk(ids)
    opens = access.units(Permission.IDENTITY_OPEN)
    seen = {pk: other for pk, other in seen.items() if _may_tie(case, other, opens)}
    return [kin for link in links for kin in _kin(link, case, seen)]


def _may_tie(case: Case, other: Case, opens: frozenset[int]) -> bool:
    """A denunciation beside an open petition names its writer: only for who may open him."""
    if case.is_denunciation == other.is_denunciation:
        return True
    sealed = case if case.is_denunciation else other
    return sealed.unit_id in opens


def linked_ids(case: Case) -> set[int]:
    """Keys of every case that is linked with this one, whoever sees it: one query."""
    pairs = CaseLink.objects.filter(Q(case=case) | Q(other=case)).values_list("case_id", "other_id")
    return {pk for pair in pairs for pk in pair}


def _kin(link: CaseLink, case: Case, seen: dict[int, Case]) -> Iterable[Kin]:
    is_own = link.case_id == case.pk
    other = seen.get(link.other_id if is_own else link.case_id)
    if other is not None:
        relation = Relation(link.relation)
        words = relation.label if is_own else REVERSED[relation]
        yield Kin(str(words), other, _(status_label(other.status)))


def case_hops(case: Case) -> list[Hop]:
    """Where the petition was sent on to, or came from, the oldest first: one query."""
    rows = Forwarding.objects.filter(Q(case=case) | Q(new_case=case))
    return [Hop(row, _hop_state(row)) for row in rows.select_related("from_unit", "to_unit")]


def _hop_state(row: Forwarding) -> str:
    if row.answered_at is None:
        return _("waiting for the receiver; the sender stays responsible")
    if row.return_ground:
        return _("given back: %(ground)s") % {"ground": ReturnGround(row.return_ground).label}
    return _("accepted by the receiver")


@dataclass(frozen=True)
class Elsewhere:
    """Where a petition goes on, for the petitioner: the body and the state, nothing else."""

    case: Case
    status: str


def goes_on_at(letter: Letter) -> list[Elsewhere]:
    """Cases that grew out of the petitioner's letter, and the one that a duplicate follows."""
    ids = [*Letter.objects.filter(origin=letter).values_list("case_id", flat=True)]
    if letter.case.merged_into_id is not None:
        ids.append(letter.case.merged_into_id)
    rows = Case.objects.filter(pk__in=ids).select_related("unit").order_by("submitted_at", "id")
    return [Elsewhere(case, _(status_label(case.status))) for case in rows]
