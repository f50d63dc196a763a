"""The page of a task, as it is read and sent."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directives.models import Assignment
from directives.services import extension_ask
from tests.directives.giving import (
    DUE,
)
from tests.people import access_make

WANTED = DUE + dt.timedelta(days=10)


def path(row: Assignment, step: str = "") -> str:
    return f"/can-bo/chi-dao/viec/{row.public_id}/{step}"


def page(client: Client, row: Assignment) -> str:
    return client.get(path(row)).content.decode()


def now_of(row: Assignment) -> Assignment:
    return Assignment.objects.get(pk=row.pk)


def paper(name: str = "bien-ban.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"Bien ban doi thoai", "text/plain")


def asked(row: Assignment) -> None:
    extension_ask(
        access=access_make("clerk"),
        public_id=row.public_id,
        version=now_of(row).version,
        wanted_on=WANTED,
        reason="Hội trường đang sửa.",
    )
