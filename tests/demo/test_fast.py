"""Bulk data by COPY: everything that holds for data made by the services holds for it."""

import datetime as dt
import io
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db.models import Q

from accounts.access import access_of
from common.crypto import is_vaulted, vault_unseal
from common.errors import NotPermitted
from deadlines.models import Clock, ClockState
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.fast import fast_seed
from petitions.models import Case, CaseEvent, Letter, RegisterCounter, SealedIdentity
from petitions.selectors import identity_unseal
from petitions.services.actions import case_act
from tests.vault_keys import PRIVATE

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def seeded(cases: int = 300) -> None:
    fast_seed(cases=cases, seed=3, workers=1, say=lambda line: None, now=NOW)


def test_every_invariant_and_the_history_hold() -> None:
    seeded()
    assert Case.objects.count() == Letter.objects.count() == 300
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())


def test_it_is_in_many_states_and_lies_in_the_past() -> None:
    seeded()
    assert len(set(Case.objects.values_list("status", flat=True))) >= 10
    assert set(Case.objects.values_list("kind", flat=True)) == {
        "complaint",
        "denunciation",
        "recommendation",
        "feedback",
    }
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    assert not Clock.objects.filter(state=ClockState.RUNNING, next_action_at__lte=NOW).exists()


def opened(identity: SealedIdentity) -> dict[str, Any]:
    if not identity.is_protected:
        return identity_unseal(identity)
    return vault_unseal(PRIVATE, identity.key_version, identity.box, context=identity.context)


def test_identities_can_be_opened_and_registers_go_on() -> None:
    seeded(40)
    for identity in SealedIdentity.objects.all():
        assert opened(identity)
        assert is_vaulted(identity.key_version) is identity.is_protected
    seeded(40)
    for counter in RegisterCounter.objects.all():
        letters = Letter.objects.filter(register_unit=counter.unit, register_year=counter.year)
        own = Q(kind="denunciation")
        letters = letters.filter(own if counter.book == "denunciations" else ~own)
        assert letters.count() == counter.last
    call_command("check_data", stdout=io.StringIO())


def test_officers_work_on_with_such_a_case() -> None:
    seeded(120)
    cast = Cast.read()
    case = Case.objects.filter(status="decided").exclude(unit__code="BTCD").first()
    assert case is not None
    clerk = cast.post(case.unit_id, "clerk").user
    case_act(
        access=access_of(clerk), code=case.code, action="notify", version=case.version, inputs={}
    )
    assert Case.objects.get(pk=case.pk).status == "notified"


def test_the_same_seed_gives_the_same_data() -> None:
    def told() -> list[tuple[object, ...]]:
        rows = Case.objects.order_by("subject", "submitted_at", "id")
        return list(rows.values_list("kind", "status", "unit__code", "subject", "due_on"))

    seeded(60)
    first = told()
    seeded(60)
    assert sorted(told(), key=str) == sorted(first * 2, key=str)


def test_never_outside_demo_mode(settings: LazySettings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(NotPermitted):
        seeded(1)
