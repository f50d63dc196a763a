"""Models of "dân vận khéo" of the ward, as far on their way as a test needs them."""

import datetime as dt
import io
from typing import Any

from attachments.services import attachment_store
from common.time import local_moment
from mobilisation import services
from mobilisation.models import Exemplar
from mobilisation.services import Decision, Words
from tests.attachments.papers import photo
from tests.people import OTHER_WARD, WARD, access_make

DAY = dt.date(2026, 11, 16)
AT = local_moment(DAY, 9)
TITLE = "Tổ dân phố không rác"


def words(**changes: Any) -> Words:
    values: dict[str, Any] = {
        "title": TITLE,
        "field": "environment",
        "carried_out_by": "Chi hội Phụ nữ tổ dân phố số 5",
        "starts_on": dt.date(2026, 3, 1),
        "description": "Mỗi hộ phân loại rác tại nguồn.",
        "results": "95% hộ tham gia.",
    }
    return Words(**(values | changes))


def draft(who: str = "clerk", unit: str = WARD, **changes: Any) -> Exemplar:
    return services.exemplar_create(
        access=access_make(who), unit=unit, words=words(**changes), at=AT
    )


def do(service: Any, row: Exemplar, who: str = "clerk", **values: Any) -> Any:
    """A step of a model as it is now."""
    current = Exemplar.objects.get(pk=row.pk)
    key = {"access": access_make(who), "public_id": row.public_id, "version": current.version}
    done = service(**(key | {"at": AT} | values))
    row.refresh_from_db()
    return done


def registered(**changes: Any) -> Exemplar:
    row = draft(**changes)
    do(services.exemplar_register, row)
    return row


def decision(**changes: Any) -> Decision:
    values: dict[str, Any] = {
        "level": "unit",
        "number": "15-QĐ/ĐU",
        "decided_on": DAY,
        "decided_by": "Ban Thường vụ Đảng ủy phường",
    }
    return Decision(**(values | changes))


def recognised(**changes: Any) -> Exemplar:
    row = registered(**changes)
    do(services.exemplar_recognise, row, "secretary", decision=decision())
    return row


def published(**changes: Any) -> Exemplar:
    row = recognised(**changes)
    do(services.exemplar_publish, row, people_agreed=True)
    return row


def copied(row: Exemplar, who: str = "other_clerk", unit: str = OTHER_WARD) -> Exemplar:
    """A draft of the other ward."""
    return services.exemplar_copy(
        access=access_make(who),
        public_id=row.public_id,
        unit=unit,
        carried_out_by="Đoàn Thanh niên phường",
        starts_on=DAY,
        at=AT,
    )


def picture_upload() -> str:
    stored = attachment_store(stream=io.BytesIO(photo()), name="IMG_0001_Nguyen_Van_A.jpg")
    return str(stored.public_id)
