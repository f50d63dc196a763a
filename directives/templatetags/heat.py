"""Cells of the overview's table: thousands a page, so they are put together here."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from directives.overview import Cell
from directives.presenters_overview import LATE_SIGN, ShownCell, rounds_words

register = template.Library()
PLAIN = '<td class="{}" title="{}">{}</td>'
LATE = (
    '<td class="{}" title="{}">{} <span class="heat-sign">'
    '<span class="visually-hidden">{}</span>{}{}</span></td>'
)
LINK = '<td class="{}" title="{}"><a href="{}" aria-label="{}">{}</a></td>'


@register.simple_tag
def heat_cells(cells: Iterable[ShownCell]) -> SafeString:
    """The cells of a row: a share with what is late beside it, or the sign of a task as a link."""
    late = _("late")
    return mark_safe("".join(_cell(cell, late) for cell in cells))  # noqa: S308 - made of format_html


@register.simple_tag
def cell_rounds(cell: Cell) -> str:
    """What of tasks with a rhythm is due so far and accepted, in words."""
    return rounds_words(cell)


def _cell(cell: ShownCell, late: str) -> str:
    if cell.href:
        return format_html(LINK, cell.css, cell.words, cell.href, cell.words, cell.text)
    if cell.late:
        return format_html(LATE, cell.css, cell.words, cell.text, late, LATE_SIGN, cell.late)
    return format_html(PLAIN, cell.css, cell.words, cell.text)
