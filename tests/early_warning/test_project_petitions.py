"""Petitions about land projects: linked, suggested, and how they rise after stages."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from common.errors import InvalidInput, NotPermitted
from communes.models import Unit
from early_warning.models import ProjectCase, Signal
from early_warning.selectors_projects import (
    project_get_for,
    suggestions,
    telling_words,
    weeks_of,
)
from early_warning.services import (
    case_unlink,
)
from petitions.models import Case
from tests.early_warning.hot import (
    MONDAY,
    NOW,
    link,
    look,
    petition,
    project_make,
    signal,
    stage_done,
)
from tests.people import OTHER_WARD, access_make, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def test_petitions_are_linked_by_those_who_see_them() -> None:
    row = project_make()
    case, other = petition(1), petition(2, unit=OTHER_WARD)
    accused = {"name": "Ông Thử", "unit": "00025"}
    secret = petition(3, kind="denunciation", respondent=accused)
    row = link(row, [case.code, case.code.lower()])
    row = link(row, [case.code])
    assert ProjectCase.objects.counted().count() == 1
    for code in (other.code, secret.code, "HN-00000-00000-00"):
        with pytest.raises(InvalidInput) as caught:
            link(row, [code])
        assert "Không tìm thấy" in str(caught.value.fields["codes"][0])
    for who in ("front", "propaganda", "inspector"):
        with pytest.raises(NotPermitted):
            link(row, [case.code], who)
    row.refresh_from_db()
    case_unlink(
        access=access_make("clerk"), public_id=row.public_id, version=row.version, code=case.code
    )
    assert ProjectCase.objects.counted().count() == 0


def test_a_link_goes_when_another_unit_holds_the_case() -> None:
    row = project_make()
    case = petition(1)
    row = link(row, [case.code])
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code=OTHER_WARD))
    taken = {"public_id": row.public_id, "version": row.version, "code": case.code}
    with pytest.raises(InvalidInput):
        case_unlink(access=access_make("clerk"), **taken)  # does not see it
    Membership.objects.create(
        user=person_make("clerk"), unit=Unit.objects.get(code=OTHER_WARD), role="clerk",
        valid_from=MONDAY,
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        case_unlink(access=access_make("clerk"), **taken | {"code": petition(2).code})
    case_unlink(access=access_make("clerk"), **taken)
    assert not ProjectCase.objects.counted().exists()


def test_suggestions_share_the_words_of_the_project() -> None:
    row = project_make()
    petition(1, subject="Kiến nghị về đường đi chung")
    about = petition(2, subject="Kiến nghị về bồi thường dự án Sen Vàng")
    petition(3, field="environment", subject="Rác tại Sen Vàng")
    found = suggestions(access_make("clerk"), row, MONDAY)
    assert found[0].case.code == about.code
    assert {"sen", "vang"} <= set(found[0].words)
    assert len(found) == 2
    assert "duong" not in telling_words(row)
    link(row, [about.code])
    assert [one.case.code for one in suggestions(access_make("clerk"), row, MONDAY)] != [about.code]
    assert suggestions(access_make("front"), row, MONDAY) == []


def test_suggestions_use_the_index_of_moments() -> None:
    row = project_make()
    petition(1, before=365)
    petition(2, before=366)
    with CaptureQueriesContext(connection) as asked:
        found = suggestions(access_make("clerk"), row, MONDAY)
    assert len(found) == 1
    assert not [query for query in asked.captured_queries if "AT TIME ZONE" in query["sql"]]


def test_a_rise_after_a_stage_is_a_signal_of_the_unit() -> None:
    row = project_make()
    stage_done(row, "announce", 20)
    codes = [petition(n, before=15 - n).code for n in range(5)]
    codes.append(petition(9, before=40).code)
    link(row, codes[:4])
    look()
    assert not Signal.objects.filter(rule__code="DA-SAU-BUOC").exists()
    link(row, codes)
    look()
    found = signal("DA-SAU-BUOC")
    assert (found.project, found.stage.stage, found.measured) == (row, "announce", 5)
    weeks = weeks_of(project_get_for(access_make("clerk"), row.public_id), MONDAY)
    assert sum(count for _monday, count in weeks.counts) == 6
    assert [stage.stage for stage in weeks.stages] == ["announce"]


def test_one_burst_after_two_stages_is_one_signal() -> None:
    row = project_make()
    stage_done(row, "announce", 20)
    stage_done(row, "inventory", 12)
    link(row, [petition(n, before=10 - n).code for n in range(6)])
    look()
    assert signal("DA-SAU-BUOC").stage.stage == "inventory"
