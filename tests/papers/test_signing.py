"""Signed by a key of the body: what is signed, what fails, who reads what of it."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from attachments.services import attachment_read
from common.papers import paper_pdf
from papers.checks import signing_check
from papers.models import Paper
from papers.pades import KeySigner
from papers.selectors import signed_by
from papers.services.issuing import paper_issue
from papers.signing import SigningFailed, signed
from petitions.models import RegisterCounter
from tests.papers.making import case_of, issued, step, submitted
from tests.papers.signers import (
    FIRST,
    HOLDER,
    LAST,
    MOMENT,
    Pair,
    curved,
    judged,
    pair,
    pem_files,
    signing_on,
    stamp_service,
)
from tests.people import person_make
from tests.strict import StrictClient

WHO, REASON = "Chủ tịch Thử", "Ban hành văn bản số 01/ĐX-UBND-HS"
# What a page says whatever else stands on it
SIGNED, UNSIGNED = "đã ký số", "chưa ký số"


@cache
def unsigned() -> bytes:
    words = {"title": "Sổ", "unit": "Phường Thử", "period": "", "basis": "", "empty": ""}
    return paper_pdf("register", words | {"rows": [["1"]], "shares": [1], "columns": ["Số"]})


@pytest.fixture
def on(settings: Any, tmp_path: Path) -> Any:
    signing_on(settings, tmp_path)
    return settings


def sign(pdf: bytes, at: dt.datetime = MOMENT) -> bytes:
    return KeySigner().sign(pdf, who=WHO, reason=REASON, at=at)


def test_off_until_a_signer_is_named(settings: Any) -> None:
    assert settings.PAPER_SIGNER == ""
    assert signed(b"%PDF", who=WHO, reason=REASON) == (b"%PDF", "")


def test_the_whole_file_is_signed(on: Any) -> None:
    pdf = sign(unsigned())
    status = judged(pdf)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.timestamp_validity is None
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    says = signature.sig_object
    assert (says["/Name"], says["/Reason"]) == (WHO, REASON)
    assert says["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.self_reported_timestamp == MOMENT


def test_tampering_is_found(on: Any) -> None:
    pdf = bytearray(sign(unsigned()))
    pdf[unsigned().index(b"stream") + 40] ^= 1
    status = judged(bytes(pdf))
    assert not status.intact
    assert not status.bottom_line


def test_what_is_added_afterwards_is_found(on: Any) -> None:
    pdf = sign(unsigned())
    assert judged(pdf + b"\n% more").coverage != SignatureCoverageLevel.ENTIRE_FILE


def test_the_marks_of_pdf_a_stay(on: Any) -> None:
    pdf = sign(unsigned())
    assert pdf.startswith(unsigned())
    before, after = (PdfFileReader(io.BytesIO(one)) for one in (unsigned(), pdf))
    marks = after.root["/Metadata"].data
    assert marks == before.root["/Metadata"].data
    assert b"<pdfaid:part>2<" in marks
    assert b"<pdfaid:conformance>A<" in marks
    assert after.root["/MarkInfo"]["/Marked"]
    assert dict(after.trailer["/Info"]) == dict(before.trailer["/Info"])
    # ISO 19005-2, 6.3.2 and 6.4.1: printed, not hidden; no appearance is left to the reader
    field = after.root["/AcroForm"]["/Fields"][0]
    assert field["/F"] & 0b100
    assert not field["/F"] & 0b100011
    assert "/NeedAppearances" not in after.root["/AcroForm"]


@pytest.mark.parametrize("made", [pair, curved])
def test_pem_files_with_their_chain(on: Any, tmp_path: Path, made: Callable[[], Pair]) -> None:
    own = made()
    files = pem_files(tmp_path, own, own, pair("Trung tâm chứng thực"))
    on.PAPER_SIGNING_KEY, on.PAPER_SIGNING_CERTIFICATE = files
    pdf = sign(unsigned())
    assert judged(pdf).trusted
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    sent = {one.subject.native["common_name"] for one in signature.other_embedded_certs}
    assert "Trung tâm chứng thực" in sent


def test_with_a_time_stamp(on: Any) -> None:
    with stamp_service() as on.PAPER_SIGNING_TSA:
        status = judged(sign(unsigned()))
    assert status.trusted
    assert status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == MOMENT


@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_nothing_is_signed_outside_the_certificate(on: Any, moment: dt.datetime) -> None:
    beyond = moment + dt.timedelta(days=-1 if moment == FIRST else 1)
    with time_machine.travel(beyond, tick=False), pytest.raises(SigningFailed):
        signed(unsigned(), who=WHO, reason=REASON)


class Silent:
    """A signer that signs nothing."""

    holder, until = HOLDER, LAST

    def sign(self, pdf: bytes, **more: object) -> bytes:
        return pdf


class Rewriting(Silent):
    """A signer that gives back another file."""

    def sign(self, pdf: bytes, **more: object) -> bytes:
        return b"%PDF-1.7 another"


@pytest.mark.parametrize("name", ["Silent", "Rewriting"])
def test_what_is_no_signed_paper_is_refused(settings: Any, name: str) -> None:
    settings.PAPER_SIGNER = f"{__name__}.{name}"
    with pytest.raises(SigningFailed):
        signed(unsigned(), who=WHO, reason=REASON)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"PAPER_SIGNER": ""}, ["papers.E001"]),
        ({"PAPER_SIGNING_KEY": ""}, ["papers.E002"]),
        ({"PAPER_SIGNING_KEY": "/nowhere/key.p12"}, ["papers.E002"]),
        ({"PAPER_SIGNING_PASSWORD": "sai"}, ["papers.E002"]),
        ({"PAPER_SIGNER": "papers.pades.Nothing"}, ["papers.E002"]),
    ],
)
def test_half_configured_is_told(on: Any, changes: dict[str, str], told: list[str]) -> None:
    for name, value in changes.items():
        setattr(on, name, value)
    found = signing_check()
    assert [one.id for one in found] == told
    assert not [one for one in found if "mật-khẩu" in str(one.msg) or "/nowhere" in str(one.msg)]


def test_a_key_of_another_certificate_is_told(on: Any, tmp_path: Path) -> None:
    files = pem_files(tmp_path, pair("Khác"), pair())
    on.PAPER_SIGNING_KEY, on.PAPER_SIGNING_CERTIFICATE = files
    (error,) = signing_check()
    assert "does not belong" in str(error.msg)


@pytest.mark.parametrize(("left", "told"), [(40, []), (10, ["papers.W001"]), (-1, ["papers.E003"])])
def test_the_end_of_the_certificate_is_told(
    on: Any, time_machine: Any, left: int, told: list[str]
) -> None:
    time_machine.move_to(LAST - dt.timedelta(days=left, hours=-1), tick=False)
    assert [one.id for one in signing_check()] == told


def test_nothing_is_told_while_it_is_off() -> None:
    assert signing_check() == []


@pytest.mark.django_db
def test_an_issued_paper_is_signed_before_it_is_hashed(on: Any, client: StrictClient) -> None:
    paper = issued(case_of())
    pdf = attachment_read(paper.file)
    assert judged(pdf).coverage == SignatureCoverageLevel.ENTIRE_FILE
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.sig_object["/Name"] == person_make("chair").full_name
    assert signature.sig_object["/Reason"] == REASON
    assert signed_by(paper) == HOLDER
    page = client.get(f"/xac-thuc/{paper.check_code}/").content.decode()
    assert hashlib.sha256(pdf).hexdigest() in page
    assert SIGNED in page
    assert HOLDER not in page
    client.force_login(person_make("chair"))
    path = f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/"
    assert HOLDER in client.get(path).content.decode()
    one = client.get(f"/api/v1/cases/{paper.case.code}/papers/{paper.public_id}/").json()
    assert one["signed_by"] == HOLDER


@pytest.mark.django_db
def test_an_unsigned_paper_says_so(client: StrictClient) -> None:
    paper = issued(case_of())
    page = client.get(f"/xac-thuc/{paper.check_code}/").content.decode()
    assert UNSIGNED in page
    assert SIGNED not in page
    client.force_login(person_make("chair"))
    path = f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/"
    assert UNSIGNED in client.get(path).content.decode()
    url = f"/api/v1/cases/{paper.case.code}/papers/{paper.public_id}/"
    assert client.get(url).json()["signed_by"] is None


@pytest.mark.django_db
def test_a_signed_paper_of_a_denunciation_is_sealed_like_the_others(on: Any) -> None:
    paper = issued(case_of("denunciation"))
    assert judged(attachment_read(paper.file)).intact
    assert signed_by(paper) == HOLDER


@pytest.mark.django_db
def test_a_failure_leaves_no_number_and_is_said(on: Any, client: StrictClient) -> None:
    paper = submitted(case_of())
    version = Paper.objects.get(pk=paper.pk).version
    client.force_login(person_make("chair"))
    url = f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/ban-hanh/"
    with stamp_service(status=500) as on.PAPER_SIGNING_TSA:
        answer = client.post(url, {"version": version})
    assert answer.status_code == 503
    assert "Chưa ký số được văn bản" in answer.content.decode()
    assert not RegisterCounter.objects.filter(book__startswith="paper").exists()
    left = Paper.objects.get(pk=paper.pk)
    assert (left.number, left.version, left.state) == (None, version, "submitted")
    on.PAPER_SIGNING_TSA = ""
    assert step(paper_issue, paper).number == 1
