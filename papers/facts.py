"""What the case says, for the words that a draft begins with."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import translation

from common.text import clean
from common.time import local_date
from papers.content import Content
from papers.enums import PaperState
from papers.heads import PAPER_LANGUAGE, date_words, head_post, issuer_of
from papers.kinds import (
    COMPLAINT_DECREE,
    COMPLAINT_LAW,
    DENUNCIATION_DECREE,
    DENUNCIATION_LAW,
    Field,
    PaperKind,
)
from papers.models import Paper
from petitions.enums import Kind, PartyRole
from petitions.models import Case, CaseEvent, Forwarding, Outcome, Party, Proposal
from petitions.replay import PREFIX
from petitions.selectors import case_parties, identity_read
from petitions.workflow import Action

BLANK = "……"
ACCEPTANCE = "denunciation_acceptance"
PLACES_MAX = 5
# Grounds of a decision begin with "Căn cứ", each on a line of its own.
_LAWS = {
    Kind.COMPLAINT: f"{COMPLAINT_LAW}\nCăn cứ {COMPLAINT_DECREE}",
    Kind.DENUNCIATION: f"{DENUNCIATION_LAW}\nCăn cứ {DENUNCIATION_DECREE}",
}


def content_begun(kind: PaperKind, case: Case) -> Content:
    """The words of a new draft, filled from the case. Of a denunciation nothing of a person goes in,
    nor anything out of its letter. Seven queries."""
    with translation.override(PAPER_LANGUAGE):
        known = facts_known(case, kind)
        return Content(
            about=kind.about,
            addressee=kind.addressee.format_map(known),
            grounds=kind.grounds.format_map(known),
            body=kind.body.format_map(known),
            recipients=_once(kind.recipients.format_map(known).split("\n")),
            fields={one.name: one.default.format_map(known) for one in kind.fields},
        ).cleaned()


def blanks_left(text: str) -> list[str]:
    """Where the dots of a draft still stand, at most ``PLACES_MAX``: of each line the words around
    its first dots."""
    lines = [" ".join(line.strip("|").split()) for line in text.split("\n") if BLANK in line]
    return [_around(line) for line in dict.fromkeys(lines)][:PLACES_MAX]


def _around(line: str) -> str:
    at = line.index(BLANK)
    return line[max(0, at - 40) : at + 20].strip()


def date_read(text: str) -> dt.date | None:
    """The day that a field of this type holds; None for anything but a date in ISO 8601."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def field_shown(field: Field, text: str) -> str:
    """What a paper says of the kind's own field: a day in words, other text as it was written."""
    day = date_read(text) if field.is_date else None
    if day is None:
        return text
    with translation.override(PAPER_LANGUAGE):
        return date_words(day)


def facts_known(case: Case, kind: PaperKind | None = None) -> Mapping[str, str]:
    """Facts of the case by name, dots for every other name; in the language that is active.

    ``known_as`` says which case it is. A paper of a denunciation of a ``kind`` that others than the
    denouncer may get goes by the decision that accepted it, and bears no code: that stands on the
    denouncer's receipt, and whoever saw it there would know who denounced.
    """
    found = _facts(case)
    if kind is None or not kind.hides_code(case):
        return _Known(found | {"known_as": f" có mã hồ sơ {case.code}"})
    del found["code"]
    return _Known(found | {"petitioner": "Người tố cáo", "known_as": _acceptance(case)})


def _acceptance(case: Case) -> str:
    """The decision that accepted a denunciation: the paper in force, else what the step says."""
    rows = Paper.objects.filter(case=case, kind=ACCEPTANCE, state=PaperState.ISSUED)
    paper = rows.defer("box").order_by("-id").first()
    if paper is not None and paper.issued_at is not None:
        return _decided(paper.shown_number, local_date(paper.issued_at))
    events = CaseEvent.objects.filter(case=case, action=PREFIX + Action.ACCEPT)
    step = events.order_by("-sequence").first()
    return _decided(step.data.get("number", ""), local_date(step.at)) if step else ""


def _decided(number: str, on: dt.date) -> str:
    return f" theo Quyết định thụ lý tố cáo số {number} ngày {on:%d/%m/%Y}" if number else ""


class _Known(dict[str, str]):
    """Facts by name; dots for what the case does not say."""

    def __missing__(self, name: str) -> str:
        return BLANK


def _facts(case: Case) -> dict[str, str]:
    found = {
        "code": case.code,
        "subject": case.subject,
        "unit": issuer_of(case.unit),
        "head": head_post(case.unit),
        "law": _LAWS.get(Kind(case.kind), "Luật Tiếp công dân số 42/2013/QH13"),
        "received": f"{local_date(case.submitted_at):%d/%m/%Y}",
        "assignee": case.assignee.full_name if case.assignee else "",
        "receiver": _receiver(case),
        **(_neutral(case) if case.is_denunciation else _people(case) | _written(case)),
    }
    return {name: value for name, value in found.items() if value}


def _neutral(case: Case) -> dict[str, str]:
    """Nobody is named, and no words of officers that may retell the letter are taken over."""
    return {"petitioner": f"Người tố cáo (mã hồ sơ {case.code})", "sender": "người tố cáo"}


def _people(case: Case) -> dict[str, str]:
    parties = case_parties(case)
    senders = [_read(one) for one in parties if one.role == PartyRole.PETITIONER]
    against = [_read(one) for one in parties if one.role == PartyRole.RESPONDENT]
    first = next((one for one in senders if one.get("full_name")), {})
    others = len(senders) - 1
    name = f"Ông (bà) {first['full_name']}" if first else ""
    sender = f"{name} và {others} người khác" if name and others > 0 else name
    return {
        "full_name": first.get("full_name", ""),
        "petitioner": sender,
        "sender": sender,
        "address": first.get("address", ""),
        "respondent": next((one["full_name"] for one in against if one.get("full_name")), ""),
    }


def _read(party: Party) -> dict[str, str]:
    if party.identity.is_protected:
        return {}
    data = identity_read(party.identity)
    return {"full_name": str(data.get("full_name") or data.get("name") or ""),
            "address": str(data.get("address") or "")}  # fmt: skip


def _written(case: Case) -> dict[str, str]:
    """The latest proposal and result that officers wrote."""
    proposal = Proposal.objects.filter(case=case, is_current=True).first()
    outcome = Outcome.objects.filter(case=case).order_by("-id").first()
    ground = str(proposal.get_ground_display()) if proposal and proposal.ground else ""
    return {
        "proposal": clean(proposal.text) if proposal else "",
        "outcome": clean(outcome.text) if outcome else "",
        "ground": ground
        or (str(outcome.get_ground_display()) if outcome and outcome.ground else ""),
    }


def _receiver(case: Case) -> str:
    """The body that the case was sent to."""
    if case.forwarded_to is not None:
        return issuer_of(case.forwarded_to)
    hop = Forwarding.objects.filter(case=case).select_related("to_unit").order_by("-hop").first()
    return issuer_of(hop.to_unit) if hop else ""


def _once(lines: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(line for line in lines if line and line != BLANK))
