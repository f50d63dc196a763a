"""Keeping the register: entering, correcting, putting in force, relating, withdrawing."""

import datetime as dt
from typing import Any

import pytest

from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible, Stale
from directives import selectors_register as found
from directives import services
from directives.models import (
    Directive,
    DirectiveEvent,
    DirectiveFile,
)
from directives.services import register as register_service
from tests.directives.giving import (
    AT,
    MONDAY,
    later,
    upload,
)
from tests.directives.keeping import (
    NUMBER,
    SLUG,
    do,
    entered,
    history,
    in_force,
    last,
    record,
    sound,
)
from tests.people import access_make, person_make

pytestmark = pytest.mark.django_db
KEEPERS = ("propaganda", "party_office")
TOMORROW = MONDAY + dt.timedelta(days=1)


# Entering and correcting


def test_a_document_is_entered_as_a_draft() -> None:
    directive = entered()
    assert (directive.slug, directive.state, directive.version) == (SLUG, "draft", 1)
    assert "doi thoai voi nhan dan" in directive.search_text
    assert history(directive) == ["created"]
    event = DirectiveEvent.objects.get(directive=directive)
    assert event.actor == person_make("propaganda")
    sound()


@pytest.mark.parametrize("kind", ["decision", "notice", "resolution"])
def test_decisions_notices_and_resolutions_are_kept_too(kind: str) -> None:
    directive = in_force(number="2200-QĐ/TU", kind=kind)
    access = access_make("propaganda")
    assert list(found.register_list(access, kind=kind)) == [directive]
    assert str(directive.get_kind_display()) in ("quyết định", "thông báo", "nghị quyết")


@pytest.mark.parametrize("who", ["secretary", "city_secretary", "city_front", "internal_affairs"])
def test_only_whoever_gives_tasks_keeps_the_register(who: str) -> None:
    with pytest.raises(NotPermitted):
        entered(who)
    directive = in_force(is_public=True)
    for service, values in (
        (services.directive_change, {"record": record()}),
        (services.directive_publish, {}),
        (services.directive_withdraw, {"reason": "Thử."}),
        (services.directive_relate, {"kind": "continues", "target": "07-ct-tu"}),
        (services.group_create, {"title": "A", "text": "B"}),
    ):
        with pytest.raises(NotPermitted):
            do(service, directive, who, **values)
    assert history(directive) == ["created", "published"]


def test_a_draft_is_not_there_for_others() -> None:
    directive = entered()
    with pytest.raises(NotVisible):
        do(services.directive_publish, directive, "internal_affairs")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "khong so"}, "number"),
        ({"number": "1699-cv/tu"}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"kind": "letter"}, "kind"),
        ({"issuer": ""}, "issuer"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"summary": "x" * 4001}, "summary"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"confidentiality": "internal", "is_public": True}, "is_public"),
        ({"valid_until": MONDAY - dt.timedelta(days=1)}, "valid_until"),
        ({"valid_from": TOMORROW, "valid_until": MONDAY}, "valid_until"),
    ],
)
def test_what_is_wrong_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        entered(**changes)
    assert list(caught.value.fields) == [field]
    directive = in_force()
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_change, directive, record=record(**changes))
    assert list(caught.value.fields) == [field]


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        entered(number="", issuer="", kind="x")
    assert set(caught.value.fields) == {"number", "issuer", "kind"}


def test_a_number_taken_in_the_same_moment_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    entered()
    monkeypatch.setattr(register_service, "_number_wrong", lambda *_: {})
    with pytest.raises(Conflict, match="directives_directive_number_key"):
        entered()
    other = entered(number="22-CV/TU")
    with pytest.raises(Conflict, match="directives_directive_number_key"):
        do(services.directive_change, other, record=record())


def test_like_numbers_have_addresses_of_their_own() -> None:
    entered()
    assert entered(number="21-CV-TU").slug == "21-cv-tu-b2"
    assert entered(number="21 CV TU").slug == "21-cv-tu-b3"


def test_a_correction_is_a_version_with_before_and_after() -> None:
    directive = entered()
    do(services.directive_change, directive, record=record(subject="Tiếp dân", valid_from=TOMORROW))
    directive.refresh_from_db()
    assert (directive.version, directive.subject) == (2, "Tiếp dân")
    assert "tiep dan" in directive.search_text
    assert last(directive) == {
        "fields": {
            "subject": ["Đối thoại với nhân dân", "Tiếp dân"],
            "valid_from": [None, "2026-11-17"],
        },
        "version": 2,
    }
    sound()


def test_nothing_to_correct_makes_no_version() -> None:
    directive = entered()
    assert do(services.directive_change, directive, record=record()).version == 1
    assert history(directive) == ["created"]


def test_a_stale_correction_changes_nothing() -> None:
    directive = entered()
    do(services.directive_change, directive, record=record(subject="Tiếp dân"))
    with pytest.raises(Stale) as caught:
        do(services.directive_change, directive, version=1, record=record(subject="Khác"))
    assert caught.value.extra["version"] == 2
    for service, values in (
        (services.directive_publish, {}),
        (services.directive_relate, {"kind": "continues", "target": "07-ct-tu"}),
        (services.directive_file_add, {"attachment": upload()}),
        (services.group_create, {"title": "A", "text": "B"}),
    ):
        with pytest.raises(Stale):
            do(service, directive, version=1, **values)
    assert Directive.objects.get(pk=directive.pk).subject == "Tiếp dân"


# In force


def test_a_draft_is_put_in_force_once() -> None:
    directive = in_force()
    assert (directive.state, directive.version) == ("in_force", 2)
    with pytest.raises(NotPermitted):
        do(services.directive_publish, directive)
    sound()


def test_a_document_of_the_future_is_not_in_force() -> None:
    directive = entered(issued_on=TOMORROW)
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_publish, directive, at=AT)
    assert list(caught.value.fields) == ["issued_on"]
    do(services.directive_publish, directive, at=later(1))


# Files


def test_files_come_and_go_and_stay_in_the_history() -> None:
    directive = in_force()
    file = do(services.directive_file_add, directive, attachment=upload(), role="annex")
    assert [row.role for row in found.directive_files(directive)] == ["annex"]
    key = file.attachment.public_id
    assert found.directive_file_get(directive, key) == file.attachment
    do(services.directive_file_remove, directive, file=key)
    assert found.directive_files(directive) == []
    with pytest.raises(NotVisible):
        found.directive_file_get(directive, key)
    with pytest.raises(NotVisible):
        do(services.directive_file_remove, directive, file=key)
    assert DirectiveFile.objects.count() == 1
    assert history(directive)[-2:] == ["file_added", "file_removed"]
    assert last(directive)["name"] == "bien-ban.txt"
    sound()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"attachment": "x"}, "attachment"), ({"role": "x"}, "role"), ({"title": "x" * 201}, "title")],
)
def test_a_wrong_file_names_its_field(changes: dict[str, Any], field: str) -> None:
    directive = entered()
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_file_add, directive, **({"attachment": upload()} | changes))
    assert list(caught.value.fields) == [field]


def test_a_file_of_another_document_is_not_there() -> None:
    one, other = in_force(), in_force(number="22-CV/TU")
    file = do(services.directive_file_add, one, attachment=upload())
    with pytest.raises(NotVisible):
        found.directive_file_get(other, file.attachment.public_id)
    with pytest.raises(NotVisible):
        do(services.directive_file_remove, other, file=file.attachment.public_id)


# Relations


def test_a_document_in_force_replaces_another_at_once() -> None:
    directive = in_force()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu", at=AT)
    replaced = Directive.objects.get(slug="07-ct-tu")
    assert replaced.state == "replaced"
    assert last(replaced) == {"by": NUMBER, "version": replaced.version}
    assert last(directive) == {"kind": "replaces", "target": "07-CT/TU", "version": 3}
    with pytest.raises(InvalidInput):
        do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")
    with pytest.raises(NotPermitted):
        do(services.directive_change, replaced, record=record(number="07-CT/TU"))
    sound()


def test_a_draft_replaces_when_it_is_put_in_force() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu")
    assert Directive.objects.get(slug="07-ct-tu").state == "in_force"
    do(services.directive_publish, directive, at=AT)
    assert Directive.objects.get(slug="07-ct-tu").state == "replaced"
    sound()


def test_a_relation_of_a_draft_is_taken_back() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="replaces", target="07-ct-tu")
    do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")
    do(services.directive_publish, directive, at=AT)
    assert Directive.objects.get(slug="07-ct-tu").state == "in_force"
    assert history(directive) == ["created", "related", "unrelated", "published"]
    with pytest.raises(NotVisible):
        do(services.directive_unrelate, directive, kind="replaces", target="07-ct-tu")


@pytest.mark.parametrize(
    ("kind", "target", "field"),
    [
        ("follows", "07-ct-tu", "kind"),
        ("continues", "99-ct-tu", "target"),
        ("continues", SLUG, "target"),
        ("continues", "36-ct-tu", "target"),
        ("replaces", "22-cv-tu", "target"),
    ],
)
def test_a_wrong_relation_names_its_field(kind: str, target: str, field: str) -> None:
    directive = in_force()
    entered(number="22-CV/TU")
    do(services.directive_relate, directive, kind="continues", target="36-ct-tu")
    with pytest.raises(InvalidInput) as caught:
        do(services.directive_relate, directive, kind=kind, target=target)
    assert list(caught.value.fields) == [field]


def test_relations_are_read_from_both_sides() -> None:
    directive = entered()
    do(services.directive_relate, directive, kind="amends", target="07-ct-tu")
    other = Directive.objects.get(slug="07-ct-tu")
    seen = [row.source.slug for row in found.relations_to(other, access_make("propaganda"))]
    assert SLUG in seen
    hidden = [row.source.slug for row in found.relations_to(other, access_make("secretary"))]
    assert SLUG not in hidden
