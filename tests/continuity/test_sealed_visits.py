"""What was said of a denunciation before units became one is not read by who came in since."""

import datetime as dt
from typing import Any

import pytest

from accounts.access import access_of
from accounts.models import User
from common.time import local_moment
from communes.models import Unit
from continuity.validators import Target
from receptions.models import ConclusionNotice, VisitRecord
from receptions.sealing import notice_cover, reads_words, words_of
from receptions.selectors_register import Asked, sealed_entries
from tests.continuity import reforming
from tests.people import WARD, person_make
from tests.receptions.cast import NOW
from tests.receptions.test_visit_sealing import HIDDEN, sealed_conclusion

pytestmark = pytest.mark.django_db
AFTER = local_moment(dt.date(2026, 12, 14), 9)


@pytest.fixture(autouse=True)
def _before(time_machine: Any, monkeypatch: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(reforming, "AT", AFTER)
    for name in ("clerk", "chair", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def visited() -> VisitRecord:
    """A citizen denounced the chair of the other ward here, and no case was made yet."""
    return sealed_conclusion(who="chair")


def led_by_the_accused(time_machine: Any, code: str = reforming.NEW, **changes: Any) -> None:
    time_machine.move_to(AFTER, tick=False)
    reform = reforming.draft(**changes)
    reforming.approve(reforming.submit(reforming.choose(reform, chair=f"{code}:handler")))


def reads(name: str, visit: VisitRecord) -> bool:
    access = access_of(User.objects.get(username=name))
    row = VisitRecord.objects.select_related("registration__session__unit", "case").get(pk=visit.pk)
    notice = ConclusionNotice.objects.get(visit=visit)
    says = {
        words_of(access, row)["conclusion"] == HIDDEN,
        reads_words(access, row, row.registration.session),
        notice_cover(access, notice)[0].what == HIDDEN,
    }
    assert len(says) == 1, name
    return True in says


@pytest.mark.parametrize("target", [reforming.NEW, WARD])
def test_the_accused_who_leads_the_new_unit_reads_nothing(target: str, time_machine: Any) -> None:
    visit = visited()
    assert reads("clerk", visit)
    targets = {} if target == reforming.NEW else {"targets": [Target(WARD)]}
    led_by_the_accused(time_machine, target, **targets)
    head = Unit.objects.get(code=target).memberships.get(role="head", valid_to=None).user
    assert head.username == "other_chair"
    assert not reads("other_chair", visit)
    assert not reads("other_clerk", visit)
    assert not reads("clerk", visit)
    person_make("board_head")
    assert reads("board_head", visit)


def test_who_recorded_it_reads_it_on_and_the_register_counts_it_for_nobody_else(
    time_machine: Any,
) -> None:
    visit = visited()
    assert [listed(name) for name in ("chair", "clerk")] == [1, 1]
    time_machine.move_to(AFTER, tick=False)
    reforming.merged()
    assert reads("chair", visit)
    assert not reads("clerk", visit)
    assert [listed(name) for name in ("chair", "clerk", "other_clerk")] == [1, 0, 0]


def listed(name: str) -> int:
    """Denunciations behind the register of the ward in that December."""
    ward = Unit.objects.get(code=WARD)
    asked = Asked(ward, dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    return len(sealed_entries(access_of(User.objects.get(username=name)), asked))
