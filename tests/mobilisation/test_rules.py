"""Rules on grassroots democracy: states, versions, the table over the City, its file."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule
from mobilisation.selectors import rule_figures
from mobilisation.selectors_rules import RuleFilter, rule_rows, rule_shares, rule_units
from mobilisation.services import RuleRecord, rule_record
from tests.mobilisation.keeping import AT, access, history, rules, unit, upload
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def codes(who: str, **chosen: str) -> list[str]:
    rows = rule_units(access(who), RuleFilter(**chosen)).order_by("code")
    return list(rows.values_list("code", flat=True))


def test_rules_go_from_review_to_promulgation_and_amendment() -> None:
    for state in ("under_review", "drafting"):
        rules(state=state, number="", issued_on=None, approved_by="")
    row = rules(attachment=upload())
    assert (row.state, row.version) == ("promulgated", 3)
    row = rules(state="amended", number="20/QĐ-UBND", attachment=upload("sua-doi.txt"))
    assert history(row) == ["rule.recorded"] * 4
    event = row.events.order_by("-sequence").first()
    assert event is not None
    assert event.data["fields"] == {
        "state": ["promulgated", "amended"],
        "number": ["12/QĐ-UBND", "20/QĐ-UBND"],
    }
    assert [file.version for file in row.files.all()] == [4, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "amended"), (None, "repealed"), ("promulgated", "to_review"), ("drafting", "repealed")],
)
def test_a_state_that_does_not_follow(before: str | None, after: str) -> None:
    if before:
        rules(state=before)
    with pytest.raises(InvalidInput) as caught:
        rules(state=after, note="Lý do")
    assert list(caught.value.fields) == ["state"]


def test_what_holds_has_its_paper_and_what_is_repealed_a_reason() -> None:
    with pytest.raises(InvalidInput) as caught:
        rules(number="", issued_on=None, approved_by="")
    assert set(caught.value.fields) == {"number", "issued_on", "approved_by"}
    with pytest.raises(InvalidInput) as caught:
        rules(issued_on=dt.date(2026, 12, 1))
    assert list(caught.value.fields) == ["issued_on"]
    with pytest.raises(InvalidInput) as caught:
        rules(review_on=dt.date(2026, 9, 1))
    assert list(caught.value.fields) == ["review_on"]
    rules()
    with pytest.raises(InvalidInput) as caught:
        rules(state="repealed")
    assert list(caught.value.fields) == ["note"]


def test_the_database_holds_it_too() -> None:
    row = rules()
    for values in ({"number": ""}, {"issued_on": None}, {"state": "repealed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DemocracyRule.objects.filter(pk=row.pk).update(**values)


def test_a_refused_record_leaves_nothing_behind() -> None:
    with pytest.raises(InvalidInput):
        rules(state="amended")
    assert not DemocracyRule.objects.exists()


def test_nothing_to_change_makes_no_version() -> None:
    assert rules().version == rules().version == 1


def test_a_stale_form_changes_nothing() -> None:
    rules()
    with pytest.raises(Stale) as caught:
        rule_record(
            access=access("chair"), unit=unit(), kind="community", version=0,
            record=RuleRecord("drafting"),
        )  # fmt: skip
    assert caught.value.extra["version"] == 1


def test_only_the_unit_records_its_rules() -> None:
    with pytest.raises(NotPermitted):
        rules("propaganda")
    with pytest.raises(NotVisible):
        rules("other_chair")
    with pytest.raises(NotVisible):
        rules(kind="no_such_kind")


def test_every_unit_begins_with_rules_to_be_reviewed() -> None:
    assert len(codes("propaganda", state="to_review", kind="community")) == 126
    rules()
    assert WARD not in codes("propaganda", state="to_review", kind="community")
    assert WARD in codes("propaganda", state="to_review")


def test_the_table_finds_by_state_kind_and_name() -> None:
    rules()
    rules("other_chair", OTHER_WARD, state="drafting", number="")
    assert codes("propaganda", state="promulgated") == [WARD]
    assert codes("propaganda", state="drafting", kind="community") == [OTHER_WARD]
    assert codes("propaganda", state="drafting", kind="agency") == []
    assert WARD not in codes("propaganda", state="missing", kind="community")
    assert OTHER_WARD in codes("propaganda", state="missing", kind="community")
    found = codes("propaganda", q="ngoc ha")
    assert OTHER_WARD in found
    assert len(found) < 126
    assert codes("clerk") == [WARD]


def test_a_unit_without_gaps_is_not_missing() -> None:
    for kind in rule_kinds().values():
        if kind.is_expected:
            rules(kind=kind.code)
    assert WARD not in codes("propaganda", state="missing")
    assert vars(rule_figures(access("chair"))) == {"hold": 4, "expected": 4}


def test_shares_count_what_holds_of_what_is_seen() -> None:
    rules()
    rules("other_chair", OTHER_WARD, state="drafting", number="")
    found = {share.kind: (share.hold, share.units) for share in rule_shares(access("propaganda"))}
    assert found["community"] == (1, 126)
    assert found["agency"] == (0, 126)
    own = {share.kind: (share.hold, share.units) for share in rule_shares(access("other_chair"))}
    assert own["community"] == (0, 1)


def test_the_file_has_every_unit_and_expected_kind(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rules()
    reader = access("propaganda")
    with django_assert_num_queries(2):
        rows = list(rule_rows(reader, RuleFilter(kind="community")))
    assert len(rows) == 126
    assert [row.number for found, _kind, row in rows if found.code == WARD] == ["12/QĐ-UBND"]


def test_csv_and_excel_are_downloaded(client: Client) -> None:
    rules()
    client.force_login(person_make("propaganda"))
    address = "/can-bo/dan-van/quy-che/tai-ve/"
    page = client.get("/can-bo/dan-van/quy-che/", {"state": "promulgated"}).content.decode()
    assert f'href="{address}?format=csv&amp;state=promulgated"' in page
    answer: Any = client.get(address, {"format": "csv", "state": "promulgated"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "12/QĐ-UBND" in text
    assert len(text.splitlines()) == 5  # the head and the four expected kinds of one ward
    answer = client.get(address)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert client.get(address, {"format": "doc"}).status_code == 400


def test_a_table_of_many_units_costs_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rules()
    client.force_login(person_make("propaganda"))
    client.get("/can-bo/dan-van/quy-che/")
    with django_assert_max_num_queries(9):
        page = client.get("/can-bo/dan-van/quy-che/")
    assert len(page.context["rows"]) == 50
