"""Land projects and signals go along when units become one."""

import datetime as dt
from typing import Any

import pytest

from common.invariants import invariants_broken
from continuity.presenters import COUNTS, counts_of
from continuity.services import reform_choose
from continuity.services.preview import preview
from continuity.validators import Target
from early_warning.models import Signal, SignalEvent
from early_warning.services import cases_link
from early_warning.services.unit_moves import PROJECT_MOVED, SIGNAL_MOVED
from petitions.services.intake import petition_file
from tests.continuity.reforming import AT, MONDAY, NEW, approve, draft, merged, submit
from tests.early_warning.matters import project_of_ward, signal_make
from tests.people import OTHER_WARD, WARD, Story, access_make, filing_make, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def signal_about_a_case() -> Signal:
    case = Story(petition_file(filing=filing_make(), at=AT - dt.timedelta(days=3))).case
    row = signal_make()
    Signal.objects.filter(pk=row.pk).update(case=case, field=None, unit=case.unit)
    return row


def test_the_preview_says_how_many_go_along() -> None:
    project_of_ward()
    signal_about_a_case()
    numbers = {str(row.what): row.number for row in preview(draft(), AT).amounts}
    assert numbers["Dự án thu hồi đất"] == 1
    assert numbers["Tín hiệu cảnh báo sớm đang mở hoặc đang theo dõi"] == 1


def test_every_number_of_what_was_moved_has_its_words() -> None:
    project_of_ward()
    signal_about_a_case()
    reform = merged()
    assert set(reform.counts) <= set(COUNTS)
    words = dict(counts_of(reform))
    assert words["Dự án thu hồi đất"] == 1
    assert words["Tín hiệu cảnh báo sớm đang mở hoặc đang theo dõi"] == 1


def test_a_merger_moves_them() -> None:
    project, about_case, about_field = project_of_ward(), signal_about_a_case(), signal_make(1)
    merged()
    project.refresh_from_db()
    assert [place.unit.code for place in project.places.all()] == [NEW]
    assert project.version == 2
    assert project.events.get(action=PROJECT_MOVED).data["to"] == NEW
    assert Signal.objects.get(pk=about_case.pk).unit.code == NEW
    field = Signal.objects.get(pk=about_field.pk)
    assert (field.unit.code, field.lapsed_on) == (NEW, None)
    assert field.key == f"DN-CUM-DON:place:{field.unit_id}:{field.field.code}"
    moves = SignalEvent.objects.filter(action=SIGNAL_MOVED)
    assert {(event.data["from"], event.data["to"]) for event in moves} == {(WARD, NEW)}
    assert not invariants_broken()


def test_of_two_signals_on_one_field_the_followed_one_goes_on() -> None:
    plain, followed = signal_make(1), signal_make(1, OTHER_WARD)
    Signal.objects.filter(pk=followed.pk).update(
        state="watched", owner=person_make("other_clerk"), next_look_on=MONDAY
    )
    merged()
    first, second = Signal.objects.get(pk=followed.pk), Signal.objects.get(pk=plain.pk)
    assert (first.unit.code, second.unit.code) == (NEW, NEW)
    assert first.key == f"DN-CUM-DON:place:{first.unit_id}:{first.field.code}"
    assert first.is_current
    # Nobody judged it: it waits, and holds no longer.
    assert (second.key, second.lapsed_on, second.is_live) == (plain.key, MONDAY, True)
    assert not invariants_broken()


def test_after_a_split_a_project_is_in_every_unit_that_has_petitions_about_it() -> None:
    row, other = project_of_ward(), project_of_ward(1)
    case = Story(
        petition_file(
            filing=filing_make(subject="Khiếu nại về đất tại phố Sông Hồng"),
            at=AT - dt.timedelta(days=3),
        )
    ).case
    cases_link(access=access_make("clerk"), public_id=row.public_id, version=1, codes=[case.code])
    east, west = Target("00998", "Phường Đông"), Target("00997", "Phường Tây")
    reform = draft(kind="split", sources=[WARD], targets=[east, west])
    reform = reform_choose(
        access=access_make("admin"), public_id=reform.public_id, version=reform.version, posts={},
        places={"00998": "Tổ dân phố số 3", "00997": "Phố Sông Hồng"}, at=AT,
    )  # fmt: skip
    approve(submit(reform))
    assert sorted(place.unit.code for place in row.places.all()) == ["00997", "00998"]
    assert row.events.get(action=PROJECT_MOVED).data["to"] == "00997, 00998"
    assert [place.unit.code for place in other.places.all()] == ["00998"]
    assert not invariants_broken()
