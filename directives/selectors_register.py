"""Reading the register of directives: the list, what belongs to a document, its versions."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.access import Access
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible
from common.text import fold
from common.time import today
from directives.enums import OVER, DirectiveState, RelationKind
from directives.models import (
    Assignment,
    Directive,
    DirectiveEvent,
    DirectiveFile,
    DirectiveRelation,
    Task,
    TaskField,
    TaskGroup,
)

# In force by its state, but past its last day.
EXPIRED = "expired"
REGISTER_ORDER = Keyset("-issued_on", "slug")
VERSION_ORDER = Keyset("-sequence")


def register_list(
    access: Access, *, q: str = "", kind: str = "", state: str = ""
) -> QuerySet[Directive]:
    """Visible documents with all the words, accents or not, of a kind and state (or ``EXPIRED``)."""
    rows = Directive.objects.visible_to(access)
    for word in fold(q).split():
        rows = rows.filter(search_text__contains=word)
    if kind:
        rows = rows.filter(kind=kind)
    if state == EXPIRED:
        return rows.filter(state=DirectiveState.IN_FORCE, valid_until__lt=today())
    return rows.filter(state=state) if state else rows


def directive_files(directive: Directive) -> list[DirectiveFile]:
    """The files that are shown, in the order in which they came."""
    rows = directive.files.filter(removed_at=None)
    return list(rows.select_related("attachment", "by"))


def directive_file_get(directive: Directive, public_id: uuid.UUID) -> Attachment:
    """A file that is shown of a document that the caller may see. Raises NotVisible."""
    rows = directive.files.filter(removed_at=None, attachment__public_id=public_id)
    found = rows.select_related("attachment").first()
    if found is None:
        raise NotVisible
    return found.attachment


def relations_to(directive: Directive, access: Access) -> list[DirectiveRelation]:
    """What continues, amends, replaces or carries out this document, as far as it is visible."""
    rows = directive.related_from.filter(source__in=Directive.objects.visible_to(access))
    return list(rows.select_related("source").order_by("source__issued_on", "pk"))


def replaced_by(directive: Directive) -> list[Directive]:
    """The documents that this one replaces, or will replace when it is put in force."""
    rows = directive.relations.filter(kind=RelationKind.REPLACES).select_related("target")
    return [row.target for row in rows.order_by("pk")]


def directives_to_relate(access: Access, directive: Directive) -> QuerySet[Directive]:
    """Every other document that this person may see, newest first."""
    rows = Directive.objects.visible_to(access).exclude(pk=directive.pk)
    return rows.only("slug", "number", "subject", "state").order_by("-issued_on", "slug")


def directives_to_copy(access: Access, directive: Directive) -> QuerySet[Directive]:
    """The others that have groups of tasks."""
    rows = directives_to_relate(access, directive)
    return rows.filter(pk__in=TaskGroup.objects.values("directive_id"))


def versions(directive: Directive) -> QuerySet[DirectiveEvent]:
    return directive.events.select_related("actor")


def owed_count(directive: Directive) -> int:
    """How many assignments of a document are neither confirmed nor withdrawn."""
    return Assignment.objects.of(directive).exclude(state__in=OVER).count()


def breakdown(directive: Directive) -> list[TaskGroup]:
    """Groups in order with their tasks, the bodies in charge and those that help, and the
    fields that they are about; six queries."""
    rows = directive.groups.order_by("number")
    return list(
        rows.prefetch_related("tasks__lead_unit", "tasks__supporting_units", "tasks__topics__field")
    )


def topics_of(directive: Directive) -> dict[int, list[str]]:
    """Codes of the subject fields that the tasks of a document are about, by task; one query."""
    rows = TaskField.objects.filter(task__group__directive=directive)
    found: dict[int, list[str]] = {}
    for task, code in rows.order_by("field__position").values_list("task_id", "field__code"):
        found.setdefault(task, []).append(code)
    return found


def group_get(directive: Directive, code: str) -> TaskGroup:
    """Raises NotVisible."""
    found = directive.groups.filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def task_get(directive: Directive, code: str) -> Task:
    """A task that was not withdrawn. Raises NotVisible."""
    rows = Task.objects.live().filter(group__directive=directive, code=code)
    found = rows.select_related("group__directive", "lead_unit").first()
    if found is None:
        raise NotVisible
    return found


def tasks_live(directive: Directive, codes: Sequence[str] | None = None) -> list[Task]:
    """Tasks that can be given, by group and place; with ``codes`` those of them."""
    rows = Task.objects.live().filter(group__directive=directive)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    ordered = rows.order_by("group__number", "position")
    return list(ordered.select_related("group__directive"))


def task_owed(task: Task) -> int:
    """How many units still owe a task."""
    return Assignment.objects.filter(task=task).exclude(state__in=OVER).count()
