"""The frame of the officers' pages: who, for which unit, and only the doors that open."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.backends import PortalBackend
from hanoi_portal.context_processors import staff_frame
from tests.people import person_make

pytestmark = pytest.mark.django_db
ADMIN_PAGES = {
    "system_jobs",
    "escalation:keeping",
    "mailroom:undelivered",
    "mailroom:texts",
    "system_roots",
    "system_changes",
    "powers:elevation",
    "powers:people",
    "powers:elevations",
}


@pytest.fixture
def frame_of() -> Callable[[str], dict[str, object]]:
    def build(name: str) -> dict[str, object]:
        request = RequestFactory().get("/can-bo/")
        user = PortalBackend().get_user(person_make(name).pk)
        assert user is not None
        request.user = user
        return staff_frame(request)

    return build


def test_clerk_is_named_with_unit_and_position(
    frame_of: Callable[[str], dict[str, object]],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    frame = frame_of("clerk")
    with django_assert_num_queries(2):
        assert frame["staff_identity"] == {
            "name": "Cán bộ clerk",
            "unit": "Phường Ba Đình",
            "role": "văn thư, tiếp nhận đơn",
        }
        assert frame["nav_hidden"] == ADMIN_PAGES | {
            "reports:overview",
            "continuity_staff:board",
            "powers:unit_people",
            "directives_staff:waiting",
        }


def test_party_office_sees_the_overview(
    frame_of: Callable[[str], dict[str, object]],
) -> None:
    assert "reports:overview" not in frame_of("party_office")["nav_hidden"]  # type: ignore[operator]


def test_nobody_signed_in_costs_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    frame = staff_frame(request)
    with django_assert_num_queries(0):
        assert frame["staff_identity"] == {}
        assert frame["nav_hidden"] == set()
