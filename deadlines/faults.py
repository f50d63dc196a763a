"""What can be wrong with a question about time. Pure: the edges turn it into an answer."""


class ClockFault(ValueError):
    """Base of everything the arithmetic and the rules refuse."""


class CalendarMissing(ClockFault):
    """A day outside the years whose days off are known."""


class WrongSuspension(ClockFault):
    """A suspension that ends before it begins, or two that overlap."""


class HoursWrong(ClockFault):
    """Working hours or a number of hours that cannot be."""


class RuleUnknown(ClockFault):
    """No rule of that code, or none for that kind, stage and condition."""


class NotInForce(ClockFault):
    """The rule is not in force on the day that starts the clock; the second argument names it."""


class ExtensionRefused(ClockFault):
    """The law allows no (further) extension here; the second argument names the article."""


class NoFixedLimit(ClockFault):
    """The rule states no number of days; the second argument names its article."""


class RuleTableWrong(ClockFault):
    """``rules.csv`` contradicts itself; the program must not start."""
