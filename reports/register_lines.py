"""Rows of the registers of letters and of accepted cases in words."""

import datetime as dt
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from common.crypto import unseal
from common.db import Among
from common.time import local_date
from petitions.enums import Channel, Flag, Kind, OutcomeKind, PartyRole, Stage
from petitions.models import (
    Case,
    CaseClock,
    Forwarding,
    Letter,
    Outcome,
    SealedIdentity,
)
from petitions.models.identity import identity_context
from petitions.references import fields_all
from petitions.workflow import STATUS_LABELS
from receptions.selectors_register import Entry
from reports.registers import Book, Source

# Papers that end a matter for the unit
RESULTS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION, OutcomeKind.REPLY, OutcomeKind.REFUSAL,
           OutcomeKind.GUIDANCE, OutcomeKind.RETURN, OutcomeKind.FORWARDING)  # fmt: skip
ENDS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION, OutcomeKind.REPLY)


class _Ended(NamedTuple):
    """An issued paper that ends a stage."""

    kind: str
    number: str
    issued_on: dt.date | None


@dataclass
class _People:
    """Names and addresses of a letter's petitioners, in order."""

    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


class Desk:
    """What the rows of one page share, read once; five queries a page.

    Of a sealed row whose case is not seen (any more) only number, date, channel and kind are told.
    What stands beside a row is read as plain values: making models of it costs as much as all the rest.
    """

    def __init__(self, access: Access, book: Book) -> None:
        self.access = access
        self.book = book
        # Words that every row takes from: looked up once.
        self.channels = _labels(Channel)
        self.kinds = _labels(Kind)
        self.results = _labels(OutcomeKind)
        self.statuses = {value: _(label) for value, label in STATUS_LABELS}
        self.fields = {field.pk: field.label_vi for field in fields_all()}

    def entries(self, rows: Sequence[Any]) -> list[Entry]:
        """The rows as entries of the book."""
        if not rows:
            return []
        ids = Among({row.case_id for row in rows})
        seen = Case.objects.visible_to(self.access).filter(pk__in=ids)
        self.seen = set(seen.values_list("pk", flat=True))
        known = Among(self.seen)
        self.outcomes = _ended(known)
        line: Callable[[Any], tuple[str, ...]]
        if self.book.source is Source.LETTERS:
            self.letters = {row.pk: row for row in rows}
            self.sent_to = _sent_to(ids)
            line = self._letter
        else:
            firsts = Letter.objects.filter(case__in=ids).only("case_id", "people")
            # The oldest stays: it is the letter that the case grew from.
            by_case = {letter.case_id: letter for letter in firsts.order_by("-id")}
            self.letters = {letter.pk: letter for letter in by_case.values()}
            self.first = by_case
            self.due = _due(known)
            line = self._accepted
        self.people = self._people()
        return [Entry(line(row), self._code(row.case)) for row in rows]

    def _people(self) -> dict[int, _People]:
        """By letter; nothing is opened for a sealed register."""
        found: dict[int, _People] = {}
        if self.book.is_sealed:
            return found
        sealed = SealedIdentity.objects.filter(
            party__letter__in=Among(self.letters), party__role=PartyRole.PETITIONER
        ).order_by("party__letter_id", "party__number")
        for letter, party, made_for, is_protected, version, box in sealed.values_list(
            "party__letter_id", "party_id", "made_for_id", "is_protected", "key_version", "box"
        ):
            people = found.setdefault(letter, _People())
            if is_protected:  # also in whatever grew out of a denunciation
                people.names.append(_protected())
            else:
                context = identity_context(made_for or party)
                _add(people, unseal(version, box, context=context))
        return found

    def _is_told(self, case: Case) -> bool:
        return case.pk in self.seen or not self.book.is_sealed

    def _code(self, case: Case) -> str:
        return case.code if case.pk in self.seen else ""

    def _who(self, letter: Letter | None) -> tuple[str, str]:
        """Name and address; of a denunciation neither (Articles 47 to 49 of the Law on
        Denunciations)."""
        if self.book.is_sealed:
            return _protected(), ""
        people = self.people.get(letter.pk) if letter else None
        if people is None:
            return "", ""
        return "; ".join(people.names), "; ".join(dict.fromkeys(people.addresses))

    def _letter(self, row: Any) -> tuple[str, ...]:
        case, letter = row.case, row
        begins = (
            letter.register,
            _day(local_date(row.on_book_at)),
            self.channels[letter.channel],
            *self._who(letter),
            self.kinds[letter.kind],
        )
        if not self._is_told(case):
            return (*begins, "", "", "", "", "")
        return (
            *begins,
            self.fields.get(case.field_id, ""),
            case.subject if self.book.is_sealed else letter.subject,
            self._state(case, RESULTS),
            self._handed(row),
            _note(letter, case),
        )

    def _accepted(self, row: Any) -> tuple[str, ...]:
        case, letter = row.case, self.first.get(row.case_id)
        begins = str(row.data.get("number", "")), _day(local_date(row.at))
        who, kind = self._who(letter)[0], self.kinds[case.kind]
        if not self._is_told(case):
            return (*begins, "", who, kind, "", "", "", "", "", "")
        ends = [one for one in self.outcomes.get(case.pk, []) if one.kind in ENDS]
        return (
            *begins,
            case.code,
            who,
            kind,
            case.subject,
            self._officer(row),
            _day(self.due.get(case.pk)),
            self._state(case, ENDS),
            _day(ends[-1].issued_on) if ends else "",
            _note(letter, case),
        )

    def _state(self, case: Case, kinds: Container[str]) -> str:
        """Where the case stands and its papers with numbers, for whoever sees it."""
        if case.pk not in self.seen:
            return ""
        papers = [
            f"{self.results[one.kind]} {one.number} ({_day(one.issued_on)})"
            for one in self.outcomes.get(case.pk, [])
            if one.kind in kinds
        ]
        return "; ".join([self.statuses[case.status], *papers])

    def _handed(self, row: Any) -> str:
        """The body that it was sent on to, else the officer."""
        return self.sent_to.get(row.case_id) or self._officer(row)

    def _officer(self, row: Any) -> str:
        return row.officer or "" if row.case_id in self.seen else ""


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    return {value: capfirst(str(label)) for value, label in choices.choices}


def _ended(cases: Among) -> dict[int, list[_Ended]]:
    found: dict[int, list[_Ended]] = {}
    rows = Outcome.objects.filter(issued_on__isnull=False, case__in=cases)
    for case, kind, number, issued_on in rows.order_by("issued_on", "id").values_list(
        "case_id", "kind", "number", "issued_on"
    ):
        found.setdefault(case, []).append(_Ended(kind, number, issued_on))
    return found


def _sent_to(cases: Among) -> dict[int, str]:
    """The last body that each case was sent on to and that did not give it back."""
    hops = Forwarding.objects.filter(case__in=cases, return_ground="").order_by("id")
    return dict(hops.values_list("case_id", "to_unit__full_name"))


def _due(cases: Among) -> dict[int, dt.date]:
    clocks = CaseClock.objects.filter(stage=Stage.RESOLUTION, case__in=cases).order_by("id")
    return dict(clocks.values_list("case_id", "clock__due_on"))


def _add(people: _People, data: Mapping[str, Any]) -> None:
    people.names.append(str(data.get("full_name") or data.get("name") or ""))
    if data.get("address"):
        people.addresses.append(str(data["address"]))


def _protected() -> str:
    return _("Identity protected (Law on Denunciations)")


def _note(letter: Letter | None, case: Case) -> str:
    said = []
    if letter is not None and letter.people > 1:
        said.append(ngettext("%(n)d person", "%(n)d people", letter.people) % {"n": letter.people})
    if Flag.ANONYMOUS in case.flags:
        said.append(str(Flag.ANONYMOUS.label))
    return "; ".join(said)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
