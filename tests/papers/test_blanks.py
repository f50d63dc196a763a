"""Papers that citizens sign: filled from the case, in our font, and silent about denouncers."""

import pytest

from papers.blanks import BLANKS, blank_file, blanks_for
from papers.models import Paper
from petitions.enums import Kind
from petitions.models import Case
from tests.papers.making import case_of
from tests.people import PERSON, person_make
from tests.receptions.test_papers_pdf import HOSTILE, fonts_of, squeezed, text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
NAME = squeezed(PERSON["full_name"])


@pytest.mark.parametrize("code", sorted(BLANKS))
def test_every_blank_prints(code: str) -> None:
    blank = BLANKS[code]
    case = case_of(min(blank.case_kinds))
    pdf = blank_file(blank, case)
    text = text_of(pdf)
    assert squeezed(blank.title.upper()) in text
    assert squeezed("Độc lập - Tự do - Hạnh phúc") in text
    assert squeezed(case.code) in text
    assert (NAME in text) is (Kind.DENUNCIATION not in blank.case_kinds)
    assert {name.partition("-")[0] for name in fonts_of(pdf)} == {"LiberationSerif"}
    assert b"pdfaid:part" in pdf


def test_every_kind_of_petition_can_be_withdrawn_in_writing() -> None:
    for kind in Kind.values:
        titles = [blank.title for blank in blanks_for(Case(kind=kind))]
        assert any(title.startswith("Đơn rút") for title in titles), kind


def test_nothing_of_a_denunciation_but_its_code() -> None:
    text = text_of(blank_file(BLANKS["rut-to-cao"], case_of("denunciation")))
    for told in (PERSON["full_name"], PERSON["address"], PERSON["identity_number"], "thửa đất"):
        assert squeezed(told) not in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_subjects_print_as_text(hostile: str) -> None:
    case = case_of(subject="Khiếu nại")
    case.subject = hostile.replace("\n", " ")
    text = text_of(blank_file(BLANKS["rut-khieu-nai"], case))
    assert squeezed(case.subject) in text


def test_page_and_file(client: StrictClient) -> None:
    case = case_of()
    base = f"/can-bo/vu-viec/{case.code}/van-ban/"
    client.force_login(person_make("clerk"))
    shown = client.get(base).content.decode()
    assert "Giấy ủy quyền khiếu nại" in shown
    assert "Đơn rút tố cáo" not in shown
    answer = client.get(f"{base}mau/uy-quyen-khieu-nai/")
    assert answer["Content-Type"] == "application/pdf"
    assert "uy-quyen-khieu-nai.pdf" in answer["Content-Disposition"]
    assert client.get(f"{base}mau/rut-to-cao/").status_code == 404
    assert client.get(f"{base}mau/khong-co/").status_code == 404
    assert not Paper.objects.exists()
