"""Serving a file. Whoever calls this has already asked whether the person may see it."""

import io
from typing import IO

from django.http import FileResponse
from django.utils.translation import gettext as _

from attachments.models import Attachment
from attachments.names import name_for
from attachments.pages import PICTURES, PagesError, picture_stripped
from attachments.services import attachment_read
from common.errors import NotPermitted


def attachment_response(attachment: Attachment, *, is_stripped: bool = False) -> FileResponse:
    """The file as a download that no browser runs, guesses about or keeps.

    ``is_stripped``: a picture from its pixels alone, without place, time and owner. Raises
    NotPermitted for a picture that cannot be written anew.
    """
    answer = FileResponse(
        _stripped(attachment) if is_stripped else attachment.file.open("rb"),
        as_attachment=True,
        filename=name_for(attachment.name, attachment.content_type),
        content_type=attachment.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def file_response(data: bytes, name: str, content_type: str) -> FileResponse:
    """A file that the portal made for this request, as a download; the site's headers hold."""
    return FileResponse(
        io.BytesIO(data), as_attachment=True, filename=name, content_type=content_type
    )


def _stripped(attachment: Attachment) -> IO[bytes]:
    """Pictures without what the camera wrote into them; other files as they are."""
    if attachment.content_type not in PICTURES:
        file: IO[bytes] = attachment.file.open("rb")
        return file
    try:
        picture = picture_stripped(attachment_read(attachment), attachment.content_type)
    except PagesError:
        message = _("This picture cannot be shown without its hidden data; ask the desk for it.")
        raise NotPermitted(message) from None
    return io.BytesIO(picture)
