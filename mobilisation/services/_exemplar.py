"""What every change of a model does beyond a change of any register (``_step``)."""

import datetime as dt
import uuid
from typing import Any

from accounts.access import Access
from common.errors import allow
from common.text import fold
from common.time import now
from mobilisation.models import Exemplar
from mobilisation.services._step import Step, locked, version_check

ACTION = "exemplar."


class ExemplarStep(Step):
    """One change of a locked model."""

    row: Exemplar

    def inform(self, template: str, **address: Any) -> None:
        """Queue a notice about the model."""
        row = self.row
        params = {"unit": row.unit.full_name, "name": row.title, "id": str(row.public_id)}
        self.tell(template, params, **address)

    def finish(self) -> None:
        """Save the model with what is searched in it, append the event, write the notices."""
        self.row.changed_at = self.at
        self.row.search_text = fold(
            f"{self.row.title} {self.row.carried_out_by} {self.row.unit.full_name}"
        )
        super().finish()


def exemplar_begin(
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    action: str,
    may: Any,
    *,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ExemplarStep:
    """Lock the visible model for its next version. ``may``: the policy. Raises NotVisible,
    NotPermitted, Stale (with the current version)."""
    row = exemplar_locked(access, public_id)
    allow(may(access, row))
    version_check(row, version)
    row.version += 1
    return ExemplarStep(row, access, at or now(), ACTION + action, quiet)


def exemplar_locked(access: Access, public_id: uuid.UUID | str) -> Exemplar:
    """The visible model under its lock. Raises NotVisible, also when the key is malformed."""
    return locked(Exemplar.objects.visible_to(access).with_list_data(), public_id)
