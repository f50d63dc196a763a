"""Redacted copies as officers make them and as verifiers read them."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from attachments.models import Attachment
from common.errors import NotPermitted, NotVisible
from common.text import storable
from petitions.enums import CopyState, FileDecision, Kind, PartyRole
from petitions.models import Case, Letter, RedactedCopy, RedactedFile
from petitions.policies import may_redact
from petitions.redaction_rules import covered
from petitions.selectors import case_get_for

TEXT_LABELS = {
    "subject": _("Subject line"),
    "content": _("Content"),
    "request": _("What is asked for"),
}


def letter_to_redact(access: Access, code: str, letter_code: str) -> tuple[Case, Letter]:
    """A letter of a denunciation that the person may make copies of.

    Raises NotVisible, also for letters of other kinds, which are not sealed; NotPermitted.
    """
    case = case_get_for(access, code)
    letter = Letter.objects.filter(case=case, code=storable(letter_code)).first()
    if letter is None or not case.is_denunciation:
        raise NotVisible
    refusal = may_redact(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    return case, letter


def names_denouncer(letter: Letter) -> bool:
    """Whether the letter came with a name; nobody can look for one that nobody gave."""
    return letter.parties.filter(role=PartyRole.PETITIONER).exists()


def copies_of(letter: Letter) -> list[RedactedCopy]:
    """Every version, the newest first."""
    return list(letter.redacted_copies.select_related("made_by", "released_by", "withdrawn_by"))


def draft_of(letter: Letter) -> RedactedCopy | None:
    return letter.redacted_copies.filter(state=CopyState.DRAFT).first()


def files_of(copy: RedactedCopy) -> list[RedactedFile]:
    return list(copy.files.select_related("attachment", "prepared", "result"))


def file_of(letter: Letter, public_id: object) -> RedactedFile:
    """A file of the draft by the public identifier of the original. Raises NotVisible."""
    found = (
        RedactedFile.objects.select_related("copy", "attachment", "prepared")
        .filter(
            copy__letter=letter, copy__state=CopyState.DRAFT, attachment__public_id=str(public_id)
        )
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def originals_of(letter: Letter) -> list[Attachment]:
    """Every file that the denouncer sent: with the letter and with messages about it."""
    own = Q(letterattachment__letter=letter) | Q(messageattachment__message__letter=letter)
    return list(Attachment.objects.filter(own).distinct().order_by("id"))


def released_prefetch() -> Prefetch[Any]:
    """For letters: ``released_copies`` with the files that are in them; two queries."""
    given = RedactedFile.objects.filter(decision=FileDecision.GIVEN).select_related("result")
    released = RedactedCopy.objects.filter(state=CopyState.RELEASED).prefetch_related(
        Prefetch("files", queryset=given, to_attr="given")
    )
    return Prefetch("redacted_copies", queryset=released, to_attr="released_copies")


def released_by_letter(letters: Iterable[Letter]) -> dict[int, RedactedCopy]:
    """Letter → its released copy, of letters that carry ``released_copies``."""
    found = {letter.pk: getattr(letter, "released_copies", []) for letter in letters}
    return {pk: copies[0] for pk, copies in found.items() if copies}


def has_unredacted(case: Case) -> bool:
    """Whether a denunciation has a letter of which verifiers have no copy."""
    return case.is_denunciation and _lacking().filter(case=case).exists()


def codes_unredacted(access: Access, codes: Iterable[str]) -> list[str]:
    """Of these cases, as far as the reader sees them, the denunciations with a letter of which
    verifiers have no copy. One query."""
    lacking = _lacking().filter(case=OuterRef("pk"))
    seen = Case.objects.visible_to(access).filter(code__in=list(codes), kind=Kind.DENUNCIATION)
    return list(seen.filter(Exists(lacking)).order_by("code").values_list("code", flat=True))


def _lacking() -> QuerySet[Letter]:
    """Letters of which no copy is released."""
    released = RedactedCopy.objects.filter(state=CopyState.RELEASED).values("letter_id")
    return Letter.objects.exclude(pk__in=released)


def texts_covered(copy: RedactedCopy, letter: Letter) -> dict[str, str]:
    """The texts as the draft covers them."""
    return {name: covered(getattr(letter, name), copy.spans.get(name, [])) for name in copy.TEXTS}


def fingerprint(copy: RedactedCopy, files: Iterable[RedactedFile]) -> str:
    """Changes with everything that a release would use: what was checked is what is released."""
    state = [copy.pk, copy.spans] + [
        [f.pk, f.decision, f.boxes, f.left_pages, f.spans, f.prepared_id] for f in files
    ]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:32]
