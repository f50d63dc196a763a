"""Outgoing papers of receptions: conclusion notices; refusals (form 01/TCD) and written notices.

Every row says the same of every visit, whoever reads: number, day, kind, reception, and who came for
those who see visitors. With no word of a paper, no row differs where the visit was about a
denunciation (Articles 47 to 49 of the Law on Denunciations).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from common.time import local_date, local_moment
from communes.models import Unit
from papers.enums import PaperState
from receptions.enums import NoticeState
from receptions.models import ConclusionNotice, ReceptionSession, Registration
from receptions.policies import can_see_visitors, can_view_unit
from receptions.selectors import person_open
from receptions.selectors_register import Entry
from reports.registers import Book, Source

STATE, PARTY, REFUSAL, NOTICE = "conclusion", "conclusion_party", "refusal", "written_notice"
KINDS = {
    Source.CONCLUSIONS: {
        STATE: gettext_lazy("Conclusion notice of a reception"),
        PARTY: gettext_lazy("Conclusion notice of a reception (Party)"),
    },
    Source.VISIT_PAPERS: {
        REFUSAL: gettext_lazy("Notice that somebody is not received (form 01/TCD)"),
        NOTICE: gettext_lazy("Written notice to the visitor"),
    },
}
_REPLACED = {"replaced_by__state": NoticeState.ISSUED}


def conclusions_issued(
    unit: Unit, since: dt.date, until: dt.date, *, kind: str = "", state: str = ""
) -> QuerySet[ConclusionNotice]:
    """What the unit issued between two Hà Nội dates, both included."""
    rows = ConclusionNotice.objects.filter(
        unit=unit,
        state=NoticeState.ISSUED,
        issued_at__gte=local_moment(since),
        issued_at__lt=local_moment(until + dt.timedelta(days=1)),
    )
    if kind:
        rows = rows.filter(is_party=kind == PARTY)
    if state == PaperState.REPLACED:
        rows = rows.filter(**_REPLACED)
    elif state:
        rows = rows.exclude(**_REPLACED)
    return rows.select_related("session__leader", "issued_by", "replaced_by", "visit__registration")


def visit_papers_sent(
    unit: Unit, since: dt.date, until: dt.date, *, kind: str = ""
) -> QuerySet[Registration]:
    """Refusals and written notices of the unit's receptions that went out under a number between two
    Hà Nội dates, both included: a visitor as often as papers were sent."""
    clock = "visit__clocks__"
    rows = Registration.objects.filter(session__unit=unit).annotate(
        paper_on=Coalesce("refusal__sent_on", f"{clock}sent_on", output_field=DateField()),
        paper_number=Coalesce(
            NullIf("refusal__number", Value("")), f"{clock}paper_number", Value("")
        ),
        clock_key=Coalesce(f"{clock}id", 0),
    )
    rows = rows.filter(paper_on__gte=since, paper_on__lte=until).exclude(paper_number="")
    if kind:
        rows = rows.filter(refusal__sent_on__isnull=kind == NOTICE)
    return rows.select_related("session__leader", "refusal")


class ReceptionDesk:
    """Papers of one page as entries; no query."""

    def __init__(self, access: Access, book: Book) -> None:
        self.access = access
        self.book = book
        self.kinds = {kind: str(label) for kind, label in KINDS[book.source].items()}

    def entries(self, rows: Sequence[Any]) -> list[Entry]:
        """The papers as entries of the book."""
        is_notice = self.book.source is Source.CONCLUSIONS
        line = self._conclusion if is_notice else self._visit_paper
        return [Entry(line(row), "", self._href(row.session)) for row in rows]

    def _conclusion(self, notice: ConclusionNotice) -> tuple[str, ...]:
        assert notice.issued_at is not None
        visitor = self._visitor(notice.session, notice.visit.registration) if notice.visit else ""
        later: ConclusionNotice | None = getattr(notice, "replaced_by", None)
        is_replaced = later is not None and later.is_issued
        return (
            notice.shown_number,
            f"{local_date(notice.issued_at):%d/%m/%Y}",
            self.kinds[PARTY if notice.is_party else STATE],
            _session(notice.session),
            visitor if notice.visit else _("Whole reception day"),
            notice.issued_by.full_name if notice.issued_by else "",
            _("Replaced by %(number)s") % {"number": later.shown_number}
            if later is not None and is_replaced
            else _("In force"),
        )

    def _visit_paper(self, row: Any) -> tuple[str, ...]:
        is_refusal = getattr(row, "refusal", None) is not None
        return (
            row.paper_number,
            f"{row.paper_on:%d/%m/%Y}",
            self.kinds[REFUSAL if is_refusal else NOTICE],
            _session(row.session),
            self._visitor(row.session, row),
        )

    def _visitor(self, session: ReceptionSession, row: Registration) -> str:
        """By name, for who receives or registers in the unit (Article 12(2) of Decree 154/2026)."""
        if not can_see_visitors(self.access, session.unit_id):
            return ""
        return str(person_open(row).get("full_name", ""))

    def _href(self, session: ReceptionSession) -> str:
        if not can_view_unit(self.access, session.unit_id):
            return ""
        return reverse("receptions_staff:session", args=[session.public_id])


def _session(session: ReceptionSession) -> str:
    return f"{local_date(session.starts_at):%d/%m/%Y}, {session.leader.full_name}"
