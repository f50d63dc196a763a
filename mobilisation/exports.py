"""Registers as files: their head, their rows read one by one. Nothing here is more than the lists
show; names of files say the register and the day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date
from communes.models import Unit
from directives.exports import CHUNK, Table, day_cell, day_stem
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule, Exemplar, OpinionReport, Programme
from mobilisation.presenters import opinion_line, party_names, standing
from mobilisation.selectors_models import REGISTER_ORDER, ExemplarFilter, exemplar_list
from mobilisation.selectors_opinions import (
    OPINION_ORDER,
    OpinionFilter,
    opinion_list,
    topics_named,
)
from mobilisation.selectors_programmes import PROGRAMME_ORDER, ProgrammeFilter, programme_list
from mobilisation.selectors_rules import RuleFilter, rule_rows


def programmes_table(access: Access, chosen: ProgrammeFilter, on: dt.date) -> Table:
    """Coordination programmes as they were searched; ``on`` is today."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Title of the programme"),
        _("Number and symbol"),
        _("Parties to the programme"),
        _("Signed on"),
        _("In effect from"),
        _("In effect until"),
        _("State"),
        _("Joint activities"),
    ]
    rows = programme_list(access, chosen, on).order_by(*PROGRAMME_ORDER.order())
    lines = (_programme_cells(row, on) for row in rows.iterator(CHUNK))
    return Table(f"chuong-trinh-{day_stem()}", _("Coordination programmes"), head, lines)


def _programme_cells(row: Programme, on: dt.date) -> tuple[str, ...]:
    return (
        row.unit.code,
        row.unit.full_name,
        row.title,
        row.number,
        party_names(row),
        day_cell(row.signed_on),
        day_cell(row.valid_from),
        day_cell(row.valid_until),
        standing(row, on)["state"],
        str(row.activity_count),
    )


def rules_table(access: Access, chosen: RuleFilter) -> Table:
    """Rules on grassroots democracy as they were searched, a row a unit and kind."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Kind of rules"),
        _("State"),
        _("Number and symbol"),
        _("Date of the rules"),
        _("Approved by"),
        _("Next review on"),
    ]
    lines = (_rule_cells(*row) for row in rule_rows(access, chosen))
    return Table(f"quy-che-dan-chu-{day_stem()}", _("Rules on grassroots democracy"), head, lines)


def _rule_cells(unit: Unit, kind: str, row: DemocracyRule) -> tuple[str, ...]:
    return (
        unit.code,
        unit.full_name,
        rule_kinds()[kind].name,
        capfirst(row.get_state_display()),
        row.number,
        day_cell(row.issued_on),
        row.approved_by,
        day_cell(row.review_on),
    )


def opinions_table(access: Access, chosen: OpinionFilter) -> Table:
    """Opinion reports that the person may see, as they were filtered: what the list shows, not
    what the reports say."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Period"),
        _("First day"),
        _("Last day"),
        _("What it is about"),
        _("Topics"),
        _("Who may read it"),
        _("State"),
        _("Sent on"),
        _("Edition"),
    ]
    rows = opinion_list(access, chosen).order_by(*OPINION_ORDER.order())
    return Table(
        f"tinh-hinh-{day_stem()}", _("Opinion and situation reports"), head, _opinion_rows(rows)
    )


def _opinion_rows(rows: QuerySet[OpinionReport]) -> Iterator[Sequence[str]]:
    """One query more for the topics of so many rows."""
    read = rows.iterator(CHUNK)
    while some := list(islice(read, CHUNK)):
        named = topics_named(some)
        yield from (_opinion_cells(row, named.get(row.pk, [])) for row in some)


def _opinion_cells(row: OpinionReport, codes: Sequence[str]) -> tuple[str, ...]:
    line = opinion_line(row, codes)
    return (
        row.unit.code,
        row.unit.full_name,
        line["period"],
        day_cell(row.starts_on),
        day_cell(row.ends_on),
        row.subject,
        line["topics"],
        capfirst(row.get_secrecy_display()),
        line["state"],
        day_cell(local_date(row.sent_at)) if row.sent_at else "",
        str(row.edition),
    )


def exemplars_table(access: Access, chosen: ExemplarFilter) -> Table:
    """The register of models as it was searched."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Title of the model"),
        _("Field of life"),
        _("Carried out by"),
        _("Carried out from"),
        _("Carried out until"),
        _("State"),
        _("Recognised by"),
        _("Taken over from"),
        _("Copies"),
    ]
    rows = exemplar_list(access, chosen).order_by(*REGISTER_ORDER.order())
    lines = (_exemplar_cells(row) for row in rows.iterator(CHUNK))
    return Table(f"mo-hinh-{day_stem()}", _("Models of “dân vận khéo”"), head, lines)


def _exemplar_cells(row: Exemplar) -> tuple[str, ...]:
    return (
        row.unit.code,
        row.unit.full_name,
        row.title,
        str(row.field.label),
        row.carried_out_by,
        day_cell(row.starts_on),
        day_cell(row.ends_on),
        capfirst(row.get_state_display()),
        capfirst(row.get_level_display()) if row.level else "",
        row.source.unit.full_name if row.source else "",
        str(row.n_copies),
    )
