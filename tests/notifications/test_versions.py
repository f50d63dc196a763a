"""Texts change with the law: which one holds is decided by the day of the event."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from common.time import local_moment
from notifications.delivery import outbox_deliver
from notifications.rendering import render
from notifications.services import NewMessage, outbox_write
from notifications.texts import text_path, text_versions
from tests.people import person_make

TEXT = '{{% extends "notifications/base.txt" %}}{{% block subject %}}{0}{{% endblock %}}'
CHANGE = dt.date(2027, 1, 1)


@pytest.fixture
def changed_law(tmp_path: Path, settings: Any) -> None:
    """``reminder`` has a second version from 1 January and a third from 1 July 2027."""
    folder = tmp_path / "notifications"
    folder.mkdir()
    (folder / "reminder@2027-01-01.txt").write_text(TEXT.format("Second"), "utf-8")
    (folder / "reminder@2027-07-01.txt").write_text(TEXT.format("Third"), "utf-8")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [first | {"DIRS": [*first["DIRS"], tmp_path]}]


def test_the_version_of_the_day_is_taken(changed_law: None) -> None:
    def shown(day: dt.date) -> str:
        return render("reminder", {}, on=day)[0]

    before = CHANGE - dt.timedelta(days=1)
    assert shown(before) == "Có hồ sơ sắp đến hạn"
    assert [shown(CHANGE), shown(dt.date(2027, 6, 30))] == ["Second", "Second"]
    assert shown(dt.date(2027, 7, 1)) == "Third"
    assert [version.valid_from for version in text_versions()["reminder"]] == [
        None,
        CHANGE,
        dt.date(2027, 7, 1),
    ]


def test_other_texts_keep_their_only_version(changed_law: None) -> None:
    assert text_path("escalation", dt.date(2030, 1, 1)) == "notifications/escalation.txt"


@pytest.mark.django_db
def test_what_happened_before_the_change_is_told_in_the_old_words(
    changed_law: None, mailoutbox: list[EmailMessage], time_machine: Any
) -> None:
    """Local dates: 23:30 in Hà Nội on 31 December is still the old year."""
    person = person_make("handler")
    evening = local_moment(dt.date(2026, 12, 31), 23, 30)
    for key, at in (("old", evening), ("new", evening + dt.timedelta(hours=1))):
        outbox_write([NewMessage(key, "reminder", recipient_id=person.pk)], at=at)
    time_machine.move_to(local_moment(CHANGE, 9))
    assert outbox_deliver().sent == 2
    assert [mail.subject for mail in mailoutbox] == ["Có hồ sơ sắp đến hạn", "Second"]
