"""Signals, rules and projects in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from common.time import day_words
from common.ui import Crumb, Text, TimelineItem
from communes.hexmap import HexMap, HexUnit, hexmap_cells
from communes.shades import legend, level
from early_warning.chart import Chart, chart_of
from early_warning.enums import LandStage, SignalState
from early_warning.models import (
    LandProject,
    LandProjectEvent,
    ProjectStage,
    Signal,
    SignalEvent,
    WarningRule,
    WarningRuleEvent,
)
from early_warning.rules import SENTENCES, Measure, Score, precision
from early_warning.selectors import Quarter, UnitSignals
from early_warning.selectors_projects import Weeks

TONES = {
    SignalState.OPEN: "danger",
    SignalState.WATCHED: "warning",
    SignalState.SETTLED: "success",
    SignalState.FALSE_ALARM: "neutral",
}
EVENTS: dict[str, Text] = {
    "signal.found": gettext_lazy("Found by the portal"),
    "signal.grew": gettext_lazy("Grown by a level"),
    "signal.unowned": gettext_lazy("Reminded: nobody follows the signal"),
    "signal.opened_again": gettext_lazy("Opened again by the portal"),
    "signal.owner_appointed": gettext_lazy("Owner appointed"),
    "signal.followed": gettext_lazy("Follow-up written down"),
    "signal.settled": gettext_lazy("Settled"),
    "signal.false_alarm": gettext_lazy("Marked as a false alarm"),
    "signal.reopened": gettext_lazy("Opened again"),
    "signal.unit_moved": gettext_lazy("Goes on in the new unit"),
    "project.unit_moved": gettext_lazy("Goes on in the new unit"),
    "rule.loaded": gettext_lazy("Came with the portal"),
    "rule.changed": gettext_lazy("Thresholds changed"),
    "project.created": gettext_lazy("Project entered"),
    "project.changed": pgettext_lazy("land project", "Record corrected"),
    "project.stage_recorded": gettext_lazy("Stage recorded"),
    "project.dialogue_recorded": gettext_lazy("Dialogue recorded"),
    "project.dialogue_withdrawn": gettext_lazy("Dialogue withdrawn"),
    "project.petitions_linked": gettext_lazy("Petitions linked"),
    "project.petition_unlinked": gettext_lazy("Link to a petition removed"),
}
RULE_FIELDS: dict[str, Text] = {
    "least": gettext_lazy("Threshold"),
    "step": gettext_lazy("Step to the next level"),
    "window_days": gettext_lazy("Days looked at"),
    "factor": gettext_lazy("Percent of the usual number"),
    "fields": gettext_lazy("Subject fields"),
    "is_active": gettext_lazy("In use"),
}
TOLD: dict[str, Text] = {
    "head": gettext_lazy("told: the unit's head"),
    "city": gettext_lazy("told: the people of the unit and the City's body"),
}
Event = SignalEvent | WarningRuleEvent | LandProjectEvent


def sentence(signal: Signal) -> str:
    """Why there is a signal: which number against which threshold."""
    return str(_(SENTENCES[Measure(signal.rule.measure)]) % signal.facts)


def matter(signal: Signal) -> str:
    """Where: a field of the unit, a stage of a project; a case is not named."""
    if signal.field is not None:
        return signal.field.label_vi
    if signal.project is not None and signal.stage is not None:
        stage = signal.stage.get_stage_display()
        return _("%(project)s, stage: %(stage)s") % {"project": signal.project.name, "stage": stage}
    return _("one matter")


def signal_line(signal: Signal, on: dt.date) -> dict[str, Any]:
    """A row of the list; ``on``: today, a local date."""
    return {
        "signal": signal,
        "href": reverse("early_warning_staff:signal", args=[signal.public_id]),
        "title": signal.rule.title,
        "kind": capfirst(signal.rule.get_kind_display()),
        "matter": matter(signal),
        "sentence": sentence(signal),
        "tone": TONES[SignalState(signal.state)],
        "is_late": signal.next_look_on is not None and signal.next_look_on < on,
    }


def history(events: Sequence[Event]) -> list[TimelineItem]:
    """Events as a timeline, newest first."""
    return [
        TimelineItem(
            title=EVENTS.get(event.action.removeprefix("early_warning."), event.action),
            at=event.at,
            text=_event_words(event),
            actor=event.actor.full_name if event.actor else "",
        )
        for event in events
    ]


def _event_words(event: Event) -> str:
    data = event.data
    if "measured" in data:
        words = _("measured %(measured)s, level %(level)s")
        return words % {"measured": data["measured"], "level": data.get("level", 1)}
    if "told" in data:
        return str(TOLD[data["told"]])
    if "stage" in data:
        return _stage_words(data)
    if isinstance(event, WarningRuleEvent) and "fields" in data:
        return f"{_changes(data['fields'])}. {data.get('reason', '')}"
    if "petitions" in data:
        return ngettext("%(n)d petition", "%(n)d petitions", data["petitions"]) % {
            "n": data["petitions"]
        }
    return ""


def _stage_words(data: Mapping[str, Any]) -> str:
    label = capfirst(str(LandStage(data["stage"]).label))
    if data.get("skipped"):
        return _("%(stage)s: left out") % {"stage": label}
    if not data.get("done_on"):
        return label
    return f"{label}: {day_words(data['done_on'])}"


def _changes(fields: Mapping[str, Sequence[Any]]) -> str:
    return "; ".join(
        f"{RULE_FIELDS.get(name, name)}: {_value(before)} → {_value(after)}"
        for name, (before, after) in fields.items()
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value) or _("all")
    return str(value)


def signal_map(rows: Sequence[UnitSignals]) -> HexMap:
    """The wards and communes shaded by their live signals."""
    top = max((row.live for row in rows), default=0)
    return hexmap_cells([_cell(row, top) for row in rows], legend(top))


def _cell(row: UnitSignals, top: int) -> HexUnit:
    words = ngettext("%(n)d open signal", "%(n)d open signals", row.live) % {"n": row.live}
    query = urlencode({"unit": row.unit.code})
    return HexUnit(
        code=row.unit.code,
        name=row.unit.name,
        kind=row.unit.kind,
        col=row.unit.grid_col or 0,
        row=row.unit.grid_row or 0,
        href=f"{reverse('early_warning_staff:list')}?{query}#danh-sach" if row.live else "#ban-do",
        value=str(row.live),
        level=level(row.live, top),
        label=words,
    )


def rule_line(
    rule: WarningRule,
    quarters: Sequence[Quarter],
    judged: Mapping[tuple[int, Quarter], Score],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """A rule with its threshold in words and how often it was right, quarter by quarter."""
    cells = [judged.get((rule.pk, quarter), Score(0, 0)) for quarter in quarters]
    return {
        "rule": rule,
        "href": reverse("early_warning_staff:rule", args=[rule.code]),
        "kind": capfirst(rule.get_kind_display()),
        "threshold": threshold_words(rule),
        "fields": ", ".join(names.get(code, code) for code in rule.fields) or _("all fields"),
        "quarters": [
            {"quarter": quarter.words, "words": precision_words(one)}
            for quarter, one in zip(quarters, cells, strict=True)
        ],
    }


def threshold_words(rule: WarningRule) -> str:
    """From which number on, in which time, against what."""
    words = _THRESHOLDS[Measure(rule.measure)]
    return str(words) % {
        "least": rule.least,
        "window": rule.window_days,
        "factor": rule.factor,
    }


_THRESHOLDS: dict[Measure, Text] = {
    Measure.PEOPLE: gettext_lazy("%(least)s people or more in one matter"),
    Measure.LETTERS: gettext_lazy("%(least)s letters or more joined in one matter"),
    Measure.PROLONGED: gettext_lazy("a letter after the decision is legally final"),
    Measure.DAYS_OVERDUE: gettext_lazy("overdue by %(least)s days or more"),
    Measure.ESCALATED_OVERDUE: gettext_lazy(
        "overdue and put before a superior %(least)s times or more"
    ),
    Measure.TRAITS: gettext_lazy("%(least)s signs or more: mass, complex, prolonged"),
    Measure.OPEN_PETITIONS: gettext_lazy(
        "%(least)s petitions or more of the last %(window)s days still open"
    ),
    Measure.SENT_UP: gettext_lazy(
        "%(least)s complaints or more that went past the unit within %(window)s days"
    ),
    Measure.RISE: gettext_lazy(
        "%(factor)s%% of the usual number within %(window)s days, at least %(least)s petitions"
    ),
    Measure.AFTER_STAGE: gettext_lazy(
        "%(factor)s%% of the usual number within %(window)s days after the stage, at least"
        " %(least)s petitions"
    ),
}


def precision_words(score: Score) -> str:
    """The share that was true, with the numbers behind it; too few say nothing."""
    if not score.judged:
        return "–"
    share = precision(score)
    if share is None:
        return _("too few (%(n)s judged)") % {"n": score.judged}
    return _("%(share)s%% (%(true)s true, %(false)s false)") % {
        "share": share,
        "true": score.true,
        "false": score.false,
    }


def project_line(project: LandProject) -> dict[str, Any]:
    """A row of the list; places and stages were read with it."""
    stages = sorted(project.stages.all(), key=lambda stage: stage.position)
    over = [stage for stage in stages if stage.is_over]
    following = next((stage for stage in stages if not stage.is_over), None)
    return {
        "project": project,
        "href": reverse("early_warning_staff:project", args=[project.public_id]),
        "units": ", ".join(unit_names(project)),
        "over": len(over),
        "of": len(stages),
        "next": capfirst(following.get_stage_display()) if following else "",
        "next_on": following.planned_on if following else None,
    }


def unit_names(project: LandProject) -> list[str]:
    return sorted(place.unit.full_name for place in project.places.all())


def project_chart(weeks: Weeks) -> Chart | None:
    """Petitions by week with the stages as marks."""
    return chart_of(
        weeks.counts,
        [(stage.position, stage.done_on) for stage in weeks.stages if stage.done_on],
    )


def stage_tone(stage: ProjectStage, on: dt.date) -> str:
    """Done, left out, late or ahead; ``on``: today, a local date."""
    if stage.done_on is not None:
        return "success"
    if stage.skipped_reason:
        return "neutral"
    return "danger" if stage.planned_on and stage.planned_on < on else "info"


def stage_words(stage: ProjectStage, on: dt.date) -> str:
    if stage.done_on is not None:
        return _("done")
    if stage.skipped_reason:
        return _("left out")
    if stage.planned_on and stage.planned_on < on:
        return _("late")
    return _("ahead")


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Early warning"), reverse("early_warning_staff:list")), *more]
