"""Written findings lengthen a limit, as far and as often as the law allows."""

import datetime as dt
from collections.abc import Callable

import pytest

from common.errors import DomainError, InvalidInput, NotPermitted
from deadlines.models import Clock
from petitions.enums import Flag, Kind
from petitions.models import CaseClock, CaseEvent, Note
from petitions.selectors import available_actions
from tests.people import Story, access_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
FILED = dt.datetime(2026, 7, 6, 2, tzinfo=dt.UTC)
ACCEPTED = dt.datetime(2026, 7, 10, 2, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 7, 20, 2, tzinfo=dt.UTC)
FOUND = {"number": "3/QĐ-UBND", "reason": "Phải xác minh tại nhiều nơi."}


def clock(tale: Story, stage: str = "resolution") -> Clock:
    return CaseClock.objects.select_related("clock").get(case=tale.case, stage=stage).clock


def denunciation(story: Make) -> Story:
    tale = story(kind=Kind.DENUNCIATION, respondent={"name": "A", "unit": "00008"}, at=FILED)
    return tale.accepted(at=ACCEPTED)


def test_a_complaint_found_complex_has_45_days_in_all(story: Make) -> None:
    tale = story(at=FILED).accepted(at=ACCEPTED)
    assert clock(tale).due_on == dt.date(2026, 8, 10)
    tale.do("chair", "extend", LATER, finding="complex", **FOUND)
    longer = clock(tale)
    assert (longer.rule_code, longer.legal_due_on) == ("KN-RES1-C", dt.date(2026, 8, 24))
    assert tale.case.due_on == longer.due_on == dt.date(2026, 8, 24)
    assert Flag.COMPLEX in tale.case.flags
    assert longer.extensions[0]["replaced"] == "KN-RES1-N"
    event = CaseEvent.objects.filter(case=tale.case).latest("sequence")
    assert event.data["finding"] == "complex"
    assert Note.objects.get(case=tale.case, action="extend").is_public


def test_a_complaint_is_found_complex_once(story: Make) -> None:
    tale = story(at=FILED).accepted(at=ACCEPTED)
    tale.do("chair", "extend", LATER, finding="complex", **FOUND)
    with pytest.raises(InvalidInput) as refused:
        tale.do("chair", "extend", LATER, finding="complex", **FOUND)
    assert "Điều 28 Luật Khiếu nại" in str(refused.value.fields)


def test_a_complex_denunciation_grows_once_by_30_days(story: Make) -> None:
    tale = denunciation(story)
    assert clock(tale).due_on == dt.date(2026, 8, 10)
    tale.do("chair", "extend", LATER, finding="complex", **FOUND)
    assert clock(tale).legal_due_on == dt.date(2026, 9, 9)
    assert "khoản 2 Điều 30 Luật Tố cáo" in clock(tale).basis
    with pytest.raises(InvalidInput):
        tale.do("chair", "extend", LATER, finding="complex", **FOUND)


def test_no_third_extension_of_a_very_complex_denunciation(story: Make) -> None:
    tale = denunciation(story)
    tale.do("chair", "extend", LATER, finding="very_complex", **FOUND)
    tale.do("chair", "extend", LATER, finding="very_complex", **FOUND)
    assert clock(tale).legal_due_on == dt.date(2026, 10, 9)
    assert [item["rule"] for item in clock(tale).extensions] == ["TC-RES-X2A", "TC-RES-X2B"]
    with pytest.raises(InvalidInput) as refused:
        tale.do("chair", "extend", LATER, finding="very_complex", **FOUND)
    assert "khoản 3 Điều 30" in str(refused.value.fields)


def test_no_complex_limit_without_the_written_finding(story: Make) -> None:
    tale = story(at=FILED).accepted(at=ACCEPTED)
    with pytest.raises(InvalidInput) as refused:
        tale.do("chair", "extend", LATER, finding="complex")
    assert set(refused.value.fields) == {"number", "reason"}
    assert clock(tale).due_on == dt.date(2026, 8, 10)


def test_the_acceptance_of_a_denunciation_grows_to_10_working_days_in_all(story: Make) -> None:
    tale = story(kind=Kind.DENUNCIATION, respondent={"name": "A", "unit": "00008"}, at=FILED)
    tale.do("clerk", "receive", FILED, is_signed=True)
    assert clock(tale, "acceptance").due_on == dt.date(2026, 7, 15)
    tale.do("chair", "extend", FILED, finding="several_places", **FOUND)
    assert clock(tale, "acceptance").due_on == dt.date(2026, 7, 20)
    assert clock(tale, "acceptance").rule_code == "TC-INIT-X"
    with pytest.raises(InvalidInput):
        tale.do("chair", "extend", FILED, finding="complex", **FOUND)


def test_accepting_a_complaint_has_no_longer_limit(story: Make) -> None:
    tale = story(at=FILED)
    tale.do("clerk", "receive", FILED, is_signed=True)
    shown = {i["row"].action: i for i in available_actions(access_make("chair"), tale.case)}
    assert not shown["extend"]["allowed"]
    with pytest.raises(DomainError) as refused:
        tale.do("chair", "extend", FILED, finding="complex", **FOUND)
    assert not isinstance(refused.value, NotPermitted)


def test_only_who_decides_extends(story: Make) -> None:
    tale = story(at=FILED).accepted(at=ACCEPTED)
    with pytest.raises(NotPermitted):
        tale.do("handler", "extend", LATER, finding="complex", **FOUND)
