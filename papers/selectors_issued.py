"""Papers that a unit has issued, in their order: what its outgoing book and its prints are made of."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_moment
from communes.models import Unit
from papers.catalogue import KINDS
from papers.enums import PaperState
from papers.kinds import Signer
from papers.models import Paper
from papers.policies import may_read
from petitions.enums import Kind
from petitions.models import Case


def papers_issued(
    unit: Unit, since: dt.date, until: dt.date, *, is_sealed: bool
) -> QuerySet[Paper]:
    """What the unit issued between two Hà Nội dates, both included, void and replaced ones among
    them. Those of denunciations are numbered in books of their own, and never stand with others."""
    rows = Paper.objects.filter(
        unit=unit,
        number__isnull=False,
        issued_at__gte=local_moment(since),
        issued_at__lt=local_moment(until + dt.timedelta(days=1)),
    )
    of_denunciations = {"case__kind": Kind.DENUNCIATION}
    return rows.filter(**of_denunciations) if is_sealed else rows.exclude(**of_denunciations)


def signer_name(paper: Paper) -> str:
    """Whose name stands below an issued paper."""
    is_drafters = KINDS[paper.kind].signer is Signer.DRAFTER
    who = paper.drafted_by if is_drafters else paper.issued_by
    return who.full_name if who else ""


def papers_readable(access: Access, rows: QuerySet[Paper]) -> list[Paper]:
    """Those whose case the person sees and whose words the person reads, in the order of their
    issue. One query."""
    found = rows.filter(case__in=Case.objects.visible_to(access)).defer("box")
    return [
        paper
        for paper in found.select_related("case", "file").order_by("issued_at", "id")
        if may_read(access, paper.case, paper) is None
    ]


def papers_printable(access: Access, rows: QuerySet[Paper]) -> list[Paper]:
    """The same of those in force. One query."""
    return papers_readable(access, rows.filter(state=PaperState.ISSUED))


def papers_replaced_by(papers: Iterable[Paper]) -> dict[int, str]:
    """The numbers of the papers that replace these, by what they replace; a void one only where
    there is no other. One query."""
    later = Paper.objects.filter(replaces__in=[paper.pk for paper in papers], number__isnull=False)
    later = later.alias(is_void=Q(state=PaperState.VOIDED)).order_by("-is_void", "id")
    return dict(later.values_list("replaces_id", "shown_number"))


def standing(paper: Paper, replaced_by: str, *, with_reason: bool = True) -> str:
    """Whether an issued paper is in force, and what ended it, in words."""
    if paper.state == PaperState.VOIDED:
        said = capfirst(str(PaperState.VOIDED.label))
        return f"{said}: {paper.void_reason}" if with_reason else said
    if paper.state == PaperState.REPLACED:
        return _("Replaced by %(number)s") % {"number": replaced_by}
    return _("In force")
