"""What narrows the inbox beyond the filters that stand in its form.

Such filters come by a link, from the desk or the overview: the page says them in words, and
filtering again keeps them.
"""

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from communes.selectors import unit_by_code

MARKED = {
    "escalated": gettext_lazy("escalated"),
    "unassigned": gettext_lazy("without an officer"),
    "approval": gettext_lazy("waiting for the head"),
    "citizen_wrote": gettext_lazy("petitioner wrote"),
    "forwarded": gettext_lazy("forwarded to us"),
}
_OWN_WAY = {"cursor", "page_size", "format"}


def kept_filters(query: Mapping[str, str], shown: Collection[str]) -> dict[str, str]:
    """The filters of a checked query that the form does not show."""
    return {
        name: value.strip()
        for name, value in query.items()
        if value.strip() and name not in shown and name not in _OWN_WAY
    }


def filter_words(kept: Mapping[str, str]) -> list[str]:
    """Which unit, whose cases, due when, as the reader would say it."""
    words = []
    unit = unit_by_code(kept.get("unit", ""))
    if unit:
        words.append(unit.full_name)
    if "assignee" in kept:
        officer = User.objects.filter(username=kept["assignee"]).first()
        words.append(_("officer: %(name)s") % {"name": officer.full_name if officer else "–"})
    words += [str(label) for name, label in MARKED.items() if name in kept]
    if "due_after" in kept or "due_before" in kept:
        words.append(_due_words(kept.get("due_after", ""), kept.get("due_before", "")))
    return words


def _due_words(after: str, before: str) -> str:
    """The days of a span that ends before ``before``."""
    first = f"{dt.date.fromisoformat(after):%d/%m/%Y}" if after else ""
    last_day = dt.date.fromisoformat(before) - dt.timedelta(days=1) if before else None
    last = f"{last_day:%d/%m/%Y}" if last_day else ""
    if not last:
        return _("due from %(first)s") % {"first": first}
    if not first:
        return _("due until %(last)s") % {"last": last}
    if first == last:
        return _("due on %(day)s") % {"day": first}
    return _("due from %(first)s to %(last)s") % {"first": first, "last": last}
