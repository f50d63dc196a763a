"""Cases that grow out of a letter: at the receiver of a forwarding, by splitting, at the superior.

The new case gets a letter of its own, a copy of the petitioner's; people are sealed again, of a
denouncer the box is taken over unopened; files are shown, not copied. The petitioner keeps code and secret: those of the origin.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from communes.models import Unit
from petitions.enums import Channel, Flag, Kind, PartyRole
from petitions.grounds import Relation
from petitions.models import Case, CaseLink, Letter, LetterAttachment, Party
from petitions.selectors import identity_unseal
from petitions.services._transition import Change
from petitions.services.intake import Filing, Origin, petition_file
from petitions.services.people import SEALED


@dataclass(frozen=True)
class Copy:
    """What is different in the new case. ``at`` (UTC moment) starts its first limit, the moment
    of the step without it; ``respondent`` replaces whom the letter is about."""

    unit: Unit
    # Of a denunciation the case does not carry the words of the letter.
    subject: str = ""
    kind: str = ""
    field: str = ""
    content: str = ""
    instance: int = 1
    flags: tuple[str, ...] = ()
    channel: str = Channel.FORWARDED
    at: dt.datetime | None = None
    # Another body than the first may be named by the new content: the rules of a new letter.
    is_routed: bool = False
    respondent: dict[str, Any] | None = None


def letter_copy(change: Change, copy: Copy) -> Case:
    """File the copy in the change's transaction; its clocks start as the law says for its kind."""
    case = change.case
    source = Letter.objects.filter(case=case).order_by("id").first()
    assert source is not None
    kind = copy.kind or case.kind
    respondent = copy.respondent or _respondent(source)
    people = _petitioners(source)
    is_sealed = any(SEALED in person for person in people)
    filed = petition_file(
        filing=Filing(
            kind=kind,
            subject=copy.subject or source.subject,
            content=copy.content or source.content,
            request=source.request if not copy.content else "",
            field=copy.field or case.field.code,
            unit=copy.unit.code,
            petitioners=people,
            respondent=respondent if kind in (Kind.COMPLAINT, Kind.DENUNCIATION) else None,
        ),
        at=copy.at or change.at,
        channel=copy.channel,
        is_signed=_is_signed(case),
        by_id=change.access.user_id,
        quiet=change.quiet,
        origin=Origin(
            letter=source.origin or source,
            instance=copy.instance,
            flags=copy.flags,
            holder=None if copy.is_routed else copy.unit,
            barred=tuple(case.barred_units),
            contact=source.contact if is_sealed else None,
            signed_by=source if is_sealed else None,
        ),
    )
    new = Case.objects.select_related("unit").get(code=filed.code)
    _show_files(source, new)
    return new


def tie(change: Change, case: Case, other: Case, relation: Relation) -> None:
    """Record that ``case`` is, in the words of ``relation``, … ``other``."""
    CaseLink.objects.create(
        case=case, other=other, relation=relation, by_id=change.access.actor_id, at=change.at
    )


def _is_signed(case: Case) -> bool:
    """Only what is signed by its kind was ever asked for a signature (Article 22 of the Law on
    Denunciations): a recommendation that turns out to denounce must still be signed."""
    return case.kind in (Kind.COMPLAINT, Kind.DENUNCIATION) and Flag.UNSIGNED not in case.flags


def _petitioners(source: Letter) -> list[dict[str, Any]]:
    """Open people as they are; of a denouncer the sealed box, which nobody here can open."""
    return [_petitioner(party) for party in _parties(source, PartyRole.PETITIONER)]


def _petitioner(party: Party) -> dict[str, Any]:
    if party.identity.is_protected:
        return {SEALED: party.identity, "representative": party.is_representative}
    return {**identity_unseal(party.identity), "representative": party.is_representative}


def _respondent(source: Letter) -> dict[str, Any] | None:
    for party in _parties(source, PartyRole.RESPONDENT):
        data = identity_unseal(party.identity)
        unit = party.unit.code if party.unit else ""
        return {**data, "unit": unit, "position": party.position}
    return None


def _parties(source: Letter, role: str) -> list[Party]:
    rows = Party.objects.filter(letter=source, role=role).select_related("identity", "unit")
    return list(rows.order_by("number"))


def _show_files(source: Letter, new: Case) -> None:
    letter = Letter.objects.get(case=new)
    files = LetterAttachment.objects.filter(letter=source).values_list("attachment_id", flat=True)
    LetterAttachment.objects.bulk_create(
        [LetterAttachment(letter=letter, attachment_id=pk) for pk in files]
    )
