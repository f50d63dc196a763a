"""The inbox: many cases at once, kept filters, counters of the desk."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from notifications.models import OutboxMessage
from petitions import selectors_people
from petitions.models import IdentityOpening, LetterSignature, SavedFilter
from petitions.selectors_public import letter_track
from petitions.services.messages import message_receive
from tests.accounts.factors import confirmed
from tests.people import PERSON, Story, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
INBOX = "/can-bo/vu-viec/"


@pytest.fixture
def clerk(client: Client, person: Callable[[str], User]) -> Client:
    client.force_login(person("clerk"))
    return client


def tick(tale: Story, version: int | None = None) -> str:
    return f"{tale.filed.code}:{version or tale.case.version}"


def test_many_cases_are_assigned_at_once(clerk: Client, story: Make) -> None:
    tales = [story() for _ in range(3)]
    person_make("handler")
    data = {"do": "assign", "assignee": "handler", "case": [tick(tale) for tale in tales]}
    answer = clerk.post(f"{INBOX}nhieu/", data, follow=True)
    assert "3 vụ việc" in answer.content.decode()
    assert {tale.case.assignee.username for tale in tales} == {"handler"}


def test_one_that_cannot_be_done_stops_no_other_and_says_why(clerk: Client, story: Make) -> None:
    done, stale, gone = story(), story(), story(unit="00008")
    for tale in (done, stale):
        tale.do("clerk", "receive")
    data = {
        "do": "classify",
        "field": "housing",
        "case": [tick(done), tick(stale, 1), tick(gone, 1)],
        "back": f"{INBOX}?open=1",
    }
    page = clerk.post(f"{INBOX}nhieu/", data).content.decode()
    assert "2 vụ việc được giữ nguyên" in page
    assert "Không có vụ việc này." in page
    assert f'href="{INBOX}?open=1"' in page
    assert (done.case.field.code, stale.case.field.code) == ("housing", "land_compensation")


@pytest.mark.parametrize(
    "data", [{}, {"do": "close", "case": "A:1"}, {"do": "assign", "case": "A"}]
)
def test_a_bulk_step_that_makes_no_sense_is_refused(clerk: Client, data: dict[str, str]) -> None:
    answer = clerk.post(f"{INBOX}nhieu/", data)
    assert (answer.status_code, answer["Location"]) == (302, INBOX)


@pytest.mark.parametrize("case", ["a/b:1", ":1", "\0:1", "HN-00000-00000-00:1"])
def test_a_code_that_is_none_is_refused_and_breaks_nothing(
    clerk: Client, story: Make, case: str
) -> None:
    tale = story()
    tale.do("clerk", "receive")
    data = {"do": "classify", "field": "housing", "case": [tick(tale), case]}
    answer = clerk.post(f"{INBOX}nhieu/", data)
    assert (answer.status_code, answer["Location"]) == (302, INBOX)
    assert tale.case.field.code == "land_compensation"


def test_a_case_that_was_sent_twice_is_done_once(clerk: Client, story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    data = {"do": "classify", "field": "housing", "case": [tick(tale)] * 2}
    page = clerk.post(f"{INBOX}nhieu/", data, follow=True).content.decode()
    assert "giữ nguyên" not in page
    assert (tale.case.field.code, tale.case.version) == ("housing", 3)


def test_nobody_is_sent_to_another_site(clerk: Client) -> None:
    answer = clerk.post(f"{INBOX}nhieu/", {"back": "https://example.com/can-bo/"})
    assert answer["Location"] == INBOX


def test_who_does_not_assign_has_no_boxes(client: Client, story: Make) -> None:
    story()
    client.force_login(person_make("secretary"))
    assert 'name="case"' not in client.get(INBOX).content.decode()


def test_a_filter_is_kept_used_and_removed(clerk: Client, story: Make) -> None:
    story()
    data = {"name": "Khiếu nại đang mở", "query": "open=1&kind=complaint&cursor=xyz"}
    clerk.post(f"{INBOX}bo-loc/", data)
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.unit) == ("kind=complaint&open=1", None)
    assert f"?{saved.query.replace('&', '&amp;')}" in clerk.get(INBOX).content.decode()
    clerk.post(f"{INBOX}bo-loc/{saved.pk}/xoa/")
    assert not SavedFilter.objects.exists()


def test_a_filter_of_the_unit_is_seen_there_and_removed_by_who_may(
    client: Client, story: Make
) -> None:
    client.force_login(person_make("clerk"))
    client.post(f"{INBOX}bo-loc/", {"name": "Quá hạn", "query": "overdue=1", "for_unit": "on"})
    saved = SavedFilter.objects.get()
    client.force_login(person_make("handler"))
    assert "Quá hạn" in client.get(INBOX).content.decode()
    assert client.post(f"{INBOX}bo-loc/{saved.pk}/xoa/").status_code == 403
    client.force_login(person_make("other_clerk"))
    assert "overdue=1" not in client.get(INBOX).content.decode()
    assert client.post(f"{INBOX}bo-loc/{saved.pk}/xoa/").status_code == 404


def test_a_kept_filter_gets_another_name_from_who_may(client: Client) -> None:
    client.force_login(person_make("clerk"))
    client.post(f"{INBOX}bo-loc/", {"name": "Quá hạn", "query": "overdue=1", "for_unit": "on"})
    client.post(f"{INBOX}bo-loc/", {"name": "Đang mở", "query": "open=1", "for_unit": "on"})
    saved = SavedFilter.objects.get(name="Quá hạn")
    client.post(f"{INBOX}bo-loc/{saved.pk}/", {"name": "Đã quá hạn"})
    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Đã quá hạn", "overdue=1")
    twice = client.post(f"{INBOX}bo-loc/{saved.pk}/", {"name": "Đang mở"}, follow=True)
    assert "Đã có bộ lọc mang tên này." in twice.content.decode()
    client.post(f"{INBOX}bo-loc/{saved.pk}/", {"name": " "})
    for who, status in (("handler", 403), ("other_clerk", 404)):
        client.force_login(person_make(who))
        answer = client.post(f"{INBOX}bo-loc/{saved.pk}/", {"name": "Khác"})
        assert answer.status_code == status
    saved.refresh_from_db()
    assert saved.name == "Đã quá hạn"


def test_the_inbox_opens_with_the_filter_that_its_reader_chose(client: Client) -> None:
    client.force_login(person_make("clerk"))
    client.post(f"{INBOX}bo-loc/", {"name": "Mở", "query": "open=1", "for_unit": "on"})
    client.post(f"{INBOX}bo-loc/", {"name": "Quá hạn", "query": "overdue=1"})
    unit_wide, own = SavedFilter.objects.order_by("pk")
    client.force_login(person_make("handler"))
    assert client.get(INBOX).status_code == 200
    assert client.post(f"{INBOX}bo-loc/{own.pk}/", {"do": "start"}).status_code == 404
    client.post(f"{INBOX}bo-loc/{unit_wide.pk}/", {"do": "start"})
    assert client.get(INBOX)["Location"] == f"{INBOX}?open=1"
    whole = client.get(f"{INBOX}?ordering=-submitted_at")
    assert whole.status_code == 200
    assert "mở trước" in whole.content.decode()
    client.force_login(person_make("clerk"))
    assert client.get(INBOX).status_code == 200
    for pk in (unit_wide.pk, own.pk):
        client.post(f"{INBOX}bo-loc/{pk}/", {"do": "start"})
    assert client.get(INBOX)["Location"] == f"{INBOX}?overdue=1"
    client.post(f"{INBOX}bo-loc/{own.pk}/", {"do": "no_start"})
    assert client.get(INBOX).status_code == 200


def test_a_first_filter_that_is_no_longer_valid_opens_the_whole_list(clerk: Client) -> None:
    clerk.post(f"{INBOX}bo-loc/", {"name": "Cũ", "query": "open=1"})
    saved = SavedFilter.objects.get()
    clerk.post(f"{INBOX}bo-loc/{saved.pk}/", {"do": "start"})
    SavedFilter.objects.update(query="status=of_old")
    assert clerk.get(INBOX).status_code == 200
    clerk.post(f"{INBOX}bo-loc/{saved.pk}/xoa/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("data", [{"name": "", "query": "open=1"}, {"name": "A", "query": ""},
                                  {"name": "A\0", "query": "open=1"},
                                  {"name": "A", "query": "colour=red"}])  # fmt: skip
def test_a_filter_that_says_nothing_is_not_kept(clerk: Client, data: dict[str, str]) -> None:
    clerk.post(f"{INBOX}bo-loc/", data)
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once(clerk: Client) -> None:
    for _ in range(2):
        answer = clerk.post(f"{INBOX}bo-loc/", {"name": "A", "query": "open=1"}, follow=True)
    assert "Đã có bộ lọc mang tên này." in answer.content.decode()
    assert SavedFilter.objects.count() == 1


def test_counters_of_the_desk_are_links_to_what_they_count(clerk: Client, story: Make) -> None:
    tale, other = story(), story()
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="accept", text="Đề xuất.")
    letter = letter_track(other.filed.code, other.filed.secret)
    assert letter is not None
    message_receive(letter=letter, text="Tôi hỏi.")
    desk = clerk.get("/can-bo/")
    counts = {tile.label: tile.value for tile in desk.context["tiles"]}
    assert counts["chưa có cán bộ"] == 2
    assert counts["chờ người đứng đầu"] == 1
    assert counts["người gửi đơn đã viết"] == 1
    for tile in desk.context["tiles"]:
        assert len(clerk.get(tile.href).context["rows"]) == tile.value, tile.label
    assert "Chưa có cán bộ" in desk.content.decode()


def found(client: Client, **who: str) -> list[str]:
    page = client.post(f"{INBOX}tim-nguoi/", who)
    assert page.request["QUERY_STRING"] == ""
    return [row.case.code for row in page.context["rows"]]


def test_a_person_is_found_by_whole_name_or_number_and_never_in_an_address(
    clerk: Client, story: Make
) -> None:
    tale = story()
    story(
        petitioners=[
            {**PERSON, "full_name": "Trần Văn Khác", "identity_number": "001088055555", "phone": ""}
        ]
    )
    assert found(clerk, name="vu thi thu nghiem") == [tale.filed.code]
    assert found(clerk, number="001 099 012345") == [tale.filed.code]
    assert found(clerk, number="+84 912 345 678") == [tale.filed.code]
    assert found(clerk, name="Vũ Thị") == []
    assert found(clerk) == []


def test_a_frequent_name_elsewhere_hides_no_own_case(
    clerk: Client, story: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors_people, "FOUND_MAX", 1)
    for _ in range(25):
        story(unit="00008")
    own = story()
    assert found(clerk, name=PERSON["full_name"]) == [own.filed.code]


def test_another_units_petitioner_is_found_by_nobody_and_costs_the_same(
    clerk: Client, story: Make
) -> None:
    story(unit="00008")
    story(unit="00008", kind="denunciation", respondent={"name": "Ông Thử", "unit": "00025"})
    assert found(clerk, name=PERSON["full_name"]) == []
    with CaptureQueriesContext(connection) as known:
        assert found(clerk, number=PERSON["identity_number"]) == []
    with CaptureQueriesContext(connection) as unknown:
        assert found(clerk, number="001099099999") == []
    assert _steps(known) == _steps(unknown)


def _steps(queries: CaptureQueriesContext) -> list[str]:
    """Without the random number of the request, which the history of fields is given."""
    found = [query["sql"].rpartition("true); ")[2] for query in queries.captured_queries]
    return [sql.split(" FROM ")[0].split(' "s')[0] for sql in found]


SECRET = f"{INBOX}tim-nguoi/mat/"
WHY = {"ground": "verify", "reason": "Công dân đến hỏi về đơn đã gửi."}


def sure(user: User) -> Client:
    """Signed in, with the password just typed."""
    client = Client()
    client.force_login(user)
    return confirmed(client, user)


@pytest.mark.parametrize("number", [PERSON["identity_number"], "+84 912 345 678"])
def test_a_denunciation_is_found_with_ground_text_and_password_and_that_is_recorded(
    clerk: Client, person: Callable[[str], User], story: Make, number: str
) -> None:
    tale = story(kind="denunciation", respondent={"name": "Ông Thử", "unit": "00025"})
    assert found(clerk, name=PERSON["full_name"]) == []
    assert found(clerk, number=number) == []
    asked = {"number": number, **WHY}
    late = clerk.post(SECRET, asked)
    assert late["Location"] == SECRET
    # Nothing of it is kept while the password is typed.
    assert number not in str(dict(clerk.session))
    assert clerk.get(SECRET)["Location"].startswith("/tai-khoan/xac-nhan/")
    fresh = sure(person("clerk"))
    for lack in ({"ground": ""}, {"reason": "ngắn"}, {"number": ""}, {"ground": "counter_search"}):
        assert not fresh.post(SECRET, asked | lack).context["is_asked"], lack
    assert not IdentityOpening.objects.exists()
    page = fresh.post(SECRET, asked)
    assert [row.case.code for row in page.context["rows"]] == [tale.filed.code]
    opening = IdentityOpening.objects.get()
    assert (opening.ground, opening.by.username) == ("counter_search", "clerk")
    assert opening.reason.endswith(WHY["reason"])
    notice = OutboxMessage.objects.get(template="identity_opened", channel="app")
    assert (notice.unit_id, notice.position) == (tale.case.unit_id, "head")


def test_a_denunciation_is_not_found_without_the_right_to_open_identities(
    person: Callable[[str], User], story: Make
) -> None:
    story(kind="denunciation", respondent={"name": "Ông Thử", "unit": "00025"})
    asked = {"number": PERSON["identity_number"], **WHY}
    for name in ("handler", "board_head", "other_clerk", "inspector"):
        answer = sure(person(name)).post(SECRET, asked)
        assert answer.status_code == 404 or answer.context["rows"] == [], name
    assert sure(person("handler")).get(SECRET).status_code == 404
    assert not IdentityOpening.objects.exists()


def test_letters_of_a_denouncer_share_no_hash_with_his_open_ones(story: Make) -> None:
    story()
    story(kind="denunciation", respondent={"name": "Ông Thử", "unit": "00025"})
    one, two = LetterSignature.objects.order_by("pk")
    assert not {*one.identity_hashes, *one.phone_hashes} & {*two.identity_hashes, *two.phone_hashes}


def test_the_search_of_the_api_takes_a_body(by_token: Callable[[str], Client], story: Make) -> None:
    tale = story()
    body = {"identity_number": PERSON["identity_number"]}
    answer = by_token("clerk").post("/api/v1/cases/search/", body, "application/json")
    assert [row["code"] for row in answer.json()["results"]] == [tale.filed.code]
    wrong = by_token("clerk").post("/api/v1/cases/search/", {"telephone": "1"}, "application/json")
    assert wrong.status_code == 400


def test_the_list_is_downloaded_as_it_is_filtered(clerk: Client, story: Make) -> None:
    tale = story(subject='=HYPERLINK("x")')
    story(kind="feedback")
    story(unit="00008")
    answer = clerk.get(f"{INBOX}tai-ve/?kind=complaint")
    assert answer.streaming
    head, *rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("Vụ việc,Loại đơn,Trạng thái")
    (row,) = rows
    assert tale.filed.code in row
    assert "'=HYPERLINK" in row
    assert PERSON["full_name"] not in row


def test_a_row_and_the_case_say_who_is_looking(client: Client, story: Make) -> None:
    tale = story()
    cache.clear()
    client.force_login(person_make("clerk"))
    client.get(f"{INBOX}{tale.filed.code}/")
    assert "đang mở" not in client.get(INBOX).content.decode()
    client.force_login(person_make("chair"))
    assert "đang mở: Cán bộ clerk" in client.get(INBOX).content.decode()
    assert "đang mở: Cán bộ clerk" in client.get(f"{INBOX}{tale.filed.code}/").content.decode()
    cache.clear()
    assert "đang mở" not in client.get(INBOX).content.decode()


@pytest.mark.parametrize(
    "path", ["?due_after=+2026-11-28", "?due_after=+", "?q=%20", "a%00b/", "tai-ve/?due_after=+"]
)
def test_odd_addresses_are_answered(clerk: Client, path: str) -> None:
    assert clerk.get(INBOX + path).status_code in (200, 302, 404)


def test_odd_posts_are_answered(clerk: Client, story: Make) -> None:
    tale = story()
    talk = f"{INBOX}{tale.filed.code}/trao-doi/"
    for data in (
        {"to": "seen", "seen": "2026-13-45T00:00:00Z"},
        {"to": "seen", "seen": "2026-11-28T00:00:00"},
        {"to": "note", "text": "a\0b"},
    ):
        assert clerk.post(talk, data).status_code in (302, 422)
    assert clerk.post(f"{INBOX}bo-loc/", {"name": "a\0b", "query": "open=1"}).status_code == 302
    assert clerk.post(f"{INBOX}nhieu/", {"do": "assign", "case": "a\0b:1"}).status_code in (
        200,
        302,
    )
