"""Every page of officers in its interesting states: axe finds nothing, nothing sticks out."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership
from common.jobs import job
from common.models import JobAlarm, JobState
from common.time import local_moment
from deadlines.models import Clock
from directives.models import Assignment
from directives.services import Plan, Report, plan_record, report_submit
from escalation.models import Escalation
from escalation.sweep import sweep_run
from hanoi_portal.job_alarms import alarms_check
from hanoi_portal.schedule import WATCH
from notifications.models import OutboxMessage
from petitions.models import Case
from petitions.selectors_public import letter_track
from petitions.selectors_redaction import originals_of
from petitions.services.messages import message_receive, message_send
from petitions.services.redaction import redaction_file_text_save
from petitions.services.saved_filters import filter_save, filter_start
from receptions.enums import TellReason
from receptions.models import ReceptionSession, Registration
from receptions.services.misses import session_miss
from receptions.services.tellings import tellings_open
from tests.accounts.factors import confirmed
from tests.browser.conftest import Check
from tests.browser.mirror import Mirror
from tests.people import WARD, Story, access_make, person_make
from tests.petitions.redacting import (
    NAME,
    at,
    decided,
    denunciation,
    letter_of,
    papers,
    released,
    revision,
    started,
)
from tests.receptions.cast import DAY, NOW, register, session_draft, session_public
from tests.receptions.cast_plan import follow, pattern_make_one
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
Tell = Callable[..., Story]
CASES, RECEPTIONS = "/can-bo/vu-viec/", "/can-bo/tiep-dan/"
DIRECTIVES, OVERVIEW = "/can-bo/chi-dao/", "/can-bo/tong-quan/"
JOBS = "/can-bo/he-thong/cong-viec/"
NOTICES, MAILROOM = "/can-bo/thong-bao/", "/can-bo/he-thong/"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def overdue(tale: Story, time_machine: Any) -> None:
    """Three weeks after the limit: four steps of the ladder are taken."""
    for name in ("clerk", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)
    clock = Clock.objects.get(case_clock__case=tale.case, state="running")
    moment = NOW + (clock.due_on - NOW.date()) + dt.timedelta(days=21)
    time_machine.move_to(moment, tick=False)
    sweep_run(at=moment)


EMPTY = [
    ("chair", "/can-bo/"),
    ("chair", CASES),
    ("chair", CASES + "?kind=feedback&open=1"),
    ("chair", "/can-bo/leo-thang/"),
    ("secretary", RECEPTIONS),
    ("propaganda", RECEPTIONS),
    ("propaganda", RECEPTIONS + "giam-sat/?month=2026-11"),
    ("chair", RECEPTIONS + "giam-sat/nam/"),
    ("chair", OVERVIEW + "tiep-dan/"),
    ("propaganda", "/can-bo/"),
    ("propaganda", DIRECTIVES),
    ("propaganda", DIRECTIVES + "1699-cv-tu/"),
    ("chair", DIRECTIVES + "viec-duoc-giao/"),
    ("chair", DIRECTIVES + "viec-duoc-giao/?state=confirmed&due=late"),
    ("propaganda", DIRECTIVES + "cho-xem-xet/"),
    ("propaganda", DIRECTIVES + "cho-xem-xet/?kind=extension&q=zzzz"),
    ("propaganda", DIRECTIVES + "1699-cv-tu/?q=zzzz"),
    ("propaganda", f"{DIRECTIVES}1699-cv-tu/{WARD}/"),
    ("propaganda", OVERVIEW),
    ("chair", OVERVIEW),
    ("chair", OVERVIEW + "qua-han/"),
    ("propaganda", OVERVIEW + "qua-han/"),
    ("admin", "/can-bo/leo-thang/quan-ly/"),
    ("admin", "/can-bo/leo-thang/quan-ly/bac-thang/"),
    ("admin", "/can-bo/leo-thang/quan-ly/bac-thang/?group=first_answer&kind="),
    ("clerk", "/tai-khoan/dang-xuat/"),
    ("front", "/can-bo/"),
    ("handler", "/can-bo/vang-mat/"),
    ("admin", JOBS),
    ("admin", MAILROOM + "lich-su/"),
    ("admin", MAILROOM + "thay-doi/"),
    ("chair", MAILROOM + "thay-doi/"),
    ("clerk", NOTICES),
    ("clerk", NOTICES + "?show=unread"),
    ("chair", "/can-bo/mo-danh-tinh/"),
    ("clerk", "/can-bo/vu-viec/tim-nguoi/mat/"),
    ("admin", MAILROOM + "thu-khong-gui-duoc/"),
    ("admin", MAILROOM + "noi-dung-thong-bao/"),
    ("admin", MAILROOM + "noi-dung-thong-bao/escalation/?language=en&on=2026-07-01"),
]


@pytest.mark.parametrize(("who", "path"), EMPTY)
def test_with_nothing_to_do(check: Check, who: str, path: str) -> None:
    check(path, who=who)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("clerk", "/can-bo/don/moi/"),
        ("chair", "/can-bo/phan-cong/"),
        ("secretary", RECEPTIONS + "moi/"),
        ("secretary", RECEPTIONS + "dinh-ky/moi/"),
        ("clerk", "/tai-khoan/doi-mat-khau/"),
        ("chair", "/can-bo/vang-mat/"),
    ],
)
def test_forms_and_their_errors(check: Check, who: str, path: str) -> None:
    check(path, who=who, sent=True)


def test_a_case_from_step_to_step(check: Check, client: StrictClient, story: Tell) -> None:
    tale = story()
    case = f"{CASES}{tale.filed.code}/"
    check(case, who="clerk")
    check(case + "buoc/receive/")
    confirmed(client, person_make("clerk"))
    check(case + "cap-lai-ma/")
    check(case + "buoc/receive/", who="handler")
    check(case + "buoc/assign/", who="chair")
    tale.do("clerk", "receive", is_signed=True)
    check(case + "buoc/request_supplement/", who="clerk", sent=True)
    tale.do("clerk", "assign", assignee=person_make("handler").username)
    check(case + "buoc/propose/", who="handler", sent=True)
    tale.do("handler", "propose", proposal="accept", text="Đủ điều kiện thụ lý.")
    tale.do("chair", "accept", number="12/TB-UBND")
    check(case + "buoc/suspend/", who="chair", sent=True)
    tale.do("handler", "start_verification")
    check(case + "buoc/hold_dialogue/", who="handler", sent=True)
    check(case, who="chair")


def test_similar_letters_and_marks(check: Check, story: Tell) -> None:
    tale = story(unit="BTCD")
    for _ in range(3):
        story()
    check(f"{CASES}{tale.filed.code}/", who="board_head")


def test_a_decided_case(check: Check, story: Tell) -> None:
    tale = story().decided()
    check(f"{CASES}{tale.filed.code}/", who="chair")
    check(f"{CASES}{tale.filed.code}/buoc/notify/", who="clerk")


def test_a_protected_identity(check: Check, story: Tell) -> None:
    respondent = {"name": "Ông X", "unit": "00008", "position": "officer"}
    tale = story(kind="denunciation", respondent=respondent)
    holder = "board_head" if tale.case.unit.code == "BTCD" else "chair"
    check(f"{CASES}{tale.filed.code}/", who=holder)


def test_redacted_copies(check: Check) -> None:
    case = denunciation(*papers(), ("Tôi là Vũ Thị Bí Mật".encode(), "a.txt")).case
    copy = f"{CASES}{case.code}/ban-che/{case.code}/"
    check(copy, who="clerk")
    started(case)
    for path in ("", "noi-dung/", "phat-hanh/"):
        check(copy + path, who="clerk")
    check(copy + "phat-hanh/", sent=True)
    for file in originals_of(letter_of(case)):
        check(f"{copy}tep/{file.public_id}/?x=0.2&y=0.2")
    check(f"{CASES}{case.code}/")
    check(f"{CASES}{case.code}/buoc/assign/")
    decided(case)
    check(copy + "phat-hanh/")
    text = at(case) | {"public_id": originals_of(letter_of(case))[-1].public_id}
    redaction_file_text_save(**text, revision=revision(case), spans=[], phrases=NAME)
    released(case)
    check(copy)
    check(f"{CASES}{case.code}/", who="handler")


def test_what_is_overdue_and_escalated(check: Check, story: Tell, time_machine: Any) -> None:
    tale = story().accepted()
    overdue(tale, time_machine)
    for path in ("/can-bo/", CASES, CASES + "?overdue=1", f"{CASES}{tale.filed.code}/"):
        check(path, who="chair")
    check("/can-bo/leo-thang/")
    public_id = Escalation.objects.get(step_code="breach").public_id
    check(f"/can-bo/leo-thang/{public_id}/", sent=True)
    check(OVERVIEW + "?do=open&sort=unit", who="city_chair")


def test_a_reception_day(check: Check, story: Tell) -> None:
    draft = session_draft(day=dt.date(2026, 12, 3))
    check(f"{RECEPTIONS}{draft.public_id}/", who="secretary")
    session, tale = session_public(), story()
    visit = register(session, petition=(tale.filed.code, tale.filed.secret))
    path = f"{RECEPTIONS}{session.public_id}/"
    check(path)
    check(f"{path}dang-ky/{visit.code}/", sent=True)
    moved = waiting(session)
    registrants = f"{path}nguoi-dang-ky/"
    check(registrants, who="clerk")
    check(registrants, who="propaganda")
    check(f"{registrants}{moved}/", who="clerk", sent=True)
    check(f"{registrants}{moved}/doi/", who="clerk", sent=True)
    check(f"{RECEPTIONS}?month=2026-12")
    check(f"{path}dang-ky/", who="clerk", sent=True)
    check(path, who="propaganda")


def test_planning_of_reception_days(check: Check, story: Tell, time_machine: Any) -> None:
    for path in ("dinh-ky/", "cong-bo/", "dot-xuat/", "thang/?month=2026-12"):
        check(RECEPTIONS + path, who="secretary")
    pattern = pattern_make_one(days=[2, 10, 31])
    person_make("chair")
    session, to = session_public(slot_minutes=30), session_public(day=dt.date(2026, 12, 17))
    late = session_draft(day=dt.date(2026, 12, 3), mode="online")
    tale = story()
    Case.objects.update(flags=["complex", "collective"])
    register(session)
    register(to, petition=(tale.filed.code, tale.filed.secret))
    check(f"{RECEPTIONS}dinh-ky/{pattern.public_id}/?months=12")
    check(f"{RECEPTIONS}dinh-ky/{pattern.public_id}/sua/")
    check(RECEPTIONS + "dinh-ky/")
    check(RECEPTIONS + "cong-bo/", sent=True)
    check(f"{RECEPTIONS}{late.public_id}/sua/")
    check(f"{RECEPTIONS}{session.public_id}/sua/", sent=True)
    check(RECEPTIONS + "dot-xuat/")
    check(RECEPTIONS + "thang/?month=2026-12&leader=secretary")
    time_machine.move_to(local_moment(DAY, 10), tick=False)
    path = f"{RECEPTIONS}{session.public_id}/"
    check(path, who="secretary")
    session_miss(
        access=access_make("secretary"), public_id=session.public_id, version=2, reason="Họp khẩn"
    )
    for page in (path, path + "goi-bao/", RECEPTIONS):
        check(page, who="secretary")
    Membership.objects.update(valid_to=dt.date(2026, 12, 12))
    follow("chair", dt.date(2026, 12, 13))
    check(f"{RECEPTIONS}{to.public_id}/", who="chair")


def waiting(session: ReceptionSession) -> str:
    """Somebody who moved up and is to be called; the code."""
    row = Registration.objects.get(code=register(session, 2, people=6).code)
    row.moved_up_at, row.priority = NOW, ["mass"]
    row.save()
    tellings_open([row], TellReason.PLACE_FREE, NOW)
    return row.code


def test_oversight_of_reception_days(check: Check) -> None:
    session_public()
    path = f"{RECEPTIONS}giam-sat/"
    check(f"{path}?month=2026-11&problems=1&sort=missing", who="internal_affairs")
    check(f"{path}nam/?kind=body")
    check(f"{path}{WARD}/")
    check(f"{OVERVIEW}tiep-dan/?ky=Q1&nam=2027")


def test_a_task_of_a_directive(check: Check) -> None:
    task = Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code=WARD)
    path = f"{DIRECTIVES}viec/{task.public_id}/"
    check(path, who="chair", sent=True)
    report(task)
    for who in ("chair", "propaganda"):
        check(path, who=who)
    check(DIRECTIVES, who="chair")
    check(DIRECTIVES + "cho-xem-xet/", who="propaganda")
    check(f"{DIRECTIVES}1699-cv-tu/{WARD}/", who="chair")
    check(DIRECTIVES + "1699-cv-tu/", who="propaganda")


def report(task: Assignment) -> None:
    """A plan and the report that it is done."""
    access = access_make("secretary")
    title = "Kế hoạch thực hiện Công văn 1699-CV/TU"
    plan_record(
        access=access,
        public_id=task.public_id,
        version=task.version,
        plan=Plan("15-KH/ĐU", dt.date(2026, 11, 2), title),
    )
    report_submit(
        access=access,
        public_id=task.public_id,
        version=task.version + 1,
        report=Report(
            text="Đã ban hành kế hoạch và phân công các bộ phận.",
            state="reported_done",
            value="yes",
        ),
    )


def test_jobs_on_time_failed_and_silent(check: Check) -> None:
    for name in ("petitions.prune_drafts", "escalation.run_sweep", WATCH):
        with job(name):
            pass
    with pytest.raises(ConnectionRefusedError), job("notifications.deliver_outbox"):
        raise ConnectionRefusedError
    earlier = NOW - dt.timedelta(days=2)
    JobState.objects.filter(name="escalation.run_sweep").update(
        expected_since=earlier, last_succeeded_at=earlier
    )
    alarms_check(at=NOW)
    assert JobAlarm.objects.get().job.name == "escalation.run_sweep"
    state = JobState.objects.get(name="petitions.prune_drafts")
    JobAlarm.objects.create(job=state, opened_at=earlier, told_at=earlier, closed_at=NOW)
    check(JOBS, who="admin")


def test_links_hops_messages_and_notes(check: Check, story: Tell) -> None:
    tale = story(kind="recommendation", at=NOW)
    tale.do("clerk", "receive", is_signed=True)
    told = {"kind": "feedback", "field": "housing", "subject": "Nội dung khác"}
    tale.do("clerk", "split", text="Nội dung tách ra.", **told)
    letter = letter_track(tale.filed.code, tale.filed.secret)
    assert letter is not None
    message_receive(letter=letter, text="Bao giờ có kết quả?")
    clerk = access_make("clerk")
    message_send(access=clerk, code=tale.filed.code, text="Ghi chú.", is_internal=True)
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    check(f"{CASES}{tale.filed.code}/buoc/forward/", who="chair", sent=True)
    tale.do("chair", "forward", unit="00008", number="5/PC", text="Chuyển đơn.")
    check(f"{CASES}{tale.filed.code}/", who="clerk")
    check(f"{CASES}{tale.filed.code}/", who="other_clerk")
    check(f"{CASES}{tale.filed.code}/buoc/return_forward/", who="other_clerk", sent=True)
    check(f"{CASES}?forwarded=1", who="other_clerk")
    check("/can-bo/", who="other_clerk")


def test_notices_and_letters_that_did_not_go(check: Check, story: Tell) -> None:
    person_make("clerk")
    story().decided()
    check(NOTICES, who="clerk")
    check(NOTICES + "?show=unread", who="handler")
    check(NOTICES + "cai-dat/", who="clerk")
    OutboxMessage.objects.filter(channel="email").update(
        state="failed", error="SMTPRecipientsRefused", answer="550 5.1.1 no such user", attempts=3
    )
    check(MAILROOM + "thu-khong-gui-duoc/", who="admin")


def test_an_inbox_with_kept_filters(check: Check, story: Tell) -> None:
    story()
    clerk = access_make("clerk")
    own = filter_save(access=clerk, name="Đang mở", query="open=1", for_unit=False)
    filter_start(access=clerk, pk=own.pk, is_start=True)
    filter_save(access=clerk, name="Quá hạn", query="overdue=1", for_unit=True)
    check(CASES + "?open=1", who="clerk")
    check(CASES + "?kind=feedback", who="handler")


def test_a_form_that_somebody_overtook(
    mirror: Mirror, client: StrictClient, axe_source: str, story: Tell
) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    client.force_login(person_make("chair"))
    page = mirror.open(f"{CASES}{tale.filed.code}/buoc/classify/")
    tale.do("clerk", "classify", field="housing")
    assert "Làm lại trên phiên bản mới" in page.send().page.content()
    assert page.faults(axe_source) == []


def test_the_receipt_above_the_next_letter(
    mirror: Mirror, client: StrictClient, axe_source: str
) -> None:
    client.force_login(person_make("clerk"))
    page = mirror.open("/can-bo/don/moi/")
    page.page.locator("[name=kind]").select_option("feedback")
    for name in ("subject", "content", "full_name", "address"):
        page.page.locator(f"[name={name}]").fill("Nội dung thử")
    with page.page.expect_navigation(wait_until="load"):
        page.page.locator("button[name=next]").click()
    assert "Đơn hoặc lượt tiếp theo" in page.page.content()
    assert page.faults(axe_source) == []
