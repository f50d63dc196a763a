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
from papers.heads import PAPER_LANGUAGE, date_words, place_of
from papers.marks import UNMARKED, Mark
from receptions.models import ReceptionSession, Refusal, Registration, VisitPaper
from receptions.refusal_grounds import grounds
from receptions.selectors import person_open, topic_shown


def refusal_pdf(row: Registration, refusal: Refusal, on: dt.date, mark: Mark = UNMARKED) -> bytes:
    """Form 01/TCD, dated the day it was sent or else ``on``. Callers have checked the right."""
    person = person_open(row)
    ground = grounds()[refusal.ground]
    lacking = person.get("particulars_missing", "")
    with translation.override(PAPER_LANGUAGE):
        facts = _unit_facts(row.session.unit) | {
            "number": refusal.number,
            "dated": date_words(refusal.sent_on or on),
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


def _unit_facts(unit: Unit) -> dict[str, Any]:
    is_commune = unit.is_commune_level
    return {"unit": unit.full_name, "is_commune": is_commune, "place": place_of(unit)}


def _issued(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}" if text else ""


def _post(user: User, session: ReceptionSession, on: dt.date) -> str:
    """The position in the unit on a local date; dots to fill in when there is none any more."""
    held = Membership.objects.current(on).filter(user=user, unit_id=session.unit_id).first()
    return capfirst(held.get_role_display()) if held else "……"
