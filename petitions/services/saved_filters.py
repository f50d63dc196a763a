"""Keeping, naming and removing filters of the inbox, and with which one it opens."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.roles import Permission
from common.db import constraint_errors
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.text import clean, is_storable
from common.time import now
from petitions.filters import filters_clean
from petitions.models import InboxStart, SavedFilter
from petitions.selectors import saved_filters_for

NAME_MAX, QUERY_MAX, OWN_MAX = 60, 600, 30
PASSING = ("cursor", "page_size", "format")
_TWICE = gettext_lazy("There is a filter with this name already.")
_NAMES = {"filter_name_own_once": _TWICE, "filter_name_unit_once": _TWICE}


def filter_save(*, access: Access, name: str, query: str, for_unit: bool) -> SavedFilter:
    """Keep a query string of the inbox under a name, for oneself or for everybody of the unit.

    Raises InvalidInput (no name, a filter that is not known, too many), NotPermitted (only who
    takes in or decides keeps filters for the unit), Conflict for a name that is taken.
    """
    title = _title(name)
    if SavedFilter.objects.filter(owner_id=access.actor_id).count() >= OWN_MAX:
        raise InvalidInput(fields={"name": [_("At most 30 filters: remove one first.")]})
    with constraint_errors(_NAMES), transaction.atomic():
        return SavedFilter.objects.create(
            name=title,
            query=_query(query),
            owner_id=access.actor_id,
            unit_id=_unit(access) if for_unit else None,
            created_at=now(),
        )


def filter_rename(*, access: Access, pk: int, name: str) -> None:
    """Give another name to an own filter, or to one of the unit for who may keep them. Raises
    InvalidInput, NotVisible, NotPermitted, Conflict for a name that is taken."""
    found = _kept_by(access, pk)
    found.name = _title(name)
    with constraint_errors(_NAMES), transaction.atomic():
        found.save(update_fields=["name"])


def filter_start(*, access: Access, pk: int, is_start: bool) -> None:
    """Let the reader's inbox open with this filter, or no longer. Raises NotVisible."""
    found = saved_filters_for(access).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    if is_start:
        InboxStart.objects.update_or_create(user_id=access.actor_id, defaults={"filter": found})
    else:
        InboxStart.objects.filter(user_id=access.actor_id, filter=found).delete()


def filter_remove(*, access: Access, pk: int) -> None:
    """Remove an own filter, or one of the unit for who may keep them. Raises NotVisible,
    NotPermitted."""
    _kept_by(access, pk).delete()


def _kept_by(access: Access, pk: int) -> SavedFilter:
    """A filter that this person may change. Raises NotVisible, NotPermitted."""
    found = saved_filters_for(access).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    if found.unit_id is not None and found.unit_id not in access.units(Permission.CASE_TRIAGE):
        raise NotPermitted
    return found


def _title(name: str) -> str:
    title = clean(name)
    if not (1 <= len(title) <= NAME_MAX and is_storable(title)):
        raise InvalidInput(fields={"name": [_("A name of 1 to 60 characters.")]})
    return title


def _query(text: str) -> str:
    """Only filters that the inbox knows, in a stable form. Raises InvalidInput."""
    given = parse_qsl(text.lstrip("?")) if is_storable(text) else []
    pairs = {k: v.strip() for k, v in given if v.strip() and k not in PASSING}
    filters_clean(pairs)
    query = urlencode(sorted(pairs.items()))
    if not query or len(query) > QUERY_MAX:
        raise InvalidInput(fields={"name": [_("Set a filter first, then keep it.")]})
    return query


def _unit(access: Access) -> int:
    """The unit whose filters this person keeps."""
    units = access.standing(Permission.CASE_TRIAGE)
    if len(units) != 1:
        raise NotPermitted
    return next(iter(units))
