"""What the engine refuses, as answers for people and programs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError, InvalidInput
from deadlines import faults


class NoFixedLimit(DomainError):
    code = "no_fixed_limit"
    message = _("The law states no number of days for this rule.")


class NotInForce(DomainError):
    code = "not_in_force"
    message = _("This rule was not in force on that day.")


class CalendarMissing(DomainError):
    code = "calendar_missing"
    message = _("The days off of that time are not known yet.")


class ClockNotRunning(Conflict):
    code = "clock_state"
    message = _("The time limit has already been met, stopped or cancelled.")


_ANSWERS: dict[type[faults.ClockFault], type[DomainError]] = {
    faults.NoFixedLimit: NoFixedLimit,
    faults.NotInForce: NotInForce,
    faults.CalendarMissing: CalendarMissing,
}


@contextmanager
def fault_answers() -> Iterator[None]:
    """Turn what the pure arithmetic refuses into the answer that fits; input faults name a field."""
    try:
        yield
    except faults.WrongSuspension as fault:
        message = _(
            "A suspension ends after it begins, and two do not overlap (Article 11a of the Law on "
            "Complaints, Article 34 of the Law on Denunciations)."
        )
        raise InvalidInput(fields={"suspended": [message]}) from fault
    except faults.HoursWrong as fault:
        message = _("Give a moment as YYYY-MM-DDTHH:MM, Hanoi time.")
        raise InvalidInput(fields={"start": [message]}) from fault
    except faults.RuleUnknown as fault:
        message = _("There is no rule with this code; every rule has its article in the table.")
        raise InvalidInput(fields={"rule": [message]}) from fault
    except faults.ExtensionRefused as fault:
        refusal = _("The law allows no further extension: %(basis)s.") % {"basis": fault.args[1]}
        raise InvalidInput(fields={"extension": [refusal]}) from fault
    except (faults.NotInForce, faults.NoFixedLimit) as fault:
        answer = _ANSWERS[type(fault)]
        raise answer(f"{answer.message} {_('Legal basis')}: {fault.args[1]}.") from fault
    except faults.ClockFault as fault:
        raise _ANSWERS[type(fault)] from fault
