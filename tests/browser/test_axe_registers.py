"""The registers of mass mobilisation in their interesting states: axe finds nothing, nothing sticks
out."""

import datetime as dt

import pytest

from common.time import today
from mobilisation.services import (
    Activity,
    activity_record,
    opinion_answer,
    opinion_correct,
    programme_end,
    programme_file_add,
    programme_renew,
)
from tests.browser.conftest import Check
from tests.mobilisation.keeping import (
    do,
    drafted,
    opinion,
    opinion_sent,
    rules,
    signed,
    upload,
    words,
)
from tests.people import WARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ROOT = "/can-bo/dan-van/"


def test_programmes(check: Check) -> None:
    soon = today() + dt.timedelta(days=9)
    row, new = signed(valid_until=soon), signed(number="09-CTPH/ĐU")
    held = Activity(dt.date(2026, 10, 5), "Nhà văn hóa tổ 4", 60, "Tuyên truyền phòng cháy.")
    do(activity_record, row, activity=held)
    do(programme_file_add, row, attachment=upload())
    check(ROOT, who="clerk")
    check(f"{ROOT}chuong-trinh/")
    check(f"{ROOT}chuong-trinh/?q=zzzz")
    check(f"{ROOT}chuong-trinh/moi/", sent=True)
    check(f"{ROOT}chuong-trinh/{row.public_id}/")
    check(f"{ROOT}chuong-trinh/{row.public_id}/sua/")
    check(f"{ROOT}chuong-trinh/{drafted(number='').public_id}/")
    do(programme_renew, row, successor=new.public_id)
    do(programme_end, new, ended_on=dt.date(2026, 11, 16), reason="Sáp nhập tổ chức.")
    check(f"{ROOT}chuong-trinh/{row.public_id}/")
    check(f"{ROOT}chuong-trinh/{new.public_id}/", who="propaganda")


def test_rules(check: Check) -> None:
    rules(attachment=upload(), review_on=dt.date(2026, 11, 1))
    check(f"{ROOT}quy-che/", who="propaganda")
    check(f"{ROOT}quy-che/?kind=community&state=missing")
    check(f"{ROOT}quy-che/{WARD}/", who="chair")
    check(f"{ROOT}quy-che/{WARD}/community/")
    check(f"{ROOT}quy-che/{WARD}/agency/")


def test_opinion_reports(check: Check) -> None:
    row = opinion_sent()
    kept = opinion("clerk", period="ad_hoc", subject="Mưa lớn, ngập úng", files=[upload()])
    opinion_sent("secretary", secrecy="confidential")
    check(f"{ROOT}tinh-hinh/", who="secretary")
    check(f"{ROOT}tinh-hinh/moi/", sent=True)
    check(f"{ROOT}tinh-hinh/{kept.public_id}/")
    check(f"{ROOT}tinh-hinh/{row.public_id}/", who="propaganda")
    check(f"{ROOT}tinh-hinh/linh-vuc/?topic=land")
    do(opinion_answer, row, "propaganda", is_read=False, text="Nêu rõ số hộ.")
    check(f"{ROOT}tinh-hinh/{row.public_id}/sua/", who="front")
    do(opinion_correct, row, "front", words=words(), reason="Bổ sung.")
    check(f"{ROOT}tinh-hinh/{row.public_id}/")
