"""Land projects and signals go along when units become one."""

import datetime as dt
from typing import Any

import pytest

from common.invariants import invariants_broken
from continuity.presenters import COUNTS, counts_of
from continuity.services.preview import preview
from early_warning.models import Signal, SignalEvent
from early_warning.services.unit_moves import PROJECT_MOVED, SIGNAL_MOVED
from petitions.services.intake import petition_file
from tests.continuity.reforming import AT, NEW, draft, merged
from tests.early_warning.matters import project_of_ward, signal_make
from tests.people import WARD, Story, filing_make, person_make

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
    assert SignalEvent.objects.get(action=SIGNAL_MOVED).data["to"] == NEW
    # Another sum: the new unit's is looked at anew.
    assert Signal.objects.get(pk=about_field.pk).unit.code == WARD
    assert not invariants_broken()
