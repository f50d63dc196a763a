"""Files of assignments and what is done with them."""

import io
from typing import Any

from attachments.services import attachment_store
from directives.models import AssignmentImport, Directive, ImportRow
from directives.services.imports import import_check, import_start
from tests.common.workbooks import Cell, workbook
from tests.directives.giving import AT
from tests.people import access_make

HEAD = ["Mã nhiệm vụ", "Mã đơn vị", "Giao cho", "Hạn hoàn thành", "Ghi chú"]
DIRECTIVE = "1699-cv-tu"


def stored(data: bytes, name: str = "giao-viec.xlsx") -> str:
    return str(attachment_store(stream=io.BytesIO(data), name=name).public_id)


def sheet(*rows: list[Cell], head: list[Cell] | None = None, **more: Any) -> bytes:
    return workbook([head or list(HEAD), *rows], **more)


def brought(*rows: list[Cell], who: str = "propaganda", **more: Any) -> AssignmentImport:
    """A file that was checked."""
    return import_check(
        access=access_make(who), slug=DIRECTIVE, attachment=stored(sheet(*rows, **more)), at=AT
    )


def started(found: AssignmentImport, who: str = "propaganda", **more: Any) -> AssignmentImport:
    values = {"at": AT} | more
    return import_start(access=access_make(who), public_id=found.public_id, **values)


def now_of(found: AssignmentImport) -> AssignmentImport:
    return AssignmentImport.objects.get(pk=found.pk)


def faults(found: AssignmentImport) -> list[tuple[int, str, str]]:
    """Row, column and code of everything that is wrong."""
    rows = ImportRow.objects.filter(of=found).order_by("number")
    return [
        (row.number, column, code)
        for row in rows
        for column, (code, _params) in sorted(row.faults.items())
    ]


def counts(found: AssignmentImport) -> tuple[int, int, int]:
    row = now_of(found)
    return row.rows_new, row.rows_existing, row.rows_wrong


def directive() -> Directive:
    return Directive.objects.get(slug=DIRECTIVE)
