"""Which ways are open to the petitioner when the limit of the result has passed.

Articles 7, 33 and 42 of the Law on Complaints, Articles 37 and 38 of the Law on Denunciations.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.errors import Text
from petitions.enums import Kind, Stage
from petitions.models import CaseClock
from petitions.timeline import PublicRecord, is_overdue


@dataclass(frozen=True)
class Way:
    """A way that is open: what may be done, where and by when, with its article."""

    text: Text
    basis: str


_COMPLAIN = Way(
    _(
        "Complain a second time, to the chair of the City People's Committee, within 30 days of "
        "the end of the limit (45 days where travel is difficult)."
    ),
    "Điều 7, Điều 33 Luật Khiếu nại số 02/2011/QH13",
)
_COURT = Way(
    _("Bring an administrative case before the court, now or after the second decision."),
    "Điều 7, Điều 42 Luật Khiếu nại số 02/2011/QH13",
)
_FURTHER = Way(
    _(
        "Denounce to the next superior that it was not resolved in time. Within 5 working days he "
        "asks in writing for a report, which is due within 5 working days; he may take it over."
    ),
    "Điều 37, Điều 38 Luật Tố cáo số 25/2018/QH14",
)
_ASK = Way(
    _(
        "Ask the unit on the tracking page, or register to meet its leader. The law sets no limit "
        "for the answer; the date is the unit's own target."
    ),
    "Điều 28 Luật Tiếp công dân số 42/2013/QH13",
)


def ways_open(record: PublicRecord) -> list[Way]:
    """What the petitioner may do today (Hà Nội date) because the result is late, at the unit or
    where the matter goes on; [] while it is not. A query only in the second case."""
    clocks = list(record.clocks)
    others = [item.case.pk for item in record.elsewhere]
    if others:
        clocks += CaseClock.objects.select_related("clock").filter(case_id__in=others)
    if not any(link.stage == Stage.RESOLUTION and is_overdue(link) for link in clocks):
        return []
    kind = record.case.kind
    if kind == Kind.COMPLAINT:
        return [_COURT] if record.case.instance > 1 else [_COMPLAIN, _COURT]
    return [_FURTHER] if kind == Kind.DENUNCIATION else [_ASK]
