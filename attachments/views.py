"""Serving a file. Whoever calls this has already asked whether the person may see it."""

from django.http import FileResponse

from attachments.models import Attachment


def attachment_response(attachment: Attachment) -> FileResponse:
    """The file as a download that no browser runs, guesses about or keeps."""
    answer = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
