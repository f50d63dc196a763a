"""Leaders' reception days: what is owed, what is planned, who comes, what came of it."""

from receptions.models.conclusion import (
    TASK_OVER,
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    ConclusionTaskFile,
    Minutes,
    MinutesAddendum,
    VisitClock,
)
from receptions.models.day import OnlineCheck, Refusal, VisitPaper, VisitVersion
from receptions.models.pattern import SessionPattern
from receptions.models.quota import DutyQuota, QuotaUrging, QuotaWarning
from receptions.models.register import RegisterEvent
from receptions.models.registration import (
    GONE,
    WITHOUT_PLACE,
    PlaceHold,
    PlaceReturn,
    Registration,
)
from receptions.models.session import (
    MOVED,
    OF_SESSION,
    SHOWN_PUBLICLY,
    STANDING,
    TOLD,
    ReceptionSession,
    SessionEvent,
    SessionQuerySet,
)
from receptions.models.telling import EXPECTING, SEEN, VisitorTelling
from receptions.models.visit import VisitRecord

__all__ = [
    "EXPECTING",
    "GONE",
    "MOVED",
    "OF_SESSION",
    "SEEN",
    "SHOWN_PUBLICLY",
    "STANDING",
    "TASK_OVER",
    "TOLD",
    "WITHOUT_PLACE",
    "ConclusionClock",
    "ConclusionNotice",
    "ConclusionTask",
    "ConclusionTaskFile",
    "DutyQuota",
    "Minutes",
    "MinutesAddendum",
    "OnlineCheck",
    "PlaceHold",
    "PlaceReturn",
    "QuotaUrging",
    "QuotaWarning",
    "ReceptionSession",
    "Refusal",
    "RegisterEvent",
    "Registration",
    "SessionEvent",
    "SessionPattern",
    "SessionQuerySet",
    "VisitClock",
    "VisitPaper",
    "VisitRecord",
    "VisitVersion",
    "VisitorTelling",
]
