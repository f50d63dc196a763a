"""What stays of a visit that became a denunciation: the words of a sparse, usual record.

Whoever may not see the case reads here what he would read of any visit of which little was written
down (Articles 47 to 49 of the Law on Denunciations). The words themselves are in the letter.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.text import clean
from petitions.enums import Kind
from petitions.models import Case
from petitions.references import field_by_code
from receptions.enums import NoticeState, VisitOutcome
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    Refusal,
    Registration,
    VisitPaper,
    VisitRecord,
)
from receptions.refusal_grounds import grounds

# Of a paper's name its kind alone stays: the rest may name whom it is about. Longer ones first.
_PAPERS = (
    "giấy chứng nhận", "bản án", "bản đồ", "bản sao", "biên bản", "biên lai", "báo cáo",
    "công văn", "hình ảnh", "hóa đơn", "hợp đồng", "kết luận", "quyết định", "sơ đồ", "thông báo",
    "tờ trình", "văn bản", "ảnh", "đơn", "giấy",
)  # fmt: skip
_ANY_PAPER = "Tài liệu"
# Several, so that none of them is a mark.
_SAID = (
    gettext_noop("The citizen spoke about %(field)s."),
    gettext_noop("The citizen told of the matter and handed in a petition about %(field)s."),
    gettext_noop("The citizen asked for a matter of %(field)s to be looked into."),
    gettext_noop("The citizen explained a petition about %(field)s."),
)


def visit_seal(visit: VisitRecord, case: Case) -> int:
    """Put sparse words in the place of what was written of a visit, and drop what is not fixed yet:
    unsigned minutes and drafts of notices. The number of drafts that were thrown away.

    In Vietnamese whatever the officer's screen speaks. The visit and its registration are saved,
    with their versions; the caller holds the session.
    """
    row = visit.registration
    with translation.override("vi"):
        _words_set(visit, case)
    row.topic = ""
    row.version += 1
    row.save(update_fields=["topic", "version"])
    for paper in VisitPaper.objects.filter(registration=row):
        VisitPaper.objects.filter(pk=paper.pk).update(name=paper_kind(paper.name))
    _refusal_set(row)
    return _drafts_drop(visit)


def paper_kind(name: str) -> str:
    """The kind of a paper, as its name begins; "Tài liệu" where it begins with none."""
    words = f"{clean(name).lower()} "
    return next((kind.capitalize() for kind in _PAPERS if words.startswith(f"{kind} ")), _ANY_PAPER)


def _words_set(visit: VisitRecord, case: Case) -> None:
    field = field_by_code(case.field.code)
    label = field.label_vi if field else case.field.label_vi
    # As of any record whose content is left as it was registered.
    visit.content = label
    said = _SAID[visit.pk % len(_SAID)]
    visit.said = _(said) % {"field": label[:1].lower() + label[1:]}
    visit.kind = "" if visit.kind == Kind.DENUNCIATION else visit.kind
    visit.handled_before = visit.note = ""
    visit.conclusion = _concluded(visit)
    visit.version += 1
    visit.save(
        update_fields=["content", "said", "kind", "handled_before", "note", "conclusion", "version"]
    )


def _concluded(visit: VisitRecord) -> str:
    """A conclusion cannot be without words."""
    if visit.outcome != VisitOutcome.CONCLUSION or visit.responsible_unit is None:
        return ""
    words = _("%(unit)s is to consider the matter and answer as the law provides.")
    return words % {"unit": visit.responsible_unit.full_name}


def _refusal_set(row: Registration) -> None:
    """An earlier refusal keeps its ground alone."""
    for refusal in Refusal.objects.filter(registration=row):
        ground = grounds().get(refusal.ground)
        refusal.explanation = ground.text if ground else "–"
        refusal.save(update_fields=["explanation"])


def _drafts_drop(visit: VisitRecord) -> int:
    for minutes in Minutes.objects.filter(visit=visit):
        if not minutes.is_signed:
            minutes.delete()
    drafts = ConclusionNotice.objects.filter(visit=visit, state=NoticeState.DRAFT)
    ConclusionTask.objects.filter(notice__in=drafts).delete()
    return drafts.delete()[1].get(ConclusionNotice._meta.label, 0)
