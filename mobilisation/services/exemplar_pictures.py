"""Pictures of a model: kept as pixels alone, with words for people who do not see them."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.pages import PICTURES, PagesError, picture_stripped
from attachments.services import (
    attachment_forget,
    attachment_keep,
    attachment_read,
    upload_spend,
)
from common.errors import InvalidInput, NotVisible, key_read
from directives.validators import text_checked
from mobilisation.models import Exemplar, ExemplarPicture
from mobilisation.policies_models import may_change
from mobilisation.services._exemplar import ExemplarStep, exemplar_begin

ALT_MAX = 300
PICTURES_MAX = 12
# The name of the file that came in may tell of its maker.
FILE_NAME = "anh-mo-hinh"


def picture_add(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    attachment: str,
    alt: str,
    at: dt.datetime | None = None,
) -> ExemplarPicture:
    """Add a picture (JPEG, PNG or WEBP): an upload that nobody has taken yet. What is kept is a new
    file of its pixels, the upload itself is gone.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on ``alt``, ``attachment``."""
    kept: list[Attachment] = []
    try:
        with transaction.atomic():
            return _added(access, public_id, version, attachment, alt, at, kept)
    except Exception:
        for file in kept:
            attachment_forget(file)
        raise


@transaction.atomic
def picture_remove(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    picture: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> Exemplar:
    """Show a picture no longer. Raises NotVisible, NotPermitted, Stale."""
    step = exemplar_begin(access, public_id, version, "picture_removed", may_change, at=at)
    rows = step.row.pictures.select_for_update(no_key=True)
    found = rows.filter(public_id=key_read(picture), removed_at=None).first()
    if found is None:
        raise NotVisible
    found.removed_at = step.at
    found.save(update_fields=["removed_at"])
    step.data["picture"] = str(found.public_id)
    step.finish()
    return step.row


def _added(
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    attachment: str,
    alt: str,
    at: dt.datetime | None,
    kept: list[Attachment],
) -> ExemplarPicture:
    step = exemplar_begin(access, public_id, version, "picture_added", may_change, at=at)
    words = text_checked("alt", alt, ALT_MAX)
    if step.row.pictures.filter(removed_at=None).count() >= PICTURES_MAX:
        message = _("At most %(n)d pictures.") % {"n": PICTURES_MAX}
        raise InvalidInput(fields={"attachment": [message]})
    file = _pixels(step, attachment)
    kept.append(file)
    row = ExemplarPicture.objects.create(
        exemplar=step.row, attachment=file, alt=words, by_id=access.actor_id, at=step.at
    )
    step.data["picture"] = str(row.public_id)
    step.finish()
    return row


def _pixels(step: ExemplarStep, attachment: str) -> Attachment:
    """The upload as a file without anything but its pixels. Raises InvalidInput on
    ``attachment``."""
    upload = upload_spend(public_id=attachment, field="attachment")
    message = _("Choose a picture that can be opened: JPG, PNG or WEBP.")
    if upload.content_type not in PICTURES:
        raise InvalidInput(fields={"attachment": [message]})
    try:
        data = picture_stripped(attachment_read(upload), upload.content_type)
    except PagesError:
        raise InvalidInput(fields={"attachment": [message]}) from None
    return attachment_keep(data=data, name=FILE_NAME, content_type=upload.content_type, at=step.at)
