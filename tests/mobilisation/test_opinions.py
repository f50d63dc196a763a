"""Opinion reports: periods, sending, answers, editions, and that confidential ones leave no trace."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from mobilisation.models import OpinionReport, OpinionText
from mobilisation.selectors import opinion_figures
from mobilisation.selectors_opinions import OpinionFilter, opinion_list, topic_counts, topic_texts
from mobilisation.services import (
    opinion_answer,
    opinion_change,
    opinion_correct,
    opinion_file_remove,
    opinion_send,
)
from mobilisation.validators import period_days
from notifications.models import OutboxMessage
from tests.directives.giving import all_told
from tests.mobilisation.keeping import (
    AT,
    access,
    do,
    history,
    opinion,
    opinion_sent,
    unit,
    upload,
    words,
)
from tests.people import CAST, OTHER_WARD, person_make

pytestmark = pytest.mark.django_db
CITY = ("propaganda", "party_office", "internal_affairs", "city_secretary", "city_front")


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def seen(who: str, **chosen: Any) -> list[OpinionReport]:
    return list(opinion_list(access(who), OpinionFilter(**chosen)).order_by("-pk"))


def who_sees(row: OpinionReport) -> set[str]:
    return {who for who in CAST if row in seen(who)}


@pytest.mark.parametrize(
    ("period", "day", "until", "expected"),
    [
        ("week", (2026, 11, 18), None, ((2026, 11, 16), (2026, 11, 22))),
        ("month", (2028, 2, 14), None, ((2028, 2, 1), (2028, 2, 29))),
        ("quarter", (2026, 12, 31), None, ((2026, 10, 1), (2026, 12, 31))),
        ("ad_hoc", (2026, 11, 3), (2026, 11, 5), ((2026, 11, 3), (2026, 11, 5))),
        ("ad_hoc", (2026, 11, 3), None, ((2026, 11, 3), (2026, 11, 3))),
    ],
)
def test_a_day_names_its_period(period: str, day: Any, until: Any, expected: Any) -> None:
    last = dt.date(*until) if until else None
    found = period_days(period, dt.date(*day), last)
    assert found == tuple(dt.date(*each) for each in expected)


# From draft to answer


def test_a_report_is_written_sent_and_read() -> None:
    row = opinion()
    row = do(opinion_change, row, "front", words=words(texts={"order": "Bình thường."}))
    assert list(OpinionText.objects.values_list("topic", flat=True)) == ["order"]
    row = do(opinion_send, row, "front")
    row = do(opinion_answer, row, "propaganda", is_read=True)
    assert (row.state, row.version) == ("read", 4)
    assert history(row) == ["opinion.created", "opinion.changed", "opinion.sent", "opinion.read"]


def test_the_city_is_told_of_what_arrives_and_the_author_of_the_answer() -> None:
    row = opinion_sent()
    rows = OutboxMessage.objects.filter(channel="app")
    assert all_told("opinion_arrived", rows) == [("BTGDV", "propaganda")]
    do(opinion_answer, row, "propaganda", is_read=False, text="Cần nêu rõ số hộ.")
    told = OutboxMessage.objects.get(template="opinion_returned", channel="app")
    assert told.recipient is not None
    assert told.recipient.username == "front"
    assert "Cần nêu" not in str(told.params)


def test_a_draft_may_have_gaps_but_nothing_is_sent_with_them() -> None:
    row = opinion(texts={}, assessment="")
    with pytest.raises(InvalidInput) as caught:
        do(opinion_send, row, "front")
    assert set(caught.value.fields) == {"assessment", "texts"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": "year"}, "period"),
        ({"secrecy": "top"}, "secrecy"),
        ({"texts": {"weather": "Mưa"}}, "texts"),
        ({"starts_on": dt.date(2026, 12, 1)}, "starts_on"),
        ({"starts_on": dt.date(9999, 12, 31), "period": "week"}, "starts_on"),
        ({"period": "ad_hoc", "subject": ""}, "subject"),
        ({"period": "ad_hoc", "subject": "A", "ends_on": dt.date(2026, 10, 1)}, "ends_on"),
        ({"files": ["không có"]}, "files"),
    ],
)
def test_what_cannot_be_written(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        opinion(**changes)
    assert list(caught.value.fields) == [field]
    assert not OpinionReport.objects.exists()


def test_a_return_says_why_and_is_corrected_by_an_edition_that_keeps_the_old() -> None:
    row = opinion_sent()
    with pytest.raises(InvalidInput):
        do(opinion_answer, row, "propaganda", is_read=False)
    do(opinion_answer, row, "propaganda", is_read=False, text="Thiếu số liệu.")
    with pytest.raises(InvalidInput) as caught:
        do(opinion_correct, row, "front", words=words(), reason="")
    assert list(caught.value.fields) == ["reason"]
    row = do(opinion_correct, row, "front", words=words(assessment="Đã rõ."), reason="Bổ sung.")
    assert (row.state, row.edition, row.answer) == ("sent", 2, "")
    found = [edition.assessment for edition in row.editions.all()]
    assert found == ["Đã rõ.", "Tình hình cơ bản ổn định."]
    assert [edition.answer for edition in row.editions.all()] == ["", "Thiếu số liệu."]
    do(opinion_answer, row, "propaganda", is_read=True)


def test_what_was_sent_is_not_written_on_any_more() -> None:
    row = opinion_sent()
    with pytest.raises(NotPermitted):
        do(opinion_change, row, "front", words=words())
    with pytest.raises(NotPermitted):
        do(opinion_send, row, "front")
    with pytest.raises(Stale):
        opinion_correct(
            access=access("front"), public_id=row.public_id, version=1, words=words(), reason="A"
        )


def test_only_the_city_answers_and_never_its_own() -> None:
    row = opinion_sent()
    for who in ("chair", "internal_affairs", "city_secretary"):
        with pytest.raises(NotPermitted):
            do(opinion_answer, row, who, is_read=True)
    own = opinion_sent("propaganda", "BTGDV")
    with pytest.raises(NotPermitted):
        do(opinion_answer, own, "propaganda", is_read=True)
    assert do(opinion_answer, own, "party_office", is_read=True).state == "read"


def test_files_belong_to_the_draft_until_it_is_sent() -> None:
    row = opinion(files=[upload("a.txt"), upload("b.txt")])
    first = row.files.order_by("pk").first()
    assert first is not None
    do(opinion_file_remove, row, "front", file=first.attachment.public_id)
    assert row.files.filter(removed_at=None).count() == 1
    do(opinion_send, row, "front")
    with pytest.raises(NotPermitted):
        do(opinion_file_remove, row, "front", file=first.attachment.public_id)


def test_the_database_ties_states_to_what_they_need() -> None:
    row = opinion_sent()
    for values in ({"sent_at": None}, {"state": "read"}, {"state": "draft"}, {"answer": "A"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OpinionReport.objects.filter(pk=row.pk).update(**values)


# Who sees what


def test_a_normal_report_is_seen_in_its_unit_and_once_sent_by_the_city() -> None:
    row = opinion()
    ward = {"clerk", "handler", "chair", "secretary", "front"}
    assert who_sees(row) == ward
    do(opinion_send, row, "front")
    watchers = {"board_officer", "board_head", "city_chair", "inspector", *CITY}
    assert who_sees(row) == ward | watchers


def test_a_confidential_one_is_seen_by_leaders_author_and_the_citys_party_bodies() -> None:
    row = opinion("clerk", secrecy="confidential")
    assert who_sees(row) == {"clerk", "chair", "secretary"}
    do(opinion_send, row, "clerk")
    assert who_sees(row) == {"clerk", "chair", "secretary", "propaganda", "party_office"}


def test_what_was_sent_as_confidential_stays_so() -> None:
    row = opinion_sent("secretary", secrecy="confidential")
    with pytest.raises(InvalidInput) as caught:
        do(opinion_correct, row, words=words(), reason="Bổ sung.")
    assert list(caught.value.fields) == ["secrecy"]


def test_nobody_else_can_do_anything_with_it() -> None:
    row = opinion_sent("secretary", secrecy="confidential")
    for who in ("front", "clerk", "other_chair", "internal_affairs", "city_secretary", "admin"):
        with pytest.raises(NotVisible):
            do(opinion_answer, row, who, is_read=True)
        with pytest.raises(NotVisible):
            do(opinion_correct, row, who, words=words(), reason="A")


PAGES = (
    "/can-bo/dan-van/",
    "/can-bo/dan-van/tinh-hinh/",
    "/can-bo/dan-van/tinh-hinh/?state=sent",
    "/can-bo/dan-van/tinh-hinh/linh-vuc/",
    "/api/v1/opinion-reports/",
    "/api/v1/opinion-topics/?topic=religion",
)


def pictures(who: str) -> dict[str, str]:
    """What a person reads on lists, tiles and counts, byte by byte."""
    client = Client()
    client.force_login(person_make(who))
    return {path: _fixed(client.get(path).content.decode()) for path in PAGES}


def _fixed(page: str) -> str:
    """Without the token of the forms and the nonce, which differ from answer to answer."""
    kept = [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]
    return "\n".join(kept)


@pytest.mark.parametrize("who", ["front", "handler", "other_chair", "internal_affairs", "admin"])
def test_lists_and_counts_are_the_same_before_and_after(who: str) -> None:
    opinion_sent("secretary")
    before = pictures(who)
    late: dict[str, Any] = {"secrecy": "confidential", "texts": {"religion": "Nội dung kín."}}
    row = opinion_sent("secretary", **late)
    opinion("chair", **late)
    assert pictures(who) == before
    do(opinion_answer, row, "propaganda", is_read=False, text="Bổ sung.")
    do(opinion_correct, row, words=words(**late), reason="Bổ sung.")
    assert pictures(who) == before
    assert pictures("propaganda") != before


def test_the_same_period_twice_tells_of_nothing() -> None:
    """A second report on the period of a confidential one is taken as if there were none."""
    opinion_sent("secretary", secrecy="confidential")
    assert opinion_sent("front").state == "sent"


def test_a_unit_sees_nothing_of_another() -> None:
    row = opinion_sent("other_chair", OTHER_WARD)
    assert seen("chair") == []
    with pytest.raises(NotVisible):
        do(opinion_answer, row, "chair", is_read=True)
    assert opinion_figures(access("chair")).sent == 0
    assert opinion_figures(access("propaganda"), unit(OTHER_WARD)).unread == 1


# Finding


def test_filters_find_by_unit_topic_period_state_and_days() -> None:
    here = opinion_sent(texts={"land": "A"})
    there = opinion_sent("other_chair", OTHER_WARD, texts={"order": "B"}, period="week",
                         starts_on=dt.date(2026, 11, 10))  # fmt: skip
    cases: dict[str, tuple[dict[str, Any], list[OpinionReport]]] = {
        "unit": ({"unit": OTHER_WARD}, [there]),
        "topic": ({"topic": "land"}, [here]),
        "period": ({"period": "week"}, [there]),
        "state": ({"state": "read"}, []),
        "since": ({"since": dt.date(2026, 11, 1)}, [there]),
        "until": ({"until": dt.date(2026, 10, 31)}, [here]),
    }
    for name, (chosen, expected) in cases.items():
        assert seen("propaganda", **chosen) == expected, name


def test_a_topic_is_read_over_the_units_in_its_newest_words() -> None:
    row = opinion_sent(texts={"land": "Bản đầu."})
    opinion_sent("other_chair", OTHER_WARD, texts={"land": "Nơi khác."})
    opinion("secretary", texts={"land": "Nháp."})
    do(opinion_correct, row, "front", words=words(texts={"land": "Bản sau."}), reason="Sửa.")
    chosen = OpinionFilter(topic="land")
    found = topic_texts(access("propaganda"), chosen)
    assert sorted(text.text for text in found) == ["Bản sau.", "Nơi khác."]
    counts = topic_counts(access("propaganda"), chosen)
    assert (counts["land"], counts["order"]) == (2, 0)


def test_lists_cost_the_same_for_many_reports(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for day in range(1, 9):
        opinion_sent(starts_on=dt.date(2026, day, 1))
    client.force_login(person_make("propaganda"))
    for path in PAGES[1:4]:
        client.get(path)
        with django_assert_max_num_queries(10):
            client.get(path)
