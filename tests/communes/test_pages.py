"""The public directory."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_all_units_by_former_district(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        page = client.get("/don-vi/").content.decode()
    assert page.count('href="/don-vi/') >= 126
    assert "Quận Ba Đình" in page
    assert "Ban Tiếp công dân Thành phố" in page


@pytest.mark.parametrize("words", ["ba dinh", "Ba Đình", "BA ĐÌNH", "00004"])
def test_search_needs_no_accents(client: Client, words: str) -> None:
    page = client.get("/don-vi/", {"q": words}).content.decode()
    assert "Phường Ba Đình" in page


def test_search_by_the_name_of_an_old_ward_shows_the_origin(client: Client) -> None:
    page = client.get("/don-vi/", {"q": "láng hạ"}).content.decode()
    assert "Phường Giảng Võ" in page
    assert "một phần: phường Cát Linh, Láng Hạ" in page


def test_filters_by_kind_and_former_district(client: Client) -> None:
    page = client.get("/don-vi/", {"kind": "ward", "district": "Quận Hoàn Kiếm"}).content.decode()
    assert "Phường Cửa Nam" in page
    assert "Phường Ba Đình" not in page
    bodies = client.get("/don-vi/", {"kind": "body"}).content.decode()
    assert "Thành ủy Hà Nội" in bodies
    assert "Phường Cửa Nam" not in bodies


@pytest.mark.parametrize("query", [{"q": "không có nơi này"}, {"kind": "x"}, {"q": "a\0b"}])
def test_nothing_found_or_nonsense_asked_is_still_a_page(
    client: Client, query: dict[str, str]
) -> None:
    assert client.get("/don-vi/", query).status_code == 200


def test_an_empty_result_says_what_to_do(client: Client) -> None:
    page = client.get("/don-vi/", {"q": "zzz"}).content.decode()
    assert 'class="empty"' in page


def test_a_unit_page_shows_facts_neighbours_and_doors(client: Client) -> None:
    page = client.get("/don-vi/ba-dinh/").content.decode()
    for words in ("Phường Ba Đình", "00004", "65.023", "2,97", "Quận Ba Đình", "1656/NQ-UBTVQH15"):
        assert words in page
    assert 'href="/don-vi/ngoc-ha/"' in page
    assert "?unit=00004" in page


def test_a_body_page_says_what_it_does(client: Client) -> None:
    page = client.get("/don-vi/ban-tiep-cong-dan-thanh-pho/").content.decode()
    assert "theo dõi, đôn đốc" in page


def test_an_unknown_unit_is_not_found(client: Client) -> None:
    assert client.get("/don-vi/khong-co/").status_code == 404
