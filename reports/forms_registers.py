"""Filters of the registers, and the forms of batches."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from common.forms import DateInput, MonthField, PortalForm, choices_of
from common.time import today
from communes.models import Unit
from papers.catalogue import KINDS, kind_title
from papers.enums import PaperState
from petitions.enums import Kind
from petitions.references import fields_all
from receptions.forms_book import KNOWN, PeriodForm, period_of
from reports.register_receptions import KINDS as RECEPTION_KINDS
from reports.registers import BY_CODE, Book, Source
from reports.selectors_registers import CLOSED, LATE, OPEN, Asked

CASE_STATES = (
    (OPEN, _("being handled")),
    (LATE, _("past the limit")),
    (CLOSED, _("closed")),
)
PAPER_STATES = (
    (PaperState.ISSUED, _("in force")),
    (PaperState.REPLACED, PaperState.REPLACED.label),
    (PaperState.VOIDED, PaperState.VOIDED.label),
)
STATES: Mapping[Source, Sequence[tuple[str, Any]]] = {
    Source.ISSUED: PAPER_STATES,
    Source.CONCLUSIONS: PAPER_STATES,
    Source.VISIT_PAPERS: (PAPER_STATES[0], PAPER_STATES[2]),
    Source.VISITS: (),
}
OF_PAPERS = frozenset({Source.ISSUED, Source.CONCLUSIONS, Source.VISIT_PAPERS})
FIELDS = ("unit", "period", "day", "since", "until", "kind", "field", "state")


class BookForm(PeriodForm):
    """Unit, period, kind, field, state; the query string is the state."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    field = forms.ChoiceField(label=_("Subject field"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, book: Book, units: Sequence[Unit]) -> None:
        super().__init__(data, units=units)
        self.book = book
        every = gettext("All kinds")
        if book.source in OF_PAPERS:
            self.fields["kind"].label, every = _("Kind of paper"), gettext("All")
        self.choose("kind", [("", every), *_kinds(book)])
        self.choose("state", choices_of([("", _("All")), *STATES.get(book.source, CASE_STATES)]))
        fields = [] if book.is_of_receptions else fields_all()
        known = [(field.code, field.label_vi) for field in fields]
        self.choose("field", [("", gettext("All fields")), *known])
        for name in ("field", "state"):
            choice: Any = self.fields[name]
            if len(choice.choices) == 1:
                choice.widget = forms.HiddenInput()

    def asked(self, unit: Unit) -> Asked:
        """What the form asks for; without anything typed this month. Raises InvalidInput."""
        if not self.is_valid():
            wrong = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
            raise InvalidInput(fields=wrong)
        data = self.cleaned_data
        return Asked(self.book, unit, *self.span(), data["kind"], data["field"], data["state"])


def _kinds(book: Book) -> list[tuple[str, Any]]:
    """Of petitions, or of papers that petitions or receptions of this book can have."""
    if book.source in RECEPTION_KINDS:
        return list(RECEPTION_KINDS[book.source].items())
    if book.source is Source.VISITS:
        return list(Kind.choices)
    wanted = [row for row in Kind.choices if (row[0] == Kind.DENUNCIATION) is book.is_sealed]
    if book.source is not Source.ISSUED:
        return wanted
    petitions = {value for value, _label in wanted}
    papers = (kind for kind in KINDS.values() if kind.case_kinds & petitions)
    return [(kind.code, kind_title(kind)) for kind in papers]


_MONTH_TYPED = _("Month and year, such as 11/2026.")


class BatchForm(PortalForm):
    """Which registers of which months are to be made."""

    books = forms.MultipleChoiceField(
        label=_("Registers"), widget=forms.CheckboxSelectMultiple, required=True
    )
    first = MonthField(label=_("From the month"), help_text=_MONTH_TYPED, validators=KNOWN)
    last = MonthField(label=_("To the month"), help_text=_MONTH_TYPED, validators=KNOWN)

    def __init__(self, data: Any = None, *, books: Sequence[Book], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.choose("books", choices_of((book.code, book.title) for book in books))

    def months(self) -> tuple[dt.date, dt.date]:
        """First day of the first month, last day of the last one."""
        first = period_of("month", self.cleaned_data["first"])[0]
        return first, period_of("month", self.cleaned_data["last"])[1]


class PrintForm(PortalForm):
    """Which book of outgoing papers, of which day; without anything typed the first, of today."""

    book = forms.ChoiceField(label=_("Register (book)"))
    day = forms.DateField(label=_("Issued on"), widget=DateInput, validators=KNOWN)

    def __init__(self, data: Any, *, books: Sequence[Book]) -> None:
        begun = {"book": books[0].code, "day": today().isoformat()}
        super().__init__({name: data.get(name) or value for name, value in begun.items()})
        self.choose("book", choices_of((book.code, book.title) for book in books))

    def asked(self) -> tuple[Book, dt.date]:
        """Of a valid form."""
        return BY_CODE[self.cleaned_data["book"]], self.cleaned_data["day"]
