"""The register of directives: entering a document, correcting it, putting it in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import constraint_errors
from common.errors import InvalidInput
from common.text import fold
from common.time import local_date, now
from directives import validators as v
from directives.enums import Confidentiality, DirectiveKind, DirectiveState
from directives.models import Directive
from directives.policies import may_change_record, may_keep, may_publish
from directives.selectors_register import replaced_by
from directives.services._record import (
    directive_locked,
    plain,
    record_event,
    record_step,
    refuse,
    version_match,
)
from directives.services.replacements import owed_checked, replaced_mark
from directives.wording import search_words

SLUG_MAX = 50


@dataclass(frozen=True)
class Record:
    """A document as it stands on the paper. Dates are local; without ``valid_from`` it holds from
    ``issued_on``. Internal documents are never public."""

    number: str
    kind: str
    issued_on: dt.date
    issuer: str
    subject: str
    signer: str = ""
    summary: str = ""
    source: str = ""
    text_note: str = ""
    is_text_public: bool = False
    is_public: bool = False
    confidentiality: str = Confidentiality.OPEN
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@transaction.atomic
def directive_create(*, access: Access, record: Record, at: dt.datetime | None = None) -> Directive:
    """Enter a document as a draft, seen only by whoever gives tasks. Raises NotPermitted,
    InvalidInput on the names of ``Record``, Conflict when the number was taken just now."""
    refuse(may_keep(access))
    values = _checked(record)
    directive = Directive(
        slug=_slug(values["number"]),
        state=DirectiveState.DRAFT,
        **values,
        search_text=_words(values),
    )
    with constraint_errors(_taken()), transaction.atomic():
        directive.save(force_insert=True)
    record_event(directive, access, "created", {"number": directive.number}, at=at)
    return directive


@transaction.atomic
def directive_change(
    *, access: Access, slug: str, version: int, record: Record, at: dt.datetime | None = None
) -> Directive:
    """Correct the record of a document; what changed, from and to, is in its history. Nothing to
    change makes no version. Raises NotVisible, NotPermitted, Stale, else as ``directive_create``."""
    directive = directive_locked(access, slug)
    refuse(may_change_record(access, directive))
    version_match(directive, version)
    values = _checked(record, directive)
    changed = {
        name: [plain(getattr(directive, name)), plain(value)]
        for name, value in values.items()
        if getattr(directive, name) != value
    }
    if not changed:
        return directive
    for name, value in values.items():
        setattr(directive, name, value)
    directive.search_text = _words(values)
    with constraint_errors(_taken()), transaction.atomic():
        record_step(directive, access, "changed", {"fields": changed}, at=at)
    return directive


@transaction.atomic
def directive_publish(
    *,
    access: Access,
    slug: str,
    version: int,
    owed: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Directive:
    """Put a draft in force: its tasks can be given, and what it replaces counts as replaced;
    ``owed`` says what becomes of the open tasks of those documents.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on ``issued_on`` (not issued yet) or
    ``owed``."""
    moment = at or now()
    directive = directive_locked(access, slug)
    refuse(may_publish(access, directive))
    version_match(directive, version)
    if directive.issued_on > local_date(moment):
        message = _("The document is dated in the future; correct its date first.")
        raise InvalidInput(fields={"issued_on": [message]})
    replaced = replaced_by(directive)
    owed_checked(owed, replaced)
    directive.state = DirectiveState.IN_FORCE
    record_step(directive, access, "published", {}, at=moment)
    for one in replaced:
        replaced_mark(access, one.pk, directive, owed, moment, quiet=quiet)
    return directive


def _checked(record: Record, known: Directive | None = None) -> dict[str, Any]:
    """The values of the record, cleaned. Raises InvalidInput naming every wrong one."""
    errors: dict[str, list[Any]] = {}
    values = asdict(record) | _texts(record, errors)
    for name, allowed in (
        ("kind", DirectiveKind.values),
        ("confidentiality", Confidentiality.values),
    ):
        if values[name] not in allowed:
            errors[name] = [_("Choose one of the values of the list.")]
    if record.is_public and record.confidentiality == Confidentiality.INTERNAL:
        errors["is_public"] = [_("An internal document is never shown to the public.")]
    if record.valid_until and record.valid_until < (record.valid_from or record.issued_on):
        errors["valid_until"] = [_("The last day lies before the first.")]
    if "number" not in errors:
        errors |= _number_wrong(values["number"], known)
    if errors:
        raise InvalidInput(fields=errors)
    return values


def _texts(record: Record, errors: dict[str, list[Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, most in v.RECORD_TEXTS.items():
        check = v.text_checked if name in v.RECORD_NEEDED else v.text_optional
        try:
            found[name] = check(name, getattr(record, name), most)
        except InvalidInput as error:
            errors |= {key: list(texts) for key, texts in error.fields.items()}
    return found


def _number_wrong(number: str, known: Directive | None) -> Mapping[str, list[Any]]:
    if not any(sign.isdigit() for sign in number):
        return {"number": [_("The number of a document has at least one digit.")]}
    others = Directive.objects.filter(number__iexact=number)
    if known is not None:
        others = others.exclude(pk=known.pk)
    return {"number": [_taken()["directives_directive_number_key"]]} if others.exists() else {}


def _taken() -> dict[str, str]:
    words = _("A document with this number is already in the register.")
    return dict.fromkeys(
        ("directives_directive_number_key", "directives_directive_slug_key"), words
    )


def _slug(number: str) -> str:
    """The document's name in addresses, made of its number once and for all."""
    base = slugify(fold(number).replace("/", "-"))[:SLUG_MAX].strip("-")
    taken = set(Directive.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (f"{base}-b{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in free if name not in taken)


def _words(values: Mapping[str, Any]) -> str:
    return search_words(values["number"], values["subject"], values["summary"], values["issuer"])
