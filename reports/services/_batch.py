"""What batches of registers and of papers share: lock, end, history."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from common.codes import public_id_read
from common.errors import NotVisible
from common.history import NewEvent
from common.time import now
from reports.enums import BatchState
from reports.models import RegisterBatch, RegisterBatchEvent

ACTION = "reports.batch."
ONE_RUNS = _("Another batch of yours is being made: wait for it, or stop it.")


def batch_locked(access: Access, public_id: uuid.UUID | str) -> RegisterBatch:
    """A batch of the person, locked. Raises NotVisible."""
    rows = RegisterBatch.objects.visible_to(access).select_related("unit")
    locked = rows.select_for_update(of=("self",), no_key=True)
    found = locked.filter(public_id=public_id_read(str(public_id))).first()
    if found is None:
        raise NotVisible
    return found


def batch_end(batch: RegisterBatch, state: BatchState, at: dt.datetime) -> None:
    """It runs no more."""
    batch.state, batch.finished_at = state, at
    batch.save(update_fields=["state", "finished_at"])


def batch_record(
    batch: RegisterBatch, name: str, actor: int | None, data: dict[str, Any], at: dt.datetime | None
) -> None:
    """Append to the history of a batch, which is locked or new."""
    RegisterBatchEvent.append(NewEvent(batch.pk, ACTION + name, data, actor, at or now()))
