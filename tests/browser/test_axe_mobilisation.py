"""Models of "dân vận khéo", indices and counted figures: axe finds nothing, nothing sticks out."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from common.time import local_moment, today
from mobilisation import services
from mobilisation.models import Exemplar
from mobilisation.services import IndexFacts, index_record
from petitions.models import Letter, Rating
from tests.browser.conftest import Check
from tests.directives.giving import give, task_make
from tests.mobilisation import models_made as m
from tests.people import Story, access_make
from tests.receptions.test_quota_warnings import CHAIR, SECRETARY, held
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MODELS, PUBLIC = "/can-bo/dan-van/mo-hinh/", "/dan-van-kheo/"
INDICES = "/can-bo/dan-van/chi-so/"


def shown() -> Exemplar:
    """A published model with a picture and a registered copy."""
    row = m.draft()
    m.do(services.picture_add, row, attachment=m.picture_upload(), alt="Các hộ phân loại rác")
    m.do(services.exemplar_register, row)
    m.do(services.exemplar_recognise, row, "secretary", decision=m.decision())
    m.do(services.exemplar_publish, row, people_agreed=True)
    m.do(services.exemplar_register, m.copied(row), "other_clerk")
    return row


def test_models_for_anybody(check: Check, client: StrictClient) -> None:
    check(PUBLIC)
    row = shown()
    check(PUBLIC)
    check(f"{PUBLIC}?field=economy")
    check(f"{PUBLIC}{row.public_id}/")
    client.post("/ngon-ngu/", {"language": "en"})
    check(PUBLIC)
    check(f"{PUBLIC}{row.public_id}/")


def test_the_register(check: Check) -> None:
    check(MODELS, who="clerk")
    row, waits = shown(), m.registered(title="Ngõ nhỏ bình yên")
    check(MODELS, who="clerk")
    check(f"{MODELS}?q=zzzz")
    check(f"{MODELS}moi/", sent=True)
    check(f"{MODELS}{waits.public_id}/sua/")
    for who in ("clerk", "secretary", "other_clerk", "propaganda"):
        check(f"{MODELS}{row.public_id}/", who=who)
    m.do(services.exemplar_refuse, waits, "secretary", reason="Chưa rõ kết quả.")
    check(f"{MODELS}{waits.public_id}/", who="clerk")


def test_indices(check: Check, client: StrictClient, story: Callable[..., Story]) -> None:
    facts = IndexFacts(value=Decimal("93.1"), target=Decimal(94), source="Bộ Nội vụ")
    index_record(
        access=access_make("propaganda"), kind="par", year=2025, unit="CITY", version=0, facts=facts
    )
    for _number in range(5):
        letter = Letter.objects.get(code=story().filed.code)
        Rating.objects.create(
            letter=letter, score=4, at=local_moment(today() - dt.timedelta(days=1), 8)
        )
    check(INDICES, who="propaganda")
    check(f"{INDICES}?unit=00004")
    check(f"{INDICES}nhap/")
    check(f"{INDICES}par/2025/CITY/")
    check(f"{INDICES}par/2030/CITY/", sent=True)
    check(f"{PUBLIC}chi-so/")
    client.post("/ngon-ngu/", {"language": "en"})
    check(f"{PUBLIC}chi-so/")


def test_counted_tasks(check: Check) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10))
    held("secretary", SECRETARY, dt.date(2026, 11, 5), dt.date(2026, 11, 19))
    row = give(task_make(source="receptions", indicator="percentage"))
    check(f"/can-bo/chi-dao/viec/{row.public_id}/", who="secretary")
    path = "/can-bo/chi-dao/1699-cv-tu/nhiem-vu/1699-cv-tu-6-reception/so-lieu/"
    check(f"{path}?ky=2026-11", who="propaganda")
