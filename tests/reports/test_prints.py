"""Papers of a day as one PDF: what is in it, how it is made, stopped, kept and removed."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attachments.models import Attachment
from attachments.services import attachments_prune
from common.errors import Conflict, InvalidInput, NotVisible
from communes.models import Unit
from papers.models import READ, Paper, PaperEvent
from papers.services.issuing import paper_issue, paper_void
from petitions.models import Case
from reports.models import RegisterBatch, RegisterFile
from reports.registers import BY_CODE
from reports.services import prints as service
from reports.services.batches import KEPT, batch_cancel, batches_clear, batches_run
from reports.services.prints import print_start
from tests.papers.making import case_of, corrected, issued, step
from tests.people import OTHER_WARD, WARD, access_make
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.reports.registering import NOW, ROOT, signed_in
from tests.reports.test_register_batches import fetch, history, now_of, start

pytestmark = pytest.mark.django_db
PAGE = ROOT + "in-van-ban/"
DAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def order(who: str = "clerk", code: str = "papers", **changes: Any) -> RegisterBatch:
    ward = Unit.objects.get(code=WARD)
    values = {"unit": ward, "book": BY_CODE[code], "day": DAY} | changes
    return print_start(access=access_make(who), **values)


def pages(data: bytes) -> int:
    return len(pypdfium2.PdfDocument(data))


def body(client: Any, path: str) -> bytes:
    answer = client.post(path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_from_the_order_to_the_file() -> None:
    case = case_of()
    for number in range(3):
        issued(case, body=f"Nội dung thứ {number}.")
    client = signed_in("clerk")
    shown = client.get(PAGE).content.decode()
    assert shown.count('name="paper"') == 3
    answer = client.post(PAGE, {"unit": WARD, "do": "all"})
    batch = RegisterBatch.objects.get()
    page = f"{ROOT}theo-thang/{batch.public_id}/"
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "0/3 văn bản" in client.get(page).content.decode()
    assert client.get(page)["Refresh"] == "4"
    assert batches_run() == 1
    done = client.get(page).content.decode()
    assert "3/3 văn bản" in done
    assert "Văn bản để in" in client.get(ROOT + "theo-thang/").content.decode()
    answer = client.post(f"{page}1/")
    assert 'filename="van-ban-00004-2026-11-23.pdf"' in answer["Content-Disposition"]
    joined = b"".join(answer.streaming_content)
    assert pages(joined) == 3
    text = text_of(joined)
    places = [text.index(squeezed(f"Nội dung thứ {number}.")) for number in range(3)]
    assert places == sorted(places)
    assert history(batch) == ["started", "done", "fetched"]


def test_only_what_is_in_force_and_chosen() -> None:
    case = case_of()
    step(paper_void, issued(case), reason="Ký nhầm bản.")
    step(paper_issue, corrected(issued(case)))
    last = issued(case)
    client = signed_in("clerk")
    page = client.get(PAGE).content.decode()
    assert ["01/ĐX" in page, "02/ĐX" in page, "03/ĐX" in page, "04/ĐX" in page] == [
        False, False, True, True,
    ]  # fmt: skip
    sent = {"unit": WARD, "do": "chosen", "paper": [str(last.public_id)]}
    assert client.post(PAGE, sent).status_code == 302
    assert RegisterBatch.objects.get().papers == [last.pk]


def test_what_cannot_be_ordered_is_said() -> None:
    client = signed_in("clerk")
    for sent in ({"do": "chosen"}, {"do": "all"}, {"do": "all", "day": "x"}, {"book": "letters"}):
        assert client.post(PAGE, {"unit": WARD, **sent}).status_code == 422
    assert "Không có văn bản còn hiệu lực" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}?day=2026-13-40").status_code == 422
    paper = issued(case_of())
    with pytest.raises(InvalidInput):
        order(chosen=["x"])
    with pytest.raises(InvalidInput):
        order(day=DAY - dt.timedelta(days=1), chosen=[str(paper.public_id)])
    start("clerk")
    with pytest.raises(Conflict):
        order()
    assert client.post(PAGE, {"unit": WARD, "do": "all"}).status_code == 422


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of()
    issued(case)
    issued(case)
    monkeypatch.setattr(service, "PAPERS_MAX", 1)
    with pytest.raises(InvalidInput) as caught:
        order()
    assert "tối đa 1 văn bản" in str(caught.value.fields["papers"][0])


def test_progress_is_told_and_a_stop_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of()
    for _number in range(3):
        issued(case)
    monkeypatch.setattr(service, "LOOKS", 1)
    batch, read, seen = order(), service.attachment_read, []

    def reading(attachment: Attachment) -> bytes:
        seen.append(RegisterFile.objects.get(batch=batch).rows)
        if len(seen) == 2:
            batch_cancel(access=access_make("clerk"), public_id=batch.public_id)
        return read(attachment)

    with monkeypatch.context() as patch:
        patch.setattr(service, "attachment_read", reading)
        assert batches_run() == 0
    file = RegisterFile.objects.get(batch=batch)
    assert (seen, file.made_at, file.kept) == ([0, 1], None, None)
    assert not Attachment.objects.filter(name__startswith="van-ban-").exists()
    client, page = signed_in("clerk"), f"{ROOT}theo-thang/{batch.public_id}/"
    assert client.post(f"{page}1/").status_code == 404
    assert client.post(page, {"do": "resume"}).status_code == 302
    assert batches_run() == 1
    assert pages(body(client, f"{page}1/")) == 3
    assert history(batch) == ["started", "cancelled", "resumed", "done", "fetched"]


def test_a_run_beside_another_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    issued(case_of())
    batch, joined = order(), service.pages_joined
    file = RegisterFile.objects.get(batch=batch)
    access = access_make("clerk")

    def twice(documents: Any) -> bytes:
        monkeypatch.setattr(service, "pages_joined", joined)
        assert service.print_step(access, batch, RegisterFile.objects.get(pk=file.pk), NOW)
        return b"%PDF-anders"

    monkeypatch.setattr(service, "pages_joined", twice)
    assert not service.print_step(access, batch, file, NOW)
    assert pages(fetch(batch, 1)) == 1


def test_a_file_that_cannot_be_read_stops_the_batch() -> None:
    paper = issued(case_of())
    batch = order()
    default_storage.delete(Paper.objects.get(pk=paper.pk).file.file.name)
    with pytest.raises(FileNotFoundError):
        batches_run()
    assert now_of(batch).state == "failed"


def test_what_was_voided_meanwhile_is_left_out() -> None:
    case = case_of()
    batch_of, paper = issued(case), issued(case)
    batch = order()
    step(paper_void, paper, reason="Ký nhầm bản.")
    assert batches_run() == 1
    assert now_of(batch).papers == [batch_of.pk]
    second = order()
    step(paper_void, batch_of, reason="Ký nhầm bản.")
    batches_run()
    file = RegisterFile.objects.get(batch=second)
    assert (file.fault, file.kept, now_of(second).state) == ("nothing", None, "done")
    page = signed_in("clerk").get(f"{ROOT}theo-thang/{second.public_id}/").content.decode()
    assert "Không còn văn bản nào" in page


def test_a_denunciation_is_printed_apart_for_whoever_reads_it() -> None:
    plain, sealed = issued(case_of()), issued(case_of("denunciation"))
    assert order().papers == [plain.pk]
    batches_run()
    for who in ("handler", "other_chair", "inspector", "admin"):
        with pytest.raises(NotVisible):
            order(who, "denunciation-papers")
        sent = {"unit": WARD, "book": "denunciation-papers", "do": "all"}
        assert signed_in(who).post(PAGE, sent).status_code in (404, 422)
    batch = order(code="denunciation-papers")
    batches_run()
    assert not PaperEvent.objects.filter(action=READ).exists()
    assert pages(fetch(batch, 1)) == 1
    (read,) = PaperEvent.objects.filter(action=READ)
    assert (read.paper_id, read.actor.username) == (sealed.pk, "clerk")


def test_who_sees_denunciations_without_reading_them_prints_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issued(case_of("denunciation"))
    batch = order(code="denunciation-papers")
    batches_run()
    sealed = lambda access, case: "niêm phong"  # noqa: E731
    monkeypatch.setattr("papers.policies.may_read_letters", sealed)
    with pytest.raises(InvalidInput):
        order(code="denunciation-papers")
    with pytest.raises(NotVisible):
        fetch(batch, 1)


def test_a_case_that_has_gone_takes_the_file_with_it() -> None:
    issued(case_of())
    batch = order()
    batches_run()
    assert fetch(batch, 1)
    Case.objects.update(unit=Unit.objects.get(code=OTHER_WARD))
    with pytest.raises(NotVisible):
        fetch(batch, 1)
    with pytest.raises(NotVisible):
        fetch(batch, 1, "chair")


def test_what_was_voided_after_the_file_was_made_is_not_given_any_more() -> None:
    case = case_of()
    kept, wrong, replaced = issued(case), issued(case), issued(case)
    batch = order()
    batches_run()
    client, page = signed_in("clerk"), f"{ROOT}theo-thang/{batch.public_id}/"
    assert pages(body(client, f"{page}1/")) == 3
    assert "Lập lại tệp" not in client.get(page).content.decode()
    step(paper_void, wrong, reason="Ký nhầm bản.")
    later = step(paper_issue, corrected(replaced))
    with pytest.raises(Conflict):
        fetch(batch, 1)
    answer = client.post(f"{page}1/")
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = client.get(page).content.decode()
    assert "Trong tệp có văn bản đã bị hủy hoặc được thay thế" in shown
    assert f'action="{page}1/"' not in shown
    answer = client.post(page, {"do": "anew"})
    anew = RegisterBatch.objects.exclude(pk=batch.pk).get()
    assert answer["Location"] == f"{ROOT}theo-thang/{anew.public_id}/"
    assert anew.papers == [kept.pk, later.pk]
    assert batches_run() == 1
    assert pages(body(client, f"{answer['Location']}1/")) == 2


def test_nothing_left_to_make_anew_is_said() -> None:
    paper = issued(case_of())
    batch = order()
    batches_run()
    step(paper_void, paper, reason="Ký nhầm bản.")
    client, page = signed_in("clerk"), f"{ROOT}theo-thang/{batch.public_id}/"
    shown = client.post(page, {"do": "anew"}, follow=True).content.decode()
    assert "Không còn văn bản nào" in shown
    for who in ("chair", "other_clerk"):
        assert signed_in(who).post(page, {"do": "anew"}).status_code == 404
    assert RegisterBatch.objects.count() == 1


def test_a_process_that_is_killed_leaves_no_file_without_a_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed at any moment before the file has its place, what was written is removed later."""
    issued(case_of())
    batch, claim = order(), service.attachments_claim

    def killed(**_sent: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service, "attachments_claim", killed)
        patch.setattr(service, "attachment_drop", lambda attachment: None)
        with pytest.raises(KeyboardInterrupt):
            batches_run()
    (left,) = Attachment.objects.filter(name__startswith="van-ban-")
    assert left.claimed_at is None
    assert default_storage.exists(left.file.name)
    assert batches_run() == 1
    kept = RegisterFile.objects.get(batch=batch).kept
    assert kept.pk != left.pk
    assert attachments_prune(at=NOW + dt.timedelta(days=30)) == 1
    assert not default_storage.exists(left.file.name)
    assert default_storage.exists(kept.file.name)
    assert service.attachments_claim is claim


def test_a_file_that_finds_no_place_is_removed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    issued(case_of())
    batch, place, names = order(), service._place, []

    def stopped(file: RegisterFile, papers: Any, made: Attachment, at: dt.datetime) -> bool:
        names.append(made.file.name)
        assert default_storage.exists(made.file.name)
        batch_cancel(access=access_make("clerk"), public_id=batch.public_id)
        return place(file, papers, made, at)

    monkeypatch.setattr(service, "_place", stopped)
    assert batches_run() == 0
    assert not Attachment.objects.filter(name__startswith="van-ban-").exists()
    assert not default_storage.exists(names[0])


def test_files_are_removed_after_a_week() -> None:
    issued(case_of())
    batch = order()
    batches_run()
    kept = RegisterFile.objects.get(batch=batch).kept
    assert default_storage.exists(kept.file.name)
    assert batches_clear(at=NOW + KEPT) == 0
    assert batches_clear(at=NOW + KEPT + dt.timedelta(seconds=1)) == 1
    assert RegisterFile.objects.get(batch=batch).kept is None
    assert not Attachment.objects.filter(pk=kept.pk).exists()
    assert history(batch)[-1] == "cleared"


@pytest.mark.django_db(transaction=True)
def test_the_bytes_go_with_the_row(reference_data: None) -> None:
    issued(case_of())
    batch = order()
    batches_run()
    kept = RegisterFile.objects.get(batch=batch).kept
    batches_clear(at=NOW + 2 * KEPT)
    assert not default_storage.exists(kept.file.name)


def test_queries_of_the_page_do_not_grow_with_the_papers() -> None:
    case, client = case_of(), signed_in("clerk")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    issued(case)
    count()
    one = count()
    issued(case)
    issued(case_of())
    assert count() == one


def test_another_unit_prints_nothing_of_it() -> None:
    issued(case_of())
    for who in ("other_clerk", "inspector", "front", "admin"):
        assert signed_in(who).get(f"{PAGE}?unit={WARD}").status_code == 404
        assert signed_in(who).post(PAGE, {"unit": WARD, "do": "all"}).status_code == 404
    assert not RegisterBatch.objects.exists()
