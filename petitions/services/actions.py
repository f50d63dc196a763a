"""Every action of the workflow: what it writes besides the status, clocks and history."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.access import Access
from common.errors import NotVisible
from petitions.models import Case, Note
from petitions.services import steps_after, steps_forwarding, steps_intake, steps_links, steps_work
from petitions.services._transition import Change, case_transition
from petitions.services.inputs import inputs_clean
from petitions.services.telling import Inputs, Prepare, paper_take
from petitions.workflow import ACTIONS, Action

PUBLIC_REASONS = frozenset(
    {
        Action.REQUEST_SUPPLEMENT,
        Action.SUSPEND,
        Action.EXTEND,
        Action.TERMINATE,
        Action.REOPEN,
        Action.FILE_AWAY,
    }
)
# Steps whose text is kept as their note; of the others it is a paper's.
TOLD_IN_TEXT = frozenset(
    {
        Action.HOLD_DIALOGUE,
        Action.ACT_ON_CONCLUSION,
        Action.START_ENFORCEMENT,
        Action.FINISH_ENFORCEMENT,
    }
)
_PREPARE: dict[Action, Prepare] = {
    **steps_intake.STEPS,
    **steps_forwarding.STEPS,
    **steps_links.STEPS,
    **steps_work.STEPS,
    **steps_after.STEPS,
}


def case_act(
    *,
    access: Access,
    code: str,
    action: str,
    version: int,
    inputs: Mapping[str, Any],
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Case:
    """Do an action of the workflow with its inputs. ``at``: UTC moment, now when absent.

    Raises InvalidInput (all wrong fields at once) and whatever ``case_transition`` raises.
    """
    if action not in ACTIONS:
        raise NotVisible

    def prepare(change: Change) -> None:
        cleaned = inputs_clean(change.row, inputs, change.case.kind)
        paper_take(change, cleaned)
        _PREPARE.get(change.row.action, _nothing)(change, cleaned)
        _keep_note(change, cleaned)

    return case_transition(
        access=access,
        code=code,
        action=action,
        version=version,
        prepare=prepare,
        at=at,
        quiet=quiet,
    )


def _nothing(change: Change, inputs: Inputs) -> None:
    """The table alone says everything about this action."""


def _keep_note(change: Change, inputs: Inputs) -> None:
    row = change.row
    text = inputs.get("reason") or inputs.get("note") or ""
    if row.action in TOLD_IN_TEXT:
        text = inputs["text"]
    if text:
        Note.objects.create(
            case=change.case,
            action=row.action.value,
            version=change.case.version + 1,
            text=text,
            is_public=row.action in PUBLIC_REASONS,
            by_id=change.access.actor_id,
            at=change.at,
        )
