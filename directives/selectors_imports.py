"""Reading files of assignments: the list of a document, one file, its rows."""

import uuid

from django.db.models import QuerySet

from accounts.access import Access
from common.api import Keyset
from common.errors import NotVisible
from directives.enums import ImportRowState
from directives.models import AssignmentImport, Directive, ImportRow

ROW_ORDER = Keyset("number")
IMPORT_ORDER = Keyset("-id")


def imports_of(access: Access, directive: Directive) -> QuerySet[AssignmentImport]:
    """The files of a document, newest first."""
    rows = AssignmentImport.objects.visible_to(access).filter(directive=directive)
    return rows.select_related("attachment", "by")


def import_get_for(access: Access, slug: str, public_id: uuid.UUID) -> AssignmentImport:
    """Raises NotVisible."""
    rows = AssignmentImport.objects.visible_to(access).filter(directive__slug=slug)
    found = (
        rows.filter(public_id=public_id)
        .select_related("directive", "attachment", "by", "started_by")
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def rows_of(found: AssignmentImport, *states: ImportRowState) -> QuerySet[ImportRow]:
    """Rows in these states, as they stand in the file, with unit and task."""
    rows = ImportRow.objects.filter(of=found, state__in=states)
    return rows.select_related("unit", "task")
