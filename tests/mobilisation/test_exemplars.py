"""Models of "dân vận khéo" on their way: who does what, what is kept, what is told."""

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from attachments.models import Attachment
from attachments.services import attachment_read
from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible, Stale
from mobilisation import services
from mobilisation.models import Exemplar, ExemplarEvent, ExemplarPicture
from mobilisation.selectors_models import ExemplarFilter as Filter
from mobilisation.selectors_models import exemplar_list
from notifications.models import OutboxMessage
from tests.mobilisation import models_made as m
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db


def actions(row: Exemplar) -> list[str]:
    rows = ExemplarEvent.objects.filter(exemplar=row).order_by("sequence")
    return [n.removeprefix("mobilisation.exemplar.") for n in rows.values_list("action", flat=True)]


def titles(who: str, **chosen: Any) -> list[str]:
    rows = exemplar_list(access_make(who), Filter(**chosen))
    return [row.title for row in rows.order_by("id")]


def test_the_whole_way_is_kept_and_told() -> None:
    row = m.published()
    assert (row.state, row.level, row.version) == ("published", "unit", 4)
    assert actions(row) == ["created", "registered", "recognised", "published"]
    told = OutboxMessage.objects.filter(channel="app", template__startswith="exemplar")
    assert sorted((t.template, t.position) for t in told) == [
        ("exemplar_answered", ""),
        ("exemplar_registered", "secretary"),
    ]
    do_again = {"reason": "Có người xin rút hình ảnh."}
    m.do(services.exemplar_unpublish, row, **do_again)
    assert (row.state, row.reason) == ("unpublished", do_again["reason"])
    m.do(services.exemplar_publish, row, "propaganda", people_agreed=True)
    assert row.state == "published"


def test_nothing_is_published_without_the_consent_of_the_people_shown() -> None:
    row = m.recognised()
    with pytest.raises(InvalidInput) as error:
        m.do(services.exemplar_publish, row, people_agreed=False)
    assert "people_agreed" in error.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemplar.objects.filter(pk=row.pk).update(state="published")


def test_the_secretary_recognises_for_the_unit_and_the_city_above() -> None:
    row = m.registered()
    for who in ("clerk", "chair", "handler", "front"):
        with pytest.raises(NotPermitted):
            m.do(services.exemplar_recognise, row, who, decision=m.decision())
    with pytest.raises(InvalidInput) as error:
        m.do(services.exemplar_recognise, row, "secretary", decision=m.decision(level="city"))
    assert "level" in error.value.fields
    m.do(services.exemplar_recognise, row, "secretary", decision=m.decision())
    m.do(
        services.exemplar_recognise,
        row,
        "propaganda",
        decision=m.decision(level="city", number="30-QĐ/TU"),
    )
    assert (row.state, row.level, row.recognitions.count()) == ("recognised", "city", 2)
    with pytest.raises(NotPermitted):
        m.do(services.exemplar_recognise, row, "propaganda", decision=m.decision())


def test_what_was_not_recognised_is_worked_on_and_registered_again() -> None:
    row = m.registered()
    with pytest.raises(InvalidInput):
        m.do(services.exemplar_refuse, row, "secretary", reason=" ")
    m.do(services.exemplar_refuse, row, "secretary", reason="Chưa rõ kết quả.")
    assert (row.state, row.reason) == ("refused", "Chưa rõ kết quả.")
    m.do(services.exemplar_change, row, words=m.words(results="98% hộ tham gia."))
    m.do(services.exemplar_register, row)
    assert (row.state, row.reason) == ("registered", "")


def test_a_recognised_model_keeps_its_words_and_goes_on_with_results() -> None:
    row = m.recognised()
    with pytest.raises(InvalidInput) as error:
        m.do(services.exemplar_change, row, words=m.words(title="Tên khác", results="Khác"))
    assert list(error.value.fields) == ["title"]
    m.do(services.exemplar_change, row, words=m.words(results="Cả tổ tham gia."))
    event = ExemplarEvent.objects.filter(exemplar=row).latest("sequence")
    assert event.data["fields"] == {"results": ["95% hộ tham gia.", "Cả tổ tham gia."]}
    before = row.version
    m.do(services.exemplar_change, row, words=m.words(results="Cả tổ tham gia."))
    assert row.version == before


def test_a_form_opened_on_an_older_version_changes_nothing() -> None:
    row = m.registered()
    with pytest.raises(Stale) as error:
        m.do(services.exemplar_drop, row, version=1, reason="Nhầm.")
    assert error.value.extra["version"] == 2
    row.refresh_from_db()
    assert row.state == "registered"


def test_wrong_words_are_named_all_at_once() -> None:
    with pytest.raises(InvalidInput) as error:
        m.draft(title="", field="nowhere", ends_on=m.words().starts_on.replace(year=2020))
    assert set(error.value.fields) == {"title", "field", "ends_on"}
    with pytest.raises(InvalidInput) as error:
        m.do(
            services.exemplar_recognise,
            m.registered(),
            "secretary",
            decision=m.decision(decided_on=m.DAY.replace(year=2090)),
        )
    assert "decided_on" in error.value.fields


# Copies


def test_a_copy_is_its_own_and_both_know_of_each_other() -> None:
    source = m.published()
    copy = m.copied(source)
    assert (copy.source, copy.state, copy.results) == (source, "draft", "")
    assert copy.title == source.title
    m.do(services.exemplar_register, copy, "other_clerk")
    told = OutboxMessage.objects.get(template="exemplar_copied", channel="app")
    assert (told.unit_id, told.position) == (source.unit_id, "secretary")
    m.do(services.exemplar_change, copy, "other_clerk", words=m.words(title="Ngõ không rác"))
    source.refresh_from_db()
    assert source.title == m.TITLE


def test_a_unit_copies_once_and_never_itself() -> None:
    source = m.recognised()
    copy = m.copied(source)
    with pytest.raises(Conflict), transaction.atomic():
        m.copied(source)
    m.do(services.exemplar_drop, copy, "other_clerk", reason="Nhập nhầm.")
    assert m.copied(source).pk
    with pytest.raises(NotPermitted):
        m.copied(source, "clerk", WARD)
    with pytest.raises(NotPermitted):
        m.copied(source, "other_clerk", WARD)
    with pytest.raises(NotVisible):
        m.copied(m.registered(), "other_clerk", OTHER_WARD)


def test_copies_are_counted_once_registered() -> None:
    source = m.published()
    copy = m.copied(source)
    seen = exemplar_list(access_make("propaganda"), Filter())
    assert seen.get(pk=source.pk).n_copies == 0  # type: ignore[attr-defined]
    m.do(services.exemplar_register, copy, "other_clerk")
    assert seen.get(pk=source.pk).n_copies == 1  # type: ignore[attr-defined]


# Who sees what


def test_units_see_their_own_and_what_may_be_copied_the_city_what_is_registered() -> None:
    m.draft(title="Nháp")
    m.registered(title="Đăng ký")
    m.recognised(title="Công nhận")
    assert titles("clerk") == ["Nháp", "Đăng ký", "Công nhận"]
    assert titles("other_clerk") == ["Công nhận"]
    assert titles("propaganda") == ["Đăng ký", "Công nhận"]
    assert titles("clerk", q="dang ky") == ["Đăng ký"]
    assert titles("clerk", state="draft") == ["Nháp"]


def test_another_unit_may_not_touch_what_it_sees() -> None:
    row = m.recognised()
    with pytest.raises(NotPermitted):
        m.do(services.exemplar_change, row, "other_clerk", words=m.words())
    with pytest.raises(NotVisible):
        m.do(services.exemplar_register, m.draft(), "other_clerk")
    with pytest.raises(NotPermitted):
        m.draft("other_clerk")


# Pictures


def test_a_picture_is_kept_as_pixels_and_the_upload_is_gone(
    django_capture_on_commit_callbacks: Any,
) -> None:
    row = m.draft()
    upload = m.picture_upload()
    with django_capture_on_commit_callbacks(execute=True):
        made = m.do(services.picture_add, row, attachment=upload, alt="Các hộ phân loại rác")
    assert not Attachment.objects.filter(public_id=upload).exists()
    kept = made.attachment
    assert "Nguyen" not in kept.name
    picture = Image.open(io.BytesIO(attachment_read(kept)))
    assert not picture.getexif()
    assert actions(row) == ["created", "picture_added"]
    m.do(services.picture_remove, row, picture=made.public_id)
    with pytest.raises(NotVisible):
        m.do(services.picture_remove, row, picture=made.public_id)


def test_a_picture_needs_words_and_an_upload_that_is_one() -> None:
    row = m.draft()
    with pytest.raises(InvalidInput) as error:
        m.do(services.picture_add, row, attachment=m.picture_upload(), alt=" ")
    assert "alt" in error.value.fields
    for wrong in ("00000000-0000-0000-0000-000000000001", "x"):
        with pytest.raises(InvalidInput) as error:
            m.do(services.picture_add, row, attachment=wrong, alt="Ảnh")
        assert "attachment" in error.value.fields
    assert not ExemplarPicture.objects.exists()


def test_a_public_model_takes_no_pictures_that_nobody_agreed_to() -> None:
    row = m.published()
    with pytest.raises(NotPermitted):
        m.do(services.picture_add, row, attachment=m.picture_upload(), alt="Ảnh")
