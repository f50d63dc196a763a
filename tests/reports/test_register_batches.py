"""Monthly registers in the background: progress, stop, go on, kept for a week, the owner's alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded

from accounts.models import Membership, User
from common import table_papers
from common.errors import Conflict, InvalidInput, NotVisible
from communes.models import Unit
from reports.models import RegisterBatch, RegisterBatchEvent, RegisterFile
from reports.services import batches as service
from reports.services.batches import (
    KEPT,
    _step,
    batch_cancel,
    batch_fetch,
    batch_resume,
    batch_start,
    batches_clear,
    batches_run,
    file_bytes,
)
from tests.people import WARD, Story, access_make, person_make
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.reports.registering import ACCUSED, NOW, ROOT, signed_in, table

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
PAGE = ROOT + "theo-thang/"
MONTH = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def start(who: str = "clerk", *books: str, **changes: Any) -> RegisterBatch:
    values = {"since": MONTH, "until": MONTH} | changes
    ward = Unit.objects.get(code=WARD)
    return batch_start(access=access_make(who), unit=ward, books=books or ("letters",), **values)


def now_of(batch: RegisterBatch) -> RegisterBatch:
    return RegisterBatch.objects.get(pk=batch.pk)


def history(batch: RegisterBatch) -> list[str]:
    rows = RegisterBatchEvent.objects.filter(batch=batch).order_by("sequence")
    return [event.action.rpartition(".")[2] for event in rows]


def fetch(batch: RegisterBatch, number: int, who: str = "clerk", **changes: Any) -> bytes:
    access = access_make(who)
    file = batch_fetch(access=access, public_id=batch.public_id, number=number, **changes)
    return file_bytes(file)


def test_from_the_order_to_the_files(story: Tell) -> None:
    story().accepted()
    client = signed_in("clerk")
    order = {"unit": WARD, "books": ["letters", "accepted"], "first": "2026-11-05",
             "last": "2026-11-09"}  # fmt: skip
    answer = client.post(PAGE, order)
    batch = RegisterBatch.objects.get()
    page = f"{PAGE}{batch.public_id}/"
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = client.get(page)
    assert shown["Refresh"] == "4"
    assert "0/4 tệp" in shown.content.decode()
    assert "Refresh" not in client.get(page + "?giu=1")
    assert batches_run() == 4
    done = client.get(page)
    assert "Refresh" not in done
    assert "4/4 tệp" in done.content.decode()
    sheet = client.post(f"{page}1/")
    assert table(sheet)[1][0] == "1/2026"
    assert "so-tiep-nhan-don-00004-2026-11.xlsx" in sheet["Content-Disposition"]
    assert squeezed("12/TB-UBND") in text_of(client.post(f"{page}4/").content)
    assert history(batch) == ["started", "done", "fetched", "fetched"]
    assert "đã tải lúc" in client.get(page).content.decode()
    assert "Đã lập xong" in client.get(PAGE).content.decode()


def test_the_page_of_a_batch(story: Tell) -> None:
    """Both files of a book and month in one row, a month without rows in one line, "stop" on top;
    months come from a field of months."""
    story().accepted()
    client = signed_in("clerk")
    order = {"unit": WARD, "books": ["letters", "accepted"], "first": "2026-10", "last": "11/2026"}
    page = client.post(PAGE, order)["Location"]
    running = client.get(page).content.decode()
    assert running.index("Dừng") < running.index("<table")
    assert "hệ thống vẫn lập tiếp" in running
    assert batches_run() == 8
    body = client.get(page).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.split("</tr>")[:-1]
    assert len(rows) == 3
    assert "10/2026: " in rows[0]
    assert "không có dòng nào" in rows[0]
    assert all(one.count("<button") == 2 for one in rows[1:])
    assert '<input type="month" name="first" value="2026-' in client.get(PAGE).content.decode()


def test_every_month_has_its_own_files() -> None:
    batch = start(since=dt.date(2026, 9, 15), until=dt.date(2026, 11, 2))
    files = [(file.month.month, file.file_format) for file in batch.files.all()]
    assert files == [(month, made) for month in (9, 10, 11) for made in ("xlsx", "pdf")]
    assert (batch.since, batch.until) == (dt.date(2026, 9, 1), dt.date(2026, 11, 30))


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-11-01", "2026-10-01"), ("2025-11-01", "2026-11-01"), ("2026-11-01", "2026-12-01")],
)
def test_months_that_cannot_be_are_refused(since: str, until: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        start(since=dt.date.fromisoformat(since), until=dt.date.fromisoformat(until))
    assert list(caught.value.fields) == ["last"]
    order = {"unit": WARD, "books": ["letters"], "first": since, "last": until}
    page = signed_in("clerk").post(PAGE, order)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["last"])
    assert not RegisterBatch.objects.exists()


def test_a_form_without_registers_says_so() -> None:
    page = signed_in("clerk").post(PAGE, {"unit": WARD, "first": "2026-11-01", "last": "x"})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"books", "last"})


def test_one_batch_at_a_time() -> None:
    batch = start()
    with pytest.raises(Conflict):
        start()
    order = {"unit": WARD, "books": ["letters"], "first": "2026-11-01", "last": "2026-11-01"}
    assert signed_in("clerk").post(PAGE, order).status_code == 422
    start("chair")  # of somebody else
    batches_run()
    assert now_of(batch).state == "done"
    start()


def test_stopped_and_gone_on(story: Tell) -> None:
    story().accepted()
    batch = start()
    assert _step(batch.pk, None)
    client, page = signed_in("clerk"), f"{PAGE}{batch.public_id}/"
    assert client.post(page, {"do": "cancel"}).status_code == 302
    assert batches_run() == 0
    assert now_of(batch).state == "cancelled"
    assert table(client.post(f"{page}1/"))[1][0] == "1/2026"  # what is made stays
    assert client.post(f"{page}2/").status_code == 404
    assert client.post(page, {"do": "cancel"}).status_code == 409
    made_at = RegisterFile.objects.get(batch=batch, number=1).made_at
    assert client.post(page, {"do": "resume"}).status_code == 302
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        assert batches_run() == 1
    assert RegisterFile.objects.get(batch=batch, number=1).made_at == made_at
    assert history(batch) == ["started", "cancelled", "fetched", "resumed", "done"]
    with pytest.raises(Conflict):
        batch_resume(access=access_make("clerk"), public_id=batch.public_id)


def test_stopped_while_a_file_is_made_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = start()
    made = service._made

    def slow(*args: Any) -> Any:
        batch_cancel(access=access_make("clerk"), public_id=batch.public_id)
        return made(*args)

    monkeypatch.setattr(service, "_made", slow)
    assert batches_run() == 0
    assert not batch.files.filter(made_at__isnull=False).exists()
    assert now_of(batch).state == "cancelled"


def test_two_runs_make_a_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = start()
    made = service._made

    def twice(*args: Any) -> Any:
        monkeypatch.setattr(service, "_made", made)
        _step(batch.pk, NOW)
        return b"anders", 9, ""

    monkeypatch.setattr(service, "_made", twice)
    _step(batch.pk, NOW)
    assert RegisterFile.objects.get(batch=batch, number=1).rows == 0
    assert fetch(batch, 1) != b"anders"


def test_what_cannot_be_made_stops_the_batch_and_can_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = start()

    def broken(*args: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(service, "_made", broken)
        with pytest.raises(RuntimeError):
            batches_run()
    assert now_of(batch).state == "failed"
    page = signed_in("clerk").get(f"{PAGE}{batch.public_id}/").content.decode()
    assert "Lập tiếp phần còn lại" in page
    batch_resume(access=access_make("clerk"), public_id=batch.public_id)
    assert batches_run() == 2


def test_what_the_time_of_a_run_did_not_suffice_for_is_made_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch, made, runs = start("clerk", "letters", "accepted"), service._made, []

    def slow(*args: Any) -> Any:
        runs.append(args[2].number)
        if args[2].number == 1 or runs.count(2) == 1:
            raise SoftTimeLimitExceeded
        return made(*args)

    monkeypatch.setattr(service, "_made", slow)
    assert [batches_run() for _run in range(2)] == [0, 0]
    assert now_of(batch).state == "running"
    assert batches_run() == 0  # the third time for the first file, its last
    assert [batches_run(), batches_run()] == [0, 3]
    assert runs == [1, 1, 1, 2, 2, 3, 4]
    first = batch.files.get(number=1)
    assert (first.fault, first.box, now_of(batch).state) == ("slow", None, "done")
    assert history(batch) == ["started", *["out_of_time"] * 4, "done"]
    page = signed_in("clerk").get(f"{PAGE}{batch.public_id}/").content.decode()
    assert "Đã ba lần lập tệp này quá thời gian" in page


def test_too_many_rows_for_a_pdf_do_not_stop_the_rest(
    story: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    story().accepted()
    monkeypatch.setattr(table_papers, "ROWS_MAX", 0)
    batch = start()
    assert batches_run() == 2
    paper = batch.files.get(number=2)
    assert (paper.fault, paper.box, now_of(batch).state) == ("long", None, "done")
    page = signed_in("clerk").get(f"{PAGE}{batch.public_id}/").content.decode()
    assert "Quá nhiều dòng cho tệp PDF" in page


@pytest.mark.parametrize("who", ["chair", "handler", "other_clerk", "inspector", "admin"])
def test_a_batch_is_its_owners_alone(who: str) -> None:
    batch = start()
    batches_run()
    client, page = signed_in(who), f"{PAGE}{batch.public_id}/"
    assert client.get(page).status_code == 404
    assert client.post(page, {"do": "cancel"}).status_code == 404
    assert client.post(f"{page}1/").status_code == 404
    assert str(batch.public_id) not in client.get(PAGE).content.decode()


def test_whoever_lost_the_right_gets_nothing_more() -> None:
    batch = start()
    assert _step(batch.pk, None)
    Membership.objects.filter(user__username="clerk").update(valid_to=dt.date(2026, 11, 22))
    User.objects.filter(username="clerk").update(is_active=True)
    assert batches_run() == 0
    assert now_of(batch).state == "failed"
    fresh = User.objects.get(username="clerk")
    client = signed_in("chair")
    client.force_login(fresh)
    assert client.post(f"{PAGE}{batch.public_id}/1/").status_code == 404


def test_sealed_registers_are_ordered_by_whoever_reads_them(story: Tell) -> None:
    story(kind="denunciation", respondent=ACCUSED).accepted()
    with pytest.raises(NotVisible):
        start("handler", "letters", "denunciations")
    books = signed_in("handler").get(PAGE).context["form"].fields["books"].choices
    assert [value for value, _label in books] == [
        "letters", "accepted", "papers", "reception-conclusions", "reception-papers",
    ]  # fmt: skip
    common = start("handler", "letters", "accepted")
    sealed = start("clerk", "denunciations")
    batches_run()
    counts = [file.rows for file in RegisterFile.objects.filter(batch=common)]
    assert counts == [0, 0, 0, 0]
    assert "1/2026-TC" in text_of(fetch(sealed, 2))
    assert "1/2026-TC" not in text_of(fetch(common, 2, "handler"))
    assert "TC" not in str([event.data for event in RegisterBatchEvent.objects.all()])


def test_files_are_sealed_and_removed_after_a_week(story: Tell) -> None:
    story().accepted()
    batch = start()
    batches_run()
    file = batch.files.get(number=1)
    assert bytes(file.box)[:2] != b"PK"
    assert batches_clear(at=NOW + KEPT) == 0
    assert fetch(batch, 1, at=NOW + KEPT)
    assert batches_clear(at=NOW + KEPT + dt.timedelta(seconds=1)) == 2
    with pytest.raises(NotVisible):
        fetch(batch, 1)
    page = signed_in("clerk").get(f"{PAGE}{batch.public_id}/").content.decode()
    assert "XLSX: đã xóa" in page
    assert history(batch)[-1] == "cleared"
    assert batches_clear(at=NOW + 2 * KEPT) == 0


def test_03_tcd_is_made_too() -> None:
    batch = start("chair", "receptions")
    assert batches_run() == 2
    assert squeezed("Mẫu số 03/TCD") in text_of(fetch(batch, 2, "chair"))
    assert person_make("chair").pk == batch.by_id
