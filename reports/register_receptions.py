"""Outgoing papers of receptions: conclusion notices; refusals (form 01/TCD) and written notices.

Every row says the same of every visit, whoever reads: number, day, kind, reception, and who came for
those who see visitors. With no word of a paper, no row differs where the visit was about a
denunciation (Articles 47 to 49 of the Law on Denunciations).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import (
    Cast,
    Coalesce,
    Concat,
    JSONObject,
    NullIf,
    Substr,
    TruncDate,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from common.time import HANOI, local_date, local_moment
from communes.models import Unit
from papers.enums import PaperState
from papers.models import IssuedFile
from papers.subjects import SubjectKind
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
    rows = rows.annotate(
        issued_on=TruncDate("issued_at", tzinfo=HANOI),
        void_reason=_void_reason(SubjectKind.CONCLUSION, "public_id"),
    )
    if kind:
        rows = rows.filter(is_party=kind == PARTY)
    if state == PaperState.VOIDED:
        rows = rows.exclude(void_reason="")
    elif state:
        rows = rows.filter(void_reason="")
        is_replaced = Q(**_REPLACED)
        rows = (
            rows.filter(is_replaced) if state == PaperState.REPLACED else rows.exclude(is_replaced)
        )
    return rows.select_related("session__leader", "issued_by", "replaced_by", "visit__registration")


def visit_papers_issued(
    unit: Unit, since: dt.date, until: dt.date, *, kind: str = "", state: str = ""
) -> QuerySet[Registration]:
    """Refusals and written notices of the unit's receptions that got their number, or went out
    under one of an office's own book, between two Hà Nội dates, both included: a visitor as often
    as there are limits of papers. ``voids``: their files that were declared void."""
    rows: QuerySet[Any] = _judged(_filed(_owed(unit)))
    rows = rows.filter(paper_on__gte=since, paper_on__lte=until).exclude(paper_number="")
    if kind:
        rows = rows.filter(book=kind)
    if state == PaperState.VOIDED:
        rows = rows.filter(Exists(_FILES.filter(state=PaperState.VOIDED)))
    elif state:
        rows = rows.filter(is_void=False)
    return rows.select_related("session__leader")


# What the portal issued of a row, the latest first.
_FILES = IssuedFile.objects.filter(subject=OuterRef("subject")).order_by("-id")


def _owed(unit: Unit) -> QuerySet[Any]:
    """Visitors as often as papers may be theirs, with the subject of what is issued."""
    clock = "visit__clocks__"
    return Registration.objects.filter(session__unit=unit).annotate(
        clock_key=Coalesce(f"{clock}id", 0),
        book=Case(When(refusal__isnull=False, then=Value(REFUSAL)), default=Value(NOTICE)),
        subject=Case(
            When(refusal__isnull=False, then=_subject(SubjectKind.REFUSAL, "refusal__id")),
            default=_subject(SubjectKind.VISIT_NOTICE, f"{clock}id"),
        ),
        sent_on=Coalesce("refusal__sent_on", f"{clock}sent_on", output_field=DateField()),
    )


def _filed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the last file of the subject, those that are void, and the number on the paper."""
    clock = "visit__clocks__"
    files = _FILES
    days = files.annotate(day=TruncDate("issued_at", tzinfo=HANOI))
    found: QuerySet[Any] = rows.annotate(
        file_number=Coalesce(Subquery(files.values("shown_number")[:1]), Value("")),
        file_state=Coalesce(Subquery(files.values("state")[:1]), Value("")),
        file_day=Subquery(days.values("day")[:1]),
        signer=Coalesce(Subquery(files.values("issued_by__full_name")[:1]), Value("")),
        voids=ArraySubquery(
            files.filter(state=PaperState.VOIDED).values(
                row=JSONObject(number="shown_number", reason="void_reason")
            )
        ),
        paper_number=Coalesce(
            NullIf("refusal__number", Value("")),
            NullIf(f"{clock}paper_number", Value("")),
            F("file_number"),
        ),
    )
    return found


def _judged(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With day and place of the number, and whether that very paper is void."""
    # A number that was typed after another was void is of a paper made elsewhere.
    of_file = Q(file_number=F("paper_number"))
    found: QuerySet[Any] = rows.annotate(
        is_void=Case(
            When(of_file, file_state=PaperState.VOIDED, then=Value(value=True)),
            default=Value(value=False),
        ),
        paper_on=Case(When(of_file, then=F("file_day")), default=F("sent_on")),
        place=Coalesce(
            Cast(NullIf(Substr(Digits("paper_number"), 1, 9), Value("")), IntegerField()), 0
        ),
    )
    return found


class Digits(Func):
    """The digits that a number as printed begins with."""

    function = "SUBSTRING"
    template = r"%(function)s(%(expressions)s FROM '^\d+')"
    output_field = CharField()


def _subject(kind: SubjectKind, key: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast(key, CharField()))


def _void_reason(kind: SubjectKind, key: str) -> Coalesce:
    voided = IssuedFile.objects.filter(state=PaperState.VOIDED)
    of_row = voided.alias(of=Concat(Value(f"{kind}:"), Cast(OuterRef(key), CharField())))
    reasons = of_row.filter(subject=F("of")).order_by("-id").values("void_reason")
    return Coalesce(Subquery(reasons[:1]), Value(""))


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

    def _conclusion(self, notice: Any) -> tuple[str, ...]:
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
            _validity(notice.void_reason, later.shown_number if later and is_replaced else ""),
        )

    def _visit_paper(self, row: Any) -> tuple[str, ...]:
        reasons = {void["number"]: void["reason"] for void in row.voids}
        earlier = [
            _("replaces %(number)s (void: %(reason)s)") % {"number": number, "reason": reason}
            for number, reason in reasons.items()
            if number != row.paper_number
        ]
        is_own = row.paper_number == row.file_number
        return (
            row.paper_number,
            f"{row.paper_on:%d/%m/%Y}",
            self.kinds[row.book],
            _session(row.session),
            self._visitor(row.session, row),
            row.signer if is_own else "",
            f"{row.sent_on:%d/%m/%Y}" if row.sent_on else "",
            "; ".join([_validity(reasons[row.paper_number] if row.is_void else ""), *earlier]),
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


def _validity(void_reason: str, replaced_by: str = "") -> str:
    if void_reason:
        return _("Void: %(reason)s") % {"reason": void_reason}
    return _("Replaced by %(number)s") % {"number": replaced_by} if replaced_by else _("In force")


def _session(session: ReceptionSession) -> str:
    return f"{local_date(session.starts_at):%d/%m/%Y}, {session.leader.full_name}"
