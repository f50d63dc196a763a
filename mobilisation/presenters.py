"""Rows and histories of the registers in words."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Text
from common.history import HistoryEvent
from common.time import day_words
from common.ui import TimelineItem
from communes.models import Unit
from mobilisation.enums import (
    OpinionPeriod,
    OpinionSecrecy,
    OpinionState,
    ProgrammeState,
    RuleState,
)
from mobilisation.lists import parties, rule_kinds, topics
from mobilisation.models import DemocracyRule, OpinionEdition, OpinionReport, Programme
from mobilisation.selectors import SOON
from mobilisation.selectors_rules import Share

PROGRAMME_TONES = {
    ProgrammeState.DRAFT: "info",
    ProgrammeState.IN_FORCE: "success",
    ProgrammeState.ENDED: "neutral",
    ProgrammeState.RENEWED: "neutral",
}
RULE_TONES = {
    RuleState.TO_REVIEW: "warning",
    RuleState.UNDER_REVIEW: "info",
    RuleState.DRAFTING: "info",
    RuleState.PROMULGATED: "success",
    RuleState.AMENDED: "success",
    RuleState.REPEALED: "neutral",
}
OPINION_TONES = {
    OpinionState.DRAFT: "info",
    OpinionState.SENT: "warning",
    OpinionState.READ: "success",
    OpinionState.RETURNED: "danger",
}
ACTIONS: dict[str, Text] = {
    "programme.created": gettext_lazy("Entered in the register"),
    "programme.changed": gettext_lazy("Record of the programme corrected"),
    "programme.signed": gettext_lazy("Put in force"),
    "programme.ended": gettext_lazy("Ended early"),
    "programme.renewed": gettext_lazy("Renewed by another programme"),
    "programme.file_added": gettext_lazy("File added"),
    "programme.file_removed": gettext_lazy("File no longer shown"),
    "programme.activity_recorded": gettext_lazy("Joint activity recorded"),
    "programme.activity_withdrawn": gettext_lazy("Joint activity withdrawn"),
    "rule.recorded": gettext_lazy("State of the rules recorded"),
    "opinion.created": gettext_lazy("Report begun"),
    "opinion.changed": gettext_lazy("Draft of the report changed"),
    "opinion.sent": gettext_lazy("Report sent"),
    "opinion.corrected": gettext_lazy("Corrected by a new edition"),
    "opinion.read": gettext_lazy("Read by the City"),
    "opinion.returned": gettext_lazy("Returned by the City"),
    "opinion.file_removed": gettext_lazy("File no longer shown"),
}
FIELDS: dict[str, Text] = {
    "title": gettext_lazy("Title of the programme"),
    "parties": gettext_lazy("Parties to the programme"),
    "other_parties": gettext_lazy("Other parties, in words"),
    "number": gettext_lazy("Number and symbol"),
    "contents": gettext_lazy("What it is about"),
    "signed_on": gettext_lazy("Signed on"),
    "valid_from": gettext_lazy("In effect from"),
    "valid_until": gettext_lazy("In effect until"),
    "state": gettext_lazy("State"),
    "issued_on": gettext_lazy("Date of the rules"),
    "approved_by": gettext_lazy("Approved by"),
    "review_on": gettext_lazy("Next review on"),
    "note": gettext_lazy("Note"),
    "period": gettext_lazy("Period"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "subject": gettext_lazy("What it is about"),
    "secrecy": gettext_lazy("Who may read it"),
}
_DAYS = {"signed_on", "valid_from", "valid_until", "issued_on", "review_on"}


# Programmes


def programme_line(row: Programme, on: dt.date) -> dict[str, Any]:
    """A row of the list; ``on`` is today."""
    return {
        "programme": row,
        "href": reverse("mobilisation_staff:programme", args=[row.public_id]),
        "parties": party_names(row),
        "activities": row.activity_count,
        **standing(row, on),
    }


def standing(row: Programme, on: dt.date) -> dict[str, Any]:
    """State in words and tone; one whose time has run out is shown as expired by its date."""
    label, tone = capfirst(str(row.get_state_display())), PROGRAMME_TONES[ProgrammeState(row.state)]
    lives = row.state == ProgrammeState.IN_FORCE and row.valid_until is not None
    is_expired = lives and row.valid_until is not None and row.valid_until < on
    is_soon = lives and row.valid_until is not None and on <= row.valid_until <= on + SOON
    if is_expired:
        label, tone = _("Expired"), "danger"
    return {"state": label, "tone": tone, "is_expired": is_expired, "is_soon": is_soon}


def party_names(row: Programme) -> str:
    names = [parties().get(code, code) for code in row.parties]
    return "; ".join([*names, row.other_parties] if row.other_parties else names)


# Rules


def rule_cell(unit: Unit, kind: str, row: DemocracyRule | None) -> dict[str, Any]:
    """A cell of the table: state in words, number and date, where to look. Where nothing was
    recorded, expected rules are to be reviewed and others are not there."""
    is_expected = rule_kinds()[kind].is_expected
    state = RuleState(row.state) if row else RuleState.TO_REVIEW
    return {
        "kind": rule_kinds()[kind],
        "is_there": row is not None or is_expected,
        "state": capfirst(str(state.label)),
        "tone": RULE_TONES[state],
        "number": row.number if row and row.holds else "",
        "issued_on": row.issued_on if row and row.holds else None,
        "review_on": row.review_on if row else None,
        "href": reverse("mobilisation_staff:rule", args=[unit.code, kind]),
    }


def rule_line(
    unit: Unit, known: Mapping[tuple[int, str], DemocracyRule], kinds: Sequence[str]
) -> dict[str, Any]:
    """A unit with a cell a kind."""
    return {
        "unit": unit,
        "href": reverse("mobilisation_staff:rules_unit", args=[unit.code]),
        "cells": [rule_cell(unit, kind, known.get((unit.pk, kind))) for kind in kinds],
    }


def share_lines(shares: Iterable[Share]) -> list[dict[str, Any]]:
    return [
        {"kind": rule_kinds()[share.kind], "hold": share.hold, "units": share.units}
        for share in shares
    ]


# Opinion reports


def period_words(row: OpinionReport) -> str:
    """The period as it is read: ``Tháng 10/2026``."""
    first, last = row.starts_on, row.ends_on
    if row.period == OpinionPeriod.MONTH:
        return _("Month %(month)s") % {"month": f"{first:%m/%Y}"}
    if row.period == OpinionPeriod.QUARTER:
        words = {"quarter": (first.month + 2) // 3, "year": first.year}
        return _("Quarter %(quarter)s/%(year)s") % words
    days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    if row.period == OpinionPeriod.WEEK:
        return _("Week from %(first)s to %(last)s") % days
    return _("Ad hoc, %(first)s to %(last)s") % days


def opinion_line(row: OpinionReport, codes: Sequence[str]) -> dict[str, Any]:
    """A row of the list with its topics in words."""
    return {
        "report": row,
        "href": reverse("mobilisation_staff:opinion", args=[row.public_id]),
        "period": period_words(row),
        "topics": "; ".join(topics().get(code, code) for code in codes),
        "state": capfirst(str(row.get_state_display())),
        "tone": OPINION_TONES[OpinionState(row.state)],
    }


def edition_line(edition: OpinionEdition) -> dict[str, Any]:
    """An edition with its words by topic."""
    texts = [(topics().get(text.topic, text.topic), text.text) for text in edition.texts.all()]
    return {"edition": edition, "texts": texts}


# Histories


def history_items(events: Iterable[HistoryEvent]) -> list[TimelineItem]:
    """Events in words, with what was changed from and to."""
    return timeline(events, ACTIONS, _details)


def timeline(
    events: Iterable[HistoryEvent],
    actions: Mapping[str, Text],
    details: Callable[[Mapping[str, Any]], Iterable[str]],
    nobody: str = "",
) -> list[TimelineItem]:
    """Events of a register, as given; ``nobody``: who stands there where no person acted."""
    return [
        TimelineItem(
            title=actions.get(event.action.removeprefix("mobilisation."), event.action),
            at=event.at,
            text="; ".join(details(event.data)),
            actor=event.actor.full_name if event.actor else nobody,
        )
        for event in events
    ]


def _details(data: Mapping[str, Any]) -> list[str]:
    fields = data.get("fields", {})
    if isinstance(fields, list):
        return [", ".join(str(FIELDS.get(name, name)) for name in fields)] if fields else []
    said = [_change(name, *values) for name, values in fields.items()]
    if data.get("held_on"):
        said.append(_("held on %(what)s") % {"what": day_words(data["held_on"])})
    if data.get("ended_on"):
        said.append(_("on %(day)s") % {"day": day_words(data["ended_on"])})
    if data.get("reason"):
        said.append(data["reason"])
    return said


def _change(name: str, old: Any, new: Any) -> str:
    words = {"field": FIELDS.get(name, name), "old": _value(name, old), "new": _value(name, new)}
    return _("%(field)s: from “%(old)s” to “%(new)s”") % words


def _value(name: str, value: Any) -> str:
    if not value:
        return "–"
    if name in _DAYS:
        return day_words(value)
    if name == "parties":
        return ", ".join(parties().get(code, code) for code in value)
    if name == "state":
        return str(RuleState(value).label)
    if name == "secrecy":
        return str(OpinionSecrecy(value).label)
    return str(value)
