"""What tests of pages of directives share."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.people import person_make


@pytest.fixture
def enter(client: Client) -> Callable[[str], Client]:
    """The test's browser, signed in as somebody of the cast."""

    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in
