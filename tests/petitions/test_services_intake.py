"""Filing: what one petition makes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from common.codes import token_matches
from common.errors import DomainError, InvalidInput
from communes.models import Unit
from communes.selectors import unit_cache_clear
from notifications.models import OutboxMessage
from petitions import invariants
from petitions.enums import Flag
from petitions.forms_public import unit_choices
from petitions.models import Case, CaseClock, CaseEvent, Letter, Party, SealedIdentity
from petitions.services.intake import SECRET_PURPOSE, petition_file
from tests.people import PERSON, WARD, Story, filing_make

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)


def test_a_complaint_makes_letter_case_people_clock_history_and_notices() -> None:
    filed = petition_file(filing=filing_make(), at=MONDAY)
    case = Case.objects.get(code=filed.code)
    assert (case.status, case.unit.code, case.version) == ("submitted", WARD, 1)
    letter = Letter.objects.get(case=case)
    plain = filed.secret.replace("-", "")
    assert token_matches(letter.secret_hmac, SECRET_PURPOSE, plain)
    assert Party.objects.filter(letter=letter).count() == 2
    clock = CaseClock.objects.get(case=case).clock
    assert (clock.rule_code, clock.due_on) == ("KN-ACC", dt.date(2026, 11, 26))
    assert case.due_on == clock.due_on
    assert [e.action for e in CaseEvent.objects.filter(case=case)] == ["petitions.letter.filed"]
    assert set(OutboxMessage.objects.values_list("template", flat=True)) == {
        "petition_arrived",
        "petition_filed",
    }


def test_personal_data_is_sealed_and_in_no_other_table() -> None:
    filed = petition_file(filing=filing_make())
    box = bytes(SealedIdentity.objects.filter(party__letter__code=filed.code).first().box)  # type: ignore[union-attr]
    for value in PERSON.values():
        assert str(value).encode() not in box
    event = CaseEvent.objects.get(case__code=filed.code)
    messages = str(list(OutboxMessage.objects.values_list("params", flat=True)))
    for value in ("Vũ Thị Thử Nghiệm", "001099012345", "0912345678", "example.com"):
        assert value not in str(event.data) + messages


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("complaint", "KN-ACC"),
        ("denunciation", "TCD-NOTICE"),
        ("recommendation", "KP-NOTICE"),
        ("feedback", "KP-NOTICE"),
    ],
)
def test_the_first_clock_follows_the_kind(kind: str, rule: str) -> None:
    filed = petition_file(filing=filing_make(kind=kind))
    assert [c["rule"] for c in filed.answer["clocks"]] == [rule]


@pytest.mark.parametrize(
    ("moment", "rule", "due"),
    [
        (dt.datetime(2026, 6, 30, 3, tzinfo=dt.UTC), "KN-ACC-OLD", "2026-07-10"),
        (dt.datetime(2026, 7, 1, 3, tzinfo=dt.UTC), "KN-ACC", "2026-07-10"),
        # 17:30 UTC is 00:30 of the next day in Hà Nội: the new law holds.
        (dt.datetime(2026, 6, 30, 17, 30, tzinfo=dt.UTC), "KN-ACC", "2026-07-10"),
    ],
)
def test_the_law_of_the_day_of_receipt_holds(moment: dt.datetime, rule: str, due: str) -> None:
    (clock,) = petition_file(filing=filing_make(), at=moment).answer["clocks"]
    assert (clock["rule"], clock["due_on"]) == (rule, due)


def test_a_denunciation_never_goes_to_the_accused_unit(
    access: Callable[[str], Any],
) -> None:
    filed = petition_file(filing=filing_make(kind="denunciation"))
    case = Case.objects.get(code=filed.code)
    assert case.unit.code == "BTCD"
    assert Flag.REROUTED in case.flags
    for insider in ("clerk", "chair", "secretary", "handler"):
        assert not Case.objects.visible_to(access(insider)).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(access("board_officer")).filter(pk=case.pk).exists()


def test_a_denunciation_about_somebody_elsewhere_stays_with_the_addressed_unit() -> None:
    respondent = {"name": "Nguyễn Văn Hư Cấu", "unit": "00008", "position": "officer"}
    filed = petition_file(filing=filing_make(kind="denunciation", respondent=respondent))
    assert Case.objects.get(code=filed.code).unit.code == WARD


@pytest.mark.parametrize("about", [{"name": "Ông A"}, {"name": "Ông A", "unit": ""}])
@pytest.mark.parametrize(("addressed", "receiver"), [(WARD, "BTCD"), ("BTCD", "TTTP")])
def test_a_denunciation_of_an_unknown_unit_counts_as_one_of_the_addressed(
    about: dict[str, str], addressed: str, receiver: str, access: Callable[[str], Any]
) -> None:
    filing = filing_make(kind="denunciation", unit=addressed, respondent=about)
    case = Case.objects.get(code=petition_file(filing=filing).code)
    assert case.unit.code == receiver
    assert case.barred_units == [Unit.objects.get(code=addressed).pk]
    head = {WARD: "chair", "BTCD": "board_head"}[addressed]
    assert not Case.objects.visible_to(access(head)).filter(pk=case.pk).exists()
    assert not [*invariants.denunciation_is_not_with_the_accused()]


@pytest.mark.parametrize("kind", ["complaint", "feedback", "denunciation"])
def test_what_is_sent_to_a_body_without_officers_goes_to_the_board(kind: str) -> None:
    filing = filing_make(kind=kind, unit="SXD", respondent={"name": "Sở", "unit": "SXD"})
    case = Case.objects.get(code=petition_file(filing=filing).code)
    assert case.unit.code == "BTCD"
    assert Flag.REROUTED in case.flags
    assert Letter.objects.get(case=case).addressed_unit.code == "SXD"


def test_a_denunciation_of_the_board_sent_elsewhere_passes_it_by() -> None:
    filing = filing_make(kind="denunciation", unit="SXD", respondent={"name": "A", "unit": "BTCD"})
    assert Case.objects.get(code=petition_file(filing=filing).code).unit.code == "TTTP"


def test_only_bodies_that_handle_cases_are_offered() -> None:
    groups = unit_choices("", receivers=True)[1:]
    codes = {code for _district, units in groups for code, _name in units}
    assert {WARD, "BTCD", "TTTP", "UBND"} <= codes
    assert not codes & {"SXD", "TU", "CATP", "CITY"}


def test_an_ended_unit_takes_nothing() -> None:
    Unit.objects.filter(code=WARD).update(valid_to=dt.date(2026, 11, 15))
    unit_cache_clear()
    with pytest.raises(InvalidInput) as error:
        petition_file(filing=filing_make(), at=MONDAY)
    assert set(error.value.fields) == {"unit", "respondent.unit"}


def test_the_same_salt_gives_the_same_secret() -> None:
    salt = b"0123456789abcdef"
    one = petition_file(filing=filing_make(), salt=salt)
    two = petition_file(filing=filing_make(), salt=salt)
    assert one.secret == two.secret
    assert one.code != two.code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "99999"}, "unit"),
        ({"unit": "CITY"}, "unit"),
        ({"field": "weather"}, "field"),
        ({"respondent": None}, "respondent"),
        ({"respondent": {"name": "A", "unit": "99999"}}, "respondent.unit"),
        ({"attachments": ["4dd0a9bd-5a8a-4b09-9a3c-0e9a7a5d7a11"]}, "attachments"),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(changes: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as error, transaction.atomic():
        petition_file(filing=filing_make(**changes))
    assert field in error.value.fields
    assert not Case.objects.exists()


def test_denunciations_may_be_switched_off() -> None:
    with (
        override_settings(DENUNCIATION_MODE="off"),
        pytest.raises(DomainError) as error,
    ):
        petition_file(filing=filing_make(kind="denunciation"))
    assert (error.value.code, error.value.status) == ("denunciation_offline", 403)


def test_in_full_mode_a_denunciation_starts_its_own_clock() -> None:
    with override_settings(DENUNCIATION_MODE="full"):
        filed = petition_file(filing=filing_make(kind="denunciation"))
    assert filed.answer["clocks"][0]["rule"] == "TC-INIT"


def test_five_people_make_a_collective_petition(story: Callable[..., Story]) -> None:
    people = [PERSON | {"full_name": f"Người thứ {i}"} for i in range(5)]
    assert Flag.COLLECTIVE in story(petitioners=people).case.flags
    assert Flag.COLLECTIVE not in story(petitioners=people[:4]).case.flags
