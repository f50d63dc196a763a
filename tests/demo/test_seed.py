"""The demo data made through the services: whole, in the past, resumable, never mailed."""

import datetime as dt
import io
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.enums import Role
from accounts.models import Membership, User
from common.errors import NotPermitted
from common.models import ScheduledRun
from common.time import local_date, local_moment
from deadlines.models import Clock, ClockState
from directives.models import ProgressReport
from hanoi_portal.demo import lives
from hanoi_portal.demo import seed as seeding
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.lives import Life
from hanoi_portal.demo.reception_days import CITY_DUTIES
from hanoi_portal.demo.sealed_work import PHONE, WRITER, sealed_work_make
from hanoi_portal.demo.seed import Part, demo_seed
from notifications.models import MessageState, OutboxMessage
from petitions.guards import in_force_on
from petitions.models import Case, CaseEvent, IdentityOpening, RedactedCopy
from receptions.enums import SessionStatus
from receptions.holders import holder_on
from receptions.models import ReceptionSession
from receptions.quotas import owed_by

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
SHARES = 9


def _make(cases: int = 110) -> None:
    """One of nine shares: some twelve petitions, fourteen units."""
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    share = seeding._Share(Part(0, SHARES), cases, 1, NOW, lambda line: None)
    share.make()


def _state() -> list[Any]:
    """What must be the same for the same seed; public codes are random on purpose."""
    cases = Case.objects.order_by("submitted_at", "subject").values_list(
        "kind", "status", "unit__code", "subject", "submitted_at", "due_on", "escalation_level"
    )
    sessions = ReceptionSession.objects.order_by("unit__code", "leader__username", "starts_at")
    reports = ProgressReport.objects.order_by("assignment__unit__code", "assignment__task__code")
    return [
        *cases,
        *sessions.values_list("unit__code", "starts_at", "status", "places_taken"),
        *reports.values_list("assignment__unit__code", "state", "text", "at"),
    ]


def test_every_body_that_owes_a_day_has_somebody_who_holds_it() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    cast = Cast.read()
    bodies = [unit for unit in cast.units.values() if not unit.is_commune_level]
    owed = {(u.code, duty) for u in bodies for duty in owed_by(u.code, u.kind, u.line)}
    assert owed == {(code, duty) for code, (_role, duty) in CITY_DUTIES.items()}
    for code, (role, duty) in CITY_DUTIES.items():
        post = cast.post(cast.units[code].pk, role)
        assert holder_on(cast.units[code].pk, duty, local_date(NOW)) == post.user


def test_accounts_of_every_unit_and_of_the_city() -> None:
    assert accounts_make(seed=1, password="hanoi-demo-2026", now=NOW) == 126 * 5 + 22
    assert accounts_make(seed=1, password="hanoi-demo-2026", now=NOW) == 0
    clerk = User.objects.get(username="clerk.00004")
    assert clerk.check_password("hanoi-demo-2026")
    assert clerk.email.endswith("@example.com")
    assert Membership.objects.get(user=clerk).unit.code == "00004"
    assert User.objects.get(username="admin").is_staff
    cast = Cast.read()
    board = cast.units["BTCD"]
    assert cast.post(board.pk, Role.BOARD_HEAD).user.username == "head.BTCD"


def test_a_share_is_whole_lies_in_the_past_and_is_never_mailed() -> None:
    _make()
    assert Case.objects.count() >= 5
    assert Case.objects.exclude(closed_at=None).exists()
    mails = OutboxMessage.objects.filter(channel="email")
    assert not mails.exclude(state=MessageState.SUPPRESSED).exists()
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    running = Clock.objects.filter(state=ClockState.RUNNING)
    assert not running.filter(next_action_at__lte=NOW).exists()
    coming = ReceptionSession.objects.filter(starts_at__gt=NOW)
    assert any(session.free_places(NOW) for session in coming)
    assert not coming.exclude(status=SessionStatus.PUBLISHED).exists()
    assert ProgressReport.objects.exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())


def test_events_of_a_case_are_in_order() -> None:
    _make()
    for case in Case.objects.all():
        moments = list(case.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments)


def test_a_decision_is_in_force_by_the_law_s_own_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty days from 31 July end on a Sunday before the days off of 2 September."""
    life: Any = object.__new__(Life)
    life.case = SimpleNamespace(kind="complaint", instance=1, unit=SimpleNamespace(is_remote=False))
    issued = SimpleNamespace(issued_on=dt.date(2026, 7, 31))
    monkeypatch.setattr(lives, "own_result", lambda _case: issued)
    day = in_force_on(life.case, issued)  # type: ignore[arg-type]
    assert day >= dt.date(2026, 9, 3)
    for number in range(20):
        life.rng, life.at = random.Random(number), local_moment(dt.date(2026, 8, 4), 11)
        assert local_date(life._in_force().at) >= day


def test_a_second_run_adds_nothing_and_a_larger_one_tops_up() -> None:
    _make(cases=50)
    first = Case.objects.count()
    state = _state()
    _make(cases=50)
    assert _state() == state
    _make(cases=110)
    assert Case.objects.count() > first


def test_the_same_seed_and_moment_give_the_same_data() -> None:
    runs = []
    for _ in range(2):
        with transaction.atomic():
            _make()
            runs.append(_state())
            transaction.set_rollback(True)
    assert runs[0] == runs[1]


def test_what_protects_people_is_shown_once_and_never_mailed() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    cast = Cast.read()
    assert sealed_work_make(cast, seed=1, now=NOW) == 5
    assert sealed_work_make(cast, seed=1, now=NOW) == 0
    assert sorted(RedactedCopy.objects.values_list("state", flat=True)) == ["draft", "released"]
    copy = RedactedCopy.objects.get(state="released")
    for words in (WRITER, PHONE):
        assert words not in f"{copy.subject} {copy.content} {copy.request}"
    assert copy.letter.case.subject == copy.subject
    assert [one.ground for one in IdentityOpening.objects.order_by("at")] == ["verify", "post"]
    unnamed = Case.objects.get(flags__contains=["anonymous"])
    assert [m.by_id is None for m in unnamed.messages.order_by("at")] == [False, True]
    told = CaseEvent.objects.values_list("action", flat=True)
    assert "petitions.case.record_signature" in told
    assert "petitions.letter.secret_renewed" in told
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    running = Clock.objects.filter(state=ClockState.RUNNING)
    assert not running.filter(next_action_at__lte=NOW).exists()
    assert not OutboxMessage.objects.filter(state=MessageState.PENDING).exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())


def test_finishing_leaves_the_mark_that_readiness_looks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seeding._Share, "make", lambda share: None)
    demo_seed(cases=3, seed=1, now=NOW, say=lambda line: None)
    run = ScheduledRun.objects.get(name="demo-data")
    assert run.finished_at
    assert run.result == {"cases": 3, "seed": 1}


def test_only_in_demo_mode(settings: LazySettings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("seed_demo", cases=1)
    with pytest.raises(NotPermitted):
        demo_seed(cases=1, seed=1, say=lambda line: None)
    assert not User.objects.exists()
