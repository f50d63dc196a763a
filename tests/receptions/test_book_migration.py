"""One book of conclusion notices becomes two; grounds of refusals get the decree's points."""

from collections.abc import Iterator

import pytest
from django.db import connection

from petitions.models import RegisterCounter
from receptions.invariants_conclusions import conclusion_numbers_are_gapless
from receptions.models import ConclusionNotice, Refusal
from tests.migrating import migrate_app, whole_again
from tests.receptions.cast import session_public
from tests.receptions.cast_day import day_with, refuse
from tests.receptions.concluding import issued
from tests.receptions.test_services_refusals import LAST

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0009_conclusions_whole", "0015_task_files"
BOOK, PARTY = "reception_conclusion", "conclusion_party"


def migrate(name: str) -> None:
    migrate_app("receptions", name)


def as_in_one_book(*numbers: int) -> None:
    """Numbers as they were given while both series shared one book."""
    issued_ids = list(ConclusionNotice.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE receptions_conclusionnotice DISABLE TRIGGER USER")
        for place, pk in enumerate(issued_ids):
            cursor.execute(
                "UPDATE receptions_conclusionnotice SET number = %s WHERE id = %s",
                [numbers[place], pk],
            )
        cursor.execute("ALTER TABLE receptions_conclusionnotice ENABLE TRIGGER USER")
    RegisterCounter.objects.filter(book=PARTY).delete()
    RegisterCounter.objects.filter(book=BOOK).update(last=max(numbers))


def counters() -> dict[str, int]:
    rows = RegisterCounter.objects.filter(book__contains="conclusion")
    return dict(rows.values_list("book", "last"))


@pytest.fixture
def _whole_again() -> Iterator[None]:
    """Whatever happens, the next test finds the schema of today."""
    yield
    whole_again("receptions")


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_numbers_stay_and_each_book_goes_on_without_a_gap() -> None:
    party = session_public()
    state = session_public("chair", duty_holder="people_committee_chair")
    for session, who in ((party, "secretary"), (state, "chair"), (party, "secretary")):
        issued(session=session, who=who)
    as_in_one_book(1, 2, 3)
    migrate(BEFORE)
    migrate(AFTER)
    found = ConclusionNotice.objects.order_by("pk").values_list("number", "is_party")
    assert list(found) == [(1, True), (2, False), (3, True)]
    assert counters() == {
        BOOK: 3, PARTY: 3, "conclusion:old": 3, "conclusion_party:old": 3,
    }  # fmt: skip
    assert list(conclusion_numbers_are_gapless()) == []
    assert issued(session=party).shown_number == "04-TB/ĐU"
    assert issued(session=state, who="chair").shown_number == "04/TB-UBND-TD"
    assert list(conclusion_numbers_are_gapless()) == []
    RegisterCounter.objects.filter(book=PARTY).update(last=5)
    assert list(conclusion_numbers_are_gapless()) != []


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_where_the_party_issued_nothing_its_book_begins_with_one() -> None:
    state = session_public("chair", duty_holder="people_committee_chair")
    issued(session=state, who="chair")
    migrate(BEFORE)
    migrate(AFTER)
    assert counters() == {BOOK: 1}
    assert issued(session=session_public()).shown_number == "01-TB/ĐU"
    assert list(conclusion_numbers_are_gapless()) == []


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_a_refusal_gets_its_point_of_the_decree() -> None:
    session = day_with(4)
    before = ("other_body", "nothing_new", "other_by_law", "no_papers")
    for number in (1, 2, 3, 4):
        refuse(session, number, "disorder")
    migrate(BEFORE)
    for pk, ground in zip(
        Refusal.objects.order_by("pk").values_list("pk", flat=True), before, strict=True
    ):
        Refusal.objects.filter(pk=pk).update(ground=ground)
    migrate(AFTER)
    found = Refusal.objects.order_by("pk").values_list("ground", "is_written", "written_by")
    assert list(found) == [
        ("decree_k", False, None), ("decree_h", True, LAST), ("other_by_law", False, None),
        # No point of the decree: point e asks for the papers of a representative.
        ("no_papers", False, None),
    ]  # fmt: skip
