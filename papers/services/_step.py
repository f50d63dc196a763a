"""What every step on a paper shares: lock, version, words checked, history."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale, Text
from common.history import NewEvent
from papers.catalogue import KINDS
from papers.content import Content, content_read
from papers.facts import blanks_left, date_read
from papers.kinds import Form, PaperKind
from papers.models import Paper, PaperEvent
from petitions.models import Case, Letter
from petitions.policies import may_read_letters
from petitions.services.locking import case_locked
from petitions.services.tells import letters_betray

BODY_MAX = 40_000  # characters
TEXT_MAX = 2_000


def permit(refusal: Text | None) -> None:
    """Raises NotPermitted with the reason, if there is one."""
    if refusal is not None:
        raise NotPermitted(refusal)


def locked(
    access: Access, code: str, public_id: uuid.UUID, version: int | None = None
) -> tuple[Case, Paper]:
    """Case and paper, locked in this order. Raises NotVisible; Stale where another version is
    expected."""
    case = case_locked(access, code)
    rows = Paper.objects.select_related("replaces").select_for_update(of=("self",), no_key=True)
    paper = rows.filter(case=case, public_id=public_id).first()
    if paper is None:
        raise NotVisible
    paper.case = case
    if version is not None and paper.version != version:
        raise Stale(
            _("Somebody else has changed this paper since it was opened. Nothing was lost."),
            extra={"version": paper.version},
        )
    return case, paper


def record(paper: Paper, action: str, access: Access, at: dt.datetime, **data: Any) -> None:
    """Append to the history of the paper, which is locked or new."""
    held = {"kind": paper.kind, "version": paper.version} | data
    PaperEvent.append(NewEvent(paper.pk, f"papers.paper.{action}", held, access.actor_id, at))


def changed(paper: Paper, action: str, access: Access, at: dt.datetime, **data: Any) -> None:
    """Count the version, save and record."""
    paper.version += 1
    paper.save()
    record(paper, action, access, at, **data)


def content_check(
    access: Access, case: Case, paper: Paper, content: Content, *, on: dt.date | None = None
) -> None:
    """Raises InvalidInput with ``content_faults``, if there are any."""
    faults = content_faults(access, case, paper, content, on=on)
    if faults:
        raise InvalidInput(fields=faults)


def content_faults(
    access: Access, case: Case, paper: Paper, content: Content, *, on: dt.date | None
) -> dict[str, list[Text]]:
    """What stands against these words, by field: too long, of a denunciation anything that tells
    who wrote it (Articles 47 to 49 of the Law on Denunciations) and, on the Hà Nội day of the issue
    (``on``), what is lacking: a field, a day that is one, or words where the draft has dots, or a
    code that must not stand there. Minutes keep their dots, which are filled in by hand.

    Whoever may not read the letters is not told whether a text names the denouncer: they could
    try names until one is refused. Such a text is refused when the head issues the paper.
    """
    faults: dict[str, list[Text]] = {}
    for name, text in content.every_text().items():
        most = BODY_MAX if name == "body" else TEXT_MAX
        if len(text) > most:
            faults[name] = [_("At most %(most)s characters.") % {"most": most}]
    if on is not None:
        kind = KINDS[paper.kind]
        faults |= _lacking(kind, content) | _coded(kind, case, content)
        faults |= _misdated(paper, content, on) | _unchanged(paper, content)
    if may_read_letters(access, case) is None:
        faults |= {name: [_betrays()] for name in betrayed(case, content.every_text())}
    return faults


def reason_check(case: Case, name: str, reason: str) -> None:
    """A reason is given, short enough and, of a denunciation, tells nothing of who wrote it."""
    if not reason:
        raise InvalidInput(fields={name: [_("Fill this in.")]})
    if len(reason) > 500:
        raise InvalidInput(fields={name: [_("At most %(most)s characters.") % {"most": 500}]})
    if betrayed(case, {name: reason}):
        raise InvalidInput(fields={name: [_betrays()]})


def betrayed(case: Case, texts: dict[str, str]) -> list[str]:
    """Names of the texts of a denunciation in which its denouncer stands."""
    if not case.is_denunciation:
        return []
    return letters_betray(case, {name: text for name, text in texts.items() if text})


def _betrays() -> str:
    return _("Name, number or address of the denouncer stands here. A paper never names them.")


def _lacking(kind: PaperKind, content: Content) -> dict[str, list[Text]]:
    empty: dict[str, list[Text]] = {name: [_("Fill this in.")] for name in _empty(kind, content)}
    if kind.form is Form.MINUTES:
        return empty
    left = {name: blanks_left(text) for name, text in content.every_text().items()}
    return empty | {name: [_dotted(places)] for name, places in left.items() if places}


def _misdated(paper: Paper, content: Content, on: dt.date) -> dict[str, list[Text]]:
    """Days that are none or lie before the issue; a paper that puts another one right says again
    what held then."""
    found: dict[str, list[Text]] = {}
    for one in KINDS[paper.kind].fields:
        text = content.fields.get(one.name, "") if one.is_date else ""
        day = date_read(text)
        if text and day is None:
            found[one.name] = [_("“%(text)s” is no date: choose a day.") % {"text": text}]
        elif day is not None and day < on and paper.replaces_id is None:
            found[one.name] = [_("This day lies before the day of issue.")]
    return found


def _unchanged(paper: Paper, content: Content) -> dict[str, list[Text]]:
    """A paper that puts another one right says something else."""
    old = paper.replaces
    if old is None or replace(content_read(old), returned="") != replace(content, returned=""):
        return {}
    return {"body": [_("These are the words of the paper that is to be replaced: change them.")]}


def _dotted(places: list[str]) -> str:
    shown = "; ".join(f"“{place}”" for place in places)
    return _("Write what belongs in place of the dots: %(places)s.") % {"places": shown}


def _empty(kind: PaperKind, content: Content) -> list[str]:
    texts = content.every_text()
    return [name for name in sorted(kind.needed) if not texts.get(name)]


def _coded(kind: PaperKind, case: Case, content: Content) -> dict[str, list[Text]]:
    """Where a code stands that is on a receipt, of papers that others may get."""
    if not kind.hides_code(case):
        return {}
    codes = {case.code, *Letter.objects.filter(case=case).values_list("code", flat=True)}
    words = _(
        "The code of the petition stands here. It is on the denouncer's receipt: name the decision"
        " that accepted the denunciation instead."
    )
    texts = content.every_text().items()
    return {name: [words] for name, text in texts if any(code in text.upper() for code in codes)}
