"""Cases as the API shows them to staff."""

from typing import Any

from common.errors import Text
from communes.selectors import unit_json
from petitions.choices import choices_for
from petitions.models import Case, CaseClock, CaseEvent, Letter
from petitions.workflow import Field, Transition


def field_json(case: Case) -> dict[str, str]:
    return {"code": case.field.code, "label": case.field.label_vi}


def assignee_json(case: Case) -> dict[str, str] | None:
    officer = case.assignee
    return {"username": officer.username, "full_name": officer.full_name} if officer else None


def case_row(case: Case) -> dict[str, Any]:
    """One line of a list."""
    return {
        "code": case.code,
        "kind": case.kind,
        "instance": case.instance,
        "status": case.status,
        "version": case.version,
        "unit": unit_json(case.unit),
        "field": field_json(case),
        "subject": case.subject,
        "assignee": assignee_json(case),
        "submitted_at": case.submitted_at.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "escalation_level": case.escalation_level,
        "flags": case.flags,
    }


def clock_json(link: CaseClock) -> dict[str, Any]:
    clock = link.clock
    return {
        "rule": clock.rule_code,
        "stage": link.stage,
        "started_on": clock.started_on.isoformat(),
        "legal_due_on": clock.legal_due_on.isoformat() if clock.legal_due_on else None,
        "due_on": clock.due_on.isoformat(),
        "state": clock.state,
        "is_internal": clock.is_internal,
        "escalation_level": clock.escalation_level,
        "basis": clock.basis,
        "explanation": clock.explanation,
        "is_verified": not clock.mark,
        "words": clock.words,
        "extensions": [
            {name: item[name] for name in ("rule", "on", "amount", "basis")}
            for item in clock.extensions
        ],
        "derivation": [{**step, "date": step["date"].isoformat()} for step in clock.steps],
    }


def letter_json(letter: Letter, sealed: Text | None) -> dict[str, Any]:
    """``sealed``: why text and files are withheld (null), if they are."""
    number = letter.register_number
    return {
        "code": letter.code,
        "channel": letter.channel,
        "submitted_at": letter.submitted_at.isoformat(),
        "people": letter.people,
        "subject": letter.subject,
        "sealed": str(sealed) if sealed else None,
        "content": None if sealed else letter.content,
        "request": None if sealed else letter.request,
        "register": f"{number}/{letter.register_year}" if number else None,
        "attachments": None if sealed else _files_json(letter),
    }


def _files_json(letter: Letter) -> list[dict[str, Any]]:
    return [
        {"id": str(a.public_id), "name": a.name, "size": a.size, "type": a.content_type}
        for a in letter.attachments.all()
    ]


def case_whole(
    case: Case, letters: list[Letter], clocks: list[CaseClock], sealed: Text | None
) -> dict[str, Any]:
    return {
        **case_row(case),
        "letters": [letter_json(letter, sealed) for letter in letters],
        "clocks": [clock_json(link) for link in clocks],
    }


def event_json(event: CaseEvent) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "action": event.action,
        "at": event.at.isoformat(),
        "actor": event.actor.full_name if event.actor else None,
        "data": event.data,
    }


def action_json(item: dict[str, Any], case: Case, translate: Any) -> dict[str, Any]:
    row: Transition = item["row"]
    return {
        "action": row.action.value,
        "label": translate(row.label),
        "allowed": item["allowed"],
        "why_not": str(item["why_not"]) if item["why_not"] else None,
        "basis": row.basis,
        "fields": [_field_json(field, case, translate) for field in row.fields],
    }


def _field_json(field: Field, case: Case, translate: Any) -> dict[str, Any]:
    choices = [{"value": value, "label": label} for value, label in choices_for(field, case)]
    return {
        "name": field.name,
        "label": translate(field.label),
        "type": field.type.value,
        "required": field.required,
        "choices": choices or None,
    }
