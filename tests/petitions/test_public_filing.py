"""Filing on the pages: the journey, going back, changing, several people, sending once."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from attachments.models import Attachment
from common.crypto import unseal
from communes.models import Unit
from petitions.models import Case, Draft, Letter, LetterAttachment, Party
from petitions.selectors_public import draft_open, letter_track
from petitions.services.drafts import drafts_prune
from tests.people import WARD
from tests.petitions.public_walk import ABOUT, CONTENT, PERSON, step, the_draft, write

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _text(response: Any) -> str:
    return str(response.content.decode())


def test_a_complaint_from_the_first_page_to_code_and_secret(client: Client) -> None:
    assert client.get("/gui-don/").status_code == 200
    assert write(client) == step("kiem-tra")
    check = _text(client.get(step("kiem-tra")))
    assert CONTENT["subject"] in check
    assert PERSON["full_name"] in check
    assert client.post(step("kiem-tra"))["Location"] == "/gui-don/xong/"
    done = client.get("/gui-don/xong/")
    draft = draft_open(client.cookies["don"].value)
    assert draft is not None
    assert draft.letter is not None
    assert draft.letter.code in _text(done)
    assert draft.secret in _text(done)
    assert letter_track(draft.letter.code, draft.secret) == draft.letter
    case = draft.letter.case
    assert case.due_on is not None
    assert f"{case.due_on:%d/%m/%Y}" in _text(done)
    assert case.clocks.get().clock.basis[1:] in _text(done)  # begins with a capital there
    assert draft.letter.content == "Thửa đất số 12 bị thu hồi.\nMức bồi thường chưa đúng."
    assert Party.objects.get(role="petitioner").is_representative


@pytest.mark.parametrize("kind", ["recommendation", "feedback", "denunciation"])
def test_every_other_kind_is_filed(client: Client, kind: str) -> None:
    assert write(client, loai={"kind": kind}) == step("kiem-tra")
    client.post(step("kiem-tra"))
    assert Case.objects.get().kind == kind
    assert client.get("/gui-don/xong/").status_code == 200


def test_the_cookie_is_hidden_from_scripts_and_from_other_pages(client: Client) -> None:
    write(client, "loai")
    cookie = client.cookies["don"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/gui-don/", True, "Lax")
    assert cookie.value.encode() not in bytes(the_draft().token_hmac)


def test_what_is_typed_lies_sealed(client: Client) -> None:
    write(client)
    draft = the_draft()
    for value in (*PERSON.values(), *CONTENT.values()):
        assert value.encode() not in bytes(draft.box)
    data = unseal(draft.key_version, bytes(draft.box), context="draft")
    assert data["petitioners"][0]["phone"] == "0912345678"


def test_going_back_shows_what_was_typed(client: Client) -> None:
    write(client)
    assert CONTENT["subject"] in _text(client.get(step("noi-dung")))
    assert PERSON["full_name"] in _text(client.get(step("nguoi-gui") + "?nguoi=1"))


def test_a_change_from_the_check_page_comes_back_to_it(client: Client) -> None:
    write(client)
    changed = {**CONTENT, "subject": "Mức bồi thường quá thấp"}
    assert client.post(step("noi-dung") + "?sua=1", changed)["Location"] == step("kiem-tra")
    assert "Mức bồi thường quá thấp" in _text(client.get(step("kiem-tra")))


def test_changing_the_kind_asks_what_is_now_missing(client: Client) -> None:
    write(client, loai={"kind": "feedback"})
    target = client.post(step("loai") + "?sua=1", {"kind": "complaint"})["Location"]
    assert target == step("ve-ai")


def test_the_check_page_leads_to_the_first_open_question(client: Client) -> None:
    write(client, "linh-vuc")
    assert client.get(step("kiem-tra"))["Location"] == step("noi-dung")
    assert client.post(step("kiem-tra"))["Location"] == step("noi-dung")
    assert not Letter.objects.exists()


def test_sending_twice_makes_one_petition_and_one_answer(client: Client) -> None:
    write(client)
    client.post(step("kiem-tra"))
    first = _text(client.get("/gui-don/xong/"))
    assert client.post(step("kiem-tra"))["Location"] == "/gui-don/xong/"
    assert client.get(step("noi-dung"))["Location"] == "/gui-don/xong/"
    second = _text(client.get("/gui-don/xong/"))
    assert Letter.objects.count() == 1
    secret = draft_open(client.cookies["don"].value).secret  # type: ignore[union-attr]
    assert secret in first
    assert secret in second


def test_several_people_need_somebody_who_speaks_for_them(client: Client) -> None:
    write(client, "ve-ai")
    page = step("nguoi-gui")
    assert client.post(page, {**PERSON, "more": "1"})["Location"] == f"{page}?nguoi=2"
    other = {"full_name": "Lê Thị Hư Cấu", "address": "Số 9, phố Tưởng Tượng"}
    assert client.post(f"{page}?nguoi=2", other)["Location"] == page
    listed = _text(client.get(page))
    assert "Lê Thị Hư Cấu" in listed
    assert client.post(page, {}).status_code == 200
    assert client.post(page, {"representatives": ["1"]})["Location"] == step("tep")
    client.post(step("tep"), {})
    client.post(step("kiem-tra"))
    letter = Letter.objects.get()
    people = Party.objects.filter(letter=letter, role="petitioner").order_by("number")
    assert [p.is_representative for p in people] == [False, True]


def test_a_person_can_be_taken_out_again(client: Client) -> None:
    write(client, "ve-ai")
    page = step("nguoi-gui")
    client.post(page, {**PERSON, "more": "1"})
    client.post(f"{page}?nguoi=2", {"full_name": "Lê Thị Hư Cấu", "address": "Phố"})
    client.post(page, {"remove": "1"})
    people = draft_open(client.cookies["don"].value).data["petitioners"]  # type: ignore[union-attr]
    assert [p["full_name"] for p in people] == ["Lê Thị Hư Cấu"]


def test_units_are_found_without_accents_and_by_their_old_names(client: Client) -> None:
    write(client, "loai")
    found = _text(client.get(step("noi-nhan") + "?q=ba dinh"))
    assert 'value="00004"' in found
    assert 'type="radio"' in found
    nothing = _text(client.get(step("noi-nhan") + "?q=zzzz"))
    assert "<optgroup" in nothing


def test_files_are_kept_removed_and_sent(client: Client) -> None:
    write(client, "nguoi-gui")
    good = SimpleUploadedFile("biên lai.pdf", PDF)
    bad = SimpleUploadedFile("virus.exe", b"MZ\x90\x00" * 40)
    answer = client.post(step("tep"), {"uploads": [good, bad], "upload": "1"})
    assert "virus.exe" in _text(answer)
    assert "biên lai.pdf" in _text(answer)
    second = SimpleUploadedFile("ảnh.pdf", PDF)
    assert client.post(step("tep"), {"uploads": [second], "upload": "1"})["Location"] == step("tep")
    files = draft_open(client.cookies["don"].value).data["files"]  # type: ignore[union-attr]
    assert [f["name"] for f in files] == ["biên lai.pdf", "ảnh.pdf"]
    client.post("/gui-don/xoa-tep/", {"file": files[1]["id"]})
    client.post(step("kiem-tra"))
    assert LetterAttachment.objects.get().attachment.name == "biên lai.pdf"


def test_lost_files_are_named_before_sending(client: Client) -> None:
    write(client, "nguoi-gui")
    client.post(step("tep"), {"uploads": [SimpleUploadedFile("giấy.pdf", PDF)]})
    Attachment.objects.all().delete()
    assert "giấy.pdf" in _text(client.post(step("kiem-tra")))
    assert not Letter.objects.exists()
    client.post(step("kiem-tra"))
    assert Letter.objects.count() == 1


def test_a_draft_is_continued_on_another_device(client: Client) -> None:
    write(client, "linh-vuc")
    token = client.cookies["don"].value
    shown = _text(client.get("/gui-don/tiep-tuc/"))
    assert token[:6] in shown
    other = Client()
    answer = other.post("/gui-don/tiep-tuc/", {"token": token.lower()})
    assert answer["Location"] == step("noi-dung")
    assert other.get(step("noi-nhan")).status_code == 200
    wrong = other.post("/gui-don/tiep-tuc/", {"token": "0" * 26})
    assert wrong.status_code == 200


def test_a_draft_can_be_thrown_away(client: Client) -> None:
    write(client, "linh-vuc")
    client.post("/gui-don/xoa-nhap/")
    assert not Draft.objects.exists()
    assert client.get(step("noi-dung"))["Location"] == "/gui-don/"


def test_an_expired_draft_is_said_and_what_was_just_typed_stays(client: Client) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)):
        write(client, "linh-vuc")
    with time_machine.travel(dt.datetime(2026, 11, 9, 4, tzinfo=dt.UTC)):
        assert client.post(step("noi-dung"), CONTENT)["Location"] == step("loai")
        page = _text(client.get(step("noi-dung")))
        assert "7 ngày" in page
        assert CONTENT["subject"] in page
        assert client.get(step("kiem-tra"))["Location"] == step("loai")


def test_a_sent_draft_is_forgotten_after_a_day(client: Client) -> None:
    sent_at = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)
    with time_machine.travel(sent_at):
        write(client)
        client.post(step("kiem-tra"))
        assert client.get("/gui-don/mau-don/").status_code == 200
    assert drafts_prune(at=sent_at + dt.timedelta(hours=23)) == 0
    later = sent_at + dt.timedelta(hours=25)
    with time_machine.travel(later):
        assert client.get("/gui-don/xong/").status_code == 302
        assert client.get("/gui-don/mau-don/").status_code == 302
    assert drafts_prune(at=later) == 1
    assert not Draft.objects.exists()
    assert Letter.objects.count() == 1


def test_before_a_denunciation_its_standing_is_explained(client: Client) -> None:
    assert write(client, "loai", loai={"kind": "denunciation"}) == step("bao-ve")
    page = _text(client.get(step("bao-ve")))
    assert "thông tin có nội dung tố cáo" in page
    assert "/roi-trang/" in page


@override_settings(DENUNCIATION_MODE="full")
def test_in_full_mode_it_is_a_denunciation_that_still_needs_a_signature(client: Client) -> None:
    write(client, loai={"kind": "denunciation"})
    client.post(step("kiem-tra"))
    done = _text(client.get("/gui-don/xong/"))
    assert "thông tin có nội dung tố cáo" not in done
    assert "/gui-don/mau-don/" in done


def test_a_denounced_unit_never_gets_the_letter_and_the_page_says_so(client: Client) -> None:
    write(client, loai={"kind": "denunciation"})
    assert "Ban Tiếp công dân Thành phố" in _text(client.get(step("kiem-tra")))
    client.post(step("kiem-tra"))
    done = _text(client.get("/gui-don/xong/"))
    assert Case.objects.get().unit.code == "BTCD"
    assert "Ban Tiếp công dân Thành phố" in done


def test_the_letter_to_sign_is_filled_in(client: Client) -> None:
    write(client, loai={"kind": "denunciation"}, ve_ai={**ABOUT, "name": "Người Bị Tố"})
    client.post(step("kiem-tra"))
    letter = _text(client.get("/gui-don/mau-don/"))
    for words in ("ĐƠN TỐ CÁO", "Người Bị Tố", PERSON["full_name"], CONTENT["request"]):
        assert words in letter


def test_the_qr_carries_the_code_and_never_the_secret(client: Client) -> None:
    write(client)
    client.post(step("kiem-tra"))
    code = Letter.objects.get().code
    answer = client.get(f"/tra-cuu/qr/{code}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"style=" not in answer.content
    assert client.get("/tra-cuu/qr/HN-00000-00000-00.svg").status_code == 404


def test_filing_reads_and_writes_within_bounds(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    write(client)
    with django_assert_max_num_queries(24):
        client.post(step("kiem-tra"))
    with django_assert_max_num_queries(9):
        client.get("/gui-don/xong/")


def test_the_unit_that_was_looked_at_is_chosen_already(client: Client) -> None:
    unit = Unit.objects.get(code=WARD)
    assert f'href="/gui-don/?don-vi={unit.slug}"' in _text(client.get(f"/don-vi/{unit.slug}/"))
    first = f"{step('loai')}?don-vi={unit.slug}"
    assert f'href="{first}"' in _text(client.get(f"/gui-don/?don-vi={unit.slug}"))
    assert client.post(first, {"kind": "feedback"})["Location"] == step("noi-nhan")
    assert f'value="{WARD}" selected' in _text(client.get(step("noi-nhan")))


@pytest.mark.parametrize("slug", ["khong-co", "thanh-uy", "%00", "x" * 5000, "đ"])
def test_a_wrong_unit_in_the_address_changes_nothing(client: Client, slug: str) -> None:
    assert f'href="{step("loai")}"' in _text(client.get(f"/gui-don/?don-vi={slug}"))
    client.post(f"{step('loai')}?don-vi={slug}", {"kind": "feedback"})
    assert '<option value="" selected>' in _text(client.get(step("noi-nhan")))


def test_without_the_unit_of_the_accused_the_page_names_who_receives_instead(
    client: Client,
) -> None:
    write(client, loai={"kind": "denunciation"}, ve_ai={**ABOUT, "unit": ""})
    assert "Ban Tiếp công dân Thành phố" in _text(client.get(step("kiem-tra")))
    client.post(step("kiem-tra"))
    assert Case.objects.get().unit.code == "BTCD"
