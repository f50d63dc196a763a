"""Rules on grassroots democracy: every change of a unit's rules is a version."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible, allow
from common.time import local_date, now
from communes.models import Unit
from mobilisation import validators as v
from mobilisation.enums import RULE_NEXT, RULES_HOLD, RuleState
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule, RuleFile
from mobilisation.policies import may_keep
from mobilisation.services._step import Step, applied, begun, changes, claimed, version_check


@dataclass(frozen=True)
class RuleRecord:
    """How far a unit is with its rules of a kind. Promulgated or amended ones have number, date and
    who approved them, repealed ones a note why. Dates are local; ``review_on``: when they are
    looked at again; ``attachment``: the identifier of an upload, "" for none."""

    state: str
    number: str = ""
    issued_on: dt.date | None = None
    approved_by: str = ""
    review_on: dt.date | None = None
    note: str = ""
    attachment: str = ""


@transaction.atomic
def rule_record(
    *,
    access: Access,
    unit: Unit,
    kind: str,
    version: int,
    record: RuleRecord,
    at: dt.datetime | None = None,
) -> DemocracyRule:
    """Record how far a unit is with its rules of a kind; ``version`` is the one that was looked at,
    0 before the first. What changed, from and to, is in the history; nothing to change makes no
    version. Raises NotVisible, NotPermitted, Stale, InvalidInput on the names of ``RuleRecord``."""
    if kind not in rule_kinds() or not access.has(Permission.DIRECTIVE_VIEW, unit.pk):
        raise NotVisible
    allow(may_keep(access, unit.pk))
    moment = at or now()
    row = _locked(unit, kind, moment)
    version_check(row, version)
    values = _checked(record, row, moment)
    changed = changes(row, values)
    if not changed and not record.attachment:
        return row
    step = begun(row, access, "rule.recorded", moment)
    step.data["fields"] = changed
    applied(row, values | {"changed_at": moment})
    _file_take(step, record.attachment)
    step.finish()
    return row


def _locked(unit: Unit, kind: str, moment: dt.datetime) -> DemocracyRule:
    """The row under its lock, made before its first version."""
    DemocracyRule.objects.bulk_create(
        [DemocracyRule(unit=unit, kind=kind, changed_at=moment)], ignore_conflicts=True
    )
    rows = DemocracyRule.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(unit=unit, kind=kind)


def _checked(record: RuleRecord, row: DemocracyRule, moment: dt.datetime) -> dict[str, Any]:
    """The values of the record, cleaned. Raises InvalidInput naming every wrong one."""
    errors = v.Errors()
    holds = record.state in RULES_HOLD
    is_over = record.state == RuleState.REPEALED
    values = asdict(record) | {
        "number": errors.text("number", record.number, v.NUMBER_MAX, needed=holds),
        "approved_by": errors.text("approved_by", record.approved_by, v.APPROVED_MAX, needed=holds),
        "note": errors.text("note", record.note, v.WORDS_MAX, needed=is_over),
    }
    values.pop("attachment")
    _state_checked(errors, record.state, row)
    if holds and record.issued_on is None:
        errors["issued_on"] = [_("Please fill this in.")]
    if record.issued_on and record.issued_on > local_date(moment):
        errors["issued_on"] = [_("The date is in the future.")]
    if record.review_on and record.issued_on and record.review_on <= record.issued_on:
        errors["review_on"] = [_("The next review lies after the date of the rules.")]
    errors.refuse()
    return values


def _state_checked(errors: v.Errors, state: str, row: DemocracyRule) -> None:
    """The same state is a correction."""
    errors.choice("state", state, RuleState.values)
    if state != row.state and state not in RULE_NEXT[row.state]:
        words = {"now": row.get_state_display()}
        errors.setdefault("state", [_("Rules that are “%(now)s” do not get this state.") % words])


def _file_take(step: Step, public_id: str) -> None:
    for file in claimed([public_id], "attachment", step.at):
        RuleFile.objects.create(
            rule=step.row,
            version=step.row.version,
            attachment=file,
            by_id=step.access.actor_id,
            at=step.at,
        )
        step.data["file"] = str(file.public_id)
