"""What was done for an online reception and holds no longer."""

from collections.abc import Sequence
from typing import Any

from receptions.enums import OnlineStep
from receptions.models import ReceptionSession

# Done for one day and one link.
BEFORE_THE_DAY = (OnlineStep.NOTICE, OnlineStep.TEST)


def checks_reset(session: ReceptionSession, steps: Sequence[OnlineStep]) -> dict[str, Any]:
    """Take steps of a locked session off its checklist, to be done again; what was done before
    stays in the history. Returns which, for the event."""
    rows = session.online_checks.filter(step__in=steps)
    gone = sorted(rows.values_list("step", flat=True))
    rows.delete()
    return {"online_again": gone} if gone else {}
