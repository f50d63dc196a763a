"""Files of a document, and what it continues, amends, replaces or carries out."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.services import attachments_claim
from common.errors import InvalidInput, NotVisible, key_read
from common.time import now
from directives.enums import FileRole, RelationKind
from directives.models import Directive, DirectiveFile, DirectiveRelation
from directives.policies import may_change_record
from directives.services._record import directive_locked, record_step, refuse, version_match
from directives.services.replacements import owed_checked, replaced_mark
from directives.validators import FILE_TITLE_MAX, text_optional


@transaction.atomic
def directive_file_add(
    *,
    access: Access,
    slug: str,
    version: int,
    attachment: str,
    role: str = FileRole.TEXT,
    title: str = "",
    at: dt.datetime | None = None,
) -> DirectiveFile:
    """Add an upload that nobody has taken yet. Raises NotVisible, NotPermitted, Stale,
    InvalidInput on ``attachment``, ``role`` or ``title``."""
    moment = at or now()
    directive = _changeable(access, slug, version)
    if role not in FileRole.values:
        raise InvalidInput(fields={"role": [_("Choose one of the values of the list.")]})
    words = text_optional("title", title, FILE_TITLE_MAX)
    try:
        taken = attachments_claim(public_ids=[attachment], at=moment)[0]
    except InvalidInput as error:
        raise InvalidInput(fields={"attachment": error.fields["attachments"]}) from error
    file = DirectiveFile.objects.create(
        directive=directive,
        attachment=taken,
        role=role,
        title=words,
        by_id=access.actor_id,
        at=moment,
    )
    data = {"file": str(taken.public_id), "role": role, "name": words or taken.name}
    record_step(directive, access, "file_added", data, at=moment)
    return file


@transaction.atomic
def directive_file_remove(
    *,
    access: Access,
    slug: str,
    version: int,
    file: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> DirectiveFile:
    """No longer show a file; it stays in the history. Raises NotVisible, NotPermitted, Stale."""
    moment = at or now()
    directive = _changeable(access, slug, version)
    rows = directive.files.select_related("attachment").filter(removed_at=None)
    found = rows.filter(attachment__public_id=key_read(file)).first()
    if found is None:
        raise NotVisible
    found.removed_at = moment
    found.save(update_fields=["removed_at"])
    data = {"file": str(found.attachment.public_id), "name": found.title or found.attachment.name}
    record_step(directive, access, "file_removed", data, at=moment)
    return found


@transaction.atomic
def directive_relate(
    *,
    access: Access,
    slug: str,
    version: int,
    kind: str,
    target: str,
    owed: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> DirectiveRelation:
    """Say what a document continues, amends, replaces or carries out. What a document in force
    replaces counts as replaced at once, what a draft replaces when the draft is put in force; then
    ``owed`` says what becomes of the open tasks of the other.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on ``kind``, ``target`` or ``owed``."""
    moment = at or now()
    directive = _changeable(access, slug, version)
    other = _target(access, directive, kind, target)
    takes_effect = kind == RelationKind.REPLACES and directive.is_in_force
    if takes_effect:
        owed_checked(owed, [other])
    relation, is_new = DirectiveRelation.objects.get_or_create(
        source=directive, kind=kind, target=other
    )
    if not is_new:
        raise InvalidInput(fields={"target": [_("This relation is already recorded.")]})
    record_step(directive, access, "related", {"kind": kind, "target": other.number}, at=moment)
    if takes_effect:
        replaced_mark(access, other.pk, directive, owed, moment, quiet=quiet)
    return relation


@transaction.atomic
def directive_unrelate(
    *,
    access: Access,
    slug: str,
    version: int,
    kind: str,
    target: str,
    at: dt.datetime | None = None,
) -> None:
    """Take back a relation that was recorded by mistake; that a document in force replaces another
    stands. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``target``."""
    directive = _changeable(access, slug, version)
    found = directive.relations.select_related("target").filter(kind=kind, target__slug=target)
    relation = found.first()
    if relation is None:
        raise NotVisible
    if kind == RelationKind.REPLACES and directive.is_in_force:
        message = _("The other document already counts as replaced.")
        raise InvalidInput(fields={"target": [message]})
    relation.delete()
    data = {"kind": kind, "target": relation.target.number}
    record_step(directive, access, "unrelated", data, at=at)


def _changeable(access: Access, slug: str, version: int) -> Directive:
    directive = directive_locked(access, slug)
    refuse(may_change_record(access, directive))
    version_match(directive, version)
    return directive


def _target(access: Access, directive: Directive, kind: str, slug: str) -> Directive:
    errors: dict[str, list[str]] = {}
    if kind not in RelationKind.values:
        errors["kind"] = [_("Choose one of the values of the list.")]
    other = Directive.objects.visible_to(access).filter(slug=slug).first()
    if other is None:
        errors["target"] = [_("Choose a document of the register.")]
    elif other.pk == directive.pk:
        errors["target"] = [_("A document has no relation to itself.")]
    elif kind == RelationKind.REPLACES and not other.is_in_force:
        errors["target"] = [_("Only a document in force can be replaced.")]
    if errors or other is None:
        raise InvalidInput(fields=errors)
    return other
