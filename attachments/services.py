"""Taking files in, giving them to a letter, removing what nobody took."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from typing import IO

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from attachments.checks import fault_of
from attachments.content import content_type_of
from attachments.models import Attachment, AttachmentState, storage_path
from attachments.names import name_clean
from common.errors import DomainError, InvalidInput
from common.time import now

log = structlog.get_logger(__name__)
SIZE_MAX = 20 * 1024 * 1024  # bytes
UNCLAIMED_LIFE = dt.timedelta(days=8)  # a draft lives seven days, its files a day longer
PRUNE_BATCH = 500


class TooLarge(DomainError):
    """The file is larger than ``SIZE_MAX``."""

    status = 413
    code = "too_large"

    def __init__(self) -> None:
        message = _("The file is too large: at most %(size)s MB.") % {"size": SIZE_MAX // 1024**2}
        super().__init__(message, fields={"file": [message]})


def attachment_store(*, stream: IO[bytes], name: str, at: dt.datetime | None = None) -> Attachment:
    """Check a file by its content and keep it privately, not yet claimed by a letter.

    Raises TooLarge (413) or InvalidInput for an empty file, a kind that is not accepted or
    something hostile in it; a refusal is logged without name and content.
    """
    data = stream.read(SIZE_MAX + 1)
    if len(data) > SIZE_MAX:
        raise TooLarge
    if not data:
        raise InvalidInput(fields={"file": [_("The file is empty.")]}, code="empty_file")
    content_type = _accepted(data)
    attachment = Attachment(
        name=name_clean(name),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        uploaded_at=at or now(),
    )
    _save(attachment, data)
    return attachment


def _accepted(data: bytes) -> str:
    content_type = content_type_of(data)
    fault = fault_of(data, content_type) if content_type else "wrong_type"
    if content_type is None or fault is not None:
        log.warning("upload_refused", fault=fault, type=content_type, size=len(data))
        code = fault if fault == "wrong_type" else "hostile_file"
        words = _WORDS.get(fault or "", _unsafe)()
        raise InvalidInput(fields={"file": [words]}, code=code)
    return content_type


def attachment_keep(*, data: bytes, name: str, content_type: str, at: dt.datetime) -> Attachment:
    """Keep a file that the portal made itself, claimed from the start.

    The caller removes the stored file with ``attachment_forget`` when its transaction fails.
    """
    attachment = Attachment(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        uploaded_at=at,
        claimed_at=at,
    )
    _save(attachment, data)
    return attachment


def attachment_reserve(*, data: bytes, name: str, content_type: str, at: dt.datetime) -> Attachment:
    """Keep a file that the portal made itself before it is placed anywhere. Outside of any
    transaction: the row is there before the bytes.

    The caller takes it with ``attachments_claim`` or removes it with ``attachment_drop``; of a
    process that was killed before, ``attachments_prune`` removes both.
    """
    attachment = Attachment(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        uploaded_at=at,
    )
    attachment.file.name = storage_path(attachment, "")
    with transaction.atomic(durable=True):
        attachment.save(force_insert=True)
    attachment.file.save("", ContentFile(data), save=False)
    return attachment


def attachment_drop(attachment: Attachment) -> None:
    """Remove a reserved file that nobody took."""
    if Attachment.objects.filter(pk=attachment.pk, claimed_at=None).delete()[0]:
        _remove(attachment)


def attachment_forget(attachment: Attachment) -> None:
    """Remove the stored bytes of a row that was never committed."""
    _remove(attachment)


def attachment_read(attachment: Attachment) -> bytes:
    """The bytes as they came in. Whoever calls this has asked whether the person may."""
    with attachment.file.open("rb") as file:
        data: bytes = file.read()
    return data


def attachments_claim(*, public_ids: Sequence[str], at: dt.datetime) -> list[Attachment]:
    """Give uploads to a letter, in the caller's transaction: two queries.

    Raises InvalidInput on ``attachments`` when one is unknown or already taken.
    """
    wanted = list(dict.fromkeys(_uuid(text) for text in public_ids))
    free = Attachment.objects.filter(
        public_id__in=wanted, claimed_at=None, state=AttachmentState.STORED
    )
    found = {file.public_id: file for file in free.order_by("id").select_for_update(no_key=True)}
    if len(found) != len(wanted):
        raise _unknown()
    Attachment.objects.filter(pk__in=[file.pk for file in found.values()]).update(claimed_at=at)
    for file in found.values():
        file.claimed_at = at
    return [found[key] for key in wanted]


def upload_spend(*, public_id: str, field: str) -> Attachment:
    """Take an upload whose content is kept in another form: row and file are removed when the
    caller's transaction ends well; until then the file can be read.

    Raises InvalidInput on ``field`` when it is unknown or already taken.
    """
    free = Attachment.objects.filter(claimed_at=None, state=AttachmentState.STORED)
    try:
        found = free.select_for_update().filter(public_id=_uuid(public_id)).first()
        if found is None:
            raise _unknown()
    except InvalidInput as error:
        raise InvalidInput(fields={field: error.fields["attachments"]}) from None
    attachment_erase(found)
    return found


def attachment_erase(attachment: Attachment) -> None:
    """Remove the row, and the stored file when the caller's transaction ends well. A store that
    fails then is logged: what was committed has happened."""
    Attachment.objects.filter(pk=attachment.pk).delete()
    transaction.on_commit(lambda: _remove(attachment), robust=True)


def attachments_prune(*, at: dt.datetime) -> int:
    """Remove uploads that no letter took in ``UNCLAIMED_LIFE``; returns how many.

    Runs twice harmlessly.
    """
    before = at - UNCLAIMED_LIFE
    removed = 0
    while count := _prune_batch(before):
        removed += count
    return removed


def _prune_batch(before: dt.datetime) -> int:
    """Rows go first: a crash leaves a file without a row, never a row without its file."""
    with transaction.atomic():
        old = list(
            Attachment.objects.filter(claimed_at=None, uploaded_at__lt=before)
            .order_by("uploaded_at", "id")
            .select_for_update(skip_locked=True)[:PRUNE_BATCH]
        )
        Attachment.objects.filter(pk__in=[file.pk for file in old]).delete()
    for file in old:
        _remove(file)
    return len(old)


def _save(attachment: Attachment, data: bytes) -> None:
    attachment.file.save("", ContentFile(data), save=False)
    try:
        attachment.save(force_insert=True)
    except Exception:
        _remove(attachment)
        raise


def _remove(attachment: Attachment) -> None:
    """Delete the stored file; one that is already gone is no error."""
    if attachment.file.name:
        attachment.file.storage.delete(attachment.file.name)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise _unknown() from None


def _unknown() -> InvalidInput:
    message = _("A file was not found or has already been sent. Please upload it again.")
    return InvalidInput(fields={"attachments": [message]})


def _unsafe() -> str:
    return _(
        "The file cannot be opened safely: it is damaged, locked, or unpacks to far more than it"
        " seems."
    )


def _active() -> str:
    return _(
        "The PDF contains a program, an attached file or something that starts by itself. Print it"
        " to a new PDF and send that."
    )


def _with_programs() -> str:
    return _(
        "The file contains a macro, a program or a part that is fetched from elsewhere. Save it"
        " without them, or as PDF, and send that."
    )


def _two_kinds() -> str:
    return _("The file is two kinds of file at once and may not be sent.")


def _bad_picture() -> str:
    return _("The picture is damaged or has too many pixels: at most 65 million.")


def _wrong_kind() -> str:
    return _(
        "This kind of file is not accepted. Accepted: PDF, images (JPG, PNG, WEBP, HEIC),"
        " Word (DOCX), Excel (XLSX), text, audio (MP3, M4A), video (MP4)."
    )


_WORDS: dict[str, Callable[[], str]] = {
    "wrong_type": _wrong_kind,
    "active": _active,
    "macro": _with_programs,
    "external": _with_programs,
    "polyglot": _two_kinds,
    "picture": _bad_picture,
}
