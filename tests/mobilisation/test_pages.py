"""Pages of the registers: what is shown to whom, forms, refusals, files, history."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mobilisation.models import DemocracyRule, OpinionReport, Programme, ProgrammeActivity
from tests.mobilisation.keeping import AT, drafted, opinion, opinion_sent, rules, signed
from tests.people import WARD, person_make

pytestmark = pytest.mark.django_db
ROOT = "/can-bo/dan-van/"
REGISTERS = ["chuong-trinh/", "quy-che/", "tinh-hinh/", "mo-hinh/", "chi-so/"]
Enter = Callable[[str], Client]
PROGRAMME = {
    "title": "Chương trình phối hợp bảo vệ môi trường",
    "parties": ["authority", "front"],
    "number": "03-CTPH/ĐU",
    "signed_on": "2026-03-02",
    "valid_from": "2026-03-02",
    "valid_until": "2026-12-01",
}
REPORT = {
    "period": "month",
    "starts_on": "2026-10-05",
    "secrecy": "normal",
    "text_land": "Nhân dân quan tâm dự án mở đường.",
    "assessment": "Ổn định.",
}
STALE = "đã được người khác thay đổi"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(ROOT + path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def paper(name: str = "ban-ky.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"Chuong trinh da ky")


# Hub


def test_the_hub_counts_what_a_person_may_see(enter: Enter) -> None:
    signed()
    opinion_sent("secretary", secrecy="confidential")
    page = text(enter("clerk"), "")
    assert "1 chương trình còn hiệu lực" in page
    assert "0 báo cáo đã gửi" in page
    page = text(enter("propaganda"), "")
    assert "1 báo cáo đã gửi" in page
    assert "0/504 quy chế" in page


def test_every_list_says_what_to_do_when_it_is_empty(enter: Enter) -> None:
    client = enter("propaganda")
    assert "Chưa có chương trình nào" in text(client, "chuong-trinh/")
    assert "Không có chương trình phù hợp" in text(client, "chuong-trinh/", q="zzz")
    assert "Chưa có báo cáo nào" in text(client, "tinh-hinh/")
    assert "Chưa có báo cáo về lĩnh vực này" in text(client, "tinh-hinh/linh-vuc/")
    assert "Không có đơn vị nào khớp" in text(client, "quy-che/", q="zzz")


# Programmes


def test_a_programme_is_entered_put_in_force_and_worked_on(enter: Enter) -> None:
    client = enter("clerk")
    answer = client.post(ROOT + "chuong-trinh/moi/", PROGRAMME)
    row = Programme.objects.get()
    assert answer["Location"] == f"{ROOT}chuong-trinh/{row.public_id}/"
    here = f"{ROOT}chuong-trinh/{row.public_id}/"
    assert client.post(here, {"do": "sign", "version": "1"}).status_code == 302
    data = {"do": "file", "version": "2", "upload": paper()}
    assert client.post(here, data).status_code == 302
    done = {
        "do": "activity", "version": "3", "held_on": "2026-10-05", "place": "Tổ 4", "people": "40",
        "done": "Tổng vệ sinh.", "upload": paper("anh.txt"),
    }  # fmt: skip
    assert client.post(here, done).status_code == 302
    page = text(client, f"chuong-trinh/{row.public_id}/")
    for words in ("Chính quyền; Mặt trận Tổ quốc", "ban-ky.txt", "anh.txt", "Tổng vệ sinh.",
                  "Chương trình sắp hết hiệu lực"):  # fmt: skip
        assert words in page
    for file in (row.files.get().attachment, row.activities.get().attachment):
        assert file is not None
        assert client.get(f"{here}tep/{file.public_id}/").status_code == 200
        assert enter("other_chair").get(f"{here}tep/{file.public_id}/").status_code == 404
        client = enter("clerk")


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(enter: Enter) -> None:
    answer = enter("clerk").post(
        ROOT + "chuong-trinh/moi/", PROGRAMME | {"parties": ["front"], "valid_until": "2026-01-01"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"parties", "valid_until"}
    assert "bảo vệ môi trường" in answer.content.decode()


def test_what_is_missing_for_signing_is_said_on_the_page(enter: Enter) -> None:
    row = drafted(number="")
    answer = enter("clerk").post(
        f"{ROOT}chuong-trinh/{row.public_id}/", {"do": "sign", "version": "1"}
    )
    assert answer.status_code == 422
    assert "Cần nhập mục này" in answer.content.decode()


def test_a_stale_form_comes_back_with_its_words(enter: Enter) -> None:
    row = signed()
    client = enter("clerk")
    here = f"{ROOT}chuong-trinh/{row.public_id}/"
    sent = {"do": "end", "version": "1", "ended_on": "2026-11-16", "reason": "Đã gõ lý do."}
    answer = client.post(here, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert STALE in page
    assert "Đã gõ lý do." in page
    assert client.post(here, sent | {"version": "2"}).status_code == 302
    page = text(client, f"chuong-trinh/{row.public_id}/")
    assert "Chương trình đã kết thúc trước thời hạn" in page
    assert 'value="end"' not in page
    answer = client.post(f"{here}sua/", PROGRAMME | {"version": "3"})
    assert answer.status_code == 403


def test_an_activity_is_withdrawn_where_it_stands(enter: Enter) -> None:
    row = signed()
    client = enter("clerk")
    here = f"{ROOT}chuong-trinh/{row.public_id}/"
    client.post(here, {"do": "activity", "version": "2", "held_on": "2026-10-05", "place": "Tổ 4",
                       "people": "40", "done": "Tổng vệ sinh."})  # fmt: skip
    key = {"do": "activity_gone", "version": "3",
           "activity": str(ProgrammeActivity.objects.get().public_id)}  # fmt: skip
    answer = client.post(here, key | {"reason": ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reason"]
    assert f'id="gone_{key["activity"]}_reason' in answer.content.decode()
    assert client.post(here, key | {"reason": "Ghi nhầm ngày."}).status_code == 302
    assert "Ghi nhầm ngày." in text(client, f"chuong-trinh/{row.public_id}/")


def test_both_ends_of_a_renewal_show_each_other(enter: Enter) -> None:
    old, new = signed(), signed(number="09-CTPH/ĐU")
    client = enter("clerk")
    here = f"{ROOT}chuong-trinh/{old.public_id}/"
    sent = {"do": "renew", "version": "2", "successor": str(new.public_id)}
    assert client.post(here, sent).status_code == 302
    assert f"chuong-trinh/{new.public_id}/" in text(client, f"chuong-trinh/{old.public_id}/")
    assert f"chuong-trinh/{old.public_id}/" in text(client, f"chuong-trinh/{new.public_id}/")


def test_who_only_watches_is_offered_no_step(enter: Enter) -> None:
    row = signed()
    page = text(enter("propaganda"), f"chuong-trinh/{row.public_id}/")
    assert 'name="do"' not in page
    answer = enter("propaganda").post(
        f"{ROOT}chuong-trinh/{row.public_id}/", {"do": "sign", "version": "2"}
    )
    assert answer.status_code == 403


def test_the_list_has_pages(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mobilisation.views_programmes.PAGE_SIZE", 2)
    for number in range(3):
        signed(number=f"{number}-CTPH")
    client, seen, query = enter("propaganda"), [], ""
    for _page in range(2):
        page = client.get(f"{ROOT}chuong-trinh/{query}")
        seen += [row["programme"].number for row in page.context["rows"]]
        query = page.context["next_href"]
    assert sorted(seen) == ["0-CTPH", "1-CTPH", "2-CTPH"]


# Rules


def test_rules_are_recorded_on_their_page_with_a_file(enter: Enter) -> None:
    client = enter("chair")
    here = f"{ROOT}quy-che/{WARD}/community/"
    assert "chưa đối chiếu" in text(client, f"quy-che/{WARD}/community/")
    sent = {"version": "0", "state": "promulgated", "number": "12/QĐ-UBND",
            "issued_on": "2026-09-01", "approved_by": "UBND phường"}  # fmt: skip
    assert client.post(here, sent | {"upload": paper("quy-che.txt")}).status_code == 302
    page = text(client, f"quy-che/{WARD}/community/")
    for words in ("12/QĐ-UBND", "quy-che.txt", "từ “cần rà soát” thành “đã ban hành”"):
        assert words in page
    file = DemocracyRule.objects.get().files.get().attachment
    assert client.get(f"{here}tep/{file.public_id}/").status_code == 200
    assert enter("other_chair").get(f"{here}tep/{file.public_id}/").status_code == 404


def test_a_refused_state_keeps_what_was_typed(enter: Enter) -> None:
    client = enter("chair")
    answer = client.post(
        f"{ROOT}quy-che/{WARD}/community/",
        {"version": "0", "state": "promulgated", "note": "Đã gõ ghi chú."},
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"number", "issued_on", "approved_by"}
    assert "Đã gõ ghi chú." in answer.content.decode()
    rules()
    answer = client.post(
        f"{ROOT}quy-che/{WARD}/community/", {"version": "0", "state": "drafting", "note": "Cũ."}
    )
    assert STALE in answer.content.decode()


def test_the_table_shows_units_kinds_and_shares(enter: Enter) -> None:
    rules()
    page = text(enter("propaganda"), "quy-che/", state="promulgated")
    assert "12/QĐ-UBND, 01/09/2026" in page
    assert 'max="126"' in page
    assert "12/QĐ-UBND" not in text(enter("propaganda"), "quy-che/", kind="agency")


# Opinion reports


def test_a_report_is_written_sent_and_answered(enter: Enter) -> None:
    client = enter("front")
    data = REPORT | {"uploads": [paper("anh.txt")]}
    assert client.post(ROOT + "tinh-hinh/moi/", data).status_code == 302
    row = OpinionReport.objects.get()
    here = f"{ROOT}tinh-hinh/{row.public_id}/"
    assert client.post(here, {"do": "send", "version": "1"}).status_code == 302
    page = text(client, f"tinh-hinh/{row.public_id}/")
    assert "Nhân dân quan tâm dự án mở đường." in page
    city = enter("propaganda")
    file = row.files.get().attachment
    assert city.get(f"{here}tep/{file.public_id}/").status_code == 200
    sent = {"do": "answer", "version": "2", "decision": "return", "text": ""}
    assert city.post(here, sent).status_code == 422
    assert city.post(here, sent | {"text": "Nêu rõ số hộ."}).status_code == 302
    client = enter("front")
    again = REPORT | {"version": "3", "assessment": "Đã bổ sung.", "reason": "Theo yêu cầu."}
    assert client.post(f"{here}sua/", again).status_code == 302
    page = text(client, f"tinh-hinh/{row.public_id}/")
    for words in ("Bản thứ 2", "Đã bổ sung.", "Ổn định.", "Theo yêu cầu.", "giữ nguyên văn"):
        assert words in page
    assert enter("other_chair").get(f"{here}tep/{file.public_id}/").status_code == 404


def test_an_incomplete_draft_is_kept_and_says_what_is_missing(enter: Enter) -> None:
    client = enter("front")
    client.post(ROOT + "tinh-hinh/moi/", REPORT | {"text_land": "", "assessment": ""})
    row = OpinionReport.objects.get()
    answer = client.post(f"{ROOT}tinh-hinh/{row.public_id}/", {"do": "send", "version": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Cần có phần đánh giá tình hình" in page
    assert "ít nhất một lĩnh vực" in page


def test_words_of_a_refused_report_are_kept(enter: Enter) -> None:
    answer = enter("front").post(
        ROOT + "tinh-hinh/moi/", REPORT | {"period": "ad_hoc", "ends_on": "2026-10-01"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"subject", "ends_on"}
    assert "mở đường" in answer.content.decode()


def test_a_colleague_who_makes_a_draft_confidential_goes_back_to_the_list(enter: Enter) -> None:
    row = opinion("secretary")
    answer = enter("clerk").post(
        f"{ROOT}tinh-hinh/{row.public_id}/sua/",
        REPORT | {"version": "1", "secrecy": "confidential"},
    )
    assert answer["Location"] == f"{ROOT}tinh-hinh/"


def test_topics_are_read_over_the_units(enter: Enter) -> None:
    opinion_sent()
    page = text(enter("propaganda"), "tinh-hinh/linh-vuc/", topic="land")
    assert "Nhân dân tổ 4 quan tâm phương án bồi thường." in page
    assert "Phường Ba Đình" in page
    assert "Ổn định." not in page


def test_what_is_in_force_opens_for_correction_as_it_is(enter: Enter) -> None:
    page = text(enter("clerk"), f"chuong-trinh/{signed().public_id}/sua/")
    assert 'value="2026-03-02"' in page


# Frame


@pytest.mark.parametrize("path", REGISTERS)
def test_every_register_leads_to_all_others_and_back_to_the_hub(enter: Enter, path: str) -> None:
    page = text(enter("propaganda"), path)
    tabs = page.split('<ul class="tabs">', 1)[1].split("</ul>", 1)[0]
    assert re.findall(r'href="/can-bo/dan-van/([^"]+)"', tabs) == REGISTERS
    assert tabs.count("aria-current") == 1
    crumbs = page.split('class="crumbs"', 1)[1].split("</nav>", 1)[0]
    assert f'href="{ROOT}"' in crumbs


def test_versions_of_a_programme_and_of_rules_are_a_history_of_the_record(enter: Enter) -> None:
    programme, found = signed(), rules()
    client = enter("clerk")
    for path in (f"chuong-trinh/{programme.public_id}/", f"quy-che/{WARD}/{found.kind}/"):
        page = text(client, path)
        assert "Lịch sử cập nhật" in page
        assert "Lịch sử xử lý" not in page


@pytest.mark.parametrize(
    ("who", "path"), [("secretary", "mo-hinh/moi/"), ("propaganda", "chi-so/nhap/")]
)
def test_forms_of_models_and_indices_lead_back_to_the_hub(
    enter: Enter, who: str, path: str
) -> None:
    page = text(enter(who), path)
    crumbs = page.split('class="crumbs"', 1)[1].split("</nav>", 1)[0]
    assert f'href="{ROOT}"' in crumbs
    assert f'href="{ROOT}{path.partition("/")[0]}/"' in crumbs
