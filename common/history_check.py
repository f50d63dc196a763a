"""What is wrong with the chains of a history: changed, removed, swapped and inserted events.

A chain alone cannot show that its end is gone. The count kept for each subject
(``common.models.HistoryHead``, written by a trigger) shows it at once, the daily root for ever.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from common.history import GENESIS, HistoryEvent, link_digest

CHUNK = 5000
# Of one gap no more than so many places are named one by one.
NAMED_MAX = 50
CODE_FIELDS = ("code", "public_id", "slug", "username")
ALTERED, REMOVED, SWAPPED, INSERTED = "changed", "removed", "swapped", "inserted"
CUT, GONE = "removed from the end", "whole chain removed"


class Link(NamedTuple):
    """An event as it lies in the table."""

    subject_id: int
    sequence: int
    action: str
    at: dt.datetime
    actor_id: int | None
    data: Any
    hash: bytes

    def fits(self, sequence: int, previous: bytes) -> bool:
        """Whether the event belongs at this place, behind the event with that hash."""
        body = (self.subject_id, sequence, *self[2:6])
        return link_digest(body, previous) == self.hash


class Finding(NamedTuple):
    """One thing that is wrong. ``subject``: its public code; ``sequence`` 0: the whole."""

    table: str
    subject: str
    sequence: int
    what: str

    def __str__(self) -> str:
        place = f" event {self.sequence}" if self.sequence else ""
        return f"{self.table} {self.subject}{place}: {self.what}"


class Chain(NamedTuple):
    subject_id: int
    links: list[Link]
    # How many events the subject has had; None when nobody counted.
    counted: int | None

    @property
    def is_whole(self) -> bool:
        previous = GENESIS
        for number, link in enumerate(self.links, 1):
            if link.sequence != number or not link.fits(number, previous):
                return False
            previous = link.hash
        return self.counted == len(self.links)


def table_check(
    model: type[HistoryEvent], progress: Callable[[int], None] = lambda _count: None
) -> Iterator[Finding]:
    """Everything wrong in one table of events; one statement, memory of the longest chain.

    ``progress`` is told how many events have been read.
    """
    read = 0
    for chain in _chains(model):
        read += len(chain.links)
        progress(read)
        if not chain.is_whole:
            code = subject_codes(model, [chain.subject_id])[chain.subject_id]
            table = model._meta.db_table
            yield from (Finding(table, code, place, what) for place, what in diagnose(chain))


def diagnose(chain: Chain) -> list[tuple[int, str]]:
    """(sequence, what is wrong) for a chain that is not whole."""
    if not chain.links:
        return [(0, f"{GONE} ({chain.counted} events)")]
    found: list[tuple[int, str]] = []
    links, previous, place = list(chain.links), b"", 1
    previous = GENESIS
    is_known = True
    while links:
        link = links.pop(0)
        if link.sequence > place:
            found += _gap(place, link.sequence)
            place, is_known = link.sequence, False
        if is_known and not link.fits(place, previous):
            what, link = _misfit(link, links, chain.links, place, previous)
            found.append((place, what))
            if what == INSERTED:
                links = [one._replace(sequence=one.sequence - 1) for one in links]
                continue
        previous, is_known, place = link.hash, True, place + 1
    return found + _ends(place - 1, chain)


def _misfit(
    link: Link, after: Sequence[Link], whole: Sequence[Link], place: int, previous: bytes
) -> tuple[str, Link]:
    """What is wrong at a place, and the event behind which the chain goes on."""
    following = after[0] if after else None
    if following is not None and following.fits(place, previous):
        # Two neighbours changed places, or something was put before the second.
        is_swap = link.fits(place + 1, following.hash)
        return (SWAPPED, following) if is_swap else (INSERTED, link)
    true = next((other for other in whole if other.fits(place, previous)), None)
    return (SWAPPED, true) if true is not None else (ALTERED, link)


def _gap(first: int, after: int) -> list[tuple[int, str]]:
    named = [(place, REMOVED) for place in range(first, min(after, first + NAMED_MAX))]
    if after - first > NAMED_MAX:
        named.append((after - 1, f"{REMOVED}, with all before it"))
    return named


def _ends(last: int, chain: Chain) -> list[tuple[int, str]]:
    if chain.counted is None:
        return [(0, "a chain that nobody counted: inserted past the trigger")]
    if chain.counted > last:
        return [(place, CUT) for place, _what in _gap(last + 1, chain.counted + 1)]
    return [(place, INSERTED) for place, _what in _gap(chain.counted + 1, last + 1)]


def _chains(model: type[HistoryEvent]) -> Iterator[Chain]:
    """Chains with their counts, of one moment; subjects in the order of their keys."""
    key, table = f"{model.SUBJECT}_id", model._meta.db_table
    sql = f"""
        SELECT coalesce(event.{key}, head.subject_id) AS subject, event.sequence, event.action,
            event.at, event.actor_id, event.data, event.hash, head.sequence
        FROM {table} event
        FULL JOIN (SELECT subject_id, sequence FROM common_historyhead WHERE table_name = %s) head
            ON head.subject_id = event.{key}
        ORDER BY subject, event.sequence
    """  # noqa: S608 - names of our own tables
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, [table])
        for subject, rows in groupby(_rows(cursor), key=lambda row: row[0]):
            links, counted = [], None
            for row in rows:
                counted = row[7]
                if row[1] is not None:
                    data, digest = json.loads(row[5]), bytes(row[6])
                    links.append(Link(subject, row[1], row[2], row[3], row[4], data, digest))
            yield Chain(subject, links, counted)


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def subject_codes(model: type[HistoryEvent], keys: Sequence[int]) -> dict[int, str]:
    """Public codes of subjects; of one that is gone, its key."""
    subject = subject_model(model)
    known = subject._base_manager.filter(pk__in=keys).values_list("pk", code_field(subject))
    return {key: f"#{key}" for key in keys} | {key: str(code) for key, code in known}


def subject_model(model: type[HistoryEvent]) -> type[models.Model]:
    related = model._meta.get_field(model.SUBJECT).related_model
    assert related is not None
    return related


def code_field(subject: type[models.Model]) -> str:
    """The field by which people outside name a row of this model."""
    names = {field.name for field in subject._meta.get_fields()}
    return next((name for name in CODE_FIELDS if name in names), "pk")
