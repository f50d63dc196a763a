"""Filing: from what a citizen sent to a letter, a case and a running clock, in one transaction."""

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from attachments.models import Attachment
from attachments.services import attachments_claim
from common.codes import code_new, secret_clean, secret_from_salt, token_hmac
from common.errors import DomainError, InvalidInput
from common.history import NewEvent
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from communes.selectors import unit_by_code, unit_json
from notifications.services import NewMessage, address_seal, outbox_write
from petitions import clocks
from petitions.contacts import contact_index
from petitions.enums import Channel, Flag, Kind
from petitions.flags import COLLECTIVE_FROM
from petitions.models import (
    Case,
    CaseEvent,
    Letter,
    LetterAttachment,
    SubjectField,
)
from petitions.receivers import desk_of, receiver_of, unit_in_force, units_barred
from petitions.references import field_by_code
from petitions.selectors_public import CODE_PREFIX, SECRET_PURPOSE
from petitions.services.people import people_save
from petitions.services.signatures import signature_copy, signature_write
from petitions.subjects import search_text_of, subject_shown
from petitions.validators import ATTACHMENTS_MAX
from petitions.workflow import Status


@dataclass(frozen=True)
class Filing:
    """A petition as filed. People are dictionaries of checked personal data, sealed at once; of a
    denunciation there may be none: information without a name (Article 25 of the Law on
    Denunciations).
    """

    kind: str
    subject: str
    content: str
    field: str
    unit: str
    petitioners: Sequence[Mapping[str, Any]]
    request: str = ""
    respondent: Mapping[str, Any] | None = None
    attachments: Sequence[str] = ()
    # In which the petitioner wants to be told; empty for the site's own.
    language: str = ""
    # How many people it is of, where more came than are named.
    people: int = 0

    @property
    def group(self) -> int:
        """How many people sent it, 1 where nobody is named."""
        return max(len(self.petitioners), self.people, 1)


@dataclass(frozen=True)
class Filed:
    """What the petitioner is told. ``secret`` is shown now and never again."""

    code: str
    secret: str
    answer: dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """Where a copied letter comes from: the petitioner keeps that letter's code and secret."""

    letter: Letter
    instance: int = 1
    flags: tuple[str, ...] = ()
    # The body that gets it, and whom the bars of the first case keep out; without a holder both
    # follow from whom it is addressed to, as for a new letter.
    holder: Unit | None = None
    barred: tuple[int, ...] = ()
    # Of a letter whose people cannot be opened here: the sealed address, and the letter whose
    # signature is taken over.
    contact: tuple[int, bytes] | None = None
    signed_by: Letter | None = None


@dataclass(frozen=True)
class _Plan:
    filing: Filing
    addressed: Unit
    holder: Unit
    field: SubjectField
    respondent_unit: Unit | None
    at: dt.datetime
    channel: str
    by_id: int | None
    # When it came in, which may be before it was entered: the day from which limits run.
    received_at: dt.datetime
    origin: Origin | None = None


def petition_file(
    *,
    filing: Filing,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    received_at: dt.datetime | None = None,
    channel: str = Channel.ONLINE,
    is_signed: bool = False,
    by_id: int | None = None,
    quiet: bool = False,
    origin: Origin | None = None,
) -> Filed:
    """File a petition. Filing online is receipt: the first clock starts at ``at`` (UTC moment), or
    at ``received_at`` where it came in before it was entered.

    The same ``salt`` gives the same secret, for repeated requests. ``quiet`` stores the notices
    as never to be sent (demo data). ``origin``: this is a copy, of which the petitioner is not
    told a second time. Raises InvalidInput, or DomainError ``denunciation_offline``
    when denunciations are not taken online.
    """
    if origin is None and filing.kind == Kind.DENUNCIATION and channel == Channel.ONLINE:
        _online_denunciation_allowed()
    moment = at or now()
    is_copy = origin is not None
    plan = _plan(filing, moment, min(received_at or moment, moment), channel, by_id, is_copy)
    if origin is not None:
        plan = replace(plan, origin=origin, holder=origin.holder or plan.holder)
    secret = secret_from_salt(salt or os.urandom(16))
    case = _case(plan, is_signed)
    new_clock = clocks.first_clock(case, local_date(plan.received_at))
    case.due_on = new_clock.clock.due_on
    answer = _answer(case, plan, new_clock.clock)
    with transaction.atomic(savepoint=False):
        letter = _save(case, plan, new_clock, secret)
        _claim_files(letter, filing.attachments)
        _tell(case, letter, plan, quiet)
    return Filed(case.code, secret, answer)


def sender_rule(filing: Filing) -> None:
    """Only accusations may come without a name. Raises InvalidInput."""
    if not filing.petitioners and filing.kind != Kind.DENUNCIATION:
        raise InvalidInput(fields={"petitioners": [_("Say who sends the petition.")]})


def respondent_rule(filing: Filing) -> None:
    """Complaints and denunciations name whom they are about. Raises InvalidInput."""
    if filing.kind in (Kind.COMPLAINT, Kind.DENUNCIATION) and not filing.respondent:
        message = _("Say whom the complaint or denunciation is about.")
        raise InvalidInput(fields={"respondent": [message]})


def _plan(
    filing: Filing,
    at: dt.datetime,
    received_at: dt.datetime,
    channel: str,
    by_id: int | None,
    is_copy: bool,
) -> _Plan:
    respondent_rule(filing)
    sender_rule(filing)
    on = local_date(at)
    # A copy keeps the units that its letter names, also those that are no more, and may be dated
    # before the unit that holds it began.
    unit_of: Callable[[str], Unit | None] = (
        unit_by_code if is_copy else lambda code: unit_in_force(code, on)
    )
    addressed, subject_field = unit_of(filing.unit), field_by_code(filing.field)
    errors: dict[str, list[str]] = {}
    if addressed is None or addressed.kind == "city":
        errors["unit"] = [_("There is no unit with this code.")]
    if subject_field is None:
        errors["field"] = [_("There is no subject field with this code.")]
    code = (filing.respondent or {}).get("unit") or ""
    respondent_unit = unit_of(code) if code else None
    if code and respondent_unit is None:
        errors["respondent.unit"] = [_("There is no unit with this code.")]
    if len(filing.attachments) > ATTACHMENTS_MAX:
        errors["attachments"] = [_("At most 20 files.")]
    if errors or addressed is None or subject_field is None:
        raise InvalidInput(fields=errors)
    holder = receiver_of(filing.kind, addressed, respondent_unit)
    return _Plan(
        filing, addressed, holder, subject_field, respondent_unit, at, channel, by_id, received_at
    )


def _online_denunciation_allowed() -> None:
    if settings.DENUNCIATION_MODE == "off":
        raise DomainError(
            _(
                "Denunciations are not taken online (Article 22 of the Law on Denunciations)."
                " Please send a signed letter or come in person."
            ),
            code="denunciation_offline",
            status=403,
        )


def _case(plan: _Plan, is_signed: bool) -> Case:
    filing = plan.filing
    code = code_new(CODE_PREFIX)
    subject = subject_shown(filing.kind, plan.field.label_vi, filing.subject)
    return Case(
        code=code,
        kind=filing.kind,
        status=Status.SUBMITTED.value,
        unit=plan.holder,
        field=plan.field,
        subject=subject,
        search_text=search_text_of(code, subject),
        instance=plan.origin.instance if plan.origin else 1,
        respondent_unit=plan.respondent_unit,
        barred_units=_barred(plan),
        flags=_flags(plan, is_signed),
        submitted_at=plan.received_at,
    )


def _barred(plan: _Plan) -> list[int]:
    """Of a copy the bars of the first case and the unit that is named; whom the copy goes to has
    nothing to do with it (Articles 12 and 49 of the Law on Denunciations)."""
    units = units_barred(plan.filing.kind, plan.addressed, plan.respondent_unit)
    if plan.origin is None or plan.origin.holder is None:
        return [unit.pk for unit in units]
    if plan.filing.kind != Kind.DENUNCIATION:
        return []
    named = {unit.pk for unit in units} if plan.respondent_unit else set()
    return sorted({*plan.origin.barred, *named})


def _flags(plan: _Plan, is_signed: bool) -> list[str]:
    kind = plan.filing.kind
    is_anonymous = not plan.filing.petitioners
    needs_signature = (
        kind in (Kind.COMPLAINT, Kind.DENUNCIATION) and not is_signed and not is_anonymous
    )
    # Article 22: a denunciation is a signed letter or a visit; what comes otherwise is
    # information with accusations (Article 25) until it is signed, without a name for ever.
    as_information = (
        kind == Kind.DENUNCIATION and needs_signature and settings.DENUNCIATION_MODE != "full"
    )
    marks = {
        Flag.UNSIGNED: needs_signature,
        Flag.INFORMATION: as_information or is_anonymous,
        Flag.ANONYMOUS: is_anonymous,
        Flag.COLLECTIVE: plan.filing.group >= COLLECTIVE_FROM,
        Flag.REROUTED: plan.holder != plan.addressed,
    }
    own = [flag.value for flag, holds in marks.items() if holds]
    return [*own, *(plan.origin.flags if plan.origin else ())]


def _save(case: Case, plan: _Plan, new_clock: clocks.NewClock, secret: str) -> Letter:
    filing = plan.filing
    case.save(force_insert=True)
    version, box = _contact(plan)
    email = "" if plan.origin is not None else _email(filing)
    index = contact_index(email, filing.kind) if email else None
    letter = Letter.objects.create(
        code=case.code,
        secret_hmac=token_hmac(SECRET_PURPOSE, secret_clean(secret)),
        case=case,
        kind=filing.kind,
        channel=plan.channel,
        addressed_unit=plan.addressed,
        subject=clean(filing.subject),
        content=clean(filing.content),
        request=clean(filing.request),
        people=filing.group,
        submitted_at=plan.received_at,
        contact_key_version=version,
        contact_box=box,
        contact_index=index,
        language=plan.origin.letter.language if plan.origin else filing.language,
        origin=plan.origin.letter if plan.origin else None,
    )
    clocks.clock_attach(case, new_clock)
    _save_people(letter, plan)
    _append_filed(case, plan, new_clock)
    return letter


def _save_people(letter: Letter, plan: _Plan) -> None:
    filing = plan.filing
    people_save(letter, filing.petitioners, filing.respondent, plan.respondent_unit)
    if plan.origin is None or not plan.origin.signed_by:
        signature_write(letter, filing.petitioners, filing.respondent, plan.respondent_unit)
    else:
        signature_copy(letter, plan.origin.signed_by, filing.respondent, plan.respondent_unit)


def _append_filed(case: Case, plan: _Plan, new_clock: clocks.NewClock) -> None:
    data = {
        "unit": plan.holder.code,
        "channel": plan.channel,
        "rule": new_clock.clock.rule_code,
        "due_on": new_clock.clock.due_on.isoformat(),
    }
    if plan.received_at != plan.at:
        data["received_on"] = local_date(plan.received_at).isoformat()
    event = NewEvent(case.pk, "petitions.letter.filed", data, plan.by_id, plan.at)
    CaseEvent.append_many([event], fresh=True)


def _contact(plan: _Plan) -> tuple[int, bytes] | tuple[None, None]:
    """Where the petitioner is told; a denouncer's address is opened by the vault alone."""
    if plan.origin is not None and plan.origin.contact is not None:
        return plan.origin.contact
    email = _email(plan.filing)
    if not email:
        return None, None
    return address_seal(email, for_vault=plan.filing.kind == Kind.DENUNCIATION)


def _email(filing: Filing) -> str:
    """The first address that a petitioner gave, or nothing."""
    return next((p["email"] for p in filing.petitioners if p.get("email")), "")


def _claim_files(letter: Letter, public_ids: Sequence[str]) -> None:
    if public_ids:
        files: list[Attachment] = attachments_claim(
            public_ids=list(public_ids), at=letter.submitted_at
        )
        LetterAttachment.objects.bulk_create(
            [LetterAttachment(letter=letter, attachment=file) for file in files]
        )


def _tell(case: Case, letter: Letter, plan: _Plan, quiet: bool) -> None:
    params = {"code": case.code, "unit": plan.holder.full_name}
    messages = [
        NewMessage(
            key=f"case:{case.code}:filed",
            template="petition_arrived",
            params=params,
            unit_id=plan.holder.pk,
            position=desk_of(plan.holder),
            is_secret=case.is_denunciation,
        )
    ]
    if plan.origin is None:
        messages += _receipt(case, letter, params)
    outbox_write(messages, at=plan.at, suppress=quiet)


def _receipt(case: Case, letter: Letter, params: dict[str, Any]) -> list[NewMessage]:
    """What the petitioner is told, where an address was given."""
    if letter.contact is None:
        return []
    due_on = case.due_on.isoformat() if case.due_on else ""
    return [
        NewMessage(
            key=f"letter:{letter.code}:filed",
            template="petition_filed",
            params={**params, "due_on": due_on},
            address=letter.contact,
            language=letter.language,
        )
    ]


def _answer(case: Case, plan: _Plan, clock: Any) -> dict[str, Any]:
    return {
        "code": case.code,
        "kind": case.kind,
        "status": case.status,
        "submitted_at": plan.received_at.isoformat(),
        "unit": unit_json(plan.holder),
        "flags": case.flags,
        "clocks": [
            {
                "rule": clock.rule_code,
                "due_on": clock.due_on.isoformat(),
                "basis": clock.basis,
                "explanation": clock.explanation,
            }
        ],
        "links": {
            "track": settings.PUBLIC_BASE_URL + reverse("petitions:track"),
            "receipt": settings.PUBLIC_BASE_URL + reverse("petitions:receipt_qr", args=[case.code]),
        },
    }
