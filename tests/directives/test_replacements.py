"""What becomes of the open work on a document that another one replaces."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import DomainError, InvalidInput, NotPermitted
from directives import services
from directives.models import Assignment, Directive, Task
from notifications.models import OutboxMessage
from tests.directives.giving import AT, DUE, actions, give, later, report, running
from tests.directives.keeping import do, entered, group_of, in_force, last, sound, task_of
from tests.directives.paging import step
from tests.directives.stepping import do as on_task
from tests.directives.stepping import told
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
NEW, NEW_SLUG = "22-CV/TU", "22-cv-tu"


@pytest.fixture
def old() -> Directive:
    """A document in force with two tasks of a ward and one of another."""
    directive = in_force()
    group = group_of(directive)
    first, second = (task_of(group, due_on=DUE) for _ in range(2))
    give(first, WARD, OTHER_WARD)
    give(second, WARD)
    return directive


def rows(old: Directive) -> list[Assignment]:
    return list(Assignment.objects.of(old).order_by("pk"))


def replace(old: Directive, **values: Any) -> Directive:
    """Replace it by another document in force."""
    new = in_force(number=NEW)
    do(services.directive_relate, new, kind="replaces", target=old.slug, at=later(1), **values)
    old.refresh_from_db()
    return new


def notes() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(channel="app", template="directive_replaced"))


def test_open_work_needs_a_choice_and_says_how_much_it_is(old: Directive) -> None:
    with pytest.raises(InvalidInput) as caught:
        replace(old)
    (words,) = caught.value.fields["owed"]
    assert "nhiệm vụ đang thực hiện: 3; đơn vị: 2" in str(words)
    assert Directive.objects.get(pk=old.pk).state == "in_force"


def test_kept_work_goes_on_and_each_unit_is_told_once(old: Directive) -> None:
    replace(old, owed="keep")
    assert old.state == "replaced"
    assert last(old) == {"by": NEW, "version": old.version, "kept": 3}
    assert [row.state for row in rows(old)] == ["assigned"] * 3
    assert all(running(row) == 1 for row in rows(old))
    assert told("directive_replaced") == [(WARD, "head"), (OTHER_WARD, "head")]
    note = next(one for one in notes() if one.unit is not None and one.unit.code == WARD)
    assert (note.params["number"], note.params["due"], note.params["step"]) == (NEW, 2, "keep")
    sound()


def test_withdrawn_work_ends_with_the_reason_and_each_unit_is_told_once(old: Directive) -> None:
    done = rows(old)[1]
    report(done, "other_chair")
    on_task(services.report_review, done, "propaganda", is_accepted=True)
    replace(old, owed="withdraw")
    assert last(old)["assignments"] == 2
    kept, *taken = sorted(rows(old), key=lambda row: row.state == "withdrawn")
    assert (kept.pk, kept.state) == (done.pk, "confirmed")
    for row in taken:
        assert row.withdrawn_reason == f"Được thay thế bởi {NEW}."
        assert running(row) == 0
        assert actions(row)[-1] == "assignment.withdrawn"
    assert told("directive_replaced") == [(WARD, "head")]
    assert told("directive_withdrawn") == []
    sound()


def test_a_draft_asks_when_it_is_put_in_force(old: Directive) -> None:
    draft = entered(number=NEW)
    do(services.directive_relate, draft, kind="replaces", target=old.slug)
    with pytest.raises(InvalidInput):
        do(services.directive_publish, draft, at=AT)
    assert Directive.objects.get(pk=draft.pk).state == "draft"
    do(services.directive_publish, draft, at=AT, owed="withdraw")
    assert Directive.objects.get(pk=old.pk).state == "replaced"
    assert {row.state for row in rows(old)} == {"withdrawn"}
    sound()


def test_the_rest_is_withdrawn_later(old: Directive) -> None:
    with pytest.raises(NotPermitted):
        do(services.replaced_withdraw, old, reason="Thôi.")
    replace(old, owed="keep")
    do(services.replaced_withdraw, old, reason="Đã giao lại theo văn bản mới.", at=later(2))
    assert {row.state for row in rows(old)} == {"withdrawn"}
    assert last(old)["assignments"] == 3
    assert len(notes()) == 4  # replaced, then withdrawn, to two units
    with pytest.raises(DomainError):
        do(services.replaced_withdraw, old, reason="Thôi.")
    sound()


def test_one_task_of_a_replaced_document_is_withdrawn(old: Directive) -> None:
    replace(old, owed="keep")
    task = Task.objects.filter(group__directive=old)[0]
    services.task_withdraw(
        access=access_make("propaganda"),
        slug=old.slug,
        code=task.code,
        version=task.version,
        reason="Không còn cần.",
    )
    assert sorted(row.state for row in rows(old)) == ["assigned", "withdrawn", "withdrawn"]
    sound()


# Pages


def test_the_record_asks_and_offers_the_rest(enter: Enter, old: Directive) -> None:
    new = in_force(number=NEW)
    client = enter("propaganda")
    answer = step(client, new, "relate", kind="replaces", target=old.slug)
    assert answer.status_code == 422
    assert "nhiệm vụ đang thực hiện: 3; đơn vị: 2" in answer.content.decode()
    answer = step(client, new, "relate", kind="replaces", target=old.slug, owed="keep")
    assert answer.status_code == 302
    record = client.get(f"/can-bo/chi-dao/{old.slug}/ho-so/").content.decode()
    assert 'value="withdraw_rest"' in record
    assert "nhiệm vụ tiếp tục thực hiện: 3" in record
    assert step(client, old, "withdraw_rest", reason="Đã giao lại.").status_code == 302
    assert {row.state for row in rows(old)} == {"withdrawn"}
    record = client.get(f"/can-bo/chi-dao/{old.slug}/ho-so/").content.decode()
    assert 'value="withdraw_rest"' not in record


def test_putting_in_force_asks_with_the_count(enter: Enter, old: Directive) -> None:
    draft = entered(number=NEW)
    client = enter("propaganda")
    address = f"/can-bo/chi-dao/{draft.slug}/ho-so/"
    assert 'value="keep"' not in client.get(address).context["steps"][0][2].as_p()
    do(services.directive_relate, draft, kind="replaces", target=old.slug)
    form = client.get(address).context["steps"][0][2]
    assert "nhiệm vụ đang thực hiện: 3; đơn vị: 2" in str(form.fields["owed"].help_text)
    assert step(client, draft, "publish").status_code == 422
    assert step(client, draft, "publish", owed="keep").status_code == 302


def test_the_unit_reads_what_replaces_the_document(enter: Enter, old: Directive) -> None:
    row = rows(old)[0]
    desk, page = "/can-bo/chi-dao/viec-duoc-giao/", f"/can-bo/chi-dao/viec/{row.public_id}/"
    client = enter("secretary")
    assert NEW not in client.get(desk).content.decode()
    new = replace(old, owed="keep")
    said, address = "Văn bản này đã được thay thế bởi", f'href="/can-bo/chi-dao/{new.slug}/"'
    for one in (desk, page, f"/can-bo/chi-dao/{old.slug}/{WARD}/"):
        shown = client.get(one).content.decode()
        assert NEW in shown
        assert address not in shown  # neither public nor asks anything of the unit
    assert said in client.get(page).content.decode()
    give(task_of(group_of(new)), WARD)
    assert address in client.get(page).content.decode()
    assert address in client.get(desk).content.decode()


def test_a_task_of_a_replaced_document_is_withdrawn_but_not_changed(
    enter: Enter, old: Directive
) -> None:
    replace(old, owed="keep")
    task = Task.objects.filter(group__directive=old)[0]
    address = f"/can-bo/chi-dao/{old.slug}/nhiem-vu/{task.code}/"
    client = enter("propaganda")
    page = client.get(address)
    assert page.context["main"] is None
    assert address in client.get(f"/can-bo/chi-dao/{old.slug}/noi-dung/").content.decode()
    assert client.post(address, {"version": task.version}).status_code == 403
    sent = {"do": "withdraw", "version": task.version, "reason": "Không còn cần."}
    assert client.post(address, sent).status_code == 302
