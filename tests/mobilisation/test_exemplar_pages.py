"""Pages of models: the register, a model with its steps, and what anybody sees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mobilisation import services
from mobilisation.models import Exemplar, ExemplarPicture
from tests.attachments.papers import pdf, photo
from tests.mobilisation import models_made as m
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
STAFF, PUBLIC = "/can-bo/dan-van/mo-hinh/", "/dan-van-kheo/"
SignIn = Callable[[str], Client]
TYPED = {
    "unit": WARD,
    "title": "Tổ dân phố không rác",
    "field": "environment",
    "carried_out_by": "Chi hội Phụ nữ",
    "starts_on": "2026-03-01",
    "description": "Mỗi hộ phân loại rác.",
}


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def page(row: Exemplar) -> str:
    return f"{STAFF}{row.public_id}/"


def step(client: Client, row: Exemplar, do: str, **data: Any) -> Any:
    version = Exemplar.objects.values_list("version", flat=True).get(pk=row.pk)
    return client.post(page(row), {"do": do, "version": version} | data)


def test_a_unit_enters_changes_and_registers(sign_in: SignIn) -> None:
    client = sign_in("clerk")
    answer = client.post(f"{STAFF}moi/", TYPED | {"title": ""})
    assert answer.status_code == 422
    assert "Chi hội Phụ nữ" in answer.content.decode()
    answer = client.post(f"{STAFF}moi/", TYPED)
    row = Exemplar.objects.get()
    assert answer.headers["Location"] == page(row)
    change = TYPED | {"version": "1", "results": "95% hộ tham gia."}
    assert client.post(f"{page(row)}sua/", change).status_code == 302
    stale = client.post(f"{page(row)}sua/", change | {"results": "Khác"})
    assert stale.status_code == 422
    assert "đã được người khác thay đổi" in stale.content.decode()
    assert "Khác" in stale.content.decode()
    assert step(client, row, "register").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.results) == ("registered", "95% hộ tham gia.")


def test_pictures_are_added_shown_and_removed(sign_in: SignIn) -> None:
    row, client = m.draft(), sign_in("clerk")
    wrong = step(client, row, "picture", upload=SimpleUploadedFile("a.pdf", pdf("A")), alt="Ảnh")
    assert wrong.status_code == 422
    assert "Chọn ảnh mở được" in wrong.content.decode()
    sent = SimpleUploadedFile("a.jpg", photo())
    assert step(client, row, "picture", upload=sent, alt="Các hộ phân loại").status_code == 302
    picture = ExemplarPicture.objects.get()
    assert 'alt="Các hộ phân loại"' in text(client, page(row))
    file = client.get(f"{page(row)}anh/{picture.public_id}/")
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"Vu Thi Bi Mat" not in b"".join(file.streaming_content)
    assert step(client, row, "picture_gone", picture=picture.public_id).status_code == 302
    assert client.get(f"{page(row)}anh/{picture.public_id}/").status_code == 404


def test_the_secretary_recognises_with_the_paper(sign_in: SignIn) -> None:
    row, client = m.registered(), sign_in("secretary")
    said = {
        "level": "unit",
        "number": "15-QĐ/ĐU",
        "decided_on": "2099-01-01",
        "decided_by": "Đảng ủy phường",
    }
    late = step(client, row, "recognise", **said)
    assert late.status_code == 422
    assert "15-QĐ/ĐU" in late.content.decode()
    paper = SimpleUploadedFile("quyet-dinh.pdf", pdf("Quyết định"))
    said |= {"decided_on": "2026-11-02", "upload": paper}  # type: ignore[dict-item]
    assert step(client, row, "recognise", **said).status_code == 302
    shown = text(client, page(row))
    assert "quyết định số 15-QĐ/ĐU ngày 02/11/2026" in shown
    file = row.recognitions.get().attachment
    assert file is not None
    url = f"{page(row)}tep/{file.public_id}/"
    assert client.get(url).status_code == 200
    assert sign_in("other_clerk").get(url).status_code == 200  # what may be copied is read whole
    assert client.get(f"{page(m.draft())}tep/{file.public_id}/").status_code == 404


def test_steps_are_shown_to_whom_they_are_open(sign_in: SignIn) -> None:
    row = m.registered()
    assert 'value="recognise"' not in text(sign_in("clerk"), page(row))
    assert 'value="recognise"' in text(sign_in("secretary"), page(row))
    assert 'value="copy"' not in text(sign_in("secretary"), page(row))
    assert step(sign_in("clerk"), row, "recognise").status_code == 403
    assert sign_in("other_clerk").get(page(row)).status_code == 404


def test_a_copy_is_worked_on_next_and_linked_from_both_sides(sign_in: SignIn) -> None:
    source, client = m.published(), sign_in("other_clerk")
    said = {"unit": OTHER_WARD, "carried_out_by": "Đoàn Thanh niên", "starts_on": "2026-11-01"}
    answer = step(client, source, "copy", **said)
    copy = Exemplar.objects.get(source=source)
    assert answer.headers["Location"] == page(copy)
    assert f'href="{page(source)}"' in text(client, page(copy))
    m.do(services.exemplar_register, copy, "other_clerk")
    assert f'href="{page(copy)}"' in text(sign_in("propaganda"), page(source))
    again = step(sign_in("other_clerk"), source, "copy", **said)
    assert again.status_code == 422
    assert "đã nhân rộng mô hình này" in again.content.decode()


def test_the_list_asks_as_often_for_three_as_for_one(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        m.registered(title=f"Mô hình số {number}")
    client = sign_in("propaganda")
    with django_assert_max_num_queries(14):
        shown = text(client, STAFF)
    assert shown.count("Mô hình số") >= 3
    assert "Không có mô hình phù hợp" in text(client, STAFF, q="zzzz")
    assert text(client, STAFF, state="rubbish", year="x", field="y").count("Mô hình số") >= 3


# Anybody


def test_anybody_sees_what_is_published_and_nothing_else(client: Client) -> None:
    shown, hidden = m.published(), m.recognised(title="Chưa công bố")
    assert m.TITLE in text(client, PUBLIC)
    assert "Chưa công bố" not in text(client, PUBLIC)
    assert "phân loại rác tại nguồn" in text(client, f"{PUBLIC}{shown.public_id}/")
    assert client.get(f"{PUBLIC}{hidden.public_id}/").status_code == 404


def test_what_is_withdrawn_is_gone_with_its_pictures(client: Client) -> None:
    row = m.draft()
    made = m.do(services.picture_add, row, attachment=m.picture_upload(), alt="Phân loại rác")
    m.do(services.exemplar_register, row)
    m.do(services.exemplar_recognise, row, "secretary", decision=m.decision())
    url = f"{PUBLIC}{row.public_id}/anh/{made.public_id}/"
    assert client.get(url).status_code == 404
    m.do(services.exemplar_publish, row, people_agreed=True)
    assert f'src="{url}"' in text(client, PUBLIC)
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    m.do(services.exemplar_unpublish, row, reason="Có người xin rút hình ảnh.")
    assert client.get(url).status_code == 404
    assert client.get(f"{PUBLIC}{row.public_id}/").status_code == 404


def test_the_public_list_filters_and_counts_copies(client: Client) -> None:
    source = m.published()
    m.do(services.exemplar_register, m.copied(source), "other_clerk")
    shown = text(client, PUBLIC, field="environment", unit=WARD, year="2026", q="khong rac")
    assert "1 đơn vị nhân rộng" in shown
    assert m.TITLE not in text(client, PUBLIC, field="economy")
    page = text(client, f"{PUBLIC}{source.public_id}/")
    assert "1 đơn vị đã nhân rộng" in page


def test_the_source_of_a_copy_that_is_not_public_is_not_named(client: Client) -> None:
    source = m.published()
    copy = m.copied(source)
    m.do(services.exemplar_register, copy, "other_clerk")
    m.do(services.exemplar_recognise, copy, "propaganda", decision=m.decision(level="city"))
    m.do(services.exemplar_publish, copy, "other_clerk", people_agreed=True)
    url = f"{PUBLIC}{copy.public_id}/"
    assert f'href="{PUBLIC}{source.public_id}/"' in text(client, url)
    m.do(services.exemplar_unpublish, source, reason="Xin gỡ.")
    assert str(source.public_id) not in text(client, url)


def test_the_public_pages_in_english(client: Client) -> None:
    row = m.published()
    client.post("/ngon-ngu/", {"language": "en"})
    assert "Models of “dân vận khéo”" in text(client, PUBLIC)
    shown = text(client, f"{PUBLIC}{row.public_id}/")
    for words in ("Carried out by", "Environment", "Taken over by other units"):
        assert words in shown
