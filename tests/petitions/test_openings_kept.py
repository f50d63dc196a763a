"""Openings of identities are those that the history of the case tells of; ``check_data`` says so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from common.history import NewEvent
from common.time import now
from petitions.invariants import openings_are_those_of_the_history as check
from petitions.models import CaseEvent, IdentityOpening, SealedIdentity
from petitions.services.identity import Why, denunciations_find
from tests.people import PERSON, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
WHY = Why("verify", "Công dân đến hỏi về đơn đã gửi.")
OTHER = {**PERSON, "full_name": "Trần Văn Hai", "identity_number": "001088055555"}


@pytest.fixture
def tale(story: Tell) -> Story:
    people = [PERSON, OTHER]
    return story(kind="denunciation", respondent={"name": "A", "unit": "00025"}, petitioners=people)


def by_owner(sql: str, *values: Any) -> None:
    """Past the trigger, as only the owner of the schema can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_identityopening DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE petitions_identityopening ENABLE TRIGGER USER")


def search(tale: Story) -> list[IdentityOpening]:
    denunciations_find(access=access_make("clerk"), number=str(PERSON["phone"]), why=WHY)
    return list(IdentityOpening.objects.order_by("id"))


def test_one_event_names_everybody_who_was_opened(tale: Story) -> None:
    rows = search(tale)
    event = CaseEvent.objects.get(action="petitions.identity.opened")
    assert event.data["parties"] == [1, 2]
    assert event.data["openings"] == [row.digest for row in rows]
    assert list(check()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM petitions_identityopening WHERE id = %s",
        "UPDATE petitions_identityopening SET reason = 'khác' WHERE id = %s",
        "UPDATE petitions_identityopening SET unit_id = NULL WHERE id = %s",
    ],
)
def test_a_removed_or_changed_opening_is_found(tale: Story, sql: str) -> None:
    rows = search(tale)
    by_owner(sql, rows[0].pk)
    assert f"{tale.filed.code}: an opening was removed or changed" in list(check())


def test_an_opening_past_the_history_is_found(tale: Story) -> None:
    identity = SealedIdentity.objects.filter(is_protected=True)[0]
    row = IdentityOpening.objects.create(
        identity=identity, by=person_make("clerk"), at=now(), ground="verify", reason="x" * 10
    )
    assert list(check()) == [f"{tale.filed.code}: opening {row.pk} is not in the history"]


def test_openings_of_before_are_taken_as_they_are(tale: Story) -> None:
    """Their events named a person of the case, not the row."""
    identity = SealedIdentity.objects.filter(is_protected=True)[0]
    clerk, at = person_make("clerk"), now()
    IdentityOpening.objects.create(
        identity=identity, by=clerk, at=at, ground="verify", reason="x" * 10
    )
    data = {"party": 1, "ground": "verify"}
    CaseEvent.append(NewEvent(tale.case.pk, "petitions.identity.opened", data, clerk.pk, at))
    assert list(check()) == []
