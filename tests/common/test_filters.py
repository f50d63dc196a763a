"""Filters of a list: whatever is wrong is named, nothing is guessed."""

import pytest

from common.errors import InvalidInput
from common.filters import filters_read, one_of, only_known, that, words

READERS = {"state": one_of(("open", "done")), "q": words(5), "n": that(str.isdecimal), "raw": str}


def wrong(**query: str) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        filters_read(query, READERS)
    return set(refused.value.fields)


def test_what_is_asked_is_read_and_pages_are_passed_by() -> None:
    asked = {"state": "open", "q": "dat", "cursor": "x", "page_size": "5", "format": "json"}
    assert filters_read(asked, READERS) == {"state": "open", "q": "dat"}


def test_every_wrong_filter_is_named_at_once() -> None:
    assert wrong(state="shut", q="too long", n="x", stat="open") == {"state", "q", "n", "stat"}


def test_what_cannot_be_stored_and_endless_names_are_refused() -> None:
    assert wrong(q="\0") == wrong(q="\ud800") == {"q"}
    assert wrong(**{"x" * 200: "1"}) == {"x" * 40}


def test_parameters_that_are_not_known_are_named() -> None:
    only_known({"unit": "00004"}, ("unit",))
    with pytest.raises(InvalidInput) as refused:
        only_known(["unit", "knd"], ("unit", "kind"))
    assert set(refused.value.fields) == {"knd"}
