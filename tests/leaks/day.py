"""One reception day, lived with a visitor like any other or with somebody who denounces.

The two lives differ in what lies under seal alone: who came, when, the outcome, the conclusion's
unit and date, and every step of an officer are the same.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from common.time import local_moment
from communes.models import Unit
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from papers.models import IssuedFile
from papers.subjects import COVERED, covered
from petitions.models import Case
from petitions.services.intake import petition_file
from receptions.enums import VisitOutcome
from receptions.models import ConclusionNotice, ConclusionTask, Registration, VisitRecord
from receptions.refusal_grounds import grounds
from receptions.sealing import concluded_sparsely, said_sparsely
from receptions.selectors_day import screen_token
from receptions.services.conclusions import notice_issue
from receptions.services.holding import session_hold
from receptions.services.minutes import minutes_save, minutes_sign, minutes_visitor_sign
from receptions.services.papers_taken import Paper, paper_take
from receptions.services.refusals import visitor_refuse
from receptions.services.registrations import Registered
from receptions.services.task_steps import StepInput, TaskStep, task_step
from receptions.services.visit_case import VisitFiling, visit_case_make
from receptions.services.visit_notices import (
    visit_notice_issue,
    visit_notice_send,
    visit_notice_void,
)
from receptions.services.visits import Visit, session_record
from tests.leaks.cast import CONTENT, LONG_AGO, RESPONDENT, SUBJECT
from tests.people import CAST, OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast import DAY, register, session_public

DURING = local_moment(DAY, 9)
LATER = local_moment(DAY, 10)
AFTER = local_moment(DAY, 16)
UNTIL = DAY + dt.timedelta(days=6)
# Both limits have passed: the ladders climbed.
LATE = local_moment(dt.date(2027, 1, 15), 10)
HASH = "SHA-OF-A-FILE"
WORDS = f"{CONTENT} {RESPONDENT}"
ABOUT = {"name": RESPONDENT, "unit": OTHER_WARD, "position": "staff"}


@dataclass
class Day:
    """What was lived, with the names of what is drawn by chance."""

    is_sealed: bool
    names: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    session_id: Any = None
    notices: list[Any] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)


def live(*, is_sealed: bool) -> Day:
    """The whole day, and what came of it."""
    for name in CAST:
        person_make(name)
    day = Day(is_sealed)
    tale = Story(petition_file(filing=filing_make(), at=LONG_AGO))
    tale.do("clerk", "receive", LONG_AGO, is_signed=True)
    day.names[tale.filed.code] = "CASE"
    session = session_public(capacity=9)
    day.session_id = session.public_id
    # Twice as many as there are sparse sentences: the key of a registration chooses among them, and
    # goes on from one life to the other.
    came = [_registers(session, number, day) for number in range(1, 9)]
    day.codes = [one.code for one in came]
    _refused(session, came[3])
    _recorded(session, came[0], WORDS_OF_OTHERS, "secretary")
    _papers_taken(day, session, came[1], came[4])
    _secret_visit(day, session, came[1])
    _left_without_case(day, session, came[4])
    _recorded(session, came[2], WORDS_OF_OTHERS, "secretary")
    minutes_of(session, came[1])
    session.refresh_from_db()
    session_hold(
        access=access_make("secretary"),
        public_id=session.public_id,
        version=session.version,
        at=AFTER,
    )
    _case_made(day, session, came[1])
    _worked(session, came[1])
    sweep_run(at=LATE, is_manual=True)
    outbox_deliver(at=LATE)
    _named(day, session)
    return day


WORDS_OF_OTHERS = "Giao kiểm tra hiện trạng ngõ đi chung và trả lời."


def _registers(session: Any, number: int, day: Day) -> Registered:
    """The second visitor leaves the topic to be said in person, or names a denunciation; the fifth
    says nothing before."""
    changes: dict[str, Any] = {"topic": ""} if number in (2, 5) else {}
    if number == 2 and day.is_sealed:
        filing = filing_make(
            kind="denunciation", subject=SUBJECT, content=CONTENT, request="", respondent=ABOUT
        )
        filed = petition_file(filing=filing, at=LONG_AGO)
        changes = {"topic": WORDS, "petition": (filed.code, filed.secret)}
    return register(session, number, **changes)


def _refused(session: Any, one: Registered) -> None:
    row = Registration.objects.get(code=one.code)
    visitor_refuse(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=one.code,
        version=row.version,
        ground=next(iter(grounds())),
        explanation="Đã giải thích tại chỗ.",
        at=DURING,
    )


def _papers_taken(day: Day, session: Any, *came: Registered) -> None:
    """A petition each, whose name may say whom it is about."""
    for one in came:
        paper_take(
            access=access_make("clerk"),
            session_id=session.public_id,
            code=one.code,
            paper=Paper(f"Đơn tố cáo {WORDS}" if day.is_sealed else "Đơn", 2, "original"),
            at=DURING,
        )


def _left_without_case(day: Day, session: Any, one: Registered) -> None:
    """Somebody denounces, and no case is made of it."""
    row = Registration.objects.get(code=one.code)
    told = Visit(said_sparsely(row.pk), VisitOutcome.ANSWERED)
    if day.is_sealed:
        entry: Any = {"kind": "denunciation", "content": WORDS}
        told = Visit(WORDS, VisitOutcome.ANSWERED, conclusion=WORDS, entry=entry)
    _recorded(session, one, "", "clerk", visit=told)


def _visit(said: str, conclusion: str, **entry: Any) -> Visit:
    return Visit(
        said,
        VisitOutcome.CONCLUSION,
        conclusion=conclusion,
        responsible_unit=Unit.objects.get(code=WARD),
        due_on=UNTIL,
        entry=entry,  # type: ignore[arg-type]
    )


def _recorded(session: Any, one: Registered, conclusion: str, who: str, **said: Any) -> None:
    visit = said.pop("visit", None) or _visit("Công dân đề nghị kiểm tra ngõ đi.", conclusion)
    session_record(
        access=access_make(who),
        session_id=session.public_id,
        code=one.code,
        visit=visit,
        at=said.pop("at", DURING),
    )


def sparse(one: Registered) -> Visit:
    """What an officer writes who writes little down."""
    row = Registration.objects.get(code=one.code)
    ward = Unit.objects.get(code=WARD)
    return _visit(said_sparsely(row.pk), concluded_sparsely(ward), content="", kind="")


def _secret_visit(day: Day, session: Any, one: Registered) -> None:
    """Recorded by the clerk; written notice and conclusion issued by the chair."""
    told = sparse(one)
    if day.is_sealed:
        told = _visit(WORDS, WORDS, content=WORDS, kind="denunciation", note=WORDS)
    _recorded(session, one, "", "clerk", visit=told)
    _written_notice(session, one)
    notice = ConclusionNotice.objects.get(visit__registration__code=one.code)
    if day.is_sealed:
        ConclusionNotice.objects.filter(pk=notice.pk).update(opening=WORDS, recipients=WORDS)
    notice_issue(
        access=access_make("chair"), public_id=notice.public_id, version=notice.version, at=DURING
    )


def _written_notice(session: Any, one: Registered) -> None:
    """Issued by the chair, declared void, issued anew, sent by the clerk."""
    named: dict[str, Any] = {"session_id": session.public_id, "code": one.code}
    chair, clerk = access_make("chair"), access_make("clerk")
    visit_notice_issue(access=chair, version=1, at=DURING, **named)
    visit_notice_void(access=chair, reason="Sai ngày.", at=DURING, **named)
    visit_notice_issue(access=chair, version=1, at=LATER, **named)
    visit_notice_send(access=clerk, sent_on=DAY, at=LATER, **named)


def minutes_of(session: Any, one: Registered) -> None:
    """By the secretary, who knows nothing of what the record holds; signed by both sides."""
    given: dict[str, Any] = {
        "access": access_make("secretary"),
        "session_id": session.public_id,
        "code": one.code,
        "at": LATER,
    }
    minutes_save(version=0, text="Đã tiếp và nghe công dân trình bày.", **given)
    minutes_sign(version=1, **given)
    minutes_visitor_sign(version=2, how="paper", **given)


def _case_made(day: Day, session: Any, one: Registered) -> None:
    """The denunciation becomes a case; an ordinary record is corrected without a change."""
    if not day.is_sealed:
        _recorded(session, one, "", "clerk", visit=sparse(one), at=AFTER)
        return
    filing = VisitFiling(
        kind="denunciation",
        field="land_compensation",
        subject=SUBJECT,
        content=WORDS,
        person=(("address", "Số 5, phố Tưởng Tượng"),),
        respondent=ABOUT,
    )
    visit_case_make(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=one.code,
        filing=filing,
        at=AFTER,
    )
    visit = VisitRecord.objects.get(registration__code=one.code)
    assert visit.case is not None
    assert visit.case.is_denunciation


def _worked(session: Any, one: Registered) -> None:
    """The ward reports what it was given to do; the report of a denunciation has its words."""
    task = ConclusionTask.objects.get(notice__visit__registration__code=one.code)
    is_sealed = task.notice.is_sealed
    for step, text in (("receive", ""), ("report", WORDS if is_sealed else REPORTED)):
        task.refresh_from_db()
        task_step(
            access=access_make("clerk"),
            public_id=task.public_id,
            version=task.version,
            step=TaskStep(step),
            said=StepInput(text=text),
            at=AFTER,
        )


REPORTED = "Đơn vị đã báo cáo kết quả thực hiện."


def _named(day: Day, session: Any) -> None:
    """Names for everything that is drawn by chance, in an order that both lives share."""
    day.names |= {str(session.public_id): "SESSION", screen_token(session): "SCREEN"}
    for number, code in enumerate(day.codes, start=1):
        day.names[code] = f"VISITOR{number}"
    _proofs_named(day)
    for notice in ConclusionNotice.objects.order_by("pk"):
        day.notices.append(notice.public_id)
        day.names[str(notice.public_id)] = f"NOTICE{notice.number}"
        for task in notice.tasks.order_by("position"):
            day.tasks.append(task.public_id)
            day.names[str(task.public_id)] = f"TASK{notice.number}.{task.position}"


def _proofs_named(day: Day) -> None:
    """Which life has how many files is not shown anywhere; what became of each is."""
    known: dict[str, str] = {}
    for file in IssuedFile.objects.order_by("pk"):
        kind, _colon, key = file.subject.partition(":")
        kind = kind.removesuffix(COVERED)
        name = known.setdefault(f"{kind}:{key}", f"PROOF-{kind}-{len(known)}")
        place = "later" if file.replaces_id else "first"
        day.names |= {file.check_code: f"{name}-{file.state}-{place}"}
        day.names |= {bytes(file.sha256).hex(): HASH}
        is_cover = file.subject.partition(":")[0].endswith(COVERED)
        # A visitor's own paper, and the one that whoever must not know reads.
        day.proofs += [f"{file.check_code}/?own"] if not is_cover else []
        if is_cover or not IssuedFile.objects.filter(subject=covered(file.subject)).exists():
            day.proofs.append(f"{file.check_code}/")


def denunciations() -> list[str]:
    """Codes of the denunciations of the day."""
    return list(Case.objects.filter(kind="denunciation").values_list("code", flat=True))
