"""Once a visit became a denunciation, no page of its session holds the words any more."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from common.errors import Conflict, NotPermitted
from communes.models import Unit
from petitions.models import Case
from receptions.clocks import is_secret, secret_cases
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    Refusal,
    VisitPaper,
    VisitRecord,
)
from receptions.progress import progress_of
from receptions.refusal_grounds import grounds
from receptions.sealed_papers import paper_kind
from receptions.sealing import concluded_sparsely
from receptions.services.conclusions import notice_change, notice_draft
from receptions.services.minutes import minutes_addendum_add, minutes_save, minutes_sign
from receptions.services.minutes import minutes_visitor_sign as visitor_sign
from receptions.services.notice_text import NoticeText
from receptions.services.visit_case import VisitFiling, visit_case_join, visit_case_make
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make
from tests.receptions.cast import NOW
from tests.receptions.concluding import DURING, UNTIL, drafted, issued, record, row, visit_of, ward

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
DESK = "/can-bo/tiep-dan/"
LATER = DURING + dt.timedelta(hours=2)
HIDDEN = "Ông Bryxol nhận phong bì màu xanh."
ANOTHER = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
AREAS = (f"{DESK}ket-luan/", f"{DESK}viec-duoc-giao/", f"{DESK}so-tiep-cong-dan/")
BOOK = f"{DESK}so-tiep-cong-dan/?period=year&day=2026-12-01"
LINK = re.compile(r'href="(/[^"#?]*)(?:\?[^"#]*)?["#]')


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


def full(outcome: str = "taken_in") -> VisitRecord:
    """A visit with the words in every place that holds any."""
    concluded = {"conclusion": HIDDEN, "responsible_unit": ward(), "due_on": UNTIL}
    visit = visit_of(
        outcome,
        conclusion=HIDDEN,
        responsible_unit=ward(),
        due_on=UNTIL,
        registration={"topic": HIDDEN},
    )
    record(visit, outcome, **concluded)
    VisitRecord.objects.update(said=HIDDEN, note=HIDDEN, content=HIDDEN, handled_before=HIDDEN)
    registration = visit.registration
    for position, name in enumerate((f"Đơn tố cáo {HIDDEN}", "Quyết định 12/QĐ-UBND"), 1):
        VisitPaper.objects.create(
            registration=registration,
            position=position,
            name=name,
            pages=1,
            condition="copy",
            taken_by=person_make("clerk"),
            taken_at=DURING,
        )
    Refusal.objects.create(
        registration=registration,
        ground=next(iter(grounds())),
        explanation=HIDDEN,
        refused_by=person_make("clerk"),
        refused_at=DURING,
    )
    return visit


def minutes_of(visit: VisitRecord, *, signed: bool) -> None:
    given = {
        "access": access_make("secretary"),
        "session_id": visit.registration.session.public_id,
        "code": visit.registration.code,
    }
    minutes_save(version=0, text=HIDDEN, **given)
    if signed:
        minutes_sign(version=1, **given)
        visitor_sign(version=2, how="paper", **given)
        minutes_addendum_add(text=HIDDEN, **given)


def denounce(visit: VisitRecord, who: str = "clerk") -> Case:
    filing = VisitFiling(
        kind="denunciation",
        field="land_compensation",
        subject=HIDDEN,
        content=HIDDEN,
        person=(("address", "Số 5, phố Tưởng Tượng"),),
        respondent=ANOTHER,
    )
    session_id, code = visit.registration.session.public_id, visit.registration.code
    filed = visit_case_make(
        access=access_make(who), session_id=session_id, code=code, filing=filing, at=LATER
    )
    return Case.objects.get(code=filed.code)


def complain(visit: VisitRecord, who: str) -> Case:
    filing = VisitFiling(
        kind="complaint",
        field="land_compensation",
        subject="Khiếu nại mức bồi thường",
        content="Mức bồi thường chưa đúng.",
        person=(("address", "Số 5, phố Tưởng Tượng"),),
        respondent={"name": "UBND phường", "unit": WARD, "position": ""},
    )
    session_id, code = visit.registration.session.public_id, visit.registration.code
    filed = visit_case_make(
        access=access_make(who), session_id=session_id, code=code, filing=filing, at=DURING
    )
    return Case.objects.get(code=filed.code)


def crawl(who: str, visit: VisitRecord) -> dict[str, str]:
    """Every page that a person reaches from the session, and those of the visit."""
    client = Client()
    client.force_login(person_make(who))
    session = f"{DESK}{visit.registration.session.public_id}/"
    code = visit.registration.code
    tails = ("bien-ban/{}/", "sau-tiep/{}/", "dang-ky/{}/", "hom-nay/{}/tu-choi/", "hom-nay/",
             "hom-nay/{}/tai-lieu/", "tai-lieu/", "tai-lieu/{}/", "nguoi-dang-ky/{}/")  # fmt: skip
    todo = [session, *(session + tail.format(code) for tail in tails)]
    todo += [f"{DESK}ket-luan/{one.public_id}/" for one in ConclusionNotice.objects.all()]
    todo += [f"{DESK}viec-duoc-giao/", BOOK]
    pages: dict[str, str] = {}
    while todo:
        path = todo.pop()
        if path in pages or not path.startswith((*AREAS, session)):
            continue
        answer = client.get(path)
        body = b"" if answer.streaming else answer.content
        pages[path] = body.decode(errors="ignore") if answer.status_code == 200 else ""
        todo += [found for found in LINK.findall(pages[path]) if "dang-xuat" not in found]
    return pages


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("outcome", ["taken_in", "conclusion"])
def test_no_page_of_the_session_holds_the_words(outcome: str, *, signed: bool) -> None:
    visit = full(outcome)
    session = visit.registration.session
    issued(row(what=HIDDEN), session=session, code=visit.registration.code)
    drafted(row(what=HIDDEN), session=session, code=visit.registration.code)
    minutes_of(visit, signed=signed)
    told = crawl("secretary", visit)
    assert sum("Bryxol" in text for text in told.values()) >= 6
    denounce(visit)
    for who in ("secretary", "chair"):
        pages = crawl(who, visit)
        assert sum(bool(text) for text in pages.values()) >= 10
        # The notice itself, without the visitor, is left for whoever sees the case.
        left = [path for path, text in pages.items() if "Bryxol" in text]
        assert [path for path in left if not path.startswith(AREAS[:2])] == []
        assert who == "chair" or left == []
    assert not ConclusionNotice.objects.filter(state="draft").exists()
    # Unsigned minutes are those of the sparse record; signed ones cannot change.
    assert ("Bryxol" in Minutes.objects.get().text) == signed


def test_minutes_and_notices_are_for_who_does_not_know() -> None:
    """Whoever knows of the denunciation would tie the visitor to it; a refusal of anybody else
    would tell of it."""
    visit = full()
    denounce(visit)
    session_id, code = visit.registration.session.public_id, visit.registration.code
    given = {"session_id": session_id, "code": code}
    with pytest.raises(NotPermitted):
        minutes_save(access=access_make("chair"), version=0, text="a", **given)
    with pytest.raises(NotPermitted):
        notice_draft(access=access_make("chair"), text=NoticeText([row()]), **given)
    minutes_save(access=access_make("secretary"), version=0, text="Đã tiếp.", **given)
    notice = notice_draft(access=access_make("secretary"), text=NoticeText([row()]), **given)
    assert not notice.is_sealed


def test_an_issued_notice_is_replaced_by_who_does_not_know() -> None:
    visit = full("conclusion")
    notice = ConclusionNotice.objects.get(state="issued", replaced_by=None)
    session = visit.registration.session
    denounce(visit)
    given = {
        "session_id": session.public_id,
        "replaces": notice.public_id,
        "text": NoticeText([row()]),
    }
    with pytest.raises(NotPermitted):
        notice_draft(access=access_make("chair"), **given)
    assert notice_draft(access=access_make("secretary"), **given).replaces == notice


def test_a_corrected_record_makes_its_notice_as_of_any_visit() -> None:
    visit = full()
    denounce(visit)
    record(visit, "conclusion", conclusion="Giao xem xét", responsible_unit=ward(), due_on=UNTIL)
    (task,) = ConclusionTask.objects.filter(notice__state="issued")
    assert task.what == "Giao xem xét"


def test_what_remains_looks_like_a_sparse_record() -> None:
    visit = full("conclusion")
    VisitRecord.objects.update(kind="recommendation")
    denounce(visit)
    left = VisitRecord.objects.select_related("registration").get()
    assert (left.registration.topic, left.content == left.said) == ("", False)
    assert left.kind == "recommendation"
    assert left.conclusion.startswith("Giao")
    names = list(VisitPaper.objects.order_by("position").values_list("name", flat=True))
    assert names == ["Đơn", "Quyết định"]
    assert Refusal.objects.get().explanation != HIDDEN


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("đơn tố cáo ông X", "Đơn"),
        ("Giấy chứng nhận số 5", "Giấy chứng nhận"),
        ("Ảnhchụp ông X", "Tài liệu"),
        ("Ông X nhận tiền", "Tài liệu"),
    ],
)
def test_of_a_papers_name_its_kind_stays(name: str, kind: str) -> None:
    assert paper_kind(name) == kind


def test_a_second_case_keeps_the_secret_one() -> None:
    visit = full()
    secret = denounce(visit)
    second = complain(visit, "secretary")
    left = VisitRecord.objects.select_related("registration__case", "case").get()
    assert (left.case, left.registration.case) == (secret, second)
    assert is_secret(left)


def test_a_third_is_refused_as_of_any_visit() -> None:
    visit = full()
    denounce(visit)
    complain(visit, "secretary")
    with pytest.raises(Conflict):
        complain(visit, "secretary")


def test_a_case_named_before_leaves_room_for_one_of_the_visit(story: Tell) -> None:
    tale = story()
    visit = visit_of("taken_in", registration={"petition": (tale.filed.code, tale.filed.secret)})
    secret = denounce(visit)
    second = complain(visit, "secretary")
    left = VisitRecord.objects.select_related("registration__case", "case").get()
    assert (left.case, left.registration.case) == (secret, second)


def test_a_second_denunciation_loses_neither(story: Tell) -> None:
    visit = full()
    first, tale = denounce(visit), story(kind="denunciation", respondent=ANOTHER)
    # Who does not see the first one joins another.
    Case.objects.filter(pk=first.pk).update(unit=Unit.objects.get(code="BTCD"))
    session_id, code = visit.registration.session.public_id, visit.registration.code
    join = {"session_id": session_id, "code": code, "case_code": tale.filed.code, "at": DURING}
    visit_case_join(access=access_make("chair"), **join)
    left = VisitRecord.objects.select_related("registration__case", "case").get()
    assert secret_cases(left) == [first, tale.case]


def sealed_conclusion(who: str = "chair", unit: str = WARD) -> VisitRecord:
    """A visit recorded as a denunciation on which the leader concluded."""
    return visit_of(
        "conclusion",
        who=who,
        conclusion=HIDDEN,
        responsible_unit=Unit.objects.get(code=unit),
        due_on=UNTIL,
        entry={"kind": "denunciation", "content": HIDDEN},
    )


def test_the_notice_of_a_sealed_visit_has_its_words_for_who_may_know() -> None:
    visit = sealed_conclusion(unit=OTHER_WARD)
    notice = ConclusionNotice.objects.get(state="issued")
    task = ConclusionTask.objects.get(notice=notice)
    assert (task.what, notice.is_sealed) == (HIDDEN, True)
    assert "Bryxol" not in visit.conclusion
    paths = [f"{DESK}ket-luan/{notice.public_id}/", f"{DESK}viec-duoc-giao/{task.public_id}/"]
    paths += [f"{DESK}viec-duoc-giao/?unit={WARD}&side=given&state="]
    paths += [f"{DESK}viec-duoc-giao/?unit={OTHER_WARD}&side=taken&state="]
    told = {who: [("Bryxol" in text) for text in texts(who, paths)] for who in READERS}
    assert told == {
        "chair": [True, True, True, False],
        "secretary": [False, False, False, False],
        # Whoever carries it out must know what it is.
        "other_clerk": [True, True, False, True],
    }
    # The secretary's list is not shorter by it.
    assert notice.shown_number in texts("secretary", paths)[2]


READERS = ("chair", "secretary", "other_clerk")


def texts(who: str, paths: list[str]) -> list[str]:
    client = Client()
    client.force_login(person_make(who))
    return [client.get(path).content.decode() for path in paths]


def test_a_covered_draft_sent_back_unchanged_keeps_its_words() -> None:
    sealed_conclusion(who="clerk")
    notice = ConclusionNotice.objects.get(state="draft")
    for what, kept in ((concluded_sparsely(ward()), True), ("Giao kiểm tra ngõ đi.", False)):
        notice.refresh_from_db()
        notice_change(
            access=access_make("secretary"),
            public_id=notice.public_id,
            version=notice.version,
            text=NoticeText([row(what=what, code=WARD)]),
            at=DURING,
        )
        notice.refresh_from_db()
        assert (ConclusionTask.objects.get(notice=notice).what == HIDDEN) == kept
        # Own words are read again by whoever wrote them.
        assert notice.is_sealed == kept


def test_the_draft_and_the_minutes_of_before_go_under_seal_with_the_record() -> None:
    visit = visit_of(
        "conclusion", who="clerk", conclusion=HIDDEN, responsible_unit=ward(), due_on=UNTIL
    )
    minutes_of(visit, signed=False)
    record(
        visit, "conclusion", "clerk", conclusion=HIDDEN, responsible_unit=ward(), due_on=UNTIL,
        entry={"kind": "denunciation"},
    )  # fmt: skip
    assert ConclusionNotice.objects.get().is_sealed
    assert "Bryxol" not in Minutes.objects.get().text
    left = crawl("secretary", visit)
    assert [path for path, text in left.items() if "Bryxol" in text] == []


def test_whoever_makes_the_case_finds_the_sealed_words_in_the_form() -> None:
    visit = sealed_conclusion()
    path = (
        f"{DESK}{visit.registration.session.public_id}/dang-ky/{visit.registration.code}/vu-viec/"
    )
    told = dict(zip(READERS[:2], (texts(who, [path])[0] for who in READERS[:2]), strict=True))
    assert "Bryxol" in told["chair"]
    assert "Bryxol" not in told["secretary"]
    # Signed for the visitor, the words go into the letter.
    denounce(visit)
    assert VisitRecord.objects.get().sealed_words == {}
    assert "Bryxol" not in texts("chair", [path])[0]


def test_the_record_of_a_denunciation_is_secret_for_the_visitors_page() -> None:
    visit = sealed_conclusion()
    shown = progress_of(visit.registration)
    assert shown is not None
    assert (shown.is_secret, shown.notices, shown.answer, shown.contact) == (True, [], "", "")


def test_the_database_keeps_the_kind_from_the_name() -> None:
    visit = visit_of("taken_in")
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRecord.objects.filter(pk=visit.pk).update(kind="denunciation")
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRecord.objects.filter(pk=visit.pk).update(sealed_words={"said": "a"})
