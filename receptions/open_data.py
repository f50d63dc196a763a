"""The public calendar as open data: one table of fields gives JSON, CSV and their description."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from common.filters import only_known
from common.sheets import Sheet, csv_bytes
from common.time import HANOI, local_moment, now, today
from receptions.documents import LANGUAGE
from receptions.filters import WINDOW, window_clean
from receptions.models import ReceptionSession
from receptions.selectors import BY_TIME, session_announced_list
from receptions.selectors_calendar import former_days, sessions_changed_at

PAGE_SIZE = 200
PAGE_SIZE_MAX = 1000
FILTERS = (*WINDOW, "cursor", "page_size")


class Entry(NamedTuple):
    """A session with what stands beside it."""

    session: ReceptionSession
    at: dt.datetime
    moved_from: dt.date | None
    changed_at: dt.datetime | None


class Field(NamedTuple):
    """A documented field. ``read`` gives what JSON can hold."""

    name: str
    about: str | Promise
    read: Callable[[Entry], Any]


class Page(NamedTuple):
    """Rows by beginning, the address of the next page ("" on the last), the latest change."""

    rows: list[dict[str, Any]]
    next_url: str
    updated_at: str | None


def _local(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(HANOI).isoformat(timespec="seconds") if moment else None


def _url(entry: Entry) -> str:
    return settings.PUBLIC_BASE_URL + reverse("receptions:session", args=[entry.session.public_id])


FIELDS = (
    Field("id", gettext_lazy("Identifier of the session; stays when it is moved."),
          lambda e: str(e.session.public_id)),
    Field("url", gettext_lazy("Its page, where one registers."), _url),
    Field("unit_code", gettext_lazy("Official code of the unit."), lambda e: e.session.unit.code),
    Field("unit", gettext_lazy("Full name of the unit."), lambda e: e.session.unit.full_name),
    Field("former_district", gettext_lazy("Former district; empty for bodies of the city."),
          lambda e: e.session.unit.former_district),
    Field("leader", gettext_lazy("Who receives."), lambda e: e.session.leader.full_name),
    Field("duty_holder", gettext_lazy("In which post, as a word of the list below."),
          lambda e: e.session.duty_holder),
    Field("is_delegated", gettext_lazy("Whether somebody stands in for the holder of the post."),
          lambda e: e.session.is_delegated),
    Field("kind", gettext_lazy("Kind of reception, as a word of the list below."),
          lambda e: e.session.kind),
    Field("mode", gettext_lazy("At a place, online, or both, as a word of the list below."),
          lambda e: e.session.mode),
    Field("starts_at", gettext_lazy("Beginning, with the offset of Hanoi (ISO 8601)."),
          lambda e: _local(e.session.starts_at)),
    Field("ends_at", gettext_lazy("End, likewise."), lambda e: _local(e.session.ends_at)),
    Field("place", gettext_lazy("Where."), lambda e: e.session.place),
    Field("slot_minutes", gettext_lazy("Minutes of a visit; empty: visitors wait by number."),
          lambda e: e.session.slot_minutes),
    Field("capacity", gettext_lazy("Places; a group takes one."), lambda e: e.session.capacity),
    Field("free_places", gettext_lazy("Places left; 0 when registration is closed."),
          lambda e: e.session.free_places(e.at)),
    Field("planned_content", gettext_lazy("Planned content."), lambda e: e.session.planned_content),
    Field("participants", gettext_lazy("Who takes part beside the leader."),
          lambda e: e.session.participants),
    Field("invited", gettext_lazy("Who is invited to a contact with organisations; nobody registers."),
          lambda e: list(e.session.invited)),
    Field("status", gettext_lazy("State, as a word of the list below."),
          lambda e: e.session.status),
    Field("moved_from", gettext_lazy("The day announced last before, when it was moved."),
          lambda e: e.moved_from.isoformat() if e.moved_from else None),
    Field("move_reason", gettext_lazy("Why it was moved."), lambda e: e.session.move_reason),
    Field("change_reason", gettext_lazy("Why anything else was changed."),
          lambda e: e.session.change_reason),
    Field("cancel_reason", gettext_lazy("Why it was called off."),
          lambda e: e.session.cancel_reason),
    Field("missed_reason", gettext_lazy("Why the leader did not receive."),
          lambda e: e.session.missed_reason),
    Field("late_reason", gettext_lazy("Why it was announced late, or is ad hoc."),
          lambda e: e.session.late_reason),
    Field("published_at", gettext_lazy("When it was announced."),
          lambda e: _local(e.session.published_at)),
    Field("updated_at", gettext_lazy("When the session changed last; registrations do not count."),
          lambda e: _local(e.changed_at)),
)  # fmt: skip


def page(query: Mapping[str, str], path: str) -> Page:
    """One page of announced sessions, from this month on unless ``from`` is asked for.

    Raises InvalidInput for anything that cannot be used.
    """
    only_known(query.keys(), FILTERS)
    window = window_clean(query)
    if window.since is None:
        window = window._replace(since=local_moment(today().replace(day=1)))
    size, cursor = _size(query.get("page_size", "")), query.get("cursor", "")
    found, after, _before = BY_TIME.page(session_announced_list(window), cursor, size)
    moment, moved, changed = now(), former_days(found), sessions_changed_at(found)
    entries = [Entry(s, moment, moved.get(s.pk), changed.get(s.pk)) for s in found]
    return Page(
        [{field.name: field.read(entry) for field in FIELDS} for entry in entries],
        _next_url(query, path, after),
        _local(max(changed.values(), default=None)),
    )


def _size(text: str) -> int:
    if not text:
        return PAGE_SIZE
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= PAGE_SIZE_MAX:
        message = _("A number from 1 to %(most)s.") % {"most": PAGE_SIZE_MAX}
        raise InvalidInput(fields={"page_size": [message]})
    return int(text)


def _next_url(query: Mapping[str, str], path: str, cursor: str) -> str:
    if not cursor:
        return ""
    asked = {name: query[name] for name in sorted(query) if name != "cursor"}
    return f"{settings.PUBLIC_BASE_URL}{path}?{urlencode(asked | {'cursor': cursor})}"


def as_json(found: Page) -> bytes:
    """The rows with licence, description and the moment of the latest change among them."""
    with translation.override(LANGUAGE):
        body = {
            "title": _("Reception schedule of the leaders of Hanoi"),
            "licence": settings.OPEN_DATA_LICENCE,
            "description": settings.PUBLIC_BASE_URL + reverse("receptions:data"),
            "updated_at": found.updated_at,
            "next": found.next_url or None,
            "results": found.rows,
        }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def as_csv(found: Page) -> bytes:
    """UTF-8 with its mark, a head line, true and false as words, nothing for what is not known."""
    rows = [[_value(value) for value in row.values()] for row in found.rows]
    return csv_bytes(Sheet("", [field.name for field in FIELDS], rows))


def _value(value: Any) -> str | int | None:
    """As JSON writes it; several names with semicolons between."""
    if isinstance(value, list):
        return "; ".join(value)
    return str(value).lower() if isinstance(value, bool) else value


def refusal(refused: InvalidInput) -> bytes:
    """Why nothing is given, in the form of the API."""
    fields = {name: [str(text) for text in texts] for name, texts in refused.fields.items()}
    body = {"code": refused.code, "message": str(refused.message), "fields": fields}
    return json.dumps(body, ensure_ascii=False).encode()
