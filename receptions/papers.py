"""Forms 01/TCD and 02/TCD of Decree 154/2026 as PDF, in Vietnamese whoever asks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from common.papers import paper_pdf
from common.time import HANOI, local_date
from communes.models import Unit
from papers.heads import PAPER_LANGUAGE, date_words, head_post, place_of, signing_of
from papers.marks import UNMARKED, Mark
from receptions.models import ReceptionSession, Refusal, Registration, VisitPaper
from receptions.paper_heads import DATE_DOTS, DRAFT, replaced_words
from receptions.paper_subjects import refusal_voided
from receptions.refusal_grounds import grounds
from receptions.selectors import person_open, topic_shown


def refusal_pdf(
    row: Registration, refusal: Refusal, issuer_id: int | None = None, mark: Mark = UNMARKED
) -> bytes:
    """Form 01/TCD: issued as ``mark`` says, signed by ``issuer_id``; made elsewhere under a typed
    number once it was sent; else a draft and marked as one. Callers have checked the right."""
    on = local_date(mark.at) if mark.at else refusal.sent_on
    person = person_open(row)
    ground = grounds()[refusal.ground]
    lacking = person.get("particulars_missing", "")
    with translation.override(PAPER_LANGUAGE):
        facts = _unit_facts(row.session.unit) | {
            "number": refusal.number if on else "",
            "dated": date_words(on) if on else DATE_DOTS,
            "mark": "" if on else DRAFT,
            "replaces": replaced_words(refusal_voided(refusal), mark.at),
            **_signing(row.session.unit, issuer_id, on),
            "name": person.get("full_name", ""),
            "visited": date_words(local_date(row.session.starts_at)).partition(" ")[2],
            "identity_number": person.get("identity_number", ""),
            "issued_on": _issued(person.get("identity_issued_on", "")) or lacking,
            "issued_by": person.get("identity_issued_by", "") or lacking,
            "address": person.get("address", "") or lacking,
            # In the language of the paper, whatever the reader's.
            "matter": topic_shown(row),
            # An unverified wording is never printed as the law's own
            "ground": ground.text if ground.is_verified else "",
            "article": ground.article,
            "explanation": refusal.explanation,
        }
    return paper_pdf("refusal", facts | mark.facts, at=mark.at)


def receipt_pdf(row: Registration, papers: Sequence[VisitPaper], mark: Mark = UNMARKED) -> bytes:
    """Form 02/TCD for two signatures, of at least one paper, under the names given: who received is
    who took the last. Callers have checked the right."""
    person = person_open(row)
    moment, receiver = papers[-1].taken_at.astimezone(HANOI), papers[-1].taken_by
    with translation.override(PAPER_LANGUAGE):
        facts = _unit_facts(row.session.unit) | {
            "time": _("%(hour)s hours %(minute)s minutes")
            % {"hour": f"{moment:%H}", "minute": f"{moment:%M}"},
            "dated": date_words(moment.date()),
            "where": row.session.place,
            "receiver": receiver.full_name,
            "post": _post(receiver, row.session, moment.date()),
            "giver": person.get("full_name", ""),
            "identity_number": person.get("identity_number", ""),
            "papers": [
                {
                    "name": paper.name,
                    "pages": paper.pages,
                    "condition": capfirst(paper.get_condition_display()),
                }
                for paper in papers
            ],
        }
    return paper_pdf("receipt_of_papers", facts | mark.facts, at=mark.at)


def _signing(unit: Unit, issuer_id: int | None, on: dt.date | None) -> dict[str, Any]:
    """Who signed the issued paper, in the own post or by authority (TUQ.); else the head will."""
    if issuer_id is None or on is None:
        return {"signing": [head_post(unit)], "signer": ""}
    signer = User.objects.get(pk=issuer_id)
    return {"signing": signing_of(unit, issuer_id, on), "signer": signer.full_name}


def _unit_facts(unit: Unit) -> dict[str, Any]:
    is_commune = unit.is_commune_level
    return {"unit": unit.full_name, "is_commune": is_commune, "place": place_of(unit)}


def _issued(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}" if text else ""


def _post(user: User, session: ReceptionSession, on: dt.date) -> str:
    """The position in the unit on a local date; dots to fill in when there is none any more."""
    held = Membership.objects.current(on).filter(user=user, unit_id=session.unit_id).first()
    return capfirst(held.get_role_display()) if held else "……"
