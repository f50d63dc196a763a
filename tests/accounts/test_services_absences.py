"""Recording, ending and calling off absences; what the database refuses by itself."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import Absence, AccountEvent, Membership
from accounts.services_absences import AbsencePlan, absence_end, absence_record
from common.errors import Conflict, InvalidInput, NotVisible
from tests.accounts.office import NOW, access_today, away, day
from tests.people import person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)


def refused(field: str, **values: object) -> str:
    """What the service says on a field of a wrong absence of the chair."""
    given = {"from_on": day(0), "to_on": day(4), "reason": "leave", "deputy": ""} | values
    with pytest.raises(InvalidInput) as caught:
        absence_record(access=access_today("chair"), plan=AbsencePlan(**given))
    assert list(caught.value.fields) == [field]
    assert not Absence.objects.exists()
    return str(caught.value.fields[field][0])


def test_what_is_recorded_stands_in_the_history_without_the_reason() -> None:
    absence = away("chair", "secretary", reason="illness")
    event = AccountEvent.objects.get(user=person_make("chair"))
    assert event.action == "accounts.absence.recorded"
    assert event.actor == person_make("chair")
    assert event.data == {
        "absence": str(absence.public_id),
        "from": "2026-11-30",
        "to": "2026-12-04",
        "deputy": person_make("secretary").pk,
    }
    call_command("verify_history", stdout=io.StringIO())


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("to_on", {"to_on": day(-1), "from_on": day(0)}, "trước ngày đầu"),
        ("to_on", {"from_on": day(-9), "to_on": day(-1)}, "đã qua"),
        ("to_on", {"to_on": day(367)}, "một năm"),
        ("from_on", {"from_on": day(367), "to_on": day(368)}, "một năm"),
        ("reason", {"reason": "holiday"}, "danh sách"),
        ("deputy", {"deputy": "nobody.at.all"}, "cùng đơn vị"),
        ("deputy", {"deputy": "chair"}, "chính mình"),
    ],
)
def test_wrong_input_is_refused_at_its_field(
    field: str, values: dict[str, object], words: str
) -> None:
    assert words in refused(field, **values)


def test_a_deputy_holds_a_position_in_the_same_unit() -> None:
    assert "cùng đơn vị" in refused("deputy", deputy=person_make("other_chair").username)
    former = person_make("secretary")
    Membership.objects.filter(user=former).update(valid_to=day(-1))
    assert "cùng đơn vị" in refused("deputy", deputy=former.username)


def test_a_deputy_works_in_every_unit_of_the_absent_person() -> None:
    chair, other = person_make("chair"), person_make("other_chair")
    unit = other.memberships.get().unit
    Membership.objects.create(user=chair, unit=unit, role="head", valid_from=day(-9))
    assert "cùng đơn vị" in refused("deputy", deputy=person_make("secretary").username)
    own = chair.memberships.order_by("id").first().unit
    Membership.objects.create(user=other, unit=own, role="handler", valid_from=day(-9))
    assert away("chair", "other_chair").deputy == other


def test_nobody_is_absent_twice_on_a_day() -> None:
    away("handler", first=5, last=9)
    for first, last in ((0, 5), (6, 7), (9, 20), (0, 30)):
        with pytest.raises(InvalidInput) as caught:
            away("handler", first=first, last=last)
        assert "05/12/2026" in str(caught.value.fields["from_on"][0])
    away("handler", first=10, last=11)
    away("clerk", first=5, last=9)
    assert Absence.objects.count() == 3


def test_who_assigns_the_work_records_for_a_colleague_of_the_unit() -> None:
    absence = away("handler", "clerk", by="chair", reason="illness")
    assert (absence.person.username, absence.recorded_by.username) == ("handler", "chair")
    for stranger in ("handler", "secretary", "front", "other_chair", "board_head", "admin"):
        with pytest.raises(NotVisible):
            away("clerk", by=stranger)


def test_nobody_takes_the_powers_of_a_colleague_alone() -> None:
    with pytest.raises(InvalidInput) as caught:
        away("chair", "clerk", by="clerk")
    assert "quyền quyết định" in str(caught.value.fields["deputy"][0])
    assert away("chair", "secretary", by="clerk").deputy.username == "secretary"
    assert away("handler", "chair", by="chair").deputy.username == "chair"


def test_somebody_without_a_position_is_not_absent() -> None:
    access = access_today("handler")
    Membership.objects.filter(user_id=access.user_id).update(valid_to=day(-1))
    with pytest.raises(NotVisible):
        absence_record(access=access, plan=AbsencePlan(day(0), day(1), "leave"))


def test_back_early_from_that_day_on() -> None:
    absence = away("chair", "secretary", first=-3, last=4)
    absence_end(access=access_today("chair"), public_id=absence.public_id)
    absence.refresh_from_db()
    assert (absence.ended_on, absence.last_on) == (day(0), day(-1))
    assert not Absence.objects.current(day(0)).exists()
    assert Absence.objects.current(day(-1)).get() == absence
    assert AccountEvent.objects.order_by("id").last().action == "accounts.absence.ended"
    away("chair", first=0, last=4)


def test_a_coming_one_is_called_off_as_if_it_had_never_been() -> None:
    absence = away("chair", first=2, last=4)
    absence_end(access=access_today("clerk"), public_id=absence.public_id)
    assert AccountEvent.objects.order_by("id").last().action == "accounts.absence.cancelled"
    assert not any(Absence.objects.current(day(n)).exists() for n in range(8))
    assert not Absence.objects.touching(day(0), day(9)).exists()
    away("chair", first=1, last=6)


def test_what_is_over_stays_over() -> None:
    absence = away("chair", first=0, last=1)
    access = access_today("chair")
    with pytest.raises(Conflict):
        absence_end(access=access, public_id=absence.public_id, at=NOW + dt.timedelta(days=2))
    absence_end(access=access, public_id=absence.public_id)
    with pytest.raises(Conflict):
        absence_end(access=access, public_id=absence.public_id)


def test_an_absence_of_somebody_else_does_not_exist() -> None:
    absence = away("chair")
    for stranger in ("handler", "secretary", "other_chair", "admin"):
        with pytest.raises(NotVisible):
            absence_end(access=access_today(stranger), public_id=absence.public_id)
    with pytest.raises(NotVisible):
        absence_end(access=access_today("chair"), public_id=uuid.uuid4())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("absence_valid_range", {"to_on": day(-1)}),
        ("absence_reason_known", {"reason": "x"}),
        ("absence_own_deputy", {"deputy": "person"}),
        ("absence_ended_within", {"ended_on": day(5)}),
        ("absence_ended_within", {"ended_on": day(-1)}),
        ("absence_once_at_a_time", {"to_on": day(90)}),
    ],
)
def test_the_database_refuses_it_too(name: str, values: dict[str, object]) -> None:
    person = person_make("chair")
    if name == "absence_once_at_a_time":
        away("chair", first=4, last=4)
    given: dict[str, object] = {"from_on": day(0), "to_on": day(4), "reason": "leave"} | values
    if given.get("deputy"):
        given["deputy"] = person
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Absence.objects.create(person=person, recorded_by=person, recorded_at=NOW, **given)
