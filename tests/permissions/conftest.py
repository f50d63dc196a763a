"""The objects that stand in the paths of the matrix."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.selectors_powers import HELD, PERSON, token_of
from accounts.services_delegation import DelegationPlan, delegation_give
from common.time import local_moment, now, today
from communes.models import Unit
from continuity.services import ReformPlan, reform_draft
from continuity.validators import Target
from directives.models import Assignment
from papers.content import Content
from papers.services.writing import paper_begin
from petitions.models import Case
from petitions.services.intake import petition_file
from receptions.enums import DutyHolder, SessionKind
from receptions.models import ReceptionSession
from receptions.selectors_day import screen_token
from receptions.services.registrations import Visitor, registration_create
from receptions.services.sessions import SessionPlan, session_plan, session_publish
from reports.services.batches import _step, batch_start
from tests.conftest import forget_reference
from tests.directives.bringing import brought
from tests.early_warning.matters import project_of_ward, signal_make
from tests.mobilisation.keeping import opinion_sent, signed
from tests.mobilisation.models_made import draft
from tests.people import WARD, access_make, filing_make, person_make
from tests.receptions.cast_plan import pattern_make_one

# Of another ward, so that the ward of the matrix may know of it.
ACCUSED = {"name": "Ông Thử", "unit": "00025"}


def _delegation(ward: Unit) -> uuid.UUID:
    """Handed over by the chair from tomorrow on, so that nobody holds more today."""
    tomorrow = today() + dt.timedelta(days=1)
    holder = person_make("handler").username
    plan = DelegationPlan(holder, ["case.assign"], tomorrow, tomorrow, "Quyết định số 12")
    return delegation_give(access=access_make("chair"), unit=ward, plan=plan).public_id


def _paper(code: str) -> uuid.UUID:
    """A draft of the ward's chair about a complaint that was only sent."""
    case = Case.objects.select_related("unit").get(code=code)
    words = Content(about="xử lý đơn", addressee="Chủ tịch", body="Đề xuất thụ lý.")
    with transaction.atomic():
        return paper_begin(access_make("chair"), case, "proposal", words, now()).public_id


def _reform() -> uuid.UUID:
    """A draft that merges two wards of nobody."""
    plan = ReformPlan(
        kind="merge", number="12/NQ-HĐND", decided_on=today(), issuer="Hội đồng nhân dân thành phố",
        effective_on=today(), sources=["00025", "00070"],
        targets=[Target("00999", "Phường Thử Nghiệm")],
    )  # fmt: skip
    return reform_draft(access=access_make("admin"), plan=plan).public_id


def _batch(ward: Unit) -> uuid.UUID:
    """Of the clerk, running, with its first file made."""
    batch = batch_start(
        access=access_make("clerk"), unit=ward, books=["letters"], since=today(), until=today()
    )
    assert _step(batch.pk, None)
    return batch.public_id


def _session(ward: Unit) -> ReceptionSession:
    access = access_make("secretary")
    starts_at = local_moment(today() + dt.timedelta(days=30), 8)
    plan = SessionPlan(
        leader=person_make("secretary"),
        duty_holder=DutyHolder.PARTY_SECRETARY,
        kind=SessionKind.PERIODIC,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        place="Trụ sở Đảng ủy phường",
        capacity=10,
        planned_content="Tiếp công dân định kỳ",
        on_day_off=True,
    )
    session = session_plan(access=access, unit=ward, plan=plan, at=now())
    session_publish(access=access, public_id=session.public_id, version=1)
    return session


@pytest.fixture(scope="module")
def matrix_objects(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A complaint, a published reception day with one visitor, and a plan task, all of the ward;
    made once for the tests of a module, each of which takes back what it does to them."""
    forget_reference()
    with django_db_blocker.unblock(), transaction.atomic():
        yield objects_made()
        transaction.set_rollback(True)


def objects_made() -> dict[str, Any]:
    """Them all, in the transaction of the test or of the module that asks."""
    ward = Unit.objects.get(code=WARD)
    session = _session(ward)
    visitor = Visitor("Vũ Thị Thử Nghiệm", "001099012345", "0912345678")
    visit = registration_create(session_id=session.public_id, visitor=visitor, topic="Đất đai")
    task = Assignment.objects.filter(unit=ward, task__is_plan=True).order_by("id").first()
    assert task is not None
    case = petition_file(filing=filing_make()).code
    return {
        "case": case,
        "paper": _paper(case),
        "denunciation": petition_file(
            filing=filing_make(kind="denunciation", respondent=ACCUSED)
        ).code,
        "session": session.public_id,
        "visit": visit.code,
        "pattern": pattern_make_one().public_id,
        "screen": screen_token(session),
        "task": task.public_id,
        "model": draft().public_id,
        "signal": signal_make().public_id,
        "land_project": project_of_ward().public_id,
        "import": brought([task.task.code, WARD]).public_id,
        "reform": _reform(),
        "batch": _batch(ward),
        "unknown_uuid": uuid.UUID(int=1),
        "ward": ward.code,
        "ward_slug": ward.slug,
        "delegation": _delegation(ward),
        "officer": token_of(PERSON, person_make("clerk").pk),
        "programme": signed().public_id,
        "opinion": opinion_sent().public_id,
        "held": token_of(HELD, person_make("clerk").memberships.get().pk),
    }
