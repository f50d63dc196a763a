"""The life of a coordination programme: draft, in force, ended, renewed; files and activities."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from mobilisation.models import Programme
from mobilisation.selectors import programme_figures
from mobilisation.selectors_programmes import ProgrammeFilter, programme_list, renewed_from
from mobilisation.services import (
    Activity,
    activity_record,
    activity_withdraw,
    programme_change,
    programme_create,
    programme_end,
    programme_file_add,
    programme_file_remove,
    programme_renew,
    programme_sign,
)
from tests.mobilisation.keeping import (
    AT,
    MONDAY,
    access,
    do,
    drafted,
    history,
    record,
    signed,
    unit,
    upload,
)
from tests.people import OTHER_WARD

pytestmark = pytest.mark.django_db
MEETING = {
    "held_on": dt.date(2026, 10, 5),
    "place": "Nhà văn hóa tổ 4",
    "people": 60,
    "done": "Tuyên truyền phòng cháy.",
}


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def shown(who: str, **chosen: str) -> list[Programme]:
    rows = programme_list(access(who), ProgrammeFilter(**chosen), MONDAY)
    return list(rows.order_by("-pk"))


def test_a_draft_is_signed_and_comes_into_force() -> None:
    row = drafted()
    assert (row.state, row.version) == ("draft", 1)
    row = do(programme_sign, row)
    assert (row.state, row.version) == ("in_force", 2)
    assert history(row) == ["programme.created", "programme.signed"]


@pytest.mark.parametrize("parties", [["front"], [], ["front", "front"]])
def test_one_party_is_no_coordination(parties: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        drafted(parties=parties)
    assert list(caught.value.fields) == ["parties"]


def test_parties_in_words_count_as_one() -> None:
    assert drafted(parties=["front"], other_parties="Hội Người cao tuổi").parties == ["front"]


def test_the_database_holds_two_parties_too() -> None:
    row = drafted()
    with pytest.raises(IntegrityError, match="programme_has_two_parties"), transaction.atomic():
        Programme.objects.filter(pk=row.pk).update(parties=["front"], other_parties="")


def test_a_party_must_be_on_the_list() -> None:
    with pytest.raises(InvalidInput) as caught:
        drafted(parties=["front", "nobody"])
    assert list(caught.value.fields) == ["parties"]


def test_what_a_signed_programme_needs_is_named() -> None:
    row = drafted(number="", signed_on=None, valid_from=None, valid_until=None)
    with pytest.raises(InvalidInput) as caught:
        do(programme_sign, row)
    assert set(caught.value.fields) == {"number", "signed_on", "valid_from"}


def test_it_is_not_signed_ahead_of_its_day() -> None:
    row = drafted(signed_on=MONDAY + dt.timedelta(days=1))
    with pytest.raises(InvalidInput) as caught:
        do(programme_sign, row)
    assert list(caught.value.fields) == ["signed_on"]


def test_a_correction_is_kept_from_and_to() -> None:
    row = signed()
    changed = do(programme_change, row, record=record(number="06-CTPH/ĐU"))
    event = changed.events.order_by("-sequence").first()
    assert event.data["fields"] == {"number": ["05-CTPH/ĐU", "06-CTPH/ĐU"]}
    assert do(programme_change, row, record=record(number="06-CTPH/ĐU")).version == 3


def test_a_stale_form_changes_nothing() -> None:
    row = signed()
    with pytest.raises(Stale) as caught:
        programme_change(
            access=access("secretary"), public_id=row.public_id, version=1, record=record(title="X")
        )
    assert caught.value.extra["version"] == 2


def test_it_ends_early_with_a_reason() -> None:
    row = signed()
    for ended_on, reason, field in (
        (MONDAY, "", "reason"),
        (MONDAY + dt.timedelta(days=1), "Sáp nhập.", "ended_on"),
        (dt.date(2026, 1, 1), "Sáp nhập.", "ended_on"),
    ):
        with pytest.raises(InvalidInput) as caught:
            do(programme_end, row, ended_on=ended_on, reason=reason)
        assert list(caught.value.fields) == [field]
    row = do(programme_end, row, ended_on=MONDAY, reason="Sáp nhập tổ chức.")
    assert (row.state, row.ended_on) == ("ended", MONDAY)
    with pytest.raises(NotPermitted):
        do(programme_change, row, record=record())


def test_it_is_renewed_by_another_and_both_know_it() -> None:
    old, new = signed(), signed(number="09-CTPH/ĐU")
    old = do(programme_renew, old, successor=new.public_id)
    assert old.state == "renewed"
    assert old.renewed_by == new
    assert renewed_from(new) == old
    third = signed(number="10-CTPH/ĐU")
    with pytest.raises(InvalidInput):  # taken already
        do(programme_renew, third, successor=new.public_id)


@pytest.mark.parametrize("what", ["itself", "draft", "other", "nothing"])
def test_only_one_in_force_of_the_same_unit_takes_its_place(what: str) -> None:
    row = signed()
    successor: Any = "không có"
    if what == "itself":
        successor = row.public_id
    elif what == "draft":
        successor = drafted(number="09").public_id
    elif what == "other":
        successor = signed("other_chair", OTHER_WARD).public_id
    with pytest.raises(InvalidInput) as caught:
        do(programme_renew, row, successor=successor)
    assert list(caught.value.fields) == ["successor"]


def test_files_are_added_and_taken_out_but_kept() -> None:
    row = signed()
    file = do(programme_file_add, row, attachment=upload())
    do(programme_file_remove, row, file=file.attachment.public_id)
    file.refresh_from_db()
    assert file.removed_at == AT
    with pytest.raises(NotVisible):
        do(programme_file_remove, row, file=file.attachment.public_id)
    with pytest.raises(InvalidInput) as caught:
        do(programme_file_add, row, attachment=str(file.attachment.public_id))
    assert list(caught.value.fields) == ["attachment"]


def test_an_activity_is_recorded_and_withdrawn_with_a_reason() -> None:
    row = signed()
    made = do(activity_record, row, activity=Activity(**MEETING, attachment=upload()))
    assert shown("secretary")[0].activity_count == 1  # type: ignore[attr-defined]
    with pytest.raises(InvalidInput):
        do(activity_withdraw, row, activity=made.public_id, reason=" ")
    do(activity_withdraw, row, activity=made.public_id, reason="Ghi nhầm ngày.")
    assert shown("secretary")[0].activity_count == 0  # type: ignore[attr-defined]
    with pytest.raises(DomainError) as caught:
        do(activity_withdraw, row, activity=made.public_id, reason="Lần nữa.")
    assert caught.value.code == "wrong_state"
    assert row.activities.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": MONDAY + dt.timedelta(days=1)}, "held_on"),
        ({"held_on": dt.date(2026, 1, 1)}, "held_on"),
        ({"people": 0}, "people"),
        ({"place": ""}, "place"),
        ({"done": ""}, "done"),
        ({"attachment": "không có"}, "attachment"),
    ],
)
def test_an_activity_that_cannot_be(changes: dict[str, Any], field: str) -> None:
    row = signed()
    with pytest.raises(InvalidInput) as caught:
        do(activity_record, row, activity=Activity(**(MEETING | changes)))
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize("ends", ["by its term", "early"])
def test_an_activity_lies_within_the_time_of_the_programme(ends: str) -> None:
    last = MONDAY - dt.timedelta(days=10)
    if ends == "by its term":
        row = signed(valid_until=last)
    else:
        row = signed(valid_until=None)
        do(programme_end, row, ended_on=last, reason="Hoàn thành trước hạn.")
    with pytest.raises(InvalidInput) as caught:
        after = MEETING | {"held_on": last + dt.timedelta(days=1)}
        do(activity_record, row, activity=Activity(**after))
    assert list(caught.value.fields) == ["held_on"]
    do(activity_record, row, activity=Activity(**MEETING | {"held_on": last}))
    assert row.activities.get().held_on == last


def test_a_draft_has_no_activities() -> None:
    with pytest.raises(NotPermitted):
        do(activity_record, drafted(), activity=Activity(**MEETING))


def test_a_draft_is_seen_in_its_unit_alone() -> None:
    row = drafted()
    assert shown("clerk") == [row]
    for who in ("propaganda", "city_secretary", "other_chair", "admin"):
        assert shown(who) == []
    do(programme_sign, row)
    assert shown("propaganda") == shown("city_secretary") == [row]
    assert shown("other_chair") == []


def test_only_the_unit_keeps_its_register() -> None:
    row = signed()
    for who in ("propaganda", "city_secretary", "admin"):
        with pytest.raises(NotPermitted):
            do(programme_end, row, who, ended_on=MONDAY, reason="Không.")
    with pytest.raises(NotVisible):
        do(programme_end, row, "other_chair", ended_on=MONDAY, reason="Không.")
    with pytest.raises(NotPermitted):
        programme_create(access=access("propaganda"), unit=unit(), record=record())
    assert drafted("propaganda", "BTGDV").unit.code == "BTGDV"


def test_filters_find_by_words_party_state_and_end() -> None:
    here = signed(valid_until=MONDAY + dt.timedelta(days=30))
    late = signed(number="07-CTPH", title="Phòng cháy", valid_until=MONDAY - dt.timedelta(days=1))
    far = signed("other_chair", OTHER_WARD, number="08-CTPH", parties=["union", "youth"],
                 valid_until=None)  # fmt: skip
    assert shown("propaganda", q="phong chay") == [late]
    assert shown("propaganda", q="cong doan") == [far]
    assert shown("propaganda", party="police") == [late, here]
    assert shown("propaganda", unit=OTHER_WARD) == [far]
    assert shown("propaganda", state="expired") == [late]
    assert shown("propaganda", state="in_force") == [far, here]
    assert shown("propaganda", ends="soon") == [here]
    assert vars(programme_figures(access("propaganda"))) == {
        "in_force": 2,
        "soon": 1,
        "expired": 1,
    }
    assert programme_figures(access("propaganda"), unit()).in_force == 1
