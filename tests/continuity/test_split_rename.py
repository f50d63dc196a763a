"""A ward is split by places and people; a ward gets another name."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Membership
from common.errors import Conflict, DomainError, InvalidInput, Stale
from common.invariants import invariants_broken
from common.reference import LoadReport
from common.time import local_moment
from communes.models import Unit
from communes.services import units_load
from continuity.models import UnitReform
from continuity.services import reform_cancel, reform_choose, reform_return, reforms_due
from continuity.services.preview import preview
from continuity.validators import Target
from directives.models import Assignment
from notifications.models import OutboxMessage
from petitions.models import Case
from petitions.services.intake import petition_file
from tests.continuity.reforming import (
    AT,
    MONDAY,
    NEW,
    NEW_NAME,
    approve,
    choose,
    draft,
    merged,
    submit,
)
from tests.directives.giving import give, task_make
from tests.people import OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast import session_public

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=3)
EAST, WEST = Target("00998", "Phường Đông"), Target("00997", "Phường Tây")
SPLIT: dict[str, Any] = {"kind": "split", "sources": [WARD], "targets": [EAST, WEST]}
RENAME: dict[str, Any] = {
    "kind": "rename", "sources": [WARD], "targets": [Target(WARD, "Phường Ba Đình Mới")],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_chair"):
        person_make(name)


def file(**changes: Any) -> Story:
    return Story(petition_file(filing=filing_make(**changes), at=BEFORE))


def test_a_split_gives_cases_by_place_then_by_officer_then_to_the_first() -> None:
    here = file(subject="Khiếu nại về đất tại phố Sông Hồng")
    with_officer = file().accepted(BEFORE)
    other = file()
    reform = choose(draft(**SPLIT), handler="00997:handler", clerk="00997:clerk")
    reform = reform_choose(
        access=access_make("admin"),
        public_id=reform.public_id,
        version=reform.version,
        posts=reform.choices["posts"],
        places={"00997": "Phố Sông Hồng\n"},
        at=AT,
    )
    approve(submit(reform))
    assert here.case.unit.code == "00997"
    assert with_officer.case.unit.code == "00997"
    assert other.case.unit.code == "00998"
    rows = Membership.objects.filter(valid_to=None, unit__code__in=["00997", "00998"])
    assert dict(rows.values_list("user__username", "unit__code")) == {
        "clerk": "00997", "handler": "00997", "chair": "00998", "secretary": "00998",
    }  # fmt: skip
    assert Unit.objects.get(code="00998").keeps == [Unit.objects.get(code=WARD).pk]
    assert Unit.objects.get(code="00997").keeps == []
    assert not invariants_broken()


def test_a_renamed_unit_keeps_everything_and_papers_the_name_of_their_time() -> None:
    story = file()
    old = Unit.objects.get(code=WARD)
    reform = approve(submit(draft(**RENAME)))
    unit = Unit.objects.get(code=WARD)
    assert reform.state == "done"
    assert (unit.pk, unit.slug, unit.valid_to) == (old.pk, old.slug, None)
    assert unit.full_name == "Phường Ba Đình Mới"
    assert unit.name_on(MONDAY - dt.timedelta(days=1)) == old.full_name
    assert unit.name_on(MONDAY) == unit.full_name
    assert story.case.letters.get().addressed_name == old.full_name
    assert "ba dinh" in unit.search_text
    units_load(LoadReport())
    unit.refresh_from_db()
    assert unit.full_name == "Phường Ba Đình Mới"


def test_reference_data_does_not_bring_a_merged_unit_back() -> None:
    merged()
    report = LoadReport()
    units_load(report)
    assert Unit.objects.get(code=WARD).valid_to is not None
    assert Unit.objects.get(code=NEW).valid_to is None


def test_a_reform_of_tomorrow_waits_for_the_job() -> None:
    tomorrow = MONDAY + dt.timedelta(days=1)
    reform = choose(draft(effective_on=tomorrow), other_chair="")
    reform = approve(submit(reform))
    assert reform.state == "approved"
    assert reforms_due(AT) == 0
    assert Unit.objects.get(code=WARD).valid_to is None
    at = local_moment(tomorrow, 0, 30)
    assert reforms_due(at) == 1
    assert reforms_due(at) == 0
    assert Unit.objects.get(code=WARD).valid_to == MONDAY


def test_a_job_that_cannot_says_why_once(time_machine: Any) -> None:
    tomorrow = MONDAY + dt.timedelta(days=1)
    approve(submit(choose(draft(effective_on=tomorrow), other_chair="")))
    Membership.objects.create(
        user=person_make("other_chair"), unit=Unit.objects.get(code=OTHER_WARD), role="secretary",
        valid_from=dt.date(2026, 1, 1),
    )  # fmt: skip
    at = local_moment(tomorrow, 0, 30)
    assert reforms_due(at) == 0
    assert reforms_due(at) == 0
    reform = UnitReform.objects.get()
    assert reform.state == "approved"
    assert reform.blocked
    assert OutboxMessage.objects.filter(template="reform_blocked", channel="app").count() == 2
    assert Unit.objects.get(code=WARD).valid_to is None
    assert not Unit.objects.filter(code=NEW).exists()


def test_a_reform_of_the_past_ends_the_unit_yesterday_not_before() -> None:
    merged(effective_on=MONDAY - dt.timedelta(days=30))
    assert Unit.objects.get(code=WARD).valid_to == MONDAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("sources", {"sources": ["99999", WARD]}),
        ("sources", {"sources": [WARD, WARD]}),
        ("sources", {"sources": [WARD, "SYT"]}),
        ("sources", {"sources": ["BTCD", "UBND"], "targets": [Target("XYZ", "Ban mới")]}),
        ("sources", {"sources": [WARD]}),
        ("targets", {"sources": [WARD], "targets": [Target(WARD)]}),
        ("targets", {"targets": [Target("12", "Phường Mới")]}),
        ("targets", {"targets": [Target(NEW, "Thành phố Mới")]}),
        ("targets", {"targets": [Target("SYT")]}),
        ("targets", {"targets": [Target(NEW, NEW_NAME), Target("00998", "Phường Hai")]}),
        ("targets", SPLIT | {"targets": [EAST]}),
        ("targets", SPLIT | {"targets": [EAST, Target(WARD)]}),
        ("targets", RENAME | {"targets": [Target(NEW, NEW_NAME)]}),
        ("targets", RENAME | {"targets": [Target(WARD, "Phường Ba Đình")]}),
        ("effective_on", {"effective_on": MONDAY + dt.timedelta(days=367)}),
        ("effective_on", {"effective_on": MONDAY - dt.timedelta(days=367)}),
        ("decided_on", {"decided_on": MONDAY + dt.timedelta(days=1)}),
        ("number", {"number": "  "}),
        ("issuer", {"issuer": "x\0"}),
        ("kind", {"kind": "dissolve"}),
        ("attachment", {"attachment": "00000000-0000-4000-8000-000000000000"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        draft(**changes)
    assert list(refused.value.fields) == [field]
    assert not UnitReform.objects.filter(state="submitted").exists()


def test_a_unit_that_is_no_more_is_not_reformed_again() -> None:
    merged()
    with pytest.raises(InvalidInput) as refused:
        draft(sources=[WARD, "00025"], targets=[Target("00996", "Phường Khác")])
    assert list(refused.value.fields) == ["sources"]


def test_one_reform_of_a_unit_at_a_time() -> None:
    submit(choose(draft(), other_chair=""))
    second = draft(sources=[WARD, "00025"], targets=[Target("00996", "Phường Khác")])
    with pytest.raises(Conflict):
        submit(second)


def test_a_cancelled_reform_frees_its_units() -> None:
    first = submit(choose(draft(), other_chair=""))
    access = access_make("admin")
    reform_cancel(access=access, public_id=first.public_id, version=first.version, reason="Nhầm")
    second = draft(sources=[WARD, "00025"], targets=[Target("00996", "Phường Khác")])
    assert submit(second).state == "submitted"


def test_a_stale_preview_is_not_approved() -> None:
    reform = submit(choose(draft(), other_chair=""))
    seen = preview(reform, AT).digest
    Membership.objects.filter(user=person_make("handler")).update(valid_to=MONDAY)
    file()  # what comes in every day does not make it stale
    Membership.objects.filter(user=person_make("clerk")).update(role="handler")
    with pytest.raises(Stale):
        approve(reform, digest=seen)
    assert Unit.objects.get(code=WARD).valid_to is None


def test_what_comes_in_meanwhile_does_not_make_it_stale() -> None:
    reform = submit(choose(draft(), other_chair=""))
    seen = preview(reform, AT).digest
    file()
    assert approve(reform, digest=seen).state == "done"


def test_a_reform_given_back_is_changed_and_submitted_again() -> None:
    reform = submit(choose(draft(), other_chair=""))
    reform = reform_return(
        access=access_make("propaganda"), public_id=reform.public_id, version=reform.version,
        reason="Thiếu tệp nghị quyết",
    )  # fmt: skip
    assert reform.state == "draft"
    assert submit(reform).state == "submitted"


def test_the_preview_tells_nothing_of_denunciations() -> None:
    reform = draft()
    before = preview(reform, AT)
    respondent = {"name": "Ông Thử", "unit": "00025", "position": "chair"}
    for addressed in (WARD, OTHER_WARD):
        file(kind="denunciation", unit=addressed, respondent=respondent)
    file(kind="denunciation", unit=WARD, respondent=respondent | {"unit": OTHER_WARD})
    after = preview(reform, AT)
    assert (after.amounts, after.problems, after.digest) == (
        before.amounts, before.problems, before.digest,
    )  # fmt: skip
    assert Case.objects.filter(kind="denunciation", unit__code__in=[WARD, OTHER_WARD]).count() == 3


def test_leaders_who_receive_at_the_same_time() -> None:
    """One chair goes on: the other's session is held by its old leader, standing in."""
    mine = session_public("chair", duty_holder="people_committee_chair")
    person_make("other_chair")
    theirs = session_public(
        "other_chair", duty_holder="people_committee_chair", unit=OTHER_WARD, place="Trụ sở khác"
    )
    merged()
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.unit == theirs.unit == Unit.objects.get(code=NEW)
    assert (mine.leader, mine.is_delegated) == (person_make("chair"), False)
    assert (theirs.leader, theirs.is_delegated) == (person_make("other_chair"), True)


def test_leaders_who_receive_at_the_same_time_and_one_leaves_is_a_question() -> None:
    session_public("chair", duty_holder="people_committee_chair")
    session_public("other_chair", duty_holder="people_committee_chair", unit=OTHER_WARD)
    with pytest.raises(DomainError) as refused:
        submit(choose(draft(), other_chair=""))
    assert refused.value.code == "blocked"


def test_what_was_owed_once_is_counted_before_and_after() -> None:
    give(task_make(), WARD, OTHER_WARD)
    seen = {str(a.what): a.number for a in preview(draft(), AT).amounts}
    done = merged()
    assert done.counts["doubled"] == seen["Nhiệm vụ trùng được gộp còn một"]


def test_a_petition_that_came_in_the_moment_of_the_end_follows() -> None:
    merged()
    story = file()
    Case.objects.filter(pk=story.case.pk).update(unit=Unit.objects.get(code=WARD))
    reforms_due(AT)
    assert story.case.unit == Unit.objects.get(code=NEW)


def test_a_task_that_came_in_the_moment_of_the_end_follows() -> None:
    merged()
    row = give(task_make(), OTHER_WARD)
    Assignment.objects.filter(pk=row.pk).update(unit=Unit.objects.get(code=WARD))
    reforms_due(AT)
    row.refresh_from_db()
    assert row.unit.code == NEW
