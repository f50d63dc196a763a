"""Reports that read alike are pointed out to the City, and to nobody else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.access import access_from
from accounts.enums import Role
from accounts.models import Membership, User
from common.errors import InvalidInput, NotPermitted, Stale
from common.history_check import table_check
from directives import invariants
from directives.likeness import Places, print_of, share_alike
from directives.models import (
    Assignment,
    LikenessEvent,
    ReportFingerprint,
    Task,
    TextLikeness,
)
from directives.selectors_likeness import places_named
from directives.services import (
    Report,
    likeness_justify,
    likeness_reopen,
    periods_open,
    report_review,
    report_submit,
)
from tests.directives.giving import give, later, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
THIRD_WARD = "00025"
PAGE = "/can-bo/chi-dao/tong-quan/giong-nhau/"
TEXT = (
    "Đảng ủy đã tổ chức hội nghị quán triệt chỉ thị đến toàn thể cán bộ, đảng viên, xây dựng kế"
    " hoạch và phân công nhiệm vụ cụ thể, có 120 người tham dự."
)
OTHER = (
    "Phường mở ba buổi đối thoại tại nhà văn hóa tổ dân phố, ghi nhận bốn mươi ý kiến về tiền thuê"
    " mặt bằng chợ tạm, đã trả lời ba mươi hai ý kiến ngay tại chỗ."
)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def two_units(first: str = TEXT, second: str = TEXT) -> Assignment:
    """A task on which two wards report; the first ward's assignment."""
    task = task_make()
    row, other = give(task, WARD), give(task, OTHER_WARD)
    report(row, text=first)
    report(other, "other_chair", text=second)
    return row


def found() -> list[int]:
    """How many reports each group has."""
    rows = TextLikeness.objects.order_by("pk")
    return [row.members.count() for row in rows]


def test_the_same_words_of_two_units() -> None:
    two_units()
    assert found() == [2]
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]
    assert not [*invariants.fingerprint_is_of_its_task()]
    assert list(table_check(LikenessEvent)) == []


def test_other_numbers_case_and_accents_are_alike_other_words_are_not() -> None:
    two_units(TEXT, TEXT.replace("120", "95").upper())
    two_units(TEXT, TEXT.replace("đã tổ chức hội nghị", "vừa mở hội nghị trực tuyến"))
    two_units(OTHER, TEXT)
    assert found() == [2]
    digests = ReportFingerprint.objects.values_list("digest", flat=True)
    assert len(set(digests[:2])) == 2  # not the same words: the numbers differ


def test_very_short_texts_of_several_units_say_nothing() -> None:
    row = two_units("Đã thực hiện xong.", "Đã thực hiện xong.")
    third(row.task, "Đã thực hiện xong.")
    assert found() == []


def test_a_single_word_is_not_compared() -> None:
    two_units("Xong.", "Xong.")
    assert not ReportFingerprint.objects.exists()


SHORT = "Phường đã triển khai đầy đủ, đúng hạn trong tháng 11."


def sent(task: Task, code: str, who: str, text: str) -> Assignment:
    row = give(task, code)
    report(row, who, text=text)
    return row


def test_short_reports_in_the_same_words_of_three_units_are_pointed_out() -> None:
    task = task_make()
    for code, who in ((WARD, "secretary"), (OTHER_WARD, "other_chair")):
        sent(task, code, who, SHORT)
    assert found() == []  # two may say the same by habit
    third(task, SHORT.upper())
    assert found() == [3]
    assert TextLikeness.objects.get().version == 1
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]
    assert list(table_check(LikenessEvent)) == []


def test_short_reports_with_another_number_or_word_are_not_the_same() -> None:
    for other in (SHORT.replace("11", "12"), SHORT.replace("Phường", "Xã")):
        task = task_make()
        sent(task, WARD, "secretary", SHORT)
        sent(task, OTHER_WARD, "other_chair", other)
        third(task, SHORT)
    assert found() == []


@pytest.mark.parametrize("words", [SHORT, "Không phát sinh."])
def test_a_unit_that_says_the_same_every_month_is_pointed_out(
    time_machine: Any, enter: Any, words: str
) -> None:
    task = monthly()
    row = give(task)
    sent(task, OTHER_WARD, "other_chair", words)  # once is once
    time_machine.move_to(later(50), tick=False)
    periods_open(at=later(50))
    for n, period in enumerate(row.periods.order_by("starts_on"), start=1):
        report(row, state="in_progress", period=period.public_id, text=words, at=later(50))
        assert found() == ([3] if n == 3 else [])
    assert places() == Places(periods=True)
    assert (
        "Giống nhau giữa các kỳ của cùng một đơn vị"
        in enter("propaganda").get(PAGE).content.decode()
    )
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]
    assert list(table_check(LikenessEvent)) == []


@pytest.mark.parametrize("words", [TEXT, SHORT, "Đã xong."])
def test_one_text_under_three_tasks_of_a_unit_is_pointed_out(enter: Any, words: str) -> None:
    tasks = [task_make(title=f"Việc {n}") for n in range(4)]
    for n, task in enumerate(tasks, start=1):
        report(give(task), text=words)
        assert found() == ([n] if n >= 3 else [])
    assert places() == Places(tasks=True)
    client = enter("propaganda")
    shown = client.get(f"{PAGE}{TextLikeness.objects.get().public_id}/").content.decode()
    assert "Một nội dung được báo cáo cho nhiều nhiệm vụ của một đơn vị" in shown
    assert "Việc 3" in shown
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]
    assert list(table_check(LikenessEvent)) == []


def test_a_report_that_is_alike_on_its_task_brings_those_under_other_tasks() -> None:
    for _n in range(2):
        report(give(task_make()), text=TEXT)
    two_units()
    assert found() == [4]  # the other unit's, and three of one unit
    assert places() == Places(units=True, tasks=True)
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]


def places() -> Places:
    (made,) = places_named([TextLikeness.objects.get()]).values()
    return made


def test_texts_on_other_tasks_are_not_compared() -> None:
    report(give(task_make()), text=TEXT)
    report(give(task_make(), OTHER_WARD), "other_chair", text=TEXT)
    assert found() == []


def test_a_report_corrected_and_sent_again_is_not_alike_to_itself() -> None:
    row = give(task_make())
    report(row, text=TEXT)
    report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        is_accepted=False,
        text="Thiếu biên bản",
        at=later(1),
    )
    report(row, text=TEXT, at=later(2))
    assert found() == []


def test_the_same_words_for_several_periods_of_one_unit(time_machine: Any) -> None:
    row = give(monthly())
    time_machine.move_to(later(20), tick=False)
    periods_open(at=later(20))
    for period in row.periods.order_by("starts_on"):
        report(row, state="in_progress", period=period.public_id, text=TEXT, at=later(20))
    assert found() == [2]
    client = Client()
    client.force_login(person_make("propaganda"))
    page = client.get(f"{PAGE}{TextLikeness.objects.get().public_id}/").context
    assert page["places"] == Places(periods=True)


def test_a_third_report_joins() -> None:
    task = task_make()
    senders = {WARD: "secretary", OTHER_WARD: "other_chair"}
    for code, who in senders.items():
        report(give(task, code), who, text=TEXT)
    likeness = TextLikeness.objects.get()
    third(task)
    assert found() == [3]
    likeness.refresh_from_db()
    assert likeness.version == 2
    actions = list(likeness.events.order_by("sequence").values_list("action", flat=True))
    assert actions == ["directives.likeness.found", "directives.likeness.joined"]


def third(task: Task, text: str = TEXT) -> Assignment:
    """A third ward reports in the same words."""
    row = give(task, THIRD_WARD)
    user = User.objects.filter(username="third").first() or User.objects.create_user(
        "third", full_name="Bí thư phường thứ ba", is_demo=True
    )
    unit, since = row.unit, dt.date(2025, 7, 1)
    held, _made = Membership.objects.get_or_create(
        user=user, unit=unit, role=Role.SECRETARY, valid_from=since
    )
    said = Report(text, "in_progress")
    return report_submit(
        access=access_from(user.pk, [held]), public_id=row.public_id, version=1, report=said
    )


def likeness() -> TextLikeness:
    two_units()
    return TextLikeness.objects.get()


def test_a_good_reason_is_kept_and_can_be_taken_back() -> None:
    row = likeness()
    access = access_make("propaganda")
    with pytest.raises(InvalidInput):
        likeness_justify(access=access, public_id=row.public_id, version=1, reason=" ")
    done = likeness_justify(
        access=access, public_id=row.public_id, version=1, reason="Theo mẫu quy định."
    )
    assert (done.state, done.reason, done.version) == ("justified", "Theo mẫu quy định.", 2)
    with pytest.raises(Stale):
        likeness_reopen(access=access, public_id=row.public_id, version=1)
    again = likeness_reopen(access=access, public_id=row.public_id, version=2)
    assert (again.state, again.reason, again.decided_by) == ("open", "", None)
    assert row.events.count() == 3
    assert not [*invariants.likeness_is_of_several_reports_on_its_task()]


def test_only_who_gives_tasks_judges() -> None:
    row = likeness()
    for who in ("secretary", "city_secretary", "inspector"):
        with pytest.raises(NotPermitted):
            likeness_justify(
                access=access_make(who), public_id=row.public_id, version=1, reason="Đúng mẫu"
            )


def test_the_database_keeps_the_reason_with_the_state() -> None:
    row = likeness()
    for change in ({"state": "justified"}, {"state": "khac"}, {"reason": "Có"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TextLikeness.objects.filter(pk=row.pk).update(**change)


def test_what_is_broken_is_named() -> None:
    row = likeness()
    one = ReportFingerprint.objects.filter(likeness=row).order_by("pk")[0]
    other_task = task_make()
    ReportFingerprint.objects.filter(pk=one.pk).update(task=other_task)
    key = [str(row.public_id)]
    assert [*invariants.likeness_is_of_several_reports_on_its_task()] == key
    assert [*invariants.fingerprint_is_of_its_task()] == [str(one.pk)]
    ReportFingerprint.objects.filter(pk=one.pk).update(likeness=None)
    assert [*invariants.likeness_is_of_several_reports_on_its_task()] == key


# Pages


@pytest.fixture
def enter(client: Client) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def test_texts_side_by_side_without_blame(enter: Any) -> None:
    row = likeness()
    client = enter("city_secretary")
    assert client.get(PAGE).context["rows"][0]["likeness"] == row
    page = client.get(f"{PAGE}{row.public_id}/").content.decode()
    assert page.count("Đảng ủy đã tổ chức hội nghị") == 2
    assert "nội dung trùng hoàn toàn" in page
    assert "Lưu lý do" not in page  # looks, does not judge
    for word in ("hình thức", "sao chép", "vi phạm"):
        assert word not in page


def test_the_reason_is_asked_for_and_words_are_kept(enter: Any) -> None:
    row = likeness()
    client = enter("propaganda")
    address = f"{PAGE}{row.public_id}/"
    sent = {"do": "justify", "version": "1", "reason": ""}
    assert client.post(address, sent).status_code == 422
    third(row.task)
    stale = client.post(address, sent | {"reason": "Các đơn vị cùng tổ chức."})
    assert stale.status_code == 422
    assert "Các đơn vị cùng tổ chức." in stale.content.decode()
    done = client.post(address, {"do": "justify", "version": "2", "reason": "Cùng tổ chức."})
    assert done.status_code == 302
    page = client.get(address).content.decode()
    assert "Cùng tổ chức." in page
    assert list(client.get(PAGE).context["rows"]) == []
    assert len(client.get(PAGE, {"state": ""}).context["rows"]) == 1
    assert client.post(address, {"do": "reopen", "version": "3"}).status_code == 302
    assert len(client.get(PAGE).context["rows"]) == 1


def test_a_unit_learns_nothing_of_it(enter: Any) -> None:
    row = likeness()
    client = enter("secretary")
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}{row.public_id}/").status_code == 403
    assert client.post(f"{PAGE}{row.public_id}/", {"do": "reopen"}).status_code == 403
    task = Assignment.objects.get(task=row.task, unit__code=WARD)
    assert (
        "giống nhau" not in client.get(f"/can-bo/chi-dao/viec/{task.public_id}/").content.decode()
    )


def test_filters_by_document_and_unit(enter: Any) -> None:
    likeness()
    client = enter("propaganda")
    assert len(client.get(PAGE, {"unit": WARD}).context["rows"]) == 1
    assert list(client.get(PAGE, {"unit": THIRD_WARD}).context["rows"]) == []
    assert len(client.get(PAGE, {"directive": "1699-cv-tu"}).context["rows"]) == 1


def test_likeness_is_one_only_for_the_same_words_and_numbers() -> None:
    one, other = print_of(TEXT), print_of(TEXT.replace("120", "121"))
    assert share_alike(one, one.digest, one.minima) == 1
    assert one.digest != other.digest
    assert print_of(TEXT.upper()).digest == one.digest
