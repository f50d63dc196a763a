"""Programmes, rules and opinion reports of the ward, as its people enter them."""

import datetime as dt
import io
from typing import Any

from accounts.access import Access
from attachments.services import attachment_store
from common.time import local_moment
from communes.models import Unit
from mobilisation.models import DemocracyRule, OpinionReport, Programme
from mobilisation.services import (
    OpinionWords,
    ProgrammeRecord,
    RuleRecord,
    opinion_create,
    opinion_send,
    programme_create,
    programme_sign,
    rule_record,
)
from tests.people import WARD, access_make

MONDAY = dt.date(2026, 11, 16)
AT = local_moment(MONDAY, 9)


def unit(code: str = WARD) -> Unit:
    return Unit.objects.get(code=code)


def upload(name: str = "chuong-trinh.txt") -> str:
    return str(attachment_store(stream=io.BytesIO(b"Chuong trinh phoi hop"), name=name).public_id)


def record(**changes: Any) -> ProgrammeRecord:
    values: dict[str, Any] = {
        "title": "Chương trình phối hợp công tác dân vận",
        "parties": ["propaganda", "front", "police"],
        "number": "05-CTPH/ĐU",
        "signed_on": dt.date(2026, 3, 2),
        "valid_from": dt.date(2026, 3, 2),
        "valid_until": dt.date(2027, 3, 1),
    }
    return ProgrammeRecord(**(values | changes))


def drafted(who: str = "secretary", code: str = WARD, **changes: Any) -> Programme:
    return programme_create(
        access=access_make(who), unit=unit(code), record=record(**changes), at=AT
    )


def signed(who: str = "secretary", code: str = WARD, **changes: Any) -> Programme:
    row = drafted(who, code, **changes)
    return programme_sign(
        access=access_make(who), public_id=row.public_id, version=row.version, at=AT
    )


def do(service: Any, row: Any, who: str = "secretary", **values: Any) -> Any:
    """Call a service on a row as it is now."""
    current = type(row).objects.get(pk=row.pk)
    return service(
        access=access_make(who),
        public_id=row.public_id,
        version=current.version,
        **({"at": AT} | values),
    )


def rules(
    who: str = "chair", code: str = WARD, kind: str = "community", **said: Any
) -> DemocracyRule:
    """Record rules as promulgated, with changes."""
    row = DemocracyRule.objects.filter(unit__code=code, kind=kind).first()
    values: dict[str, Any] = {
        "state": "promulgated",
        "number": "12/QĐ-UBND",
        "issued_on": dt.date(2026, 9, 1),
        "approved_by": "Ủy ban nhân dân phường",
    }
    return rule_record(
        access=access_make(who),
        unit=unit(code),
        kind=kind,
        version=row.version if row else 0,
        record=RuleRecord(**(values | said)),
        at=AT,
    )


def words(**changes: Any) -> OpinionWords:
    values: dict[str, Any] = {
        "period": "month",
        "starts_on": dt.date(2026, 10, 14),
        "texts": {"land": "Nhân dân tổ 4 quan tâm phương án bồi thường.", "order": "Ổn định."},
        "assessment": "Tình hình cơ bản ổn định.",
        "proposals": "Đề nghị sớm công bố phương án.",
    }
    return OpinionWords(**(values | changes))


def opinion(who: str = "front", code: str = WARD, **changes: Any) -> OpinionReport:
    """A draft by somebody of the unit."""
    return opinion_create(access=access_make(who), unit=unit(code), words=words(**changes), at=AT)


def opinion_sent(who: str = "front", code: str = WARD, **changes: Any) -> OpinionReport:
    row = opinion(who, code, **changes)
    return opinion_send(access=access_make(who), public_id=row.public_id, version=1, at=AT)


def access(who: str) -> Access:
    return access_make(who)


def history(row: Any) -> list[str]:
    found = row.events.order_by("sequence").values_list("action", flat=True)
    return [name.removeprefix("mobilisation.") for name in found]
