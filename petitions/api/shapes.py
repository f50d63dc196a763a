"""Cases as the API shows them to staff."""

from collections.abc import Mapping
from typing import Any

from attachments.models import Attachment
from common.errors import Text
from communes.selectors import unit_json
from petitions.choices import choices_for
from petitions.models import Case, CaseClock, CaseEvent, Letter, RedactedCopy
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


def letter_json(
    letter: Letter, subject: str, sealed: Text | None, copy: RedactedCopy | None
) -> dict[str, Any]:
    """``sealed``: why the letter itself is withheld, if it is. Then texts and files are those of
    its released redacted copy (``redacted_version``), null without one; ``subject`` the case's."""
    shown = copy if sealed else letter
    return {
        "code": letter.code,
        "channel": letter.channel,
        "submitted_at": letter.submitted_at.isoformat(),
        "people": letter.people,
        "subject": shown.subject if shown else subject,
        "sealed": str(sealed) if sealed else None,
        "redacted_version": copy.number if copy else None,
        "content": shown.content if shown else None,
        "request": shown.request if shown else None,
        "register": letter.register or None,
        "attachments": (_copies_json(copy) if copy else None) if sealed else _files_json(letter),
    }


def _copies_json(copy: RedactedCopy) -> list[dict[str, Any]]:
    files = copy.files.filter(result__isnull=False).select_related("result")
    return [_file_json(file.result) for file in files if file.result]


def _files_json(letter: Letter) -> list[dict[str, Any]]:
    return [_file_json(file) for file in letter.attachments.all()]


def _file_json(file: Attachment) -> dict[str, Any]:
    return {
        "id": str(file.public_id),
        "name": file.name,
        "size": file.size,
        "type": file.content_type,
    }


def case_whole(
    case: Case,
    letters: list[Letter],
    clocks: list[CaseClock],
    sealed: Text | None,
    copies: Mapping[int, RedactedCopy],
) -> dict[str, Any]:
    return {
        **case_row(case),
        "letters": [
            letter_json(letter, case.subject, sealed, copies.get(letter.pk)) for letter in letters
        ],
        "clocks": [clock_json(link) for link in clocks],
    }


def event_json(event: CaseEvent) -> dict[str, Any]:
    """An event that carries its ``place`` in what the reader sees."""
    return {
        "sequence": event.place,  # type: ignore[attr-defined]
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
        "fields": [_field_json(field, case, row, translate) for field in row.fields],
    }


def _field_json(field: Field, case: Case, row: Transition, translate: Any) -> dict[str, Any]:
    found = choices_for(field, case, row.action)
    choices = [{"value": value, "label": label} for value, label in found]
    return {
        "name": field.name,
        "label": translate(field.label),
        "type": field.type.value,
        "required": field.required,
        "choices": choices or None,
    }
