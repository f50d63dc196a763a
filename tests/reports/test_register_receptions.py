"""Outgoing papers of receptions, and 03/TCD by the API: numbers in line, no word of a visit."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.api import Keyset
from common.errors import NotVisible
from papers.models import IssuedFile
from papers.subjects import COVERED, SubjectKind
from receptions.models import ConclusionNotice, Registration, VisitRecord
from receptions.services.conclusions import notice_issue
from receptions.services.refusals import PaperDetails, refusal_prepare, refusal_send
from receptions.services.visit_entry import Entry
from receptions.services.visit_notices import visit_notice_send, visit_notice_void
from reports.models import RegisterFile
from reports.registers import Source
from reports.selectors_registers import ORDERS, book_page
from reports.services.batches import batches_run
from tests.people import WARD, access_make
from tests.receptions import cast_book
from tests.receptions.cast import DAY, session_public
from tests.receptions.cast_day import MORNING, call_next, day_with, refuse, row_of
from tests.receptions.concluding import DURING, drafted, issued, record, visit_of
from tests.receptions.test_numbered_papers import issued as issue_notice
from tests.receptions.test_numbered_papers import noticed, state_session
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.receptions.test_visit_notices import concluded, send
from tests.reports.registering import ROOT, asked, numbers, rows, signed_in, table
from tests.reports.test_register_batches import fetch, start

pytestmark = pytest.mark.django_db
CONCLUSIONS = ROOT + "van-ban-di-ket-luan-tiep-dan/"
PAPERS = ROOT + "van-ban-di-nguoi-duoc-tiep/"
API = "/api/v1/reception-registers/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(DURING + dt.timedelta(hours=3), tick=False):
        yield


def refused(number: str = "5/TB-TCD") -> Registration:
    """A visitor to whom form 01/TCD was sent."""
    session = day_with(1, capacity=5)
    call_next(session)
    refuse(session, 1, "settled")
    details = PaperDetails(particulars_missing="Không xuất trình giấy tờ.")
    for service, values in (
        (refusal_prepare, {"details": details}),
        (refusal_send, {"number": number, "sent_on": DAY}),
    ):
        row = row_of(session, 1)
        service(
            access=access_make("clerk"), session_id=session.public_id, code=row.code,
            version=row.version, at=MORNING, **values,
        )  # fmt: skip
    return row_of(session, 1)


def replaced(notice: Any) -> Any:
    draft = drafted(session=notice.session, replaces=notice.public_id)
    notice_issue(
        access=access_make("secretary"), public_id=draft.public_id, version=draft.version, at=DURING
    )
    draft.refresh_from_db()
    return draft


def test_conclusions_stand_with_number_reception_and_validity() -> None:
    first = issued()
    second = replaced(first)
    drafted(session=first.session)  # without a number in no book
    found = rows("clerk", "reception-conclusions")
    assert numbers(found) == [first.shown_number, second.shown_number]
    day = f"{DAY:%d/%m/%Y}"
    assert found[0].cells[1:] == (
        day, "Thông báo kết luận việc tiếp công dân (của Đảng)", f"{day}, Cán bộ secretary",
        "Cả buổi tiếp", "Cán bộ secretary",
        f"Được thay thế bằng văn bản số {second.shown_number}",
    )  # fmt: skip
    assert found[1].cells[6] == "Còn hiệu lực"
    assert found[0].href == f"/can-bo/tiep-dan/{first.session.public_id}/"
    kinds = {kind: rows("clerk", "reception-conclusions", kind=kind)
             for kind in ("conclusion", "conclusion_party")}  # fmt: skip
    assert [len(kinds["conclusion"]), len(kinds["conclusion_party"])] == [0, 2]
    states = [
        rows("clerk", "reception-conclusions", state=state) for state in ("issued", "replaced")
    ]
    assert [numbers(state) for state in states] == [[second.shown_number], [first.shown_number]]


def test_a_draft_of_another_leaves_a_notice_in_force() -> None:
    first = issued()
    drafted(session=first.session, replaces=first.public_id)
    (entry,) = rows("clerk", "reception-conclusions")
    assert entry.cells[6] == "Còn hiệu lực"
    assert rows("clerk", "reception-conclusions", state="replaced") == []


def test_papers_to_visitors_stand_by_the_day_they_were_sent() -> None:
    refusal = refused()
    visit = visit_of(session=refusal.session, registration={"number": 2})
    assert numbers(rows("clerk", "reception-papers")) == ["5/TB-TCD"]
    send(visit)
    found = {entry.cells[0]: entry.cells for entry in rows("clerk", "reception-papers")}
    assert set(found) == {"5/TB-TCD", "25/TB-UBND"}
    assert found["5/TB-TCD"][2] == "Thông báo từ chối tiếp công dân (Mẫu số 01/TCD)"
    assert found["25/TB-UBND"][2] == "Thông báo bằng văn bản cho người được tiếp"
    assert f"{DAY:%d/%m/%Y}" == found["25/TB-UBND"][1]
    assert refusal.session.leader.full_name in found["5/TB-TCD"][3]
    for kind, number in (("refusal", "5/TB-TCD"), ("written_notice", "25/TB-UBND")):
        assert numbers(rows("clerk", "reception-papers", kind=kind)) == [number]
    assert rows("clerk", "reception-papers", since=DAY + dt.timedelta(days=1)) == []


def test_issued_papers_stand_with_signer_validity_and_what_was_void() -> None:
    visit = visit_of(session=state_session(), who="chair")
    issue_notice(visit)
    (row,) = rows("clerk", "reception-papers")
    day = f"{DAY:%d/%m/%Y}"
    assert (row.cells[0], row.cells[1]) == ("01/TB-UBND-KQ", day)
    assert row.cells[5:] == ("Cán bộ chair", "", "Còn hiệu lực")
    noticed(visit, visit_notice_send, "clerk", sent_on=DAY, at=DURING)
    noticed(visit, visit_notice_void, "chair", reason="Sai ngày.", at=DURING)
    (row,) = rows("clerk", "reception-papers", state="voided")
    assert row.cells[5:] == ("Cán bộ chair", day, "Đã hủy: Sai ngày.")
    assert rows("clerk", "reception-papers", state="issued") == []
    issue_notice(visit)
    assert numbers(rows("clerk", "reception-papers")) == ["01/TB-UBND-KQ", "02/TB-UBND-KQ"]
    noticed(visit, visit_notice_void, "chair", reason="Sai nơi nhận.", at=DURING)
    issue_notice(visit)
    found = {entry.cells[0]: entry.cells[-1] for entry in rows("clerk", "reception-papers")}
    assert found == {
        "01/TB-UBND-KQ": "Đã hủy: Sai ngày.",
        "03/TB-UBND-KQ": (
            "Còn hiệu lực; thay thế số 02/TB-UBND-KQ (đã hủy: Sai nơi nhận.)"
        ),
    }  # fmt: skip


def test_a_withdrawn_conclusion_is_void_with_its_reason() -> None:
    visit = visit_of("conclusion", **concluded())
    notice = ConclusionNotice.objects.get()
    record(visit, "answered")
    (row,) = rows("clerk", "reception-conclusions", state="voided")
    assert row.cells[0] == notice.shown_number
    assert row.cells[6] == "Đã hủy: Kết quả lượt tiếp đã được ghi lại."
    assert rows("clerk", "reception-conclusions", state="issued") == []
    client = signed_in("clerk")
    page = client.get(f"/can-bo/tiep-dan/ket-luan/{notice.public_id}/").content.decode()
    assert "Kết quả lượt tiếp đã được ghi lại." in page
    told = client.get(f"/api/v1/reception-notices/{notice.public_id}/").json()
    assert told["void_reason"] == "Kết quả lượt tiếp đã được ghi lại."


def test_only_who_sees_visitors_reads_their_names() -> None:
    send(visit_of())
    (named,), (nameless,) = rows("clerk", "reception-papers"), rows("handler", "reception-papers")
    assert named.cells[4]
    assert nameless.cells == (*named.cells[:4], "", *named.cells[5:])
    page = signed_in("handler").get(f"{PAPERS}?period=year&day={DAY}").content.decode()
    assert "25/TB-UBND" in page
    assert named.cells[4] not in page
    for who in ("other_clerk", "front", "inspector", "admin"):
        with pytest.raises(NotVisible):
            rows(who, "reception-papers")
        assert signed_in(who).get(f"{CONCLUSIONS}?unit={WARD}").status_code == 404


def test_a_visit_about_a_denunciation_looks_like_every_other() -> None:
    visit = visit_of("conclusion", **concluded())
    plain = issued(session=visit.registration.session, code=visit.registration.code)
    before = [rows(who, "reception-conclusions") for who in ("clerk", "chair", "handler")]
    assert numbers(before[0])[-1] == plain.shown_number
    record(visit, "conclusion", "clerk", entry=Entry(kind="denunciation"), **concluded())
    assert VisitRecord.objects.get().sealed_at is not None
    assert IssuedFile.objects.filter(subject__startswith=f"{SubjectKind.CONCLUSION}{COVERED}:")
    assert [rows(who, "reception-conclusions") for who in ("clerk", "chair", "handler")] == before


def test_two_papers_to_one_visitor_are_two_rows_of_any_page() -> None:
    visit = visit_of()
    send(visit)
    clock = visit.clocks.get()
    clock.pk, clock.clock_id, clock.paper_number = None, _another(clock), "26/TB-UBND"
    clock.save()
    access, shown = access_make("clerk"), []
    cursor, more = "", True
    while more:
        (row,), cursor, _before = book_page(access, asked("reception-papers"), cursor, 1)
        shown.append(row.cells[0])
        more = bool(cursor)
    assert shown == ["25/TB-UBND", "26/TB-UBND"]
    assert isinstance(ORDERS[Source.VISIT_PAPERS], Keyset)


def _another(link: Any) -> int:
    clock = link.clock
    clock.pk, clock.public_id = None, uuid.uuid4()
    clock.save()
    return int(clock.pk)


def test_page_files_batch_and_api_give_the_same_rows() -> None:
    notice = issued()
    client, query = signed_in("clerk"), {"period": "year", "day": str(DAY)}
    (listed,) = client.get(CONCLUSIONS, query).context["rows"]
    assert listed.cells[0] == notice.shown_number
    assert table(client.post(CONCLUSIONS + "tai-ve/", query | {"format": "xlsx"}))[1] == list(
        listed.cells
    )
    text = text_of(client.post(CONCLUSIONS + "tai-ve/", query | {"format": "pdf"}).content)
    assert squeezed(notice.shown_number) in text
    (row,) = client.get(API + "reception-conclusions/", query).json()["results"]
    assert (row["number"], row["state"]) == (notice.shown_number, "Còn hiệu lực")
    batch = start("clerk", "reception-conclusions", since=DAY, until=DAY)
    assert batches_run() == 2
    assert RegisterFile.objects.get(batch=batch, number=1).rows == 1
    assert squeezed(notice.shown_number) in text_of(fetch(batch, 2))
    for wrong in ("kind=complaint", "state=late", "field=land"):
        page = client.get(f"{CONCLUSIONS}?{wrong}")
        assert (page.status_code, list(page.context["form"].errors)) == (422, [wrong.split("=")[0]])
        assert client.get(f"{API}reception-conclusions/?{wrong}").status_code == 400


def test_the_form_offers_what_narrows_the_rows() -> None:
    client = signed_in("clerk")
    shown = {path: client.get(path).context["form"] for path in (CONCLUSIONS, PAPERS)}
    fields = {
        path: [field.name for field in form.visible_fields()][5:] for path, form in shown.items()
    }
    assert fields == {CONCLUSIONS: ["kind", "state"], PAPERS: ["kind", "state"]}
    assert {str(form.fields["kind"].label) for form in shown.values()} == {"Loại văn bản"}


def test_03_tcd_by_the_api_in_pages() -> None:
    session = session_public()
    for number in (1, 2, 3):
        cast_book.heard(session, number, content=f"Việc thứ {number}")
    client, path = signed_in("clerk"), f"{API}receptions/?period=year&day={DAY}"
    whole = client.get(path).json()["results"]
    wanted = [list(entry.cells) for entry in cast_book.rows()]
    assert [[row[f"column_{n}"] for n in range(1, 14)] for row in whole] == wanted
    first = client.get(f"{path}&page_size=2").json()
    second = client.get(first["next"]).json()
    assert [*first["results"], *second["results"]] == whole
    assert second["next"] is None
    assert client.get(f"{path}&kind=feedback").json()["results"] == []
    assert client.get(f"{path}&leader=x").status_code == 400


def test_03_tcd_by_the_api_is_for_who_sees_visitors() -> None:
    cast_book.heard(session_public())
    for who in ("handler", "other_clerk", "front", "admin", "inspector"):
        assert signed_in(who).get(f"{API}receptions/?unit={WARD}").status_code == 404
    client = signed_in("clerk")
    assert client.get("/api/v1/registers/receptions/").status_code == 404
    assert client.get(API + "letters/").status_code == 404
    assert client.get(API + "papers/").status_code == 404


def test_queries_do_not_grow_with_the_rows() -> None:
    def count(code: str) -> int:
        wanted = asked(code)
        with CaptureQueriesContext(connection) as found:
            book_page(access, wanted, "", 50)
        return len(found)

    session, access = session_public(), access_make("clerk")
    notice = issued(session=session)
    send(visit_of(session=session))
    one = [count("reception-conclusions"), count("reception-papers")]
    replaced(notice)
    send(visit_of(session=session, registration={"number": 2}))
    assert [count("reception-conclusions"), count("reception-papers")] == one == [1, 1]
