"""What every change of a model shares: the lock, the version, the history, the notices."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import NotPermitted, NotVisible, Stale, Text
from common.history import NewEvent
from common.text import fold
from common.time import now
from mobilisation.models import Exemplar, ExemplarEvent
from notifications.services import NewMessage, outbox_write

ACTION = "mobilisation.exemplar."


@dataclass
class Step:
    """One change of a locked model: what goes into the history and the outbox. ``at``: UTC."""

    row: Exemplar
    access: Access
    action: str
    at: dt.datetime
    quiet: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    def tell(self, template: str, of: Exemplar | None = None, **address: Any) -> None:
        """Queue a notice about the model, or about another one; its key is this change."""
        row = of or self.row
        key = f"exemplar:{self.row.public_id}:{self.row.version}:{template}"
        params = {"unit": self.row.unit.full_name, "name": row.title, "id": str(row.public_id)}
        self.messages.append(NewMessage(key=key, template=template, params=params, **address))

    def finish(self) -> Exemplar:
        """Save, append the event, write the notices."""
        self.row.changed_at = self.at
        self.row.search_text = search_words(self.row)
        self.row.save()
        data = {"version": self.row.version, **self.data}
        new = NewEvent(self.row.pk, ACTION + self.action, data, self.access.user_id, self.at)
        ExemplarEvent.append(new)
        outbox_write(self.messages, at=self.at, suppress=self.quiet)
        return self.row


def exemplar_begin(
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    action: str,
    may: Any,
    *,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Step:
    """Lock the visible model for its next version. ``may``: the policy. Raises NotVisible,
    NotPermitted, Stale (with the current version)."""
    row = exemplar_locked(access, public_id)
    allow(may(access, row))
    if row.version != version:
        raise Stale(
            _("Somebody else has changed this model since you opened it. Nothing was lost."),
            extra={"version": row.version, "state": row.state},
        )
    row.version += 1
    return Step(row, access, action, at or now(), quiet)


def exemplar_locked(access: Access, public_id: uuid.UUID | str) -> Exemplar:
    """The visible model under its lock. Raises NotVisible, also when the key is malformed."""
    found = (
        Exemplar.objects.visible_to(access)
        .with_list_data()
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=key_read(public_id))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def key_read(public_id: uuid.UUID | str) -> uuid.UUID:
    """A public identifier. Raises NotVisible when it is malformed."""
    try:
        return uuid.UUID(str(public_id))
    except ValueError:
        raise NotVisible from None


def allow(refusal: Text | None) -> None:
    """Raises NotPermitted with the reason, if there is one."""
    if refusal is not None:
        raise NotPermitted(refusal)


def search_words(row: Exemplar) -> str:
    """What the search of the register looks in, folded."""
    return fold(f"{row.title} {row.carried_out_by} {row.unit.full_name}")
