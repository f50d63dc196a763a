"""What visitors and ladders learn of notices that are about others, or about a denunciation."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string

from common.errors import NotVisible
from deadlines.models import Clock
from petitions.models import Case
from petitions.selectors_public import letter_track
from receptions.escalations import ReceptionOwner
from receptions.models import ConclusionClock, ConclusionTask, VisitRecord
from receptions.progress import (
    Progress,
    notice_public,
    progress_of,
    progress_of_letter,
    refusals_of_letter,
)
from receptions.services.conclusions import notice_issue
from tests.people import OTHER_WARD, PERSON, Story, access_make, person_make
from tests.receptions.cast import NOW, Visitor, register, session_public
from tests.receptions.cast_day import refuse
from tests.receptions.concluding import (
    DURING,
    UNTIL,
    clock_of,
    drafted,
    issued,
    registration_of,
    row,
    task_of,
    visit_of,
    ward,
)
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
ANOTHER = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
WORDS = "Giao kiểm tra ngõ Bryxol"


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


def concluded(**changes: Any) -> VisitRecord:
    """A visit with a conclusion, left as a draft by the clerk."""
    values = {"conclusion": WORDS, "responsible_unit": ward(), "due_on": UNTIL}
    return visit_of("conclusion", who=changes.pop("who", "clerk"), **(values | changes))


def seen(visit: VisitRecord) -> Progress:
    progress = progress_of(registration_of(visit))
    assert progress is not None
    return progress


def test_a_conclusion_is_read_in_an_issued_notice_alone() -> None:
    visit = concluded()
    assert (seen(visit).answer, seen(visit).notices) == ("", [])
    issued(
        row(what="Nội bộ", is_internal=True),
        session=visit.registration.session,
        code=visit.registration.code,
    )
    assert (seen(visit).answer, seen(visit).notices) == ("", [])


def test_of_a_notice_of_the_whole_session_only_that_it_was_issued() -> None:
    visit = concluded()
    notice = issued(row(what="Việc của người khác"), session=visit.registration.session)
    progress = seen(visit)
    assert [(shown.pk, tasks) for shown, tasks in progress.notices] == [(notice.pk, [])]
    page = render_to_string(
        "receptions/_progress.html", {"progress": progress, "secret": "S", "code": "C"}
    )
    assert notice.shown_number in page
    assert "Việc của người khác" not in page
    assert str(notice.public_id) not in page
    with pytest.raises(NotVisible):
        notice_public(registration_of(visit), notice.public_id)


@pytest.mark.parametrize("is_internal", [True, False])
def test_a_limit_met_by_a_notice_points_to_it_only_where_it_is_shown(*, is_internal: bool) -> None:
    visit = concluded()
    session = visit.registration.session
    issued(row(is_internal=is_internal), session=session, code=visit.registration.code)
    page = render_to_string("receptions/_progress.html", {"progress": seen(visit)})
    assert ("văn bản dưới đây" in page) == (not is_internal)
    assert ("đã có kết luận bằng văn bản ngày 10/12/2026" in page) == is_internal


def test_a_draft_replaces_nothing_yet() -> None:
    visit = visit_of("taken_in")
    session = visit.registration.session
    notice = issued(session=session, code=visit.registration.code)
    draft = drafted(session=session, replaces=notice.public_id)
    assert [shown.pk for shown, _tasks in seen(visit).notices] == [notice.pk]
    issued_now = issued_from(draft)
    assert [shown.pk for shown, _tasks in seen(visit).notices] == [issued_now]


def issued_from(draft: Any) -> int:
    access = access_make("secretary")
    return notice_issue(
        access=access, public_id=draft.public_id, version=draft.version, at=DURING
    ).pk


def test_the_case_of_the_visit_comes_before_the_named_one(story: Tell) -> None:
    tale, named = story(), story()
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    petition = (named.filed.code, named.filed.secret)
    visit = visit_of("taken_in", registration={"visitor": own, "petition": petition})
    VisitRecord.objects.update(case=tale.case)
    letters = [letter_track(one.filed.code, one.filed.secret) for one in (tale, named)]
    found = [[one.visit for one in progress_of_letter(letter)] for letter in letters if letter]
    assert found == [[visit], []]


def of_whole_session(story: Tell) -> tuple[ConclusionTask, Clock]:
    """A task of a notice of a whole session in which a visit was about a denunciation."""
    tale = story(kind="denunciation", respondent=ANOTHER)
    visit = concluded(registration={"petition": (tale.filed.code, tale.filed.secret)})
    Case.objects.filter(pk=tale.case.pk).update(barred_units=[999_999])
    task = task_of(issued(row(), session=visit.registration.session))
    return task, clock_of(task)


def test_tasks_of_a_whole_session_pass_over_the_denounced_body(story: Tell) -> None:
    _task, clock = of_whole_session(story)
    assert clock.barred_units == [999_999]


def test_they_are_hidden_from_the_denounced_body_alone(story: Tell) -> None:
    _task, clock = of_whole_session(story)
    step = ConclusionClock.objects.filter(clock=clock)
    own = access_make("propaganda")
    for who in ("propaganda", "secretary"):
        assert not step.filter(ReceptionOwner().hidden(access_make(who))).exists()
    Clock.objects.filter(pk=clock.pk).update(barred_units=[*own.unit_ids])
    assert step.filter(ReceptionOwner().hidden(own)).exists()
    assert not step.filter(ReceptionOwner().hidden(access_make("secretary"))).exists()


def test_others_are_not_hidden() -> None:
    session = session_public()
    concluded(session=session)
    clock = clock_of(task_of(issued(row(), session=session)))
    step = ConclusionClock.objects.filter(clock=clock)
    assert step.exists()
    assert step.exclude(ReceptionOwner().hidden(access_make("propaganda"))).exists()


def refused_with(story: Tell, visitor: Visitor, **changes: Any) -> tuple[Story, str]:
    """A petition, and somebody who registered with it and was refused; the petitioner's page."""
    tale = story(**changes)
    session = session_public()
    register(session, visitor=visitor, petition=(tale.filed.code, tale.filed.secret))
    refuse(session, 1)
    letter = letter_track(tale.filed.code, tale.filed.secret)
    assert letter is not None
    return tale, render_to_string(
        "receptions/_progress_list.html",
        {"visits": progress_of_letter(letter), "refusals": refusals_of_letter(letter)},
    )


def test_a_refusal_stands_on_the_petitions_page_too(story: Tell) -> None:
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    _tale, page = refused_with(story, own)
    assert "Lý do không tiếp" in page
    assert "10/12/2026, Phường Ba Đình" in page
    assert "hoản 3 Điều 9 Luật Tiếp công dân" in page
    assert "đã có quyết định giải quyết lần hai" in page
    assert "15/12/2026" in page


def test_not_that_of_somebody_else(story: Tell) -> None:
    other = Visitor("Người khác", "001088000077", PERSON["phone"])
    assert refused_with(story, other)[1].strip() == ""


def test_not_of_a_denunciation(story: Tell) -> None:
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    page = refused_with(story, own, kind="denunciation", respondent=ANOTHER)[1]
    assert page.strip() == ""


def test_the_petitioners_page_shows_it(story: Tell, client: StrictClient) -> None:
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    tale, _page = refused_with(story, own)
    sent = {"code": tale.filed.code, "secret": tale.filed.secret}
    shown = client.post("/tra-cuu/", sent, follow=True)
    assert "Lý do không tiếp" in shown.text
