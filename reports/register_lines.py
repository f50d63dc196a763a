"""Rows of the registers of letters and of accepted cases in words."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from common.time import local_date
from petitions.enums import Channel, Flag, Kind, OutcomeKind, PartyRole, Stage
from petitions.models import Case, CaseClock, CaseEvent, Forwarding, Letter, Outcome, Party
from petitions.references import fields_all
from petitions.selectors import identity_unseal
from petitions.workflow import status_label
from receptions.selectors_register import Entry
from reports.registers import Book, Source

# Papers that end a matter for the unit
RESULTS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION, OutcomeKind.REPLY, OutcomeKind.REFUSAL,
           OutcomeKind.GUIDANCE, OutcomeKind.RETURN, OutcomeKind.FORWARDING)  # fmt: skip
ENDS = (OutcomeKind.DECISION, OutcomeKind.CONCLUSION, OutcomeKind.REPLY)


@dataclass
class _People:
    """Names and addresses of a letter's petitioners, in order."""

    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


class Desk:
    """What the rows of one page share, read once; five queries a page."""

    def __init__(self, access: Access, book: Book) -> None:
        self.access = access
        self.book = book
        # Words that every row takes from: looked up once.
        self.channels = {value: capfirst(str(label)) for value, label in Channel.choices}
        self.kinds = {value: capfirst(str(label)) for value, label in Kind.choices}
        self.fields = {field.pk: field.label_vi for field in fields_all()}

    def entries(self, rows: Sequence[Any]) -> list[Entry]:
        """The rows as entries of the book."""
        if not rows:
            return []
        ids = {row.case_id for row in rows}
        seen = Case.objects.visible_to(self.access).filter(pk__in=ids)
        self.seen = set(seen.values_list("pk", flat=True))
        self.outcomes = _by_case(
            Outcome.objects.filter(issued_on__isnull=False).order_by("issued_on", "id"), self.seen
        )
        line: Callable[[Any], tuple[str, ...]]
        if self.book.source is Source.LETTERS:
            self.letters = {row.pk: row for row in rows}
            self.hops = _by_case(Forwarding.objects.select_related("to_unit").order_by("id"), ids)
            line = self._letter
        else:
            firsts = Letter.objects.filter(case__in=ids).defer("content", "request", "contact_box")
            # The oldest stays: it is the letter that the case grew from.
            by_case = {letter.case_id: letter for letter in firsts.order_by("-id")}
            self.letters = {letter.pk: letter for letter in by_case.values()}
            self.first = by_case
            clocks = CaseClock.objects.filter(stage=Stage.RESOLUTION).select_related("clock")
            self.clocks = _by_case(clocks.order_by("id"), self.seen)
            line = self._accepted
        self.people = self._people()
        return [Entry(line(row), self._code(row.case)) for row in rows]

    def _people(self) -> dict[int, _People]:
        """By letter; nothing is opened for a sealed register."""
        found: dict[int, _People] = {}
        if self.book.is_sealed:
            return found
        parties = Party.objects.filter(letter__in=self.letters, role=PartyRole.PETITIONER)
        shown = parties.select_related("identity").only(
            "letter_id", "identity__is_protected", "identity__key_version", "identity__box",
            "identity__made_for_id", "identity__party_id",
        )  # fmt: skip
        for party in shown.order_by("letter_id", "number"):
            _add(found.setdefault(party.letter_id, _People()), party)
        return found

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
        return (
            letter.register,
            _day(local_date(row.on_book_at)),
            self.channels[letter.channel],
            *self._who(letter),
            self.kinds[letter.kind],
            self.fields.get(case.field_id, ""),
            case.subject if self.book.is_sealed else letter.subject,
            self._state(case, RESULTS),
            self._handed(case),
            _note(letter, case),
        )

    def _accepted(self, row: CaseEvent) -> tuple[str, ...]:
        case, letter = row.case, self.first.get(row.case_id)
        ends = [one for one in self.outcomes.get(case.pk, []) if one.kind in ENDS]
        clocks = self.clocks.get(case.pk, [])
        return (
            str(row.data.get("number", "")),
            _day(local_date(row.at)),
            case.code,
            self._who(letter)[0],
            self.kinds[case.kind],
            case.subject,
            case.assignee.full_name if case.assignee else "",
            _day(clocks[-1].clock.due_on) if clocks else "",
            self._state(case, ENDS),
            _day(ends[-1].issued_on) if ends else "",
            _note(letter, case),
        )

    def _state(self, case: Case, kinds: Iterable[OutcomeKind]) -> str:
        """Where the case stands and its papers with numbers, for whoever sees it."""
        if case.pk not in self.seen:
            return ""
        papers = [
            f"{capfirst(str(one.get_kind_display()))} {one.number} ({_day(one.issued_on)})"
            for one in self.outcomes.get(case.pk, [])
            if one.kind in kinds
        ]
        return "; ".join([_(status_label(case.status)), *papers])

    def _handed(self, case: Case) -> str:
        """The body that it was sent on to, else the officer."""
        hops = [hop for hop in self.hops.get(case.pk, []) if not hop.return_ground]
        if hops:
            return str(hops[-1].to_unit.full_name)
        if case.pk not in self.seen or case.assignee is None:
            return ""
        return case.assignee.full_name


def _by_case(rows: Any, ids: Iterable[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.filter(case__in=ids):
        found.setdefault(row.case_id, []).append(row)
    return found


def _add(people: _People, party: Party) -> None:
    """A protected person stays one in whatever grew out of a denunciation."""
    if party.identity.is_protected:
        people.names.append(_protected())
        return
    data = identity_unseal(party.identity)
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
