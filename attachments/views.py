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
    file = _stripped(attachment) if is_stripped else attachment.file.open("rb")
    name = name_for(attachment.name, attachment.content_type)
    return file_response(file, name, attachment.content_type)


def file_response(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    """A file that was made for this request, as the same kind of download."""
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


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
